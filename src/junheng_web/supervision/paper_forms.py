"""What is asked for a dispatch, an issuing body, a meeting and its decisions, an instruction, and the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from junheng_web.evidence.forms import FileForm
from junheng_web.organisation.models import Area, Post, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.chain import LONGEST, TITLE, Task
from junheng_web.supervision.forms import MANY, WRONG, DayField, TextField, checked, desk_choices, unit_choices
from junheng_web.supervision.issuing import check_pattern
from junheng_web.supervision.papers import BODY, Body, Dispatch

# Minutes are drafted on the page of their meeting.
BY_HAND = [pair for pair in Dispatch.Kind.choices if pair[0] != Dispatch.Kind.MINUTES]
PATTERN = "示例：X均创督〔{year}〕{n}号；{year} 和 {n} 由系统换成年和号，每年从 1 起"


def bodies(county: Area) -> dict[int, Body]:
    """Return the issuing bodies that are in use."""
    return {one.id: one for one in Body.objects.of(county).filter(used=True)}


class DispatchForm(forms.Form):
    """A draft. `version` is that of the draft as it was shown, `tasks` what it is about."""

    kind = forms.ChoiceField(label="种类", choices=BY_HAND, error_messages=WRONG)
    body = forms.TypedChoiceField(label="发文机关", coerce=int, error_messages=WRONG)
    title = forms.CharField(label="标题", max_length=TITLE, error_messages={"required": "请写标题"})
    text = forms.CharField(
        label="正文",
        max_length=BODY,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "请写正文"},
    )
    units = forms.TypedMultipleChoiceField(
        label="发给", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, error_messages=MANY
    )
    reply_by = DayField(label="反馈期限", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, county: Area, *args: Any, dispatch: Dispatch | None = None, kind: str = "", **options: Any
    ) -> None:
        """Ask for a draft; its kind is not asked for where there is one, or where a page drafts one kind alone."""
        super().__init__(*args, **options)
        self.county, self.bodies = county, bodies(county)
        if dispatch is not None or kind:
            del self.fields["kind"]
        if dispatch is not None:
            self.bodies[dispatch.body_id] = dispatch.body
        self.fields["body"].choices = [(id, str(one)) for id, one in self.bodies.items()]
        self.fields["units"].choices = unit_choices(county)

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        units = {unit.id: unit for unit in Unit.objects.of(self.county).filter(id__in=clean["units"])}
        chosen = [units[id] for id in clean["units"]]
        return {**{name: clean[name] for name in ("title", "text", "reply_by")}, "body": self._body, "units": chosen}

    @property
    def _body(self) -> Body:
        return self.bodies[self.cleaned_data["body"]]


def of_dispatch(one: Dispatch) -> dict[str, Any]:
    """Return what stands in the form of a dispatch."""
    units = list(one.recipients.values_list("unit", flat=True))
    told = {name: getattr(one, name) for name in ("title", "text", "reply_by", "version")}
    return {**told, "body": one.body_id, "units": units}


class SignForm(forms.Form):
    """When it was signed; on paper also by whom, with the scan."""

    day = DayField(label="签发日期")
    signer = forms.CharField(label="签发人", max_length=60, required=False, help_text="在纸上签的才填")
    scan = FileForm.base_fields["file"]

    def __init__(self, *args: Any, paper: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not paper:
            del self.fields["signer"], self.fields["scan"]
        else:
            self.fields["scan"].label = "签过字的扫描件"

    def clean_scan(self) -> UploadedFile | None:
        """Refuse by name and size."""
        return checked(self.cleaned_data["scan"])


class ReasonForm(forms.Form):
    """Words with a step of a dispatch."""

    note = TextField(label="说明", rows=2, missing="请写原因")

    def __init__(self, *args: Any, label: str = "说明", required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["note"].label, self.fields["note"].required = label, required


class BodyForm(forms.Form):
    """An issuing body."""

    name = forms.CharField(
        label="发文机关", max_length=120, help_text="红头上的全称", error_messages={"required": "请写全称"}
    )
    pattern = forms.CharField(
        label="文号", max_length=60, help_text=PATTERN, error_messages={"required": "请写文号的样子"}
    )
    signer = forms.TypedChoiceField(label="由哪个岗位签发", coerce=int, error_messages=WRONG)
    used = forms.BooleanField(label="在用", required=False, initial=True)

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.posts = {one.id: one for one in Post.objects.filter(area=county, role__in=(Role.LEADER, Role.OFFICE))}
        self.fields["signer"].choices = [(id, one.name) for id, one in self.posts.items()]

    def clean_pattern(self) -> str:
        """Refuse a pattern without a year or a number."""
        check_pattern(self.cleaned_data["pattern"])
        return self.cleaned_data["pattern"]

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        return {**self.cleaned_data, "signer": self.posts[self.cleaned_data["signer"]]}


class MeetingForm(forms.Form):
    """A meeting."""

    title = forms.CharField(label="会议", max_length=TITLE, error_messages={"required": "请写会议的名称"})
    day = DayField(label="日期")
    where = forms.CharField(label="地点", max_length=120, required=False)
    chair = forms.CharField(label="主持", max_length=120, required=False)
    present = TextField(label="参加", required=False, rows=2)
    agenda = TextField(label="议程", required=False, rows=5)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class UnitDueForm(forms.Form):
    """Who does something until when."""

    unit = forms.TypedChoiceField(label="责任单位", coerce=int, required=False, empty_value=None, error_messages=WRONG)
    desk = forms.TypedChoiceField(label="经办岗位", coerce=int, required=False, empty_value=None, error_messages=MANY)
    due = DayField(label="截止", required=False)

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.county = county
        self.fields["unit"].choices = [("", "请选择"), *unit_choices(county)]
        self.fields["desk"].choices = [("", "不指定"), *desk_choices(county)]

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        return {
            "unit": Unit.objects.of(self.county).filter(id=clean["unit"] or 0).first(),
            "desk": Post.objects.filter(area=self.county, id=clean["desk"] or 0).first(),
            "due": clean["due"],
        }


class DecisionForm(UnitDueForm):
    """What a meeting decided."""

    text = TextField(label="决定", rows=2, missing="请写决定了什么")
    field_order = ("text", "unit", "desk", "due")

    def clean(self) -> dict[str, Any]:
        """A task needs both a unit and a last day."""
        told = super().clean() or {}
        if bool(told.get("unit")) != bool(told.get("due")) and not self.errors:
            missing = "due" if told.get("unit") else "unit"
            self.add_error(missing, "要成为任务，责任单位和截止日期都要有；只记一句话的，两样都空着")
        return told


class InstructionForm(UnitDueForm):
    """What a leader instructed."""

    leader = forms.TypedChoiceField(label="哪位领导", coerce=int, error_messages=WRONG)
    day = DayField(label="批示日期")
    text = TextField(label="批示", rows=4, missing="请写批示")
    about = forms.IntegerField(
        label="针对哪项任务",
        required=False,
        help_text="任务的编号；不是针对某一项的，空着",
        error_messages={"invalid": "编号是数字"},
    )
    scan = FileForm.base_fields["file"]
    field_order = ("leader", "day", "text", "unit", "desk", "due", "about", "scan")

    def __init__(self, scope: Scope, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.scope, self.own = scope, [post for post in scope.posts_in(county) if post.role == Role.LEADER]
        every = self.own or list(Post.objects.filter(area=county, role=Role.LEADER))
        self.leaders = {one.id: one for one in every}
        self.fields["leader"].choices = [(id, one.name) for id, one in self.leaders.items()]
        self.fields["unit"].required = self.fields["due"].required = True
        self.fields["unit"].error_messages["required"] = "请选由哪个单位办"
        self._ask_for_scan()

    def _ask_for_scan(self) -> None:
        """Whoever enters it for the leader adds the scan."""
        if self.own:
            del self.fields["scan"]
        else:
            self.fields["scan"].label = "批示件的扫描件（代录要有）"

    def clean_about(self) -> Task | None:
        """Return the task that the number names."""
        number = self.cleaned_data["about"]
        if number is None:
            return None
        found = Task.objects.of(self.county).filter(number=number).first()
        if found is None:
            raise ValidationError(f"没有编号是 {number} 的任务；请在任务列表里核对")
        return found

    def clean_scan(self) -> UploadedFile | None:
        """Refuse by name and size."""
        return checked(self.cleaned_data["scan"])

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        own = {name: clean[name] for name in ("day", "text", "about")}
        return {**super().told, **own, "leader": self.leaders[clean["leader"]], "scan": clean.get("scan")}


class LineForm(forms.Form):
    """A line of the calendar; one without a name is left out."""

    name = forms.CharField(label="环节", max_length=200, required=False)
    start = DayField(label="开始", required=False)
    end = DayField(label="截止", required=False)
    owner = forms.TypedChoiceField(label="牵头", coerce=int, required=False, empty_value=None, error_messages=MANY)
    materials = forms.CharField(
        label="材料", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", "未定"), *unit_choices(county)]


class CalendarForm(forms.Form):
    """Of which year, and why it is changed."""

    year = forms.IntegerField(label="年度", min_value=2017, max_value=2100, error_messages={"invalid": "年度是四位数"})
    note = forms.CharField(label="为什么改", max_length=400, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
