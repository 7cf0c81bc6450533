"""The files of a report: its paper, and what goes with it: tables that other rooms make are taken as they make them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
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

INVENTED = "虚构，仅供演示"


def _plans(scope: Scope, county: Area) -> Files:
    return {"一校一案清单.xlsx": workbook(plans_of(county))}


def _duties(scope: Scope, county: Area) -> Files:
    return {"附件2任务分工表.xlsx": exchanging.workbook(county)}


def _funding(scope: Scope, county: Area) -> Files:
    return {"附件3创建资金明细表.xlsx": sheets.workbook(table(scope, county), str(county))}


# What goes with the paper of a kind.
BESIDE: Mapping[str, Callable[[Scope, Area], Files]] = MappingProxyType(
    {Kind.SCHOOL_PLANS: _plans, Kind.DUTIES: _duties, Kind.FUNDING: _funding}
)


def files_of(scope: Scope, report: Report, version: Version, figures: Catalogue, day: dt.date, by: str = "") -> Files:
    """Return the files of a version with its figures filled, by their names; the paper first. `by`: who signs it."""
    beside: Files = BESIDE[report.kind](scope, report.county) if report.kind in BESIDE else {}
    if report.kind == Kind.APPLICATION and (judged := judged_for(report.county)):
        beside = national.files_of(judged, version.basics)
    names = [*dict.fromkeys(name.rsplit(".", 1)[0] for name in beside)]
    made = paper_of(report, version, figures, day, by=by, beside=names)
    return {f"{_plain(version.title)}.{ending}": content for ending, content in made.items()} | beside


def paper_of(
    report: Report, version: Version, figures: Catalogue, day: dt.date, *, by: str = "", beside: Sequence[str] = ()
) -> Files:
    """Return a version as Word and PDF, by ending; as Word alone where it follows a Word file of the county's."""
    if version.file:
        with local(version.file.digest) as original:
            return {"docx": filled_in(original, figures)}
    notices = ["送审稿" if not by else "", INVENTED if report.county.invented else ""]
    told = {"by": by, "notice": "，".join(filter(None, notices)), "beside": beside}
    return paper(version.title, version.text, figures, day, **told)


def _plain(name: str) -> str:
    """Return a name that every system can write."""
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in name)[:80]
