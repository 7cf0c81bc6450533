"""The office says which run is the county's official one, and takes it back; the run itself never changes."""

from __future__ import annotations

import datetime as dt

import pytest

from api_tokens import ROOT, bearer, token_of
from junheng_web.assessment import selectors
from junheng_web.assessment.models import Declaration, ReviewDate, Run, Snapshot
from junheng_web.assessment.services import run_declare, run_make, run_withdraw
from junheng_web.config.reactions import REACTIONS
from junheng_web.notices.models import Notice
from junheng_web.organisation import events
from junheng_web.organisation.models import Account, Area, AuditRow, Event, Post
from junheng_web.organisation.permissions import PERMISSIONS
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope, scope_of
from moments import TODAY
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/"
SURE = {"approved": "on", "note": "政府常务会议审定"}


@pytest.fixture
def office() -> Scope:
    return scope_of(Account.objects.get(username="office"), TODAY)


@pytest.fixture
def first() -> Run:
    """The run that the demonstration declared official."""
    return Run.objects.get(county__code=COUNTY)


@pytest.fixture
def later(first: Run) -> Run:
    """A run made after it, by the rules of an earlier day."""
    known = {"county": first.county, "snapshot": first.snapshot, "standard": "national-2017"}
    return run_make(by=None, as_of=dt.date(2021, 9, 1), **known)


def shown(scope: Scope, county: Area) -> tuple[str, bool]:
    """Return the code of the run that the overview shows, and whether it is official."""
    run = selectors.latest_run(scope, county)
    return run.code, run.official


def test_a_new_run_is_a_trial(office: Scope, first: Run, later: Run) -> None:
    """What is official stays on the overview until the office says otherwise."""
    assert shown(office, first.county) == (first.code, True)
    assert not selectors.run_by_code(office, first.county, later.code).official


def test_the_one_declared_last_is_shown(office: Scope, first: Run, later: Run) -> None:
    """Whatever the order in which they were made; both are official, for each was the county's word."""
    run_declare(by=office, run=later)
    assert shown(office, first.county) == (later.code, True)
    assert all(run.official for run in selectors.runs_of(office, first.county))
    run_withdraw(by=office, run=first, note="报错")
    run_declare(by=office, run=first)
    assert shown(office, first.county) == (first.code, True)


def test_withdrawn_is_not_official(office: Scope, first: Run, later: Run) -> None:
    """The one declared before it is shown again; without any, the newest run, as a trial."""
    run_declare(by=office, run=later)
    run_withdraw(by=office, run=later, note="报错")
    assert shown(office, first.county) == (first.code, True)
    run_withdraw(by=office, run=first, note="报错")
    assert shown(office, first.county) == (later.code, False)
    assert selectors.official_run(office, first.county) is None


def test_a_run_itself_never_changes(office: Scope, first: Run) -> None:
    """What was decided stands beside it, and cannot be changed either."""
    before = Run.objects.filter(id=first.id).values().get()
    run_withdraw(by=office, run=first, note="报错")
    assert Run.objects.filter(id=first.id).values().get() == before
    last = first.declarations.first()
    assert (last.official, last.note, last.by_name, last.by_post) == (
        False,
        "报错",
        str(office.account),
        str(office.acting),
    )
    for change in (last.save, last.delete, Declaration.objects.all().delete, ReviewDate.objects.all().delete):
        with pytest.raises(TypeError, match="written once"):
            change()


def test_each_decision_has_its_audit_row_and_its_event(office: Scope, first: Run) -> None:
    """One each; what is so already is not decided again."""
    for deed, decided in ((run_withdraw, True), (run_withdraw, False), (run_declare, True), (run_declare, False)):
        assert deed(by=office, run=first, note="x") is decided
    rows = AuditRow.objects.filter(object_code=first.code, person=str(office.account)).order_by("id")
    assert [row.action for row in rows] == ["run.withdraw", "run.declare"]
    assert rows[0].detail == {"verdict": first.verdict, "basis": "census", "note": "x"}
    kinds = Event.objects.filter(object_code=first.code).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["run.made", "run.declared", "run.withdrawn", "run.declared"]


def test_the_county_hears_of_it_once(office: Scope, first: Run, as_) -> None:
    """Every post of the county that may see it, however often the event is handled; nobody of another county."""
    events.react(REACTIONS)
    Notice.objects.all().delete()
    run_withdraw(by=office, run=first, note="x")
    run_declare(by=office, run=first)
    # Other rooms react to the same two events.
    told = ("run.declared", "run.withdrawn")
    assert events.react(REACTIONS) == sum(kind in told for kind, _ in REACTIONS.values())
    posts = Post.objects.filter(area=first.county, role__in=PERMISSIONS["assessment.view"])
    assert Notice.objects.count() == 2 * posts.count()
    for event in Event.objects.filter(kind__in=told).order_by("-id")[:2]:
        REACTIONS[f"assessment.run_{event.kind.partition('.')[2]}"][1](event)
    assert Notice.objects.count() == 2 * posts.count()
    declared, withdrawn = Notice.objects.filter(post__code="leader").order_by("text")
    assert "本县定了正式评估" in declared.text
    assert "统计口径" in declared.text
    assert "撤销" in withdrawn.text
    for notice in (declared, withdrawn):
        assert as_("leader").get(notice.url).status_code == 200


def test_the_office_declares_it_on_a_page(as_, first: Run, later: Run) -> None:
    """It is asked first, with what the data is; then the overview shows it."""
    browser, page = as_("office"), f"{HERE}runs/{later.code}/official/"
    assert page in browser.get(f"{HERE}runs/").content.decode()
    asked = browser.get(page).content.decode()
    for told in ("统计口径", later.snapshot.label, first.code, "已经按程序审核"):
        assert told in asked
    assert not later.declarations.exists()
    refused = browser.post(page, {"note": "x"})
    assert refused.status_code == 422
    assert "只有审核同意的数据" in refused.content.decode()
    assert not later.declarations.exists()
    done = browser.post(page, SURE, follow=True)
    assert "已定为本县的正式评估" in done.content.decode()
    assert done.context["judged"].run.code == later.code
    assert "正式评估，编号" in browser.get(HERE).content.decode()
    assert "政府常务会议审定" in browser.get(f"{HERE}runs/").content.decode()
    assert "不必再定" in browser.post(page, SURE).content.decode()
    assert later.declarations.count() == 1


def test_the_office_withdraws_it_on_a_page(as_, first: Run) -> None:
    """For a reason; the overview says that what it shows is a trial."""
    browser, page = as_("office"), f"{HERE}runs/{first.code}/official/withdraw/"
    assert page in browser.get(f"{HERE}runs/").content.decode()
    assert browser.post(page, {"note": " "}).status_code == 422
    assert "不再是正式评估" in browser.post(page, {"note": "报错"}, follow=True).content.decode()
    assert "试算，不是正式结果" in browser.get(HERE).content.decode()
    assert "没有可撤销的" in browser.get(page).content.decode()


def test_what_the_office_should_weigh_is_said(as_, first: Run) -> None:
    """Data of today is no application; a run of an older engine is not what one would get now."""
    browser, page = as_("office"), f"{HERE}runs/{first.code}/official/"
    Declaration.objects.filter(run=first)._raw_delete("default")
    assert "申报国家评估认定，看的是统计口径" not in browser.get(page).content.decode()
    assert "还没有正式评估" in browser.get(page).content.decode()
    Snapshot.objects.filter(id=first.snapshot_id).update(basis="current")
    Run.objects.filter(id=first.id).update(engine=1)
    told = browser.get(page).content.decode()
    assert "申报国家评估认定，看的是统计口径" in told
    assert "引擎第 1 版" in told


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICE}))
def test_nobody_else_decides(as_, first: Run, role: str) -> None:
    """403, and nothing is changed; nor does the list offer it."""
    name = Account.objects.filter(person__appointments__post__role=role).order_by("username")[0].username
    browser = as_(name)
    for page in (f"runs/{first.code}/official/", f"runs/{first.code}/official/withdraw/", "review-date/"):
        assert browser.post(f"{HERE}{page}", SURE).status_code == 403
    assert first.declarations.count() == 1
    assert "/official/" not in browser.get(f"{HERE}runs/").content.decode()


def test_a_run_of_another_county_is_not_there(as_, first: Run) -> None:
    """Neither under its county nor under one's own."""
    foreign = Area.objects.get(code=FOREIGN)
    snapshot = Snapshot.objects.create(county=foreign, digest="0" * 64, label="外县")
    run = Run.objects.create(
        county=foreign, code="foreign", snapshot=snapshot, rules=first.rules, engine=1, as_of=TODAY, verdict="pass"
    )
    for path in (f"/c/{FOREIGN}/runs/{run.code}/official/", f"{HERE}runs/{run.code}/official/"):
        assert as_("office").post(path, SURE).status_code == 404
    assert not Declaration.objects.filter(run=run).exists()


def test_a_program_sees_what_is_official_today(client, office: Scope, first: Run) -> None:
    """What it keeps under the old tag is asked for anew."""
    carried, address = bearer(token_of("office")), f"{ROOT}/runs/{first.code}"
    answer = client.get(address, **carried)
    assert answer.json()["official"] is True
    run_withdraw(by=office, run=first, note="x")
    carried["headers"]["If-None-Match"] = answer["ETag"]
    again = client.get(address, **carried)
    assert again.status_code == 200
    assert again.json()["official"] is False
