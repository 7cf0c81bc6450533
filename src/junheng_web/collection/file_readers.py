"""Who may read the files of forms: whoever sees the form, and of what was handed in, whoever reads that (P6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from junheng_web.collection.exchange import importing
from junheng_web.collection.handing import confirming, proofs
from junheng_web.collection.handing.agreeing import CONFIRM, ROLES
from junheng_web.collection.ledger.subjects import SEE_ALL, own_forms, unit_codes
from junheng_web.collection.sealed import sealing
from junheng_web.collection.shown import differences
from junheng_web.collection.shown.handed import Form, form_of_cell, proofs_handed_in, seals_handed_in, units_of_items
from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope

Links = QuerySet[Link]
# Where in the code of a letter the unit stands that confirmed by it.
UNIT = 4
FormOf = Callable[[str], Form]


@read_by(sealing.KIND, "盖章的表")
def sealed(scope: Scope, county: Area, links: Links) -> Links:
    """A sealed scan is its form's; of a version that was handed in, it is evidence."""
    return _of(scope, county, links, _form_named, seals_handed_in)


@read_by(proofs.KIND, "填报的数")
def entries(scope: Scope, county: Area, links: Links) -> Links:
    """A number's proof is its form's; of a value that was handed in, it is evidence."""
    units = units_of_items(county)
    return _of(scope, county, links, lambda code: form_of_cell(units, *code.split(":")[2:4]), proofs_handed_in)


@read_by(differences.KIND, "口径差异")
def explained(scope: Scope, county: Area, links: Links) -> Links:
    """What proves a difference between the bases is its form's."""
    units = units_of_items(county)
    return _of(scope, county, links, lambda code: form_of_cell(units, *code.split(":")[1:3]))


@read_by(confirming.KIND, "会签的表")
def confirmed(scope: Scope, county: Area, links: Links) -> Links:
    """A letter of confirmation is its form's, and the unit's that confirmed by it."""
    posts = [post for post in scope.posts_in(county) if post.role in ROLES[CONFIRM]]
    units = {code for post in posts for code in unit_codes(post)}
    codes = links.values_list("id", "object_code")
    jointly = [id for id, code in codes if units.intersection(code.split(":")[UNIT:])]
    return links.filter(pk__in=_of(scope, county, links, _form_named).values("pk")) | links.filter(id__in=jointly)


@read_by(importing.KIND, "导入的工作簿")
def imported(scope: Scope, county: Area, links: Links) -> Links:
    """A workbook may hold every school's numbers: it is for whoever sees every form, and for who handed it in."""
    return links if SEE_ALL & scope.roles_in(county) else links.none()


def _of(
    scope: Scope,
    county: Area,
    links: Links,
    form_of: FormOf,
    handed_in: Callable[[Area, Iterable[str]], set[str]] | None = None,
) -> Links:
    """Return the links to forms that one sees, and to what was handed in where one reads that."""
    if SEE_ALL & scope.roles_in(county):
        return links
    own = own_forms(scope, county) if allowed("collection.view", scope, county) else set()
    codes = dict(links.values_list("id", "object_code"))
    reads = handed_in and allowed("collection.read_submitted", scope, county)
    handed = handed_in(county, codes.values()) if handed_in and reads else set()
    return links.filter(id__in=[id for id, code in codes.items() if code in handed or form_of(code) in own])


def _form_named(code: str) -> Form:
    """Return the form that a link's code names: period, basis, kind, code."""
    _, _, kind, subject, *_ = code.split(":")
    return kind, subject
