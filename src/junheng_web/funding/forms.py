"""What is asked about rows, items, gates and money: sums are typed in 万元, and kept to the fen."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from junheng.facts.plan_schema import DEEDS
from junheng_web.collection.pages.forms import ImportForm
from junheng_web.evidence.forms import FileForm
from junheng_web.funding.amounts import LARGEST, LARGEST_TOTAL, quantity_of, quantity_told, wan_of, yuan_of_wan
from junheng_web.funding.certificates import Kind
from junheng_web.funding.certifying import FIELDS
from junheng_web.funding.gates import Gate, gates
from junheng_web.funding.models import LONGEST, SHORTER, Certificate, Contract, Item, Line, Source
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.rectification.forms import CHOOSE, day_field, lines
from junheng_web.rectification.gaps import Gap
from junheng_web.rectification.models import Issue

WHY = "写进台账，谁改的、为什么改，都看得到"


class Wan(forms.CharField):
    """A sum, typed in 万元; its value is in 元."""

    def __init__(self, label: str, most: Decimal = LARGEST, **options: Any) -> None:
        self.most = most
        told = {"required": f"请填{label}", **options.pop("error_messages", {})}
        super().__init__(label=f"{label}（万元）", max_length=24, error_messages=told, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Decimal | None:
        """Return the sum in 元, None where nothing was typed."""
        text = super().clean(value)
        return yuan_of_wan(text, self.most) if text else None

    def prepare_value(self, value: Any) -> Any:
        """Show a kept sum in 万元, and what was typed as it was typed."""
        return f"{wan_of(value)}" if isinstance(value, Decimal) else value


class Many(forms.CharField):
    """A quantity, typed with at most two decimals."""

    def clean(self, value: Any) -> Decimal | None:
        """Return the quantity, None where nothing was typed."""
        text = super().clean(value)
        return quantity_of(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """Show a kept quantity without zeros that say nothing."""
        return quantity_told(value) if isinstance(value, Decimal) else value


def why_field() -> forms.CharField:
    """Return a field for the reason of a change."""
    return forms.CharField(label="为什么改", max_length=SHORTER, required=False, help_text=WHY, widget=lines(2))


def deeds_offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what items can do, under the columns that pay for it."""
    columns = dict(Item.Column.choices)
    groups = {
        column: [(id, f"{one.label}（{one.unit}）") for id, one in DEEDS.items() if one.money == column]
        for column in columns
    }
    return [(columns[column], own) for column, own in groups.items() if own]


class ItemForm(forms.Form):
    """An item: where, in which column, what, how many, how much, and what it is for."""

    school = forms.ChoiceField(label="学校", required=False, error_messages=CHOOSE)
    place = forms.CharField(
        label="不属于哪所学校的，这一行叫什么", max_length=120, required=False, help_text="例如：全旗教师培训"
    )
    column = forms.ChoiceField(label="哪一栏", choices=Item.Column.choices, error_messages=CHOOSE)
    name = forms.CharField(label="内容", max_length=200, error_messages={"required": "请写这笔钱用来做什么"})
    deed = forms.ChoiceField(
        label="办什么", required=False, error_messages=CHOOSE, help_text="选了，才能算出补上多少缺口、每单位多少钱"
    )
    quantity = Many(
        label="数量", required=False, max_length=24, help_text="单位跟着“办什么”；购置仪器设备的数量是资产值，单位元"
    )
    amount = Wan("计划金额")
    gap = forms.ChoiceField(label="补哪个缺口", required=False, error_messages=CHOOSE, help_text="正式评估算出来的缺口")
    issue = forms.ChoiceField(label="或者：整改哪个问题", required=False, error_messages=CHOOSE)
    unit = forms.ChoiceField(label="责任单位", required=False, error_messages=CHOOSE)
    remark = forms.CharField(label="说明", max_length=SHORTER, required=False, widget=lines(2))

    def __init__(self, county: Area, gaps: Iterable[Gap], *args: Any, item: Item | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.schools = {one.code: one for one in School.objects.of(county).on(timezone.localdate())}
        self.units = {one.code: one for one in Unit.objects.of(county).filter(parent=None, closed=None)}
        ended = (Issue.State.CLOSED, Issue.State.DROPPED)
        kept = Q(id=item.issue_id) if item and item.issue_id else Q(pk__in=[])
        issues = Issue.objects.of(county).filter(~Q(state__in=ended) | kept).select_related("county", "period")
        self.issues = {one.code: one for one in issues}
        self._offer(list(gaps), item)
        if item is not None:
            del self.fields["school"], self.fields["place"]
            self.fields["why"] = why_field()

    def _offer(self, gaps: list[Gap], item: Item | None) -> None:
        """Fill the choices; a gap that is gone by now stays where the item is for it."""
        named = [(str(gap.key), gap.title) for gap in gaps]
        if item and item.key and item.key not in dict(named):
            named.insert(0, (item.key, f"{item.indicator}（缺口已经没有了）"))
        choices = {
            "school": [(code, one.name) for code, one in self.schools.items()],
            "deed": deeds_offered(),
            "gap": named,
            "issue": [(code, f"{code} {one.title}") for code, one in self.issues.items()],
            "unit": [(code, one.name) for code, one in self.units.items()],
        }
        for name, own in choices.items():
            self.fields[name].choices = [("", "（不指定）"), *own]

    @property
    def told(self) -> dict[str, Any]:
        """What of an item the services are to be given."""
        clean = self.cleaned_data
        plain = {name: clean[name] for name in ("column", "name", "deed", "quantity", "amount", "remark")}
        named = {"key": clean["gap"], "issue": self.issues.get(clean["issue"]), "unit": self.units.get(clean["unit"])}
        return {**plain, **named}


def item_initial(item: Item) -> dict[str, Any]:
    """Return what stands in an item's form at first."""
    plain = {name: getattr(item, name) for name in ("column", "name", "deed", "quantity", "amount", "remark")}
    named = {"issue": item.issue.code if item.issue else "", "unit": item.unit.code if item.unit else ""}
    return {**plain, **named, "gap": item.key}


class LineForm(forms.Form):
    """What a row says, where it is to say something else than what is told by itself."""

    scale = forms.CharField(
        label="基本规模", max_length=SHORTER, required=False, help_text="留空，就从填报的学生和班级写出来"
    )
    lacks = forms.CharField(
        label="缺额情况",
        max_length=LONGEST,
        required=False,
        widget=lines(4),
        help_text="留空，就从设备一栏的项目写出来",
    )
    works = forms.CharField(
        label="维修改造内容",
        max_length=LONGEST,
        required=False,
        widget=lines(4),
        help_text="留空，就从维修改造一栏的项目写出来",
    )
    remark = forms.CharField(
        label="备注", max_length=SHORTER, required=False, widget=lines(2), help_text="留空，就从其他一栏的项目写出来"
    )
    why = why_field()

    @classmethod
    def of(cls, line: Line, data: Any = None) -> LineForm:
        """Return the form of a row."""
        return cls(data, initial={name: getattr(line, name) for name in ("scale", "lacks", "works", "remark")})


class WithFile(FileForm):
    """A form whose file may be left out."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required = False

    def clean_file(self) -> Any:
        """Refuse by name and size what is no evidence."""
        return super().clean_file() if self.cleaned_data["file"] else None


class GateForm(WithFile):
    """That an item went through its next gate: when, by whom, which document."""

    gate = forms.CharField(widget=forms.HiddenInput)
    day = day_field("日期")
    unit = forms.ChoiceField(label="办理单位", required=False, error_messages=CHOOSE)
    document = forms.CharField(label="文件和文号", max_length=120, required=False)
    note = forms.CharField(label="说明", max_length=SHORTER, required=False)
    field_order = ("gate", "day", "unit", "document", "note", "file")

    def __init__(self, item: Item, gate: Gate, *args: Any, **options: Any) -> None:
        super().__init__(*args, initial={"gate": gate.id}, auto_id="gate_%s", **options)
        self.units = {one.code: one for one in Unit.objects.of(item.county).filter(parent=None, closed=None)}
        self.fields["unit"].choices = [("", "（不写）"), *((code, one.name) for code, one in self.units.items())]
        self.fields["document"].help_text = gate.document
        self.fields["file"].label = f"{gate.document}（可以不传）"

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        return {
            **{name: clean[name] for name in ("gate", "day", "document", "note")},
            "unit": self.units.get(clean["unit"]),
        }


class SkipForm(forms.Form):
    """Which gates an item does without, and why."""

    named = forms.MultipleChoiceField(
        label="不需要办的",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一道", "invalid_choice": "请在列出的里面选"},
    )
    note = forms.CharField(label="为什么不需要", max_length=SHORTER, error_messages={"required": "请写为什么不需要"})

    def __init__(self, item: Item, open_gates: Iterable[Gate], *args: Any, **options: Any) -> None:
        left = list(open_gates)
        rarely = [one.id for one in left if item.column in one.rarely]
        super().__init__(*args, initial={"named": rarely}, auto_id="skip_%s", **options)
        self.fields["named"].choices = [(one.id, one.label) for one in left]


class WhyForm(forms.Form):
    """Why something is taken back or dropped."""

    why = forms.CharField(label="为什么", max_length=SHORTER, error_messages={"required": "请写明为什么"})


class CertificateForm(WithFile):
    """How a certificate of a school stands."""

    has = forms.ChoiceField(label="现状", choices=Certificate.Has.choices, error_messages=CHOOSE)
    result = forms.ChoiceField(label="鉴定结果", required=False, error_messages=CHOOSE)
    number = forms.CharField(label="证号或文号", max_length=120, required=False)
    day = day_field("发证或鉴定日期", required=False)
    until = day_field("有效期至", required=False, help_text="长期有效的留空")
    note = forms.CharField(label="说明", max_length=SHORTER, required=False, widget=lines(2))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    field_order = ("has", "result", "number", "day", "until", "note", "seen", "file")

    def __init__(self, kind: Kind, row: Certificate | None, *args: Any, **options: Any) -> None:
        known = {name: getattr(row, name) for name in FIELDS} if row else {}
        super().__init__(*args, initial={**known, "seen": row.id if row else 0}, **options)
        self.fields["result"].choices = [("", "（不写）"), *((one, one) for one in kind.results)]
        if not kind.results:
            del self.fields["result"]
        self.fields["number"].help_text = kind.document
        self.fields["file"].label = f"{kind.document}（可以不传）"

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class ContractForm(WithFile):
    """A contract of an item."""

    number = forms.CharField(label="合同编号", max_length=60, error_messages={"required": "请填合同编号"})
    party = forms.CharField(label="对方", max_length=120, error_messages={"required": "请填和谁签的"})
    day = day_field("签订日期")
    amount = Wan("合同金额")
    field_order = ("number", "party", "day", "amount", "file")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="contract_%s", **options)
        self.fields["file"].label = "合同扫描件（可以不传）"


class PaymentForm(WithFile):
    """A payment for an item."""

    voucher = forms.CharField(label="凭证号", max_length=60, error_messages={"required": "请填凭证号"})
    day = day_field("支付日期")
    amount = Wan("支付金额")
    contract = forms.ChoiceField(label="按哪份合同", required=False, error_messages=CHOOSE)
    source = forms.ChoiceField(label="用哪笔资金", required=False, error_messages=CHOOSE)
    field_order = ("voucher", "day", "amount", "contract", "source", "file")

    def __init__(self, item: Item, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="payment_%s", **options)
        self.contracts = {str(one.id): one for one in Contract.objects.filter(item=item, undone="")}
        given = Source.objects.of(item.county).filter(allotments__item=item)
        self.sources = {one.code: one for one in given}
        signed = [(id, f"{one.number}（{wan_of(one.amount):,} 万元）") for id, one in self.contracts.items()]
        self.fields["contract"].choices = [("", "（没有合同）"), *signed]
        self.fields["source"].choices = [
            ("", "（还没有安排）"),
            *((code, one.name) for code, one in self.sources.items()),
        ]
        self.fields["file"].label = "支付凭证（可以不传）"

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        clean = self.cleaned_data
        plain = {name: clean[name] for name in ("voucher", "day", "amount")}
        named = {"contract": self.contracts.get(clean["contract"]), "source": self.sources.get(clean["source"])}
        return {**plain, **named}


class AllotForm(forms.Form):
    """How much of a source an item is given."""

    source = forms.ChoiceField(label="资金来源", error_messages=CHOOSE)
    amount = Wan("安排")

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="allot_%s", **options)
        self.sources = {one.code: one for one in Source.objects.of(county)}
        self.fields["source"].choices = [(code, one.name) for code, one in self.sources.items()]
        self.fields["amount"].help_text = "写 0 就是不安排了"

    @property
    def told(self) -> dict[str, Any]:
        """What the service is to be given."""
        return {"source": self.sources[self.cleaned_data["source"]], "amount": self.cleaned_data["amount"]}


class SourceForm(forms.Form):
    """Where money comes from."""

    name = forms.CharField(label="名称", max_length=120, error_messages={"required": "请写是什么资金"})
    kind = forms.ChoiceField(label="级次", choices=Source.Kind.choices, error_messages=CHOOSE)
    amount = Wan("金额")
    document = forms.CharField(label="文号", max_length=120, required=False)

    def __init__(self, *args: Any, source: Source | None = None, **options: Any) -> None:
        known = {name: getattr(source, name) for name in ("name", "kind", "amount", "document")} if source else {}
        super().__init__(*args, initial=known, auto_id="source_%s", **options)
        if source is not None:
            self.fields["why"] = why_field()
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=source.version)


class DecisionForm(forms.Form):
    """The totals that a meeting decided on."""

    meeting = forms.CharField(label="会议", max_length=120, error_messages={"required": "请写是哪次会议定的"})
    document = forms.CharField(label="纪要文号", max_length=120, required=False)
    day = day_field("日期")
    equipment = Wan("设备", LARGEST_TOTAL)
    works = Wan("维修改造", LARGEST_TOTAL)
    other = Wan("其他", LARGEST_TOTAL)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="decision_%s", **options)


class KeepersForm(forms.Form):
    """Which units keep the ledger with the office."""

    units = forms.MultipleChoiceField(
        label="和办公室一起管资金台账的单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在列出的里面选"},
    )

    def __init__(self, county: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {one.code: one for one in Unit.objects.of(county).filter(parent=None, closed=None)}
        self.fields["units"].choices = [(code, one.name) for code, one in self.known.items()]


class BookForm(ImportForm):
    """The table as a workbook."""

    suffixes = (".xlsx", ".xls")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = "从本页导出的工作簿，或按附件3 的样子填的明细表（.xlsx、.xls）"


class CertificatesForm(BookForm):
    """The schools' certificates as a workbook."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = "从“学校证照”导出、填好的工作簿（.xlsx、.xls）"


def gates_left(through: Iterable[str]) -> list[Gate]:
    """Return the gates that are still open."""
    closed = set(through)
    return [one for id, one in gates().items() if id not in closed]
