"""The table of a county's teachers."""

from __future__ import annotations

import django_tables2
from django.urls import reverse

from junheng_web.common.tables import Number, Table
from junheng_web.registers.values import table_of

COLUMNS = table_of("teachers").by_name


def _column(name: str) -> django_tables2.Column:
    return django_tables2.Column(verbose_name=COLUMNS[name].label)


class TeachersTable(Table):
    """One person one row; the rest of a row stands on the person's page."""

    title = "教师台账"
    nothing, remedy = "没有符合条件的人", "请换一个条件；还没有台账的，请先导入或逐个添加。"

    person_name = django_tables2.Column(verbose_name="姓名")
    person_code = django_tables2.Column(verbose_name="工号", attrs={"td": {"class": "code"}})
    census_school_code = django_tables2.Column(verbose_name="统计学校", attrs={"td": {"class": "wrap"}})
    teaching_school_code = django_tables2.Column(verbose_name="在别处任教")
    duty = _column("duty")
    stage = _column("stage")
    subject = _column("subject")
    lessons = Number(verbose_name="周课时")
    degree = _column("degree")
    certificate = django_tables2.Column(verbose_name="资格证学段")
    backbone = _column("backbone")
    at = django_tables2.DateTimeColumn(verbose_name="最近改动", format="Y-m-d")

    def __init__(self, rows: list[dict[str, object]], county: str) -> None:
        # The link is made here: the table knows the county.
        name = django_tables2.Column(
            verbose_name="姓名", linkify=lambda record: reverse("registers:person", args=[county, record["key"]])
        )
        super().__init__(rows, extra_columns=[("person_name", name)])
