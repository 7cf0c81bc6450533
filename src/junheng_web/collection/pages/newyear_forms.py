"""What is asked of the office, page by page, about the school year that it is about to open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from junheng.facts.schema import SCHOOL_TYPES, STAGE_LABELS
from junheng_web.collection.pages.forms import DAY, WRONG_DAY
from junheng_web.collection.years.carrying import Deed, Fact
from junheng_web.collection.years.opening import Asked, SchoolAsked
from junheng_web.organisation.schools import School, SchoolChange

Kind = SchoolChange.Kind
# What each kind of change must say besides the day, and how it is asked for.
NEEDED: Mapping[str, Mapping[str, str]] = {
    Kind.OPENED: {"code": "请填新学校的标识码", "name": "请填新学校的名称", "school_type": "请选新学校的类型"},
    Kind.CLOSED: {"school": "请选撤销的学校"},
    Kind.MERGED: {"school": "请选被并入的学校", "into": "请选并入哪一所"},
    Kind.RENAMED: {"school": "请选更名的学校", "name": "请填新的名称"},
    Kind.RETYPED: {"school": "请选改变类型的学校", "school_type": "请选新的类型"},
}
NOTHING = [("", "—")]


class SchoolForm(forms.Form):
    """One thing that becomes of a school."""

    kind = forms.ChoiceField(label="变动", choices=Kind.choices)
    school = forms.ChoiceField(label="哪一所", required=False, help_text="新设学校不用选")
    code = forms.CharField(label="学校标识码", required=False, max_length=20, help_text="新设学校才填")
    name = forms.CharField(label="名称", required=False, max_length=120, help_text="新设的名称，或更名以后的名称")
    school_type = forms.ChoiceField(
        label="类型",
        required=False,
        choices=[*NOTHING, *SCHOOL_TYPES.items()],
        help_text="新设的类型，或改变以后的类型",
    )
    into = forms.ChoiceField(label="并入", required=False, help_text="并入他校才选")
    day = forms.DateField(label="自哪一天起", widget=DAY, error_messages={**WRONG_DAY, "required": "请填哪一天起"})

    def __init__(self, data: Any = None, *, schools: Sequence[School], after: dt.date, until: dt.date) -> None:
        """Ask about these schools; what happens after the last counting date, up to the new one."""
        super().__init__(data, initial={"day": until})
        choices = [*NOTHING, *((one.code, f"{one.name}（{one.code}）") for one in schools)]
        self.fields["school"].choices = self.fields["into"].choices = choices
        self.after, self.until = after, until

    def clean_day(self) -> dt.date:
        """Refuse a day that is of another year."""
        day: dt.date = self.cleaned_data["day"]
        if not self.after < day <= self.until:
            raise forms.ValidationError(f"要在 {self.after} 之后，不晚于新的统计时点 {self.until}")
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for what this kind of change needs."""
        cleaned = super().clean() or self.cleaned_data
        for name, words in NEEDED.get(cleaned.get("kind", ""), {}).items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        return cleaned

    def asked(self) -> SchoolAsked:
        """Return what is to become of the school."""
        told, kind = self.cleaned_data, self.cleaned_data["kind"]
        other = {Kind.MERGED: told["into"], Kind.RENAMED: told["name"]}.get(kind, told["school_type"])
        code, name = (told["code"], told["name"]) if kind == Kind.OPENED else (told["school"], "")
        return SchoolAsked(kind, code, told["day"].isoformat(), name, "" if kind == Kind.CLOSED else other)


class FactsForm(forms.Form):
    """What is done with last year's value of each fact."""

    def __init__(self, data: Any = None, *, facts: Sequence[Fact], asked: Asked) -> None:
        """Ask about these facts; what was said before stands there, else what is proposed."""
        super().__init__(data)
        for fact in facts:
            given = asked.deeds.get(fact.name, fact.proposed)
            control = forms.Select(attrs={"class": "form-select"})
            self.fields[fact.name] = forms.ChoiceField(
                label=fact.label, choices=Deed.choices, initial=given, widget=control
            )

    def deeds(self) -> dict[str, str]:
        """Return what is done with each."""
        return {name: str(value) for name, value in self.cleaned_data.items()}


class ListsForm(forms.Form):
    """Whether classes go a grade further, which grade is the last of its stage, and whether the cohort is offered."""

    classes = forms.BooleanField(label="班级升一级，作为建议放进各校的班级清单", required=False)
    cohort = forms.BooleanField(label="把三年前入学的人数放进各校的表，待学校确认", required=False)

    def __init__(self, data: Any = None, *, last: Mapping[str, int], asked: Asked) -> None:
        """Ask, with the last grade of each stage as it was found."""
        super().__init__(data, initial={"classes": asked.classes, "cohort": asked.cohort})
        for stage, grade in last.items():
            self.fields[stage] = forms.IntegerField(
                label=f"{STAGE_LABELS[stage]}最高年级",
                min_value=1,
                max_value=9,
                initial=grade,
                help_text="上年在这个年级的班已经毕业，不再列",
                error_messages={"required": "请填 1 到 9", "invalid": "请填 1 到 9"},
            )

    def last_grades(self) -> dict[str, int]:
        """Return the last grade of each stage."""
        return {name: self.cleaned_data[name] for name in STAGE_LABELS if name in self.cleaned_data}


class SummaryForm(forms.Form):
    """The last word before the year is opened."""

    freeze = forms.BooleanField(label="封存上一学年：以后只能看，不能改", required=False)
