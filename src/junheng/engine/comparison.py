"""Two answers of one county side by side: what changed, and what changed behind it.

What changed is told by exact numbers, never by the last digit of a double: a spread changed where a school of its
sample came or went or has other pupils or another value, or where its status or its limit is another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.engine.causes import Cause, Causes
from junheng.engine.differing import Cell
from junheng.engine.result import VERDICT_LABELS, Assessment, Section
from junheng.engine.whatif import exact
from junheng.facts.problems import unusable
from junheng.facts.schema import STAGE_LABELS

# From what matters most to what is a figure only.
ORDER = ("county", "resources", "requirement", "stage", "spread", "sample", "section", "indicator")
MEMBERSHIP = {True: "in", False: "out", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was. Verdict, status or membership in `before` and `after`; figures beside them.

    `what` is one of `ORDER`; `scope` is as in `Reason`. None before is something that was not there, None after
    something that is no more.
    """

    what: str
    scope: str
    indicator: str
    before: str | None
    after: str | None
    value_before: float | None
    value_after: float | None
    why: tuple[Cause, ...]

    @property
    def turned(self) -> bool:
        """Whether the verdict, the status or the membership is another, and not only a figure."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two answers: by which rules, of which period, with which verdict."""

    standard: str
    as_of: dt.date
    engine: int
    counted: dt.date | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two answers, what matters most first; `rules` changed for everything.

    `cells` are all that differ in the facts, also where nothing that is judged changed; `names` are the schools'.
    """

    county_code: str
    county_name: str
    before: Side
    after: Side
    rules: tuple[Cause, ...]
    schools_added: tuple[str, ...]
    schools_gone: tuple[str, ...]
    changes: tuple[Change, ...]
    cells: tuple[Cell, ...]
    names: Mapping[str, str]

    def __repr__(self) -> str:
        turned = sum(one.turned for one in self.changes)
        verdicts = f"{VERDICT_LABELS[self.before.verdict]} → {VERDICT_LABELS[self.after.verdict]}"
        return f"<Comparison {self.county_name}：{verdicts}，{turned} 项结论变了，共 {len(self.changes)} 处变化>"


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Return what changed between two answers of one county, and why; `Unusable` where they are of two counties.

    >>> import datetime as dt
    >>> import junheng as jh
    >>> facts = jh.load("examples/shili/facts")
    >>> change = jh.compare(jh.assess(facts, as_of=dt.date(2021, 9, 1)), jh.assess(facts))
    >>> [(one.indicator, one.before, one.after) for one in change.changes if one.turned]
    [('B10', 'pass', 'fail')]
    """
    if before.county_code != after.county_code:
        told = f"{before.county_code}、{after.county_code}"
        raise unusable("compare", "两份结果不是同一个县", "请用 --county 选同一个县", value=told)
    causes = Causes(before, after)
    lower = [*_requirements(causes), *_spreads(causes), *_sections(causes)]
    changes = [*_whole(causes, lower), *lower]
    return Comparison(
        county_code=after.county_code,
        county_name=after.county_name,
        before=_side(before),
        after=_side(after),
        rules=causes.rules,
        schools_added=causes.came,
        schools_gone=causes.went,
        changes=tuple(sorted(changes, key=lambda one: (not one.turned, ORDER.index(one.what)))),
        cells=causes.cells,
        names=causes.names,
    )


def _side(answer: Assessment) -> Side:
    return Side(answer.rules.standard.id, answer.as_of, answer.engine, answer.facts.counting_date, answer.verdict)


def _whole(causes: Causes, lower: Sequence[Change]) -> Iterator[Change]:
    """Yield the verdicts of county, resources and stages that turned, each with the parts beneath it that did."""
    before, after = causes.before, causes.after
    resources = [one for one in lower if one.what != "requirement"]
    verdicts = [
        ("county", "county", before.verdict, after.verdict, lower),
        ("resources", "county", before.resources, after.resources, resources),
    ]
    for stage in after.stages:
        own = [one for one in resources if one.scope.partition(":")[0] == stage]
        verdicts.append(("stage", stage, before.stages[stage].verdict, after.stages[stage].verdict, own))
    for what, scope, old, new, beneath in verdicts:
        if old != new:
            parts = [one for one in beneath if one.turned and one.what != "indicator"]
            why = tuple(Cause("part", place(causes.names, one)) for one in parts)
            yield Change(what, scope, "", old, new, None, None, why or causes.rules)


def place(names: Mapping[str, str], one: Change) -> str:
    """Return where a change is, in an officer's words."""
    stage, _, code = one.scope.partition(":")
    where = f"{names.get(code, code)}（{STAGE_LABELS[stage]}）" if code else STAGE_LABELS.get(stage, "")
    what = {
        "county": "全县",
        "resources": "资源配置",
        "stage": "",
        "spread": f" {one.indicator} 差异系数",
        "sample": "进出样本",
        "section": "",
    }
    return f"{where}{what.get(one.what, f' {one.indicator}')}".strip()


def _requirements(causes: Causes) -> Iterator[Change]:
    for id, new in causes.after.requirements.items():
        old = causes.before.requirements.get(id)
        if old is None:
            yield Change("requirement", "county", id, None, new.status, None, new.value, causes.rules)
        elif (old.status, old.reason, old.parts) != (new.status, new.reason, new.parts):
            why = causes.of_requirement(id)
            yield Change("requirement", "county", id, old.status, new.status, old.value, new.value, why)


Sections = Mapping[tuple[str, str], Section]


def _both(causes: Causes) -> tuple[Sections, Sections]:
    """Return the sections of the two answers by school and stage."""
    return (
        {(one.school_code, one.stage): one for one in causes.before.sections},
        {(one.school_code, one.stage): one for one in causes.after.sections},
    )


def _sections(causes: Causes) -> Iterator[Change]:
    before, after = _both(causes)
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        was, now = (None if one is None else MEMBERSHIP[one.in_sample] for one in (old, new))
        scope = f"{key[1]}:{key[0]}"
        if was != now:
            yield Change("sample", scope, "", was, now, None, None, causes.of_membership(*key))
        if old is not None and new is not None:
            values = list(_values(causes, old, new))
            yield from values
            if old.verdict != new.verdict:
                why = dict.fromkeys(cause for one in values for cause in one.why)
                yield Change("section", scope, "", old.verdict, new.verdict, None, None, tuple(why))


def _values(causes: Causes, old: Section, new: Section) -> Iterator[Change]:
    for id, now in new.indicators.items():
        was = old.indicators.get(id)
        if was is None or (was.status, exact(was), was.threshold) != (now.status, exact(now), now.threshold):
            status, value = (None, None) if was is None else (was.status, was.value)
            why = causes.of_value(new, id)
            yield Change("indicator", f"{new.stage}:{new.school_code}", id, status, now.status, value, now.value, why)


def _spreads(causes: Causes) -> Iterator[Change]:
    both = _both(causes)
    for stage, whole in causes.after.stages.items():
        for id, new in whole.indicators.items():
            old = causes.before.stages[stage].indicators.get(id)
            counted = [_counted(sections, stage, id) for sections in both]
            moved = [code for code in dict.fromkeys([*counted[0], *counted[1]]) if _differs(counted, code)]
            if old is None or moved or (old.status, old.cv_limit) != (new.status, new.cv_limit):
                samples = set(counted[0]), set(counted[1])
                why = causes.of_spread(stage, id, samples, moved, [new if old is None else old, new])
                status, cv = (None, None) if old is None else (old.status, old.cv)
                yield Change("spread", stage, id, status, new.status, cv, new.cv, why)


Counted = tuple[bool | None, int | None, Fraction | None]


def _counted(sections: Sections, stage: str, id: str) -> dict[str, Counted]:
    """Return how each section of a sample counts in a spread."""
    return {
        code: (one.in_sample, one.pupils, exact(one.indicators[id]) if id in one.indicators else None)
        for (code, at), one in sections.items()
        if at == stage and one.in_sample is not False
    }


def _differs(counted: Sequence[Mapping[str, Counted]], code: str) -> bool:
    return counted[0].get(code) != counted[1].get(code)
