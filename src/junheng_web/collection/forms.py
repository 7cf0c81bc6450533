"""What is asked of the office about a period, and of whoever brings in a file."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from junheng_web.evidence.services import LARGEST, too_large

# A workbook with macros is not taken in: it is kept as evidence of where the numbers came from.
SUFFIXES = (".xlsx", ".xls", ".zip")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WRONG_DAY = {"invalid": "请按 2026-09-01 这样填", "required": "请填统计时点"}


class OpenForm(forms.Form):
    """A period to be opened."""

    counting_date = forms.DateField(
        label="统计时点", help_text="教育事业统计的时点，一般是 9 月 1 日", widget=DAY, error_messages=WRONG_DAY
    )
    standard = forms.ChoiceField(label="依据", choices=[("national-2017", "国家办法（教督〔2017〕6号）")])


class DueForm(forms.Form):
    """Until when forms are to be handed in."""

    day = forms.DateField(
        label="截止日期",
        required=False,
        help_text="到这一天 24:00 为止；留空就是没有定",
        widget=DAY,
        error_messages=WRONG_DAY,
    )


class ImportForm(forms.Form):
    """A workbook, or a zip of tables."""

    suffixes = SUFFIXES
    file = forms.FileField(
        label="工作簿",
        help_text="从本页下载的工作簿，或按模板做的 .xlsx、.xls；空白格不改动已有的数",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新保存后再交"},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse by size; what it holds is looked at when it is read."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(self.suffixes):
            raise forms.ValidationError(
                f"{file.name}：不收这种文件；可以交 {'、'.join(self.suffixes)}，WPS 的 .et 请另存为 .xlsx"
            )
        if file.size > LARGEST:
            raise too_large(file.name)
        return file
