"""Signs from things that do not add up: the county's numbers and the schools', rooms and floors, one teacher in two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from junheng.facts.items import ITEMS
from junheng.facts.schema import COUNTY as ITEM_TABLE
from junheng.facts.schema import ROOM_KINDS, ROOMS, SCHOOLS
from junheng_web.scrutiny.declared import AREA, Declared
from junheng_web.scrutiny.evidence import COUNTY, Evidence, Sign
from junheng_web.scrutiny.kinds.words import cell, names, of_school

CLASSES = ("primary_classes", "junior_classes")


def totals(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield each item of the county that is more than all schools together report; where one has not, none is told."""
    for part in of.terms.parts:
        item, whole = evidence.facts.items.get(part.item), _over_all(part.whole, evidence)
        if item is None or whole is None or item <= whole:
            continue
        key = (ITEM_TABLE.name, part.item, "value")
        labels = "＋".join(SCHOOLS.column(name).label for name in part.whole)
        own, sum_told = cell(key, item), cell((SCHOOLS.name, "", part.whole[0]), whole)
        told = f"{ITEMS[part.item].label} {own}，各校{labels}之和 {sum_told}"
        numbers = ((ITEMS[part.item].label, own), (f"各校{labels}之和", sum_told))
        yield Sign(of, COUNTY, part.item, f"{item}；{whole}", told, key, numbers)


def _over_all(columns: tuple[str, ...], evidence: Evidence) -> int | None:
    """Return the sum over every school of what its stages have; None where any of it is not reported."""
    cells = [
        row[name]
        for code, row in evidence.schools.items()
        for name in columns
        if evidence.has_stage(code, name) or row[name] is not None
    ]
    return None if None in cells else sum(cells)


def rooms(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield where the rooms that are listed are more than the floor that they would be part of, or than all classes."""
    measure = _larger_than_the_floor if of.terms.measure == AREA else _more_than_classes
    for code, listed in _listed(evidence).items():
        if code in evidence.schools and (sign := measure(of, code, listed, evidence)):
            yield sign


def _listed(evidence: Evidence) -> dict[str, list[tuple[str, int | None]]]:
    """Return the kind and area of the rooms of each school."""
    found: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for row in evidence.facts.tables[ROOMS.name].to_pylist():
        found[row["school_code"]].append((row["kind"], row["area"]))
    return found


def _larger_than_the_floor(
    of: Declared, code: str, listed: list[tuple[str, int | None]], evidence: Evidence
) -> Sign | None:
    row, areas = evidence.schools[code], [area for _, area in listed if area is not None]
    floor = row["teaching_area"]
    if floor is None or sum(areas) <= floor - (row["indoor_sports_area"] or 0):
        return None
    key = (SCHOOLS.name, code, "teaching_area")
    rooms_told = cell(key, sum(areas))
    told = f"{len(areas)} 间专用教室合计 {rooms_told}，多于放得下它们的教学及辅助用房"
    columns = ("teaching_area", "indoor_sports_area")
    numbers = (*(of_school(code, name, evidence) for name in columns), ("专用教室合计", rooms_told))
    value = f"{floor}；{row['indoor_sports_area']}；{','.join(map(str, sorted(areas)))}"
    return Sign(of, code, of.terms.measure, value, told, key, numbers)


def _more_than_classes(
    of: Declared, code: str, listed: list[tuple[str, int | None]], evidence: Evidence
) -> Sign | None:
    row = evidence.schools[code]
    own = [name for name in CLASSES if evidence.has_stage(code, name) or row[name] is not None]
    if not own or any(row[name] is None for name in own) or len(listed) <= sum(row[name] for name in own):
        return None
    key = (SCHOOLS.name, code, own[0])
    counts = [f"{label} {sum(kind == one for one, _ in listed)} 间" for kind, label in ROOM_KINDS.items()]
    told = f"{'、'.join(counts)}，全校 {sum(row[name] for name in own)} 个班"
    numbers = (*(of_school(code, name, evidence) for name in own), ("专用教室", f"{len(listed)} 间"))
    return Sign(of, code, of.terms.measure, f"{len(listed)}；{[row[name] for name in own]}", told, key, numbers)


def twice(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield each school some of whose teachers are counted in another as well; persons are counted, not named."""
    placed: dict[str, set[str]] = defaultdict(set)
    for one in evidence.placements:
        placed[one.person].add(one.school)
    shared: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for person, schools in placed.items():
        for code in schools & set(evidence.schools) if len(schools) > 1 else ():
            shared[code][person] = schools - {code}
    for code, people in sorted(shared.items()):
        others = sorted(set().union(*people.values()) & set(evidence.schools))
        told = f"{len(people)} 名专任教师同时算在别的学校：{names(others, evidence)}"
        columns = [name for name in ("primary_teachers", "junior_teachers") if evidence.has_stage(code, name)]
        key = (SCHOOLS.name, code, columns[0]) if columns else None
        numbers = tuple(of_school(code, name, evidence) for name in columns)
        value = "；".join(f"{person}:{','.join(sorted(people[person]))}" for person in sorted(people))
        yield Sign(of, code, "teachers", value, told, key, numbers)
