"""What tests of who reads a file share: the accounts that are asked, and the ways in which each of them tries."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from collected import acting
from handed_in import named
from junheng_web.evidence.clearing import file_clear
from junheng_web.evidence.models import File
from junheng_web.evidence.readers import Kind
from junheng_web.evidence.selectors import files_of
from junheng_web.organisation.models import Account, Appointment, Area, Person, Post, School, Unit
from places import COUNTY, FOREIGN

HERE = f"/c/{COUNTY}/files/"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OTHER = "1506990012"
# The county's accounts by what they see of forms; the administrator sees no file at all.
OVERSEERS = {"leader", "office", "edu-hr-desk", "auditor"}
OWN = {"clerk-03", "head-03"}
STRANGERS = {"clerk-other", "edu-staff", "fin-staff", "town-shawan"}
OUTSIDE = {"assessor", "area-viewer"}
VISITORS = {"inspector-1", "inspector-2"}
EVERYBODY = OVERSEERS | OWN | STRANGERS | OUTSIDE | VISITORS
# The rooms of the campaign, whose kinds of links have a file of tests of their own.
CAMPAIGN = {"dossier", "duties", "funding", "rectification", "reports", "supervision"}


def others() -> None:
    """Beside the demonstration's accounts: another school's clerk, the education bureau's, and a foreign office."""
    county = Area.objects.get(code=COUNTY)
    appointed("clerk-other", county, role="school_clerk", school=School.objects.get(code=OTHER))
    appointed("edu-staff", county, role="unit_staff", unit=Unit.objects.get(county=county, code="edu"))
    appointed("foreign", Area.objects.get(code=FOREIGN), role="office")


def appointed(username: str, county: Area, **post: object) -> None:
    """Make an account with a post."""
    person = Person.objects.create(county=county, name=f"示例{username}")
    made = Post.objects.create(area=county, code=username, name=f"示例{username}", **post)
    Appointment.objects.create(post=made, person=person, start="2025-03-01")
    Account.objects.create_user(username, "x", person=person)


def pdf(name: str = "佐证.pdf", more: str = ""):
    """Return a file; with other words it is another."""
    return named(name, PDF + f"%{name}{more}".encode())


def room_of(kind: Kind) -> str:
    """Return the room that says who reads files of a kind."""
    return kind.rule.__module__.split(".")[1]


def only_for(
    as_: Callable[[str], Client],
    file: File,
    of: tuple[str, str],
    readers: set[str],
    everybody: frozenset[str] = frozenset(EVERYBODY),
) -> None:
    """Assert that a file is read by these of everybody, each in every way, and by nobody else in any.

    The office has cleared it: what outside does not see since no machine could read it is another matter.
    """
    file_clear(by=acting("office"), file=file, shown=True)
    page, found = f"{HERE}{file.digest}/", {}
    for username in everybody:
        browser = as_(username)
        statuses = [browser.get(page).status_code, browser.get(page.rstrip("/")).status_code]
        lists = [files_of(acting(username), file.county, *asked) for asked in ((), (file.name,), ("", of))]
        found[username] = {*(status == 200 for status in statuses), *(file in one for one in lists)}
        assert {*statuses} <= {200, 404}
    assert {username for username, read in found.items() if read == {True}} == readers
    assert {username for username, read in found.items() if read == {False}} == everybody - readers
    assert as_("administrator").get(page).status_code == 403
    assert as_("foreign").get(page).status_code == 404
    assert as_("foreign").get(page.replace(COUNTY, FOREIGN)).status_code == 404
