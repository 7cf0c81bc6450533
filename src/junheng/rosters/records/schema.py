"""The data dictionary of the rosters: pupils, teachers, moves, rooms, and schools without counts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from junheng.facts.schema import ROOMS, SCHOOLS, Column, Kind, Table

STAGES_TAUGHT = {"primary": "小学", "junior": "初中", "senior": "高中", "kindergarten": "幼儿园"}
QUALIFICATIONS = {
    "doctor": "博士",
    "master": "硕士",
    "bachelor": "本科",
    "associate": "专科",
    "secondary": "高中阶段",
    "none": "高中阶段以下",
}
MOVES = {"in": "转入", "out": "转出", "death": "死亡"}

PUPILS = Table(
    "pupils",
    "学生名册",
    (
        Column("pupil_id", "学生编号"),
        Column("school_code", "学校标识码"),
        Column("stage", "学段", Kind.CODE, choices=STAGES_TAUGHT),
        Column("grade", "年级", Kind.COUNT),
        Column("class_name", "班级名称"),
        Column("year", "学年开始年份", Kind.COUNT, "年"),
        Column("in_zone", "是否片内", Kind.FLAG),
        Column("migrant", "是否随迁子女", Kind.FLAG),
    ),
    key=("pupil_id", "year"),
)
TEACHERS = Table(
    "teachers",
    "教师名册",
    (
        Column("teacher_id", "教师编号"),
        Column("school_code", "学校标识码"),
        Column("stage", "任教学段", Kind.CODE, choices=STAGES_TAUGHT),
        Column("qualification", "学历", Kind.CODE, choices=QUALIFICATIONS),
        Column("backbone", "是否县级以上骨干", Kind.FLAG),
        Column("subject", "主教学科"),
        Column("certified", "是否持教师资格证", Kind.FLAG),
        Column("training_hours", "本周期培训学时", Kind.COUNT, "学时"),
    ),
    key=("teacher_id",),
)
MOVED = Table(
    "moves",
    "学籍变动",
    (
        Column("pupil_id", "学生编号"),
        Column("year", "学年开始年份", Kind.COUNT, "年"),
        Column("kind", "变动", Kind.CODE, choices=MOVES),
    ),
)
# People by the million are read by the engine; schools and rooms by the readers of facts.
PEOPLE: Mapping[str, Table] = MappingProxyType({one.name: one for one in (PUPILS, TEACHERS, MOVED)})
THINGS: Mapping[str, Table] = MappingProxyType({one.name: one for one in (SCHOOLS, ROOMS)})
TABLES: Mapping[str, Table] = MappingProxyType({**PEOPLE, **THINGS})
# Without these cells a row says nothing.
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pupils": ("pupil_id", "school_code", "stage", "year"),
        "teachers": ("teacher_id", "school_code", "stage"),
        "moves": ("pupil_id", "year", "kind"),
    }
)
