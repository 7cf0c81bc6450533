"""What is asked of whoever enters one row, brings in a file, or says which units read 编制台账."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from junheng.facts.schema import Column, Kind
from junheng_web.collection.pages.forms import ImportForm
from junheng_web.organisation.models import Area, Unit
from junheng_web.registers.models import Reader
from junheng_web.registers.values import EMPLOYER, SCHOOLS, Values, is_number, read, table_of, typed

BLANK = ("", "（未填）")


class RowForm(forms.Form):
    """One row of a register; its fields are the register's columns. The columns in `fixed` name it and stay."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        name: str,
        schools: Mapping[str, str],
        places: Mapping[str, str],
        values: Values | None = None,
        fixed: Collection[str] = (),
    ) -> None:
        table, held = table_of(name), values or {}
        initial = {column.name: typed(held.get(column.name), column) for column in table.columns}
        initial |= {EMPLOYER: places.get(initial.get(EMPLOYER, ""), initial.get(EMPLOYER, ""))}
        super().__init__(data, initial=initial)
        self.columns, self.codes = table.columns, {place: code for code, place in places.items()}
        for column in table.columns:
            field = _field(column, schools if column.name in SCHOOLS[name] else {})
            field.required, field.disabled = column.name in table.key, column.name in fixed
            self.fields[column.name] = field

    def clean(self) -> dict[str, Any]:
        """Read each text as the register's column; what means nothing is said at its field."""
        self.values: dict[str, Any] = {}
        for column in self.columns:
            text = self.cleaned_data.get(column.name) or ""
            value, problem = read(column, self.codes.get(text, text) if column.name == EMPLOYER else text)
            if problem is not None:
                self.add_error(column.name, f"{problem.reason}；{problem.remedy}")
            elif value is not None:
                self.values[column.name] = value
        return self.cleaned_data


def _field(column: Column, schools: Mapping[str, str]) -> forms.Field:
    said = {"label": column.label, "error_messages": {"required": f"请填{column.label}"}}
    if choices := schools or column.choices:
        return forms.ChoiceField(choices=[BLANK, *choices.items()], **said)
    if column.kind is Kind.DATE:
        return forms.CharField(widget=forms.TextInput(attrs={"type": "date"}), **said)
    if is_number(column):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        return forms.CharField(widget=widget, **{**said, "label": f"{column.label}（{column.unit}）"})
    return forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}), **said)


class RegisterForm(ImportForm):
    """A register's workbook, and whether it lists everybody."""

    whole = forms.BooleanField(
        label="这份文件列全了文件里各校的人",
        help_text="勾上以后，文件里没有列出的，从这些学校的台账里移出（历史保留）；不勾，就不动他们",
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = "从本页下载的工作簿，或按模板做的 .xlsx、.xls；一行一行整行代替"

    def clean_file(self) -> Any:
        """Refuse a zip as well: a register is one table."""
        file = super().clean_file()
        if file.name.lower().endswith(".zip"):
            raise forms.ValidationError(f"{file.name}：台账只有一张表，请直接交 .xlsx 或 .xls")
        return file


class ReadersForm(forms.Form):
    """The units that read the whole county's 编制台账."""

    units = forms.MultipleChoiceField(
        label="哪些单位看全县的编制台账", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, county: Area) -> None:
        read_by = list(Reader.objects.of(county).values_list("unit__code", flat=True))
        super().__init__(data, initial={"units": read_by})
        self.fields["units"].choices = Unit.objects.of(county).filter(parent=None).values_list("code", "name")
