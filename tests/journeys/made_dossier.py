"""The checklist of evidence of a county that browser tests look at; all of it is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

import handed_in
import pdfs
from junheng_web.dossier.deeds import DEEDS
from junheng_web.dossier.handing import file_hand_in, paper_take
from junheng_web.dossier.models import Paper
from junheng_web.dossier.selectors import item_named
from junheng_web.dossier.services import Asked, checklist_take, item_end, items_add
from junheng_web.evidence.describing import About
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.scopes import Scope

Stretched = Callable[[str, int], str]


def filled(area: Area, scope: Scope, name: str, stretched: Stretched) -> dict[str, Any]:
    """Let an item have a paper that was returned and a newer one, another none, a third be ended."""
    today = timezone.localdate()
    checklist_take(by=scope, county=area, due=today - dt.timedelta(days=3))
    unit, school = Unit.objects.filter(county=area, parent=None).first(), School.objects.filter(county=area).first()
    words = stretched("每间音乐教室和美术教室的面积清单、平面图和照片，加盖学校和单位的印章，", 180)
    asked = [Asked(words, note=words, unit=unit), Asked(words, school=school), Asked(words, unit=unit)]
    made = items_add(by=scope, county=area, indicator="B10", asked=asked)
    item_end(by=scope, item=made[2], day=today, because=stretched("与前面的一项重复", 150), revision=1)
    older = _handed(area, scope, made[0].number, f"旧{name}", stretched, today)
    paper_take(by=scope, paper=older, deed=DEEDS["return"], note=stretched("缺第二页，", 300), seen=older.state)
    older.refresh_from_db()
    newer = _handed(area, scope, made[0].number, f"新{name}", stretched, today, replaces=older)
    _handed(area, scope, made[0].number, f"又{name}", stretched, today)
    known = {"paper_item": made[0].number, "bare_item": made[1].number, "ended_item": made[2].number}
    return {**known, "paper_digest": newer.file.digest}


def _handed(
    area: Area,
    scope: Scope,
    number: int,
    name: str,
    stretched: Stretched,
    today: dt.date,
    replaces: Paper | None = None,
) -> Paper:
    about = About(today, stretched("示例旗政字〔2025〕1号", 50), stretched("教体局档案室 3 柜 2 盒 15 页，", 110), True)
    file = handed_in.named(name, pdfs.pages(name, "第二页"))
    one = item_named(scope, area, "B10", number)
    return file_hand_in(by=scope, one=one, file=file, about=about, replaces=replaces, today=today)
