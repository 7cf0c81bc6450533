"""Nobody sees what is not theirs: every URL states who may see it, and is tried with every role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from junheng_web.assessment.models import Run
from junheng_web.organisation.models import Account, Appointment, Area, Person, Post
from junheng_web.organisation.permissions import PERMISSIONS, PUBLIC, SIGNED_IN
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import scope_of
from places import COUNTY, FOREIGN

ACCOUNTS = {
    Role.LEADER: "leader",
    Role.OFFICE: "office",
    Role.UNIT_STAFF: "fin-staff",
    Role.DESK: "edu-hr-desk",
    Role.TOWN_STAFF: "town-shawan",
    Role.SCHOOL_HEAD: "head-03",
    Role.SCHOOL_CLERK: "clerk-03",
    Role.ASSESSOR: "assessor",
    Role.AUDITOR: "auditor",
    Role.AREA_VIEWER: "area-viewer",
    Role.ADMINISTRATOR: "administrator",
}
# A value for each word that stands in a URL; those that name nothing show that the wall comes before the search.
WORDS = {"county_code": COUNTY, "stage": "primary", "indicator": "B1", "number": 999_999_999}
OWN_WALL = "token"
# Models that belong to no county, and why.
OF_NO_COUNTY = {
    "Area": "is what counties are",
    "Account": "may act in several counties, by appointment",
    "Post": "may be of an area above",
    "Appointment": "follows its post",
    "Handled": "follows its event",
    "AuditRow": "outlives what it tells of; names the county by code",
    "Seal": "follows its audit row",
    "RuleBook": "is the same for every county",
}


def patterns(given: list[object], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every URL of the platform with its whole route."""
    for one in given:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one
        else:
            yield from patterns(one.url_patterns, route)


EVERY = dict(patterns(get_resolver().url_patterns))
OF_COUNTIES = {route: one for route, one in EVERY.items() if "<str:county_code>" in route}


def address(route: str, county: str) -> str:
    """Return a URL with a value for each of its words."""
    parts = [part.split(">", 1) for part in route.split("<")]
    words = WORDS | {"county_code": county}
    return (
        "/"
        + parts[0][0]
        + "".join(str(words.get(named[0].split(":")[-1], "nothing")) + named[1] for named in parts[1:])
    )


def test_every_url_states_who_may_see_it() -> None:
    """A view that nobody guards fails here, by its route."""
    stated = {route: getattr(one.callback, "permission", None) for route, one in EVERY.items()}
    assert {route for route, permission in stated.items() if permission is None} == set()
    assert set(stated.values()) <= {*PERMISSIONS, PUBLIC, SIGNED_IN, OWN_WALL}
    assert all(stated[route] in PERMISSIONS for route in OF_COUNTIES)


def test_the_accounts_tried_are_of_every_role(as_) -> None:
    """A new role is tried as well."""
    held = {post.role for name in ACCOUNTS.values() for post in Post.objects.filter(code=name)}
    assert set(ACCOUNTS) == set(Role) == held


@pytest.mark.parametrize("route", OF_COUNTIES)
def test_a_stranger_is_asked_to_sign_in(db, client, route: str) -> None:
    """And comes back to where he wanted to go."""
    wanted = address(route, COUNTY)
    answer = client.get(wanted)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize("route", OF_COUNTIES)
def test_every_role_gets_what_the_table_says(as_, route: str) -> None:
    """403 without the permission; with it anything else than 403, whatever the URL names."""
    may = PERMISSIONS[OF_COUNTIES[route].callback.permission]
    for role, name in ACCOUNTS.items():
        status = as_(name).get(address(route, COUNTY)).status_code
        assert (status == 403) == (role not in may), (role, status)
        assert status < 500, (role, status)


@pytest.mark.parametrize("route", OF_COUNTIES)
def test_another_county_does_not_exist(as_, route: str) -> None:
    """It is 404 for every role, as a county that there is not, so that nobody learns which there are."""
    for name in ACCOUNTS.values():
        assert as_(name).get(address(route, FOREIGN)).status_code == 404, name
        assert as_(name).post(address(route, FOREIGN)).status_code == 404, name


def test_every_model_of_a_county_is_read_through_scopes() -> None:
    """It has `visible_to`; any other model is known, with the reason why it has no county."""
    own = [one for one in apps.get_models() if one.__module__.startswith("junheng_web")]
    without = {one.__name__ for one in own if "county" not in {field.name for field in one._meta.get_fields()}}
    assert without == set(OF_NO_COUNTY)
    for one in own:
        if one.__name__ not in without:
            assert hasattr(one.objects.all(), "visible_to"), one
            assert not one._meta.get_field("county").null, one


def test_no_number_at_rest_is_a_float_or_a_decimal() -> None:
    """SQLite keeps decimals as binary floats."""
    for model in apps.get_models():
        if model.__module__.startswith("junheng_web"):
            wrong = (models.FloatField, models.DecimalField)
            assert [field.name for field in model._meta.get_fields() if isinstance(field, wrong)] == []


def test_rows_of_another_county_are_not_visible(as_) -> None:
    """A run is seen by its own county's scopes only."""
    own = scope_of(Account.objects.get(username="office"), timezone.localdate())
    foreign = Area.objects.get(code=FOREIGN)
    run = Run.objects.get(county__code=COUNTY)
    copied = {field.attname: getattr(run, field.attname) for field in Run._meta.concrete_fields if field.name != "id"}
    Run.objects.create(**{**copied, "county_id": foreign.id})
    assert list(Run.objects.visible_to(own)) == [run]


def test_rights_are_those_of_the_posts_held_today(db) -> None:
    """An appointment that has ended gives none, one that begins tomorrow gives none yet; several add up."""
    county, today = Area.objects.get(code=COUNTY), timezone.localdate()
    person = Person.objects.create(county=county, name="交接（虚构）")
    account = Account.objects.create_user("handover", "x", person=person)
    day = dt.timedelta(days=1)
    terms = {"leader": (today - day, today - day), "office": (today + day, None), "assessor": (today - day, today)}
    for code, (start, end) in terms.items():
        Appointment.objects.create(post=Post.objects.get(code=code), person=person, start=start, end=end)
    assert scope_of(account, today).roles_in(county) == {Role.ASSESSOR}
    assert scope_of(account, today + day).roles_in(county) == {Role.OFFICE}
    Appointment.objects.create(post=Post.objects.get(code="auditor"), person=person, start=today)
    assert scope_of(account, today).roles_in(county) == {Role.ASSESSOR, Role.AUDITOR}


def test_an_area_above_reaches_the_counties_below_it(as_) -> None:
    """The league's viewer sees its county, and no other."""
    assert as_("area-viewer").get(f"/c/{COUNTY}/").status_code == 200
    assert as_("area-viewer").get(f"/c/{FOREIGN}/").status_code == 404


def test_one_acts_for_a_post_that_one_holds(as_) -> None:
    """Another's is not taken, whatever the form says."""
    client = as_("office")
    client.post("/act-for", {"post": f"{COUNTY}/leader"})
    assert client.get(f"/c/{COUNTY}/").context["scope"].acting.code == "office"


def test_the_demonstration_s_accounts_sign_in_nowhere_else(client, db, settings) -> None:
    """Their passwords are printed; where no demonstration is given they are refused, signed in or not."""
    form = {"username": "office", "password": "demo"}
    assert client.post("/sign-in", form).status_code == 302
    settings.DEMONSTRATION = False
    assert client.get(f"/c/{COUNTY}/").status_code == 302
    assert client.post("/sign-in", form).status_code == 200
