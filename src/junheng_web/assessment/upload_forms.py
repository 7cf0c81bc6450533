"""What is asked of who tries a file, and of who keeps it."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.core.files.uploadedfile import UploadedFile

from junheng_web.evidence.trial_reading import LARGEST, SUFFIXES

REFUSED = {
    ".et": "是 WPS 表格自己的格式；请在 WPS 里另存为 .xlsx 再传",
    ".csv": "是单独一张表；请把各张表的 CSV 压缩成一个 zip 再传",
    ".rar": "不能读；请改用 zip 压缩",
    ".7z": "不能读；请改用 zip 压缩",
}


class UploadForm(forms.Form):
    """A file to be tried, and the day whose rules apply where the file does not say."""

    file = forms.FileField(
        label="数据工作簿，或 CSV 压缩包",
        help_text=f"按模板填的 .xlsx、.xls，或各张表的 CSV 直接压缩成的 .zip；不超过 {LARGEST // 2**20} MB",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新保存后再传"},
    )
    as_of = forms.DateField(
        label="规则日期",
        required=False,
        help_text="按这一天有效的规则评估；不填就用文件里的统计时点",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2025-09-01 这样填"},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse by name and size what cannot be a set of facts; the content is looked at later."""
        file = self.cleaned_data["file"]
        suffix = Path(file.name).suffix.lower()
        if suffix not in SUFFIXES:
            why = REFUSED.get(suffix, f"不是能读的文件（{suffix or '没有扩展名'}）；请给 {'、'.join(SUFFIXES)}")
            raise forms.ValidationError(f"{file.name} {why}")
        if file.size > LARGEST:
            size, most = file.size / 2**20, LARGEST // 2**20
            raise forms.ValidationError(f"{file.name} 有 {size:.0f} MB，超过 {most} MB；请只留要报的表，另存之后再传")
        return file


class KeepForm(forms.Form):
    """The name under which what was tried is kept."""

    label = forms.CharField(label="名称", max_length=120, help_text="例如：2026 年秋季学期，第二次核对")
