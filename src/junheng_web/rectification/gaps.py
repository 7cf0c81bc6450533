"""The gaps of an answer, each under a key that outlives the answer; and whether what a key asks for is reached.

A key is (school, stage, indicator, target); the target is a line of the indicator, the spread, or a part of a
requirement. What it means stands in the rule book alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from junheng import api as jh
from junheng_web.assessment.overview import VETO
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged
from junheng_web.rectification.models import Issue

THRESHOLD, FLOOR, SPREAD = "threshold", "floor", "spread"
SEPARATOR = ":"
Reached = Issue.Reached
# Which statuses of a section's value reach which of its lines.
REACHES: Mapping[str, frozenset[str]] = {THRESHOLD: frozenset({"met"}), FLOOR: frozenset({"met", "floor"})}
BELOW = frozenset({"floor", "below"})
OF_PART = {"pass": Reached.MET, "fail": Reached.UNMET}


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What names a gap within a period, whatever run found it."""

    school: str
    stage: str
    indicator: str
    target: str

    def __str__(self) -> str:
        return SEPARATOR.join((self.school, self.stage, self.indicator, self.target))

    @classmethod
    def of(cls, text: str) -> Key:
        """Return the key that a text names. Raises ValueError for none."""
        parts = text.split(SEPARATOR)
        if len(parts) != 4 or not parts[2] or not parts[3]:
            raise ValueError(f"no gap is named {text!r}")
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class Gap:
    """What is lacking, in an officer's words: where, of what, how much, and what would do."""

    key: Key
    place: str
    name: str
    lacks: str
    asked: str
    size: float = 0.0

    @property
    def title(self) -> str:
        """The issue that it would be, in a line."""
        return f"{self.place} {self.key.indicator} {self.name}：{self.lacks}"


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer with what its JSON leaves out: which schools fail a part of a requirement."""

    judged: Judged
    assessment: jh.Assessment

    def reached(self, key: Key) -> str:
        """Return whether what a key asks for is reached; nothing where this answer cannot tell."""
        if key.indicator in self.judged.rules["indicators"]:
            return self._spread(key) if key.target == SPREAD else self._section(key)
        return self._part(key)

    def _section(self, key: Key) -> str:
        for one in self.judged.answer["sections"]:
            if (one["school_code"], one["stage"]) == (key.school, key.stage):
                status = one["indicators"][key.indicator]["status"]
                known = status in BELOW or status == "met"
                return (Reached.MET if status in REACHES[key.target] else Reached.UNMET) if known else Reached.UNKNOWN
        return Reached.UNKNOWN

    def _spread(self, key: Key) -> str:
        stage = self.judged.answer["stages"].get(key.stage)
        return OF_PART.get(stage["indicators"][key.indicator]["status"], Reached.UNKNOWN) if stage else Reached.UNKNOWN

    def _part(self, key: Key) -> str:
        requirement = self.assessment.requirements.get(key.indicator)
        parts = requirement.parts if requirement else ()
        part = next((one for one in parts if one.id == key.target), None)
        if part is None:
            return Reached.UNKNOWN
        return self._at_school(key.school, part) if key.school else OF_PART.get(part.status, Reached.UNKNOWN)

    def _at_school(self, school: str, part: Any) -> str:
        """A school that the answer does not speak of is not known; one without an open row is in order."""
        if school not in self.judged.schools:
            return Reached.UNKNOWN
        states = {row.state for row in part.open_rows if row.school_code == school}
        if "failing" in states:
            return Reached.UNMET
        known = not states and part.status in OF_PART
        return Reached.MET if known else Reached.UNKNOWN


def gaps_of(standing: Standing) -> list[Gap]:
    """Return what is lacking: at schools, in the spreads, of the other requirements, in the document's order."""
    order = standing.judged.answer["judged"]
    found = [*_sections(standing.judged), *_spreads(standing.judged), *_parts(standing)]
    return sorted(found, key=lambda gap: (order.index(gap.key.indicator), gap.key.stage, -gap.size, gap.key.school))


def _sections(judged: Judged) -> Iterator[Gap]:
    for one in judged.answer["sections"]:
        place = f"{judged.schools[one['school_code']]}（{judged.stage(one['stage'])}）"
        for id, cell in one["indicators"].items():
            if cell["status"] in BELOW and one["in_sample"] is not False:
                key = Key(one["school_code"], one["stage"], id, THRESHOLD)
                asked = f"达到标准值 {jh.line_told(cell['threshold'])} {judged.indicator(id)['unit']}"
                yield Gap(key, place, judged.name(id), _lacks(judged, id, cell), asked, cell["gap_to_threshold"])


def _lacks(judged: Judged, id: str, cell: Answer) -> str:
    return f"还差 {cell['gap_to_threshold']:,} {judged.unit(id)}"


def _spreads(judged: Judged) -> Iterator[Gap]:
    for stage, told in judged.answer["stages"].items():
        for id, spread in told["indicators"].items():
            if spread["status"] == "fail":
                lacks = f"校际差异系数 {judged.spread(spread)}，超过 {judged.limit(spread)}"
                asked = f"校际差异系数降到 {judged.limit(spread)} 以内"
                yield Gap(Key("", stage, id, SPREAD), judged.stage(stage), judged.name(id), lacks, asked)


def _parts(standing: Standing) -> Iterator[Gap]:
    """Yield a gap for each school that fails a part; for the county where no school is named. Vetoes are no gaps."""
    for id, requirement in standing.assessment.requirements.items():
        for part in requirement.parts if id != VETO else ():
            if part.status == "fail":
                yield from _of_part(standing.judged, id, part)


def _of_part(judged: Judged, id: str, part: Any) -> Iterator[Gap]:
    asked = f"“{part.name}”这一条达标"
    codes = dict.fromkeys(row.school_code for row in part.open_rows if row.state == "failing")
    at_schools = [code for code in codes if code in judged.schools]
    for code in at_schools:
        told = "、".join(row.subject for row in part.open_rows if row.school_code == code and row.state == "failing")
        lacks = told if told and told != judged.schools[code] else "不达标"
        yield Gap(Key(code, "", id, part.id), judged.schools[code], part.name, lacks, asked)
    if not at_schools:
        yield Gap(Key("", "", id, part.id), "全县", part.name, part.reason or "不达标", asked)
