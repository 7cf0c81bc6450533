"""What is asked when a task is written down or changed, and at each step of its chain."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q

from junheng_web.evidence.endings import ending_of
from junheng_web.evidence.forms import FileForm
from junheng_web.evidence.services import LARGEST, too_large
from junheng_web.organisation.models import Area, Post, School, Unit
from junheng_web.supervision.chain import LONGEST, TITLE, Task
from junheng_web.supervision.naming import indicators
from junheng_web.supervision.selectors import AT_UNITS

WRONG = {"required": "请选一项", "invalid_choice": "请在列出的里面选"}
WRONG_DAY = {"invalid": "请按 2026-10-20 这样填", "required": "请填日期"}
MANY = {"invalid_choice": "请在列出的里面选"}


class DayField(forms.DateField):
    """A day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "error_messages": WRONG_DAY, **options})


class TextField(forms.CharField):
    """Words, in several lines."""

    def __init__(self, *, rows: int = 3, missing: str = "请填写", **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(
            **{"widget": widget, "max_length": LONGEST, "error_messages": {"required": missing}, **options}
        )


def checked(file: UploadedFile | None) -> UploadedFile | None:
    """Return a file that may be taken in by its name and size, or none. Raises ValidationError."""
    if file is not None:
        ending_of(file.name or "")
        if (file.size or 0) > LARGEST:
            raise too_large(file.name or "")
    return file


def unit_choices(county: Area) -> list[tuple[int, str]]:
    """Return the units in the document's order, each desk after the unit that it is in."""
    units = list(Unit.objects.of(county))
    inside: dict[int | None, list[Unit]] = {}
    for unit in units:
        inside.setdefault(unit.parent_id, []).append(unit)
    return [
        pair
        for unit in inside.get(None, [])
        for pair in [(unit.id, unit.name), *((desk.id, f"{unit.name}·{desk.name}") for desk in inside.get(unit.id, []))]
    ]


def desk_choices(county: Area) -> list[tuple[int, str]]:
    """Return the posts of units, each with its unit."""
    posts = Post.objects.filter(area=county, role__in=AT_UNITS, unit__isnull=False).select_related("unit")
    found = posts.order_by("unit__place", "unit__code", "code")
    return [(post.id, f"{post.unit.name}：{post.name}") for post in found]


class TaskForm(forms.Form):
    """A task: what, by whom, until when, about what. `version` is that of the task as it was shown."""

    title = forms.CharField(label="事项", max_length=TITLE, error_messages={"required": "请写要办的是什么事"})
    demand = TextField(label="要求", required=False)
    deliverable = forms.CharField(
        label="要交的成果", max_length=400, required=False, help_text="如：文件、名单、验收单"
    )
    unit = forms.TypedChoiceField(label="责任单位", coerce=int, error_messages=WRONG)
    desk = forms.TypedChoiceField(
        label="经办岗位",
        coerce=int,
        required=False,
        empty_value=None,
        help_text="不选，就告诉责任单位的全部岗位",
        error_messages=MANY,
    )
    start = DayField(label="开始")
    due = DayField(label="截止")
    level = forms.ChoiceField(label="层级", choices=Task.Level.choices, error_messages=WRONG)
    parent = forms.TypedChoiceField(
        label="属于哪一项", coerce=int, required=False, empty_value=None, error_messages=MANY
    )
    under = forms.IntegerField(
        label="或者填编号",
        required=False,
        min_value=1,
        help_text="上面只列总任务和阶段；属于某一项任务的，在这里填那项任务的编号，以编号为准",
        error_messages={"invalid": "编号是任务列表里的数字", "min_value": "编号是任务列表里的数字"},
    )
    supports = forms.TypedMultipleChoiceField(
        label="配合单位", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, error_messages=MANY
    )
    indicators = forms.MultipleChoiceField(
        label="有关指标", required=False, widget=forms.CheckboxSelectMultiple, error_messages=MANY
    )
    schools = forms.TypedMultipleChoiceField(
        label="有关学校", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, error_messages=MANY
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, county: Area, *args: Any, task: Task | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.county, units = county, unit_choices(county)
        self.fields["unit"].choices = [("", "请选择"), *units]
        self.fields["supports"].choices = units
        self.fields["desk"].choices = [("", "不指定"), *desk_choices(county)]
        self.fields["indicators"].choices = [(id, f"{id} {name}") for id, name in indicators().items()]
        self.fields["schools"].choices = list(School.objects.of(county).values_list("id", "name"))
        self.fields["parent"].choices = [("", "不属于别的"), *self._above(task)]

    def _above(self, task: Task | None) -> list[tuple[int, str]]:
        """Return what a task may be a part of: campaigns and stages, and the task from which one came here."""
        chosen = str(self["parent"].value() or "")
        wanted = Q(level__in=(Task.Level.CAMPAIGN, Task.Level.STAGE))
        wanted |= Q(id=int(chosen)) if chosen.isdecimal() else Q(id=None)
        found = Task.objects.of(self.county).filter(wanted).exclude(id=task.id if task else None).order_by("number")
        return [(one.id, f"{one.number} {one.title}") for one in found]

    def clean_under(self) -> int | None:
        """Let a number that was typed say what the task belongs to."""
        number = self.cleaned_data["under"]
        found = Task.objects.of(self.county).filter(number=number).first() if number else None
        if number and found is None:
            raise ValidationError(f"没有编号 {number} 的任务；请看任务列表里的编号")
        if found is not None:
            self.cleaned_data["parent"] = found.id
        return number

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        told = {name: clean[name] for name in ("title", "demand", "deliverable", "start", "due", "level", "indicators")}
        units = {unit.id: unit for unit in Unit.objects.of(self.county)}
        schools = School.objects.of(self.county).filter(id__in=clean["schools"])
        desk = Post.objects.filter(area=self.county, id=clean["desk"]).first() if clean["desk"] else None
        parent = Task.objects.of(self.county).filter(id=clean["parent"]).first() if clean["parent"] else None
        places = {"unit": units[clean["unit"]], "supports": [units[id] for id in clean["supports"]]}
        return {**told, **places, "schools": list(schools), "desk": desk, "parent": parent}


def of_task(task: Task) -> dict[str, Any]:
    """Return what stands in the form of a task."""
    plain = ("title", "demand", "deliverable", "start", "due", "level", "version")
    return {
        **{name: getattr(task, name) for name in plain},
        "unit": task.unit_id,
        "desk": task.desk_id,
        "parent": task.parent_id,
        "supports": list(task.supports.values_list("unit", flat=True)),
        "indicators": list(task.concerns.values_list("indicator", flat=True)),
        "schools": list(task.places.values_list("school", flat=True)),
    }


class NoteForm(forms.Form):
    """What is said with a step; a file may be added, and never has to be (P4)."""

    note = TextField(label="说明", rows=2)
    file = FileForm.base_fields["file"]

    def __init__(self, *args: Any, label: str = "说明", required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["note"].label, self.fields["note"].required = label, required
        self.fields["file"].required = False
        self.fields["file"].label = "附件（不要求）"

    def clean_file(self) -> UploadedFile | None:
        """Refuse by name and size."""
        return checked(self.cleaned_data["file"])


class PlainForm(forms.Form):
    """What is said with a step that has no file."""

    note = TextField(label="说明", rows=2)

    def __init__(self, *args: Any, label: str = "说明", required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["note"].label, self.fields["note"].required = label, required


class ReportForm(NoteForm):
    """How far the work is."""

    progress = forms.IntegerField(
        label="进度（%）",
        required=False,
        validators=[
            MinValueValidator(0, "进度是 0 到 100 之间的整数"),
            MaxValueValidator(100, "进度是 0 到 100 之间的整数"),
        ],
        error_messages={"invalid": "进度是 0 到 100 之间的整数"},
        help_text="自己估计；空着就还是原来的。只用来提醒，不计分，不排名",
    )
    field_order = ("note", "progress", "file")


class DayNoteForm(PlainForm):
    """A day, and why."""

    due = DayField(label="延到哪天")
    field_order = ("due", "note")


class UrgeForm(PlainForm):
    """How the office urged."""

    told = forms.BooleanField(label="同时在系统里提醒经办岗位", required=False, initial=True)


class AssignForm(PlainForm):
    """To which desk a task is sent."""

    desk = forms.TypedChoiceField(label="经办岗位", coerce=int, required=False, empty_value=None, error_messages=MANY)
    field_order = ("desk", "note")

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.county = county
        self.fields["desk"].choices = [("", "不指定：告诉责任单位的全部岗位"), *desk_choices(county)]

    @property
    def chosen(self) -> Post | None:
        """The desk that was chosen."""
        return Post.objects.filter(area=self.county, id=self.cleaned_data["desk"] or 0).first()
