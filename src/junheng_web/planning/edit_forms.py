"""What can be tried in a scenario: one small form for each kind of edit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from junheng import api as jh
from junheng.facts.plan_schema import DEEDS, PRICED, ROLES
from junheng.facts.schema import MEASURES, SCHOOLS, STAGE_LABELS, STAGES
from junheng_web.planning.trying_telling import REGROUP

WRONG = {"required": "请选一项", "invalid_choice": "请在列出的里面选"}
WHOLE = {"required": "请填一个数", "invalid": "请填整数", "min_value": "请填 1 或更大的数", "max_value": "数太大"}
NUMBER = {
    "required": "请填一个数",
    "invalid": "请填数字",
    "min_value": "不能小于 0",
    "max_digits": "数太大",
    "max_decimal_places": "最多两位小数",
    "max_whole_digits": "数太大",
}
MOST, FEN = 10**9, 100
# Empty forms that are kept drawn: those of a few counties.
KEPT = 32
PUPILS = tuple(f"{stage}_pupils" for stage in STAGES)


def _choice(label: str, choices: Any, *, required: bool = True, help: str = "") -> forms.ChoiceField:
    told = [*choices] if required else [("", "—"), *choices]
    return forms.ChoiceField(label=label, choices=told, required=required, help_text=help, error_messages=WRONG)


def _whole(label: str, help: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MOST, help_text=help, error_messages=WHOLE)


class EditForm(forms.Form):
    """One edit; its `kind` tells it from the others on the page, its `edit` is what was asked for."""

    kind, title = "", ""

    def __init__(self, schools: Mapping[str, str], *args: Any, **options: Any) -> None:
        super().__init__(*args, prefix=self.kind, **options)
        for name in ("school", "to_school"):
            if name in self.fields:
                self.fields[name].choices = list(schools.items())
        self.schools = tuple(schools.items())

    @property
    def drawn(self) -> SafeString:
        """Its fields as the page shows them; those of an empty form are the same until the schools are others."""
        return _drawn(self) if self.is_bound else _blank(type(self), self.schools)


@lru_cache(maxsize=KEPT)
def _blank(form: type[EditForm], schools: tuple[tuple[str, str], ...]) -> SafeString:
    return _drawn(form(dict(schools)))


def _drawn(form: EditForm) -> SafeString:
    return render_to_string("planning/edit_fields.html", {"form": form})


class MoveForm(EditForm):
    """Teachers move from one school to another."""

    kind, title = "move", "调教师"
    school = _choice("从哪所学校", ())
    to_school = _choice("到哪所学校", ())
    stage = _choice("学段", STAGE_LABELS.items())
    amount = _whole("人数")
    qualities = forms.MultipleChoiceField(
        label="这些教师是",
        choices=ROLES.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一项也不选，就是其他教师",
        error_messages=WRONG,
    )

    @property
    def edit(self) -> jh.Edit:
        """A transfer."""
        told = self.cleaned_data
        return jh.Edit("deed", "transfer", **{**told, "qualities": tuple(told["qualities"])})


class DeedForm(EditForm):
    """Something is hired, bought or built at a school."""

    kind, title = "deed", "招聘、建房、购置"
    school = _choice("学校", ())
    item = _choice(
        "事项", [(one.item, f"{one.label}（{one.unit}）") for one in DEEDS.values() if one.kind != "transfer"]
    )
    stage = _choice("学段", STAGE_LABELS.items(), required=False, help="教师和班级的事要选；房屋、设备不用选")
    amount = _whole("数量", "按事项括号里的单位")
    area = forms.IntegerField(
        label="每间面积（平方米）",
        required=False,
        min_value=1,
        max_value=10_000,
        help_text="只有改造音乐、美术教室要填",
        error_messages=WHOLE,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what the deed needs: a stage for people and classes, an area for a room."""
        told = super().clean() or {}
        deed = DEEDS.get(told.get("item", ""))
        if deed and not told.get("stage") and (deed.kind in ("hire", "upgrade") or deed.item == "class_room"):
            self.add_error("stage", f"“{deed.label}”要选学段")
        if deed and deed.room and not told.get("area"):
            self.add_error("area", f"“{deed.label}”要填每间面积")
        return told

    @property
    def edit(self) -> jh.Edit:
        """The deed."""
        told = self.cleaned_data
        deed = DEEDS[told["item"]]
        staged = deed.kind in ("hire", "upgrade") or deed.item == "class_room"
        area = (told["area"] or 0) if deed.room else 0
        return jh.Edit("deed", deed.item, told["school"], "", told["stage"] if staged else "", told["amount"], (), area)


def _columns() -> list[tuple[str, str]]:
    """Return the numbers of a school that can be changed, pupils first."""
    numeric = [column for column in SCHOOLS.columns if column.kind in MEASURES and column.unit != "年"]
    ordered = sorted(numeric, key=lambda column: column.name not in PUPILS)
    return [(column.name, f"{column.label}（{column.unit}）") for column in ordered]


class ValueForm(EditForm):
    """A number of a school is another: its pupils, an area, anything that was reported."""

    kind, title = "value", "改在校生或别的数"
    school = _choice("学校", ())
    item = _choice("哪个数", _columns())
    value = forms.DecimalField(
        label="改为", min_value=0, max_digits=14, decimal_places=2, error_messages=NUMBER, help_text="按括号里的单位"
    )

    def clean_value(self) -> int:
        """Return the number in the column's smallest unit; refuse parts of people and rooms."""
        column = SCHOOLS.by_name.get(self.cleaned_data.get("item", ""))
        scale = MEASURES[column.kind].scale if column else FEN
        smallest = self.cleaned_data["value"] * scale
        if smallest != smallest.to_integral_value():
            raise forms.ValidationError("这个数要填整数")
        return int(smallest)

    @property
    def edit(self) -> jh.Edit:
        """The changed number."""
        told = self.cleaned_data
        return jh.Edit("value", told["item"], told["school"], amount=told["value"])


class RegroupForm(EditForm):
    """A stage's pupils are divided anew, into the fewest classes that the rule book allows."""

    kind, title = "regroup", REGROUP
    school = _choice("学校", ())
    stage = _choice(
        "学段", STAGE_LABELS.items(), help="各年级的人数按原来的比例算；班数按班额上限取最少。教室和教师不跟着加"
    )

    @property
    def edit(self) -> jh.Edit:
        """The classes."""
        return jh.Edit("regroup", school=self.cleaned_data["school"], stage=self.cleaned_data["stage"])


class MergeForm(EditForm):
    """A school becomes part of another."""

    kind, title = "merge", "并校"
    school = _choice("并入别校的学校", ())
    to_school = _choice("并入哪所学校", ())

    @property
    def edit(self) -> jh.Edit:
        """The merger."""
        return jh.Edit("merge", school=self.cleaned_data["school"], to_school=self.cleaned_data["to_school"])


class PriceForm(EditForm):
    """A price is another, for the whole scenario."""

    kind, title = "price", "改价格"
    item = _choice("项目", PRICED.items())
    value = forms.DecimalField(
        label="单价（元）",
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages=NUMBER,
        help_text="只在这个推演里用，县里的价格不变",
    )

    @property
    def edit(self) -> jh.Edit:
        """The price, in fen."""
        return jh.Edit("price", self.cleaned_data["item"], amount=int(self.cleaned_data["value"] * FEN))


FORMS = {one.kind: one for one in (MoveForm, DeedForm, ValueForm, RegroupForm, MergeForm, PriceForm)}
