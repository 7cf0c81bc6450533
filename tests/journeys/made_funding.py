"""The funding ledger of the counties that browser tests look at: all of it invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from junheng_web.evidence import trials
from junheng_web.evidence.services import file_add
from junheng_web.funding import certificate_book, sheets, tables
from junheng_web.funding.certificate_views import BOOK
from junheng_web.funding.certificates import standings_of
from junheng_web.funding.certifying import certificate_set, code_of
from junheng_web.funding.exchange_views import TABLE
from junheng_web.funding.gates import gates
from junheng_web.funding.gating import gate_pass, gate_undo, gates_skip
from junheng_web.funding.models import Certificate, Item, Keeper
from junheng_web.funding.paying import (
    allotment_set,
    contract_add,
    contract_undo,
    decision_record,
    payment_add,
    source_add,
)
from junheng_web.funding.services import item_add, item_drop, item_edit, keepers_set, line_edit
from junheng_web.funding.telling import CERTIFICATE, KIND
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.gaps import gaps_of
from junheng_web.rectification.standings import official_census, standing_of

Stretched = Callable[[str, int], str]
DAY = dt.date(2026, 1, 5)
LARGE = Decimal("98765432109.87")


def filled(area: Area, scope: Scope, code: str, file: str, pdf: bytes, stretched: Stretched) -> dict[str, Any]:
    """Fill a county with items: one at its end, one dropped, one new; and return what their pages are about."""
    school = School.objects.get(county=area, code=code)
    unit = Unit.objects.of(area).filter(parent=None).first()
    keepers_set(by=scope, county=area, units=[unit, *(one.unit for one in Keeper.objects.filter(county=area))])
    named = {"by": scope, "county": area, "school": school, "remark": stretched("校长办公会定的", 400), "unit": unit}
    done = item_add(
        **named, column="equipment", name=stretched("更新学生计算机", 200), deed="equipment_value",
        quantity=Decimal("123456.78"), amount=Decimal("9876543.20"),
    )  # fmt: skip
    gone = item_add(**named, column="works", name=stretched("修屋顶", 200), amount=Decimal(1_000_000))
    new = item_add(
        by=scope, county=area, place=stretched("全旗教师培训", 120), column="other", name="培训", amount=LARGE
    )
    item_edit(by=scope, item=new, why=stretched("人数增加", 400), amount=LARGE + 1)
    item_drop(by=scope, item=gone, why=stretched("改用别的资金", 400))
    texts = {name: stretched("按原件写的文字", 390) for name in ("scale", "lacks", "works", "remark")}
    line_edit(by=scope, line=done.line, texts=texts, why="示例")
    source = source_add(
        by=scope, county=area, name=stretched("改善办学条件资金", 120), kind="region", amount=LARGE,
        document=stretched("财教", 120),
    )  # fmt: skip
    _taken(scope, done, unit, stretched)
    _paid(scope, done, source, stretched)
    file_add(by=scope, county=area, name=file, chunks=[pdf + b"%funding"], of=(KIND, done.code))
    sums = {"equipment": LARGE, "works": Decimal(0), "other": LARGE}
    told = {"meeting": stretched("常务会议", 120), "document": stretched("纪要", 120), "day": DAY}
    decision_record(by=scope, county=area, **told, **sums)
    known = {"item": done.number, "item_dropped": gone.number, "item_new": new.number, "line": done.line.place}
    known |= {"school_raised": code, "source": source.code, "gap": _gap(area)}
    known |= {"brought_certificates": _certified(area, scope, school, file, pdf, stretched)}
    return known | {"brought_money": _brought(area, scope, file)}


def _certified(area: Area, scope: Scope, school: School, file: str, pdf: bytes, stretched: Stretched) -> str:
    """Say how a school's building stands, twice, with a file; and bring in a workbook that says more."""
    today = timezone.localdate()
    told = {"number": stretched("示房鉴", 120), "day": DAY, "note": stretched("鉴定机构抽检", 400)}
    for result, until in (("B 级", None), ("D 级", DAY + dt.timedelta(365))):
        own = {"has": "have", "result": result, "until": until, **told}
        certificate_set(by=scope, school=school, kind="safety", today=today, **own)
    of = (CERTIFICATE, code_of(school, "safety"))
    file_add(by=scope, county=area, name=file, chunks=[pdf + b"%certificate"], of=of)
    schools, standings = [school], standings_of([school], today)
    own = {"has": "doing", "note": stretched("正在办理", 400)}
    row = Certificate(county=area, school=school, kind="land", **own)
    standings = {school.id: {**standings[school.id], "land": replace(standings[school.id]["land"], row=row)}}
    name, content = f"{file.rsplit('.', 1)[0]}.xlsx", certificate_book.workbook(schools, standings)
    kept = {"name": name, "chunks": [content], "purpose": BOOK.purpose}
    return trials.trial_begin(by=scope, county=area, **kept).code


def _gap(area: Area) -> str:
    return str(gaps_of(standing_of(official_census(area)))[0].key)


def _taken(scope: Scope, item: Item, unit: Unit, stretched: Stretched) -> None:
    """Take an item through all gates, one of them twice, with as long words as there are."""
    gates_skip(by=scope, item=item, named=["permit", "build", "fire", "settle"], note=stretched("不建房", 400))
    today, told = (
        timezone.localdate(),
        {"unit": unit, "document": stretched("示教发", 120), "note": stretched("见附件", 400)},
    )
    passed = [id for id in gates() if id not in {"permit", "build", "fire", "settle"}]
    for place, id in enumerate(passed):
        gate_pass(by=scope, item=item, gate=id, day=DAY + dt.timedelta(place), today=today, **told)
    gate_undo(by=scope, item=item, gate="book", why=stretched("单据填错", 400))
    gate_pass(by=scope, item=item, gate="book", day=DAY + dt.timedelta(40), today=today, **told)


def _paid(scope: Scope, item: Item, source: Any, stretched: Stretched) -> None:
    allotment_set(by=scope, item=item, source=source, amount=item.amount - 1)
    told = {"party": stretched("教育装备有限公司", 120), "day": DAY, "amount": item.amount / 2}
    wrong = contract_add(by=scope, item=item, number="示合 0", **told)
    contract_undo(by=scope, contract=wrong, why=stretched("记重了", 400))
    contract = contract_add(by=scope, item=item, number=stretched("示合", 60), **told)
    paid = {"voucher": stretched("示付", 60), "day": DAY, "contract": contract, "source": source}
    payment_add(by=scope, item=item, amount=item.amount / 4, **paid)


def _brought(area: Area, scope: Scope, name: str) -> str:
    """Bring in the table as it is but for one item, which the file would change."""
    table = tables.table(scope, area)
    row = next(one for one in table.rows if one.items)
    row.items[0].name = "换了说法（虚构）"
    content = sheets.workbook(table, area)
    return trials.trial_begin(
        by=scope, county=area, name=f"{name.rsplit('.', 1)[0]}.xlsx", chunks=[content], purpose=TABLE.purpose
    ).code
