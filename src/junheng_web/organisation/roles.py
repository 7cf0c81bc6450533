"""The roles that a post can have, and what each is called on the screen."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What kind of work a post does; its permissions follow (`permissions.py`)."""

    LEADER = "leader", "领导"
    OFFICE = "office", "办公室"
    UNIT_STAFF = "unit_staff", "责任单位"
    DESK = "desk", "业务股室"
    TOWN_STAFF = "town_staff", "苏木镇"
    SCHOOL_HEAD = "school_head", "校长"
    SCHOOL_CLERK = "school_clerk", "学校填报人"
    INSPECTOR = "inspector", "责任督学"
    ASSESSOR = "assessor", "评估专家"
    AUDITOR = "auditor", "审计"
    AREA_VIEWER = "area_viewer", "上级查看"
    ADMINISTRATOR = "administrator", "管理员"
