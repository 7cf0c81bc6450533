"""Two sealed lists held against each other: who stands on both, on one alone, and who may be the same person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from junheng.facts.problems import unusable
from junheng.matching.sealed import GROUPS, Sealed, SealedRow

# A group with fewer people than this is not told in figures: it may point at a child.
LEAST_TOLD = 5
FEW, WITHHELD = f"少于 {LEAST_TOLD}", "不单列"
OWNERS = ("甲方", "乙方")


class Counted(NamedTuple):
    """People of a list, or of a group in it: all, those on both lists, those on this one alone."""

    people: int
    both: int
    only: int


@dataclass(frozen=True, slots=True)
class Side:
    """One owner's list as compared. `only` are his row numbers of people whom the other has not, by the first row.

    `twice` are rows of one person; `groups` counts by each kind of group, exactly: `told` says what may be shown.
    """

    owner: str
    sealed: Sealed
    counted: Counted
    only: tuple[int, ...]
    twice: tuple[tuple[int, ...], ...]
    without_number: int
    groups: Mapping[str, Mapping[str, Counted]]


@dataclass(frozen=True, slots=True)
class Match:
    """What two lists have in common. `possible`: rows of each that share name and birth date, and were not matched."""

    sides: tuple[Side, Side]
    both: int
    possible: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]

    @property
    def key(self) -> str:
        """The fingerprint of the key under which both were sealed."""
        return self.sides[0].sealed.key

    @property
    def differs(self) -> bool:
        """Whether anybody stands on one list alone."""
        return any(side.only for side in self.sides)


def compare_sealed(one: Sealed, other: Sealed) -> Match:
    """Compare two sealed lists: by ID number, and of who is left, by name and birth date, which merges nobody.

    Raises `Unusable` where they were sealed under different keys or between different days, or are one list.
    """
    _refuse(one, other)
    by_person = (_people(one), _people(other))
    both = by_person[0].keys() & by_person[1].keys()
    sides = tuple(
        _side(sealed, sealed.owner or name, people, both)
        for sealed, name, people in zip((one, other), OWNERS, by_person, strict=True)
    )
    return Match((sides[0], sides[1]), len(both), _possible(*by_person, both))


def _refuse(one: Sealed, other: Sealed) -> None:
    told = f"{one.owner or OWNERS[0]}、{other.owner or OWNERS[1]}"
    if one.key != other.key:
        reason = f"两份密封文件用的不是同一把钥匙（指纹 {one.key}、{other.key}），对不出结果"
        raise unusable(told, reason, "请两家用同一个钥匙文件各自重新密封")
    if one.mark == other.mark:
        raise unusable(told, "两份密封文件出自同一份名单", "请换成另一家的密封文件")
    if one.born != other.born:
        days = "；".join("至".join(sealed.born) if sealed.born else "不限" for sealed in (one, other))
        raise unusable(told, f"两家密封时 --born 写的日期不同（{days}）", "请用同样的日期重新密封")


def _people(sealed: Sealed) -> dict[str, list[SealedRow]]:
    """Return each person's rows; a row without a number is a person of its own."""
    found = defaultdict[str, list[SealedRow]](list)
    for at, row in enumerate(sealed.rows):
        found[row.number or f"{sealed.mark} {at}"].append(row)
    return dict(found)


def _side(sealed: Sealed, owner: str, people: Mapping[str, Sequence[SealedRow]], both: set[str]) -> Side:
    only = tuple(rows[0].row for person, rows in people.items() if person not in both)
    groups = {kind: _grouped(people, both, at) for at, kind in enumerate(sealed.groups) if kind in GROUPS}
    return Side(
        owner=owner,
        sealed=sealed,
        counted=Counted(len(people), len(both), len(only)),
        only=only,
        twice=tuple(tuple(one.row for one in rows) for rows in people.values() if len(rows) > 1),
        without_number=sum(not one.number for one in sealed.rows),
        groups=groups,
    )


def _grouped(people: Mapping[str, Sequence[SealedRow]], both: set[str], at: int) -> dict[str, Counted]:
    found: dict[str, Counted] = {}
    for person, rows in people.items():
        group, in_both = rows[0].groups[at], person in both
        was = found.get(group, Counted(0, 0, 0))
        found[group] = Counted(was.people + 1, was.both + in_both, was.only + (not in_both))
    return dict(sorted(found.items()))


def _possible(
    one: Mapping[str, Sequence[SealedRow]], other: Mapping[str, Sequence[SealedRow]], both: set[str]
) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    left = [_by_name(people, both) for people in (one, other)]
    return tuple((tuple(rows), tuple(left[1][name])) for name, rows in left[0].items() if name in left[1])


def _by_name(people: Mapping[str, Sequence[SealedRow]], both: set[str]) -> dict[str, list[int]]:
    found = defaultdict[str, list[int]](list)
    for person, rows in people.items():
        for row in rows if person not in both else ():
            if row.person:
                found[row.person].append(row.row)
    return dict(found)


def told(groups: Mapping[str, Counted]) -> dict[str, tuple[str, ...]]:
    """Return what may be shown of each group: small figures are covered, and what would give them away by subtraction.

    The totals are known. So of each figure that is covered at all, two groups or more are, and together not a few.
    """
    whole = _hidden(groups, set(), (0,))
    parts = _hidden(groups, whole, (1, 2))
    return {
        name: (_shown(one.people, name in whole), *(_shown(figure, name in parts) for figure in one[1:]))
        for name, one in groups.items()
    }


def _hidden(groups: Mapping[str, Counted], also: set[str], figures: tuple[int, ...]) -> set[str]:
    """Return the groups of which these figures (places in `Counted`) are covered: small ones, and the next."""
    hidden = also | {name for name, one in groups.items() if any(0 < one[at] < LEAST_TOLD for at in figures)}
    more = sorted(groups.keys() - hidden, key=lambda name: (groups[name].people, name))
    while hidden and more and not _safe([groups[name] for name in hidden], figures):
        hidden.add(more.pop(0))
    return hidden


def _safe(hidden: Sequence[Counted], figures: tuple[int, ...]) -> bool:
    """Whether what is covered comes to no small sum; a small figure alone does."""
    return not any(0 < sum(one[at] for one in hidden) < LEAST_TOLD for at in figures)


def _shown(figure: int, hidden: bool) -> str:
    if not hidden:
        return f"{figure:,}"
    return FEW if 0 < figure < LEAST_TOLD else WITHHELD
