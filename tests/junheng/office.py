"""LibreOffice as an independent reader of what we write: recalculated workbooks, with formulas and stored values."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl

# Recalculate on load, always: LibreOffice trusts the values that a file stores and would check nothing.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""
# Generous: a loaded machine may take minutes over what takes seconds.
SECONDS = 600
Cell = tuple[str, str]


def recalculated(soffice: str, files: list[Path], folder: Path) -> dict[str, Path]:
    """Return each workbook recalculated by LibreOffice, by its name, in one run of it."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    out = folder / "recalculated"
    _converted(soffice, "xlsx", profile, files, out)
    return {file.name: out / file.name for file in files}


def printed(soffice: str, files: list[Path], folder: Path) -> dict[str, Path]:
    """Return each file as the PDF that LibreOffice prints, by its name, in one run of it."""
    out = folder / "printed"
    _converted(soffice, "pdf", folder / "profile", files, out)
    return {file.name: out / f"{file.stem}.pdf" for file in files}


def _converted(soffice: str, kind: str, profile: Path, files: list[Path], out: Path) -> None:
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
    command += ["--outdir", str(out), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)


def formulas(file: Path) -> dict[Cell, str]:
    """Return every formula of a workbook by sheet and cell."""
    book = openpyxl.load_workbook(file)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, str) and cell.data_type == "f"
    }


def values(file: Path) -> dict[Cell, object]:
    """Return every value that a workbook stores, a formula's included, by sheet and cell."""
    book = openpyxl.load_workbook(file, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    }
