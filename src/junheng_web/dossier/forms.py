"""What is asked of the office about the checklist, of a unit about a paper, and of whoever reviews it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from junheng_web.dossier.deeds import Deed
from junheng_web.dossier.expected import names_of
from junheng_web.dossier.models import LONGEST, LONGEST_NOTE, Item, Paper
from junheng_web.dossier.owning import Held
from junheng_web.dossier.services import Asked
from junheng_web.duties.selectors import units_of
from junheng_web.evidence.contents import KINDS
from junheng_web.evidence.describing import About
from junheng_web.evidence.forms import AboutForm, FileForm
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.scopes import Scope

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WRONG_DAY = {"invalid": "请按 2026-09-01 这样填"}
UNIT, SCHOOL, SCHOOLS, BY_TABLE = "unit:", "school:", "schools", ""


class TakeForm(forms.Form):
    """Until when the rule book's items are handed in."""

    due = forms.DateField(
        label="期限", required=False, widget=DAY, error_messages=WRONG_DAY, help_text="可以空着，以后再逐项定"
    )


class ItemForm(forms.Form):
    """What an item asks for, of whom, until when."""

    text = forms.CharField(label="要交什么", max_length=LONGEST, error_messages={"required": "请写要交什么"})
    whose = forms.ChoiceField(
        label="由谁交",
        required=False,
        error_messages={"invalid_choice": "请在列出的里面选"},
        help_text="不指定的，由任务分工表里的牵头单位交",
    )
    due = forms.DateField(label="期限", required=False, widget=DAY, error_messages=WRONG_DAY)
    lasting = forms.BooleanField(label="长期有效", required=False, help_text="规划、章程这类文件，不因形成得早就算太旧")
    note = forms.CharField(
        label="说明", max_length=LONGEST, required=False, help_text="要盖什么章、要哪几页、到什么时候的"
    )

    def __init__(self, scope: Scope, county: Area, *args: Any, every: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = {unit.code: unit for unit in units_of(scope, county).filter(closed=None)}
        schools = School.objects.visible_to(scope).of(county).order_by("code")
        self.schools = {school.code: school for school in schools}
        self.fields["whose"].choices = list(self._whose(every))

    def _whose(self, every: bool) -> Any:
        yield BY_TABLE, "按任务分工表"
        if every:
            yield SCHOOLS, f"每一所学校（{len(self.schools)} 所，每所一项）"
        yield "单位", [(UNIT + code, unit.name) for code, unit in self.units.items()]
        yield "学校", [(SCHOOL + code, school.name) for code, school in self.schools.items()]

    @property
    def asked(self) -> list[Asked]:
        """What is asked for: one item, or one for each school."""
        told = {name: self.cleaned_data[name] for name in ("text", "note", "due", "lasting")}
        whose = self.cleaned_data["whose"]
        if whose == SCHOOLS:
            return [Asked(school=school, **told) for school in self.schools.values()]
        unit, school = self.units.get(whose.removeprefix(UNIT)), self.schools.get(whose.removeprefix(SCHOOL))
        return [Asked(unit=unit, school=None if unit else school, **told)]


class AddForm(ItemForm):
    """An item that the rule book does not name."""

    indicator = forms.ChoiceField(label="指标", error_messages={"invalid_choice": "请在列出的里面选"})
    field_order = ("indicator", "text", "whose", "due", "lasting", "note")

    def __init__(self, scope: Scope, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(scope, county, *args, every=True, **options)
        self.fields["indicator"].choices = named(county)


class ChangeForm(ItemForm):
    """An item as it is to be; `revision` is the one that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def told(item: Item) -> dict[str, Any]:
        """Return what stands in the form before anybody typed."""
        whose = UNIT + item.unit.code if item.unit else SCHOOL + item.school.code if item.school else BY_TABLE
        words = {name: getattr(item, name) for name in ("text", "note", "due", "lasting", "revision")}
        return {**words, "whose": whose}


class EndForm(forms.Form):
    """Why an item is not asked for any more."""

    because = forms.CharField(label="为什么不再要", max_length=LONGEST, error_messages={"required": "请写为什么不再要"})
    revision = forms.IntegerField(widget=forms.HiddenInput)


class HandInForm(FileForm, AboutForm):
    """A file for an item, chosen or taken with the phone's camera, with its dates and places."""

    file = forms.FileField(label="文件", required=False, widget=FileForm.base_fields["file"].widget)
    photo = forms.FileField(
        label="或用手机拍",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    # What was sent in parts is there already.
    digest = forms.RegexField(r"^[0-9a-f]{64}\Z", required=False, widget=forms.HiddenInput)
    replaces = forms.ChoiceField(
        label="代替哪一份",
        required=False,
        help_text="换新版时选；原来的那份和它的审定记录都留着",
        error_messages={"invalid_choice": "请在列出的里面选"},
    )
    field_order = ("file", "photo", "digest", "replaces", "formed_on", "number", "original", "compiled")

    def __init__(self, one: Held, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = f"可以交 {'、'.join(KINDS)}；大的分段传，断了接着传"
        self.standing = {str(paper.id): paper for paper in one.papers if paper.standing}
        if self.standing:
            choices = [(id, paper.file.name) for id, paper in self.standing.items()]
            self.fields["replaces"].choices = [("", "不代替，再加一份"), *choices]
            # What came back is most likely what the new one is for.
            self.fields["replaces"].initial = next((id for id, one in self.standing.items() if _returned(one)), "")
        else:
            del self.fields["replaces"]

    def clean_file(self) -> UploadedFile | None:
        """Refuse by name and size what was chosen."""
        return super().clean_file() if self.cleaned_data["file"] else None

    def clean(self) -> dict[str, Any]:
        """Refuse a form without a file, and one with two."""
        chosen = [one for name in ("file", "photo", "digest") if (one := self.cleaned_data.get(name))]
        if len(chosen) != 1 and "file" not in self.errors:
            self.add_error("file", "只能交一个：请留一个文件或一张照片" if chosen else "请选一个文件，或拍一张照片")
        return self.cleaned_data

    @property
    def sent(self) -> UploadedFile:
        """The file, or the photo."""
        return self.cleaned_data["file"] or self.cleaned_data["photo"]

    @property
    def replaced(self) -> Paper | None:
        """The paper in whose place it stands."""
        return self.standing.get(self.cleaned_data.get("replaces", ""))

    @property
    def about(self) -> About:
        """Its dates and places."""
        return self.told


def _returned(paper: Paper) -> bool:
    return paper.state == Paper.State.RETURNED


class StepForm(forms.Form):
    """A deed to a paper; `seen` is the state in which it was read."""

    deed = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="说明", max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, paper: Paper, deed: Deed, *args: Any) -> None:
        initial = {"deed": deed.name, "seen": paper.state}
        super().__init__(*args, initial=initial, auto_id=f"{deed.name}_{paper.id}_%s")
        self.fields["note"].label = deed.asks or "说明（可以不写）"
        self.paper, self.named = paper, deed


class ServeForm(forms.Form):
    """What else a file proves."""

    items = forms.MultipleChoiceField(
        label="还证明哪几项",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一项", "invalid_choice": "请在列出的里面选"},
    )

    def __init__(self, offered: Sequence[Held], *args: Any) -> None:
        super().__init__(*args)
        self.known = {one.item.code: one for one in offered}
        self.fields["items"].choices = [(code, str(one.item)) for code, one in self.known.items()]

    @property
    def chosen(self) -> list[Held]:
        """The items that were chosen."""
        return [self.known[code] for code in self.cleaned_data["items"]]


def named(county: Area) -> list[tuple[str, str]]:
    """Return the indicators with what each is called."""
    return [(id, id if name == id else f"{id} {name}") for id, name in names_of(county).items()]
