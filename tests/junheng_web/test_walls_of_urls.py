"""Every URL states who may see it, and every role meets exactly what the table of permissions says."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from junheng_web.organisation.permissions import PERMISSIONS, PUBLIC, SIGNED_IN
from junheng_web.organisation.roles import Role
from leagued import viewer
from places import COUNTY, FOREIGN, LEAGUE
from walked import Url, urls

URLS = list(urls(get_resolver()))
# A program shows a token instead of signing in; its tests stand with the API.
ABOVE = [url for url in URLS if url.of_an_area]
PAGES = [url for url in URLS if url.of_a_county and not url.route.startswith("api/")]


def account_of(role: Role) -> str:
    """Return the demonstration's account whose only post has the role."""
    from junheng_web.organisation.models import Account

    posts = Account.objects.filter(person__appointments__post__role=role).order_by("username")
    return posts.values_list("username", flat=True)[0]


def test_every_url_states_a_permission() -> None:
    """A view that forgot to say who may see it is not shown to anybody: the build fails."""
    known = {PUBLIC, SIGNED_IN, *PERMISSIONS}
    assert [f"/{url.route}: {url.permission}" for url in URLS if url.permission not in known] == []
    assert len(URLS) > 20


def test_every_permission_is_given_to_somebody() -> None:
    """A right that nobody has is a page that nobody can open."""
    assert [name for name, roles in PERMISSIONS.items() if not roles] == []


def test_every_url_of_a_county_asks_for_a_right_in_that_county() -> None:
    """To be signed in is not enough to look into a county, nor into an area above."""
    assert [url.route for url in [*PAGES, *ABOVE] if url.permission not in PERMISSIONS] == []
    assert ABOVE


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("url", ABOVE, ids=lambda url: url.route)
def test_a_role_above_counties_meets_what_the_table_says(as_, role: Role, url: Url) -> None:
    """In a post of the league: 403 or a page of its own league; another league, or a county's code, is not there."""
    from junheng_web.organisation.models import Area

    home = Area.objects.get(code=LEAGUE)
    Area.objects.create(code="159800", name="邻盟（虚构）", kind=Area.Kind.LEAGUE)
    viewer(home, "above", role)
    browser = as_("above")
    assert browser.get(url.at(LEAGUE)).status_code == (200 if role in PERMISSIONS[url.permission] else 403)
    assert [browser.get(url.at(code)).status_code for code in ("159800", COUNTY, FOREIGN, "999999")] == [404] * 4


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AREA_VIEWER])
def test_no_role_of_a_county_reaches_the_area_above(as_, role: Role) -> None:
    """It is not there: of its neighbours a county learns nothing."""
    browser = as_(account_of(role))
    assert [url.at(LEAGUE) for url in ABOVE if browser.get(url.at(LEAGUE)).status_code != 404] == []


@pytest.mark.parametrize("url", ABOVE, ids=lambda url: url.route)
def test_a_stranger_is_asked_to_sign_in_above_counties_too(client, db, url: Url) -> None:
    """Whether the area is there or not."""
    for area in (LEAGUE, "999999"):
        assert client.get(url.at(area))["Location"].startswith("/sign-in?next=/a/")


@pytest.mark.parametrize("url", PAGES, ids=lambda url: url.route)
def test_a_stranger_is_asked_to_sign_in(client, db, url: Url) -> None:
    """Whatever the address, in a county that exists and in one that does not."""
    for county in (COUNTY, FOREIGN, "999999"):
        answer = client.get(url.at(county))
        assert answer.status_code == 302, url.at(county)
        assert answer["Location"].startswith("/sign-in?next=/c/"), url.at(county)


@pytest.mark.parametrize("role", Role)
def test_a_role_meets_what_the_table_says(as_, role: Role) -> None:
    """403 where the table gives it nothing, a page, a redirection or 'not there' where it does; never an error."""
    browser = as_(account_of(role))
    wrong = []
    for url in PAGES:
        status = browser.get(url.at(COUNTY)).status_code
        refused = role not in PERMISSIONS[url.permission]
        if (status == 403) != refused or status >= 500:
            wrong.append(f"{url.at(COUNTY)} ({url.permission}): {status}")
    assert wrong == []


@pytest.mark.parametrize("role", Role)
def test_no_role_reaches_a_foreign_county(as_, role: Role) -> None:
    """It is not there, whatever one may do at home."""
    browser = as_(account_of(role))
    found = [url.at(FOREIGN) for url in PAGES if browser.get(url.at(FOREIGN)).status_code != 404]
    assert found == []


def test_what_belongs_to_nobody_is_open_and_the_rest_is_not(client, db) -> None:
    """A public page answers a stranger; a page for whoever is signed in sends him to sign in."""
    for url in URLS:
        if url.of_a_county or url.of_an_area or url.route.startswith("api/"):
            continue
        location = client.get(url.at(COUNTY)).headers.get("Location", "")
        assert location.startswith("/sign-in") == (url.permission == SIGNED_IN), url.route


def test_there_is_no_back_door() -> None:
    """No admin, no debug page, no metrics."""
    routes = " ".join(url.route for url in URLS)
    assert not [word for word in ("admin", "debug", "metrics") if word in routes]
