"""The check list over the county: every form's findings on one page, as a workbook, and counted on the board."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collected import FORM, HERE, PUPILS, SCHOOL, acting, form_of, ledger_of, schools, type_in
from junheng_web.collection.handing.approving import finding_explain
from junheng_web.collection.handing.checking import found_in, found_over
from junheng_web.collection.ledger.subjects import subjects

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}findings/"
MOST_QUERIES, ONCE_CHANGED = 20, 10


def crowd() -> None:
    """Let the school have more pupils than any of its size."""
    type_in("clerk-03", PUPILS, "18900")


def rows_of(client, query: str = "") -> list[tuple]:
    """Return the rows of the page's workbook, without its headings."""
    answer = client.get(f"{PAGE}?_export=xlsx{query}")
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)[1:]


def test_the_county_s_findings_are_those_of_every_form() -> None:
    """Each form has the same, with the same said of them, as where it is checked by itself."""
    crowd()
    explain()
    ledger = ledger_of()
    forms = subjects(ledger)
    told = found_over(ledger, forms)
    assert any(each.explained for _, each in told)
    for one in forms:
        assert [each for form, each in told if form == one] == found_in(one), one.name


def explain() -> None:
    """Say of the school's first open finding why it is all right."""
    each = next(each for each in found_in(form_of()) if each.open)
    told = {"check": each.finding.check.id, "value": each.finding.value or "", "text": "9 月并入一所学校"}
    finding_explain(by=acting("clerk-03"), one=form_of(), key=each.key, **told)


def test_each_open_finding_says_which_form_which_cell_and_leads_there(as_) -> None:
    """The gravest first; what was explained is left out until it is asked for."""
    crowd()
    page = as_("office").get(f"{PAGE}?form=school:{SCHOOL}").content.decode()
    assert f"{FORM}#c-schools-{SCHOOL}-primary_pupils" in page
    assert "示例旗实验小学" in page
    open_rows = rows_of(as_("office"), f"&form=school:{SCHOOL}")
    assert {row[6] for row in open_rows} == {"没有说明"}
    explain()
    left = rows_of(as_("office"), f"&form=school:{SCHOOL}")
    assert len(left) == len(open_rows) - 1
    answered = rows_of(as_("office"), f"&form=school:{SCHOOL}&show=answered")
    assert [row[6] for row in answered] == ["9 月并入一所学校"]


def test_the_workbook_has_the_order_and_filter_of_the_page(as_) -> None:
    """By severity and by form."""
    crowd()
    office = as_("office")
    every = rows_of(office, "&show=all")
    grades = ["错误", "警告", "提示"]
    places = [grades.index(row[1]) for row in every]
    assert places == sorted(places)
    warnings = rows_of(office, "&show=all&severity=warning")
    assert warnings == [row for row in every if row[1] == "警告"] != []
    own = rows_of(office, f"&show=all&form=school:{SCHOOL}")
    assert own == [row for row in every if row[0] == "示例旗实验小学"] != every
    back = rows_of(office, "&show=all&sort=-severity")
    assert [row[1] for row in back] == [row[1] for row in every][::-1]


def test_a_clerk_sees_the_findings_of_the_own_form_alone(as_) -> None:
    """An assessor none."""
    crowd()
    rows = rows_of(as_("clerk-03"), "&show=all")
    assert {row[0] for row in rows} == {"示例旗实验小学"}
    assert as_("assessor").get(PAGE).status_code == 403
    assert "没有这样的问题" in as_("fin-staff").get(f"{PAGE}?form=school:{SCHOOL}").content.decode()


def test_the_page_asks_the_database_few_times_for_thirty_schools(as_) -> None:
    """The checks of a ledger that just changed ask a few times more, however much they find."""
    office = as_("office")
    office.get(PAGE)
    crowd()
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert office.get(PAGE).status_code == 200
        counted.append(len(seen))
    assert len(schools()) >= 30
    assert counted[0] - counted[1] <= ONCE_CHANGED, counted
    assert counted[1] <= MOST_QUERIES, [one["sql"][:120] for one in seen]


def test_the_board_counts_the_open_findings_of_each_form(as_) -> None:
    """For whoever sees every form; a school has its own beside its form."""
    crowd()
    page = as_("office").get(HERE)
    (row,) = [row for row in page.context["rows"] if row["code"] == SCHOOL]
    many = sum(each.open for each in found_in(form_of()))
    assert row["open"] == many > 0
    assert page.context["open"] == sum(row["open"] for row in page.context["rows"])
    assert f"{PAGE}?form=school:{SCHOOL}" in page.content.decode()
    explain()
    (row,) = [row for row in as_("leader").get(HERE).context["rows"] if row["code"] == SCHOOL]
    assert row["open"] == many - 1
    assert "处数据问题" not in as_("clerk-03").get(HERE).content.decode()
