"""Entering: each value is kept for ever with its author, and nobody's typing runs over anybody else's."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from collected import FORM, HERE, PUPILS, SCHOOL, TEACHERS, acting, form_of, held, ledger_of, type_in
from junheng import api as jh
from junheng.facts.items import ITEMS
from junheng.facts.schema import COUNTY, MEASURES, SCHOOLS
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger import gathering
from junheng_web.collection.ledger.gathering import facts_of, unfolded
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.subjects import NoSuchForm
from junheng_web.collection.ledger.values import Kept, read, shown, typed
from junheng_web.collection.models import Cell, Entry, Period, Submission, Write
from junheng_web.organisation.models import AuditRow, School
from places import EXAMPLES

pytestmark = pytest.mark.django_db
JSON = "application/json"


def sent(*cells: tuple[tuple[str, str, str], str, int | None], since: int | None = None) -> dict[str, object]:
    """Return a request as the page's script sends it."""
    told = [{"key": key, "text": text, "revision": revision} for key, text, revision in cells]
    since = ledger_of().sequence if since is None else since
    return {"data": json.dumps({"since": since, "cells": told}), "content_type": JSON}


def test_a_ledger_is_judged_as_the_workbook_was() -> None:
    """Every reason, word for word: what was brought in is what the engine reads."""
    brought, read_in = jh.assess(facts_of(ledger_of())), jh.assess(jh.load(EXAMPLES / "shili" / "facts"))
    assert [one.message for one in brought.reasons] == [one.message for one in read_in.reasons]
    assert jh.to_json(brought) == jh.to_json(read_in)


def test_a_value_is_kept_with_its_author() -> None:
    """An entry more, a cell that holds it, and one row of audit."""
    before, audits = held(PUPILS), AuditRow.objects.filter(action="cells.save").count()
    saved = type_in("clerk-03", PUPILS, "1,234", before.revision)
    assert not saved.problems
    cell = held(PUPILS)
    assert (cell.integer, cell.revision) == (1234, before.revision + 1)
    assert (cell.entry.write.by_name, cell.entry.write.by_post) == ("韩小满", "示例旗实验小学填报人")
    assert Entry.objects.filter(id=before.entry_id, integer=before.integer).exists()
    assert AuditRow.objects.filter(action="cells.save").count() == audits + 1


def test_the_same_value_again_is_no_change() -> None:
    """However it is written: nothing is added, and the ledger stays where it is."""
    before, entries = ledger_of().sequence, Entry.objects.count()
    assert type_in("clerk-03", PUPILS, f"{held(PUPILS).integer}.0").write is None
    assert (ledger_of().sequence, Entry.objects.count()) == (before, entries)


def test_blank_is_not_reported_and_not_zero() -> None:
    """A cell that is emptied says so; the value before it stays in its history."""
    type_in("clerk-03", PUPILS, "0")
    assert (held(PUPILS).reported, held(PUPILS).integer) == (True, 0)
    for text in ("", "—"):
        type_in("clerk-03", PUPILS, "7")
        type_in("clerk-03", PUPILS, text)
        assert (held(PUPILS).reported, held(PUPILS).integer) == (False, None)
    facts = facts_of(ledger_of()).tables["schools"].to_pylist()
    assert next(row for row in facts if row["school_code"] == SCHOOL)["primary_pupils"] is None


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        (PUPILS, "许多", "应当是数字"),
        (PUPILS, "-1", "不能是负数"),
        (PUPILS, "1.5", "应当是整数"),
        (PUPILS, "9999999", "超过了可以受理的上限"),
        (("schools", SCHOOL, "equipment_value"), "1.1234567", "最多 6 位小数"),
        (("schools", SCHOOL, "sponsor_code"), "99", "不在规定的代码之内"),
        (("schools", SCHOOL, "is_boarding"), "也许", "不在规定的代码之内"),
        (("classes", f"{SCHOOL}|0001", "class_name"), "班" * 401, "超过 400 个字"),
    ],
)
def test_what_means_nothing_is_told_and_not_kept(key: tuple[str, str, str], text: str, reason: str) -> None:
    """With the reason and what to do; the other cells of the request are saved."""
    before = held(key).revision
    saved = form_save(by=acting("clerk-03"), one=form_of(), texts=[(key, text, None), (TEACHERS, "151", None)])
    assert reason in saved.problems[key].reason
    assert saved.problems[key].remedy
    assert held(key).revision == before
    assert held(TEACHERS).integer == 151


NUMBERS = [(SCHOOLS.name, SCHOOL, one.name) for one in SCHOOLS.columns if one.kind in MEASURES]
NUMBERS += [(COUNTY.name, name, "value") for name, item in ITEMS.items() if item.kind in MEASURES]


@given(key=st.sampled_from(NUMBERS), text=st.from_regex(r"[0-9]{1,10}", fullmatch=True))
def test_a_few_digits_mean_what_they_mean_in_a_column(key: tuple[str, str, str], text: str) -> None:
    """They are read by themselves; a sign before them sends the same number the long way."""
    short, long = read(key, text), read(key, f"+{text}")
    assert short.kept == long.kept
    assert (short.problem is None) == (long.problem is None)


def test_none_is_read_as_not_reported_and_asked_about() -> None:
    """无 may mean 0: it is kept as not reported, with the question."""
    saved = type_in("clerk-03", PUPILS, "无")
    assert "请改填 0" in saved.remarks[PUPILS].remedy
    assert not held(PUPILS).reported


def test_two_clerks_on_one_form_are_merged_field_by_field(as_) -> None:
    """Each saves a field: both are there, and the second is told what the first changed."""
    since, seen = ledger_of().sequence, held(TEACHERS).revision
    type_in("head-03", PUPILS, "1800")
    answer = as_("clerk-03").post(f"{FORM}save", **sent((TEACHERS, "140", seen), since=since)).json()
    assert [one["key"] for one in answer["saved"]] == [list(TEACHERS)]
    assert answer["conflicts"] == []
    (changed,) = answer["changed"]
    assert (changed["key"], changed["text"]) == (list(PUPILS), "1800")
    assert "罗思齐" in changed["by"]
    assert (held(PUPILS).integer, held(TEACHERS).integer) == (1800, 140)


def test_two_clerks_on_one_field_choose(as_) -> None:
    """The second sees the first one's value and keeps nobody's typing from the history; then either may stand."""
    seen = held(PUPILS).revision
    type_in("head-03", PUPILS, "1800", seen)
    answer = as_("clerk-03").post(f"{FORM}save", **sent((PUPILS, "1900", seen))).json()
    (conflict,) = answer["conflicts"]
    assert (conflict["text"], held(PUPILS).integer) == ("1800", 1800)
    as_("clerk-03").post(f"{FORM}save", **sent((PUPILS, "1900", conflict["revision"])))
    assert held(PUPILS).integer == 1900
    values = Entry.objects.filter(ledger=ledger_of(), row=SCHOOL, column="primary_pupils").order_by("revision")
    assert [one.integer for one in values][-2:] == [1800, 1900]


COLUMNS = ("primary_pupils", "primary_teachers", "primary_above_required_teachers", "primary_backbone_teachers")
TYPED = st.dictionaries(st.sampled_from(COLUMNS), st.integers(0, 3))


@settings(
    max_examples=max(20, settings.default.max_examples // 5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=st.fixed_dictionaries({name: st.integers(0, 3) for name in COLUMNS}), first=TYPED, second=TYPED)
def test_whatever_two_clerks_type_is_merged_field_by_field(db, before, first, second) -> None:
    """What one alone changed stands; where both changed a field to different values, the first one does and is told."""
    with transaction.atomic():
        save("office", before)
        seen = {name: held(cell_of(name)).revision for name in COLUMNS}
        save("head-03", first, seen)
        told = save("clerk-03", second, seen)
        changed = {name: value for name, value in first.items() if value != before[name]}
        disputed = {name for name in changed.keys() & second.keys() if changed[name] != second[name]}
        assert {key[2]: cell.integer for key, cell in told.conflicts.items()} == {one: changed[one] for one in disputed}
        merged = before | second | changed
        assert {name: held(cell_of(name)).integer for name in COLUMNS} == merged
        transaction.set_rollback(True)


def cell_of(column: str) -> tuple[str, str, str]:
    """Return a cell of the school."""
    return "schools", SCHOOL, column


def save(username: str, values: dict[str, int], seen: dict[str, int] | None = None):
    """Type numbers into the form as somebody who saw these revisions."""
    texts = [(cell_of(name), str(value), seen and seen[name]) for name, value in values.items()]
    return form_save(by=acting(username), one=form_of(), texts=texts)


def test_of_two_texts_for_one_cell_the_last_counts(as_) -> None:
    """In one request: one entry, not an error."""
    entries = Entry.objects.count()
    answer = as_("clerk-03").post(f"{FORM}save", **sent((PUPILS, "1801", None), (PUPILS, "1802", None)))
    assert (answer.status_code, held(PUPILS).integer, Entry.objects.count()) == (200, 1802, entries + 1)


def test_both_writing_the_same_is_no_conflict() -> None:
    """They agree."""
    seen = held(PUPILS).revision
    type_in("head-03", PUPILS, "1800", seen)
    assert type_in("clerk-03", PUPILS, "1800", seen).conflicts == {}


def test_only_whose_form_it_is_may_enter(as_) -> None:
    """Another school's clerk does not find it; the leader and another unit's desk may look; the office may for all."""
    assert as_("fin-staff").post(f"{FORM}save", **sent((PUPILS, "1", None))).status_code == 404
    for username in ("leader", "auditor", "edu-hr-desk"):
        with pytest.raises(PermissionDenied):
            type_in(username, PUPILS, "1")
    type_in("office", PUPILS, "1801")
    assert held(PUPILS).entry.write.by_name == "陈乐平"
    with pytest.raises(NoSuchForm):
        type_in("clerk-03", ("schools", "1506990001", "primary_pupils"), "1")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"since": 0, "cells": [{"key": ["schools"], "text": "1"}]}',
        '{"since": 0, "cells": [{"key": ["schools", "1506990001", "primary_pupils"], "text": "1"}]}',
        '{"since": 0, "cells": [{"key": ["nothing", "x", "y"], "text": "1"}]}',
        '{"since": "x", "cells": []}',
        '{"since": 0, "cells": 5}',
        '{"since": 0, "cells": [{"key": ["county", "special_pupils", "value"], "text": "1"}]}',
    ],
)
def test_a_request_that_is_none_is_refused(as_, body: str) -> None:
    """In words; nothing is written."""
    before = ledger_of().sequence
    answer = as_("clerk-03").post(f"{FORM}save", data=body, content_type=JSON)
    assert (answer.status_code, ledger_of().sequence) == (422, before)
    assert "刷新页面" in answer.json()["error"]


def test_a_frozen_period_takes_nothing_in() -> None:
    """It says so, and who can change that."""
    Period.objects.filter(id=ledger_of().period_id).update(frozen=True)
    with pytest.raises(Locked, match="已经封存"):
        type_in("clerk-03", PUPILS, "1")


def test_what_an_import_holds_is_not_asked_for_in_the_census(as_) -> None:
    """On the census basis an imported number is shown, not asked; today's state is."""
    census, current = (as_("clerk-03").get(FORM.replace("current", basis)) for basis in ("census", "current"))
    asked = f'data-key="[&quot;schools&quot;, &quot;{SCHOOL}&quot;, &quot;primary_pupils&quot;]"'
    assert asked not in census.content.decode()
    assert asked in current.content.decode()
    refused = type_in("clerk-03", PUPILS, "1", basis="census")
    assert "不能在网页上改" in refused.problems[PUPILS].reason
    assert held(PUPILS, "census").integer == 1890
    entered = ("classes", f"{SCHOOL}|0099", "pupils")
    assert type_in("clerk-03", entered, "45", basis="census").problems == {}
    assert type_in("clerk-03", entered, "46", basis="census").problems == {}


def test_the_history_of_a_cell_tells_everything(as_) -> None:
    """Who entered which value when, and from which file."""
    type_in("clerk-03", PUPILS, "1234")
    page = as_("office").get(f"{FORM}history", {"key": json.dumps(PUPILS)}).content.decode()
    assert page.index("1234") < page.index("1890")
    for told in ("韩小满（示例旗实验小学填报人）", "录入", "导入：示例旗.xlsx（虚构）", "在校生数"):
        assert told in page
    for wrong in ("", "[]", '["schools","x","y"]', '["county","special_pupils","value"]'):
        assert as_("office").get(f"{FORM}history", {"key": wrong}).status_code == 404


def test_a_page_shows_last_year_and_the_other_basis(as_) -> None:
    """Beside each field stand the census and the year before."""
    type_in("clerk-03", PUPILS, "1234")
    page = as_("clerk-03").get(FORM).content.decode()
    assert 'value="1234"' in page
    assert '<td class="number">1890</td>' in page


def test_what_is_known_is_brought_up_to_date_not_read_anew(django_assert_num_queries) -> None:
    """One state is changed into the next by what was written; an earlier state stays as it was."""
    before = unfolded(ledger_of())
    pupils = before.tables["schools"][SCHOOL]["primary_pupils"]
    type_in("clerk-03", PUPILS, "1234")
    after = unfolded(ledger_of())
    assert after.tables["schools"][SCHOOL]["primary_pupils"] == 1234
    assert before.tables["schools"][SCHOOL]["primary_pupils"] == pupils
    assert after.tables["schools"]["1506990001"] is before.tables["schools"]["1506990001"]
    ledger = ledger_of()
    with django_assert_num_queries(1):
        assert unfolded(ledger) is after


def test_another_history_is_read_anew() -> None:
    """A restored backup has the same ledger with other writes: what is known of it is of no use."""
    known = unfolded(ledger_of())
    stranger = gathering.Unfolded("of another history", known.sequence)
    gathering._unfolded[ledger_of().id] = stranger
    assert unfolded(ledger_of()).tables == known.tables


class Drawn(TestCase):
    """Drawn acts of entering."""

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=12), st.data())
    def test_cells_are_the_last_entries_and_nothing_is_lost(
        self, acts: list[tuple[str, int]], data: st.DataObject
    ) -> None:
        """Whatever is typed by whomever: each cell is its last entry, revisions have no gap, facts are the cells."""
        columns = {"a": "primary_teachers", "b": "multimedia_rooms", "c": "graduates"}
        code = "1506990022"
        for name, number in acts:
            text = data.draw(st.sampled_from(["", str(number), "—"]))
            key = ("schools", code, columns[name].replace("primary", "junior"))
            form_save(by=acting("office"), one=form_of(code), texts=[(key, text, None)])
        ledger = ledger_of()
        for cell in Cell.objects.filter(ledger=ledger, row=code):
            entries = list(
                Entry.objects.filter(ledger=ledger, table=cell.table, row=code, column=cell.column).order_by("revision")
            )
            assert [one.revision for one in entries] == list(range(1, len(entries) + 1))
            last = entries[-1]
            assert (cell.entry_id, cell.reported, cell.integer, cell.text) == (
                last.id,
                last.reported,
                last.integer,
                last.text,
            )
        gathering._unfolded.pop(ledger.id)
        brought = unfolded(ledger).tables
        assert Write.objects.filter(ledger=ledger).count() == ledger.sequence
        assert brought == unfolded(ledger_of()).tables

    @given(st.integers(0, 10**12))
    def test_what_is_shown_can_be_typed_again(self, number: int) -> None:
        """Money in 万元 with six decimals, areas with two: reading what is written gives what was kept."""
        for key in (("schools", SCHOOL, "equipment_value"), ("schools", SCHOOL, "teaching_area")):
            told = typed(Kept(reported=True, integer=number % 10**11), key)
            found = read(key, told)
            assert (found.kept.integer, found.problem) == (number % 10**11, None)
            assert shown(found.kept, key) == told


@pytest.mark.parametrize("page", [HERE, FORM, f"{FORM}findings"])
def test_a_page_needs_no_more_queries_for_more_schools(as_, page: str) -> None:
    """The number of queries does not depend on how many forms, cells and submissions there are."""
    browser, county = as_("office"), ledger_of().county

    def queries() -> int:
        browser.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(page).status_code == 200
        return len(asked)

    before = queries()
    for number in range(40):
        School.objects.create(county=county, code=f"150699{number:04}9", name=f"虚构{number}校", school_type="primary")
    Submission.objects.bulk_create(
        Submission(county=county, ledger=ledger_of(), kind="school", subject=f"150699{number:04}9")
        for number in range(40)
    )
    assert queries() == before
