"""What is asked of the office about a duty, and of a unit about a period of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django import forms

from junheng_web.collection.pages.forms import ImportForm
from junheng_web.duties.book import book_of
from junheng_web.duties.models import LONGEST, LONGEST_REASON, Duty, Report, UnitName
from junheng_web.duties.selectors import units_of
from junheng_web.duties.services import Asked, Said
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WRONG_DAY = {"invalid": "请按 2026-09-01 这样填", "required": "请填日期"}
WRONG = {"required": "请选一项", "invalid_choice": "请在列出的里面选"}
LATEST_DAYS = 60


def box(rows: int) -> forms.Textarea:
    """Return a text box of some lines."""
    return forms.Textarea(attrs={"rows": rows})


class AskedForm(forms.Form):
    """What a duty says, which indicators it is about, and how often it is reported on."""

    text = forms.CharField(label="职责", widget=box(4), error_messages={"required": "请写职责的内容"})
    indicators = forms.MultipleChoiceField(
        label="有关的指标",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在列出的里面选"},
    )
    cadence = forms.ChoiceField(
        label="多久报一次",
        choices=Duty.Cadence.choices,
        required=False,
        help_text="不用报的就选“不用报”；报的只有三种：已做、没有做、本期没有这类事",
    )
    since = forms.DateField(
        label="从哪天起报",
        required=False,
        widget=DAY,
        error_messages=WRONG_DAY,
        help_text="从这一天所在的月（季）起；以前的不补报",
    )
    due_days = forms.IntegerField(
        label="期满后几天内报",
        min_value=1,
        max_value=LATEST_DAYS,
        initial=5,
        error_messages={
            "required": "请填天数",
            "invalid": "请填天数，例如 5",
            "min_value": "至少 1 天",
            "max_value": f"最多 {LATEST_DAYS} 天",
        },
    )
    why = forms.CharField(
        label="为什么要报",
        required=False,
        max_length=LONGEST_REASON,
        help_text="写给报的人看：报了做什么用",
    )
    elsewhere = forms.CharField(
        label="别处已经报过的",
        required=False,
        max_length=LONGEST_REASON,
        help_text="同样的内容在哪里报过，就写在这里；报过的不再要",
    )

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = book_of(county).rows
        self.fields["indicators"].choices = [(row.indicator, row.called) for row in rows]

    @property
    def asked(self) -> Asked:
        """What was asked for."""
        told = {name: self.cleaned_data[name] for name in Asked.__dataclass_fields__}
        told |= {"text": told["text"].strip(), "indicators": tuple(told["indicators"])}
        return Asked(**told)


class EditForm(AskedForm):
    """A duty that is changed, and why; `revision` is the one that was read."""

    why_changed = forms.CharField(
        label="为什么改", required=False, max_length=LONGEST_REASON, help_text="改了文字就要写；原文和改前的都留着"
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("text", "why_changed", "indicators", "cadence", "since", "due_days", "why", "elsewhere")


class AddForm(AskedForm):
    """Duties that the office assigns: a line each, to one unit or to several."""

    units = forms.MultipleChoiceField(
        label="给哪些单位",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选至少一个单位", "invalid_choice": "请在列出的里面选"},
    )
    source = forms.CharField(
        label="依据", required=False, max_length=LONGEST_REASON, help_text="文件、会议或领导批示；没有就留空"
    )

    field_order = ("units", "text", "source", "indicators", "cadence", "since", "due_days", "why", "elsewhere")

    def __init__(self, scope: Scope, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.known = {unit.code: unit for unit in units_of(scope, county).filter(closed=None)}
        self.fields["units"].choices = [(code, unit.name) for code, unit in self.known.items()]
        self.fields["text"].help_text = f"一行一条；每条不超过 {LONGEST} 个字"

    @property
    def each(self) -> list[Asked]:
        """Its duties, one by one."""
        lines = [line.strip() for line in self.cleaned_data["text"].splitlines()]
        return [replace(self.asked, text=line) for line in lines if line]

    @property
    def told(self) -> dict[str, Any]:
        """To whom, and on what ground."""
        units = [self.known[code] for code in self.cleaned_data["units"]]
        return {"units": units, "source": self.cleaned_data["source"].strip()}


class EndForm(forms.Form):
    """From which day on a duty holds no longer, and why."""

    day = forms.DateField(label="从哪天起停止", widget=DAY, error_messages=WRONG_DAY)
    why = forms.CharField(label="停止的原因", max_length=LONGEST_REASON, error_messages={"required": "请写停止的原因"})
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: dt.date, **options: Any) -> None:
        super().__init__(*args, initial={"day": today}, **options)


class ReportForm(forms.Form):
    """What is reported for a period."""

    state = forms.ChoiceField(
        label="这一期", choices=Report.State.choices, widget=forms.RadioSelect, error_messages=WRONG
    )
    text = forms.CharField(
        label="说明",
        required=False,
        max_length=LONGEST,
        widget=box(3),
        help_text="“没有做”的写一句卡在哪里；别的可以不写",
    )
    paper = forms.CharField(
        label="依据的来件",
        required=False,
        max_length=LONGEST_REASON,
        help_text="替别的单位代录时写：文号、日期或来电人",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0, required=False)

    def __init__(self, *args: Any, behalf: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not behalf:
            del self.fields["paper"]

    @property
    def said(self) -> Said:
        """What was reported."""
        told = self.cleaned_data
        return Said(told["state"], told["text"], told.get("paper", ""), told["seen"] or 0)


class WorkbookForm(ImportForm):
    """The table of tasks as a workbook."""

    suffixes = (".xlsx", ".xls")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = "从“导出 Excel”下载、改过的工作簿；没有列出的指标不动"
        self.fields["file"].widget.attrs["accept"] = ",".join(self.suffixes)


class ClausesForm(WorkbookForm):
    """The duties as a workbook."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = "从“导出 Excel”下载、改过的工作簿；没有列出的职责不动"


class NameForm(forms.Form):
    """How a part of the document writes a unit."""

    unit = forms.ChoiceField(label="单位", error_messages=WRONG)
    part = forms.ChoiceField(label="文件的哪一部分", choices=UnitName.Part.choices, error_messages=WRONG)
    name = forms.CharField(label="写法", max_length=120, error_messages={"required": "请照文件写"})
    note = forms.CharField(label="说明", max_length=LONGEST_REASON, required=False)

    def __init__(self, scope: Scope, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {unit.code: unit for unit in units_of(scope, county)}
        self.fields["unit"].choices = [(code, unit.name) for code, unit in self.known.items()]
