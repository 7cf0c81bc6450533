"""What is asked of the office: a workbook, and what holds for a form as a whole."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from junheng.facts.mapped.model import SHAPES
from junheng_web.collection.pages.forms import ImportForm

SUFFIXES = (".xlsx", ".xls", ".zip")
MAPPING_SUFFIXES = (".yaml", ".yml")
LARGEST_MAPPING = 128 * 1024


class WorkbookForm(ImportForm):
    """A workbook of statistics forms."""

    suffixes = SUFFIXES
    file = forms.FileField(
        label="工作簿",
        help_text="从统计系统导出的 .xlsx、.xls，一份里可以有几张表；一校一份的，压缩成一个 zip",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新保存后再交"},
    )


class MappingFileForm(forms.Form):
    """A mapping that was made elsewhere."""

    file = forms.FileField(
        label="对照文件",
        help_text="从别的县或另一套均衡下载的对照（.yaml），不是统计工作簿",
        widget=forms.FileInput(attrs={"accept": ",".join(MAPPING_SUFFIXES)}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新下载后再交"},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse by name and size; what it says is read afterwards."""
        file: UploadedFile = self.cleaned_data["file"]
        if not file.name.lower().endswith(MAPPING_SUFFIXES):
            told = f"{file.name}：不是对照文件；只收 {'、'.join(MAPPING_SUFFIXES)}，工作簿请到“用工作簿建立对照”"
            raise forms.ValidationError(told)
        if file.size > LARGEST_MAPPING:
            kilobytes = LARGEST_MAPPING // 1024
            raise forms.ValidationError(f"{file.name}：超过 {kilobytes} KB，对照没有这样大；请检查是不是选错了文件")
        return file


class DraftForm(forms.Form):
    """What a mapping says of the form as a whole. What does not fit is told by the preview, and kept as typed."""

    form = forms.CharField(label="表号", max_length=60, help_text="表上印的编号")
    name = forms.CharField(label="表名", max_length=120)
    years = forms.CharField(label="哪些学年", required=False, help_text="秋季开学的年份，如 2025；不写就是不限")
    sheet = forms.CharField(
        label="工作表名称", required=False, max_length=60, help_text="表上没有印表号的才写，靠它认出这张表"
    )
    source = forms.CharField(
        label="表样出处", required=False, max_length=200, help_text="文件名和文号；本县自己的表不用写"
    )
    shape = forms.ChoiceField(label="学校怎么排", choices=[(one.value, label) for one, label in SHAPES.items()])
    head_rows = forms.CharField(label="表头行", required=False, help_text="从第几行到第几行，如 3-5")
    head_columns = forms.CharField(label="表头列", required=False, help_text="左边写项目名的列，如 A-B；没有就不写")
    begins = forms.CharField(label="数据从哪里开始", required=False, help_text="一行一校写行号，一列一校写列的字母")
    blank = forms.ChoiceField(
        label="空白和“-”", choices=[("missing", "是没有报"), ("zero", "是 0，这张表的零印成空白")]
    )
