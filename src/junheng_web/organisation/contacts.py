"""Whom one speaks to: a unit's 联络员, a school's 包联领导. It hangs on a post: a successor is it by himself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from junheng_web.organisation.areas import CountyOwned
from junheng_web.organisation.groups import at_home
from junheng_web.organisation.people import Post, Unit
from junheng_web.organisation.schools import School


class Contact(CountyOwned):
    """The post that answers for a unit or a school in one capacity (P16)."""

    class Kind(models.TextChoices):
        LIAISON = "liaison", "联络员"
        PATRON = "patron", "包联领导"

    kind = models.CharField("身份", max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="contacts")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="contacts")
    post = models.ForeignKey(Post, models.PROTECT, related_name="contact_for")

    class Meta:
        ordering = ("kind", "id")
        constraints = (
            models.UniqueConstraint(fields=("kind", "unit"), name="contact_of_unit"),
            models.UniqueConstraint(fields=("kind", "school"), name="contact_of_school"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, school__isnull=True) | Q(unit__isnull=True, school__isnull=False),
                name="contact_of_one",
            ),
        )

    def save(self, *args: Any, **options: Any) -> None:
        """Save the contact. Raises ValueError where it would lead into another county."""
        at_home(self)
        super().save(*args, **options)
