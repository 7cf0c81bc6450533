"""Figures of the assessment: of the official census, pinned to its run; what they are is the core's catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from junheng import papers
from junheng_web.assessment import selectors
from junheng_web.assessment.models import Run
from junheng_web.assessment.recomputing import assessed
from junheng_web.assessment.telling import Judged
from junheng_web.organisation.models import Area
from junheng_web.rectification.standings import official_census
from junheng_web.reports.figures import Figure
from junheng_web.reports.national import form_of

WHOLE, OTHERS, SOURCE = "全县", "其他指标", "评估"
UNKNOWN = frozenset({"open", "missing", "undetermined"})


def run_for(county: Area) -> Run | None:
    """Return the run that reports speak of: the official census; while there is none, the county's newest."""
    return official_census(county) or Run.objects.of(county).select_related("county", "snapshot", "rules").first()


def judged_for(county: Area) -> Judged | None:
    """Return that run as pages speak of it, its links pinned to it; None where there is none."""
    run = run_for(county)
    return run and Judged(county, run, selectors.answer_of(run), selectors.rules_of(run), pinned=True)


def figures(county: Area, basics: str) -> Iterator[Figure]:
    """Yield the figures of the assessment; none where nothing was assessed. `basics`: what the county wrote itself."""
    judged = judged_for(county)
    if judged is None:
        return
    snapshot, url = judged.run.snapshot, judged.url("overview")
    for key, told in (("统计时点", snapshot.counting_date), ("学年", snapshot.school_year)):
        yield Figure(key, str(told or "未注明"), WHOLE, _source(judged), url, trace=(_behind(judged),))
    for one in papers.report_figures(assessed(judged), form_of(judged, basics)).values():
        yield _figure(judged, one)


def _figure(judged: Judged, one: papers.Figure) -> Figure:
    exact = () if one.value is None or isinstance(one.value, str | bool) else (f"没有舍入的值 {one.value}",)
    rows = tuple(" | ".join(row) for row in (one.whole.headings, *one.whole.rows)) if one.whole else ()
    told = {"known": one.state not in UNKNOWN, "trace": (one.label, *exact, *rows, _behind(judged))}
    told |= {"grid": one.grid, "chart": one.chart}
    return Figure(one.key, one.told, _group(judged, one.key), _source(judged), where(judged, one.source), **told)


def _group(judged: Judged, key: str) -> str:
    first, dot, rest = key.partition(".")
    if not dot:
        return WHOLE
    if first in judged.answer["indicators"]:
        return OTHERS
    id = rest.partition(".")[0]
    return f"{first} {id}" if id in judged.measured else first


def where(judged: Judged, source: papers.Source | None) -> str:
    """Return where one sees how a figure came about."""
    if source is None:
        return judged.url("overview")
    if source.kind == "indicator" and source.stage:
        return judged.url("trace", source.name, school=source.school_code, stage=source.stage)
    if source.kind == "requirement":
        return judged.url("trace", source.name)
    return judged.url("grid", source.stage) if source.stage else judged.url("board")


def _source(judged: Judged) -> str:
    return f"{SOURCE} {judged.run.code}"


def _behind(judged: Judged) -> str:
    run = judged.run
    how = f"评估 {run.code}（规则日期 {run.as_of}，引擎 {run.engine}）"
    return f"{how}；数据快照 {run.snapshot.digest}；规则 {run.rules.digest}"
