"""A school beside those like it: the same type, a like size, the same kind of place; exact, in fractions.

How far is far is told by the median and the median absolute deviation, which a few wrong figures do not move: the
robust z-score of B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, 1993.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from junheng.facts.model import Facts
from junheng.facts.schema import LOCATION_PREFIXES, SCHOOLS, STAGES, per_stage
from junheng.quality.kinds import NORMAL_MAD
from junheng.standard.model import Standard

Row = Mapping[str, Any]
EVERY_STAGE = (*STAGES, "senior")


@dataclass(frozen=True, slots=True)
class Ratio:
    """What is compared: columns of `schools` added up over others; a name reported once a stage is compared by stage.

    The pupils below are those of the stages that a school's type has.
    """

    over: tuple[str, ...]
    under: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """What a school has in common with those that it is compared with; `location` None: wherever they are.

    `least` and `below` bound the pupils: a size; None is open, and both None mean of every size.
    """

    school_type: str
    stage: str | None
    least: int | None = None
    below: int | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """One school's ratio, in written units, and what those like it have; `middle` is None where they are too few.

    `under` is what it is divided by, in written units; `pupils` are those of the stage, or of the school; `alike`
    counts the school itself among those like it; `deviation` is the median absolute deviation.
    """

    school_code: str
    pupils: int
    ratio: Fraction
    under: Fraction
    like: Like
    alike: int
    middle: Fraction | None
    deviation: Fraction | None

    def above(self, deviations: Fraction, away: Fraction) -> bool:
        """Whether it is over the median by more than so many robust deviations, and by more than this share of it."""
        if self.middle is None or self.deviation is None:
            return False
        over = self.ratio - self.middle
        return over > deviations * NORMAL_MAD * self.deviation and over > away * self.middle


def peers(facts: Facts, standard: Standard, ratio: Ratio, sizes: Sequence[int], least: int) -> tuple[Peer, ...]:
    """Return each school that has the ratio beside those like it, by stage and in the order of the facts.

    `sizes` are the numbers of pupils at which another size begins. Where fewer than `least` schools share type, size
    and kind of place, those of every place are taken, then those of every size; where these are too few as well, there
    is no median.
    """
    known = list(_known(facts, standard, ratio))
    groups: dict[Like, list[Fraction]] = defaultdict(list)
    for row, stage, pupils, over, under in known:
        for like in _likes(row, stage, pupils, sizes):
            groups[like].append(over / under)
    told = {like: _middle(values) for like, values in groups.items() if len(values) >= least}
    found = []
    for row, stage, pupils, over, under in known:
        likes = _likes(row, stage, pupils, sizes)
        like = next((one for one in likes if one in told), likes[-1])
        middle = told.get(like, (None, None))
        found.append(Peer(row["school_code"], pupils, over / under, under, like, len(groups[like]), *middle))
    return tuple(found)


def _middle(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return the median and the median absolute deviation."""
    middle = median(values)
    return middle, median([abs(value - middle) for value in values])


def median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle value, of an even number the mean of the two; ValueError for none."""
    if not values:
        raise ValueError("no values, no median")
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _known(facts: Facts, standard: Standard, ratio: Ratio) -> Iterator[tuple[Row, str | None, int, Fraction, Fraction]]:
    """Yield row, stage, pupils and both sides of the ratio of each school that reports all of it."""
    rows = facts.tables[SCHOOLS.name].to_pylist()
    for stage in STAGES if any(map(per_stage, (*ratio.over, *ratio.under))) else (None,):
        counted = ("pupils",) if stage else tuple(f"{one}_pupils" for one in EVERY_STAGE)
        sides = [[_column(name, stage) for name in names] for names in (ratio.over, ratio.under, counted)]
        for row in rows:
            kind = standard.school_types.get(row["school_type"])
            over, under, pupils = (_sum(row, columns, kind.stages if kind else ()) for columns in sides)
            if over is not None and under and pupils:
                yield row, stage, int(pupils), over, under


def _column(name: str, stage: str | None) -> tuple[str, int, str]:
    """Return a column's name, the smallest units in a written one, and the stage whose pupils it is about, if any."""
    column = SCHOOLS.column(f"{stage}_{name}" if per_stage(name) else name)
    of = next((one for one in EVERY_STAGE if column.name.startswith(f"{one}_")), "")
    return column.name, column.measure.scale, of


def _sum(row: Row, columns: Sequence[tuple[str, int, str]], own: Sequence[str]) -> Fraction | None:
    """Return a sum in written units over the stages that a school has; None where one of them is not reported."""
    held = [(row[name], scale) for name, scale, of in columns if not of or of in own]
    if not own or any(value is None for value, _ in held):
        return None
    return Fraction(sum(value for value, _ in held), held[0][1]) if held else Fraction(0)


def _likes(row: Row, stage: str | None, pupils: int, sizes: Sequence[int]) -> Sequence[Like]:
    """Return what a school is like, the narrowest first."""
    at, bounds = bisect_right(sizes, pupils), (None, *sizes, None)
    sized = Like(row["school_type"], stage, bounds[at], bounds[at + 1])
    return replace(sized, location=location_of(row)), sized, Like(sized.school_type, stage)


def location_of(row: Row) -> str:
    """Return urban, town or rural: from the statistical code where there is one (P13), else as reported."""
    code = row["location_code"] or ""
    return next(
        (place for prefix, place in LOCATION_PREFIXES.items() if code.startswith(prefix)), row["location"] or ""
    )
