"""The write of certificates: a school's land, title, safety and fire papers, row upon row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from junheng_web.funding.certificates import Has, Kind, kinds
from junheng_web.funding.models import Certificate
from junheng_web.funding.selectors import may_certify
from junheng_web.funding.services import Moved
from junheng_web.organisation import audit
from junheng_web.organisation.models import School
from junheng_web.organisation.scopes import Scope

FIELDS = ("has", "result", "number", "day", "until", "note")
UNSAID: Mapping[str, Any] = {"result": "", "number": "", "day": None, "until": None, "note": ""}
ANY = -1


@transaction.atomic
def certificate_set(
    *, by: Scope | None, school: School, kind: str, today: dt.date, seen: int = ANY, **said: Any
) -> Certificate:
    """Say how a certificate of a school stands; where nothing is new, no row is written.

    `said` holds `has` and, as far as they are known, result, number, day, until and note; `seen` is the id of the row
    that was shown (0 for none). Raises KeyError for no such kind, PermissionDenied, Moved where somebody else has
    said something since, and ValidationError where it cannot be as it is said.
    """
    one = kinds()[kind]
    if by is not None and not may_certify(by, school):
        raise PermissionDenied
    School.objects.select_for_update(of=("self",)).get(id=school.id)
    last = last_of(school, kind)
    if seen not in (ANY, last.id if last else 0):
        raise Moved("在您看的时候，有人改了这一项；请看看现在的，再改")
    row = checked(one, {**UNSAID, **said}, today)
    if last is not None and all(getattr(last, name) == row[name] for name in FIELDS):
        return last
    made = Certificate.objects.create(county=school.county, school=school, kind=kind, **row, **audit.signed(by))
    told = {name: str(row[name] or "") for name in FIELDS}
    audit.record("funding.certificate", by=by, county=school.county, of=("certificate", code_of(school, kind)), **told)
    return made


def last_of(school: School, kind: str) -> Certificate | None:
    """Return the row that counts; None where nobody has said anything."""
    return Certificate.objects.filter(school=school, kind=kind).order_by("id").last()


def code_of(school: School, kind: str) -> str:
    """Return what a certificate is called among other objects."""
    return f"{school.code}:{kind}"


def checked(kind: Kind, row: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """Return what was said, without what does not belong to it. Raises ValidationError with all that is wrong."""
    row = {name: row[name].strip() if isinstance(row[name], str) else row[name] for name in FIELDS}
    if row["has"] != Has.HAVE:
        row |= {name: UNSAID[name] for name in ("result", "day", "until")}
    if wrong := _wrong(kind, row, today):
        raise ValidationError(wrong)
    return row


def _wrong(kind: Kind, row: Mapping[str, Any], today: dt.date) -> list[str]:
    having, day, until = row["has"] == Has.HAVE, row["day"], row["until"]
    rules = (
        (row["has"] not in Has, "现状请在列出的里面选"),
        (having and not row["number"], f"有{kind.label}的，请填证号或文号；一时查不到的，现状选“正在办”并写说明"),
        (having and bool(kind.results) and row["result"] not in kind.results, _results(kind)),
        (bool(row["result"]) and not kind.results, f"{kind.label}没有鉴定结果这一项，请留空"),
        (row["has"] == Has.SPARED and not row["note"], "不需要的，请在说明里写为什么，例如校舍是租用的"),
        (bool(day and day > today), "发证或鉴定日期还没有到；请填文件上的日期"),
        (bool(day and until and until < day), "有效期早于发证或鉴定日期；请核对文件上的日期"),
    )
    return [words for wrong, words in rules if wrong]


def _results(kind: Kind) -> str:
    return f"请选鉴定结果：{'、'.join(kind.results)}"
