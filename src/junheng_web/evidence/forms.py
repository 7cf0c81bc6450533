"""What is asked of who hands in a file, and of who says what it belongs to."""

from __future__ import annotations

from dataclasses import asdict

from django import forms
from django.core.files.uploadedfile import UploadedFile

from junheng_web.evidence.contents import KINDS
from junheng_web.evidence.describing import About, about_of
from junheng_web.evidence.endings import ending_of
from junheng_web.evidence.kinds import OBJECTS
from junheng_web.evidence.models import File
from junheng_web.evidence.services import CODE, LARGEST, too_large


class LinkForm(forms.Form):
    """An object that a file belongs to."""

    object_kind = forms.ChoiceField(label="属于", choices=list(OBJECTS.items()))
    object_code = forms.RegexField(
        rf"^{CODE.pattern}\Z",
        label="编号",
        help_text="指标编号（如 B10）、学校标识码，或评估编号",
        error_messages={"invalid": "只能用字母、数字、汉字和 . : - _，不超过 80 个字"},
    )
    note = forms.CharField(label="说明", max_length=200, required=False)


class FileForm(forms.Form):
    """A file to be handed in."""

    file = forms.FileField(
        label="文件",
        help_text=f"可以交 {'、'.join(KINDS)}；不超过 {LARGEST // 2**20} MB",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in (*KINDS, "jpeg"))}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新保存后再交"},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse by name and size; what the file holds is looked at when it is taken in."""
        file = self.cleaned_data["file"]
        ending_of(file.name)
        if file.size > LARGEST:
            raise too_large(file.name)
        return file


class AboutForm(forms.Form):
    """What the paper is of which a file is made: its dates and places (P22)."""

    formed_on = forms.DateField(
        label="形成日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2026-09-01 这样填"},
        help_text="文件上落款的日期，不是上传的日期",
    )
    number = forms.CharField(label="文号", max_length=60, required=False)
    original = forms.CharField(
        label="原件在哪里",
        max_length=120,
        required=False,
        help_text="单位、柜、盒、页，例如“教体局档案室 3 柜 2 盒 15 页”",
    )
    compiled = forms.BooleanField(label="整理件", required=False, help_text="事后整理、汇编的，不是当时形成的")

    @property
    def told(self) -> About:
        """What was filled in."""
        return About(**{name: self.cleaned_data[name] for name in About.__dataclass_fields__})

    @staticmethod
    def known(file: File) -> dict[str, object]:
        """Return what stands in the form before anybody typed."""
        return asdict(about_of(file))
