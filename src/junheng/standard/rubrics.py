"""Frozen types of a rubric: what is looked at where a requirement is judged, and by which rule grades come of it."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.facts.schema import JUDGEMENTS

LOOKS = {"site": "现场查看", "papers": "查阅资料", "talk": "访谈", "sample": "抽查"}
"""How a point is looked at."""
PLACES = {"school": "每所学校", "county": "县级"}
"""Where a point is looked at: in every school, or once at the county's offices."""
SOURCES = {"document": "办法原文", "junheng": "本软件的读法，县里可以改"}
"""Where a point comes from: the clause itself, or our reading of it, which a county's overlay may replace."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of observation (观测点): `text` in our own words."""

    id: str
    text: str
    at: str
    look: tuple[str, ...]
    source: str

    @property
    def looked(self) -> str:
        """How it is looked at, in words."""
        return "、".join(LOOKS[one] for one in self.look)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder of grades: at most `below` points not fully met, of them at most `failed` not met at all.

    The last step has no limits.
    """

    grade: str
    below: int | None = None
    failed: int | None = None

    def holds(self, below: int, failed: int) -> bool:
        """Whether so many points that are not fully met, and so many not met at all, reach this grade."""
        return self.below is None or self.failed is None or (below <= self.below and failed <= self.failed)

    @property
    def told(self) -> str:
        """The step as it is printed."""
        label = f"“{JUDGEMENTS[self.grade]}”"
        if self.below is None:
            return f"其余为{label}"
        if not self.below:
            return f"各观测点都达到，为{label}"
        failed = f"，其中未达到的不超过 {self.failed} 个" if self.failed else "，没有未达到的"
        return f"没有完全达到的不超过 {self.below} 个{failed}，为{label}"


@dataclass(frozen=True, slots=True)
class Rubric:
    """The points of a requirement, and the ladder of grades, the best first; the first step that holds counts."""

    points: tuple[Point, ...]
    ladder: tuple[Step, ...]
    source: str

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades from the best to the worst."""
        return tuple(one.grade for one in self.ladder)

    def at(self, place: str) -> tuple[Point, ...]:
        """Return the points that are looked at in a place: `school` or `county`."""
        return tuple(one for one in self.points if one.at == place)

    @property
    def rule(self) -> tuple[str, ...]:
        """The rule as it is printed, from points to a place's grade, and from there to the county's."""
        missing = "不适用的观测点不算；还没有看的观测点，不管看到什么等级都一样时才给等级"
        return (*(one.told for one in self.ladder), missing, "全县取各处等级中最低的一个，低于要求的学校逐一列出")
