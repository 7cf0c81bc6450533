"""A unit's form is signed by whoever fills it in, by its 分管领导 where it has one, and by its head (P15)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from collected import HERE, acting, form_of, ledger_of
from junheng_web.collection.handing.approving import offered, status_of, step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.ledger.fields import item_of
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.services import owner_set
from junheng_web.collection.models import Step
from junheng_web.collection.shown.chain import chain
from junheng_web.collection.shown.waiting import waiting
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import Account, Appointment, Area, AuditRow, Person, Post, Unit
from junheng_web.organisation.staffing import post_add, post_change
from places import COUNTY

pytestmark = pytest.mark.django_db
FORM = f"{HERE}unit/fin/"


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def somebody(code: str, signs: str, *, start: str = "2025-03-01") -> Post:
    """Make a post of the finance bureau that signs so, and an account that holds it."""
    fin = Unit.objects.get(county__code=COUNTY, code="fin")
    post = post_add(by=None, county=county(), name=f"示例{code}", role="unit_staff", code=code, unit=fin, signs=signs)
    person = Person.objects.create(county=county(), name=f"示例{code}")
    Appointment.objects.create(post=post, person=person, start=start)
    Account.objects.create_user(code, "x", person=person)
    return post


@pytest.fixture(autouse=True)
def _item() -> None:
    """Let the finance bureau fill in one of the county's items."""
    field = form_of("office", kind="unit").fields[0]
    owner_set(
        by=None, period=ledger_of().period, item=item_of(field), unit=Unit.objects.get(county__code=COUNTY, code="fin")
    )


def fin():
    """Return the finance bureau's form."""
    return form_of("fin", kind="unit")


def do(username: str, deed: str, note: str = "") -> str:
    """Take the bureau's form a step, as somebody, and return its state."""
    return step_take(by=acting(username), one=fin(), deed=DEEDS[deed], note=note).status


def asked_of(username: str) -> set[str]:
    """Return what of the present data waits for somebody."""
    own = waiting(acting(username), county(), timezone.localdate())
    return {one.deed for one in own if "财政局" in one.what and "现状" in one.what}


def states() -> list[str]:
    """Return the states of the places of the form's way."""
    return [place["state"] for place in chain(fin(), status_of(fin()))]


def test_deputy_and_head_sign_one_after_the_other(as_) -> None:
    """Each is told, finds it among what waits, and is named with the post and the time at the place."""
    somebody("deputy", "deputy")
    somebody("head", "head")
    assert do("fin-staff", "submit") == "submitted"
    assert (asked_of("deputy"), asked_of("head"), asked_of("fin-staff")) == ({"签字"}, set(), set())
    assert set(Notice.objects.filter(url=FORM).values_list("post__code", flat=True)) == {"deputy"}
    with pytest.raises(PermissionDenied):
        do("fin-staff", "sign")
    with pytest.raises(Locked, match=r"分管领导还没有签.*请示例deputy先签"):
        do("head", "sign")
    assert states() == ["reached", "waits", "to-come", "to-come", "to-come"]
    assert do("deputy", "endorse") == "endorsed"
    assert (asked_of("deputy"), asked_of("head")) == (set(), {"签字"})
    with pytest.raises(PermissionDenied):
        do("deputy", "sign")
    assert do("head", "sign") == "signed"
    steps = Step.objects.filter(submission__subject="fin").values_list("deed", "by_name", "by_post")
    assert list(steps)[1:] == [("endorse", "示例deputy", "示例deputy"), ("sign", "示例head", "示例head")]
    assert AuditRow.objects.filter(action="submission.endorse").count() == 1
    page = as_("office").get(FORM).content.decode()
    assert page.count('<li class="reached">') == 3
    assert "示例deputy，" in page


def test_a_unit_without_a_deputy_is_not_stuck() -> None:
    """Its form goes from whoever filled it in to its head at once, and the place says that nobody is waited for."""
    assert do("fin-staff", "submit") == "submitted"
    assert states()[:3] == ["reached", "not-asked", "waits"]
    assert "endorse" not in {deed.name for deed in offered(acting("office"), fin(), "submitted")}
    with pytest.raises(Locked, match="这份表现在是"):
        do("office", "endorse")
    assert do("fin-staff", "sign") == "signed"


def test_a_post_that_is_vacant_signs_nothing() -> None:
    """Whoever leaves takes the step away, though the form waited for it; a successor has it from his first day."""
    post = somebody("deputy", "deputy", start=str(timezone.localdate()))
    do("fin-staff", "submit")
    with pytest.raises(Locked, match="分管领导还没有签"):
        do("fin-staff", "sign")
    Appointment.objects.filter(post=post).update(start="2025-03-01", end=timezone.localdate() - dt.timedelta(days=1))
    assert do("fin-staff", "sign") == "signed"


def test_the_office_signs_from_paper_and_the_deputy_returns_with_reasons() -> None:
    """A form that came back is signed anew by both."""
    somebody("deputy", "deputy")
    do("fin-staff", "submit")
    with pytest.raises(ValidationError, match="写明原因"):
        do("deputy", "return")
    assert do("deputy", "return", "与预算批复不一致") == "draft"
    assert states()[0] == "waits"
    do("fin-staff", "submit")
    assert do("office", "endorse", "代录：纸件分管领导已签") == "endorsed"
    assert do("office", "return", "数报错") == "draft"
    do("fin-staff", "submit")
    assert states()[1] == "waits"


def test_a_school_s_way_is_what_it_was() -> None:
    """Nobody endorses a school's form."""
    places = [place["deed"] for place in chain(form_of(), "draft")]
    assert places == ["submit", "sign", "review", "approve"]


def test_the_board_counts_what_the_deputies_have_signed(as_) -> None:
    """As a state of its own."""
    somebody("deputy", "deputy")
    do("fin-staff", "submit")
    do("deputy", "endorse")
    page = as_("office").get(HERE).content.decode()
    assert "分管已签" in page


def test_the_office_says_which_posts_sign(as_) -> None:
    """On the post's page; a post that may enter nothing, or is of no unit, is refused with words."""
    office = as_("office")
    told = {"name": "示例分管副局长", "role": "unit_staff", "unit": "fin", "signs": "deputy"}
    assert office.post(f"/c/{COUNTY}/organisation/posts/add", told).status_code == 302
    post = Post.objects.get(name="示例分管副局长")
    page = office.get(f"/c/{COUNTY}/organisation/posts/{post.code}/").content.decode()
    assert "<dt>在本单位的表上签</dt><dd>分管领导</dd>" in page
    wrong = office.post(f"/c/{COUNTY}/organisation/posts/add", {**told, "name": "示例督学", "role": "inspector"})
    assert (wrong.status_code, "不能在单位的表上签" in wrong.content.decode()) == (422, True)
    with pytest.raises(ValidationError, match="请选它所在的单位"):
        post_change(by=None, post=post, unit=None)
