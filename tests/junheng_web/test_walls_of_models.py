"""What a county owns stays in the county, and numbers at rest are integers."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from junheng_web.organisation.areas import CountyOwned, OwnedQuerySet
from junheng_web.organisation.models import Area, Event, Handled, Person, Post, Unit
from places import COUNTY, FOREIGN

# Every model that is of no one county, with its reason.
WITHOUT_COUNTY = {
    "organisation.Area": "is what counties are",
    "organisation.Account": "signs in; its rights come with appointments, each in its area",
    "organisation.Post": "may stand in an area above a county; its area takes the county's place",
    "organisation.Appointment": "belongs to its post",
    "organisation.Handled": "belongs to its event",
    "organisation.AuditRow": "names the county by its code, since it outlives what it tells of",
    "organisation.Seal": "belongs to its audit row",
    "organisation.Publication": "was published: whoever is signed in may read it; its area says who published it",
    "assessment.RuleBook": "is the same for every county",
}


def ours() -> list[type[models.Model]]:
    """Return every model of our rooms."""
    return [one for one in apps.get_models() if one.__module__.startswith("junheng_web.")]


def owned() -> list[type[models.Model]]:
    """Return the models of which every row belongs to a county."""
    return [one for one in ours() if any(field.name == "county" for field in one._meta.fields)]


def test_every_model_belongs_to_a_county_or_says_why_not() -> None:
    """Nobody adds a model without having thought whose it is."""
    without = {one._meta.label for one in ours()} - {one._meta.label for one in owned()}
    assert without == set(WITHOUT_COUNTY)


@pytest.mark.parametrize("model", owned(), ids=lambda model: model._meta.label)
def test_a_model_of_a_county_is_read_through_a_scope(model: type[models.Model]) -> None:
    """Its manager offers `visible_to`; its county is never empty and never goes away below it."""
    assert issubclass(model, CountyOwned)
    assert isinstance(model._default_manager.all(), OwnedQuerySet)
    county = model._meta.get_field("county")
    assert not county.null
    assert county.remote_field.on_delete is models.PROTECT


def keys_within() -> list[tuple[type[models.Model], str]]:
    """Return every foreign key from a county's row, or a post, to a county's row."""
    return [
        (model, field.name)
        for model in [*owned(), Post]
        for field in model._meta.fields
        if field.is_relation and issubclass(field.related_model, CountyOwned)
    ]


@pytest.mark.parametrize(("model", "key"), keys_within(), ids=lambda one: one if isinstance(one, str) else one.__name__)
def test_no_foreign_key_leads_into_another_county(model: type[models.Model], key: str) -> None:
    """Such a row is not saved."""
    home, foreign = Area(id=1, code=COUNTY), Area(id=2, code=FOREIGN)
    related = model._meta.get_field(key).related_model(id=7, county=foreign)
    own = {"area": home} if model is Post else {"county": home}
    with pytest.raises(ValueError, match=f"{model.__name__}.{key} leads from county 1 to 2"):
        model(**own, **{key: related}).save()


def test_the_demonstration_keeps_to_its_counties(db) -> None:
    """Of all that is stored, no row leads into another county."""
    for model, key in keys_within():
        own = "area" if model is Post else "county"
        assert not model._default_manager.exclude(**{key: None}).exclude(**{f"{key}__county": models.F(own)}).exists()


def test_rows_are_visible_in_the_reached_counties_only(db) -> None:
    """`visible_to` is a filter on the county, whatever the model."""
    from junheng_web.organisation.models import Account
    from junheng_web.organisation.scopes import scope_of
    from moments import TODAY

    foreign = Area.objects.get(code=FOREIGN)
    Unit.objects.create(county=foreign, code="far", name="外县单位")
    Person.objects.create(county=foreign, name="外县人")
    scope = scope_of(Account.objects.get(username="office"), TODAY)
    for model in owned():
        assert not model._default_manager.visible_to(scope).filter(county=foreign).exists()
        assert not model._default_manager.visible_to(scope).exclude(county__code=COUNTY).exists()
    assert Unit.objects.visible_to(scope).exists()


def test_numbers_at_rest_are_integers() -> None:
    """SQLite stores decimals as binary floats: no model has a field for either."""
    wrong = (models.DecimalField, models.FloatField)
    assert [str(field) for one in ours() for field in one._meta.get_fields() if isinstance(field, wrong)] == []


def test_names_fit_databases_that_cut_them() -> None:
    """Constraints and indexes have names of at most 30 characters."""
    named = [one.name for model in ours() for one in [*model._meta.constraints, *model._meta.indexes]]
    assert [name for name in named if len(name) > 30] == []


def test_an_event_takes_its_handling_along() -> None:
    """Nothing else of the journal hangs on another row."""
    assert Handled._meta.get_field("event").related_model is Event
