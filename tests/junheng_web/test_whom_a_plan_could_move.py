"""People who could go with a plan's transfers: who sees them, why there is nobody, and limits that come of them."""

from __future__ import annotations

import html
import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from collected import acting
from junheng import api as jh
from junheng_web.common.page_tables import ASKED, WORKBOOK
from junheng_web.evidence import storage
from junheng_web.organisation.models import AuditRow
from junheng_web.planning import bundles, exempting, movers, rotation
from junheng_web.planning.models import PlanRun, Terms
from junheng_web.planning.services import terms_set
from junheng_web.registers.models import Row
from junheng_web.registers.services import readers_set
from junheng_web.registers.values import arrow_of, table_of
from places import COUNTY
from registered import COLUMNS, OTHER, SCHOOL, TEACHERS, change, county, put_all, somebody
from test_planning import begun

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/planning/"
MONGOLIAN = "1506990005"
ABOVE = ("above_required_teachers",)


def moving(giver: str, taker: str, qualities: tuple[str, ...] = ABOVE, people: int = 1) -> dict[str, Any]:
    """Return a transfer of primary school teachers, as a plan tells it."""
    told = {"item": "transfer", "kind": "transfer", "from_school": giver, "to_school": taker, "stage": "primary"}
    return {**told, "school": "", "qualities": qualities, "quantity": people, "serves": ["B1"] if qualities else []}


def held(*moves: dict[str, Any]) -> PlanRun:
    """Return a search that has ended with these transfers."""
    plan, out = begun(), io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(bundles.TOLD, json.dumps({"by_roster": "以学校教师名册为准。"}, ensure_ascii=False))
        file.writestr(bundles.PLAN, json.dumps({"actions": moves}))
    with storage.incoming([out.getvalue()], bundles.LARGEST) as content:
        content.store()
        PlanRun.objects.filter(id=plan.id).update(outcome=PlanRun.Outcome.OPTIMAL, digest=content.digest)
    known = PlanRun.objects.select_related("county", "job", "base__snapshot", "base__rules", "terms")
    return known.get(id=plan.id)


def page_of(browser, plan: PlanRun) -> str:
    """Return the page of a plan's transfers, as it is read."""
    return html.unescape(browser.get(f"{plan.url}rotation/").content.decode())


def sheets_of(browser, plan: PlanRun) -> dict[str, list[tuple[Any, ...]]]:
    """Return the workbook of a plan's transfers, sheet by sheet."""
    content = browser.get(f"{plan.url}rotation/?format=xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def found(plan: PlanRun) -> movers.Movers:
    """Return who could go, as the office sees it."""
    told = movers.suggested(acting("office"), plan, rotation.parts(plan))
    assert told is not None
    return told


def test_the_page_and_the_second_sheet_name_the_same_people(as_) -> None:
    """With subject, certificate, degree; each once; and that it is a suggestion. The export is written down."""
    plan = held(moving(SCHOOL, OTHER, people=2), moving(OTHER, SCHOOL, (), 1))
    text, sheets = page_of(as_("leader"), plan), sheets_of(as_("leader"), plan)
    assert list(sheets) == [rotation.SHEET, movers.SHEET]
    heads, *rows = sheets[movers.SHEET]
    assert heads == movers.HEADINGS
    assert len({row[5] for row in rows}) == len(rows) == 3
    assert movers.ADVICE in text
    for row in rows:
        person = Row.objects.get(county__code=COUNTY, register__name=TEACHERS, key=row[5]).values
        assert (person["person_name"], person["census_school_code"]) in {(row[4], SCHOOL), (row[4], OTHER)}
        assert f'row/{row[5]}/">{row[4]}</a>' in text
        assert row[11] == f"{movers.ADVICE}；按 {timezone.localdate()} 的教师台账"
    only = somebody(OTHER, degree="secondary")
    assert [row[5] for row in rows if row[3] == rotation.OTHERS] == [only.key]
    assert as_("leader").get(f"{plan.url}rotation/?{ASKED}={WORKBOOK}").status_code == 200
    written, again = AuditRow.objects.filter(action="plan.movers_export")
    assert written.detail == again.detail
    assert (written.object_code, written.detail, written.person) == (
        str(plan.number),
        {"people": 3},
        str(acting("leader").account),
    )


def test_whoever_does_not_see_the_register_sees_numbers_alone(as_) -> None:
    """A desk of a unit that the office has let in sees names; once it is no longer, page and workbook have none."""
    plan = held(moving(SCHOOL, OTHER, people=2))
    names = [one.name for line in found(plan).lines for one in line.people]
    assert all(name in page_of(as_("edu-hr-desk"), plan) for name in names)
    readers_set(by=None, county=county(), units=[])
    text = page_of(as_("edu-hr-desk"), plan)
    assert not any(name in text for name in names)
    assert "只给能看全县教师台账的岗位看" in text
    assert list(sheets_of(as_("edu-hr-desk"), plan)) == [rotation.SHEET]
    assert not AuditRow.objects.filter(action="plan.movers_export").exists()
    assert as_("head-03").get(f"{plan.url}rotation/").status_code == 403


def test_whoever_is_exempt_stays_and_the_page_says_why(as_) -> None:
    """The only one of his kind is exempt: the place stays empty, with the reason on page and sheet."""
    plan = held(moving(OTHER, SCHOOL, ()))
    only = somebody(OTHER, degree="secondary")
    assert only.values["person_name"] in page_of(as_("office"), plan)
    put_all(change(only, exempt_because="年满五十五岁"))
    text, rows = page_of(as_("office"), plan), sheets_of(as_("office"), plan)[movers.SHEET]
    told = "还差 1 人：这一类教师共 1 人：免于交流 1 人"
    assert told in text
    assert only.values["person_name"] not in text
    assert rows[1][11] == told


def test_nobody_goes_where_another_language_is_taught(as_) -> None:
    """Even where a plan says so."""
    plan = held(moving(SCHOOL, MONGOLIAN))
    assert found(plan).people == 0
    assert "授课语言与调入学校不同" in page_of(as_("office"), plan)


def test_what_the_register_says_otherwise_is_told(as_) -> None:
    """A school's number that the plan had from the facts, and that the register has otherwise today."""
    plan = held(moving(OTHER, SCHOOL))
    assert found(plan).differences == ()
    one = somebody(OTHER, degree="bachelor")
    put_all(change(one, degree="secondary"))
    (told,) = found(plan).differences
    assert (told.planned, told.held) == (11, 10)
    assert f"{told.label}：方案用的是 11，台账 10" in page_of(as_("office"), plan)


def test_a_subject_that_nobody_brings_is_told(as_) -> None:
    """One goes and nobody comes: the school lacks his subject then."""
    plan = held(moving(OTHER, SCHOOL))
    (line,) = found(plan).lines
    (lost,) = found(plan).losses
    assert (lost.subject, lost.fewer) == (line.people[0].subject, 1)
    told = f"{line.move.giver} 小学{lost.subject}：少 1 人，现有 {lost.have} 人"
    assert told in page_of(as_("office"), plan)
    rows = Row.objects.filter(county__code=COUNTY, register__name=TEACHERS, values__census_school_code=OTHER)
    assert lost.have == sum(COLUMNS["subject"].choices[row.values["subject"]] == lost.subject for row in rows)


def test_without_a_register_the_page_says_what_to_do(as_) -> None:
    """And the workbook has one sheet; of a school without people the line says so."""
    plan = held(moving("1506990001", SCHOOL))
    assert "这所学校还没有教师台账" in page_of(as_("office"), plan)
    Row.objects.filter(county__code=COUNTY).update(gone=True)
    assert "还没有教师台账" in page_of(as_("office"), plan)
    assert list(sheets_of(as_("office"), plan)) == [rotation.SHEET]


# --- limits


def exempt_rows() -> list[dict[str, Any]]:
    """Return the rows of the newest terms about schools whose teachers stay."""
    rows = Terms.objects.filter(county__code=COUNTY).first().tables["limits"]
    return [row for row in rows if row["item"] == exempting.ITEM and row.get("school_code")]


def test_the_register_says_how_many_stay(as_) -> None:
    """Only where they are more than the county says of every school; with the reasons; once."""
    assert exempt_rows() == []
    answer = as_("office").post(f"{HERE}terms/exempt", follow=True)
    rows = [row.values for row in Row.objects.filter(county__code=COUNTY, register__name=TEACHERS, gone=False)]
    stay = jh.teachers_staying(arrow_of(table_of(TEACHERS), rows), as_of=timezone.localdate())
    expected = {school: sum(why.values()) for school, why in stay.items() if sum(why.values()) > 2}
    assert SCHOOL in expected
    assert {row["school_code"]: row["at_least"] for row in exempt_rows()} == {
        school: 100 * number for school, number in expected.items()
    }
    assert all(reason in exempt_rows()[0]["note"] for reason in stay[exempt_rows()[0]["school_code"]])
    assert f"的学校 {len(expected)} 所；存为第 2 版" in answer.content.decode()
    again = as_("office").post(f"{HERE}terms/exempt", follow=True)
    assert "没有改" in again.content.decode()
    assert Terms.objects.filter(county__code=COUNTY).count() == 2


def test_a_row_that_somebody_wrote_stays(as_) -> None:
    """The register does not overrule what the county set for a school."""
    tables = Terms.objects.get(county__code=COUNTY).tables
    own = {"item": exempting.ITEM, "school_code": SCHOOL, "at_least": 100, "note": "会议定的"}
    terms_set(by=acting("office"), county=county(), tables={**tables, "limits": [*tables["limits"], own]})
    as_("office").post(f"{HERE}terms/exempt")
    assert [row for row in exempt_rows() if row["school_code"] == SCHOOL] == [own]


def test_without_a_register_nothing_is_changed(as_) -> None:
    """And the page says what to do first; whoever makes no plans may not ask."""
    Row.objects.filter(county__code=COUNTY).update(gone=True)
    answer = as_("office").post(f"{HERE}terms/exempt", follow=True)
    assert "还没有教师台账" in answer.content.decode()
    assert Terms.objects.filter(county__code=COUNTY).count() == 1
    assert as_("leader").post(f"{HERE}terms/exempt").status_code == 403
