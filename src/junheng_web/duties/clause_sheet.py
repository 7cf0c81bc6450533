"""The duties as a workbook out: a line for each sentence, every cell text, with a sheet that says how it comes in."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter

from junheng_web.duties.models import Duty
from junheng_web.duties.services import Asked, content
from junheng_web.organisation.models import Area

SHEET, EXPLANATION = "职责", "说明"
NUMBER, UNITS, TEXT, SOURCE, WHY = "编号", "单位", "职责", "依据", "为什么改"
# What a line says of the duty itself: heading and the name in `Asked`.
ASKS = {
    TEXT: "text",
    "有关的指标": "indicators",
    "多久报一次": "cadence",
    "从哪天起报": "since",
    "期满后几天内报": "due_days",
    "为什么要报": "why",
    "别处已经报过的": "elsewhere",
}
# What stands there to be looked at, and is changed on the pages alone.
LOOKED_AT = ("来历", "停止")
HEADINGS = (NUMBER, UNITS, *ASKS, SOURCE, WHY, *LOOKED_AT)
WIDTHS = (8, 28, 60, 14, 12, 14, 14, 30, 30, 30, 30, 12, 14)
BETWEEN = "、"
HOW = (
    "怎么用这本工作簿",
    "1. 一行一条职责。工作表名和列名请不要改；不要的行可以删去，没有的行不动，导入不会删除。",
    "2. 改原有的：编号不动，改职责的文字要在“为什么改”里写一句。文件印发的原文一直留着。",
    "3. 增派新的：编号空着，写单位（几个单位用、隔开）和职责，有依据的写依据。标明是办公室增派的。",
    "4. 换承担单位、停止一条职责，要在网页上办；“来历”“停止”两列只看。",
    f"5. “多久报一次”写 {BETWEEN.join(label for _, label in Duty.Cadence.choices)}；要报的，写从哪天起、为什么要报。",
    "6. 有关的指标写编号，几个用、隔开，例如 B4、B5。日期写成 2026-09-01 的样子。",
    "7. 先列出会改什么，点了才改；有一处不对，就什么也不改。",
)


def told(asked: Asked) -> dict[str, str]:
    """Return what a duty says and asks for as the cells of its line, by their headings."""
    cells = {
        "text": asked.text,
        "indicators": BETWEEN.join(asked.indicators),
        "cadence": str(Duty.Cadence(asked.cadence).label),
        "since": asked.since.isoformat() if asked.since else "",
        "due_days": str(asked.due_days),
        "why": asked.why,
        "elsewhere": asked.elsewhere,
    }
    return {heading: cells[name] for heading, name in ASKS.items()}


def looked_at(duty: Duty) -> tuple[str, str]:
    """Return where a duty comes from, and when it ended."""
    return str(duty.get_kind_display()), duty.ended.isoformat() if duty.ended else ""


def units_told(duty: Duty) -> str:
    """Return who bears a duty."""
    return BETWEEN.join(one.unit.name for one in duty.bearers.all())


def workbook(county: Area) -> bytes:
    """Return every duty of a county as a workbook."""
    out = BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True})
    head = file.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    text = file.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet = file.add_worksheet(SHEET)
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, width, text)
    duties = Duty.objects.of(county).prefetch_related("bearers__unit")
    last = 0
    for last, duty in enumerate(duties, start=1):
        for column, cell in enumerate(_line(duty)):
            sheet.write_string(last, column, cell, text)
    _offered(sheet, last + 1)
    page = file.add_worksheet(EXPLANATION)
    page.set_column(0, 0, 110)
    for place, line in enumerate(HOW):
        page.write_string(place, 0, line)
    file.close()
    return out.getvalue()


def _line(duty: Duty) -> Iterable[str]:
    return (str(duty.number), units_told(duty), *told(content(duty)).values(), duty.source, "", *looked_at(duty))


def _offered(sheet: xlsxwriter.worksheet.Worksheet, last: int) -> None:
    """Offer the ways of reporting in their column, for new lines as well; and keep the headings in sight."""
    column = HEADINGS.index("多久报一次")
    labels = [str(label) for _, label in Duty.Cadence.choices]
    sheet.data_validation(1, column, last + 200, column, {"validate": "list", "source": labels})
    sheet.freeze_panes(1, 2)
