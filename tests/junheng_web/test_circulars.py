"""A circular from the figures: a draft that the leader or the office begins, that goes out when it is signed (P3)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from collected import acting
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import Unit
from junheng_web.rectification import circulars, figures
from junheng_web.supervision import issuing
from junheng_web.supervision.models import Body, Dispatch, Step
from junheng_web.supervision.picturing import chart_of
from places import COUNTY
from supervised import asked, assigned, county, days, moved, scan, today, unit, working

pytestmark = pytest.mark.django_db
PAGE = f"/c/{COUNTY}/rectification/figures/circular/"


def every() -> list[figures.Line]:
    """Return the figures of today."""
    return figures.lines(acting("office"), county(), today())


def text() -> str:
    """Return what a weekly circular says today."""
    return circulars.text_of(every(), county(), figures.WEEK, today())


def of_unit(name: str) -> str:
    """Return the line of one unit."""
    return next(line for line in text().splitlines() if f" {name}：" in line)


def sent(as_, username: str) -> Dispatch:
    """Draft a circular on its page as it is proposed, and return it."""
    browser = as_(username)
    form = browser.get(PAGE).context["form"]
    told = {name: form.initial[name] for name in ("title", "text", "units")} | {"body": Body.objects.of(county())[0].id}
    answer = browser.post(PAGE, told)
    assert answer.status_code == 302
    return Dispatch.objects.latest("place")


def test_the_figures_are_those_of_the_page() -> None:
    """Unit by unit in the document's order; what is none is not said, and nobody is ranked."""
    before = {one.unit.name: one.counts for one in every()}["财政局"]
    moved(working(), due=days(-1))
    assigned()
    after = {one.unit.name: one.counts for one in every()}["财政局"]
    assert (after["sent"] - before["sent"], after["late"] - before["late"]) == (2, 1)
    assert f"交办任务{after['sent']}项" in of_unit("财政局")
    assert f"其中过期{after['late']}项" in of_unit("财政局")
    assert "0项" not in of_unit("财政局")
    rows = [line.split(". ")[1].split("：")[0] for line in text().splitlines() if ". " in line]
    order = list(Unit.objects.filter(county=county(), parent=None).values_list("name", flat=True))
    assert rows == [name for name in order if name in rows]
    assert "不排名" in text()


def test_a_month_and_a_week_say_what_was_done_in_them() -> None:
    """The numbers of the trend, with the days."""
    for by in figures.PERIODS:
        one = figures.trend(county(), by, today())[-1]
        said = circulars.text_of(every(), county(), by, today())
        assert f"交办任务{one.counts['task_came']}项、办结{one.counts['task_done']}项" in said
    assert f"{today().year}年{today().month}月）" in circulars.title_of(county(), figures.MONTH, today())


def test_what_a_leader_drafts_the_office_reviews_and_nobody_reads_before_it_is_signed(as_) -> None:
    """The office hears of it; the unit sees it when it has a number, with the figures in it."""
    asked()
    draft = sent(as_, "leader")
    assert (draft.kind, draft.status, draft.number) == (Dispatch.Kind.CIRCULAR, Dispatch.Status.DRAFT, "")
    assert Notice.objects.filter(url=draft.url, post__code="office").count() == 1
    assert "财政局：" in draft.text
    assert as_("fin-staff").get(draft.url).status_code == 404
    with pytest.raises(PermissionDenied):
        issuing.dispatch_review(by=acting("leader"), dispatch=draft)
    issuing.dispatch_review(by=acting("office"), dispatch=draft)
    assert as_("fin-staff").get(draft.url).status_code == 404
    issuing.dispatch_sign(by=acting("office"), dispatch=draft, day=today(), signer="示例", scan=scan())
    page = as_("fin-staff").get(draft.url)
    assert (page.status_code, "交办任务" in page.content.decode()) == (200, True)


def test_the_office_is_not_told_of_its_own_draft(as_) -> None:
    """It wrote it."""
    draft = sent(as_, "office")
    assert not Notice.objects.filter(url=draft.url).exists()


def test_a_leader_drafts_nothing_but_circulars() -> None:
    """Slips are the office's; a unit drafts nothing."""
    told = {"county": county(), "body": Body.objects.of(county()).first(), "title": "x", "text": "y", "units": [unit()]}
    with pytest.raises(PermissionDenied):
        issuing.dispatch_draft(by=acting("leader"), kind=Dispatch.Kind.SLIP, **told)
    with pytest.raises(PermissionDenied):
        issuing.dispatch_draft(by=acting("fin-staff"), kind=Dispatch.Kind.CIRCULAR, **told)


def test_the_page_is_for_the_office_and_the_leader_and_keeps_what_was_typed(as_) -> None:
    """Without a body that issues it, it says what comes first, and to whom that falls."""
    for username in ("fin-staff", "head-03", "auditor", "assessor"):
        assert as_(username).get(PAGE).status_code == 403
    wrong = as_("leader").post(
        PAGE, {"title": "", "text": "写了很久的话", "body": Body.objects.of(county()).first().id}
    )
    assert (wrong.status_code, "写了很久的话" in wrong.content.decode()) == (422, True)
    assert PAGE in as_("leader").get(f"/c/{COUNTY}/rectification/leader/").content.decode()
    assert PAGE in as_("office").get(f"/c/{COUNTY}/rectification/figures/").content.decode()
    Body.objects.update(used=False)
    assert "发文机关和文号" in as_("office").get(PAGE).content.decode()
    assert "请办公室先" in as_("leader").get(PAGE).content.decode()


def moved_to(step: Step, at: dt.datetime) -> None:
    """Let a step have been taken at another moment, as time moves it: rows themselves are written once."""
    QuerySet(Step).filter(id=step.id).update(at=at)


def test_a_trend_counts_a_day_by_the_county_s_own_clock() -> None:
    """What was done at one in the night of a Monday is of that week, and not of the one before."""
    step = assigned().steps.get(deed="assign")
    monday = today() - dt.timedelta(days=today().weekday())
    before = figures.trend(county(), figures.WEEK, today())
    night = dt.datetime.combine(monday, dt.time(0, 30), tzinfo=dt.timezone(dt.timedelta(hours=8)))
    moved_to(step, night)
    assert [one.counts for one in figures.trend(county(), figures.WEEK, today())] == [one.counts for one in before]
    moved_to(step, night - dt.timedelta(hours=1))
    after = figures.trend(county(), figures.WEEK, today())
    assert after[-1].counts["task_came"] == before[-1].counts["task_came"] - 1
    assert after[-2].counts["task_came"] == before[-2].counts["task_came"] + 1
    assert after[-1].counts["task_open"] == before[-1].counts["task_open"]


def test_a_circular_carries_a_chart_of_its_own_words(as_) -> None:
    """Unit by unit as they stand there, on its page and on the paper; other papers and other words have none."""
    moved(working(), due=days(-1))
    made = sent(as_, "office")
    lines = [line for line in made.text.splitlines() if "：交办任务" in line and ". " in line]
    chart = chart_of(made)
    assert chart.count("<rect") >= 2 * len(lines) > 0
    names = [line.split(". ")[1].split("：")[0] for line in lines]
    assert [chart.index(f">{name}<") for name in names] == sorted(chart.index(f">{name}<") for name in names)
    late = next(line for line in lines if "财政局" in line)
    assert f"，过期 {late.split('其中过期')[1].split('项')[0]}" in chart
    for page in (made.url, f"{made.url}printed/"):
        assert chart in as_("office").get(page).content.decode()
    made.text = "各单位：请抓紧办理。\n1. 财政局：没有交办的任务。\n2. <b>甲</b>：交办任务3项，按期办结3项。"
    assert "✓ 3/3" in chart_of(made)
    assert "<b>" not in chart_of(made)
    made.text = "各单位：请抓紧办理。"
    assert chart_of(made) == ""
    made.kind, made.text = Dispatch.Kind.SLIP, "1. 财政局：交办任务3项。"
    assert chart_of(made) == ""
