"""编制台账 (P21): what follows from a school's posts year by year, and early signs of 有编不补, never a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

Row = Mapping[str, int | str | None]


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands out at a school in a year: the numbers that it rests on, and what to ask. It blames nobody."""

    school_code: str
    year: int
    rests_on: str
    ask: str


def vacant(row: Row) -> int | None:
    """Return the approved posts that are not filled (negative: more people than posts); None where one is unknown."""
    approved, filled = row["approved"], row["filled"]
    return approved - filled if isinstance(approved, int) and isinstance(filled, int) else None


def signs(rows: Iterable[Row]) -> tuple[Sign, ...]:
    """Return the early signs in rows of 编制台账, school by school, the newest year first."""
    ordered = sorted(rows, key=lambda row: (str(row["school_code"]), _year(row)))
    found = [sign for _, own in groupby(ordered, key=lambda row: row["school_code"]) for sign in _of_school(list(own))]
    return tuple(sorted(found, key=lambda sign: (sign.school_code, -sign.year)))


def _of_school(rows: list[Row]) -> Iterator[Sign]:
    for row in rows:
        yield from _employed_beside_vacancies(row)
    for before, now in pairwise(rows):
        if _year(now) == _year(before) + 1 and _fewer_than_lost(before) and _fewer_than_lost(now):
            told = "，".join(f"{_year(one)} 年减员 {one['lost']} 人、新招 {one['hired']} 人" for one in (before, now))
            ask = "请编办、人社局、教体局一起看：是没有招聘计划，还是有计划没有招到"
            yield Sign(str(now["school_code"]), _year(now), f"连续两年新招少于自然减员：{told}", ask)


def _employed_beside_vacancies(row: Row) -> Iterator[Sign]:
    free, hired = vacant(row), row["contract"]
    if free is not None and free > 0 and isinstance(hired, int) and hired > 0:
        longest = row["contract_years"]
        years = f"，最长的已聘 {longest} 年" if longest else ""
        ask = "请说明这些岗位为什么没有用编制补：临时顶岗（产假、支教）的写明到哪天"
        yield Sign(str(row["school_code"]), _year(row), f"空编 {free} 个，同时聘用编外教师 {hired} 人{years}", ask)


def _fewer_than_lost(row: Row) -> bool:
    lost, hired = row["lost"], row["hired"]
    return isinstance(lost, int) and isinstance(hired, int) and hired < lost


def _year(row: Row) -> int:
    return int(row["year"] or 0)
