"""The form of prices and limits: a row for each thing that has a price or a limit, and rows for single schools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from junheng import api as jh
from junheng.facts.plan_schema import DEEDS, LIMITED, LIMITS, PRICED, PRICES, Limit
from junheng_web.planning.terms import Rows, check

HUNDRED, DIGITS = 100, 14
BLANKS = 3
MONEY = ("unit_price", "fixed_price", "yearly_price")
WRONG_NUMBER = {
    "invalid": "请填数字",
    "min_value": "不能小于 0",
    "max_digits": "数太大",
    "max_decimal_places": "最多两位小数",
    "max_whole_digits": "数太大",
}
WRONG_DAY = {"invalid": "请按 2026-03-01 这样填"}
EVERYBODY = {"county": "全县", "school": "每所学校", "both": "全县"}


def _number(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=DIGITS, decimal_places=2, error_messages=WRONG_NUMBER
    )


def _text(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the form: what it is about, in which unit, and its cells by heading."""

    label: str
    unit: str
    cells: list[tuple[str, Any]]


class TermsForm(forms.Form):
    """All prices and limits at once. What was read from the newest terms stands in it; distances stay as they are."""

    note = forms.CharField(
        label="这一版改了什么", required=False, max_length=200, help_text="以后看得出为什么改；可以不写"
    )

    def __init__(self, tables: Rows, schools: Mapping[str, str], *args: Any, **options: Any) -> None:
        self.kept, self.schools = tables, schools
        self.owned = [row for row in tables.get("limits", []) if row.get("school_code")]
        super().__init__(*args, initial=dict(self._initial(tables)), **options)
        for name, field in self._asked():
            self.fields[name] = field

    def _asked(self) -> Iterator[tuple[str, forms.Field]]:
        """Yield every field by its name."""
        for item, label in PRICED.items():
            for name in MONEY:
                yield f"price-{item}-{name}", _number(f"{label} {PRICES.column(name).label}")
            months = {"required": False, "min_value": 0, "max_value": 120}
            wrong = {"invalid": "请填整数", "min_value": "不能小于 0", "max_value": "最多 120 个月"}
            yield f"price-{item}-lead_months", forms.IntegerField(label=f"{label} 月数", **months, error_messages=wrong)
            yield f"price-{item}-source", _text(f"{label} 价格来源")
            day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            told = {"label": f"{label} 价格日期", "required": False, "widget": day, "error_messages": WRONG_DAY}
            yield f"price-{item}-date", forms.DateField(**told)
        for item, limit in LIMITED.items():
            yield from self._limit_fields(f"limit-{item}", limit.label, limit)
        for at in range(len(self.owned) + BLANKS):
            yield from self._own_fields(at)

    @staticmethod
    def _limit_fields(name: str, label: str, limit: Limit) -> Iterator[tuple[str, forms.Field]]:
        if limit.least:
            yield f"{name}-at_least", _number(f"{label} 不少于")
        if limit.most:
            yield f"{name}-at_most", _number(f"{label} 不多于")
        yield f"{name}-note", _text(f"{label} 依据")

    def _own_fields(self, at: int) -> Iterator[tuple[str, forms.Field]]:
        items = [(item, f"{one.label}（{one.unit}）") for item, one in LIMITED.items() if one.of != "county"]
        wrong = {"invalid_choice": "请在列出的里面选"}
        for name, choices, label in (("item", items, "项目"), ("school_code", self.schools.items(), "学校")):
            told = {"label": f"单独限制第 {at + 1} 行 {label}", "required": False, "error_messages": wrong}
            yield f"own-{at}-{name}", forms.ChoiceField(choices=[("", "—"), *choices], **told)
        yield f"own-{at}-at_least", _number(f"单独限制第 {at + 1} 行 不少于")
        yield f"own-{at}-at_most", _number(f"单独限制第 {at + 1} 行 不多于")
        yield f"own-{at}-note", _text(f"单独限制第 {at + 1} 行 依据")

    # --- rows to cells

    def _initial(self, tables: Rows) -> Iterator[tuple[str, Any]]:
        for row in tables.get("prices", []):
            for name, value in row.items():
                yield f"price-{row['item']}-{name}", _shown(name, value)
        for row in tables.get("limits", []):
            if not row.get("school_code"):
                for name, value in row.items():
                    yield f"limit-{row['item']}-{name}", _shown(name, value)
        for at, row in enumerate(self.owned):
            for name, value in row.items():
                yield f"own-{at}-{name}", _shown(name, value)

    def prices(self) -> Iterator[Line]:
        """Yield the rows of prices."""
        for item, label in PRICED.items():
            unit = DEEDS[item].unit if item in DEEDS else "公里"
            names = (*MONEY, "lead_months", "source", "date")
            yield Line(label, unit, [(PRICES.column(name).label, self._cell(f"price-{item}-{name}")) for name in names])

    def limits(self) -> Iterator[Line]:
        """Yield the rows of limits on the county, or on every school alike."""
        for item, limit in LIMITED.items():
            names = (("at_least", "不少于"), ("at_most", "不多于"), ("note", "依据"))
            cells = [(label, self._cell(f"limit-{item}-{name}")) for name, label in names]
            yield Line(limit.label, f"{limit.unit}，{EVERYBODY[limit.of]}", cells)

    def own(self) -> Iterator[Line]:
        """Yield the rows of limits on single schools."""
        names = (
            ("item", "项目"),
            ("school_code", "学校"),
            ("at_least", "不少于"),
            ("at_most", "不多于"),
            ("note", "依据"),
        )
        for at in range(len(self.owned) + BLANKS):
            yield Line("", "", [(label, self._cell(f"own-{at}-{name}")) for name, label in names])

    def _cell(self, name: str) -> Any:
        """Return a cell that says what it is to those who do not see its heading; None where there is none."""
        if name not in self.fields:
            return None
        field = self[name]
        select = isinstance(field.field, forms.ChoiceField)
        given = {"class": "form-select" if select else "form-control", "aria-label": field.label}
        if isinstance(field.field, forms.DecimalField):
            given["step"] = "any"
        return {"control": field.as_widget(attrs=given), "errors": field.errors, "id": field.id_for_label}

    # --- cells to rows

    def clean(self) -> dict[str, Any]:
        """Refuse what the planner refuses, each reason at its cell."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check(self.tables, self.schools)
            except jh.Unusable as error:
                for one in error.problems:
                    self.add_error(*self._placed(one))
        return cleaned

    def _placed(self, one: jh.Problem) -> tuple[str | None, str]:
        """Return at which cell a problem of the planner's stands, and its words."""
        table = PRICES if one.file == PRICES.label else LIMITS
        rows = self.tables[table.name]
        at = (one.row or 0) - 2
        if not 0 <= at < len(rows):
            return None, str(one)
        row, said = rows[at], f"{one.reason}。{one.remedy}"
        if table is PRICES:
            name = f"price-{row['item']}-source"
        elif row.get("school_code"):
            name = f"own-{self._place(row)}-item"
        else:
            name = f"limit-{row['item']}-{'at_least' if LIMITED[row['item']].least else 'at_most'}"
        return (name, said) if name in self.fields else (None, said)

    def _place(self, row: Mapping[str, Any]) -> int:
        return next(at for at, found in self._own_rows() if found == row)

    @property
    def tables(self) -> Rows:
        """The tables as the form has them; distances as they were."""
        prices = [row for item in PRICED if len(row := self._row(f"price-{item}", self._noted(item))) > 1]
        limits = [row for item in LIMITED if len(row := self._row(f"limit-{item}", {"item": item})) > 1]
        own = [row for _, row in self._own_rows()]
        return {"prices": prices, "limits": [*limits, *own], "distances": self.kept.get("distances", [])}

    def _noted(self, item: str) -> dict[str, Any]:
        """Return the beginning of a price's row; a note that came with a workbook is not asked for, and stays."""
        notes = {row["item"]: row["note"] for row in self.kept.get("prices", []) if row.get("note")}
        filled = self.cleaned_data.get(f"price-{item}-unit_price") is not None
        return {"item": item, **({"note": notes[item]} if filled and item in notes else {})}

    def _own_rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for at in range(len(self.owned) + BLANKS):
            row = self._row(f"own-{at}", {})
            if "item" in row and len(row) > 1:
                yield at, row

    def _row(self, prefix: str, row: dict[str, Any]) -> dict[str, Any]:
        """Return the cells of a row that hold something, in the smallest units."""
        for name, value in self.cleaned_data.items():
            start, _, column = name.rpartition("-")
            if start == prefix and value not in (None, ""):
                row[column] = _kept(value)
        return row


def _kept(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value * HUNDRED)
    return value.isoformat() if isinstance(value, dt.date) else value


def _shown(name: str, value: Any) -> Any:
    """Return a stored value as it is typed; whole money without decimals."""
    if name in (*MONEY, "at_least", "at_most") and isinstance(value, int):
        told = Decimal(value) / HUNDRED
        return int(told) if told == told.to_integral_value() else told
    return value
