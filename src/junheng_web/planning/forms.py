"""What is asked when a search is begun, and of a scenario."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from junheng_web.assessment.models import Run
from junheng_web.planning.models import Scenario

DAY = {"type": "date"}
WRONG = {"required": "请选一项", "invalid_choice": "请在列出的里面选"}
NAMED = {"required": "请起一个名称", "max_length": "名称太长，请不超过 80 个字"}
# How long one may search, in seconds, in the reader's words.
LENGTHS = ((60, "1 分钟"), (120, "2 分钟"), (300, "5 分钟"), (900, "15 分钟"), (3600, "1 小时"))
# To which gap, in millionths of the cost.
GAPS = ((100, "万分之一（证明最省）"), (1_000, "千分之一"), (10_000, "百分之一"))
POINTS = ((0, "不求"), (5, "5 个点"), (10, "10 个点"), (20, "20 个点"))


def _numbers(choices: tuple[tuple[int, str], ...], label: str, help: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, help_text=help, error_messages=WRONG)


def run_told(run: Run) -> str:
    """Return a run as it is chosen: its facts, its day, whether it is the official one."""
    official = "，正式" if run.official else ""
    return f"{run.snapshot.label}（{run.snapshot.get_basis_display()}，{run.as_of} 的规则{official}）"


class BaseForm(forms.Form):
    """Something that starts from a run and has a name."""

    name = forms.CharField(label="名称", max_length=80, error_messages=NAMED)
    base = forms.ChoiceField(label="从哪次评估出发", error_messages=WRONG)

    def __init__(self, bases: list[Run], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.bases = {run.code: run for run in bases}
        self.fields["base"].choices = [(run.code, run_told(run)) for run in bases]

    def clean_base(self) -> Run:
        """Return the run that was chosen."""
        return self.bases[self.cleaned_data["base"]]


class PlanForm(BaseForm):
    """A search to be begun."""

    begins = forms.DateField(
        label="从哪一天起可以着手",
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text="倒排工期从这一天算起：赶不上下一个统计时点的事会标出来",
        error_messages={"invalid": "请按 2026-10-20 这样填", "required": "请填一个日期"},
    )
    seconds = _numbers(LENGTHS, "最多算多久", "时间到了，给出到那时最好的方案和还差多少")
    gap = _numbers(GAPS, "算到差距多小为止")
    points = _numbers(POINTS, "花多少钱、几所学校达标", "多求几个点，要多花时间")
    alternatives = forms.BooleanField(label="也求差不多一样省的另一种办法", required=False)

    def __init__(self, bases: list[Run], today: dt.date, *args: Any, **options: Any) -> None:
        initial = {"begins": today, "seconds": 120, "gap": 100, "points": 0, "name": f"{today:%Y-%m-%d} 达标方案"}
        super().__init__(bases, *args, initial=initial, **options)

    @property
    def how(self) -> dict[str, Any]:
        """How it is searched for."""
        return {name: self.cleaned_data[name] for name in ("seconds", "gap", "points", "alternatives")}


class SharingForm(forms.Form):
    """A scenario's name, and who may read it."""

    name = forms.CharField(label="名称", max_length=80, error_messages=NAMED)
    shared = forms.ChoiceField(label="谁能看", choices=Scenario.Shared.choices, error_messages=WRONG)


class ScenarioForm(BaseForm):
    """A scenario to be made."""

    shared = forms.ChoiceField(label="谁能看", choices=Scenario.Shared.choices, error_messages=WRONG)


class TermsFileForm(forms.Form):
    """A workbook of prices, limits and distances."""

    file = forms.FileField(
        label="价格、限制和路程的工作簿",
        help_text="从这一页导出、改好的 .xlsx；三张表整个换成文件里的",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新保存后再交"},
    )

    def clean_file(self) -> Any:
        """Refuse what is no workbook by its name, and what is too large for one."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".xlsx", ".xls")):
            raise forms.ValidationError(f"{file.name} 不是 .xlsx 或 .xls；请在表格软件里另存为 .xlsx 再传")
        if file.size > 10 * 2**20:
            raise forms.ValidationError(f"{file.name} 超过 10 MB；请只留三张表，另存之后再传")
        return file


class AdoptForm(forms.Form):
    """What was decided about a plan: where, when, why."""

    meeting = forms.CharField(label="哪次会议定的", max_length=120, error_messages={"required": "请写哪次会议定的"})
    document = forms.CharField(label="纪要或文件文号", max_length=120, required=False)
    day = forms.DateField(
        label="定的日期",
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2026-10-20 这样填", "required": "请填一个日期"},
    )
    reason = forms.CharField(
        label="为什么采用",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="换掉以前的方案时，写明为什么换；会记在资金台账和任务里",
        error_messages={"required": "请写明为什么采用", "max_length": "请不超过 400 个字"},
    )
