"""Rights come with appointments, and with nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from junheng_web.organisation.models import Account, Appointment, Area, Person, Post
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope, scope_of
from moments import TODAY, TOMORROW, YESTERDAY
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Area:
    return Area.objects.get(code=COUNTY)


@pytest.fixture
def newcomer(county: Area) -> Account:
    """Somebody with an account and no post."""
    person = Person.objects.create(county=county, name="新来的")
    return Account.objects.create_user("newcomer", "x", person=person)


def appoint(account: Account, code: str, start: dt.date = YESTERDAY, end: dt.date | None = None) -> None:
    """Appoint the account's person to a post of the demonstration."""
    Appointment.objects.create(post=Post.objects.get(code=code), person=account.person, start=start, end=end)


def rights(account: Account, county: Area, day: dt.date = TODAY) -> set[Role]:
    """Return the roles that count in the county on a day."""
    return scope_of(account, day).roles_in(county)


def test_an_account_alone_gives_no_right(newcomer: Account, county: Area, client) -> None:
    """It reaches no county, and the first page says that it holds no post."""
    scope = scope_of(newcomer, TODAY)
    assert (scope.acting, scope.county, list(scope.counties())) == (None, None, [])
    client.force_login(newcomer, backend="junheng_web.organisation.backends.AccountBackend")
    assert client.get("/").status_code == 200
    assert client.get(f"/c/{COUNTY}/").status_code == 404


def test_rights_are_the_union_of_the_posts_held_today(newcomer: Account, county: Area) -> None:
    """Two posts, two roles; what either may do, one may do."""
    appoint(newcomer, "auditor")
    appoint(newcomer, "clerk-03")
    assert rights(newcomer, county) == {Role.AUDITOR, Role.SCHOOL_CLERK}
    scope = scope_of(newcomer, TODAY)
    assert allowed("organisation.audit", scope, county)
    assert allowed("evidence.add", scope, county)
    assert not allowed("organisation.accounts", scope, county)


def test_an_appointment_counts_from_its_first_day_to_the_end_of_its_last(newcomer: Account, county: Area) -> None:
    """Not a day before, not a day after."""
    appoint(newcomer, "office", start=TODAY, end=TOMORROW)
    held = [rights(newcomer, county, TODAY + dt.timedelta(days=days)) for days in (-1, 0, 1, 2)]
    assert held == [set(), {Role.OFFICE}, {Role.OFFICE}, set()]


def test_a_successor_takes_over_by_the_appointment_alone(newcomer: Account, county: Area) -> None:
    """The old holder's rights end and the new one's begin; the post, and what hangs on it, stays."""
    post = Post.objects.get(code="office")
    before = Account.objects.get(username="office")
    assert rights(before, county) == {Role.OFFICE}
    post.appointments.update(end=YESTERDAY)
    appoint(newcomer, "office", start=TODAY)
    assert rights(before, county) == set()
    assert rights(newcomer, county) == {Role.OFFICE}
    assert [one.person for one in post.appointments.on(TODAY)] == [newcomer.person]
    assert [one.person for one in post.appointments.on(YESTERDAY)] == [before.person]


def test_a_session_loses_its_rights_with_the_appointment(as_) -> None:
    """At the next click, without signing out."""
    browser = as_("office")
    assert browser.get(f"/c/{COUNTY}/").status_code == 200
    Appointment.objects.filter(post__code="office").update(end=timezone.localdate() - dt.timedelta(days=1))
    assert browser.get(f"/c/{COUNTY}/").status_code == 404


def test_one_acts_for_the_post_that_one_chose(newcomer: Account, client) -> None:
    """The choice lasts for the session; a post that one does not hold cannot be chosen."""
    appoint(newcomer, "auditor")
    appoint(newcomer, "clerk-03")
    client.force_login(newcomer, backend="junheng_web.organisation.backends.AccountBackend")
    assert acting(client) == "auditor"
    client.post("/act-for", {"post": f"{COUNTY}/clerk-03"})
    assert acting(client) == "clerk-03"
    client.post("/act-for", {"post": f"{COUNTY}/administrator"})
    assert acting(client) == "clerk-03"


def acting(client) -> str:
    """Return the code of the post that the page's frame shows."""
    scope: Scope = client.get(f"/c/{COUNTY}/").context["scope"]
    return scope.acting.code


def test_what_one_does_is_written_down_with_the_post_one_acts_for(newcomer: Account, county: Area) -> None:
    """History keeps who did what, in which post."""
    from junheng_web.organisation import audit
    from junheng_web.organisation.models import AuditRow

    appoint(newcomer, "auditor")
    appoint(newcomer, "clerk-03")
    audit.record("test.deed", by=scope_of(newcomer, TODAY, f"{COUNTY}/clerk-03"), county=county)
    row = AuditRow.objects.latest("id")
    assert (row.person, row.post) == ("新来的", Post.objects.get(code="clerk-03").name)


def test_a_post_of_an_area_above_counts_below_it_and_not_beside(county: Area) -> None:
    """The league's viewer sees its county; a county's post says nothing in the league's other counties."""
    foreign = Area.objects.get(code=FOREIGN)
    above = scope_of(Account.objects.get(username="area-viewer"), TODAY)
    assert above.roles_in(county) == {Role.AREA_VIEWER}
    assert above.roles_in(foreign) == set()
    beside = Area.objects.create(code="159901", name="邻旗（虚构）", kind=Area.Kind.COUNTY, parent=county.parent)
    assert above.roles_in(beside) == {Role.AREA_VIEWER}
    assert scope_of(Account.objects.get(username="office"), TODAY).roles_in(beside) == set()
