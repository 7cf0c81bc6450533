"""The files of a report: its paper, and what goes with it: tables that other rooms make are taken as they make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from junheng_web.common.tables import workbook
from junheng_web.duties import exchanging
from junheng_web.evidence.storage import place
from junheng_web.funding import sheets
from junheng_web.funding.tables import table
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.reports import national
from junheng_web.reports.assessed import judged_for
from junheng_web.reports.figures import Catalogue
from junheng_web.reports.models import Kind, Report, Version
from junheng_web.reports.references import paragraphs
from junheng_web.reports.tables import plans_of
from junheng_web.reports.words import filled_in, paper

Files = dict[str, bytes]
INVENTED = "（虚构，仅供演示）"


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


def files_of(scope: Scope, report: Report, version: Version, figures: Catalogue) -> Files:
    """Return the files of a version with its figures filled, by their names; the paper first."""
    beside = BESIDE.get(report.kind)
    found = {f"{_plain(version.title)}.docx": paper_of(report, version, figures)}
    if report.kind == Kind.APPLICATION and (judged := judged_for(report.county)):
        found |= national.files_of(judged, version.basics)
    return {**found, **(beside(scope, report.county) if beside else {})}


def paper_of(report: Report, version: Version, figures: Catalogue) -> bytes:
    """Return a version as Word: in the county's own file where it follows one."""
    if version.file:
        return filled_in(place(version.file.digest), figures)
    lines = ["".join(one.words for one in line) for line in paragraphs(version.text, figures)]
    return paper(version.title, lines, INVENTED if report.county.invented else "")


def _plain(name: str) -> str:
    """Return a name that every system can write."""
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in name)[:80]
