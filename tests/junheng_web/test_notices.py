"""What one should know is told once, to the post that holds it or to whoever asked for it, and is read."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from handed_in import changed, tables, workbook, zipped
from junheng_web.config.reactions import REACTIONS
from junheng_web.notices import selectors
from junheng_web.notices.models import Notice
from junheng_web.notices.services import notice_read, notice_read_all, notice_send
from junheng_web.organisation import events, jobs
from junheng_web.organisation.models import Account, Appointment, Area, AuditRow, Event, Post
from junheng_web.organisation.scopes import Scope, scope_of
from moments import TODAY, YESTERDAY
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/notices/"


@pytest.fixture
def county() -> Area:
    """The example county, in which everything so far is heard."""
    events.react(REACTIONS)
    Notice.objects.all().delete()
    return Area.objects.get(code=COUNTY)


def scope(username: str) -> Scope:
    return scope_of(Account.objects.get(username=username), TODAY)


def told(county: Area, *posts: str, key: str = "one", text: str = "请看", url: str = "") -> int:
    """Tell posts something, by their codes."""
    found = Post.objects.filter(code__in=posts)
    return notice_send(by=None, county=county, posts=found, key=key, text=text, url=url)


def texts(username: str, county: Area) -> list[str]:
    return [one.text for one in selectors.notices_of(scope(username), county)]


def test_it_is_told_once(county: Area) -> None:
    """Each post hears it; who is added later hears it too; one audit row for each time that somebody is told."""
    assert told(county, "office", "auditor") == 2
    assert told(county, "office", "auditor") == 0
    assert told(county, "office", "leader") == 1
    assert texts("office", county) == texts("leader", county) == ["请看"]
    rows = AuditRow.objects.filter(action="notice.send", object_code="one")
    assert [row.detail["to"] for row in rows] == [2, 1]


def test_it_is_of_a_post_or_of_an_account(county: Area) -> None:
    """Never of both, never of neither; and its address is one of ours."""
    for one in ({}, {"post": Post.objects.first(), "account": Account.objects.first()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(county=county, key="x", text="x", **one)
    for url in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="not an address of ours"):
            told(county, "office", url=url)


def test_a_successor_finds_what_the_post_was_told(county: Area) -> None:
    """And the predecessor finds it no more; what an account was told stays with the account."""
    told(county, "office")
    office, leader = (Account.objects.get(username=name) for name in ("office", "leader"))
    notice_send(by=None, county=county, accounts=[office], key="own", text="您自己的")
    Appointment.objects.filter(post__code="office").update(end=YESTERDAY)
    Appointment.objects.create(post=Post.objects.get(code="office"), person=leader.person, start=TODAY)
    assert texts("leader", county) == ["请看"]
    Appointment.objects.create(post=Post.objects.get(code="auditor"), person=office.person, start=TODAY)
    assert texts("office", county) == ["您自己的"]


def test_nothing_comes_from_another_county(county: Area) -> None:
    """Whatever post or account it is told to."""
    foreign = Area.objects.get(code=FOREIGN)
    told(foreign, "office")
    assert texts("office", county) == texts("office", foreign) == []


def test_the_page_shows_what_is_not_read_first(as_, county: Area) -> None:
    """The count in the frame of every page goes down as one reads."""
    for number in range(3):
        told(county, "office", key=f"k{number}", text=f"第{number}件")
    notice_read(by=scope("office"), county=county, number=Notice.objects.get(key="k2").id)
    browser = as_("office")
    page = browser.get(HERE)
    assert [row.record.text for row in page.context["table"].rows] == ["第1件", "第0件", "第2件"]
    assert page.context["unread"] == 2
    assert "2<span" in browser.get(f"/c/{COUNTY}/").content.decode()
    browser.post(f"{HERE}read-all", follow=True)
    assert browser.get(HERE).context["unread"] == 0
    assert "条未读" not in browser.get(f"/c/{COUNTY}/").content.decode()


def test_to_open_one_is_to_have_read_it(as_, county: Area) -> None:
    """It leads to what it tells of, or back; written down once, and the first time counts."""
    told(county, "office", key="with", url=f"/c/{COUNTY}/runs/")
    told(county, "office", key="without")
    browser = as_("office")
    for key, leads in (("with", f"/c/{COUNTY}/runs/"), ("without", HERE)):
        one = Notice.objects.get(key=key)
        assert browser.post(f"{HERE}read", {"number": one.id})["Location"] == leads
        at = Notice.objects.get(key=key).read_at
        browser.post(f"{HERE}read", {"number": one.id})
        assert Notice.objects.get(key=key).read_at == at is not None
        assert AuditRow.objects.filter(action="notice.read", object_code=key).count() == 1


def test_nobody_reads_another_s_notice(as_, county: Area) -> None:
    """It is not there, as what is no notice; nor is anything read by looking."""
    told(county, "office")
    number = Notice.objects.get().id
    assert as_("leader").post(f"{HERE}read", {"number": number}).status_code == 404
    for other in ("", "x", "0", "9" * 9):
        assert as_("office").post(f"{HERE}read", {"number": other}).status_code == 404
    for path in ("read", "read-all"):
        assert as_("office").get(f"{HERE}{path}").status_code == 405
    assert Notice.objects.get().read_at is None


def test_all_are_read_at_once(county: Area) -> None:
    """One audit row, with how many; none where there was nothing."""
    for number in range(3):
        told(county, "office", "leader", key=f"k{number}")
    assert notice_read_all(by=scope("office"), county=county) == 3
    assert notice_read_all(by=scope("office"), county=county) == 0
    assert selectors.unread_of(scope("leader"), county).count() == 3
    assert [row.detail for row in AuditRow.objects.filter(action="notice.read_all")] == [{"read": 3}]


def test_many_are_paged_and_handed_out_whole(as_, county: Area) -> None:
    """As text, not as buttons."""
    for number in range(60):
        told(county, "office", key=f"k{number}", text=f"第{number}件")
    browser = as_("office")
    assert len(browser.get(HERE).context["table"].paginated_rows) == 50
    assert browser.get(f"{HERE}?page=2").content.decode().count('name="number"') == 10
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"{HERE}?_export=xlsx").content)).active
    assert sheet.max_row == 61
    assert sheet.cell(2, 2).value == "未读：第59件"


def test_a_text_is_text(as_, county: Area) -> None:
    """A file's name may hold anything."""
    told(county, "office", text="<script>x</script>" + "长" * 400)
    page = as_("office").get(HERE).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    assert len(Notice.objects.get().text) == 300


def test_without_notices_the_page_says_what_would_come(as_, county: Area) -> None:
    """An empty table has its words."""
    page = as_("clerk-03").get(HERE).content.decode()
    assert "没有通知" in page
    assert "全部标为已读" not in page


def fail(county: Area, monkeypatch) -> jobs.Job:
    """Let a job of the clerk's fail."""

    def does(work: jobs.Work) -> None:
        raise jobs.Explained("第 3 行：没有这所学校；请先建学校")

    monkeypatch.setitem(jobs.DEEDS, "test", does)
    job = jobs.job_submit("test", by=scope("clerk-03"), county=county)
    jobs.run_next()
    return job


def test_a_job_that_failed_is_told_to_whoever_submitted_it(as_, county: Area, monkeypatch) -> None:
    """With its reason and the way to it; to nobody else; handled twice, it is told once."""
    job = fail(county, monkeypatch)
    assert events.react(REACTIONS) == 1
    [notice] = selectors.notices_of(scope("clerk-03"), county)
    assert "没有这所学校" in notice.text
    assert as_("clerk-03").get(notice.url).status_code == 200
    assert notice.url.endswith(f"/jobs/{job.id}")
    event = Event.objects.get(kind="job.failed")
    REACTIONS["notices.job_failed"][1](event)
    assert Notice.objects.count() == 1


def test_a_job_that_was_interrupted_too_often_is_told_as_well(county: Area) -> None:
    """And one that somebody stopped is not: he knows."""
    job, stopped = (jobs.job_submit("test", by=scope("clerk-03"), county=county) for _ in range(2))
    jobs.job_cancel(stopped, by=scope("clerk-03"))
    for _ in range(jobs.MOST_ATTEMPTS):
        jobs._take("gone")
        jobs.Job.objects.filter(id=job.id).update(lease_until="2026-01-01T00:00:00+00:00")
    jobs.run_next()
    assert jobs.Job.objects.get(id=job.id).status == "interrupted"
    events.react(REACTIONS)
    [text] = texts("clerk-03", county)
    assert "请重新提交" in text


def test_a_job_of_nobody_is_told_to_nobody(county: Area) -> None:
    """What the platform itself submits has no reader."""
    job = jobs.Job.objects.create(kind="nothing", county=county)
    jobs.run_next()
    assert jobs.Job.objects.get(id=job.id).status == "failed"
    assert events.react(REACTIONS) == 1
    assert not Notice.objects.exists()


@pytest.mark.parametrize("outcome", ["judged", "unusable", "foreign"])
def test_a_file_judged_in_the_background_is_told_to_whoever_handed_it_in(
    as_, county: Area, monkeypatch, outcome: str
) -> None:
    """With the verdict, or why there is none; done again after an interruption, it is told once."""
    from junheng_web.assessment import upload_judging

    monkeypatch.setattr(upload_judging, "LARGE_FILE", 0)
    handed = {
        "judged": workbook(),
        "unusable": zipped(dict.fromkeys(tables(), b"x\n")),
        "foreign": zipped(changed(lambda text: text.replace(COUNTY, FOREIGN))),
    }[outcome]
    clerk = as_("clerk-03")
    clerk.post(f"/c/{COUNTY}/upload/", {"file": handed})
    job = jobs.Job.objects.latest("id")
    jobs.run_next()
    [notice] = selectors.notices_of(scope("clerk-03"), county)
    said = {"judged": "评完了，不达标", "unusable": "不能评", "foreign": "没有本县的学校"}[outcome]
    assert said in notice.text
    assert handed.name in notice.text
    assert "保留到" in notice.text
    assert clerk.get(notice.url).status_code == (200 if outcome == "judged" else 422)
    upload_judging._tell(job, upload_judging.find(account=job.by_account, county=COUNTY, code=job.arguments["trial"]))
    assert Notice.objects.count() == 1


def test_a_page_counts_once(as_, county: Area, django_assert_max_num_queries) -> None:
    """What is told costs a page one query, however much it is."""
    for number in range(60):
        told(county, "office", key=f"k{number}")
    browser = as_("office")
    browser.get("/help/")
    with django_assert_max_num_queries(12) as seen:
        browser.get(f"/c/{COUNTY}/rules/")
    assert sum("notices_notice" in one["sql"] for one in seen.captured_queries) == 1
