"""What is asked of a unit, a post, a person, a group, a seat, a school, and when a post changes hands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm

from junheng.facts.schema import SCHOOL_TYPES
from junheng_web.organisation.areas import Area
from junheng_web.organisation.groups import Group, Seat
from junheng_web.organisation.people import Person, Post, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.schools import School, SchoolAlias
from junheng_web.organisation.selectors import posts_in, units_of

WRONG = {"required": "请填写", "invalid_choice": "请在列出的里面选"}
WRONG_DAY = {"invalid": "请按 2026-09-01 这样填", "required": "请填日期"}
# These of a county, for people of the county; posts of areas above are not made here.
ROLES = [(role.value, role.label) for role in Role if role != Role.AREA_VIEWER]
LONGEST_NOTE = 120


def day_field(label: str, **more: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=WRONG_DAY, **more)


class OfCounty(forms.Form):
    """A form whose choices are the county's own."""

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.county = county

    def choose(self, name: str, rows: list[Any], nothing: str, told: Any = str) -> None:
        """Offer rows by their codes in a field; what is chosen is the row itself."""
        by_code = {one.code: one for one in rows}
        field = self.fields[name]
        field.choices = [("", nothing), *((code, told(one)) for code, one in by_code.items())]
        field.coerce, field.empty_value = by_code.get, None


def chosen(label: str, **more: Any) -> forms.TypedChoiceField:
    """Return a field in which a row is chosen; its choices come with the county."""
    return forms.TypedChoiceField(label=label, error_messages=WRONG, **more)


def unit_told(unit: Unit) -> str:
    """Return a unit's name, a desk's with its unit's before it."""
    return f"{unit.parent}·{unit}" if unit.parent else unit.name


def post_told(post: Post) -> str:
    """Return a post's name with where it is."""
    where = post.school or (unit_told(post.unit) if post.unit else None)
    return f"{post}（{where}）" if where else post.name


class UnitForm(OfCounty):
    """A unit or a desk."""

    name = forms.CharField(label="名称", max_length=80, error_messages=WRONG)
    full_name = forms.CharField(label="全称", max_length=160, required=False)
    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices, error_messages=WRONG)
    parent = chosen("设在", required=False, help_text="股室、二级单位选它所在的单位；单位不选")
    place = forms.IntegerField(
        label="次序",
        min_value=0,
        max_value=100000,
        required=False,
        help_text="照文件的次序；不填排在最后",
        error_messages={"invalid": "请填整数", "min_value": "不能小于 0", "max_value": "太大了"},
    )

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.choose("parent", list(units_of(county).filter(parent=None)), "（不设在别的单位里）")

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "place" or value is not None}


class PostForm(OfCounty):
    """A post."""

    name = forms.CharField(label="岗位名称", max_length=120, error_messages=WRONG)
    role = forms.ChoiceField(
        label="类别", choices=ROLES, error_messages=WRONG, help_text="类别定权限，见手册“各岗位能做什么”"
    )
    unit = chosen("所在单位", required=False)
    school = chosen("所在学校", required=False, help_text="只有校长、学校填报人的岗位要选")
    signs = forms.ChoiceField(
        label="在本单位的表上签",
        required=False,
        choices=[("", "不签"), *Post.Signs.choices],
        help_text="选了，单位的填报表提交以后等它签：先分管领导，再主要负责人。单位里没有这种岗位、或岗位空缺，就不等",
        error_messages=WRONG,
    )
    group = chosen("只为哪个工作组", required=False, help_text="选了，工作组撤销时任职一起到期；单位本来就有的岗位不选")

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.choose("unit", list(units_of(county)), "（不属于单位）", unit_told)
        self.choose("school", list(School.objects.of(county).filter(closed=None)), "（不属于学校）")
        self.choose("group", list(Group.objects.of(county).filter(dissolved=None)), "（不只为工作组）")


class AliasesForm(OfCounty):
    """Other names of a school, one a line."""

    school = chosen("学校")
    kind = forms.ChoiceField(label="种类", choices=SchoolAlias.Kind.choices, error_messages=WRONG)
    names = forms.CharField(
        label="别名",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行写一个，照文件里的写法",
        error_messages=WRONG | {"max_length": "一次太多了，请分几次写"},
    )

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.choose("school", list(School.objects.of(county)), "请选择", lambda one: f"{one}（{one.code}）")

    def clean_names(self) -> list[str]:
        """Return the names, without blank lines."""
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]


class PersonForm(forms.Form):
    """Somebody."""

    name = forms.CharField(label="姓名", max_length=60, error_messages=WRONG)
    phone = forms.CharField(label="电话", max_length=40, required=False)
    email = forms.EmailField(
        label="电子邮箱",
        max_length=120,
        required=False,
        help_text="愿意用邮件收到期提醒的才填；不填一样办事",
        error_messages={"invalid": "不像电子邮箱；请按 name@example.cn 这样填，或留空"},
    )
    code = forms.CharField(
        label="人员编号", max_length=40, required=False, help_text="区分同名的人；留空由系统编。不要填身份证号"
    )


class UsernameForm(forms.Form):
    """What somebody is to sign in with."""

    username = forms.CharField(
        label="用户名",
        max_length=60,
        help_text="字母、数字和 . - _；登录时用，以后不改",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填用户名"},
    )


class PasswordForm(PasswordChangeForm):
    """Another password for oneself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in (("old_password", "现在的密码"), ("new_password1", "新密码"), ("new_password2", "再写一遍")):
            self.fields[name].label = label
        self.fields["new_password1"].help_text = "至少 8 位，不要用生日、姓名、12345678 这样好猜的"


class HandOverForm(OfCounty):
    """Who holds a post from which day on."""

    person = chosen("接任的人", required=False, help_text="名单里没有的，在下面写姓名")
    new_name = forms.CharField(label="新来的人的姓名", max_length=60, required=False)
    vacant = forms.BooleanField(label="暂时没有人接任，岗位空缺", required=False)
    day = day_field("自哪天起", help_text="前任任职到这天的前一天")
    document = forms.CharField(
        label="依据", max_length=LONGEST_NOTE, required=False, help_text="任免文件的文号；没有可以不填"
    )

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        people = {str(one.id): one for one in Person.objects.of(county).order_by("name", "id")}
        twice = [one.name for one in people.values()]
        told = {
            id: f"{one}（{one.code or one.id}）" if twice.count(one.name) > 1 else one.name
            for id, one in people.items()
        }
        self.fields["person"].choices = [("", "请选择"), *told.items()]
        self.fields["person"].coerce, self.fields["person"].empty_value = people.get, None

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of a person, a new name, a vacancy."""
        told = super().clean() or {}
        given = [bool(told.get(name)) for name in ("person", "new_name", "vacant")]
        if given.count(True) != 1 and not self.errors:
            self.add_error("person", "请选接任的人，或写新来的人的姓名，或勾选空缺；三样只能有一样")
        name = (told.get("new_name") or "").strip()
        if name and Person.objects.of(self.county).filter(name=name).exists():
            self.add_error("new_name", f"人员里已经有“{name}”；请从上面选。确是同名的另一个人，先在“人员”里添上")
        return told


class GroupForm(OfCounty):
    """A working group."""

    name = forms.CharField(label="名称", max_length=120, error_messages=WRONG)
    kind = forms.ChoiceField(label="类别", choices=Group.Kind.choices, error_messages=WRONG)
    document = forms.CharField(label="依据文件", max_length=200, required=False, help_text="标题和文号")
    established = day_field("成立", required=False)
    office = chosen("办公室设在", required=False)
    rules = forms.CharField(
        label="文件里的规定",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="名单以外的话：办公室、接续、何时撤销",
    )

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.choose("office", list(units_of(county).filter(parent=None)), "（没有写）")


class SeatForm(OfCounty):
    """A seat."""

    place = forms.IntegerField(
        label="次序",
        min_value=1,
        max_value=1000,
        error_messages={**WRONG, "invalid": "请填整数", "min_value": "从 1 开始"},
    )
    kind = forms.ChoiceField(label="组内职务", choices=Seat.Kind.choices, error_messages=WRONG)
    title = forms.CharField(label="职务（照文件）", max_length=120, required=False)
    post = chosen("随哪个岗位", required=False, help_text="谁任这个岗位，谁就在这个席位上，不用另改名单")
    unit = chosen("属于哪个单位", required=False, help_text="没有写明岗位、由单位派人的，只选单位")

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.choose("post", list(posts_in(county)), "（不随岗位）", post_told)
        self.choose("unit", list(units_of(county).filter(parent=None)), "（同岗位所在单位）")


class EndForm(forms.Form):
    """The last day of something."""

    day = day_field("最后一天")


class DissolveForm(EndForm):
    """The last day of a group, and why."""

    because = forms.CharField(
        label="依据", max_length=200, help_text="哪份文件，或任务怎样完成的", error_messages={"required": "请写依据"}
    )


class SchoolForm(OfCounty):
    """A school that is new in the register."""

    code = forms.CharField(label="学校标识码", max_length=20, error_messages=WRONG)
    name = forms.CharField(label="学校名称", max_length=120, error_messages=WRONG)
    school_type = forms.ChoiceField(label="类型", choices=list(SCHOOL_TYPES.items()), error_messages=WRONG)
    day = day_field("成立")


class SchoolDeedForm(OfCounty):
    """A change of a school from a day on; each deed asks for what it needs."""

    day = day_field("自哪天起")


class RenameForm(SchoolDeedForm):
    """Another name."""

    name = forms.CharField(label="新的名称", max_length=120, error_messages=WRONG)


class RetypeForm(SchoolDeedForm):
    """Another type."""

    school_type = forms.ChoiceField(label="新的类型", choices=list(SCHOOL_TYPES.items()), error_messages=WRONG)


class MoveForm(SchoolDeedForm):
    """Another town."""

    town = chosen("所在苏木镇", required=False)

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.choose("town", list(units_of(county).filter(kind=Unit.Kind.TOWN)), "（不在苏木镇）")


class OtherSchoolForm(SchoolDeedForm):
    """Another school: the one that this becomes a part of, or a campus of."""

    other = chosen("哪所学校", required=False)

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.choose("other", list(School.objects.of(county).filter(closed=None)), "（没有）")


class MergeForm(OtherSchoolForm):
    """The school into which this one goes."""

    other = chosen("并入哪所学校")


class BringForm(forms.Form):
    """A workbook of the organisation."""

    file = forms.FileField(
        label="工作簿",
        help_text="xlsx 或 xls，不超过 8 MB；先导出一份，在上面改",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
        error_messages={"required": "请选一个文件", "empty": "文件是空的；请重新保存后再交"},
    )
