"""开新学年: what is carried, asked again or forgotten; schools that change; last year frozen; all of it or nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from collected import SCHOOL, acting, form_of, ledger_of, type_in
from junheng.facts.items import ITEMS
from junheng.facts.schema import SCHOOLS
from junheng_web.collection.ledger.gathering import schools_of
from junheng_web.collection.ledger.saving import Locked, cells_save
from junheng_web.collection.ledger.services import period_open
from junheng_web.collection.ledger.subjects import subjects
from junheng_web.collection.ledger.values import Kept
from junheng_web.collection.models import Cell, Entry, Ledger, Period, Write, YearDraft
from junheng_web.collection.years import opening
from junheng_web.collection.years.carrying import Deed, proposed
from junheng_web.collection.years.moving_up import next_name
from junheng_web.collection.years.opening import SchoolAsked, year_draft_save, year_open
from junheng_web.organisation.models import AuditRow, Event, School, SchoolAlias, SchoolChange
from next_year import DAY, asked, cell, county, ledger, opened

pytestmark = pytest.mark.django_db
AREA = ("schools", SCHOOL, "teaching_area")
JUNIOR = "1506990012"


def value(key) -> int | None:
    one = cell(key)
    return one.integer if one and one.reported else None


def test_what_lasts_is_carried_and_names_the_entry_that_it_repeats() -> None:
    """An area; its lineage is last year's entry, and it says that it waits for a word."""
    opened()
    one, before = cell(AREA), Cell.objects.get(ledger=ledger_of(), table=AREA[0], row=AREA[1], column=AREA[2])
    assert (one.integer, one.entry.write.kind) == (before.integer, Write.Kind.CARRIED)
    assert one.entry.source == before.entry
    assert one.entry.source.ledger.period.code == "2025"


def test_people_are_asked_again_and_money_begins_anew() -> None:
    """Neither stands in the new form; nothing at all stands in the census."""
    opened()
    for column in ("primary_pupils", "primary_teachers", "operating_budget", "training_spent"):
        assert cell(("schools", SCHOOL, column)) is None, column
    assert not Cell.objects.filter(ledger=ledger("census")).exists()
    assert not Cell.objects.filter(ledger=ledger(), table="judged").exists()


@pytest.mark.parametrize(
    ("column", "deed"),
    [
        (SCHOOLS.column("teaching_area"), Deed.CARRIED),
        (SCHOOLS.column("multimedia_rooms"), Deed.CARRIED),
        (SCHOOLS.column("built_year"), Deed.CARRIED),
        (SCHOOLS.column("is_boarding"), Deed.CARRIED),
        (SCHOOLS.column("equipment_value"), Deed.ASKED),
        (SCHOOLS.column("junior_pupils"), Deed.ASKED),
        (SCHOOLS.column("junior_new_pupils"), Deed.ASKED),
        (SCHOOLS.column("entry_grade7"), Deed.ASKED),
        (SCHOOLS.column("operating_budget"), Deed.RESET),
        (ITEMS["operating_quota_primary"], Deed.RESET),
        (ITEMS["teacher_average_pay"], Deed.RESET),
        (ITEMS["veto_falsification"], Deed.RESET),
        (ITEMS["survey_valid"], Deed.RESET),
        (ITEMS["allotted_places"], Deed.ASKED),
        (ITEMS["monitoring_science_level"], Deed.CARRIED),
        (ITEMS["monitoring_national"], Deed.CARRIED),
    ],
    ids=lambda one: getattr(one, "name", str(one)),
)
def test_what_is_proposed_follows_from_clock_and_kind(column, deed) -> None:
    """What was built stays; a budget, a survey, a year without accidents are of one year."""
    assert proposed(column) == deed


def test_the_office_decides_otherwise() -> None:
    """Field by field, and the period remembers what was decided."""
    period = opened(deeds={"schools.teaching_area": "asked", "schools.primary_teachers": "carried"})
    assert cell(AREA) is None
    assert cell(("schools", SCHOOL, "primary_teachers")).entry.write.kind == Write.Kind.CARRIED
    assert period.opening["schools.teaching_area"] == "asked"
    assert period.opening["schools.operating_budget"] == "reset"


def test_rooms_are_carried_row_by_row() -> None:
    """As they stand in the list."""
    opened()
    asked_for = [one.code for one in subjects(ledger()) if any(listed.table == "rooms" for listed in one.lists)]
    last = Cell.objects.filter(ledger=ledger_of(), table="rooms", reported=True)
    last = last.filter(row__regex=f"^({'|'.join(asked_for)})")
    now = Cell.objects.filter(ledger=ledger(), table="rooms")
    told = ("row", "column", "integer", "text")
    assert set(now.values_list(*told)) == set(last.values_list(*told)) != set()


def test_classes_go_a_grade_further() -> None:
    """Last year's first grade is the second, under its next name; how many pupils there are is asked again."""
    opened()
    grades = {"now": Cell.objects.filter(ledger=ledger()), "last": Cell.objects.filter(ledger=ledger_of())}
    held = {
        when: sorted(cells.filter(table="classes", column="grade", row__startswith=SCHOOL).values_list("integer"))
        for when, cells in grades.items()
    }
    assert held["now"] == sorted((grade + 1,) for (grade,) in held["last"] if grade < 6)
    names = Cell.objects.filter(ledger=ledger(), table="classes", column="class_name", row=f"{SCHOOL}|0001")
    assert names.get().text == "二年级1班"
    assert not Cell.objects.filter(ledger=ledger(), table="classes", column="pupils").exists()


@pytest.mark.parametrize(
    ("name", "grade", "later"),
    [
        ("一年级1班", 1, "二年级1班"),
        ("三（2）班", 3, "四（2）班"),
        ("1.2班", 1, "2.2班"),
        ("初一3班", 7, "初二3班"),
        ("2019级1班", 2, "2019级1班"),
        ("启航班", 4, "启航班"),
    ],
)
def test_a_class_is_called_by_its_new_grade(name: str, grade: int, later: str) -> None:
    """Where its name begins with the old one; any other name stays."""
    assert next_name(name, grade) == later


def test_the_classes_stay_away_where_the_office_says_so() -> None:
    """The proposal is one."""
    opened(classes=False)
    assert not Cell.objects.filter(ledger=ledger(), table="classes").exists()


def test_the_cohort_of_three_years_ago_is_offered() -> None:
    """The form that asks who entered grade 7 gets the number of that year, not last year's answer."""
    period = period_open(by=None, county=county(), counting_date=dt.date(2023, 9, 1), standard="national-2017")
    then = period.ledgers.select_related("county", "period").get(basis="census")
    asking = Cell.objects.filter(ledger=ledger_of(), column="entry_grade7", reported=True).first()
    classes = [("0001", 7, 41), ("0002", 7, 39), ("0003", 8, 50)]
    changes = [
        opening.Change(("classes", f"{asking.row}|{number}", column), Kept(True, *held))
        for number, grade, pupils in classes
        for column, held in (("stage", (None, "junior")), ("grade", (grade,)), ("pupils", (pupils,)))
    ]
    cells_save(by=None, ledger=then, changes=changes)
    opened()
    one = cell(("schools", asking.row, "entry_grade7"))
    assert (one.integer, one.entry.write.kind) == (80, Write.Kind.CARRIED)
    assert one.entry.source.ledger == then
    assert "2 个班" in one.entry.file_column
    assert Cell.objects.filter(ledger=ledger(), column="entry_grade7").count() == 1


def test_last_year_is_frozen_unless_the_office_waits() -> None:
    """Then nothing more goes into it; who froze it is written down."""
    opened()
    assert Period.objects.get(county=county(), code="2025").frozen
    assert AuditRow.objects.filter(action="period.frozen", object_code="2025").count() == 1
    assert Event.objects.filter(kind="period.frozen").count() == 1
    with pytest.raises(Locked):
        type_in("clerk-03", AREA, "1")


def test_last_year_stays_open_where_the_office_waits() -> None:
    """A year may still be put right while the next one has begun."""
    opened(freeze=False)
    assert not Period.objects.get(county=county(), code="2025").frozen
    assert type_in("clerk-03", AREA, "1").write is not None


def test_schools_change_from_the_counting_date_on() -> None:
    """A new one has a form, a closed and a merged one have none; last year keeps what it had."""
    names_before = {code: name for code, name, _ in schools_of(ledger_of())}
    opened(
        SchoolAsked("opened", "1506990099", DAY, "示例旗第九小学", "primary"),
        SchoolAsked("closed", "1506990005", DAY),
        SchoolAsked("merged", "1506990004", DAY, other="1506990001"),
        SchoolAsked("renamed", "1506990003", DAY, other="示例旗新名小学"),
        SchoolAsked("retyped", SCHOOL, DAY, other="nine_year"),
    )
    now = {one.code: one for one in subjects(ledger()) if one.kind == "school"}
    assert "1506990099" in now
    assert not {"1506990005", "1506990004"} & set(now)
    assert now["1506990003"].name == "示例旗新名小学"
    assert any(field.key[2] == "junior_pupils" for field in now[SCHOOL].fields)
    assert {code: name for code, name, _ in schools_of(ledger_of())} == names_before
    assert not any(field.key[2] == "junior_pupils" for field in form_of().fields)
    assert School.objects.get(code="1506990004").merged_into.code == "1506990001"
    assert SchoolAlias.objects.get(school__code="1506990003").name == names_before["1506990003"]
    assert list(SchoolChange.objects.values_list("kind", flat=True)) == [
        "opened",
        "closed",
        "merged",
        "renamed",
        "retyped",
    ]
    assert not Cell.objects.filter(ledger=ledger(), row__startswith="1506990005").exists()


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (SchoolAsked("opened", SCHOOL, DAY, "别的小学", "primary"), "已经在名册里"),
        (SchoolAsked("opened", "9", DAY, "", "primary"), "学校标识码和名称"),
        (SchoolAsked("opened", "9", DAY, "示例旗第一小学", "primary"), "已经有一所学校叫"),
        (SchoolAsked("opened", "9", DAY, "别的小学", "college"), "没有“college”这种学校类型"),
        (SchoolAsked("closed", "9", DAY), "名册里没有"),
        (SchoolAsked("merged", SCHOOL, DAY, other=SCHOOL), "不能并入自己"),
        (SchoolAsked("renamed", SCHOOL, DAY, other=" "), "要填新的名称"),
        (SchoolAsked("retyped", SCHOOL, DAY, other="primary"), "已经是小学"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.kind,
)
def test_a_change_that_cannot_be_is_refused_with_all_the_rest(one: SchoolAsked, why: str) -> None:
    """Nothing of the year stays: no period, no other school's change, no carried cell."""
    good = SchoolAsked("closed", "1506990005", DAY)
    with pytest.raises(ValidationError, match=why):
        opened(good, one)
    assert not Period.objects.filter(county=county(), code="2026").exists()
    assert not SchoolChange.objects.exists()
    assert not Entry.objects.filter(write__kind=Write.Kind.CARRIED).exists()
    assert not Period.objects.get(county=county(), code="2025").frozen
    assert YearDraft.objects.of(county()).exists()


def test_a_school_that_is_gone_does_not_change_any_more() -> None:
    """It was closed before the day."""
    School.objects.filter(code=SCHOOL).update(closed=dt.date(2026, 1, 1))
    with pytest.raises(ValidationError, match="已经撤并"):
        opened(SchoolAsked("renamed", SCHOOL, DAY, other="新名"))


def test_only_a_later_year_is_opened() -> None:
    """What is open already is filled in, not opened again."""
    for day in ("2025-09-01", "2024-09-01"):
        with pytest.raises(ValidationError, match="之后"):
            year_draft_save(by=acting("office"), county=county(), asked=opening.replace(asked(), counting_date=day))


def test_a_year_is_opened_once() -> None:
    """Who comes second is told."""
    opened()
    with pytest.raises(ValidationError, match="刚刚开好"):
        year_open(by=acting("office"), county=county(), asked=asked())
    assert Write.objects.filter(kind=Write.Kind.CARRIED).count() == 1


def test_what_a_year_gives_is_of_its_own_county() -> None:
    """No other county's ledger gets anything."""
    opened()
    others = Ledger.objects.exclude(county=county())
    assert not Cell.objects.filter(ledger__in=others, entry__write__kind=Write.Kind.CARRIED).exists()
