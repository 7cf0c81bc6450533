"""The organisation's pages: the chart, groups, units and posts, people and contacts, schools."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import resolve

from junheng_web.organisation.models import (
    Appointment,
    AuditRow,
    Contact,
    Group,
    Person,
    Post,
    School,
    Seat,
    Unit,
)
from next_year import county
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/organisation/"
SCHOOL = "1506990006"
READ = (
    *("", "groups/", "groups/group/", "units/", "units/edu/", "units/edu-hr/", "posts/office/", "posts/fin-staff/"),
    *("people/", "contacts/", "schools/", "schools/?every=1", f"schools/{SCHOOL}/"),
)
CHANGED = (
    *("groups/found", "groups/group/change", "groups/group/dissolve", "groups/group/seats/add"),
    *("groups/group/seats/4/", "groups/group/seats/4/?end=1", "units/add", "units/add?parent=edu"),
    *("units/edu/change", "units/edu/close", "posts/add", "posts/office/change", "posts/office/hand-over"),
    *("people/add", "schools/add", "import/", "workbook", "workbook?blank=1"),
    *(f"schools/{SCHOOL}/{deed}" for deed in ("rename", "retype", "move", "campus", "merge", "close")),
)


def text(browser: Client, path: str) -> str:
    """Return a page's source, once it is there."""
    answer = browser.get(f"{HERE}{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()


def send(browser: Client, path: str, **told: str) -> Client:
    """Send a form, and return the answer after it led on."""
    return browser.post(f"{HERE}{path}", told, follow=True)


def offered(page: str) -> set[str]:
    """Return the permissions of what a page's main part leads to."""
    main = page.partition('id="main"')[2]
    here = {resolve(found.partition("?")[0]) for found in re.findall(rf'href="(/c/{COUNTY}/[^"#]*)', main)}
    return {one.func.permission for one in here} | ({"form"} if 'method="post"' in main else set())


@pytest.mark.parametrize("path", READ)
def test_who_may_see_is_not_offered_what_is_not_for_him(as_, path: str) -> None:
    """A unit's contact person is led to pages that open; the office to those that change something as well."""
    assert offered(text(as_("fin-staff"), path)) <= {"organisation.view", "organisation.contacts"}
    assert offered(text(as_("office"), path)) & {"organisation.manage", "form"}


@pytest.mark.parametrize("path", CHANGED)
def test_the_office_and_the_administrator_change(as_, path: str) -> None:
    """Nobody else, not even by the address."""
    assert as_("office").get(f"{HERE}{path}").status_code == 200
    assert as_("administrator").get(f"{HERE}{path}").status_code == 200
    assert as_("fin-staff").get(f"{HERE}{path}").status_code == 403
    assert as_("leader").post(f"{HERE}{path}", {}).status_code == 403


def test_the_chart_has_every_seat_and_says_which_is_vacant(as_) -> None:
    """In the document's order, with the desks below their unit."""
    page = text(as_("office"), "")
    titles = [one.title for one in Seat.objects.of(county()).order_by("place") if one.kind == Seat.Kind.MEMBER]
    places = [page.index(f">{title}<") for title in titles]
    assert places == sorted(places)
    assert "19 个席位，2 个空缺" in page
    assert page.count("空缺</span>") >= 2
    assert "人事股" in page


def test_every_post_is_found_from_the_list_of_units_or_from_its_school(as_) -> None:
    """A leader's and an inspector's post, which are of no unit, among them."""
    office = as_("office")
    pages = text(office, "units/") + text(office, f"schools/{SCHOOL}/")
    codes = Post.objects.filter(area=county()).values_list("code", flat=True)
    assert [code for code in codes if f"/organisation/posts/{code}/" not in pages] == []


def test_a_unit_and_a_desk_are_added_changed_and_closed(as_) -> None:
    """Each with its audit row; a unit in which somebody holds a post is not closed."""
    office = as_("office")
    send(office, "units/add", name="虚构局", kind="department")
    unit = Unit.objects.of(county()).get(name="虚构局")
    send(office, "units/add", name="虚构股", kind="department", parent=unit.code)
    assert unit.desks.get().name == "虚构股"
    send(office, f"units/{unit.code}/change", name="虚构新局", kind="department", parent="", full_name="")
    assert Unit.objects.get(id=unit.id).name == "虚构新局"
    refused = office.post(f"{HERE}units/fin/close", {"day": "2026-09-01"})
    assert refused.status_code == 422
    assert "还有人担任" in refused.content.decode()
    send(office, f"units/{unit.code}/close", day="2026-09-01")
    assert {one.closed.isoformat() for one in Unit.objects.filter(name__startswith="虚构")} == {"2026-09-01"}
    deeds = AuditRow.objects.filter(object_code=unit.code).values_list("action", flat=True)
    assert list(deeds) == ["unit.add", "unit.change", "unit.close"]


def test_a_post_that_is_only_for_a_group_is_added_and_stays_so(as_) -> None:
    """Changing its name does not take it out of the group."""
    office = as_("office")
    send(office, "posts/add", name="虚构岗位", role="office", unit="office", group="group")
    post = Post.objects.select_related("group").get(name="虚构岗位")
    assert post.group.code == "group"
    form = office.get(f"{HERE}posts/{post.code}/change").context["form"]
    send(office, f"posts/{post.code}/change", **{**form.initial, "name": "虚构新岗位"})
    post.refresh_from_db()
    assert (post.name, post.group.code, post.unit.code) == ("虚构新岗位", "group", "office")


def test_what_is_wrong_is_said_and_what_was_typed_stays(as_) -> None:
    """A name that is taken, a clerk without a school, a place that is no number."""
    page = as_("office").post(f"{HERE}units/add", {"name": "财政局", "kind": "department"})
    assert page.status_code == 422
    assert "已经有一个单位叫“财政局”" in page.content.decode()
    page = as_("office").post(f"{HERE}posts/add", {"name": "虚构填报人", "role": "school_clerk"})
    assert "要选是哪所学校" in page.content.decode()
    assert 'value="虚构填报人"' in page.content.decode()
    assert not Post.objects.filter(name="虚构填报人").exists()


def test_people_are_found_and_their_telephone_is_for_colleagues(as_) -> None:
    """By name, post or unit; an assessor sees who sits in the group, and no list of people."""
    send(as_("office"), "people/add", name="虚构人", phone="0477-0000000")
    assert "0477-0000000" in text(as_("clerk-03"), "people/?q=虚构人")
    assert "没有这样的人" in text(as_("office"), "people/?q=没有的")
    assert "郝建业" in text(as_("office"), "people/?q=财政局联络员")
    assert as_("assessor").get(f"{HERE}people/").status_code == 403
    assert as_("assessor").get(HERE).status_code == 200


def test_a_telephone_number_is_not_told_to_the_audit(as_) -> None:
    """That it was changed is."""
    person = Person.objects.get(name="郝建业")
    send(as_("office"), f"people/{person.id}/", name="郝建业", phone="0477-1111111", code="")
    row = AuditRow.objects.get(action="person.change")
    assert row.detail["before"] == {"phone": "（不记）"}
    assert Person.objects.get(id=person.id).phone == "0477-1111111"


def test_contacts_hang_on_posts(as_) -> None:
    """Set on one page; whoever holds the post is the contact; taken back by choosing nobody."""
    assert "没有改动" in send(as_("office"), "contacts/").content.decode()
    told = {"unit:dev": "dev-head", f"school:{SCHOOL}": ""}
    assert "已改 2 处" in send(as_("office"), "contacts/", **told).content.decode()
    assert Contact.objects.of(county()).get(unit__code="dev").post.code == "dev-head"
    assert not Contact.objects.filter(school__code=SCHOOL).exists()
    assert "施向野" in text(as_("fin-staff"), "contacts/")
    send(as_("fin-staff"), "contacts/", **{"unit:dev": "fin-staff"})
    assert Contact.objects.of(county()).get(unit__code="dev").post.code == "dev-head"


def test_the_inspector_of_a_school_stands_beside_the_others(as_) -> None:
    """As visits know him; a room below is told by the room above."""
    page = text(as_("office"), "contacts/")
    assert "责任督学" in page
    assert "第一责任区督学" in page
    assert "责任督学" in text(as_("office"), f"schools/{SCHOOL}/")


def test_a_school_changes_and_its_history_says_so(as_) -> None:
    """Town, campus, name, type, merger; each from a day on."""
    office, at = as_("office"), f"schools/{SCHOOL}"
    send(office, f"{at}/move", day="2026-09-01", town="town-baiquan")
    send(office, f"{at}/rename", day="2026-09-02", name="虚构新名小学")
    send(office, f"{at}/retype", day="2026-09-03", school_type="nine_year")
    page = text(office, f"{at}/")
    assert "白泉镇" in page
    assert "示例旗实验小学 → 虚构新名小学" in page
    assert "小学 → 九年一贯制学校" in page
    kinds = School.objects.get(code=SCHOOL).changes.values_list("kind", flat=True)
    assert list(kinds) == ["moved", "renamed", "retyped"]
    send(office, f"{at}/merge", day="2026-09-04", other="1506990001")
    assert "并入示例旗第一小学" in text(office, f"{at}/")
    assert office.get(f"{HERE}{at}/rename").status_code == 404


def test_a_campus_has_no_campus_of_its_own(as_) -> None:
    """Nor is a school its own; a school that is no campus any more says so."""
    page = as_("office").post(f"{HERE}schools/{SCHOOL}/campus", {"day": "2026-09-01", "other": "1506990001"})
    assert "校区不能再有校区" in page.content.decode()
    send(as_("office"), "schools/1506990007/campus", day="2026-09-01", other="")
    assert School.objects.get(code="1506990007").campus_of is None
    assert "不再是校区：示例旗实验小学" in text(as_("office"), "schools/1506990007/")


def test_a_group_is_founded_and_seated_on_pages(as_) -> None:
    """Beside the one that stands, and this is said; seats in the order of the document."""
    office = as_("office")
    assert "没有撤销。再成立一个" in text(office, "groups/found")
    send(office, "groups/found", name="虚构专班", kind="other")
    group = Group.objects.get(name="虚构专班")
    send(office, f"groups/{group.code}/seats/add", place="1", kind="head", post="fin-head", title="局长")
    send(office, f"groups/{group.code}/seats/add", place="2", kind="member", unit="dev")
    page = text(office, f"groups/{group.code}/")
    assert "乔落落" in page
    assert "发改委派人" in page
    send(office, f"groups/{group.code}/seats/2/?end=1", day="2026-09-01")
    assert "撤去的席位" in text(office, f"groups/{group.code}/")
    refused = office.post(f"{HERE}groups/{group.code}/seats/add", {"place": "3", "kind": "member"})
    assert "哪个岗位的，或哪个单位的" in refused.content.decode()


def test_an_empty_county_is_told_the_first_step(as_) -> None:
    """No page is empty without saying what to do."""
    Seat.objects.of(county()).delete()
    Post.objects.filter(area=county()).exclude(group=None).update(group=None)
    Group.objects.of(county()).delete()
    assert "照文件成立工作组" in text(as_("office"), "")
    assert "由办公室照文件登记" in text(as_("leader"), "")
    assert "财政局" in text(as_("office"), "")


@pytest.mark.parametrize("path", ["", "groups/group/", "units/", "units/edu/", "people/", "contacts/", "schools/"])
def test_a_page_asks_the_database_as_often_for_many_as_for_few(as_, path: str, django_assert_max_num_queries) -> None:
    """However many units, posts, people and schools there are."""
    office = as_("office")
    for number in range(60):
        unit = Unit.objects.create(county=county(), code=f"many-{number}", name=f"虚构{number}局")
        post = Post.objects.create(area=county(), code=f"many-{number}", name="局长", role="unit_staff", unit=unit)
        person = Person.objects.create(county=county(), name=f"虚构{number}")
        Appointment.objects.create(post=post, person=person)
        Contact.objects.create(county=county(), kind="liaison", unit=unit, post=post)
    with django_assert_max_num_queries(20):
        text(office, path)


def test_another_countys_rows_are_not_reached_by_their_codes(as_) -> None:
    """The banner's own head of a bureau is nobody's post here."""
    office = as_("office")
    for path in ("posts/group-8/", "posts/group-8/hand-over", "units/gov/", "schools/9/"):
        assert office.get(f"{HERE}{path}").status_code == 404
    person = Appointment.objects.get(post__code="group-8").person
    assert office.get(f"{HERE}people/{person.id}/").status_code == 404
