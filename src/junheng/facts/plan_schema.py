"""What the planner is told beside the facts: what can be done and at which price, what is limited, how far schools lie.

The deeds are a closed list. Each says which facts it adds to, so that the planner finds by the rule book which
indicators it serves; nothing here names an indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from junheng.facts.schema import NOTE, Column, Kind, Table

TEACHERS = "teachers"
BACKBONE = "backbone_teachers"
ROLES: Mapping[str, str] = MappingProxyType(
    {"above_required_teachers": "高于规定学历", "backbone_teachers": "骨干", "pe_arts_teachers": "体育艺术"}
)
"""What a teacher is called who counts in a column, where one speaks of him and not of the number."""
MONEY_COLUMNS: Mapping[str, str] = MappingProxyType({"equipment": "设备", "works": "工程", "other": "其他"})
"""The columns of a funding ledger in which money is limited by itself."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be bought, built or arranged: `facts` are the columns of `schools` (without stage) it adds to.

    `kind` is hire, transfer, upgrade, build or buy; `money` the funding column that pays; `room` a kind of room that
    stands in the list of rooms, with its area, instead of in a column. `land` tells how much ground a unit takes: its
    own size, or only a share of it where it has storeys.
    """

    item: str
    label: str
    kind: str
    unit: str
    money: str
    facts: tuple[str, ...] = ()
    room: str = ""
    land: str = ""


_ALL = (
    Deed("hire", "招聘高学历教师", "hire", "人", "other", ("above_required_teachers",)),
    Deed(
        "hire_pe_arts",
        "招聘高学历体育艺术教师",
        "hire",
        "人",
        "other",
        ("above_required_teachers", "pe_arts_teachers"),
    ),
    Deed("transfer", "教师交流", "transfer", "人", "other"),
    Deed("qualification", "教师学历提升", "upgrade", "人", "other", ("above_required_teachers",)),
    Deed("backbone", "认定骨干教师", "upgrade", "人", "other", (BACKBONE,)),
    Deed("teaching_area", "新建教学及辅助用房", "build", "平方米", "works", ("teaching_area",), land="footprint"),
    Deed("sports_ground_area", "新建体育运动场地", "build", "平方米", "works", ("sports_ground_area",), land="whole"),
    Deed("equipment_value", "购置教学仪器设备", "buy", "元", "equipment", ("equipment_value",)),
    Deed("multimedia_rooms", "配备网络多媒体教室", "buy", "间", "equipment", ("multimedia_rooms",)),
    Deed("music_room", "改造音乐教室", "build", "间", "works", room="music"),
    Deed("art_room", "改造美术教室", "build", "间", "works", room="art"),
    Deed("class_room", "增设班级的教室", "build", "间", "works"),
)
DEEDS: Mapping[str, Deed] = MappingProxyType({one.item: one for one in _ALL})
# What a transfer costs for each kilometre, beside what it costs at all.
TRANSFER_KM = "transfer_km"
PRICED: Mapping[str, str] = MappingProxyType(
    {**{item: one.label for item, one in DEEDS.items()}, TRANSFER_KM: "教师交流每公里"}
)


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that can be limited. `of` says for whom (county, school, both); `least` and `most` which way.

    Without a school code a row about schools holds for every school that has no row of its own.
    """

    item: str
    label: str
    unit: str
    of: str
    least: bool = False
    most: bool = False


_LIMITS = (
    Limit("budget", "总经费", "元", "county", most=True),
    *(Limit(f"budget_{one}", f"{label}经费", "元", "county", most=True) for one, label in MONEY_COLUMNS.items()),
    Limit("hires", "招聘教师总数", "人", "both", least=True, most=True),
    Limit("transfers", "交流教师总数", "人", "county", least=True, most=True),
    Limit("transfers_share", "交流教师占符合条件教师的比例", "%", "county", least=True),
    Limit("transfers_backbone", "交流教师中骨干教师的比例", "%", "county", least=True),
    Limit("transfers_out", "一校调出教师", "人", "school", least=True, most=True),
    Limit("transfers_in", "一校调入教师", "人", "school", least=True, most=True),
    Limit("distance", "交流的最远路程", "公里", "county", most=True),
    Limit("staff", "交流后专任教师不少于现有的", "%", "school", least=True),
    Limit("exempt", "不参加交流的教师", "人", "school", least=True),
    Limit("land", "可用土地", "平方米", "school", most=True),
    Limit("footprint", "每平方米教学用房占地", "%", "county", most=True),
    Limit("margin", "超过标准值的余量", "%", "county", least=True),
    Limit("years", "常年费用按几年计", "年", "county", most=True),
    Limit("season", "室外施工的月份", "月", "county", least=True, most=True),
    Limit("lead", "事项需要的月数", "个月", "county", most=True),
    Limit("missed", "一校可以有几项只达到 85%", "项", "school", most=True),
    *(Limit(item, one.label, one.unit, "both", True, True) for item, one in DEEDS.items() if one.kind != "transfer"),
)
LIMITED: Mapping[str, Limit] = MappingProxyType({one.item: one for one in _LIMITS})

PRICES = Table(
    "prices",
    "价格",
    (
        Column("item", "项目", Kind.CODE, choices=PRICED),
        Column("unit_price", "单价", Kind.MONEY, "元"),
        Column("fixed_price", "每校开工固定费用", Kind.MONEY, "元"),
        Column("yearly_price", "每年费用", Kind.MONEY, "元"),
        Column("lead_months", "需要月数", Kind.COUNT, "个"),
        Column("source", "价格来源"),
        Column("date", "价格日期", Kind.DATE),
        NOTE,
    ),
    key=("item",),
)
LIMITS = Table(
    "limits",
    "限制",
    (
        Column("item", "项目", Kind.CODE, choices={item: one.label for item, one in LIMITED.items()}),
        Column("school_code", "学校标识码"),
        Column("at_least", "不少于", Kind.MONEY),
        Column("at_most", "不多于", Kind.MONEY),
        NOTE,
    ),
    key=("item", "school_code"),
)
DISTANCES = Table(
    "distances",
    "路程",
    (
        Column("from_school_code", "甲校标识码"),
        Column("to_school_code", "乙校标识码"),
        Column("km", "公里", Kind.RATIO),
        NOTE,
    ),
    key=("from_school_code", "to_school_code"),
)
PLAN_TABLES: Mapping[str, Table] = MappingProxyType({one.name: one for one in (PRICES, LIMITS, DISTANCES)})
