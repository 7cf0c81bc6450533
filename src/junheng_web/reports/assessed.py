"""Figures of the assessment: of the official census, pinned to its run; names and lines from the run's own rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from junheng_web.assessment import selectors
from junheng_web.assessment.indicators import part_row
from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, word
from junheng_web.organisation.models import Area
from junheng_web.rectification.standings import official_census
from junheng_web.reports.figures import Figure

GROUP, SOURCE = "结论", "评估"


def run_for(county: Area) -> Run | None:
    """Return the run that reports speak of: the official census; while there is none, the county's newest."""
    return official_census(county) or Run.objects.of(county).select_related("county", "snapshot", "rules").first()


def judged_for(county: Area) -> Judged | None:
    """Return that run as pages speak of it, its links pinned to it; None where there is none."""
    run = run_for(county)
    return run and Judged(county, run, selectors.answer_of(run), selectors.rules_of(run), pinned=True)


def figures(county: Area) -> Iterator[Figure]:
    """Yield the figures of the assessment; none where nothing was assessed."""
    judged = judged_for(county)
    if judged is None:
        return
    answer, snapshot = judged.answer, judged.run.snapshot
    yield _figure(judged, "统计时点", str(snapshot.counting_date or "未注明"), judged.url("overview"))
    yield _figure(judged, "学年", snapshot.school_year or "未注明", judged.url("overview"))
    yield _figure(judged, "全县结论", word(answer["verdict"]), judged.url("overview"), status=answer["verdict"])
    yield _figure(judged, "资源配置结论", word(answer["resources"]), judged.url("grid"), status=answer["resources"])
    counted = Counter(one["status"] for one in answer["indicators"].values())
    for status in ("pass", "fail", "undetermined", "not_applicable"):
        yield _figure(judged, f"其他指标{word(status)}项数", str(counted[status]), judged.url("board"))
    for stage in answer["stages"]:
        yield from _of_stage(judged, stage)
    for id, one in answer["indicators"].items():
        yield from _of_requirement(judged, id, one)


def _figure(
    judged: Judged, key: str, told: str, url: str, *, group: str = GROUP, status: str = "", trace: tuple[str, ...] = ()
) -> Figure:
    run = judged.run
    how = f"评估 {run.code}（规则日期 {run.as_of}，引擎 {run.engine}）"
    behind = f"{how}；数据快照 {run.snapshot.digest}；规则 {run.rules.digest}"
    source = f"{SOURCE} {run.code}"
    return Figure(key, told, group, source, url, status != "undetermined", (*trace, behind))


def _of_stage(judged: Judged, stage: str) -> Iterator[Figure]:
    name, one = judged.stage(stage), judged.answer["stages"][stage]
    sample = [section for section in judged.sections(stage) if section["in_sample"]]
    passing = [section for section in sample if section["verdict"] == "pass"]
    told = {"group": name, "url": judged.url("grid", stage)}
    yield _figure(judged, f"{name}结论", word(one["verdict"]), status=one["verdict"], **told)
    yield _figure(judged, f"{name}校数", str(len(sample)), **told)
    yield _figure(judged, f"{name}达标校数", str(len(passing)), **told)
    yield _figure(judged, f"{name}在校生数", f"{one['pupils']}" if one["pupils"] is not None else "未报", **told)
    for id, spread in one["indicators"].items():
        yield from _of_spread(judged, stage, id, spread, sample)


def _of_spread(judged: Judged, stage: str, id: str, spread: Answer, sample: list[Answer]) -> Iterator[Figure]:
    name = judged.stage(stage)
    told = {"group": f"{name} {id}", "url": judged.url("trace", id, stage=stage)}
    behind = (f"{judged.name(id)}：平均 {judged.mean(spread['mean'])}，上限 {judged.limit(spread)}",)
    yield _figure(judged, f"{name}{id}差异系数", judged.spread(spread), status=spread["status"], trace=behind, **told)
    yield _figure(judged, f"{name}{id}平均值", judged.mean(spread["mean"]), trace=behind, **told)
    cells = Counter(section["indicators"][id]["status"] for section in sample)
    page = {"group": told["group"], "url": judged.page(id, stage)}
    yield _figure(judged, f"{name}{id}达到标准校数", str(cells["met"]), **page)
    yield _figure(judged, f"{name}{id}没有达到标准校数", str(cells["floor"] + cells["below"]), **page)


def _of_requirement(judged: Judged, id: str, one: Answer) -> Iterator[Figure]:
    rule, told = judged.indicator(id), {"group": "其他指标", "url": judged.url("trace", id)}
    yield _figure(judged, f"{id}结论", word(one["status"]), status=one["status"], trace=(rule["name"],), **told)
    for part in one["parts"]:
        row = part_row(judged, part, rule)
        value = row["told"] if part["status"] != "not_applicable" else word(part["status"])
        behind = (f"{rule['name']}：{part['name']}，标准 {row['line']}", part["reason"])
        yield _figure(
            judged, f"{id}{part['name']}", value, status=part["status"], trace=tuple(filter(None, behind)), **told
        )
