"""What is asked of whoever writes, reviews, signs and packs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from junheng_web.evidence.models import File
from junheng_web.evidence.selectors import files_of
from junheng_web.organisation.models import Area, Post
from junheng_web.organisation.permissions import PERMISSIONS
from junheng_web.organisation.scopes import Scope
from junheng_web.reports.kinds import ASKS, SIGNERS
from junheng_web.reports.models import NOTE, TEXT, TITLE, Kind, Report, Wanted
from junheng_web.reports.packing import Asked
from junheng_web.reports.wanted import ENDINGS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WRONG = {"invalid_choice": "请在列出的里面选"}
CELLS = 5


def _posts(county: Area, roles: frozenset[Any]) -> Any:
    return Post.objects.filter(area=county, role__in=roles).select_related("unit").order_by("unit__place", "code")


class PeopleForm(forms.Form):
    """A report's title, who reviews and who signs it."""

    title = forms.CharField(label="标题", max_length=TITLE, error_messages={"required": "请写标题"})
    signer = forms.ModelChoiceField(
        label="由谁签发",
        queryset=Post.objects.none(),
        error_messages={"required": "请选由谁签发", **WRONG},
        help_text="公示只能由组长签发",
    )
    reviewers = forms.ModelMultipleChoiceField(
        label="由谁会审",
        queryset=Post.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=WRONG,
        help_text="每个人都同意现在这一稿，才能签发",
    )

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["signer"].queryset = _posts(county, SIGNERS)
        self.fields["reviewers"].queryset = _posts(county, PERMISSIONS["reports.review"])


class AddForm(PeopleForm):
    """A report that is begun."""

    kind = forms.ChoiceField(label="种类", choices=Kind.choices, error_messages=WRONG)
    field_order = ("kind", "title", "signer", "reviewers")


class EditForm(PeopleForm):
    """A version that is written; `seen` is the one that was read."""

    text = forms.CharField(
        label="正文",
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 22}),
        help_text="一行一段；{{…}} 里写右边清单里的名称，显示和签发时换成数",
    )
    file = forms.FileField(
        label="改用 Word 文件",
        required=False,
        help_text="以后就照这个文件的版式，文件里的 {{…}} 换成数；正文以文件里的为准",
    )
    basics = forms.CharField(
        label="申报表上由县里填的",
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="一行一项，冒号后面写；其余的格子照评估和填报的数自动填",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("title", "text", "basics", "file", "signer", "reviewers", "seen")

    def __init__(self, county: Area, report: Report, *args: Any, follows: bool = False, **options: Any) -> None:
        super().__init__(county, *args, **options)
        self.fields["signer"].queryset = _posts(county, ASKS[report.kind].signers)
        if report.kind != Kind.APPLICATION:
            del self.fields["basics"]
        if follows:
            del self.fields["text"]
            self.fields["file"].label = "换 Word 文件"


class TemplateForm(forms.Form):
    """A county's own template: a text, or a Word file."""

    kind = forms.ChoiceField(label="种类", choices=Kind.choices, error_messages=WRONG)
    name = forms.CharField(label="名称", max_length=TITLE, error_messages={"required": "请写名称"})
    text = forms.CharField(label="正文", max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 12}))
    file = forms.FileField(label="或交 Word 文件（.docx）", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a template of neither, and one of both."""
        told = self.cleaned_data
        if bool(told.get("text", "").strip()) == bool(told.get("file")):
            self.add_error("text", "正文和 Word 文件，请给一样，也只给一样")
        return told


class ReviewForm(forms.Form):
    """What a reviewer says of the version that was read; of the office, whose word on paper it enters."""

    deed = forms.ChoiceField(
        label="意见",
        choices=[("agree", "同意"), ("return", "退回修改"), ("comment", "只提意见，先不表态")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一样", **WRONG},
    )
    note = forms.CharField(
        label="写给起草的人", max_length=NOTE, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class PaperForm(ReviewForm):
    """What a reviewer said on paper, entered by the office (代录)."""

    paper = forms.ModelChoiceField(label="替谁代录", queryset=Post.objects.none(), error_messages=WRONG)
    field_order = ("paper", "deed", "note", "seen")

    def __init__(self, report: Report, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["paper"].queryset = Post.objects.filter(id__in=report.reviewers.values("post"))
        self.fields["note"].help_text = "哪一天、在什么纸上说的"


class SignForm(forms.Form):
    """The day of the signature; of one on paper, who signed and the scan."""

    day = forms.DateField(label="签发日期", widget=DAY, error_messages={"invalid": "请按 2026-09-01 这样填"})
    signer = forms.CharField(label="签发人", max_length=60)
    scan = forms.FileField(label="签过字的扫描件")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, paper: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not paper:
            del self.fields["signer"], self.fields["scan"]


class DropForm(forms.Form):
    """Why a draft is not used."""

    note = forms.CharField(label="为什么不用了", max_length=NOTE, error_messages={"required": "请写为什么不用了"})


class PackageForm(forms.Form):
    """A receiver's list, one thing a line."""

    receiver = forms.CharField(label="交给谁", max_length=TITLE, error_messages={"required": "请写交给谁"})
    lines = forms.CharField(
        label="材料清单",
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "请照接收单位的清单，一行写一样材料"},
        help_text="用竖线隔开：材料 | 文件名 | 最大 MB（可空） | 文稿种类（可空） | 文件校验值前 12 位（可空）",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, scope: Scope, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.scope, self.county = scope, county

    def clean_lines(self) -> list[Asked]:
        """Read the list line by line; every line that cannot be read is told."""
        found, wrong = [], []
        for at, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if line.strip():
                try:
                    found.append(self._asked([cell.strip() for cell in line.replace("｜", "|").split("|")]))
                except ValidationError as why:
                    wrong.append(f"第 {at} 行：{why.messages[0]}")
        if wrong:
            raise ValidationError(wrong)
        return found

    def _asked(self, cells: list[str]) -> Asked:
        name, filename, most, kind, digest = (cells + [""] * CELLS)[:CELLS]
        if len(cells) > CELLS or not name or not filename:
            raise ValidationError("要写“材料 | 文件名”，后面三格可以空着")
        if "." not in filename:
            raise ValidationError(f"文件名“{filename}”要带后缀，如 .docx、.pdf")
        if most and not (most.isascii() and most.isdecimal() and len(most) < 5):
            raise ValidationError(f"最大 MB 写成了“{most}”；请写整数，如 20")
        kinds = {label: value for value, label in (*Kind.choices, *Wanted.choices)}
        if kind and kind not in kinds:
            raise ValidationError(f"没有“{kind}”这种文稿；可以写 {'、'.join(kinds)}")
        shapes = ENDINGS.get(kinds.get(kind, ""))
        if shapes and filename.rsplit(".", 1)[-1].lower() not in shapes:
            raise ValidationError(f"“{kind}”只有 {'、'.join(shapes)}；文件名请用 .{shapes[0]}")
        file = self._file(digest) if digest else None
        return Asked(name[:TITLE], filename[:TITLE], int(most or 0), kinds.get(kind, ""), file)

    def _file(self, digest: str) -> File:
        found = [one for one in files_of(self.scope, self.county) if one.digest.startswith(digest.lower())]
        if len(found) != 1:
            raise ValidationError(f"校验值“{digest}”对不上一个文件；请到“文件”里抄前 12 位")
        return found[0]
