"""What is asked of whoever declares on a veto item, reports an incident, or settles one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from junheng_web.evidence.forms import FileForm
from junheng_web.organisation.models import Area, Unit
from junheng_web.rectification.forms import CHOOSE, day_field, lines
from junheng_web.rectification.models import CADENCES, LONGEST, Incident
from junheng_web.rectification.vetoes import parts_of

HAPPENED = [("no", "没有发生"), ("yes", "有情况")]
SETTLED = [("", "请选择"), *((one.value, one.label) for one in Incident.State)]


class DutiesForm(forms.Form):
    """Who declares on an item, and how often."""

    units = forms.MultipleChoiceField(
        label="由谁申报", required=False, widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE
    )
    cadence = forms.ChoiceField(label="多久一次", choices=CADENCES, error_messages=CHOOSE)
    since = day_field("从哪天起")
    due_days = forms.IntegerField(label="期满后几天内报", min_value=1, max_value=60, initial=10)

    def __init__(self, units: list[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = {one.code: one for one in units}
        self.fields["units"].choices = [(code, one.name) for code, one in self.units.items()]

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        return {**clean, "units": [self.units[code] for code in clean["units"]]}


class DeclareForm(FileForm):
    """What a unit declares for a period; a file may prove it."""

    happened = forms.ChoiceField(label="这一期", choices=HAPPENED, widget=forms.RadioSelect, error_messages=CHOOSE)
    text = forms.CharField(label="说明（可以不写）", max_length=400, required=False, widget=lines(2))
    field_order = ("happened", "text", "file")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required, self.fields["file"].label = False, "证明（可以不传）"

    def clean_file(self) -> Any:
        """Refuse by name and size what is no evidence."""
        return super().clean_file() if self.cleaned_data["file"] else None


class IncidentForm(forms.Form):
    """What happened, when, and which unit reports it."""

    part = forms.ChoiceField(label="哪一项否决项", error_messages=CHOOSE)
    unit = forms.ChoiceField(label="报告单位", error_messages=CHOOSE)
    day = day_field("发生日期")
    text = forms.CharField(
        label="情况", max_length=LONGEST, widget=lines(5), error_messages={"required": "请写发生了什么"}
    )

    def __init__(self, county: Area, units: list[Unit], today: dt.date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.units, self.today = {one.code: one for one in units}, today
        self.fields["part"].choices = [("", "请选择"), *parts_of(county).items()]
        self.fields["unit"].choices = [(code, one.name) for code, one in self.units.items()]

    def clean_day(self) -> dt.date:
        """Refuse a day that has not come."""
        day: dt.date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(f"{day:%Y-%m-%d} 还没有到；请填发生的那一天")
        return day

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        return {**self.cleaned_data, "unit": self.units[self.cleaned_data["unit"]]}


class SettleForm(forms.Form):
    """What was found out about an incident."""

    state = forms.ChoiceField(label="核定", choices=SETTLED, error_messages=CHOOSE)
    note = forms.CharField(label="依据", max_length=LONGEST, required=False, widget=lines(), help_text="谁核的，凭什么")
