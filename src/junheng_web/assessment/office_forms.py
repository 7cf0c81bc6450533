"""What is asked of the office when it decides."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms


class DeclareForm(forms.Form):
    """A run becomes the county's word: only approved data may. What `collection` has approved need not be ticked."""

    note = forms.CharField(label="说明", max_length=200, required=False, help_text="例如：县政府常务会议审定")
    approved = forms.BooleanField(
        label="这份数据已经按程序审核、同意上报",
        error_messages={"required": "只有审核同意的数据才能定为正式；还没有审核的，请先留作试算"},
    )

    def __init__(self, *args: Any, of_approved: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if of_approved:
            del self.fields["approved"]


class WithdrawForm(forms.Form):
    """A run is the county's word no longer, for a reason."""

    note = forms.CharField(
        label="为什么撤销",
        max_length=200,
        help_text="例如：两所学校的班级数报错，要更正后重评",
        error_messages={"required": "请写明为什么撤销，以后查得到"},
    )


class ReviewDateForm(forms.Form):
    """The day on which the county plans to be reviewed."""

    day = forms.DateField(
        label="计划接受国家评估认定的日期",
        required=False,
        help_text="到这一天 24:00 为止；还没有定，或要取消，就留空",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2027-06-30 这样填"},
    )

    def __init__(self, *args: Any, today: dt.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_day(self) -> dt.date | None:
        """Refuse a day that is over."""
        day: dt.date | None = self.cleaned_data["day"]
        if day and day < self.today:
            raise forms.ValidationError(f"{day} 已经过去；请填 {self.today} 或以后的日期")
        return day
