"""The national application form (申报表) of a run: its files, what it lacks, and its footing."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from django.core.exceptions import ValidationError

from junheng import api as jh
from junheng import papers
from junheng_web.assessment.recomputing import KEPT, assessed, assessed_of, inputs_of
from junheng_web.assessment.telling import Judged

Writes = Callable[[papers.Form, Path], None]
WRITERS: Mapping[str, Writes] = {
    "docx": papers.write_form_docx,
    "xlsx": papers.write_form_xlsx,
    "pdf": papers.write_form_pdf,
}
BETWEEN = "："


def asked() -> str:
    """Return what the county itself writes on the form, one thing a line, nothing filled in."""
    return "\n".join(f"{one.label}{BETWEEN}" for one in papers.basics_asked())


def basics_of(text: str) -> papers.CountyBasics:
    """Return what was written, one thing a line. Raises ValidationError with every line that cannot be read."""
    given, wrong = {}, []
    for at, line in enumerate(text.splitlines(), 1):
        name, between, value = (one.strip() for one in line.replace(":", BETWEEN, 1).partition(BETWEEN))
        if line.strip() and not between:
            wrong.append(f"第 {at} 行“{line.strip()[:20]}”没有冒号；请写成“项目：数值”")
        elif name and value:
            given[name] = value
    if wrong:
        raise ValidationError(wrong)
    try:
        return papers.CountyBasics.of(given)
    except jh.Unusable as error:
        raise ValidationError(
            [f"{one.column or one.value}：{one.reason}；{one.remedy}" for one in error.problems]
        ) from None


def form_of(judged: Judged, basics: str) -> papers.Form:
    """Return the form of a run, worked out again from its snapshot, with what the county wrote."""
    return _form(*inputs_of(judged), basics)


@lru_cache(maxsize=KEPT)
def _form(digest: str, standard: str, as_of: dt.date, county: str, basics: str) -> papers.Form:
    """Return the form of a snapshot's answer; the last few are kept, since each page of a report asks for one."""
    return papers.build_form(assessed_of(digest, standard, as_of, county), basics_of(basics))


def lacking(judged: Judged, basics: str) -> list[tuple[str, bool]]:
    """Return each figure that the form lacks, in words, and whether it is the county's to fill in."""
    return [(f"{one.where}：{one.label}", one.state == "open") for one in form_of(judged, basics).open]


def off(judged: Judged, basics: str) -> list[tuple[str, str]]:
    """Return what does not foot on the form, and what to do."""
    found = papers.foot_form(form_of(judged, basics), assessed(judged).rules)
    return [(f"申报表 {one.message}", one.remedy) for one in found]


def makes_of(judged: Judged, basics: str, notice: str = "") -> dict[str, Callable[[], bytes]]:
    """Return by name what makes the form as Word, as a workbook and as PDF; `notice` stands on each of its pages."""
    form = form_of(judged, basics)
    told = replace(form, invented="，".join(filter(None, (notice, form.invented))))
    return {f"申报表.{ending}": partial(_written, told, write) for ending, write in WRITERS.items()}


def files_of(judged: Judged, basics: str) -> dict[str, bytes]:
    """Return the form as Word, as a workbook and as PDF."""
    return {name: make() for name, make in makes_of(judged, basics).items()}


def _written(form: papers.Form, write: Writes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "form"
        write(form, file)
        return file.read_bytes()
