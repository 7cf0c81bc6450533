"""What is asked when an issue is raised by hand, sent, and taken on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from junheng_web.assessment.overview import VETO
from junheng_web.assessment.selectors import rules_today
from junheng_web.evidence.forms import FileForm
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.rectification.deeds import DEEDS
from junheng_web.rectification.models import LONGEST, Issue

DAY = {"type": "date"}
WRONG_DAY = {"invalid": "请按 2026-10-20 这样填", "required": "请填期限"}
CHOOSE = {"required": "请选一项", "invalid_choice": "请在列出的里面选"}
NOTHING = ("", "（不限）")


def day_field(label: str, **more: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=WRONG_DAY, **more)


def lines(rows: int = 3) -> forms.Textarea:
    """Return a field of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def indicators_offered() -> list[tuple[str, str]]:
    """Return the indicators by id, as they are called; vetoes have a register of their own."""
    rules = rules_today().get("document", rules_today())
    every = {**rules["indicators"], **rules["requirements"]}
    return [(id, f"{id} {one['name']}") for id, one in every.items() if id != VETO]


# Which issues are asked for that are of no indicator, and what they are called.
NO_INDICATOR = ("-", "不对应指标")


class HandForm(forms.Form):
    """An issue that somebody found: what, where, what is asked."""

    title = forms.CharField(label="问题", max_length=300, error_messages={"required": "请写是什么问题"})
    asked = forms.CharField(label="整改要求", max_length=400, required=False, widget=lines())
    indicator = forms.ChoiceField(label="指标", required=False, error_messages=CHOOSE)
    school = forms.ChoiceField(label="学校", required=False, error_messages=CHOOSE)

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.schools = {one.code: one for one in School.objects.of(county).on(timezone.localdate())}
        self.fields["indicator"].choices = [NOTHING, *indicators_offered()]
        self.fields["school"].choices = [NOTHING, *((code, one.name) for code, one in self.schools.items())]

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        return {**self.cleaned_data, "school": self.schools.get(self.cleaned_data["school"])}


class SendForm(forms.Form):
    """To whom an issue is sent, and until when."""

    unit = forms.ChoiceField(label="责任单位", error_messages=CHOOSE)
    desk = forms.ChoiceField(
        label="经办股室", required=False, error_messages=CHOOSE, help_text="可以不选，由单位自己定"
    )
    due = day_field("整改期限")

    def __init__(self, issue: Issue, *args: Any, **options: Any) -> None:
        initial = {"unit": issue.unit and issue.unit.code, "desk": issue.desk and issue.desk.code, "due": issue.due}
        super().__init__(*args, initial=initial, **options)
        every = list(Unit.objects.of(issue.county).select_related("parent"))
        self.units = {one.code: one for one in every}
        self.fields["unit"].choices = [
            ("", "请选择"),
            *((one.code, one.name) for one in every if one.parent_id is None),
        ]
        desks = [(one.code, f"{one.parent} {one.name}") for one in every if one.parent_id]
        self.fields["desk"].choices = [("", "（不指定）"), *desks]

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        return {"unit": self.units[clean["unit"]], "desk": self.units.get(clean["desk"]), "due": clean["due"]}


class TakeForm(FileForm):
    """One step of an issue: which, what is said with it, and a file that proves it; none is asked for (P4)."""

    deed = forms.ChoiceField(choices=[(name, one.label) for name, one in DEEDS.items()], widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(label="说明", max_length=LONGEST, required=False, widget=lines())
    field_order = ("deed", "seen", "note", "file")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required, self.fields["file"].label = False, "佐证（可以不传）"

    def clean_file(self) -> Any:
        """Refuse by name and size what is no evidence."""
        return super().clean_file() if self.cleaned_data["file"] else None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which issues are asked for; nothing means all."""

    state: str = "open"
    unit: str = ""
    indicator: str = ""
    origin: str = ""
    q: str = ""

    @property
    def told(self) -> Mapping[str, str]:
        """By the names in the address."""
        return {name: getattr(self, name) for name in self.__slots__}


STATES = {"open": "没有销号的", "late": "过期的", "every": "全部", **dict(Issue.State.choices)}


def asked_of(query: QueryDict) -> Asked:
    """Return what an address asks for; what there is not is passed over."""
    told = {name: query.get(name, "").strip()[:60] for name in ("unit", "indicator", "q")}
    state, origin = query.get("state", "open"), query.get("origin", "")
    return Asked(state=state if state in STATES else "open", origin=origin if origin in Issue.Origin else "", **told)
