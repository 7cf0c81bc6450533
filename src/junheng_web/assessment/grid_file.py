"""The grid as a workbook, in the order and with the filter of the screen; what can be worked out is a formula."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from junheng_web.assessment.grid import Asked, chosen
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, school_name, word

HEAD = ("学校标识码", "学校", "在校生数", "纳入样本")
PUPILS, SAMPLE, FIRST = 2, 3, 4
TITLE_ROWS, FIRST_ROW = 2, 4


def workbook(judged: Judged, stage: str, asked: Asked) -> bytes:
    """Return the file. Spreads are formulas where every section is in it and has reported, else plain values."""
    sections = chosen(judged, stage, asked)
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as book:
        sheet = book.add_worksheet(f"{judged.stage(stage)}各校各项")
        formats = {"head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1})}
        formats["value"] = book.add_format({"num_format": _digits(judged, "value_decimals")})
        formats["spread"] = book.add_format({"num_format": _digits(judged, "spread_decimals"), "top": 1})
        _title(sheet, judged, stage, formats["head"])
        for row, section in enumerate(sections, FIRST_ROW):
            _section(sheet, row, section, formats["value"])
        whole = len(sections) == len(judged.sections(stage))
        _sums(sheet, judged, stage, FIRST_ROW + len(sections), whole, formats)
        sheet.freeze_panes(FIRST_ROW, PUPILS)
        sheet.set_column(0, 1, 22)
    return into.getvalue()


def _digits(judged: Judged, of: str) -> str:
    return f"#,##0.{'0' * judged.rules['display'][of]}"


def _title(sheet: Any, judged: Judged, stage: str, head: Any) -> None:
    run = judged.run
    told = f"{judged.county.name} {judged.stage(stage)} 各校各项（{'正式' if run.official else '试算'}）"
    sheet.write_string(0, 0, told)
    invented = "；数据虚构" if run.snapshot.invented else ""
    about = (
        f"{judged.rules['title']}（{judged.rules['number']}），规则日期 {run.as_of}，引擎 {run.engine}，编号 {run.code}"
    )
    sheet.write_string(1, 0, about + invented)
    last = ("达标项数", "结论")
    names = [f"{id} {judged.name(id)}" for id in judged.measured]
    for column, text in enumerate([*HEAD, *names, *last]):
        sheet.write_string(TITLE_ROWS, column, text, head)
    sheet.write_string(TITLE_ROWS + 1, 1, "标准值")
    for column, id in enumerate(judged.measured, FIRST):
        sheet.write_number(TITLE_ROWS + 1, column, judged.lines(id, stage)["threshold"])


def _section(sheet: Any, row: int, section: Answer, form: Any) -> None:
    sheet.write_string(row, 0, section["school_code"])
    sheet.write_string(row, 1, school_name(section))
    if section["pupils"] is not None:
        sheet.write_number(row, PUPILS, section["pupils"])
    sheet.write_number(row, SAMPLE, int(section["in_sample"] is not False))
    cells = [*section["indicators"].values()]
    for column, one in enumerate(cells, FIRST):
        if one["value"] is not None:
            sheet.write_number(row, column, one["value"], form)
        elif section["in_sample"] is not False:  # outside the sample a cell stays empty, so that the formulas hold
            sheet.write_string(row, column, word(one["status"]))
    first, last = xl_col_to_name(FIRST), xl_col_to_name(FIRST + len(cells) - 1)
    own, lines = f"{first}{row + 1}:{last}{row + 1}", f"{first}${FIRST_ROW}:{last}${FIRST_ROW}"
    sheet.write_formula(row, FIRST + len(cells), f"=SUMPRODUCT(ISNUMBER({own})*({own}>={lines}))", None, section["met"])
    status = "excluded" if section["in_sample"] is False else section["verdict"]
    sheet.write_string(row, FIRST + len(cells) + 1, word(status))


def _sums(sheet: Any, judged: Judged, stage: str, row: int, whole: bool, formats: dict[str, Any]) -> None:
    for place, name in enumerate(("县均值", "差异系数", "上限")):
        sheet.write_string(row + place, 1, name)
    for column, spread in enumerate(judged.answer["stages"][stage]["indicators"].values(), FIRST):
        sheet.write_number(row + 2, column, spread["cv_limit"], formats["spread"])
        if spread["cv"] is None:
            sheet.write_string(row + 1, column, judged.spread(spread))
        elif not whole:
            sheet.write_number(row, column, spread["mean"], formats["value"])
            sheet.write_number(row + 1, column, spread["cv"], formats["spread"])
        else:
            _formulas(sheet, row, column, spread, formats)


def _formulas(sheet: Any, row: int, column: int, spread: Answer, formats: dict[str, Any]) -> None:
    """Write the mean weighted by pupils, and the spread about it, over the sections of the sample."""
    letters = (xl_col_to_name(at) for at in (SAMPLE, PUPILS, column))
    sample, pupils, values = (f"{letter}{FIRST_ROW + 1}:{letter}{row}" for letter in letters)
    mean = f"{xl_col_to_name(column)}{row + 1}"
    weights = f"SUMPRODUCT({sample},{pupils})"
    sheet.write_formula(
        row, column, f"=SUMPRODUCT({sample},{pupils},{values})/{weights}", formats["value"], spread["mean"]
    )
    variance = f"SUMPRODUCT({sample}*{pupils}*({values}-{mean})^2)/{weights}"
    sheet.write_formula(row + 1, column, f"=SQRT({variance})/{mean}", formats["spread"], spread["cv"])
