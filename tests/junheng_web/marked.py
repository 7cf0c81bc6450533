"""What tests of statistics workbooks share: invented workbooks brought in, marked, and their mappings saved."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import statistics_forms as forms
from collected import acting
from junheng.facts.mapped.load import mapping_from
from junheng_web.organisation.models import Area
from junheng_web.statistics.models import Mapping
from junheng_web.statistics.services import mapping_save
from places import COUNTY
from statistics_forms import ROWS, Written, write

HERE = f"/c/{COUNTY}/statistics/"
IMPORT = f"{HERE}import/2025/"
FIRST, SECOND, THIRD = forms.CODES


def content(name: str = "示例.xlsx", **sheets: Written) -> bytes:
    """Return a workbook of sheets, of the kind that the name says."""
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder) / f"book{Path(name).suffix}", **sheets).read_bytes()


def sent(name: str = "示例.xlsx", **sheets: Written) -> SimpleUploadedFile:
    """Return a workbook as a browser sends it."""
    return SimpleUploadedFile(name, content(name, **sheets))


def brought(browser: Client, name: str = "示例.xlsx", **sheets: Written):
    """Bring a workbook into the census and return the page that shows what it would change."""
    return browser.post(IMPORT, {"file": sent(name, **sheets)}, follow=True)


def agreed(browser: Client, page):
    """Agree to what a page shows."""
    here = page.request["PATH_INFO"]
    return browser.post(f"{here}apply", {"agreed": page.context["plan"].digest}, follow=True)


def opened(browser: Client, name: str = "示例.xlsx", sheet: int = 0, **sheets: Written):
    """Open a workbook to be marked, and return the page of one of its sheets."""
    page = browser.post(f"{HERE}add/", {"file": sent(name, **sheets)}, follow=True)
    return browser.get(f"{page.request['PATH_INFO']}{sheet}/")


def pressed(browser: Client, page, **typed: Any):
    """Send the page's form with something typed or pressed, as a browser does, and return what follows."""
    values = {name: value or "" for name, value in page.context["form"].initial.items()}
    values |= {name: page.context["asked"].get(name, "") for name in ("at", "what", "unit")}
    return browser.post(page.request["PATH_INFO"], {**values, **typed}, follow=True)


def saved(values: dict[str, Any] = ROWS, **keys: Any) -> Mapping:
    """Save a mapping for the example county."""
    county = Area.objects.get(code=COUNTY)
    return mapping_save(by=acting("office"), county=county, form=mapping_from({**values, **keys}, "示例"))
