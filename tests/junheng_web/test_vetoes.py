"""The veto register: who declares and what is overdue, and who reads what of an incident (P6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import acting, ledger_of
from junheng_web.assessment.models import Run
from junheng_web.assessment.overview import OVERRIDDEN, overview
from junheng_web.assessment.telling import Judged, judged
from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.models import Cell
from junheng_web.duties.selectors import desk_of
from junheng_web.evidence.models import File
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import Area, AuditRow, Seat, Unit
from junheng_web.rectification import vetoes
from junheng_web.rectification.models import Incident, VetoDuty
from junheng_web.rectification.services import Moved
from junheng_web.rectification.veto_services import duties_set, incident_report, incident_settle, veto_declare
from places import COUNTY
from rectified import county
from who_reads import appointed, pdf

pytestmark = pytest.mark.django_db
HOME = f"/c/{COUNTY}/rectification/vetoes/"
BANNER = f"{HOME}banner"
CONTENT = "示例情况某校某班"
SINCE, TODAY = dt.date(2026, 7, 1), dt.date(2026, 11, 26)
PART, ITEM = "choice", "veto_school_choice"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture(autouse=True)
def _clean() -> None:
    """What the demonstration reports is not what is asked here."""
    VetoDuty.objects.all().delete()
    Incident.objects.filter(steps=None).delete()


def unit(code: str) -> Unit:
    return Unit.objects.select_related("county").get(county=county(), code=code)


def duty(code: str = "fin", cadence: str = "quarter") -> VetoDuty:
    told = {"units": [unit(code)], "cadence": cadence, "since": SINCE, "due_days": 10}
    duties_set(by=acting("office"), county=county(), part=PART, **told)
    return VetoDuty.objects.select_related("unit__county", "county").get(county=county(), part=PART, unit__code=code)


def reported(username: str = "fin-staff", code: str = "fin") -> Incident:
    told = {"part": PART, "unit": unit(code), "day": TODAY, "text": CONTENT}
    return incident_report(by=acting(username), county=county(), **told)


def test_the_items_are_those_of_the_rule_book() -> None:
    """None is written down in code."""
    from junheng import api as jh

    parts = jh.load_standard("national-2017").requirements["VETO"].parts
    assert vetoes.parts_of(county()) == {one.id: one.name for one in parts}
    assert vetoes.item_of(county(), PART) == ITEM
    assert vetoes.SIGNS_OF in vetoes.parts_of(county())


def test_what_is_overdue_is_red_until_it_is_declared() -> None:
    """A quarter is due some days after it is over; one that still goes on is not asked for."""
    one = duty()
    states = [each.state for each in vetoes.declarations(county(), [one], TODAY)]
    assert states == ["late", "open"]
    assert vetoes.overdue_by_unit(county(), TODAY)[one.unit_id] == 1
    told = {"span": "2026-Q3", "nothing": True, "text": "", "today": TODAY}
    made = veto_declare(by=acting("fin-staff"), duty=one, **told)
    assert [each.state for each in vetoes.declarations(county(), [one], TODAY)] == ["reported", "open"]
    assert (made.behalf, made.by_post) == (False, "财政局联络员")


def test_the_office_writes_down_what_came_on_paper_and_another_unit_does_not() -> None:
    """Nobody has to sign in (P4); the row says that it was written down for the unit."""
    one = duty()
    told = {"span": "2026-Q3", "nothing": True, "text": "", "today": TODAY}
    assert veto_declare(by=acting("office"), duty=one, **told).behalf
    with pytest.raises(PermissionDenied):
        veto_declare(by=acting("town-shawan"), duty=one, **told)
    with pytest.raises(ValidationError):
        veto_declare(by=acting("fin-staff"), duty=one, **{**told, "nothing": False})
    with pytest.raises(LookupError):
        veto_declare(by=acting("fin-staff"), duty=one, **{**told, "span": "2030-Q1"})


def test_only_the_leader_the_office_and_the_reporting_unit_read_an_incident(as_) -> None:
    """Everybody else learns that something is looked into; a notice and the audit say no more than that."""
    one = reported()
    readers = {"leader", "office", "fin-staff"}
    for username in ("leader", "office", "fin-staff", "edu-hr-desk", "town-shawan", "auditor"):
        page = as_(username).get(one.url)
        assert (page.status_code == 200) == (username in readers), username
        assert (CONTENT in page.content.decode()) == (username in readers), username
        home = as_(username).get(HOME).content.decode()
        assert CONTENT not in home
        assert "否决项待核" in home
    assert {each.post.code for each in Notice.objects.filter(url=one.url)} == {"leader", "office"}
    audited = map(str, AuditRow.objects.values_list("detail", flat=True))
    assert not [each for each in (*Notice.objects.values_list("text", flat=True), *audited) if CONTENT in each]


def test_what_a_declaration_says_happened_is_read_as_an_incident_is(as_) -> None:
    """Its words, its file and the file's name: the head, the director and the unit; not another of the office (P6)."""
    one, span = duty(), "2026-Q3"
    appointed("office-other", county(), role="office")
    page = f"{HOME}{PART}/fin/{span}/"
    told = {"span": span, "nothing": False, "text": CONTENT, "today": TODAY, "file": pdf("某校某班.pdf")}
    veto_declare(by=acting("fin-staff"), duty=one, **told)
    told = {"nothing": True, "text": "后来更正", "file": None}
    veto_declare(by=acting("fin-staff"), duty=one, span=span, today=TODAY, **told)
    file = File.objects.get(name="某校某班.pdf")
    for username, reads in (("fin-staff", True), ("office", True), ("office-other", False)):
        text = as_(username).get(page).content.decode()
        assert (CONTENT in text, file.name in text, "后来更正" in text) == (reads,) * 3, username
        assert (as_(username).get(f"/c/{COUNTY}/files/{file.digest}/").status_code == 200) == reads, username
    assert as_("auditor").get(f"/c/{COUNTY}/files/{file.digest}/").status_code == 404
    audited = map(str, AuditRow.objects.values_list("detail", flat=True))
    assert not [each for each in audited if file.name in each or CONTENT in each]


def test_a_deputy_reads_no_incident_and_without_a_group_the_roles_do() -> None:
    """The head and the director alone (P6); a county that has not founded its group is not left without a reader."""
    assert {one.code for one in vetoes.readers(county())} == {"leader", "office"}
    Seat.objects.filter(county=county()).update(post=None, unit=unit("edu"))
    assert {"leader", "deputy-secretary", "office", "office-deputy-1"} <= {one.code for one in vetoes.readers(county())}


def test_no_role_outside_the_county_reads_of_what_is_not_confirmed(as_) -> None:
    """An assessor's pages say nothing of a working paper; what is confirmed stands above the verdict for everybody."""
    one = reported()
    assert "否决项待核" not in as_("assessor").get(BANNER).content.decode()
    assert "否决项待核" in as_("clerk-03").get(BANNER).content.decode()
    assert "否决项待核" in as_("leader").get(BANNER).content.decode()
    incident_settle(by=acting("office"), incident=one, state="confirmed", note="核过了")
    for username in ("assessor", "leader", "clerk-03", "area-viewer"):
        text = as_(username).get(BANNER).content.decode()
        assert "违规择校" in text, username
        assert CONTENT not in text, username


def passing() -> Judged:
    """Return the county's run as if everything in it had passed, and nothing had happened."""
    run = judged(acting("leader"), county())
    parts = [{**one, "status": "pass"} for one in run.answer["indicators"]["VETO"]["parts"]]
    indicators = {**run.answer["indicators"], "VETO": {**run.answer["indicators"]["VETO"], "parts": parts}}
    return replace(run, answer={**run.answer, "verdict": "pass", "indicators": indicators})


def test_a_confirmed_incident_overrides_a_verdict_that_passed() -> None:
    """At once, on the card itself and in the list of items; one that is looked into does not."""
    one, run = reported(), passing()
    told = overview(run)
    assert [told["cards"][0]["status"], told["vetoes"]["parts"][0]["status"]] == ["pass", "pass"]
    incident_settle(by=acting("office"), incident=one, state="confirmed", note="核过了")
    card, listed = overview(run)["cards"][0], overview(run)["vetoes"]
    assert card["status"] == listed["status"] == "fail"
    assert card["note"] == "否决项已确认：结论为不达标；确认以前的评估是“达标”，不再作数"
    assert [each["id"] for each in listed["parts"] if each["status"] == "fail"] == [PART]


def test_no_other_county_s_verdict_is_overridden_nor_that_of_a_file_on_trial() -> None:
    """A file that is only tried is no county's verdict."""
    run = passing()
    incident_settle(by=acting("office"), incident=reported(), state="confirmed", note="核过了")
    away = Area.objects.filter(kind=Area.Kind.COUNTY).exclude(code=COUNTY).earliest("id")
    for other in (replace(run, county=away), replace(run, run=Run(code=""))):
        assert overview(other)["cards"][0]["status"] == "pass"


def test_the_pages_say_so_on_the_county_s_card(as_) -> None:
    """The first page, the leader's page and the wall, whatever the last run said; refuted it says nothing."""
    pages = {"leader": (f"/c/{COUNTY}/", f"/c/{COUNTY}/rectification/leader/"), "assessor": (f"/c/{COUNTY}/",)}
    for username, paths in pages.items():
        for path in paths:
            assert OVERRIDDEN not in as_(username).get(path).content.decode(), path
    incident_settle(by=acting("office"), incident=reported(), state="confirmed", note="核过了")
    for username, paths in pages.items():
        for path in paths:
            page = as_(username).get(path)
            assert OVERRIDDEN in page.content.decode(), path
            assert page.context["cards"][0]["status"] == "fail"


def test_the_first_page_asks_for_the_banner(as_) -> None:
    """The verdict is never read without it."""
    assert f'hx-get="{BANNER}"' in as_("leader").get(f"/c/{COUNTY}/").content.decode()


def test_a_confirmed_incident_is_put_into_the_form_that_holds_the_item() -> None:
    """So that the next run judges by it; no second truth beside the ledger."""
    one = reported()
    key, subject = vetoes.cell_of(county(), PART)
    assert not vetoes.reported(subject, key)
    assert incident_settle(by=acting("office"), incident=one, state="confirmed", note="核过了") == ""
    assert vetoes.reported(subject, key)
    cell = Cell.objects.get(ledger=ledger_of(), row=ITEM, column="value")
    assert cell.integer == 1


def test_a_run_of_what_is_approved_then_fails_for_it() -> None:
    """The engine's verdict, by the rule book."""
    from junheng_web.assessment.live import approved_run
    from junheng_web.assessment.selectors import answer_of

    incident_settle(by=acting("office"), incident=reported(), state="confirmed", note="核过了")
    _, subject = vetoes.cell_of(county(), PART)
    for name in ("submit", "sign", "review", "approve"):
        step_take(by=acting("office"), one=subject, deed=DEEDS[name])
    answer = answer_of(approved_run(by=acting("office"), ledger=ledger_of()))
    assert answer["indicators"]["VETO"]["status"] == "fail"
    assert answer["verdict"] == "fail"


def test_where_the_form_is_handed_in_the_office_is_told_what_to_do(as_) -> None:
    """Nothing is lost: the incident is confirmed, the first page says so, and the form is to be sent back."""
    _, subject = vetoes.cell_of(county(), PART)
    step_take(by=acting("office"), one=subject, deed=DEEDS["submit"])
    one = reported()
    left = incident_settle(by=acting("office"), incident=one, state="confirmed", note="核过了")
    assert subject.name in left
    assert Incident.objects.get(id=one.id).state == Incident.State.CONFIRMED
    assert "还不是“是”" in as_("office").get(one.url).content.decode()


def test_settling_needs_the_office_and_a_reason() -> None:
    """And says so where somebody was faster."""
    one = reported()
    with pytest.raises(PermissionDenied):
        incident_settle(by=acting("leader"), incident=one, state="confirmed", note="x")
    with pytest.raises(ValidationError):
        incident_settle(by=acting("office"), incident=one, state="confirmed", note=" ")
    incident_settle(by=acting("office"), incident=one, state="refuted", note="核过，没有这回事")
    with pytest.raises(Moved):
        incident_settle(by=acting("office"), incident=one, state="refuted", note="再核")
    assert not vetoes.pending(county())[Incident.State.PENDING]


def test_a_unit_declares_and_reports_on_pages(as_) -> None:
    """From the register to the declaration; what happened leads on to the report, with everything that was typed."""
    duty()
    browser = as_("fin-staff")
    assert "第三季度" in browser.get(HOME).content.decode()
    page = f"{HOME}{PART}/fin/2026-Q3/"
    wrong = browser.post(page, {"happened": "yes", "text": ""})
    assert wrong.status_code == 422
    done = browser.post(page, {"happened": "no", "text": "示例说明"})
    assert done.status_code == 302
    assert "示例说明" in browser.get(page).content.decode()
    sent = browser.post(f"{HOME}report/", {"part": PART, "unit": "fin", "day": "2030-01-01", "text": CONTENT})
    assert sent.status_code == 422
    assert CONTENT in sent.content.decode()
    sent = browser.post(f"{HOME}report/", {"part": PART, "unit": "fin", "day": "2026-01-05", "text": CONTENT})
    assert browser.get(sent["Location"]).status_code == 200


def test_what_asks_nothing_of_a_unit_is_one_list(as_) -> None:
    """What it declares on stands first, and what is looked into stands out, whoever it is asked of."""
    duty()
    page = as_("fin-staff").get(HOME)
    names = vetoes.parts_of(county())
    assert [row["id"] for row in page.context["rows"]] == [PART, vetoes.SIGNS_OF]
    assert page.context["quiet"] == [name for id, name in names.items() if id not in (PART, vetoes.SIGNS_OF)]
    assert page.content.decode().count("没有归您申报的") == 2
    incident_report(
        by=acting("town-shawan"), county=county(), part="exam", unit=unit("town-shawan"), day=TODAY, text="x"
    )
    assert "exam" in [row["id"] for row in as_("fin-staff").get(HOME).context["rows"]]
    assert [row["id"] for row in as_("office").get(HOME).context["rows"]] == list(names)


def test_the_office_says_who_declares_and_the_matrix_is_proposed(as_) -> None:
    """Nothing is set that the office did not set."""
    browser = as_("office")
    page = browser.get(f"{HOME}{PART}/units/").content.decode()
    assert page.count("checked") == len(desk_of(county(), "VETO").units) > 0
    told = {"units": ["fin", "edu"], "cadence": "month", "since": "2026-09-01", "due_days": "5"}
    assert browser.post(f"{HOME}{PART}/units/", told).status_code == 302
    assert VetoDuty.objects.filter(county=county(), part=PART, cadence="month").count() == 2
