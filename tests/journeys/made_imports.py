"""Workbooks that were brought into a county for the walk: one changes cells, one was overtaken by others."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa

from junheng import api as jh
from junheng_web.collection.exchange import importing
from junheng_web.collection.exchange.bases import base_now, mark
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.gathering import facts_of
from junheng_web.collection.ledger.subjects import subject
from junheng_web.collection.models import Ledger
from junheng_web.collection.pages.exchange_views import PURPOSE
from junheng_web.evidence import trials
from junheng_web.organisation.scopes import Scope


def brought(ledger: Ledger, scope: Scope, name: str) -> str:
    """Bring in the schools with some of their numbers changed, but for those whose forms are on their way."""
    tables = dict(facts_of(ledger).tables)
    rows, away = tables["schools"].to_pylist(), set(ledger.submissions.exclude(status="draft").values_list("subject"))
    for row in rows[:20]:
        if (row["school_code"],) not in away:
            row["equipment_value"] = (row["equipment_value"] or 0) // 3
    tables["schools"] = pa.Table.from_pylist(rows, schema=tables["schools"].schema)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "brought.xlsx"
        jh.write_workbook(jh.Facts(tables), file)
        content = file.read_bytes()
    told = {"purpose": PURPOSE, "ledger": [ledger.period.code, ledger.basis]}
    return trials.trial_begin(
        by=scope, county=ledger.county, name=f"{Path(name).stem}.xlsx", chunks=[content], **told
    ).code


def brought_late(ledger: Ledger, scope: Scope, name: str) -> str:
    """Bring in a workbook that was taken home, in some of whose cells others have entered something else meanwhile."""
    ledger.refresh_from_db()
    facts, base = facts_of(ledger), base_now(ledger)
    away = set(ledger.submissions.exclude(status="draft").values_list("subject", flat=True))
    every = facts.tables["schools"].to_pylist()
    rows = [one for one in every if one["primary_pupils"] and one["school_code"] not in away][:3]
    for row in rows:
        one = subject(ledger, "school", row["school_code"])
        form_save(by=scope, one=one, texts=[(("schools", one.code, "primary_pupils"), "1801", None)])
    late = pa.Table.from_pylist(
        [{**row, "primary_pupils": 1888} for row in rows], schema=facts.tables["schools"].schema
    )
    book = importing.of_schools(jh.Facts({**facts.tables, "schools": late}), {row["school_code"] for row in rows})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "late.xlsx"
        jh.write_workbook(book, file, add=lambda made: mark(made, base))
        content = file.read_bytes()
    told = {"purpose": PURPOSE, "ledger": [ledger.period.code, ledger.basis]}
    name = f"{Path(name).stem}.xlsx"
    return trials.trial_begin(by=scope, county=ledger.county, name=name, chunks=[content], **told).code
