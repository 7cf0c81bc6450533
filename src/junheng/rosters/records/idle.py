"""Which checks of some parts can find nothing, as few values tell that are there already: a statement is dearer.

Nothing is found here. Where something may be wrong, the check's own statement (`checking`) is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from junheng.rosters.records.checking import COUNTED, TypeStages
from junheng.rosters.records.model import RecordCheck, Records

Tables = Mapping[str, pa.Table]


def is_idle(check: RecordCheck, tables: Tables, records: Records, types: TypeStages) -> bool:
    """Whether a check can find nothing in `class_counts`, `staff_counts` and `school_rows`, each row with its part."""
    asked = IDLE.get(check.kind)
    return asked is not None and asked(check, tables, records, types)


def _rows(check: RecordCheck, tables: Tables, _: Records, __: TypeStages) -> bool:
    return not pc.sum(_counts(check, tables)[check.id]).as_py()


def _unreported(check: RecordCheck, tables: Tables, _: Records, __: TypeStages) -> bool:
    counts, heads = _counts(check, tables), COUNTED[check.table][1]
    return bool(pc.sum(counts[heads]).equals(pc.sum(counts[f"{check.mark}_known"])))


def _class_size(check: RecordCheck, tables: Tables, _: Records, __: TypeStages) -> bool:
    return (pc.max(_counts(check, tables)["pupils"]).as_py() or 0) < check.at_least


def _unknown_school(check: RecordCheck, tables: Tables, _: Records, __: TypeStages) -> bool:
    counts = _counts(check, tables)
    return bool(pc.all(pc.fill_null(_at_home(counts, tables["school_rows"])[1], fill_value=False), min_count=0).as_py())


def _impossible_grade(check: RecordCheck, tables: Tables, records: Records, _: TypeStages) -> bool:
    return all(
        one["grade"] is None or grades is None or grades.first <= one["grade"] <= grades.last
        for one in _distinct(_counts(check, tables), "stage", "grade")
        for grades in [records.stages.get(one["stage"])]
    )


def _foreign_stage(check: RecordCheck, tables: Tables, _: Records, types: TypeStages) -> bool:
    counts, schools = _counts(check, tables), tables["school_rows"]
    at, at_home = _at_home(counts, schools)
    seen = pa.table({"stage": counts["stage"], "type": schools["school_type"].take(at), "at_home": at_home})
    return all(_is_right(one, types) for one in _distinct(seen, *seen.column_names))


def _is_right(one: Mapping[str, Any], types: TypeStages) -> bool:
    """Whether people of a stage are right in a type of school; of a school that nobody knows another check speaks."""
    own = types.get(one["type"] or "")
    is_right = one["stage"] == "kindergarten" or own is None or one["stage"] in own
    return one["at_home"] is None or (one["at_home"] and is_right)


def _at_home(counts: pa.Table, schools: pa.Table) -> tuple[pa.Array, pa.ChunkedArray]:
    """Return where each row's school stands among `schools`, and whether it is of the same part; null where nowhere.

    Of a school that stands in two parts it may be said that it is not: then the check is asked.
    """
    at = pc.index_in(counts["school_code"], schools["school_code"].combine_chunks()).combine_chunks()
    return at, pc.equal(schools["part"].take(at), counts["part"])


def _counts(check: RecordCheck, tables: Tables) -> pa.Table:
    return tables[COUNTED[check.table][0]]


def _distinct(counts: pa.Table, *names: str) -> list[dict[str, Any]]:
    return list(counts.group_by(list(names)).aggregate([]).to_pylist())


IDLE: Mapping[str, Callable[[RecordCheck, Tables, Records, TypeStages], bool]] = {
    "rows": _rows,
    "unreported": _unreported,
    "class_size": _class_size,
    "unknown_school": _unknown_school,
    "impossible_grade": _impossible_grade,
    "foreign_stage": _foreign_stage,
}
