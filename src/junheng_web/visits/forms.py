"""What is asked when a visit is opened, finished, corrected, replied to, and when a grade is confirmed."""

from __future__ import annotations

from typing import Any

from django import forms

from junheng.facts.schema import JUDGEMENTS
from junheng.standard.grading import FINDINGS
from junheng_web.collection.models import Period
from junheng_web.collection.pages.forms import ImportForm
from junheng_web.evidence.forms import FileForm
from junheng_web.organisation.models import Post, School
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.visits.models import LONGEST, Visit
from junheng_web.visits.results import Item
from junheng_web.visits.rubrics import items_at, points_of
from junheng_web.visits.selectors import VISITORS, assigned_schools, own_posts

DAY = {"type": "date"}
COUNTY_PLACE = "county"
WRONG_DAY = {"invalid": "请按 2026-10-20 这样填", "required": "请填查看的那一天"}
WRONG = {"required": "请选一项", "invalid_choice": "请在列出的里面选"}


class WorkbookForm(ImportForm):
    """A visit's workbook that was filled in."""

    suffixes = (".xlsx", ".xls")
    file = forms.FileField(
        label="工作簿",
        help_text="从这次查看的页面上下载、填好的 .xlsx 或 .xls",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新保存后再交"},
    )


class OpenForm(forms.Form):
    """A visit to be opened: where, by whom, on which day, and what is looked at."""

    where = forms.ChoiceField(label="看哪里", error_messages=WRONG)
    post = forms.ChoiceField(label="由谁看", error_messages=WRONG)
    date = forms.DateField(
        label="查看日期", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), error_messages=WRONG_DAY
    )
    items = forms.MultipleChoiceField(
        label="看哪些指标",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一项也不选，就是全看",
        error_messages={"invalid_choice": "请在列出的里面选"},
    )

    def __init__(self, scope: Scope, period: Period, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.period, county = period, period.county
        offices = bool(scope.roles_in(county) & {Role.OFFICE, Role.DESK})
        schools = School.objects.of(county).on(period.counting_date)
        own = schools if offices else schools & assigned_schools(scope, county)
        self.schools = {one.code: one for one in own}
        whole = [(COUNTY_PLACE, f"{county}县级部门")] if offices else []
        self.fields["where"].choices = [*((code, one.name) for code, one in self.schools.items()), *whole]
        every = Post.objects.filter(area=county, role__in=VISITORS).order_by("role", "code")
        posts = every if Role.OFFICE in scope.roles_in(county) else own_posts(scope, county, VISITORS)
        self.posts = {one.code: one for one in posts}
        self.fields["post"].choices = [(code, one.name) for code, one in self.posts.items()]
        names = items_at(period, "school") | items_at(period, "county")
        self.fields["items"].choices = [(id, f"{id} {name}") for id, name in names.items()]

    def clean(self) -> dict[str, Any]:
        """Leave what cannot be looked at in such a place out; nothing chosen means all that can."""
        told = super().clean() or {}
        offered = items_at(self.period, "county" if told.get("where") == COUNTY_PLACE else "school")
        chosen = [id for id in told.get("items") or offered if id in offered]
        if told.get("where") and not chosen:
            self.add_error("items", "选的指标都不在这里看；请选别的，或一项也不选")
        return {**told, "items": chosen}

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        at = {"school": self.schools.get(clean["where"]), "post": self.posts[clean["post"]]}
        return {**at, "date": clean["date"], "items": clean["items"]}


def points_offered(visit: Visit) -> list[tuple[str, str]]:
    """Return the points of a visit, to choose one."""
    return [
        (f"{one.id}.{point.id}", f"{one.id} {point.text}") for one, _, points in points_of(visit) for point in points
    ]


class FinishForm(forms.Form):
    """On which day the visit was."""

    date = forms.DateField(
        label="查看日期", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), error_messages=WRONG_DAY
    )


class PointForm(forms.Form):
    """A form about one point of a visit."""

    point = forms.ChoiceField(label="观测点", error_messages=WRONG)

    def __init__(self, visit: Visit, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["point"].choices = points_offered(visit)

    @property
    def at(self) -> tuple[str, str]:
        """Requirement and point."""
        requirement, _, point = self.cleaned_data["point"].partition(".")
        return requirement, point


class CorrectForm(PointForm):
    """A correction of what was found."""

    finding = forms.ChoiceField(label="更正为", choices=list(FINDINGS.items()), error_messages=WRONG)
    reason = forms.CharField(label="不适用的理由", required=False, max_length=LONGEST, help_text="更正为“不适用”时要写")
    why = forms.CharField(label="更正的原因", max_length=400, error_messages={"required": "请写原来为什么记错了"})


class PhotoForm(FileForm, PointForm):
    """A photo or file of a point."""

    field_order = ("point", "file")


class ReplyForm(forms.Form):
    """What the school says."""

    text = forms.CharField(
        label="学校的回复",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写回复"},
    )


class ConfirmForm(forms.Form):
    """A grade, with the reason where it is not that of the rule."""

    grade = forms.ChoiceField(label="全县评定", required=False, error_messages=WRONG)
    reason = forms.CharField(label="理由", required=False, max_length=400, help_text="与规则得出的一样，可以不写")
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, item: Item, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        grades = [(one, JUDGEMENTS[one]) for one in item.rubric.grades]
        self.fields["grade"].choices = [("", "暂不定，只记已看学校的等级"), *grades]
