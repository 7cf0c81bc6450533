"""The items of the county table: what is known once a county, with label, kind and unit. Documented like any column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from junheng.facts.clocks import Clock
from junheng.facts.schema import Column, Kind


def _count(name: str, label: str, unit: str = "人", clock: Clock = Clock.COUNTING) -> Column:
    return Column(name, label, Kind.COUNT, unit, clock=clock)


def _money(name: str, label: str, clock: Clock = Clock.BUDGET_YEAR) -> Column:
    return Column(name, label, Kind.MONEY, "元", clock=clock)


def _flag(name: str, label: str, clock: Clock = Clock.APPLICATION_YEAR) -> Column:
    return Column(name, label, Kind.FLAG, clock=clock)


def _ratio(name: str, label: str, clock: Clock) -> Column:
    return Column(name, label, Kind.RATIO, clock=clock)


# The subjects of the national quality monitoring, each with a level and a spread between schools.
SUBJECTS = {
    "chinese": "语文",
    "mathematics": "数学",
    "science": "科学",
    "sports": "体育",
    "arts": "艺术",
    "morals": "德育",
}

_ALL = (
    _money("operating_quota_primary", "小学生均公用经费基准定额"),
    _money("operating_quota_junior", "初中生均公用经费基准定额"),
    _money("special_operating_fund", "特殊教育公用经费"),
    _count("special_pupils", "特殊教育学生数"),
    _money("teacher_average_pay", "义务教育教师年平均工资收入", clock=Clock.LAST_YEAR),
    _money("civil_servant_average_pay", "当地公务员年平均工资收入", clock=Clock.LAST_YEAR),
    _count("rotation_eligible_teachers", "符合交流条件教师数", clock=Clock.LAST_SCHOOL_YEAR),
    _count("rotated_teachers", "交流轮岗教师数", clock=Clock.LAST_SCHOOL_YEAR),
    _count("rotated_backbone_teachers", "交流轮岗骨干教师数", clock=Clock.LAST_SCHOOL_YEAR),
    _count("key_high_school_places", "优质高中招生计划数", clock=Clock.SUMMER_QUOTA),
    _count("allotted_places", "优质高中分配名额数", clock=Clock.SUMMER_QUOTA),
    _count("allotted_rural_places", "优质高中分配农村初中名额数", clock=Clock.SUMMER_QUOTA),
    _count("eligible_migrant_children", "符合条件随迁子女数"),
    _count("migrant_children_public", "公办学校就读随迁子女数"),
    _count("migrant_children_purchased", "政府购买服务就读随迁子女数"),
    _count("disabled_children", "适龄残疾儿童少年数"),
    _count("disabled_children_enrolled", "残疾儿童少年入学数"),
    _flag("monitoring_sampled", "是否参加最近一轮质量监测", clock=Clock.MONITORING),
    _flag("monitoring_national", "监测结果是否出自国家义务教育质量监测", clock=Clock.MONITORING),
    *(
        _count(f"monitoring_{key}_level", f"{label}监测等级", "级", clock=Clock.MONITORING)
        for key, label in SUBJECTS.items()
    ),
    *(
        _ratio(f"monitoring_{key}_spread", f"{label}监测校际差异率", clock=Clock.MONITORING)
        for key, label in SUBJECTS.items()
    ),
    _count("survey_valid", "社会认可度有效问卷数", "份", clock=Clock.APPLICATION_YEAR),
    _count("survey_satisfied", "社会认可度满意问卷数", "份", clock=Clock.APPLICATION_YEAR),
    _flag("veto_exam_admission", "以考试方式招生"),
    _flag("veto_school_choice", "违规择校"),
    _flag("veto_key_classes", "重点学校或重点班"),
    _flag("veto_unfilled_posts", "有编不补或长期聘用编外教师"),
    _flag("veto_major_accident", "重大安全责任事故和严重违纪违规事件"),
    _flag("veto_falsification", "弄虚作假"),
    _flag("veto_burden", "规范校外培训和减轻学生负担不力"),
    _count("basic_certified_years", "通过基本均衡认定年数", "年", clock=Clock.APPLICATION_YEAR),
    _flag("basic_indicators_kept", "前三年基本均衡指标保持达标"),
    _ratio("basic_primary_cv", "基本均衡小学综合差异系数", clock=Clock.APPLICATION_YEAR),
    _ratio("basic_junior_cv", "基本均衡初中综合差异系数", clock=Clock.APPLICATION_YEAR),
    _flag("serious_incident", "申报当年重大安全责任事故或严重违法违纪"),
)

# Where `definitions.yaml` defines them.
_DEFINED = "items"
ITEMS: Mapping[str, Column] = MappingProxyType({item.name: replace(item, table=_DEFINED) for item in _ALL})
ITEMS_BY_LABEL: Mapping[str, Column] = MappingProxyType({item.label: item for item in ITEMS.values()})
