"""The data dictionary: every table and column of the contract, its Chinese label, type, unit and limits.

One place: readers, the rule book's loader, the example and the manual all read this and repeat nothing.
Facts at rest are integers in the smallest unit: persons, rooms, 0.01 m2 and fen (0.01 yuan).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from junheng.facts.clocks import Clock
from junheng.facts.definitions import Definition, definition_of

STAGES = ("primary", "junior")
STAGE_LABELS: Mapping[str, str] = MappingProxyType({"primary": "小学", "junior": "初中"})


class Kind(StrEnum):
    """What a cell may hold."""

    TEXT = "text"
    CODE = "code"
    COUNT = "count"
    INTEGER = "integer"
    AREA = "area"
    MONEY = "money"
    RATIO = "ratio"
    FLAG = "flag"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Measure:
    """How a numeric kind is written and kept: decimals in files, its unit, and the largest value accepted."""

    decimals: int
    unit: str
    maximum: int
    signed: bool = False

    @property
    def scale(self) -> int:
        """Smallest units in one written unit (100 for m2 and yuan, 1 for persons)."""
        return int(10**self.decimals)


# The limits are the contract's: 200,000 pupils, 10^9 m2 and 10^11 yuan a school, here in written units.
MEASURES: Mapping[Kind, Measure] = MappingProxyType(
    {
        Kind.COUNT: Measure(0, "", 200_000),
        Kind.INTEGER: Measure(0, "", 200_000, signed=True),
        Kind.AREA: Measure(2, "平方米", 10**9),
        Kind.MONEY: Measure(2, "元", 10**11),
        Kind.RATIO: Measure(4, "", 1_000),
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its English name (the header in CSV), its Chinese label, kind, unit, permitted codes and clock.

    `table` is where `definitions.yaml` defines it; a column that is no fact has none.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = Clock.COUNTING
    table: str = ""

    @property
    def definition(self) -> Definition | None:
        """What the column counts, and where its number stands at its source; None for what is no fact."""
        return definition_of(self.table, self.name) if self.table else None

    @property
    def measure(self) -> Measure:
        """How this numeric column is written and kept. KeyError for a column that holds no number."""
        return MEASURES[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the facts: its name (the file's name), label, columns, and the columns that name a row once."""

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError if the table has none."""
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, Column]:
        """The columns under their English names, in order."""
        return {column.name: column for column in self.columns}

    @property
    def by_label(self) -> dict[str, Column]:
        """The columns under their Chinese labels, in order."""
        return {column.label: column for column in self.columns}


SCHOOL_TYPES = {
    "primary": "小学",
    "teaching_point": "教学点",
    "junior": "初级中学",
    "nine_year": "九年一贯制学校",
    "complete_secondary": "完全中学",
    "twelve_year": "十二年一贯制学校",
    "special": "特殊教育学校",
    "vocational": "职业学校",
}
SPONSORS = {
    "1": "中央教育部门",
    "2": "中央其他部门",
    "3": "省级教育部门",
    "4": "省级其他部门",
    "5": "地级教育部门",
    "6": "地级其他部门",
    "7": "县级教育部门",
    "8": "县级其他部门",
    "9": "地方企业",
    "10": "民办",
}
LOCATIONS = {"urban": "城区", "town": "镇区", "rural": "乡村"}
LOCATION_CODES = {
    "111": "主城区",
    "112": "城乡结合区",
    "121": "镇中心区",
    "122": "镇乡结合区",
    "123": "特殊区域",
    "210": "乡中心区",
    "220": "村庄",
}
# The first digits of the statistical code tell the kind of place (P13: 111, 112 | 121, 122, 123 | 210, 220).
LOCATION_PREFIXES = {"11": "urban", "12": "town", "2": "rural"}
BASES = {"census": "统计口径", "current": "现状口径"}
JUDGEMENTS = {"met": "达标", "not_met": "不达标", "good": "良好以上", "fair": "一般", "poor": "较差"}
ROOM_KINDS = {"music": "音乐教室", "art": "美术教室"}
FLAGS = {"1": True, "true": True, "是": True, "0": False, "false": False, "否": False}

NOTE = Column("note", "备注")


def _facts(name: str, label: str, columns: tuple[Column, ...], key: tuple[str, ...] = ()) -> Table:
    """Return a table of facts, whose columns know where they are defined."""
    return Table(name, label, tuple(replace(column, table=name) for column in columns), key)


def _count(name: str, label: str, unit: str = "人", clock: Clock = Clock.COUNTING) -> Column:
    return Column(name, label, Kind.COUNT, unit, clock=clock)


def _area(name: str, label: str) -> Column:
    return Column(name, label, Kind.AREA, "平方米")


def _money(name: str, label: str, clock: Clock = Clock.BUDGET_YEAR) -> Column:
    return Column(name, label, Kind.MONEY, "元", clock=clock)


def _by_stage() -> Iterator[Column]:
    parts = (
        ("teachers", "专任教师数", "人"),
        ("above_required_teachers", "高于规定学历专任教师数", "人"),
        ("backbone_teachers", "县级以上骨干教师数", "人"),
        ("pe_arts_teachers", "体育艺术专任教师数", "人"),
        ("visiting_pe_arts_teachers", "走教体育艺术教师数", "人"),
        ("in_zone_pupils", "片内学生数", "人"),
        ("new_pupils", "当年新生数", "人", Clock.AUTUMN_INTAKE),
        ("new_in_zone_pupils", "当年片内新生数", "人", Clock.AUTUMN_INTAKE),
        ("grades", "年级数", "个"),
    )
    for stage, stage_label in STAGE_LABELS.items():
        for name, label, unit, *clock in parts:
            yield _count(f"{stage}_{name}", f"{stage_label}{label}", unit, *clock)


SCHOOLS = _facts(
    "schools",
    "学校",
    (
        Column("county_code", "县代码"),
        Column("county_name", "县名称"),
        Column("school_code", "学校标识码"),
        Column("school_name", "学校名称"),
        Column("school_type", "学校类型", Kind.CODE, choices=SCHOOL_TYPES),
        Column("sponsor_code", "举办者类型", Kind.CODE, choices=SPONSORS),
        Column("location_code", "城乡分类代码", Kind.CODE, choices=LOCATION_CODES),
        Column("location", "城乡类型", Kind.CODE, choices=LOCATIONS),
        Column("teaching_language", "授课语言"),
        Column("is_boarding", "是否寄宿制", Kind.FLAG),
        Column("parent_school_code", "所属主校标识码"),
        Column("built_year", "建成年份", Kind.COUNT, "年"),
        Column("dense_city_core", "是否大城市中心城区", Kind.FLAG),
        _count("primary_pupils", "小学在校生数"),
        _count("junior_pupils", "初中在校生数"),
        _count("senior_pupils", "高中在校生数"),
        _count("kindergarten_pupils", "附设幼儿班在园幼儿数"),
        _count("migrant_pupils", "随迁子女在校生数"),
        _count("primary_classes", "小学班数", "个"),
        _count("junior_classes", "初中班数", "个"),
        *_by_stage(),
        _area("teaching_area", "教学及辅助用房面积"),
        _area("indoor_sports_area", "室内体育用房面积"),
        _area("sports_ground_area", "运动场地面积"),
        _area("extra_sports_area", "另计体育场馆面积"),
        _money("equipment_value", "教学仪器设备资产值", Clock.COUNTING),
        _count("multimedia_rooms", "网络多媒体教室数", "间"),
        _count("certified_teachers", "持证专任教师数"),
        _count("trained_360h_teachers", "完成360学时培训教师数", clock=Clock.TRAINING_CYCLE),
        _money("operating_budget", "公用经费预算"),
        _money("operating_final", "公用经费决算"),
        _money("training_budget", "教师培训经费预算"),
        _money("training_spent", "教师培训经费决算"),
        _money("approved_operating_fund", "核定公用经费"),
        _money("heating_fund", "取暖费"),
        _money("boarding_fund", "寄宿生公用经费补助"),
        _count("entry_grade7", "三年前初一在校生数", clock=Clock.COHORT),
        _count("graduates", "毕业生数", clock=Clock.COHORT),
        _count("transfers_in", "三年转入人数", clock=Clock.COHORT),
        _count("transfers_out", "三年转出人数", clock=Clock.COHORT),
        _count("deaths", "三年死亡人数", clock=Clock.COHORT),
        _count("suspended", "休学人数", clock=Clock.COHORT),
        _count("returned", "复学人数", clock=Clock.COHORT),
        NOTE,
    ),
    key=("county_code", "school_code"),
)

PERIOD = _facts(
    "period",
    "统计时期",
    (
        Column("school_year", "学年"),
        Column("counting_date", "统计时点", Kind.DATE),
        Column("basis", "口径", Kind.CODE, choices=BASES),
        Column("source", "数据来源"),
        NOTE,
    ),
)

JUDGED = _facts(
    "judged",
    "评定结果",
    (
        Column("indicator", "指标"),
        Column("school_code", "学校标识码"),
        Column("judgement", "评定", Kind.CODE, choices=JUDGEMENTS, clock=Clock.SCHOOL_YEAR),
        Column("judged_by", "评定人"),
        Column("date", "评定日期", Kind.DATE),
        Column("evidence", "佐证"),
        NOTE,
    ),
    key=("indicator", "school_code"),
)

COHORTS = _facts(
    "cohorts",
    "学龄人口",
    (
        Column("school_code", "学校标识码"),
        Column("town", "苏木镇"),
        Column("year", "年份", Kind.COUNT, "年"),
        Column("grade", "年级", Kind.COUNT),
        _count("pupils", "学生数"),
        _count("births", "出生人数"),
        Column("migration", "净迁入人数", Kind.INTEGER, "人"),
        NOTE,
    ),
)

CLASSES = _facts(
    "classes",
    "班级",
    (
        Column("school_code", "学校标识码"),
        Column("stage", "学段", Kind.CODE, choices=STAGE_LABELS),
        Column("grade", "年级", Kind.COUNT),
        Column("class_name", "班级名称"),
        _count("pupils", "学生数"),
        NOTE,
    ),
)

ROOMS = _facts(
    "rooms",
    "专用教室",
    (
        Column("school_code", "学校标识码"),
        Column("kind", "教室类别", Kind.CODE, choices=ROOM_KINDS),
        _area("area", "面积"),
        NOTE,
    ),
)

COUNTY = _facts(
    "county",
    "县级数据",
    (Column("item", "项目"), Column("value", "数值"), NOTE),
    key=("item",),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for table in (SCHOOLS, PERIOD, JUDGED, COHORTS, CLASSES, ROOMS, COUNTY)}
)


def per_stage(name: str) -> bool:
    """Whether `schools` holds `name` once a stage, as `primary_<name>` and `junior_<name>`."""
    return f"{STAGES[0]}_{name}" in SCHOOLS.by_name
