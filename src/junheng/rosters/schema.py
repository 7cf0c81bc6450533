"""The registers' data dictionary: the columns of 教师台账 (P10) and of 编制台账 (P21), in the manner of the facts'.

No register holds an identity number: a person is told by the number that the employer gave (工号).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from junheng.facts.schema import NOTE, STAGE_LABELS, Column, Kind, Table

DUTIES = {
    "on_duty": "在编在岗",
    "off_duty": "在编不在岗",
    "seconded": "借调",
    "leave": "病产假",
    "support": "支教",
    "rotation": "轮岗",
    "special_post": "特岗",
    "contract": "编外",
}
SUBJECTS = {
    "morality": "道德与法治",
    "chinese": "语文",
    "mongolian": "蒙古语文",
    "mathematics": "数学",
    "english": "外语",
    "physics": "物理",
    "chemistry": "化学",
    "biology": "生物",
    "history": "历史",
    "geography": "地理",
    "science": "科学",
    "computing": "信息科技",
    "labour": "劳动",
    "practice": "综合实践",
    "psychology": "心理健康",
    "sports": "体育与健康",
    "music": "音乐",
    "art": "美术",
    "arts": "艺术",
    "other": "其他",
}
DEGREES = {
    "graduate": "研究生",
    "bachelor": "本科",
    "college": "专科",
    "secondary": "高中阶段",
    "lower": "高中阶段以下",
}
CERTIFICATES = {"none": "没有", "kindergarten": "幼儿园", "primary": "小学", "junior": "初中", "senior": "高中"}
LEVELS = {
    "none": "不是",
    "school": "校级",
    "county": "县级",
    "city": "盟市级",
    "province": "省级",
    "national": "国家级",
}


def _code(name: str, label: str, choices: Mapping[str, str]) -> Column:
    return Column(name, label, Kind.CODE, choices=choices)


def _day(name: str, label: str) -> Column:
    return Column(name, label, Kind.DATE)


def _count(name: str, label: str, unit: str = "人") -> Column:
    return Column(name, label, Kind.COUNT, unit)


TEACHERS = Table(
    "teachers",
    "教师台账",
    (
        Column("person_code", "工号"),
        Column("person_name", "姓名"),
        _count("birth_year", "出生年份", "年"),
        Column("employer_code", "编制单位"),
        Column("census_school_code", "统计学校标识码"),
        Column("teaching_school_code", "实际任教学校标识码"),
        _code("duty", "在岗状态", DUTIES),
        _day("duty_from", "状态开始日期"),
        _day("duty_to", "状态结束日期"),
        _day("arrived", "到统计学校日期"),
        _code("stage", "任教学段", STAGE_LABELS),
        _code("subject", "主教学科", SUBJECTS),
        _count("lessons", "主教学科周课时", "节"),
        _code("second_subject", "兼教学科", SUBJECTS),
        _count("second_lessons", "兼教学科周课时", "节"),
        _code("degree", "学历", DEGREES),
        _day("degree_date", "学历取得日期"),
        _code("certificate", "教师资格证学段", CERTIFICATES),
        _code("certificate_subject", "教师资格证学科", SUBJECTS),
        _day("certificate_date", "资格证取得日期"),
        _code("backbone", "骨干级别", LEVELS),
        Column("backbone_document", "骨干认定文号"),
        _day("backbone_from", "骨干认定日期"),
        _day("backbone_to", "骨干有效期至"),
        _count("training_hours", "本周期培训学时", "学时"),
        _day("rotation_from", "交流开始日期"),
        _day("rotation_to", "交流结束日期"),
        Column("exempt_because", "免于交流的原因"),
        Column("teaching_language", "授课语言"),
        NOTE,
    ),
    key=("person_code",),
)

STAFFING = Table(
    "staffing",
    "编制台账",
    (
        Column("school_code", "学校标识码"),
        _count("year", "年份", "年"),
        _count("approved", "核定编制"),
        _count("filled", "实有在编"),
        _count("lost", "自然减员"),
        _count("planned", "招聘计划"),
        _count("hired", "新招到岗"),
        _count("moved_in", "调入"),
        _count("moved_out", "调出"),
        _count("lent", "借出"),
        _count("contract", "编外教师"),
        _count("contract_years", "编外最长聘用年限", "年"),
        NOTE,
    ),
    key=("school_code", "year"),
)

REGISTERS: Mapping[str, Table] = MappingProxyType({table.name: table for table in (TEACHERS, STAFFING)})
