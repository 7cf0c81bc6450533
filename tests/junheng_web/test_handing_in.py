"""A form's way from the clerk to the office: each step by whoever may, each with its name, and back with reasons."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import (
    CHAIN,
    FORM,
    HERE,
    PUPILS,
    SCHOOL,
    TEACHERS,
    acting,
    approve,
    form_of,
    held,
    ledger_of,
    schools,
    take,
    type_in,
)
from junheng_web.assessment.models import Declaration, Run
from junheng_web.assessment.reactions import approval_withdrawn
from junheng_web.assessment.services import run_declare, run_withdraw
from junheng_web.assessment.telling import judged
from junheng_web.assessment.tracing import trace
from junheng_web.collection.handing.approving import digest_of, finding_explain, offered, status_of, step_take
from junheng_web.collection.handing.checking import found_in, grave_in
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.ledger.saving import Change, Locked, cells_save
from junheng_web.collection.ledger.values import Kept
from junheng_web.collection.models import Explanation, Step, Submission
from junheng_web.collection.sealed.marks import spaced
from junheng_web.config.reactions import REACTIONS
from junheng_web.notices.models import Notice
from junheng_web.organisation import events
from junheng_web.organisation.models import AuditRow, Event
from places import COUNTY

pytestmark = pytest.mark.django_db
APPROVED = f"/c/{COUNTY}/approved/2025/current/"


def test_a_form_goes_from_the_clerk_to_the_office() -> None:
    """Four steps, four people: each is named with the post, the time, and the hash of what was in the form."""
    approve()
    assert status_of(form_of()) == "approved"
    steps = list(Step.objects.filter(submission__subject=SCHOOL))
    assert [(one.deed, one.by_name) for one in steps] == [
        ("submit", "韩小满"),
        ("sign", "罗思齐"),
        ("review", "苏日娜"),
        ("approve", "陈乐平"),
    ]
    assert {one.digest for one in steps} == {digest_of(form_of())}
    assert AuditRow.objects.filter(action__startswith="submission.").count() == 4
    assert Event.objects.filter(kind="approval.given").count() == 1


@pytest.mark.parametrize("done", range(4))
def test_no_step_can_be_left_out_or_done_twice(done: int) -> None:
    """Out of turn, each is refused with the state that the form is in."""
    for username, deed in CHAIN[:done]:
        take(username, deed)
    for username, deed in [*CHAIN[:done], *CHAIN[done + 1 :]]:
        with pytest.raises(Locked, match="这份表现在是"):
            take(username, deed)


def test_nobody_does_another_s_step() -> None:
    """A clerk does not sign, a head does not review, a desk does not approve, the leader does nothing of it."""
    for username, deed in tuple((name, "submit") for name in ("fin-staff", "leader", "auditor", "edu-hr-desk")):
        with pytest.raises(PermissionDenied):
            take(username, deed)
    take("clerk-03", "submit")
    for username, deed in (
        ("clerk-03", "sign"),
        ("leader", "sign"),
        ("edu-hr-desk", "sign"),
        ("edu-hr-desk", "recall"),
        ("clerk-03", "return"),
    ):
        with pytest.raises(PermissionDenied):
            take(username, deed, note="为什么")
    take("head-03", "sign")
    with pytest.raises(PermissionDenied):
        take("head-03", "review")
    take("edu-hr-desk", "review")
    with pytest.raises(PermissionDenied):
        take("edu-hr-desk", "approve")


def test_the_office_may_do_each_step_from_paper() -> None:
    """Nobody has to sign in: the step names who entered it, and the note says for whom."""
    for _, deed in CHAIN:
        take("office", deed, note="代录：纸件已签字盖章")
    assert status_of(form_of()) == "approved"
    assert set(Step.objects.values_list("by_name", flat=True)) == {"陈乐平"}


def test_what_was_handed_in_cannot_be_changed(as_) -> None:
    """Not by typing, not by explaining, at any state on the way; returned, it can."""
    for username, deed in CHAIN:
        take(username, deed)
        with pytest.raises(Locked, match="不能再改"):
            type_in("clerk-03", PUPILS, "1")
        with pytest.raises(Locked):
            finding_explain(by=acting("clerk-03"), one=form_of(), check="x", key=PUPILS, value="", text="没有错")
        assert "data-save" not in as_("clerk-03").get(FORM).content.decode()
    take("office", "withdraw", note="班级数报错")
    type_in("clerk-03", PUPILS, "1")


def test_a_form_comes_back_with_a_reason_for_each_field(as_) -> None:
    """The clerk sees them on the form; without a reason nothing is returned."""
    take("clerk-03", "submit")
    with pytest.raises(ValidationError, match="写明原因"):
        take("head-03", "return", note=" ")
    told = {"note": "两处要改", f"reason-{json.dumps(PUPILS)}": "与花名册差 30 人"}
    as_("head-03").post(f"{FORM}step/return", told)
    assert status_of(form_of()) == "draft"
    page = as_("clerk-03").get(FORM).content.decode()
    assert "两处要改" in page
    assert "小学在校生数：与花名册差 30 人" in page
    assert "罗思齐（示例旗实验小学校长）" in page


def test_a_clerk_takes_back_what_nobody_has_signed() -> None:
    """Afterwards only by being returned."""
    take("clerk-03", "submit")
    take("clerk-03", "recall")
    assert status_of(form_of()) == "draft"
    take("clerk-03", "submit")
    take("head-03", "sign")
    with pytest.raises(Locked):
        take("clerk-03", "recall")


def test_who_is_next_hears_of_it(as_) -> None:
    """Head, desk, office in turn; and the school, when its form comes back or is approved."""
    waits = {"submit": "head-03", "sign": "edu-hr-desk", "review": "office", "approve": "clerk-03"}
    for username, deed in CHAIN:
        before = set(Notice.objects.values_list("id", flat=True))
        take(username, deed)
        told = Notice.objects.exclude(id__in=before)
        assert waits[deed] in {one.post.code for one in told}, deed
        assert {one.url for one in told} == {FORM}
    take("office", "withdraw", note="班级数报错")
    assert "班级数报错" in Notice.objects.latest("id").text


def test_a_page_offers_what_one_may_do(as_) -> None:
    """And nothing else."""
    assert [deed.name for deed in offered(acting("clerk-03"), form_of(), "draft")] == ["submit"]
    assert [deed.name for deed in offered(acting("head-03"), form_of(), "submitted")] == ["sign", "recall", "return"]
    assert offered(acting("leader"), form_of(), "submitted") == []
    assert offered(acting("edu-hr-desk"), form_of(), "draft") == []
    page = as_("clerk-03").get(FORM).content.decode()
    assert f"{FORM}step/submit" in page
    assert f"{FORM}step/sign" not in page
    assert as_("clerk-03").post(f"{FORM}step/nothing").status_code == 404
    assert as_("leader").post(f"{FORM}step/submit").status_code == 403


def test_a_grave_finding_stops_a_form_until_it_is_put_right_or_explained(as_) -> None:
    """A clerk fills in more teachers with a degree than teachers, is stopped, explains, and may hand in."""
    above = ("schools", SCHOOL, "primary_above_required_teachers")
    type_in("clerk-03", above, "500")
    clerk = as_("clerk-03")
    clerk.post(f"{FORM}step/submit")
    assert status_of(form_of()) == "draft"
    assert "没有改正，也没有说明" in clerk.get(FORM).content.decode()
    grave = [one for one in found_in(form_of()) if one.open and one.finding.severity == "error"]
    assert above in {one.key for one in grave}
    for one in grave:
        told = {"check": one.finding.check.id, "key": json.dumps(one.key), "value": one.finding.value, "text": "已核对"}
        as_("clerk-03").post(f"{FORM}explain", told)
    as_("clerk-03").post(f"{FORM}step/submit")
    assert status_of(form_of()) == "submitted"
    assert "说明：已核对" in as_("office").get(f"{FORM}findings").content.decode()


def test_an_explanation_holds_for_the_value_that_was_explained() -> None:
    """With another value the finding is open again."""
    above = ("schools", SCHOOL, "primary_above_required_teachers")

    def grave() -> list[str]:
        return [one.finding.check.id for one in found_in(form_of()) if one.key == above and one.open]

    type_in("clerk-03", above, "500")
    for one in found_in(form_of()):
        told = {"check": one.finding.check.id, "key": one.key, "value": one.finding.value or "", "text": "已核对"}
        finding_explain(by=acting("clerk-03"), one=form_of(), **told)
    assert grave() == []
    type_in("clerk-03", above, "501")
    assert grave() != []
    with pytest.raises(ValidationError):
        finding_explain(by=acting("clerk-03"), one=form_of(), check="x", key=above, value="501", text=" ")


def test_warnings_are_answered_before_the_office_approves(as_) -> None:
    """They do not stop the school from handing in."""
    one = form_of(codes_with_warnings()[0])
    for deed in ("submit", "sign", "review"):
        step_take(by=acting("office"), one=one, deed=DEEDS[deed])
    page = f"{HERE}school/{one.code}/"
    as_("office").post(f"{page}step/approve")
    assert status_of(one) == "reviewed"


def codes_with_warnings() -> list[str]:
    """Return the schools in whose forms something is to be answered, but nothing is grave."""
    found = {
        one.code: {each.finding.severity for each in found_in(one) if each.open}
        for one in map(form_of, [f"15069900{number:02}" for number in range(1, 31)])
    }
    return [code for code, severities in found.items() if severities == {"warning"}]


def test_the_printed_form_tells_its_hash_and_places_to_sign(as_) -> None:
    """Another value, another hash: a paper that was signed before no longer matches."""
    page = as_("clerk-03").get(f"{FORM}printed").content.decode()
    before = spaced(digest_of(form_of()))
    for told in (before, "数据真实性承诺书", "填表人（签字）", "校长（签字）", "学校（公章）", "1890", "虚构数据"):
        assert told in page
    type_in("clerk-03", PUPILS, "1889")
    after = as_("clerk-03").get(f"{FORM}printed").content.decode()
    assert before not in after
    assert spaced(digest_of(form_of())) in after


def made_official(as_) -> Run:
    """Approve the school's form, judge what is approved, and declare that official."""
    approve()
    answer = as_("office").post(APPROVED)
    code = answer.url.split("/")[-3]
    run = Run.objects.get(code=code)
    run_declare(by=acting("office"), run=run)
    return run


def test_only_what_is_approved_is_judged(as_) -> None:
    """One form of thirty: the others count as not reported, and the page names them before."""
    assert "31 份表还没有审定" in as_("office").get(APPROVED).content.decode()
    run = made_official(as_)
    assert (run.snapshot.ledger, run.snapshot.sequence) == (ledger_of(), ledger_of().sequence)
    told = judged(acting("office"), run.county, run.code).answer
    known = {one["school_code"] for one in told["sections"] if one["pupils"] is not None}
    assert known == {SCHOOL}
    assert told["indicators"]["B14"]["status"] == "undetermined"


def test_a_run_of_approved_data_names_everybody(as_) -> None:
    """The trace of a number says who entered each figure, and who signed, reviewed and approved the form."""
    type_in("clerk-03", TEACHERS, "151")
    type_in("head-03", PUPILS, "1888")
    run = made_official(as_)
    type_in_later = trace(judged(acting("office"), run.county, run.code), "B1", SCHOOL, "primary")
    whose = {one["column"]: one["whose"]["who"] for one in type_in_later["trace"]["inputs"] if "whose" in one}
    assert "罗思齐" in whose["primary_pupils"]
    (form,) = type_in_later["approved_by"]
    assert [label for label, _ in form["steps"]] == ["提交", "签字", "审核通过", "审定"]
    url = f"/c/{COUNTY}/trace/B1/?school={SCHOOL}&stage=primary&run={run.code}"
    page = as_("office").get(url).content.decode()
    for name in ("韩小满", "罗思齐", "苏日娜", "陈乐平"):
        assert name in page, name


def test_a_withdrawn_approval_withdraws_the_official_result(as_) -> None:
    """And says so; the run itself stays. Doing it again changes nothing."""
    run = made_official(as_)
    take("office", "withdraw", note="班级数报错")
    assert events.react({name: REACTIONS[name] for name in ("assessment.approval_withdrawn",)}) >= 1
    last = Declaration.objects.filter(run=run).latest("id")
    assert (last.official, SCHOOL in last.note) == (False, True)
    many = Declaration.objects.count()
    approval_withdrawn(Event.objects.filter(kind="approval.withdrawn").latest("id"))
    assert Declaration.objects.count() == many
    assert Run.objects.filter(id=run.id).exists()


def test_a_run_that_does_not_rest_on_the_form_stays_official(as_) -> None:
    """One that was approved after the run, and another county's or another basis's, take nothing back."""
    approve()
    code = as_("office").post(APPROVED).url.split("/")[-3]
    run = Run.objects.get(code=code)
    run_declare(by=acting("office"), run=run)
    other = form_of("1506990001")
    for deed in ("submit", "sign", "review", "approve"):
        step_take(by=acting("office"), one=other, deed=DEEDS[deed])
    step_take(by=acting("office"), one=other, deed=DEEDS["withdraw"], note="班级数报错")
    events.react({name: REACTIONS[name] for name in ("assessment.approval_withdrawn",)})
    assert Declaration.objects.filter(run=run).latest("id").official
    assert Submission.objects.get(subject="1506990001").status == "draft"
    assert Explanation.objects.count() == 0
    assert held(PUPILS).reported


def test_what_is_declared_since_stays_official(as_) -> None:
    """A form whose approval was withdrawn is approved again and the run declared anew before anybody has reacted."""
    run = made_official(as_)
    take("office", "withdraw", note="班级数报错")
    run_withdraw(by=acting("office"), run=run, note="先撤销")
    approve()
    run_declare(by=acting("office"), run=run)
    events.react({name: REACTIONS[name] for name in ("assessment.approval_withdrawn",)})
    assert Declaration.objects.filter(run=run).latest("id").official


def test_approved_data_needs_no_tick(as_) -> None:
    """The office declares what collection has approved; of an uploaded file it still answers for the approval."""
    approve()
    page = as_("office").post(APPROVED).url
    assert "数都来自审定过的表" in as_("office").get(page).content.decode()
    as_("office").post(page, {"note": "常务会议审定"})
    run = Run.objects.get(code=page.split("/")[-3])
    assert Declaration.objects.filter(run=run).latest("id").official


def test_a_form_that_changed_since_it_was_checked_is_not_handed_in() -> None:
    """Somebody typed between the check and the step: it is checked again."""
    seen = digest_of(form_of())
    type_in("head-03", PUPILS, "1")
    with pytest.raises(Locked, match="有人刚改过"):
        take("clerk-03", "submit", seen=seen)
    take("clerk-03", "submit", seen=digest_of(form_of()))


def test_what_a_form_does_not_ask_for_keeps_nobody_from_handing_in() -> None:
    """An import brought a year of building that cannot be: it is told, but the school has no field to put it right."""
    change = Change(("schools", SCHOOL, "built_year"), Kept(reported=True, integer=9999))
    cells_save(by=acting("office"), ledger=ledger_of(), changes=[change])
    (told,) = [each for each in found_in(form_of()) if each.key[2] == "built_year"]
    assert (told.finding.severity, told.open) == ("error", False)
    assert "built_year" not in {each.key[2] for each in grave_in(form_of())}


def test_a_preview_says_that_it_is_one(as_) -> None:
    """It shows drafts, to those who may see every form; no run is made of it."""
    page, runs = f"/c/{COUNTY}/live/2025/current/", Run.objects.count()
    shown = as_("office").get(page).content.decode()
    assert "这是预演，不是结论" in shown
    assert as_("clerk-03").get(page).status_code == 403
    assert Run.objects.count() == runs
    effect = f"{page}school/{SCHOOL}/"
    before = as_("clerk-03").get(effect).content.decode()
    type_in("clerk-03", TEACHERS, "1")
    type_in("clerk-03", ("schools", SCHOOL, "primary_above_required_teachers"), "0")
    after = as_("clerk-03").get(effect).content.decode()
    assert "还差" not in before.split("B2")[0]
    assert "距标准值 4.2 还差 80 人" in after
    assert as_("clerk-03").get(effect.replace(SCHOOL, "1506990001")).status_code == 404


def test_what_stops_a_school_is_what_the_county_s_checks_find() -> None:
    """Found without the other schools, an error is the same as among all of them; for every school of the example."""
    for column in ("primary_above_required_teachers", "primary_new_in_zone_pupils"):
        type_in("office", ("schools", SCHOOL, column), "9999")
    type_in("office", ("classes", f"{SCHOOL}|0001", "grade"), "9")
    for code in schools():
        one = form_of(code)
        errors = (each for each in found_in(one) if each.open and each.finding.severity == "error")
        among_all = {(each.finding.check.id, each.key) for each in errors}
        alone = {(each.finding.check.id, each.key) for each in grave_in(one)}
        assert alone == among_all, code
    assert len(grave_in(form_of())) >= 3
