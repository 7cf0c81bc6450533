"""Makes the funding ledger of 示例旗, a county that does not exist: every item, sum and contract here is invented.

    python examples/shili/make_funding.py     # writes examples/shili/funding, the same bytes every time

Items are made of the county's own gaps: whatever a school lacks that can be bought or built is an item, at the invented
prices beside the facts. A few are told of below: one is being built, one buys too little, one is paid and in the books,
and three are for no gap at all; some gaps have no item.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import junheng as jh
from junheng.facts.plan_schema import DEEDS, Deed

Row = dict[str, Any]
HERE = Path(__file__).parent
INVENTED = "虚构数据，仅供演示"
WAN = Decimal(10_000)
FIELDS = (
    *("school_code", "place", "column", "name", "deed", "quantity", "amount_wan", "gap", "unit"),
    *("source", "through", "begun", "signed_percent", "paid_percent", "remark", "note"),
)
# What leaves the usual: school and deed -> how much of the gap is bought, how far it is, what of it is signed and paid.
STORIES: dict[tuple[str, str], Row] = {
    ("1506990004", "teaching_area"): {"through": "build", "signed_percent": 98, "paid_percent": 40},
    ("1506990026", "sports_ground_area"): {"through": "permit"},
    ("1506990006", "sports_ground_area"): {"share": Decimal("0.9")},
}
# What else the county lacks: rooms, classes that are too large, a spread, backbone teachers; by the gap's key.
SPREAD = ":primary:B6:spread"
ROOMS: tuple[Row, ...] = (
    {
        "school_code": "1506990014",
        "deed": "art_room",
        "quantity": 1,
        "gap": "1506990014::B10:art",
        "through": "purchase",
    },
    {
        **{"school_code": "1506990022", "deed": "class_room", "quantity": 1, "gap": "1506990022::B12:junior"},
        **{"through": "contract", "signed_percent": 95, "paid_percent": 30},
    },
    {"school_code": "1506990002", "deed": "equipment_value", "quantity": 240_000, "gap": SPREAD, "through": "review"},
    {"school_code": "1506990001", "deed": "equipment_value", "quantity": 180_000, "gap": SPREAD},
    {"school_code": "1506990012", "deed": "backbone", "quantity": 2, "gap": "1506990012:primary:B2:threshold"},
)
# Items that are for no gap: money that nobody can say closes anything, and money that is spent and in the books.
OTHERS: tuple[Row, ...] = (
    {
        **{
            "school_code": "1506990006",
            "column": "equipment",
            "name": "更新学生机房的计算机",
            "deed": "equipment_value",
        },
        **{"quantity": Decimal(360_000), "amount_wan": Decimal(36), "source": "own", "through": "book"},
        **{"signed_percent": 100, "paid_percent": 100, "remark": "校长提出，没有写补哪个缺口（虚构）"},
    },
    {
        **{"place": "全旗骨干教师培训", "column": "other", "name": "骨干教师培训和认定", "amount_wan": Decimal("18.5")},
        **{"source": "own", "through": "approve", "remark": "不属于哪一所学校（虚构）"},
    },
    {
        **{"school_code": "1506990010", "column": "works", "name": "硬化校门前道路", "amount_wan": Decimal("26.4")},
        **{"remark": "没有写补哪个缺口（虚构）"},
    },
)
SOURCES: tuple[Row, ...] = (
    {
        "code": "region",
        "name": "自治区义务教育薄弱环节改善资金（虚构）",
        "kind": "region",
        "document": "示财教〔2026〕8 号（虚构）",
        "amount_wan": 1600,
    },
    {
        "code": "own",
        "name": "旗本级教育专项（虚构）",
        "kind": "county",
        "document": "示财预〔2026〕21 号（虚构）",
        "amount_wan": 900,
    },
    {
        "code": "bond",
        "name": "一般债券（虚构）",
        "kind": "bond",
        "document": "示债〔2026〕3 号（虚构）",
        "amount_wan": 400,
    },
)
CERTIFIED = ("school_code", "kind", "has", "result", "number", "day", "until", "remark", "note")
# Most schools have every certificate; what leaves the usual: school and kind -> how it stands. Of one nothing was said.
SILENT = "1506990030"
PAPERS: dict[tuple[str, str], Row] = {
    ("1506990004", "land"): {"has": "doing", "number": "", "day": "", "remark": "已报自然资源局（虚构）"},
    ("1506990006", "safety"): {"until": "2026-06-30", "day": "2021-07-01", "number": "示房鉴〔2021〕6 号（虚构）"},
    ("1506990010", "safety"): {"result": "C 级", "remark": "食堂东墙开裂，已停用（虚构）"},
    ("1506990014", "title"): {"has": "none", "number": "", "day": "", "remark": "八十年代建的，没有办过（虚构）"},
    ("1506990022", "title"): {"has": "spared", "number": "", "day": "", "remark": "校舍是租用的（虚构）"},
    ("1506990026", "fire"): {"has": "none", "number": "", "day": "", "remark": "操场改造后没有重新备案（虚构）"},
}
USUAL: dict[str, Row] = {
    "land": {"number": "示国用〔2012〕{} 号（虚构）", "day": "2012-05-10"},
    "title": {"number": "蒙（示）不动产权第 {} 号（虚构）", "day": "2018-09-03"},
    "safety": {"number": "示房鉴〔2024〕{} 号（虚构）", "day": "2024-07-15", "until": "2029-07-14", "result": "B 级"},
    "fire": {"number": "示消验字〔2019〕{} 号（虚构）", "day": "2019-08-20"},
}
SOURCE_OF = {"equipment": "region", "works": "bond"}
BEGUN = "2025-11-03"


def prices() -> dict[str, tuple[Decimal, Decimal]]:
    """Return the invented price of a unit and what it costs to begin, by deed, in 元."""
    with (HERE / "facts" / "prices.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["item"]: (Decimal(row["unit_price"]), Decimal(row["fixed_price"] or 0)) for row in rows}


def items() -> Iterator[Row]:
    """Yield the ledger: an item for each gap that can be bought or built away, then what is for no gap."""
    costs = prices()
    for school, stage, indicator, deed, lacks in _gaps():
        told = STORIES.get((school, deed.item), {})
        quantity = (Decimal(lacks) * told.get("share", 1)).quantize(Decimal("0.01"))
        unit, fixed = costs[deed.item]
        amount = ((unit * quantity + fixed) / WAN).quantize(Decimal("0.01"))
        yield _item(
            {
                **{"school_code": school, "column": deed.money, "name": deed.label, "deed": deed.item},
                **{"quantity": quantity, "amount_wan": amount, "gap": f"{school}:{stage}:{indicator}:threshold"},
                **{"unit": "edu", "source": SOURCE_OF[deed.money] if told else "", **told},
            }
        )
    yield from (_item({**_priced(one, costs), **one}) for one in ROOMS)
    yield from (_item(one) for one in OTHERS)


def _priced(one: Row, costs: dict[str, tuple[Decimal, Decimal]]) -> Row:
    """Return what follows from what an item does: its column, its name, its price, who answers, where money is from."""
    deed, (unit, fixed) = DEEDS[one["deed"]], costs[one["deed"]]
    amount = ((unit * one["quantity"] + fixed) / WAN).normalize()
    source = SOURCE_OF[deed.money] if "through" in one else ""
    told = {"column": deed.money, "name": deed.label, "amount_wan": f"{amount:f}", "unit": "edu"}
    return {**told, "source": source}


def _item(told: Row) -> Row:
    row = {**dict.fromkeys(FIELDS, ""), **{name: value for name, value in told.items() if name != "share"}}
    row["begun"] = BEGUN if row["through"] else ""
    return {**row, "note": INVENTED}


def certificates() -> Iterator[Row]:
    """Yield how every certificate of every school stands, but for the school of which nothing was said."""
    with (HERE / "facts" / "schools.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["school_code"] for row in csv.DictReader(file)]
    for place, code in enumerate(codes, 1):
        for kind, usual in USUAL.items():
            number = usual["number"].format(place)
            own = {**usual, "has": "have", "number": number, **PAPERS.get((code, kind), {})}
            if own["has"] != "have":
                own |= {"result": "", "until": ""}
            if code != SILENT:
                row = {**dict.fromkeys(CERTIFIED, ""), **own, "school_code": code, "kind": kind}
                yield {**row, "note": INVENTED}


def _gaps() -> Iterator[tuple[str, str, str, Deed, int]]:
    """Yield what sections lack that a deed buys or builds: school, stage, indicator, deed, how much in whole units."""
    standard, answer = jh.load_standard("national-2017"), jh.assess(jh.load(HERE / "facts"))
    for section in answer.sections:
        for id, cell in section.indicators.items():
            facts = {term.fact for term in standard.indicators[id].terms}
            deed = next(
                (one for one in DEEDS.values() if one.kind in {"build", "buy"} and facts & set(one.facts)), None
            )
            if deed and cell.gap_to_threshold and section.in_sample is not False:
                yield section.school_code, section.stage, id, deed, cell.gap_to_threshold


def write(folder: Path) -> None:
    """Write the ledger's tables below a folder."""
    to = folder / "funding"
    to.mkdir(parents=True, exist_ok=True)
    _write(to / "items.csv", FIELDS, items())
    _write(to / "sources.csv", (*SOURCES[0], "note"), ({**one, "note": INVENTED} for one in SOURCES))
    _write(to / "certificates.csv", CERTIFIED, certificates())


def _write(file: Path, columns: tuple[str, ...], rows: Iterator[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write(HERE)
