"""What is asked of the office about a period, and of whoever brings in a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.reminding.calls import Reminder
from junheng_web.evidence.contents import KINDS
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


class TakesFile(forms.Form):
    """Asks for a file, which is refused by its size; what it holds is looked at when it is taken in."""

    def clean_file(self) -> UploadedFile | None:
        """Refuse what is larger than is taken in."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise too_large(file.name)
        return file


class ProofForm(TakesFile):
    """A file that proves what a cell holds."""

    file = forms.FileField(
        label="佐证文件",
        help_text=f"可以交 {'、'.join(KINDS)}；含个人信息的名单请留在本单位，这里只交盖章的汇总",
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新保存后再交"},
    )
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="例如第几页、哪一行")


class ReasonForm(TakesFile):
    """Why the two bases differ at a cell."""

    text = forms.CharField(
        label="为什么不同",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：9 月 20 日新招聘 3 人；统计时漏报，已报统计局更正",
        error_messages={"required": "请写明为什么不同"},
    )
    file = forms.FileField(label="佐证文件", required=False, error_messages={"empty": "文件是空的；请重新保存后再交"})


class SealForm(TakesFile):
    """The scan of a form that was signed and sealed."""

    file = forms.FileField(
        label="扫描件",
        help_text="PDF、JPG 或 PNG；右上角的二维码要扫清楚",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新扫描后再交"},
    )
    typed = forms.CharField(
        label="校验码", max_length=20, required=False, help_text="一般留空，从二维码读；读不出时照打印件右上角抄 12 位"
    )
    formed_on = forms.DateField(
        label="签字盖章日期",
        required=False,
        widget=DAY,
        error_messages={"invalid": "请按 2026-09-01 这样填"},
    )
    original = forms.CharField(label="原件放在哪里", max_length=100, required=False, help_text="柜、盒、页")
    note = forms.CharField(label="说明", max_length=200, required=False)


class ReplyForm(TakesFile):
    """A letter of somebody without an account."""

    whom = forms.CharField(
        label="来函单位",
        max_length=80,
        help_text="例如统计局、纪委监委、信访局、网信办、盟市教育局",
        error_messages={"required": "请写是哪个单位的来函"},
    )
    file = forms.FileField(
        label="来函扫描件", error_messages={"required": "请选来函的扫描件", "empty": "文件是空的；请重新扫描后再交"}
    )


class ConfirmForm(TakesFile):
    """A joint confirmation."""

    note = forms.CharField(
        label="附言", max_length=400, required=False, help_text="与本单位的数一致；办公室代录的，写来函的文号"
    )
    file = forms.FileField(label="来函或依据", required=False, error_messages={"empty": "文件是空的；请重新扫描后再交"})


class ReminderForm(forms.Form):
    """A reminder that was given."""

    form = forms.ChoiceField(label="催了谁")
    how = forms.ChoiceField(label="方式", choices=Reminder.How.choices)
    text = forms.CharField(
        label="说了什么",
        max_length=200,
        help_text="和谁说的、答复什么时候交",
        error_messages={"required": "请写和谁说的、答复什么时候交"},
    )

    def __init__(self, *data: Any, late: list[tuple[str, str]]) -> None:
        super().__init__(*data)
        self.fields["form"].choices = late


class LockForm(forms.Form):
    """What is locked, up to whom, and why; `period` is the whole school year."""

    what = forms.ChoiceField(label="锁什么", choices=[*Ledger.Basis.choices, ("period", "整个学年（封存）")])
    level = forms.ChoiceField(
        label="锁到哪一级", choices=Ledger.Level.choices, help_text="封存整个学年，选“谁都不能改”；解封选“没有锁定”"
    )
    note = forms.CharField(label="原因", max_length=400, required=False, help_text="解锁、解封必须写")

    def clean(self) -> dict[str, Any]:
        """Refuse to freeze a period for some alone."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("what") == "period" and told.get("level") not in {Ledger.Level.OPEN, Ledger.Level.ALL, None}:
            self.add_error("level", "封存是对所有人的；只对一部分人，请选一种口径来锁")
        return told


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
