"""Dispatches: nothing official leaves without a signature; numbers by year; what the system drafts by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import acting
from junheng_web.evidence.models import Link
from junheng_web.notices.models import Notice
from junheng_web.notices.quiet import is_quiet
from junheng_web.organisation.models import Event
from junheng_web.supervision import issuing
from junheng_web.supervision.drafting import draft_slips
from junheng_web.supervision.models import Body, Dispatch, Task
from junheng_web.supervision.reminding import remind
from junheng_web.supervision.selectors import dispatches_of
from junheng_web.supervision.services import Refused
from supervised import HERE, asked, assigned, county, days, drafted, moved, post, scan, today, unit, working

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 20)
MORNING, NIGHT = dt.datetime(2026, 5, 20, 9), dt.datetime(2026, 5, 20, 23)  # noqa: DTZ001 (local time, as it is given)


def told(code: str, about: str) -> list[str]:
    """Return what a post was told about something."""
    return list(Notice.objects.filter(post__code=code, text__contains=about).values_list("text", flat=True))


def signed(**more: object) -> Dispatch:
    """Return a slip that went all the way."""
    slip = issuing.dispatch_review(by=acting("office"), dispatch=drafted(**more))
    return issuing.dispatch_sign(by=acting("leader"), dispatch=slip, day=DAY)


def test_no_unit_hears_of_anything_official_before_it_is_signed(as_) -> None:
    """Neither by a notice, nor in a list, nor under its address (P3); then it hears of it at once."""
    slip = drafted(title="一份督办单")
    for take in (lambda: None, lambda: issuing.dispatch_review(by=acting("office"), dispatch=slip)):
        take()
        assert told("fin-staff", "一份督办单") == []
        assert slip not in dispatches_of(acting("fin-staff"), county())
        assert as_("fin-staff").get(f"{HERE}dispatches/{slip.place}/").status_code == 404
        assert as_("fin-staff").get(f"{HERE}dispatches/{slip.place}/printed/").status_code == 404
        slip.refresh_from_db()
        assert (slip.number, slip.serial) == ("", None)
    issuing.dispatch_sign(by=acting("leader"), dispatch=slip, day=today())
    slip.refresh_from_db()
    assert told("fin-staff", "一份督办单") == [f"督办单 {slip.number}：一份督办单"]
    assert as_("fin-staff").get(f"{HERE}dispatches/{slip.place}/").status_code == 200
    assert as_("town-shawan").get(f"{HERE}dispatches/{slip.place}/").status_code == 404


def test_only_whoever_holds_the_post_signs() -> None:
    """Neither office nor unit; the office enters a signature on paper with its scan, and then it says so."""
    slip = issuing.dispatch_review(by=acting("office"), dispatch=drafted())
    with pytest.raises(PermissionDenied):
        issuing.dispatch_sign(by=acting("fin-staff"), dispatch=slip, day=DAY)
    with pytest.raises(ValidationError, match="由“组长（副旗长）”签发"):
        issuing.dispatch_sign(by=acting("office"), dispatch=slip, day=DAY)
    with pytest.raises(ValidationError, match="扫描件"):
        issuing.dispatch_sign(by=acting("office"), dispatch=slip, day=DAY, signer="白音仓")
    issuing.dispatch_sign(by=acting("office"), dispatch=slip, day=DAY, signer="白音仓", scan=scan())
    slip.refresh_from_db()
    assert (slip.signed_by, slip.signings.last().behalf) == ("白音仓", True)
    assert Link.objects.filter(object_kind="dispatch", object_code=slip.code).count() == 1


def test_a_draft_is_not_signed_before_it_was_reviewed() -> None:
    """Nor after it was dropped, nor twice."""
    slip = drafted()
    with pytest.raises(Refused, match="现在是“拟稿”"):
        issuing.dispatch_sign(by=acting("leader"), dispatch=slip, day=DAY)
    dropped = issuing.dispatch_drop(by=acting("office"), dispatch=drafted(), note="不用发了")
    with pytest.raises(Refused, match="现在是“不发”"):
        issuing.dispatch_review(by=acting("office"), dispatch=dropped)
    done = signed()
    with pytest.raises(Refused, match="现在是“已签发”"):
        issuing.dispatch_sign(by=acting("leader"), dispatch=done, day=DAY)
    assert not told("fin-staff", dropped.number or "没有文号")


def test_what_is_changed_after_the_review_is_reviewed_again() -> None:
    """And the text that stood there before is kept."""
    slip = issuing.dispatch_review(by=acting("office"), dispatch=drafted(text="原来的话"))
    told_ = {"body": slip.body, "title": "督办", "text": "新的话", "reply_by": None, "units": [unit()]}
    slip = issuing.dispatch_edit(by=acting("office"), dispatch=slip, version=1, **told_)
    assert slip.status == Dispatch.Status.DRAFT
    assert "原来的话" in slip.signings.last().note
    with pytest.raises(issuing.Outdated):
        issuing.dispatch_edit(by=acting("office"), dispatch=slip, version=1, **told_)


def test_two_people_editing_one_draft_lose_no_word(as_) -> None:
    """The second is shown the other's text, with his own still in the form."""
    slip = drafted(text="原来的话")
    url = f"{HERE}dispatches/{slip.place}/edit/"
    sent = {"body": slip.body_id, "title": "督办", "units": [unit().id], "version": 1}
    assert as_("office").post(url, sent | {"text": "先写的话"}).status_code == 302
    clash = as_("office").post(url, sent | {"text": "后写的话"})
    assert clash.status_code == 409
    assert "先写的话" in clash.content.decode()
    assert "后写的话</textarea>" in clash.content.decode()
    version = clash.context["form"].data["version"]
    assert as_("office").post(url, sent | {"text": "后写的话", "version": version}).status_code == 302
    slip.refresh_from_db()
    assert slip.text == "后写的话"


def test_numbers_run_by_year_and_body() -> None:
    """Each year begins at one; another body's numbers are its own."""
    told_ = {"name": "示例旗督导委员会（虚构）", "pattern": "示督〔{year}〕{n}号", "signer": post("leader")}
    body = issuing.body_set(by=acting("office"), county=county(), **told_)
    numbers = []
    for day in (dt.date(2026, 3, 1), dt.date(2026, 4, 1), dt.date(2027, 1, 5)):
        slip = issuing.dispatch_review(by=acting("office"), dispatch=drafted(body=body))
        numbers.append(issuing.dispatch_sign(by=acting("leader"), dispatch=slip, day=day).number)
    assert numbers == ["示督〔2026〕1号", "示督〔2026〕2号", "示督〔2027〕1号"]


@pytest.mark.parametrize("pattern", ["示督1号", "示督〔{year}〕", "{n}", "{year}{n}{name}", "{year}{n", "{0}{year}{n}"])
def test_a_pattern_needs_year_and_number_and_nothing_else(pattern: str) -> None:
    """It is told what it should look like."""
    with pytest.raises(ValidationError, match="文号里要有"):
        issuing.body_set(by=acting("office"), county=county(), name="机关", pattern=pattern, signer=post("leader"))


def test_the_paper_prints_head_number_and_recipient(as_) -> None:
    """A draft says that it must not be sent."""
    slip = signed(title="关于督办的单子")
    page = as_("fin-staff").get(f"{HERE}dispatches/{slip.place}/printed/").content.decode()
    for words in (slip.body.name, slip.number, "关于督办的单子", "示例旗财政局：", "2026年5月20日", "签发人：白音仓"):
        assert words in page
    assert "不得外发" not in page
    draft = as_("office").get(f"{HERE}dispatches/{drafted().place}/printed/").content.decode()
    assert "送审稿，未签发，不得外发" in draft


def test_the_system_drafts_a_slip_and_sends_nothing() -> None:
    """A week late: one draft for each unit, once; only the office hears of it; an unheeded slip is escalated."""
    Task.objects.filter(county=county()).update(due=days(30))
    late = moved(working(title="晚了一周的事"), due=days(-7))
    moved(working(title="晚了六天的事"), due=days(-6))
    assert draft_slips(today()) == 1
    assert draft_slips(today()) == 0
    slip = Dispatch.objects.first()
    assert [one.task for one in slip.subjects.all()] == [late]
    assert (slip.status, slip.kind, slip.signings.first().by_name) == ("draft", "slip", "")
    assert told("fin-staff", slip.title) == []
    assert len(told("office", slip.title)) == 1

    issuing.dispatch_review(by=acting("office"), dispatch=slip)
    issuing.dispatch_sign(by=acting("leader"), dispatch=slip, day=today())
    Dispatch.objects.filter(id=slip.id).update(reply_by=days(-1))
    assert draft_slips(today()) == 1
    escalation = Dispatch.objects.first()
    assert (escalation.kind, escalation.status) == ("escalation", "draft")
    assert [one.task for one in escalation.subjects.all()] == [late]
    assert draft_slips(today()) == 0


def test_a_county_without_a_body_gets_no_draft() -> None:
    """In whose name it would go out is not guessed."""
    Body.objects.update(used=False)
    moved(working(), due=days(-9))
    assert draft_slips(today()) == 0


def test_reminders_fire_once_on_their_three_days() -> None:
    """Three days before, on the day, the day after; not to whoever has asked to close."""
    task = moved(assigned(title="要提醒的事"), due=DAY + dt.timedelta(3))
    other = moved(asked(title="等审核的事"), due=DAY)
    for day in range(-1, 6):
        for _ in range(2):
            remind(MORNING + dt.timedelta(day))
    said = ["还有 3 天截止", "今天 24:00 截止", "昨天已经截止"]
    assert sorted(told("fin-staff", "截止：要提醒的事")) == sorted(f"{one}：要提醒的事" for one in said)
    assert list(task.steps.filter(deed="remind").values_list("note", flat=True)) == said
    assert not other.steps.filter(deed="remind").exists()


def test_the_night_is_quiet() -> None:
    """What falls into it is told in the morning."""
    task = moved(assigned(title="夜里的事"), due=DAY)
    assert remind(NIGHT) == 0
    assert not task.steps.filter(deed="remind").exists()
    assert remind(MORNING) >= 1
    assert task.steps.filter(deed="remind").count() == 1


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [((20, 8), {20, 23, 0, 5, 6, 7}), ((0, 6), {0, 5}), ((8, 8), set())],
)
def test_quiet_hours_may_go_over_midnight(settings, hours: tuple[int, int], quiet: set[int]) -> None:
    """Equal hours mean that there are none."""
    settings.QUIET_HOURS = hours
    assert {hour for hour in (0, 5, 6, 7, 8, 12, 19, 20, 23) if is_quiet(MORNING.replace(hour=hour))} == quiet


def test_signing_is_announced_once() -> None:
    """The rooms above hear of it."""
    slip = signed()
    assert Event.objects.filter(kind="dispatch.signed", object_code=slip.code).count() == 1
