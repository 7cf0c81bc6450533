"""Who reviews and who confirms: the desk of the unit named for it, and the second party of a figure."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import HERE, acting, form_of, ledger_of, type_in
from handed_in import named
from junheng_web.collection.handing import agreeing
from junheng_web.collection.handing.approving import digest_of, offered, status_of, step_take
from junheng_web.collection.handing.confirming import form_confirm
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.ledger.fields import item_of
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.services import arrangement_set, owner_set
from junheng_web.collection.models import Arrangement, Owner, Step
from junheng_web.evidence.models import Link
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import Account, Appointment, Area, AuditRow, Person, Post, Unit
from places import COUNTY

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# The two figures of which the salaries of teachers and of civil servants are made: whose they are, and with whom.
FORM = f"{HERE}unit/edu/"
CONFIRM = f"{FORM}confirm/"
TERMS = "含年终绩效，不含五险一金"


def unit(code: str) -> Unit:
    """Return a unit of the example county."""
    return Unit.objects.get(county__code=COUNTY, code=code)


def salaries() -> list[str]:
    """Return the names of the items of B15."""
    fields = [field for field in form_of("office", kind="unit").fields if "B15" in field.indicators]
    return [item_of(field) for field in fields]


@pytest.fixture
def items() -> list[str]:
    """Let the education bureau fill in the salaries, personnel review them, and finance confirm them."""
    found = salaries()
    for item in found:
        owner_set(by=None, period=ledger_of().period, item=item, unit=unit("edu"))
        who = {"reviewer": unit("edu-hr"), "second": unit("fin"), "terms": TERMS}
        arrangement_set(by=None, period=ledger_of().period, item=item, **who)
    assert len(found) >= 2
    return found


def edu():
    """Return the education bureau's form."""
    return form_of("edu", kind="unit")


def do(username: str, deed: str, note: str = "") -> str:
    """Take the bureau's form a step, as somebody, and return its state."""
    return step_take(by=acting(username), one=edu(), deed=DEEDS[deed], note=note).status


def somebody(code: str, role: str, at: str) -> str:
    """Make an account with a post of a role at a unit."""
    county = Area.objects.get(code=COUNTY)
    post = Post.objects.create(area=county, code=code, name=f"示例{code}", role=role, unit=unit(at))
    person = Person.objects.create(county=county, name=f"示例{code}")
    Appointment.objects.create(post=post, person=person, start="2025-03-01")
    return Account.objects.create_user(code, "x", person=person).username


def test_the_second_party_confirms_before_the_office_approves(items, as_) -> None:
    """Until then approval is refused by name; the confirmation is a step of its own and changes no state."""
    for deed in ("submit", "sign", "review"):
        do("office", deed)
    with pytest.raises(Locked, match="还差财政局会签"):
        do("office", "approve")
    assert "还差财政局会签" in as_("office").get(FORM).content.decode()
    assert do("fin-staff", "confirm") == "reviewed"
    step = Step.objects.latest("id")
    assert (step.deed, step.unit, step.by_name, step.digest) == ("confirm", unit("fin"), "郝建业", digest_of(edu()))
    assert AuditRow.objects.filter(action="submission.confirm").count() == 1
    assert do("office", "approve") == "approved"
    assert "会签（财政局）" in as_("office").get(FORM).content.decode()


def test_the_second_party_sees_what_it_confirms_and_nothing_else(items, as_) -> None:
    """With the terms; not the form, nor its history. Who is no party finds nothing."""
    other = next(field for field in form_of("office", kind="unit").fields if "B14" in field.indicators)
    owner_set(by=None, period=ledger_of().period, item=item_of(other), unit=unit("edu"))
    key = next(field.key for field in edu().fields if item_of(field) == items[0])
    type_in("office", key, "98765", code="edu", kind="unit")
    type_in("office", other.key, "43210", code="edu", kind="unit")
    do("office", "submit")
    finance = as_("fin-staff")
    page = finance.get(CONFIRM).content.decode()
    for told, there in (("98765", True), (TERMS, True), ("43210", False), (other.label, False)):
        assert (told in page) == there, told
    assert '<form method="post" enctype' not in page
    for path in (FORM, f"{FORM}printed", f"{FORM}findings", f"{FORM}sealed/"):
        assert finance.get(path).status_code == 404, path
    for username in ("clerk-03", "town-shawan"):
        assert as_(username).get(CONFIRM).status_code == 404
    assert as_("assessor").get(CONFIRM).status_code == 403
    assert as_("leader").get(CONFIRM).status_code == 200
    assert as_("leader").post(CONFIRM, {"note": ""}).status_code == 403


def test_the_page_takes_the_confirmation_with_a_letter(items, as_) -> None:
    """The board and a notice lead there; a form that changed meanwhile is looked at again."""
    do("office", "submit")
    assert as_("fin-staff").post(CONFIRM, {"note": ""}).status_code == 403
    do("office", "sign")
    assert CONFIRM in set(Notice.objects.filter(post__code="fin-staff").values_list("url", flat=True))
    assert "等本单位会签" in as_("fin-staff").get(HERE).content.decode()
    stale = as_("fin-staff").post(CONFIRM, {"note": "一致", "seen": "0" * 64})
    assert (stale.status_code, "有人刚改过" in stale.content.decode()) == (422, True)
    sent = {"note": "一致", "seen": digest_of(edu()), "file": named("财政局复函.pdf", PDF)}
    assert as_("fin-staff").post(CONFIRM, sent).status_code == 302
    assert "已会签" in as_("fin-staff").get(CONFIRM).content.decode()
    assert "等本单位会签" not in as_("fin-staff").get(HERE).content.decode()
    assert Link.objects.filter(object_kind="confirmation").count() == 1
    with pytest.raises(PermissionDenied):
        do("fin-staff", "confirm")


def test_the_office_confirms_for_who_has_no_account_and_says_by_what(items) -> None:
    """Without a note it is refused; the step names the unit for which it was done."""
    for deed in ("submit", "sign"):
        do("office", deed)
    with pytest.raises(ValidationError, match="来函的文号"):
        do("office", "confirm")
    form_confirm(by=acting("office"), one=edu(), note="财函〔2025〕8号", file=named("复函.pdf", PDF))
    assert (Step.objects.latest("id").unit, agreeing.waiting(edu(), "confirm")) == (unit("fin"), [])


def test_a_form_that_comes_back_is_confirmed_anew(items) -> None:
    """What was confirmed before is not what is handed in again."""
    for deed in ("submit", "sign"):
        do("office", deed)
    do("fin-staff", "confirm")
    do("office", "return", note="报错")
    for deed in ("submit", "sign", "review"):
        do("office", deed)
    assert agreeing.waiting(edu(), "confirm") == [unit("fin")]
    with pytest.raises(Locked, match="还差财政局"):
        do("office", "approve")


def test_the_desk_of_the_unit_named_reviews_and_no_other(items) -> None:
    """Other desks are not offered it; who is named hears of it; without a name any desk reviews."""
    other = somebody("project-desk", "desk", "edu-project")
    for deed in ("submit", "sign"):
        do("office", deed)
    told = Notice.objects.filter(url=FORM).values_list("post__code", flat=True)
    assert ("edu-hr-desk" in told, "project-desk" in told) == (True, False)
    assert "review" not in [deed.name for deed in offered(acting(other), edu(), "signed")]
    with pytest.raises(PermissionDenied):
        do(other, "review")
    assert do("edu-hr-desk", "review") == "reviewed"
    assert Step.objects.latest("id").unit == unit("edu-hr")
    do("office", "return", note="报错")
    Arrangement.objects.update(reviewer=None)
    for deed in ("submit", "sign"):
        do("office", deed)
    assert do(other, "review") == "reviewed"


def test_where_two_units_review_the_last_one_moves_the_form_on(items) -> None:
    """Each its own; the first leaves it signed, and does not do it twice."""
    Arrangement.objects.filter(item=items[0]).update(reviewer=unit("edu-project"))
    other = somebody("project-desk", "desk", "edu-project")
    for deed in ("submit", "sign"):
        do("office", deed)
    assert do(other, "review") == "signed"
    with pytest.raises(PermissionDenied):
        do(other, "review")
    assert do("edu-hr-desk", "review") == "reviewed"
    assert status_of(edu()) == "reviewed"


def test_the_office_names_them_on_the_owners_page(as_) -> None:
    """Kept as asked; a unit that is none is passed over; the printed form has a place for the second party's seal."""
    page, item = f"/c/{COUNTY}/collection/2025/owners/", salaries()[0]
    told = {item: "edu", f"reviewer-{item}": "edu-hr", f"second-{item}": "fin", f"terms-{item}": TERMS}
    as_("office").post(page, told)
    one = Arrangement.objects.get()
    assert (one.item, one.reviewer, one.second, one.terms) == (item, unit("edu-hr"), unit("fin"), TERMS)
    assert TERMS in as_("office").get(page).content.decode()
    as_("office").post(page, {**told, f"second-{item}": "nobody"})
    assert Arrangement.objects.get().second == unit("fin")
    assert "财政局会签（签章）" in as_("office").get(f"{FORM}printed").content.decode()
    as_("office").post(page, {**told, f"reviewer-{item}": "", f"second-{item}": "", f"terms-{item}": ""})
    assert (Arrangement.objects.get().reviewer, agreeing.named(edu(), "confirm")) == (None, [])
    assert as_("leader").post(page, told).status_code == 403


def test_an_item_does_not_move_out_of_a_form_that_was_handed_in(as_) -> None:
    """Nor into one: what was approved would become something else. Returned, it may."""
    item = "special_operating_fund"
    office, here = as_("office"), f"/c/{COUNTY}/collection/2025/owners/"
    own = form_of("office", kind="unit")
    step_take(by=acting("office"), one=own, deed=DEEDS["submit"])
    assert "先退回它的表" in office.post(here, {item: "fin"}, follow=True).content.decode()
    assert not Owner.objects.filter(item=item).exists()
    step_take(by=acting("office"), one=own, deed=DEEDS["recall"])
    office.post(here, {item: "fin"})
    assert Owner.objects.get(item=item).unit.code == "fin"
