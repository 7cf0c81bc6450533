"""Rows, their history, traps and signs as the pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone

from junheng import api as jh
from junheng.facts.items import ITEMS
from junheng.facts.schema import SCHOOLS, STAGE_LABELS
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.registers.importing import cells_between, title_of
from junheng_web.registers.models import Register, Row, Version
from junheng_web.registers.seeing import rows_of, rows_seen, school_names
from junheng_web.registers.values import arrow_of, read_back, shown, table_of

TEACHERS, STAFFING = Register.Name.TEACHERS, Register.Name.STAFFING


def row_told(name: str, row: Row, schools: Mapping[str, str]) -> dict[str, Any]:
    """Return a row for a table: each column in words, with its key."""
    table = table_of(name)
    told = {column.name: shown(row.values.get(column.name), column, schools) for column in table.columns}
    return {**told, "key": row.key, "at": row.version.write.at}


def person_told(row: Row, places: Mapping[str, str]) -> dict[str, Any]:
    """Return a person for the list: where he teaches is told only where it is not where he counts."""
    told = row_told(TEACHERS, row, places)
    here = told["teaching_school_code"] == told["census_school_code"]
    away = "" if here else told["teaching_school_code"]
    return {**told, "teaching_school_code": away, "lessons": row.values.get("lessons")}


def cells_told(name: str, row: Row, schools: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is reported in a row, label and words."""
    columns = table_of(name).columns
    return [(one.label, shown(row.values[one.name], one, schools)) for one in columns if one.name in row.values]


def counted(row: Row, today: dt.date, places: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return how one person stands today to every figure, by the reading in force: in which school, and why not."""
    table = arrow_of(table_of(TEACHERS), [row.values])
    return [
        {
            "label": _label(one.column),
            "place": places.get(one.school_code or "", one.school_code or ""),
            "standing": one,
        }
        for one in jh.people_counted(table, as_of=today)
        if one.near
    ]


def _label(column: str) -> str:
    """Return what a figure is called; of somebody whose stage is not written, without the stage."""
    known = {**ITEMS, **SCHOOLS.by_name}
    stage, label = next(iter(STAGE_LABELS.items()))
    return known[column].label if column in known else known[f"{stage}_{column}"].label.removeprefix(label)


def history(row: Row, schools: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every version of a row, the last first: who, when, from where in which file, and what it changed."""
    table, before, told = table_of(row.register.name), Version(values={}), []
    for one in Version.objects.filter(register=row.register, key=row.key).select_related("write").order_by("revision"):
        was = {} if before.gone else before.values
        told.append({**_written(one), "cells": () if one.gone else cells_between(table, was, one.values, schools)})
        before = one
    return told[::-1]


def _written(one: Version) -> dict[str, Any]:
    write = one.write
    place = "，".join(filter(None, [one.sheet, f"第 {one.file_row} 行" if one.file_row else ""]))
    return {
        "who": f"{write.by_name or '系统'}{f'（{write.by_post}）' if write.by_post else ''}",
        "at": timezone.localtime(write.at),
        "how": "移出台账" if one.gone else write.get_kind_display(),
        "file": write.file_name,
        "place": place,
    }


def traps(scope: Scope, county: Area, today: dt.date) -> list[dict[str, Any]]:
    """Return what is worth a second look among the people whom one may see, trap by trap.

    The other one of two is named only to whoever may see that one as well.
    """
    seen = {row.key: row for row in rows_seen(scope, county, TEACHERS)}
    table = arrow_of(table_of(TEACHERS), (row.values for row in rows_of(county, TEACHERS)))
    schools, grouped = school_names(county), dict[str, dict[str, Any]]()
    for one in jh.find_traps(table, as_of=today):
        group = grouped.setdefault(one.trap.id, {"trap": one.trap, "people": []})
        if one.person_code in seen:
            group["people"].append(_suspect(one, seen, schools))
    return [group for group in grouped.values() if group["people"]]


def _suspect(one: jh.Suspect, seen: Mapping[str, Row], schools: Mapping[str, str]) -> dict[str, Any]:
    row = seen[one.person_code]
    other = (
        title_of(TEACHERS, seen[one.other].values) if one.other in seen else "别的学校的一个工号" if one.other else ""
    )
    school = schools.get(row.values.get("census_school_code", ""), "没有写统计学校")
    return {"row": row, "title": title_of(TEACHERS, row.values), "school": school, "other": other}


def staffing_rows(rows: list[Row], schools: Mapping[str, str], year: int) -> list[dict[str, Any]]:
    """Return a year's rows of 编制台账 with the vacancies that follow."""
    own = [row for row in rows if row.values.get("year") == year]
    table = table_of(STAFFING)
    return [{**row_told(STAFFING, row, schools), "vacant": jh.vacant(read_back(table, row.values))} for row in own]


def totals(rows: list[Row], year: int) -> dict[str, int]:
    """Return a year's sums of every number of people, over the rows that report it."""
    own = [row.values for row in rows if row.values.get("year") == year]
    names = [column.name for column in table_of(STAFFING).columns if column.unit == "人"]
    return {name: sum(values.get(name, 0) for values in own) for name in names}


def signs(rows: list[Row], schools: Mapping[str, str]) -> Iterator[tuple[str, jh.Sign]]:
    """Yield the early signs of 有编不补 with the school's name."""
    table = table_of(STAFFING)
    for one in jh.signs([read_back(table, row.values) for row in rows]):
        yield schools.get(one.school_code, one.school_code), one
