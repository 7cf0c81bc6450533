"""Which checks of a part can find nothing, as few values tell that are there already: a statement is dearer.

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
    """Whether a check can find nothing in a part's `class_counts`, `staff_counts` and `school_rows`."""
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
    known = tables["school_rows"]["school_code"].combine_chunks()
    return bool(pc.all(pc.is_in(_counts(check, tables)["school_code"], known), min_count=0).as_py())


def _impossible_grade(check: RecordCheck, tables: Tables, records: Records, _: TypeStages) -> bool:
    return all(
        one["grade"] is None or grades is None or grades.first <= one["grade"] <= grades.last
        for one in _distinct(_counts(check, tables), "stage", "grade")
        for grades in [records.stages.get(one["stage"])]
    )


def _foreign_stage(check: RecordCheck, tables: Tables, _: Records, types: TypeStages) -> bool:
    schools = tables["school_rows"]
    kinds = dict(zip(schools["school_code"].to_pylist(), schools["school_type"].to_pylist(), strict=True))
    return all(
        one["stage"] == "kindergarten" or own is None or one["stage"] in own
        for one in _distinct(_counts(check, tables), "school_code", "stage")
        for own in [types.get(kinds.get(one["school_code"], ""))]
    )


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
