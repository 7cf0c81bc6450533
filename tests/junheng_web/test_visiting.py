"""Visits: who is assigned, what is written down and by whom, finished, corrected, replied to; who sees what of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import acting, ledger_of
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.models import Period
from junheng_web.evidence.models import Link
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import AuditRow, Event, Post, School
from junheng_web.visits import telling
from junheng_web.visits.models import Assignment, Observation, Visit
from junheng_web.visits.rubrics import items_at
from junheng_web.visits.services import (
    finding_correct,
    held_of,
    observations_note,
    reply_add,
    visit_finish,
    visit_open,
)
from places import COUNTY
from test_evidence import PNG

pytestmark = pytest.mark.django_db

HERE = f"/c/{COUNTY}/visits/2025/"
DAY, TODAY = dt.date(2025, 10, 20), dt.date(2025, 10, 21)
# The clerk's and head's school was visited; the third one's visit goes on; the second inspector has the 30th.
OWN, GOING_ON, OTHERS = "1506990006", "1506990003", "1506990030"
MORAL, REASON, REMARK = (("B28", "moral", column) for column in ("finding", "reason", "remark"))


def period() -> Period:
    """Return the demonstration's period."""
    return ledger_of().period


def begin(code: str = GOING_ON, post: str = "inspector-1", items: tuple[str, ...] = ("B28",)) -> Visit:
    """Open a visit of a school, or (no code) of the county's offices."""
    school = School.objects.get(code=code) if code else None
    told = {"post": Post.objects.get(code=post), "date": DAY, "items": items}
    return visit_open(by=acting("office"), period=period(), school=school, **told)


def write(
    visit: Visit, *texts: tuple[tuple[str, str, str], str], by: str = "inspector-1", seen: int | None = None
) -> Any:
    """Write texts down on a visit."""
    return observations_note(by=acting(by), visit=visit, texts=[(key, text, seen) for key, text in texts])


def finish(visit: Visit, by: str = "inspector-1") -> Visit:
    """Finish a visit."""
    return visit_finish(by=acting(by), visit=visit, date=DAY, today=TODAY)


def done(code: str = GOING_ON, by: str = "inspector-1") -> Visit:
    """Return a finished visit at which one point was looked at."""
    visit = begin(code)
    write(visit, (MORAL, "met"), (REMARK, "看了教案"), by=by)
    return finish(visit, by)


def seen_by(username: str) -> set[str]:
    """Return the schools whose visits one's plan lists, with the state of each."""
    rows = telling.plan(acting(username), period())["rows"]
    return {f"{row['code']} {one['label']}" for row in rows for one in row["visits"]}


def test_visits_are_numbered_within_the_period_and_ask_for_what_the_place_has() -> None:
    """A school is asked for its points, the county's offices for theirs."""
    last = max(Visit.objects.values_list("number", flat=True))
    one, two = (
        begin(items=tuple(items_at(period(), "school"))),
        begin("", "edu-hr-desk", tuple(items_at(period(), "county"))),
    )
    assert (one.number, two.number, one.code) == (last + 1, last + 2, f"2025-{last + 1:03}")
    asked = [
        {point["cell"]["key"] for group in telling.visit(acting("office"), each)["groups"] for point in group["points"]}
        for each in (one, two)
    ]
    assert asked[0].isdisjoint(asked[1])
    assert {json.loads(key)[0] for key in asked[1]} == {"B8", "B9", "B17", "B22"}


def test_what_was_seen_is_kept_revision_by_revision() -> None:
    """The last one counts; the same again is no change; each says who and in which post."""
    visit = begin()
    write(visit, (MORAL, "partly"))
    write(visit, (MORAL, "partly"))
    write(visit, (MORAL, "met"), by="office")
    rows = list(visit.observations.values_list("revision", "text", "by_name"))
    assert rows == [(1, "partly", "邬常青"), (2, "met", "陈乐平")]
    assert AuditRow.objects.filter(action="visit.note", object_code=visit.code).count() == 2


def test_a_stale_revision_is_a_conflict_and_both_are_told() -> None:
    """As in a form: nobody's word is run over."""
    visit = begin()
    write(visit, (MORAL, "partly"))
    noted = write(visit, (MORAL, "met"), by="office", seen=0)
    assert noted.conflicts[MORAL].text == "partly"
    assert held_of(visit)[MORAL].text == "partly"
    assert write(visit, (MORAL, "met"), by="office", seen=1).conflicts == {}


def test_what_means_nothing_is_told_and_what_is_not_asked_is_refused() -> None:
    """A finding is one of the four; a remark has its length; another requirement's point is none of this visit's."""
    visit = begin()
    noted = write(visit, (MORAL, "很好"), (REMARK, "长" * 1001))
    assert set(noted.problems) == {MORAL, REMARK}
    assert not visit.observations.exists()
    with pytest.raises(LookupError):
        write(visit, (("B25", "charter", "finding"), "met"))


def test_only_the_visitor_and_the_office_write_on_a_visit() -> None:
    """The office from paper; another inspector, a desk, a head and an assessor not."""
    visit = begin()
    write(visit, (MORAL, "met"), by="office")
    for username in ("inspector-2", "edu-hr-desk", "head-03", "leader", "assessor"):
        with pytest.raises(PermissionDenied):
            write(visit, (MORAL, "failed"), by=username)


def test_a_visit_is_finished_once_and_never_changed() -> None:
    """It says who finished it; its event tells the rooms above; what was written stays."""
    visit = done(OWN)
    assert (visit.status, visit.finished_by) == ("finished", "邬常青")
    assert Event.objects.filter(kind="visit.finished", object_code=visit.code).count() == 1
    assert Notice.objects.filter(post__code="head-03", url=visit.url).count() == 1
    with pytest.raises(Locked, match="已经完成"):
        write(visit, (MORAL, "failed"))
    with pytest.raises(Locked, match="已经完成"):
        finish(visit)
    with pytest.raises(TypeError):
        visit.observations.first().delete()


def test_what_keeps_a_visit_from_being_finished_is_told() -> None:
    """Nothing seen, a day to come, something that does not apply without a reason. Photos are never asked for (P4)."""
    visit = begin()
    with pytest.raises(ValidationError, match="一个观测点也没有看"):
        finish(visit)
    write(visit, (MORAL, "none"))
    with pytest.raises(ValidationError, match="没有写理由"):
        finish(visit)
    write(visit, (REASON, "学校今年新建"))
    with pytest.raises(ValidationError, match="还没有到"):
        visit_finish(by=acting("inspector-1"), visit=visit, date=TODAY + dt.timedelta(days=1), today=TODAY)
    assert not finish(visit).draft


def test_a_correction_says_why_and_keeps_what_stood_there() -> None:
    """By the visitor or the office; the visit is marked, the school is told."""
    visit = done(OWN)
    told = {"at": ("B28", "moral"), "finding": "failed", "reason": ""}
    with pytest.raises(ValidationError, match="更正要写明原因"):
        finding_correct(by=acting("inspector-1"), visit=visit, why=" ", **told)
    with pytest.raises(PermissionDenied):
        finding_correct(by=acting("inspector-2"), visit=visit, why="记错了", **told)
    visit = finding_correct(by=acting("inspector-1"), visit=visit, why="记成了别的班", **told)
    assert visit.status == "corrected"
    (one,) = telling.visit(acting("head-03"), visit)["corrections"]
    assert (one["was"], one["now"], one["why"], one["who"]) == ("达到", "未达到", "记成了别的班", "邬常青")
    assert Event.objects.filter(kind="visit.corrected", object_code=visit.code).count() == 1
    with pytest.raises(ValidationError, match="没有要更正的"):
        finding_correct(by=acting("office"), visit=visit, why="再看", **told)
    assert [row.text for row in visit.observations.filter(column="finding")] == ["met", "failed"]


def test_the_head_replies_and_the_visitor_hears_of_it() -> None:
    """The school's own head, and the office from paper; nobody to a draft."""
    visit = done(OWN)
    reply_add(by=acting("head-03"), visit=visit, text="已按意见整改")
    assert Notice.objects.filter(post__code="inspector-1", url=visit.url).count() == 1
    for username, one in (("clerk-03", visit), ("inspector-1", visit), ("head-03", done()), ("office", begin(OWN))):
        with pytest.raises(PermissionDenied):
            reply_add(by=acting(username), visit=one, text="不是我的")


def test_who_sees_which_visits() -> None:
    """The county's offices all, a visitor his schools', a school its own finished ones, an assessor the finished."""
    every = {f"{v.school.code if v.school else ''} {v.get_status_display()}" for v in Visit.objects.all()}
    assert len(every) == 8
    for username in ("leader", "office", "edu-hr-desk", "auditor"):
        assert seen_by(username) == every
    assert seen_by("inspector-1") == {f"150699{n} 已完成" for n in ("0001", "0002", "0006", "0013")} | {
        f"{GOING_ON} 查看中"
    }
    assert seen_by("inspector-2") == {"1506990016 已完成", "1506990022 已完成"}
    assert seen_by("head-03") == seen_by("clerk-03") == {f"{OWN} 已完成"}
    assert seen_by("assessor") == {one for one in every if one.endswith("已完成")}


@pytest.mark.parametrize(
    ("username", "code", "status"),
    [
        ("inspector-1", GOING_ON, 200),
        ("inspector-2", GOING_ON, 404),
        ("head-03", OWN, 200),
        ("head-03", GOING_ON, 404),
        ("head-03", "1506990001", 404),
        ("assessor", OWN, 200),
        ("assessor", GOING_ON, 404),
        ("fin-staff", OWN, 403),
        ("area-viewer", OWN, 403),
    ],
)
def test_a_visit_that_is_not_for_one_s_eyes_is_not_there(as_, username: str, code: str, status: int) -> None:
    """Neither its page nor its paper."""
    visit = Visit.objects.get(school__code=code)
    assert as_(username).get(visit.url).status_code == status
    assert as_(username).get(visit.address("printed")).status_code == status


def test_working_papers_are_not_for_assessors(as_) -> None:
    """Remarks and replies are not told to them (P6), on no page and no paper; findings and corrections are."""
    visit = done(OWN)
    reply_add(by=acting("head-03"), visit=visit, text="已按意见整改")
    finding_correct(by=acting("office"), visit=visit, at=("B28", "moral"), finding="partly", reason="", why="数错了")
    for username, shown in (("head-03", True), ("inspector-1", True), ("assessor", False)):
        page = as_(username).get(visit.url).content.decode()
        assert ("看了教案" in page, "已按意见整改" in page) == (shown, shown)
        assert "数错了" in page
        assert ("看了教案" in as_(username).get(visit.address("printed")).content.decode()) == shown


def test_the_school_may_not_read_what_is_still_being_written(as_) -> None:
    """It is there for it once it is finished."""
    visit = begin(OWN)
    assert as_("head-03").get(visit.url).status_code == 404
    write(visit, (MORAL, "met"))
    finish(visit)
    assert as_("head-03").get(visit.url).status_code == 200


def test_the_office_assigns_schools_to_inspectors_and_rights_follow(as_) -> None:
    """What is no inspector's post is passed over; a school that was taken away is no longer seen."""
    assert as_("office").get(f"{HERE}assign/").status_code == 200
    as_("office").post(f"{HERE}assign/", {GOING_ON: "inspector-2", OTHERS: "office", "0": "inspector-1"})
    assert Assignment.objects.get(school__code=GOING_ON).post.code == "inspector-2"
    assert Assignment.objects.get(school__code=OTHERS).post.code == "inspector-2"
    assert f"{GOING_ON} 查看中" in seen_by("inspector-2")
    as_("office").post(f"{HERE}assign/", {GOING_ON: ""})
    assert not Assignment.objects.filter(school__code=GOING_ON).exists()
    assert AuditRow.objects.filter(action="assignment.set", object_code=GOING_ON).count() == 3
    assert as_("inspector-1").post(f"{HERE}assign/", {GOING_ON: "inspector-1"}).status_code == 403


def test_an_inspector_opens_visits_of_his_schools_alone(as_) -> None:
    """And for himself; nothing chosen means everything that is looked at there."""
    told = {"where": GOING_ON, "post": "inspector-1", "date": "2025-10-20"}
    opened = as_("inspector-1").post(f"{HERE}open/", told)
    visit = Visit.objects.latest("id")
    assert (opened.status_code, opened["Location"]) == (302, visit.url)
    assert visit.items == list(items_at(period(), "school"))
    for wrong in (
        {"where": OTHERS},
        {"where": "county"},
        {"post": "inspector-2"},
        {"date": "昨天"},
        {"items": ["B22"]},
    ):
        answer = as_("inspector-1").post(f"{HERE}open/", {**told, **wrong})
        assert answer.status_code == 422, wrong


def test_the_page_s_script_saves_point_by_point(as_) -> None:
    """Revisions come back, what others wrote meanwhile as well; a finished visit says that it takes nothing in."""
    visit = begin()
    browser, address = as_("inspector-1"), visit.address("save")

    def send(*cells: dict[str, Any], since: int = 0) -> Any:
        return browser.post(address, json.dumps({"since": since, "cells": cells}), content_type="application/json")

    told = send({"key": MORAL, "text": "met", "revision": 0}).json()
    assert told["saved"] == [{"key": list(MORAL), "revision": 1}]
    write(visit, (REMARK, "代录"), by="office")
    again = send(since=told["sequence"]).json()
    assert [(one["key"], one["text"]) for one in again["changed"]] == [(list(REMARK), "代录")]
    assert send({"key": ["B28"], "text": "met"}).status_code == 422
    assert send({"key": ["B99", "x", "finding"], "text": "met"}).status_code == 422
    finish(visit)
    assert send({"key": MORAL, "text": "failed", "revision": 1}).status_code == 409


def test_without_scripts_the_whole_form_is_sent(as_) -> None:
    """And the page's own button is there for it."""
    visit = begin()
    browser = as_("inspector-1")
    assert "<noscript><button" in browser.get(visit.url).content.decode()
    browser.post(visit.address("note"), {"B28.moral.finding": "partly", "B28.moral.remark": "看了教案"})
    assert {key: row.text for key, row in held_of(visit).items()} == {MORAL: "partly", REMARK: "看了教案"}


def test_a_form_that_is_wrong_stands_there_as_it_was_sent(as_) -> None:
    """With what is wrong in words; nothing typed is lost."""
    visit = done(OWN)
    sent = {"point": "B28.moral", "finding": "none", "reason": "", "why": "写了很多原因"}
    answer = as_("inspector-1").post(visit.address("correct"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“不适用”要写明理由" in page
    assert "写了很多原因" in page


def test_a_photo_belongs_to_its_point(as_) -> None:
    """It is linked to the visit's point, and shown there to whom the visit is shown."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    visit = begin()
    sent = {"point": "B28.culture", "file": SimpleUploadedFile("走廊.png", PNG)}
    assert as_("inspector-1").post(visit.address("photo"), sent).status_code == 302
    assert Link.objects.get(object_kind="visit").object_code == f"{visit.code}:B28:culture"
    assert "走廊.png" in as_("office").get(visit.url).content.decode()
    empty = {"point": "B28.culture", "file": SimpleUploadedFile("走廊.png", b"x")}
    assert as_("inspector-1").post(visit.address("photo"), empty).status_code == 422


def test_the_blank_form_holds_every_point_and_no_finding(as_) -> None:
    """So that nobody has to sign in: it is filled in by hand, and written down by the office."""
    visit = Visit.objects.get(school__code=OWN)
    filled, blank = (as_("office").get(visit.address("printed") + more).content.decode() for more in ("", "?blank=1"))
    assert filled.count("☑") == 20
    assert (blank.count("☑"), blank.count("□")) == (0, 80)
    assert "代录人（签字）" in blank
    assert "两间专用教室的记录缺了九月" not in blank


def test_a_frozen_period_takes_no_new_visit() -> None:
    """And nothing more in those that it has: it can only be looked at."""
    visit = begin()
    Period.objects.update(frozen=True)
    for deed in (begin, lambda: write(visit, (MORAL, "met")), lambda: finish(visit)):
        with pytest.raises(Locked, match="已经封存"):
            deed()


def test_observations_are_written_once() -> None:
    """There is no way to change one in place."""
    with pytest.raises(TypeError):
        Observation.objects.update(text="met")
