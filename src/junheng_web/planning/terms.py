"""Terms between the form, the workbook, what is stored, and the planner's own tables."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa

from junheng import api as jh
from junheng.facts.model import arrow_schema
from junheng.facts.plan_schema import LIMITED, PLAN_TABLES, PRICED
from junheng.facts.plan_template import add_plan_sheets
from junheng.facts.readers import load_plan_tables
from junheng.facts.schema import Kind
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.planning.models import Terms

Rows = dict[str, list[dict[str, Any]]]
INVENTED = "虚构"
LABELS = tuple((name, table.label) for name, table in PLAN_TABLES.items())


def terms_now(scope: Scope, county: Area) -> Terms | None:
    """Return the county's newest terms, if it has any."""
    return Terms.objects.visible_to(scope).of(county).first()


def arrow_of(tables: Rows) -> dict[str, pa.Table]:
    """Return stored terms as the planner's tables."""
    return {name: _table(name, tables.get(name, [])) for name in PLAN_TABLES}


def _table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    schema = arrow_schema(PLAN_TABLES[name])
    days = [column.name for column in PLAN_TABLES[name].columns if column.kind is Kind.DATE]
    kept = [{**row, **{day: _day(row.get(day)) for day in days}} for row in rows]
    return pa.Table.from_pylist(kept, schema)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def rows_of(tables: Mapping[str, pa.Table]) -> Rows:
    """Return the planner's tables as they are stored: what is empty is left out."""
    return {name: [_kept(row) for row in tables[name].to_pylist()] for name in PLAN_TABLES}


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}
    return {name: value for name, value in told.items() if value is not None and value != ""}


def terms_at(path: Path) -> Rows:
    """Return the terms in a workbook, or in a folder of tables. Raises Unusable with every problem."""
    return rows_of(load_plan_tables(path))


def terms_in(content: bytes, suffix: str) -> Rows:
    """Return the terms in a workbook that was handed in. Raises Unusable with every problem."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"terms{suffix}"
        file.write_bytes(content)
        return terms_at(file)


def check(tables: Rows, schools: Mapping[str, str]) -> None:
    """Refuse terms with which nothing can be planned. Raises Unusable with every row that is wrong."""
    jh.edit_costs([], schools, arrow_of(tables))


def workbook(tables: Rows) -> bytes:
    """Return terms as the planner's workbook, with what stands there now."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        add_plan_sheets(book, {name: [_written(name, row) for row in tables.get(name, [])] for name in PLAN_TABLES})
    return out.getvalue()


def blank() -> bytes:
    """Return the blank workbook, with what can have a price or a limit."""
    with tempfile.TemporaryDirectory() as folder:
        jh.write_plan_template(file := Path(folder) / "terms.xlsx")
        return file.read_bytes()


def _written(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row in written units, codes under their labels."""
    table, told = PLAN_TABLES[name], dict(row)
    for column in table.columns:
        value = told.get(column.name)
        if value is None:
            continue
        if column.choices:
            told[column.name] = column.choices[value]
        elif column.kind in (Kind.MONEY, Kind.RATIO):
            told[column.name] = float(Decimal(value) / column.measure.scale)
    return told


def invented(tables: Rows) -> bool:
    """Whether a price says of itself that it is invented."""
    return any(INVENTED in f"{row.get('source', '')}{row.get('note', '')}" for row in tables.get("prices", []))


def label_of(row: Mapping[str, Any]) -> str:
    """Return what a row of prices or limits is about."""
    item = row["item"]
    return PRICED[item] if item in PRICED else LIMITED[item].label
