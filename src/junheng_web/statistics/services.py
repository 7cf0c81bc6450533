"""Writes of the room: a mapping's next version, whether it is in use, and which forms were seen."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import transaction

from junheng.facts.mapped.load import as_dict
from junheng.facts.mapped.model import Mapping as Form
from junheng.facts.mapped.recognising import Seen
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.statistics.models import Mapping, SeenForm

CODE_BYTES = 6


@transaction.atomic
def mapping_save(*, by: Scope, county: Area, form: Form, code: str = "", file: str = "") -> Mapping:
    """Keep what a mapping says: as the next version of `code`, or as a new one; the same again is no version.

    `file` is the name of the file in which it came, where it was not marked here.
    """
    last = _last(county, code)
    content = as_dict(form)
    if last and last.in_force and last.content == content:
        return last
    named = last.code if last else secrets.token_hex(CODE_BYTES)
    return _add(by, county, last, named, content, in_force=True, file=file)


@transaction.atomic
def mapping_use(*, by: Scope, mapping: Mapping, in_force: bool) -> Mapping:
    """Say whether a mapping is in use: out of use, its form counts as not mapped, and nothing is lost."""
    last = _last(mapping.county, mapping.code)
    if last is None or last.in_force == in_force:
        return mapping
    return _add(by, mapping.county, last, last.code, last.content, in_force=in_force)


def _last(county: Area, code: str) -> Mapping | None:
    """Return a mapping's last version, held until the transaction ends."""
    found = Mapping.objects.of(county).select_for_update().filter(code=code)
    return found.order_by("-version").first() if code else None


def _add(
    by: Scope, county: Area, last: Mapping | None, code: str, content: dict, *, in_force: bool, file: str = ""
) -> Mapping:
    version = last.version + 1 if last else 1
    known = {"form": content["form"], "name": content["name"], "content": content, "in_force": in_force}
    made = Mapping.objects.create(county=county, code=code, version=version, **known, **audit.signed(by))
    told = {"version": version, "form": made.form, "in_force": in_force, **({"file": file[:200]} if file else {})}
    audit.record("mapping.save", by=by, county=county, of=("mapping", code), **told)
    return made


@transaction.atomic
def forms_see(*, by: Scope, county: Area, file: str, seen: Iterable[tuple[str, Seen]]) -> None:
    """Write down the forms (sheet, what it calls itself) of a workbook that no mapping knows."""
    forms = []
    for sheet, told in seen:
        known = {"title": told.title[:120], "sheet": sheet[:60], "file_name": file[:200]}
        forms.append(SeenForm.objects.update_or_create(county=county, form=told.form[:60], defaults=known)[0].form)
    if forms:
        audit.record("forms.see", by=by, county=county, of=("file", file[:80]), forms=forms)


@transaction.atomic
def form_dismiss(*, by: Scope, seen: SeenForm, wanted: bool) -> None:
    """Say whether a form that no mapping knows is needed."""
    seen.wanted = wanted
    seen.save(update_fields=["wanted"])
    audit.record("form.dismiss", by=by, county=seen.county, of=("form", seen.form), wanted=wanted)
