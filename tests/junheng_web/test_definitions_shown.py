"""Beside each field stands what it counts and where that number is at its source: to fill in, to sign, to read."""

from __future__ import annotations

from html import unescape
from io import BytesIO
from urllib.parse import quote

import openpyxl
import pytest

from api_tokens import bearer, token_of
from collected import FORM, HERE, PUPILS, approve, form_of
from junheng import api as jh
from junheng.facts.schema import TABLES
from junheng_web.collection.ledger.subjects import Subject

pytestmark = pytest.mark.django_db
FORMS = {"school": FORM, "unit": f"{HERE}unit/office/"}


def form(kind: str) -> Subject:
    """Return the example school's form, or that of the office, which holds every item that no unit was given."""
    return form_of() if kind == "school" else form_of("office", kind="unit")


@pytest.mark.parametrize("kind", FORMS)
def test_every_field_of_a_form_says_what_it_counts_and_from_where(as_, kind) -> None:
    """And the columns of its lists; open to the eye is the form's number, behind the sign all the rest."""
    page = unescape(as_("office").get(FORMS[kind]).content.decode())
    one = form(kind)
    columns = [field.column for field in one.fields] + [column for each in one.lists for column in each.columns]
    assert len(columns) > 20
    for column in columns:
        told = column.definition
        for text in (told.text, told.source.told, told.source.cited):
            assert f"<dd>{text}</dd>" in page, (column.name, text)
    for field in one.fields:
        assert f'<span class="line text-secondary">{field.column.definition.source.short}</span>' in page
        assert f'aria-label="{field.label}：怎么数"' in page


@pytest.mark.parametrize("kind", FORMS)
def test_the_printed_form_names_the_source_of_every_number(as_, kind) -> None:
    """So that who signs knows with what to compare it."""
    page = unescape(as_("office").get(f"{FORMS[kind]}printed").content.decode())
    for field in form(kind).fields:
        row = page.split(f'<th scope="row">{field.label}</th>', 1)[1].split("</tr>", 1)[0]
        assert row.endswith(f"<td>{field.column.definition.source.short}</td>"), field.label


def test_the_history_of_a_number_says_what_it_is(as_) -> None:
    """With the days that are meant."""
    key = quote(str(list(PUPILS)).replace("'", '"'))
    page = unescape(as_("clerk-03").get(f"{FORM}history?key={key}").content.decode())
    told = TABLES["schools"].column("primary_pupils").definition
    for text in (told.text, told.source.told, told.source.cited, "2025 年 9 月 1 日"):
        assert f"<dd>{text}</dd>" in page


def test_who_reads_what_was_submitted_sees_it_too(as_) -> None:
    """An assessor asks first what a number counts."""
    approve()
    page = unescape(as_("office").get(f"{HERE}submitted/school/{form_of().code}/").content.decode())
    for field in form_of().fields:
        assert f"<dd>{field.column.definition.text}</dd>" in page, field.label


def test_the_workbook_that_is_downloaded_says_it(as_) -> None:
    """In the notes of its headings and on its explaining sheet."""
    answer = as_("clerk-03").get(f"{FORM}workbook")
    book = openpyxl.load_workbook(BytesIO(b"".join(answer) if answer.streaming else answer.content))
    told = TABLES["schools"].column("equipment_value").definition
    notes = {cell.value: cell.comment.text for cell in book["学校"][1]}
    assert told.text in notes["教学仪器设备资产值（万元）"]
    assert told.source.told in notes["教学仪器设备资产值（万元）"]
    assert any(row[1] == told.text for row in book["说明"].iter_rows(values_only=True))


def test_programs_read_the_same_dictionary(client) -> None:
    """By the API, with any token."""
    answer = client.get("/api/v1/dictionary", **bearer(token_of("office")))
    assert answer.json()["items"] == jh.dictionary()
