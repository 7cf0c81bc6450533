"""`junheng assess --format xlsx`: live formulas, each with the value that the engine gave."""

from __future__ import annotations

import datetime as dt
import random
import re
from math import isclose
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import counties
import impeccable
import junheng as jh
import office
from junheng.cli import main
from junheng.engine.result import VERDICT_LABELS

ROOT = Path(__file__).parents[2]
SHILI = ROOT / "examples" / "shili" / "facts"
SHEETS = ["说明", "结论", "标准", "原始数据", "Ⅱ-1 达标学校", "Ⅱ-2 分校", "Ⅲ 校际差异", "其他要求"]
# Every function that a formula may use: WPS, Excel 2010 and LibreOffice know them.
KNOWN = {"IF", "OR", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "SUM", "SUMPRODUCT", "SQRT", "ROUND", "ROWS", "ISNUMBER"}
SCHOOLS = "Ⅱ-2 分校"
DAY = dt.date(2025, 9, 1)


@pytest.fixture(scope="module")
def shili(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county's workbook."""
    file = tmp_path_factory.mktemp("shili") / "示例旗.xlsx"
    assert main(["assess", str(SHILI), "--format", "xlsx", "--output", str(file)]) == 0
    return file


def lines(file: Path, sheet: str) -> list[list[Any]]:
    """Return a sheet's stored values, row by row."""
    return [list(line) for line in openpyxl.load_workbook(file, data_only=True)[sheet].values]


def written(folder: Path, name: str, facts: jh.Facts) -> Path:
    """Return the workbook of the only county in `facts`."""
    file = folder / name
    jh.write_assessment_xlsx(jh.assess(facts, as_of=DAY), facts, file)
    return file


def wrong(stored: Path, again: Path) -> list[str]:
    """Return each formula whose recalculated value is not the stored one."""
    before, after = office.values(stored), office.values(again)
    cells = office.formulas(stored)
    assert len(cells) > 60
    return [f"{cell} {formula}" for cell, formula in cells.items() if not same(before.get(cell), after.get(cell))]


def same(one: object, other: object) -> bool:
    """Whether two cells hold the same: numbers to 1e-9, words exactly."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


@pytest.mark.office
def test_libreoffice_calculates_what_is_stored(soffice: str, shili: Path, tmp_path: Path) -> None:
    """Every formula of the example, of a passing county and of three ragged ones comes to its stored value."""
    files = [shili]
    files.append(written(tmp_path, "good.xlsx", jh.load(impeccable.write(tmp_path))))
    for seed in (3, 5, 11):
        rows = counties.Drawer(random.Random(seed).choice).county("1", 8, least=5)
        files.append(written(tmp_path, f"{seed}.xlsx", counties.facts_of(rows)))
    again = office.recalculated(soffice, files, tmp_path)
    assert {file.name: wrong(file, again[file.name]) for file in files} == {file.name: [] for file in files}


@pytest.mark.office
def test_a_changed_input_changes_the_verdicts(soffice: str, shili: Path, tmp_path: Path) -> None:
    """A clerk who types the missing equipment and the teachers of a school sees the spread and the verdicts follow."""
    book = openpyxl.load_workbook(shili)
    inputs = book["原始数据"]
    heads = [cell.value for cell in inputs[3]]
    rows = {line[1].value: line for line in inputs.iter_rows()}
    rows["沙湾苏木初级中学"][heads.index("教学仪器设备资产值（万元）")].value = 60
    rows["东河镇九年一贯制学校"][heads.index("初中高于规定学历专任教师数（人）")].value = 15
    book.save(tmp_path / "changed.xlsx")
    after = office.recalculated(soffice, [tmp_path / "changed.xlsx"], tmp_path)["changed.xlsx"]
    assert next(line[1] for line in lines(shili, "结论") if line[0] == "初中") == "不达标"
    assert next(line[1] for line in lines(after, "结论") if line[0] == "初中") == "达标"


def test_the_sheets_and_the_verdicts_are_the_answers(shili: Path) -> None:
    """The sheets stand in reading order, and the stored verdicts are the engine's."""
    answer = jh.assess(jh.load(SHILI))
    assert openpyxl.load_workbook(shili).sheetnames == SHEETS
    told = {line[0]: line[1] for line in lines(shili, "结论")[3:7]}
    assert told["全县"] == VERDICT_LABELS[answer.verdict]
    assert told["资源配置"] == VERDICT_LABELS[answer.resources]
    assert told["小学"] == VERDICT_LABELS[answer.stages["primary"].verdict]


def test_every_stage_of_a_school_has_its_row_with_the_engines_values(shili: Path) -> None:
    """Ⅱ-2 holds every section once, with its seven values; those outside the sample stand last, with the reason."""
    answer = jh.assess(jh.load(SHILI))
    rows = [line for line in lines(shili, SCHOOLS)[4:] if line[2] in ("小学", "初中")]
    found = {(line[1], line[2]): line for line in rows}
    assert len(rows) == len(found) == len(answer.sections)
    for section in answer.sections:
        line = found[section.school_name, "小学" if section.stage == "primary" else "初中"]
        values = [one.value if one.value is not None else "未报" for one in section.indicators.values()]
        assert [same(*pair) for pair in zip(line[7:14], values, strict=True)] == [True] * 7
    outside = [line for line in rows if line[14] == "不纳入"]
    assert rows[-4:] == outside
    assert all("不纳入" in line[15] and line[0] == "—" for line in outside)


def test_the_remark_names_what_reaches_which_line(shili: Path) -> None:
    """The form's remark lists the indicators at the threshold, at 85 % and below."""
    (line,) = (line for line in lines(shili, SCHOOLS) if line[1] == "示例旗第四小学")
    assert line[14] == "不达标"
    assert line[15].split() == ["达标：B1", "B2", "B5", "B6", "B7", "达到85%：B3", "B4"]


def test_a_spread_with_a_missing_value_shows_its_bounds(shili: Path) -> None:
    """Words stand where a number would claim too much, and the cell is live for when the number comes."""
    (line,) = (line for line in lines(shili, "Ⅲ 校际差异") if line[:2] == ["初中", "差异系数"])
    assert line[8] == "0.086～6.067"
    assert line[10] == "—"


def test_formulas_use_only_what_every_office_program_knows(shili: Path) -> None:
    """No function newer than Excel 2010, and none that WPS or LibreOffice lacks."""
    used = {name for formula in office.formulas(shili).values() for name in re.findall(r"([A-Z]+)\(", formula)}
    assert used == KNOWN & used
    assert "SUMPRODUCT" in used


def test_no_formula_holds_a_number_of_the_standard(shili: Path) -> None:
    """Thresholds, floors, limits and weights are referred to, so that a clerk can see where they come from."""
    numbers = re.compile(r"(?<![\w$.])\d+\.\d+")
    formulas = [re.sub(r'"[^"]*"', "", formula) for formula in office.formulas(shili).values()]
    assert [formula for formula in formulas if numbers.search(formula)] == []


def test_invented_data_says_so_on_every_sheet(shili: Path) -> None:
    """The notice of the period stands on the first page and in every sheet's footer."""
    book = openpyxl.load_workbook(shili)
    assert "虚构" in str(book["说明"]["A2"].value)
    assert all("虚构" in str(sheet.oddFooter.left.text) for sheet in book)


def test_a_number_nearer_to_its_line_than_a_spreadsheet_sees_keeps_the_exact_verdict(tmp_path: Path) -> None:
    """Where ROUND would lift a value onto the line, the cell holds the exact judgement and no formula."""
    # 68,398,604 weighted pupils: the junior part has 2 / 6,839,860,400 m2 less a pupil than its floor.
    pupils = {"primary_pupils": 199_990, "junior_pupils": 200_000, "senior_pupils": 199_997}
    rows = impeccable.schools("A", school_type="twelve_year", teaching_area="3065501.07", **pupils)
    facts = jh.load(impeccable.write(tmp_path, rows))
    answer = jh.assess(facts)
    one = answer.sections[1].indicators["B4"]
    assert one.status == "below"
    assert one.value == pytest.approx(one.floor, abs=5e-10, rel=0)
    jh.write_assessment_xlsx(answer, facts, tmp_path / "near.xlsx")
    stored, live = office.values(tmp_path / "near.xlsx"), office.formulas(tmp_path / "near.xlsx")
    assert stored[SCHOOLS, "U6"] == "未达85%"
    assert (SCHOOLS, "U6") not in live
    assert (SCHOOLS, "T6") in live


def test_a_school_called_like_a_formula_is_text(tmp_path: Path) -> None:
    """A name that begins with = calculates nothing."""
    facts = jh.load(impeccable.write(tmp_path, impeccable.schools("A", school_name="=1+1小学")))
    jh.write_assessment_xlsx(jh.assess(facts), facts, tmp_path / "name.xlsx")
    assert "=1+1小学" in [line[1] for line in lines(tmp_path / "name.xlsx", SCHOOLS)]
    assert not [one for one in office.formulas(tmp_path / "name.xlsx").values() if one.startswith("=1+1")]


def test_the_same_answer_is_the_same_file(shili: Path, tmp_path: Path) -> None:
    """No clock goes into the workbook."""
    facts = jh.load(SHILI)
    jh.write_assessment_xlsx(jh.assess(facts), facts, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == shili.read_bytes()
