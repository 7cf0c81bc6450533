"""Areas: province > league or city > county; and what every county-owned row has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from junheng_web.organisation.scopes import Scope


class Area(models.Model):
    """A province, a league or city, or a county. Its code is that of the division (GB/T 2260), never a database key."""

    class Kind(models.TextChoices):
        PROVINCE = "province", "省"
        LEAGUE = "league", "盟市"
        COUNTY = "county", "县（旗）"

    code = models.CharField("行政区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("级别", max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")
    invented = models.BooleanField("虚构", default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class OwnedQuerySet(models.QuerySet):
    """Rows of counties: read through `visible_to`, or, inside a service, `of` one county."""

    def visible_to(self, scope: Scope) -> Self:
        """Return the rows of the counties that the scope reaches."""
        return self.filter(county__in=scope.counties())

    def of(self, county: Area) -> Self:
        """Return the rows of one county that has already been resolved through a scope."""
        return self.filter(county=county)


class CountyOwned(models.Model):
    """A row that belongs to one county. No foreign key leads from it into another county."""

    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="县")
    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row. Raises ValueError where it would lead into another county."""
        stay_home(self, self.county_id)
        super().save(*args, **options)


def stay_home(row: models.Model, county: int) -> None:
    """Raise ValueError where a foreign key of the row leads to a row of another county."""
    for field in row._meta.concrete_fields:
        known = _leads_to_a_county(field) and getattr(row, field.attname) is not None
        related = getattr(row, field.name) if known else None
        if related is not None and related.county_id != county:
            raise ValueError(f"{type(row).__name__}.{field.name} leads from county {county} to {related.county_id}")


def _leads_to_a_county(field: models.Field[Any, Any]) -> bool:
    return field.is_relation and issubclass(field.related_model, CountyOwned)
