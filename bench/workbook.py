"""Writes a workbook whose formulas judge a county as junheng does, for LibreOffice to recalculate.

python bench/workbook.py FOLDER OUT.xlsx

This is the workbook that a careful officer would make: a sheet of inputs, a sheet for each stage with a row a school,
and a sheet with the spreads and the verdicts. Only inputs and the rule's numbers are written as values. No formula has
a stored result, so that whoever opens the file has to calculate. The numbers of the rule stand here once more on
purpose: a peer that read junheng's rule book would not be independent.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

STAGES = ("primary", "junior")
WEIGHTS = {"primary": 100, "junior": 110, "senior": 132}
LIMITS = {"primary": 0.5, "junior": 0.45}
THRESHOLDS = {
    "primary": {"B1": 4.2, "B2": 1, "B3": 0.9, "B4": 4.5, "B5": 7.5, "B6": 2000, "B7": 2.3},
    "junior": {"B1": 5.3, "B2": 1, "B3": 0.9, "B4": 5.8, "B5": 10.2, "B6": 2500, "B7": 2.4},
}
INDICATORS = tuple(THRESHOLDS["primary"])
FLOOR, DECIMALS_OF_A_LINE = 0.85, 6
LEAST_PUPILS_OF_A_TEACHING_POINT = 50
PEOPLE = {"B1": "above_required_teachers", "B2": "backbone_teachers", "B3": "pe_arts_teachers"}
# What the stages share, as a formula over the inputs' columns; B7 counts per hundred pupils.
THINGS = {
    "B4": ("{teaching_area}-{indoor_sports_area}", 1),
    "B5": ("{sports_ground_area}+{indoor_sports_area}", 1),
    "B6": ("{equipment_value}", 1),
    "B7": ("{multimedia_rooms}", 100),
}
TEXTS = ("county_code", "school_code", "school_type")
INPUTS = (
    *TEXTS,
    *(f"{stage}_pupils" for stage in WEIGHTS),
    *(f"{stage}_{name}" for stage in STAGES for name in PEOPLE.values()),
    *("teaching_area", "indoor_sports_area", "sports_ground_area", "equipment_value", "multimedia_rooms"),
)
# The columns of a stage's sheet and of the county's, and where the verdicts stand: `agreement.py` reads them.
VALUES = {indicator: f"{indicator}_value" for indicator in INDICATORS}
STATUSES = {indicator: f"{indicator}_status" for indicator in INDICATORS}
COLUMNS = ("school_code", "pupils", "in_sample", "counted", *VALUES.values(), *STATUSES.values(), "met", "verdict")
COUNTY_COLUMNS = ("stage", "indicator", "threshold", "floor", "cv_limit", "mean", "sd", "cv", "status")
ROW = "#"
VERDICT_CELLS = {"primary": "B17", "junior": "B18", "county": "B19"}


def write(folder: Path, file: Path) -> None:
    """Write the workbook of the county whose facts are in `folder`."""
    with (folder / "schools.csv").open(encoding="utf-8", newline="") as source:
        schools = list(csv.DictReader(source))
    with xlsxwriter.Workbook(str(file)) as book:
        _write_inputs(book.add_worksheet("inputs"), schools)
        for stage in STAGES:
            _write_stage(book.add_worksheet(stage), stage, len(schools))
        _write_county(book.add_worksheet("county"), len(schools))


def _write_inputs(sheet: xlsxwriter.worksheet.Worksheet, schools: Sequence[dict[str, str]]) -> None:
    sheet.write_row(0, 0, INPUTS)
    for row, school in enumerate(schools, 1):
        for at, name in enumerate(INPUTS):
            if name in TEXTS:
                sheet.write_string(row, at, school[name])
            elif school[name]:
                sheet.write_number(row, at, float(school[name]))


def _write_stage(sheet: xlsxwriter.worksheet.Worksheet, stage: str, schools: int) -> None:
    sheet.write_row(0, 0, COLUMNS)
    formulas = list(_section_formulas(stage))
    for row in range(1, schools + 1):
        for at, formula in enumerate(formulas):
            _write_formula(sheet, row, at, formula.replace(ROW, str(row + 1)))


def _write_formula(sheet: xlsxwriter.worksheet.Worksheet, row: int, at: int, formula: str) -> None:
    """Write a formula without a stored result: LibreOffice trusts a stored one and would calculate nothing."""
    sheet.write_formula(row, at, formula, None, "")


def _section_formulas(stage: str) -> Iterator[str]:
    """Yield the formulas of a school's part in a stage, in the order of COLUMNS, with ROW for the row."""
    given = {name: f"inputs!{xl_col_to_name(at)}{ROW}" for at, name in enumerate(INPUTS)}
    own = {name: f"{xl_col_to_name(at)}{ROW}" for at, name in enumerate(COLUMNS)}
    yield f"={given['school_code']}"
    yield f"=N({given[f'{stage}_pupils']})"
    yield f"={_in_sample(own['pupils'], given['school_type'])}"
    yield f"={own['in_sample']}*{own['pupils']}"
    for indicator in INDICATORS:
        yield f"=IF({own['pupils']}=0,0,{_value(stage, indicator, given, own['pupils'])})"
    for indicator in INDICATORS:
        yield f'=IF({own["pupils"]}=0,"",{_status(stage, indicator, own[VALUES[indicator]])})'
    statuses = f"{own['B1_status']}:{own['B7_status']}"
    yield f'=COUNTIF({statuses},"met")'
    failed = f'OR(COUNTIF({statuses},"below")>0,COUNTIF({statuses},"floor")>1)'
    yield f'=IF({own["pupils"]}=0,"",IF({failed},"fail","pass"))'


def _in_sample(pupils: str, kind: str) -> str:
    least = LEAST_PUPILS_OF_A_TEACHING_POINT
    outside = f'OR({pupils}=0,{kind}="special",{kind}="vocational",AND({kind}="teaching_point",{pupils}<{least}))'
    return f"IF({outside},0,1)"


def _value(stage: str, indicator: str, given: dict[str, str], pupils: str) -> str:
    """Return a value's formula: people per hundred of the stage's pupils, things per weighted pupil."""
    if indicator in PEOPLE:
        return f"{given[f'{stage}_{PEOPLE[indicator]}']}*100/{pupils}"
    resource, per = THINGS[indicator]
    weighted = "+".join(f"{weight}*N({given[f'{name}_pupils']})" for name, weight in WEIGHTS.items())
    return f"({resource.format(**given)})*{per}*{WEIGHTS[stage]}/({weighted})"


def _status(stage: str, indicator: str, value: str) -> str:
    row = _county_row(stage, indicator)
    return f'IF({value}>=county!$C${row},"met",IF({value}>=county!$D${row},"floor","below"))'


def _county_row(stage: str, indicator: str) -> int:
    """Return the row, as a spreadsheet counts, of a stage's indicator on the sheet `county`."""
    return 2 + STAGES.index(stage) * len(INDICATORS) + INDICATORS.index(indicator)


def _write_county(sheet: xlsxwriter.worksheet.Worksheet, schools: int) -> None:
    sheet.write_row(0, 0, COUNTY_COLUMNS)
    for stage in STAGES:
        for indicator in INDICATORS:
            row = _county_row(stage, indicator)
            sheet.write_row(row - 1, 0, (stage, indicator, THRESHOLDS[stage][indicator]))
            _write_formula(sheet, row - 1, 3, f"=ROUND(C{row}*{FLOOR},{DECIMALS_OF_A_LINE})")
            sheet.write_number(row - 1, 4, LIMITS[stage])
            for at, formula in enumerate(_spread_formulas(stage, indicator, row, schools), 5):
                _write_formula(sheet, row - 1, at, formula)
    for name, cell in VERDICT_CELLS.items():
        row, at = xl_cell_to_rowcol(cell)
        sheet.write_string(row, at - 1, name)
        _write_formula(sheet, row, at, _verdict(name, schools))


def _spread_formulas(stage: str, indicator: str, row: int, schools: int) -> Iterator[str]:
    """Yield mean, sd, CV and its status: weighted by the pupils that the sample counts, of the population."""
    counted, values = _range(stage, "counted", schools), _range(stage, VALUES[indicator], schools)
    yield f"=SUMPRODUCT({counted},{values})/SUM({counted})"
    yield f"=SQRT(SUMPRODUCT({counted},({values}-F{row})^2)/SUM({counted}))"
    yield f"=G{row}/F{row}"
    yield f'=IF(H{row}<=E{row},"pass","fail")'


def _range(stage: str, column: str, schools: int) -> str:
    name = xl_col_to_name(COLUMNS.index(column))
    return f"{stage}!${name}$2:${name}${schools + 1}"


def _verdict(name: str, schools: int) -> str:
    if name == "county":
        return f'=IF(AND({VERDICT_CELLS["primary"]}="pass",{VERDICT_CELLS["junior"]}="pass"),"pass","fail")'
    sample, verdicts = _range(name, "in_sample", schools), _range(name, "verdict", schools)
    first, last = _county_row(name, INDICATORS[0]), _county_row(name, INDICATORS[-1])
    failed = f'COUNTIFS({sample},1,{verdicts},"fail")+COUNTIF(I{first}:I{last},"fail")'
    return f'=IF({failed}=0,"pass","fail")'


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
