"""Do two answers say the same? Verdicts and statuses exactly, values and spreads to 1e-9 of their size."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isclose
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol

from workbook import COLUMNS, COUNTY_COLUMNS, INDICATORS, STAGES, STATUSES, VALUES, VERDICT_CELLS

RELATIVE = 1e-9
Answer = dict[str, Any]


def read_json(file: Path) -> list[Answer]:
    """Return the answers in a file: one JSON document, or a line for each county."""
    text = file.read_text(encoding="utf-8")
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]


def read_workbook(file: Path) -> list[Answer]:
    """Return the county's answer out of a workbook that LibreOffice has recalculated, under junheng's keys."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(file))
    county = book.get_sheet_by_name("county").to_python()
    verdicts = {name: _at(county, cell) for name, cell in VERDICT_CELLS.items()}
    parts = {stage: list(_parts(book.get_sheet_by_name(stage).to_python(), stage)) for stage in STAGES}
    return [
        {
            "county": {"code": book.get_sheet_by_name("inputs").to_python()[1][0]},
            "verdict": verdicts["county"],
            "sections": [section for stage in STAGES for section in parts[stage]],
            "stages": {
                stage: {"verdict": verdicts[stage], "indicators": dict(_spreads(county, stage))} for stage in STAGES
            },
        }
    ]


def _at(lines: list[list[Any]], cell: str) -> Any:
    row, column = xl_cell_to_rowcol(cell)
    return lines[row][column]


def _parts(lines: list[list[Any]], stage: str) -> Iterator[Answer]:
    for line in lines[1:]:
        cells = dict(zip(COLUMNS, line, strict=True))
        if cells["pupils"]:
            yield {
                "school_code": cells["school_code"],
                "stage": stage,
                "pupils": cells["pupils"],
                "in_sample": bool(cells["in_sample"]),
                "met": cells["met"],
                "verdict": cells["verdict"],
                "indicators": {id: {"value": cells[VALUES[id]], "status": cells[STATUSES[id]]} for id in INDICATORS},
            }


def _spreads(lines: list[list[Any]], stage: str) -> Iterator[tuple[str, Answer]]:
    for line in lines[1:]:
        cells = dict(zip(COUNTY_COLUMNS, line, strict=True))
        if cells["stage"] == stage and cells["indicator"] in INDICATORS:
            yield cells["indicator"], {name: cells[name] for name in ("mean", "sd", "cv", "status")}


def compare(ours: list[Answer], theirs: list[Answer]) -> tuple[int, list[str]]:
    """Return how many numbers, statuses and verdicts were compared, and a sentence for each that differs."""
    left, right = flat(ours), flat(theirs)
    wrong = [f"{key}: only one of the two has it" for key in left.keys() ^ right.keys()]
    shared = left.keys() & right.keys()
    differ = [key for key in shared if not _same(left[key], right[key])]
    wrong += [f"{key}: junheng says {left[key]!r}, the peer {right[key]!r}" for key in differ]
    return len(shared), sorted(wrong)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return bool(one == other)
    return isclose(one, other, rel_tol=RELATIVE, abs_tol=1e-12)


def flat(answers: list[Answer]) -> Mapping[str, Any]:
    """Return what is compared of the answers, each under a key that says what it is.

    A county's verdict here is the one on its resources: the peers judge nothing else.
    """
    found: dict[str, Any] = {}
    for answer in answers:
        code = answer["county"]["code"]
        found[f"{code} verdict"] = answer.get("resources", answer["verdict"])
        for stage, one in answer["stages"].items():
            found[f"{code} {stage} verdict"] = one["verdict"]
            for id, spread in one["indicators"].items():
                found |= {f"{code} {stage} {id} {name}": spread[name] for name in ("mean", "sd", "cv", "status")}
        for section in answer["sections"]:
            found |= _flat_section(f"{code} {section['stage']} {section['school_code']}", section)
    return found


def _flat_section(place: str, section: Answer) -> dict[str, Any]:
    found = {f"{place} {name}": section[name] for name in ("pupils", "in_sample", "met", "verdict")}
    for id, one in section["indicators"].items():
        found |= {f"{place} {id} {name}": one[name] for name in ("value", "status")}
    return found
