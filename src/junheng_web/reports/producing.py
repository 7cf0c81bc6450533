"""The files of a report: its paper, and what goes with it: tables that other rooms make are taken as they make them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from junheng_web.common.tables import workbook
from junheng_web.duties import exchanging
from junheng_web.evidence.storage import local
from junheng_web.funding import sheets
from junheng_web.funding.tables import table
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.reports import national
from junheng_web.reports.assessed import judged_for
from junheng_web.reports.figures import Catalogue
from junheng_web.reports.models import Kind, Report, Version
from junheng_web.reports.tables import plans_of
from junheng_web.reports.words import Files, filled_in, paper

INVENTED, UNSIGNED = "虚构，仅供演示", "送审稿"


def _plans(scope: Scope, county: Area) -> bytes:
    return workbook(plans_of(county))


def _duties(scope: Scope, county: Area) -> bytes:
    return exchanging.workbook(county)


def _funding(scope: Scope, county: Area) -> bytes:
    return sheets.workbook(table(scope, county), county)


# What goes with the paper of a kind: its name, and what makes it.
BESIDE: Mapping[str, tuple[str, Callable[[Scope, Area], bytes]]] = MappingProxyType(
    {
        Kind.SCHOOL_PLANS: ("一校一案清单.xlsx", _plans),
        Kind.DUTIES: ("附件2任务分工表.xlsx", _duties),
        Kind.FUNDING: ("附件3创建资金明细表.xlsx", _funding),
    }
)


def beside_of(scope: Scope, report: Report, version: Version, notice: str = "") -> Mapping[str, Callable[[], bytes]]:
    """Return by name what makes each file that goes with a version's paper; on a form `notice` stands on each page."""
    if report.kind == Kind.APPLICATION:
        judged = judged_for(report.county)
        return national.makes_of(judged, version.basics, notice) if judged else {}
    if report.kind not in BESIDE:
        return {}
    name, make = BESIDE[report.kind]
    return {name: partial(make, scope, report.county)}


def files_of(scope: Scope, report: Report, version: Version, figures: Catalogue, day: dt.date, by: str = "") -> Files:
    """Return the files of a version with its figures filled, by their names; the paper first. `by`: who signs it."""
    beside: Files = {name: make() for name, make in beside_of(scope, report, version).items()}
    names = [*dict.fromkeys(name.rsplit(".", 1)[0] for name in beside)]
    made = paper_of(report, version, figures, day, by=by, beside=names)
    return {f"{_plain(version.title)}.{ending}": content for ending, content in made.items()} | beside


def paper_of(
    report: Report, version: Version, figures: Catalogue, day: dt.date, *, by: str = "", beside: Sequence[str] = ()
) -> Files:
    """Return a version as Word and PDF, by ending; as Word alone where it follows a Word file of the county's."""
    notice = "，".join(filter(None, (UNSIGNED if not by else "", INVENTED if report.county.invented else "")))
    if version.file:
        with local(version.file.digest) as original:
            return {"docx": filled_in(original, figures, notice)}
    told = {"by": by, "notice": notice, "beside": beside}
    return paper(version.title, version.text, figures, day, **told)


def _plain(name: str) -> str:
    """Return a name that every system can write."""
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in name)[:80]
