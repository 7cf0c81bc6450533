"""Forms of the map."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from junheng_web.boards.geojson import LARGEST

SUFFIXES = (".geojson", ".json")


class MapForm(forms.Form):
    """A GeoJSON, where it comes from, and its 审图号 if it has one."""

    file = forms.FileField(
        label="地图文件",
        help_text=f"GeoJSON（.geojson、.json），经纬度，不超过 {LARGEST // 2**20} MB",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新导出后再交"},
    )
    source = forms.CharField(
        label="资料来源", max_length=200, help_text="边界和点位从哪里来，如自然资源部门提供的标准地图服务"
    )
    approval = forms.CharField(
        label="审图号", max_length=60, required=False, help_text="没有的空着：图只在内部看，评估专家和上级看不到图"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    def clean_file(self) -> UploadedFile:
        """Refuse by name and size; what it holds is looked at when it is read."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(SUFFIXES):
            raise forms.ValidationError(f"{file.name}：不收这种文件；请从地图软件另存为 GeoJSON")
        if file.size > LARGEST:
            raise forms.ValidationError(f"{file.name}：超过 {LARGEST // 2**20} MB；请把边界简化（抽稀）以后再交")
        return file


class WithdrawForm(forms.Form):
    """Why a map is taken down."""

    note = forms.CharField(label="为什么撤下", max_length=200)
