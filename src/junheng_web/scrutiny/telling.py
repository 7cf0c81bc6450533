"""Signs as the pages show them: a sentence, the numbers behind it, what may be in order, and where to look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from junheng.facts.schema import COUNTY as ITEM_TABLE
from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.fields import county_form, item_of
from junheng_web.collection.ledger.gathering import schools_of
from junheng_web.collection.ledger.subjects import OFFICE, NoSuchForm, Subject, subject
from junheng_web.collection.models import Ledger, Owner, Submission
from junheng_web.scrutiny.declared import LOOKS, declared
from junheng_web.scrutiny.evidence import COUNTY, Sign
from junheng_web.scrutiny.forms import STATES, Asked
from junheng_web.scrutiny.looking import looked
from junheng_web.scrutiny.selectors import Case, Told

WHOLE = "county"
"""How an address names the county as a whole, where a school's code would stand."""
# A number of more letters than this takes a line of its own.
WIDE = 24
TONES = {"first": "red", "next": "yellow", "also": "azure"}


def address(ledger: Ledger, name: str, *more: str) -> str:
    """Return the address of one of a ledger's pages."""
    return reverse(f"scrutiny:{name}", args=[ledger.county.code, ledger.period.code, ledger.basis, *more])


def names_of(ledger: Ledger) -> dict[str, str]:
    """Return the schools' names by code."""
    return {code: name for code, name, _ in schools_of(ledger)}


def listed(ledger: Ledger, every: Sequence[Case], shown: Sequence[Case], asked: Asked) -> dict[str, Any]:
    """Return what the page of a ledger shows: the cases in order, and what can be asked for."""
    open_signs = [one.sign.of.look for case in every for one in case.open]
    names = names_of(ledger)
    return {
        "ledger": ledger,
        "asked": asked,
        "rows": [case_told(ledger, one, names) for one in shown],
        "counts": [(word, TONES[look], open_signs.count(look)) for look, word in LOOKS.items()],
        "kinds": [(one.id, one.name) for one in declared()],
        "looks": LOOKS.items(),
        "states": STATES.items(),
        "alone": sorted((looked(ledger).alone or {}).items()),
        "bases": [(one.get_basis_display(), address(one, "ledger"), one.id == ledger.id) for one in _bases(ledger)],
        "any": any(one.signs for one in every),
    }


def _bases(ledger: Ledger) -> list[Ledger]:
    return list(ledger.period.ledgers.select_related("county", "period").order_by("-basis"))


def case_told(ledger: Ledger, one: Case, names: dict[str, str]) -> dict[str, Any]:
    """Return a school's case as a card shows it."""
    return {
        "name": names.get(one.school, "全县"),
        "code": one.school,
        "url": address(ledger, "school", one.school or WHOLE),
        "signs": [sign_told(each) for each in one.signs],
    }


def case_page(ledger: Ledger, one: Case) -> dict[str, Any]:
    """Return what the page of one school, or of the county, shows."""
    told = case_told(ledger, one, names_of(ledger))
    form = _form_of(ledger, one.school) if one.school != COUNTY else None
    signs = [{**sign_told(each), **_links(ledger, each.sign, form)} for each in one.signs]
    return {
        **told,
        "signs": signs,
        "ledger": ledger,
        "form_url": form_address(form, "form") if form else "",
        "whole": one.school == COUNTY,
    }


def sign_told(one: Told) -> dict[str, Any]:
    """Return one sign in words."""
    of = one.sign.of
    said = one.verified
    return {
        "id": of.id,
        "name": of.name,
        "word": of.word,
        "tone": TONES[of.look],
        "told": one.sign.told,
        "means": of.means,
        "honest": of.honest,
        "remedy": of.remedy,
        "numbers": [(label, value, len(value) > WIDE) for label, value in one.sign.numbers],
        "mark": one.sign.mark,
        "value": one.sign.value,
        "open": one.open,
        "verified": said
        and {"who": said.by_name, "post": said.by_post, "at": timezone.localtime(said.at), "note": said.note},
    }


def _links(ledger: Ledger, sign: Sign, form: Subject | None) -> dict[str, str]:
    """Return where the cell's history is, and its form, where the form asks for the cell."""
    key = sign.key
    one = form or (_owner_of(ledger, key[1]) if key and key[0] == ITEM_TABLE.name else None)
    if key is None or one is None or not one.has(key):
        return {"history": "", "form": form_address(one, "form") if one else ""}
    query = urlencode({"key": json.dumps(key)})
    return {"history": f"{form_address(one, 'history')}?{query}", "form": form_address(one, "form")}


def _form_of(ledger: Ledger, code: str) -> Subject | None:
    try:
        return subject(ledger, Submission.Kind.SCHOOL, code)
    except NoSuchForm:
        return None


def _owner_of(ledger: Ledger, item: str) -> Subject | None:
    """Return the form in which one of the county's items stands."""
    owner = Owner.objects.filter(period=ledger.period_id, item=item).select_related("unit").first()
    asked = item in map(item_of, county_form(ledger.period))
    return subject(ledger, Submission.Kind.UNIT, owner.unit.code if owner else OFFICE) if asked else None
