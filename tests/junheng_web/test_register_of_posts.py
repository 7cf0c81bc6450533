"""编制台账: the units that the office lets in see one table, a school its own row; signs show their reasoning."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng_web.organisation.models import Account, Appointment, Area, Person, Post, School, Unit
from junheng_web.organisation.roles import Role
from junheng_web.registers import seeing
from junheng_web.registers.models import Reader, Version
from junheng_web.registers.services import row_save
from places import COUNTY, FOREIGN
from registered import HERE, OTHER, SCHOOL, STAFFING, TEACHERS, Change, acting, county, in_post, put, put_all, row_of

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}staffing/"


def row(year: int, school: str = SCHOOL, **told: int) -> Change:
    """Return a school's year."""
    return Change(f"{school}-{year}", {"school_code": school, "year": year, **told})


@pytest.mark.parametrize("unit", ["staffing", "hr", "edu"])
def test_the_units_that_were_let_in_see_the_same_table(as_, unit: str) -> None:
    """Every school's row, to be read and not to be changed."""
    browser = as_(in_post(unit))
    page = browser.get(PAGE)
    assert len(page.context["rows"]) == 28
    assert "导入编制台账" not in page.content.decode()
    key = f"{OTHER}-2025"
    assert browser.get(f"{PAGE}row/{key}/").status_code == 200
    assert browser.post(f"{PAGE}row/{key}/", {}).status_code == 403
    assert browser.get(f"{PAGE}import/").status_code == 403
    assert browser.get(f"{HERE}teachers/").status_code == 403


def test_another_unit_is_told_how_to_see_it(as_) -> None:
    """And finds no row by its address, nor in a workbook."""
    browser = as_("fin-staff")
    text = browser.get(PAGE).content.decode()
    assert "没有开放给您的单位" in text
    assert "示例旗第一小学" not in text
    assert browser.get(f"{PAGE}row/{SCHOOL}-2025/").status_code == 404
    content = browser.get(f"{PAGE}workbook").content
    assert b"PK" in content[:2]
    assert openpyxl.load_workbook(io.BytesIO(content))["编制台账"].max_row <= 2


def test_the_office_says_which_units_see_it(as_) -> None:
    """Letting one in or out counts at the next click."""
    office = as_("office")
    assert office.post(f"{PAGE}readers/", {"units": ["fin"]}).status_code == 302
    assert [one.unit.code for one in Reader.objects.all()] == ["fin"]
    assert len(as_("fin-staff").get(PAGE).context["rows"]) == 28
    assert "没有开放给您的单位" in as_(in_post("hr")).get(PAGE).content.decode()
    assert as_("edu-hr-desk").get(f"{PAGE}readers/").status_code == 403


def test_a_desk_reads_with_its_unit(as_) -> None:
    """A post in a unit below one that was let in sees what that one sees."""
    name = in_post("staffing", "below")
    staffing = Unit.objects.of(county()).get(code="staffing")
    Unit.objects.create(county=county(), code="below", name="事业股", parent=staffing)
    post = Account.objects.get(username=name).person.appointments.get().post
    post.unit = Unit.objects.get(code="below")
    post.save()
    assert len(as_(name).get(PAGE).context["rows"]) == 28


def test_a_school_sees_its_own_row(as_) -> None:
    """And no other's, by no address."""
    browser = as_("clerk-03")
    page = browser.get(PAGE)
    assert [one["key"] for one in page.context["rows"]] == [f"{SCHOOL}-2025"]
    assert browser.get(f"{PAGE}row/{SCHOOL}-2025/").status_code == 200
    assert browser.get(f"{PAGE}row/{OTHER}-2025/").status_code == 404
    assert browser.post(f"{PAGE}row/{SCHOOL}-2025/", {"approved": "999"}).status_code == 403


def test_vacancies_are_worked_out_and_years_are_told_apart(as_) -> None:
    """Of what is not reported there is no number; more people than posts are over."""
    put_all(row(2026, approved=50, filled=47), row(2026, OTHER, approved=10, filled=12), name=STAFFING)
    put_all(row(2026, "1506990005", approved=9), name=STAFFING)
    page = as_("office").get(PAGE)
    assert page.context["years"] == [2026, 2025, 2024, 2023]
    assert [one["vacant"] for one in page.context["rows"]] == [None, 3, -2]
    assert "超 2" in page.content.decode()
    assert page.context["totals"]["approved"] == 69
    assert len(as_("office").get(PAGE, {"year": "2024"}).context["rows"]) == 28


def test_signs_show_what_they_rest_on(as_) -> None:
    """And say that they are no verdict."""
    put_all(row(2027, approved=50, filled=47, contract=2, contract_years=3), name=STAFFING)
    text = as_("office").get(PAGE).content.decode()
    assert "空编 3 个，同时聘用编外教师 2 人，最长的已聘 3 年" in text
    assert "不是结论" in text


def test_a_row_is_typed_in_and_has_a_history(as_) -> None:
    """By the office or a desk."""
    browser = as_("edu-hr-desk")
    sent = {"school_code": SCHOOL, "year": "2026", "approved": "150"}
    assert browser.post(f"{PAGE}add/", sent).status_code == 302
    held = row_of(f"{SCHOOL}-2026", STAFFING)
    browser.post(f"{PAGE}row/{held.key}/", {"approved": "152", "revision": "1"})
    text = browser.get(f"{PAGE}row/{held.key}/").content.decode()
    assert "核定编制：150 → 152" in text
    assert "苏日娜" in text
    assert put("office", row(2026, approved=152), STAFFING).rows == []


# What one may do with the table: the rows of 2025 that one sees (None: the page is not for one's post), whether one
# may change them, and whether one may say who reads it.
EVERY = 28
RIGHTS: dict[str, tuple[int | None, bool, bool]] = {
    "office": (EVERY, True, True),
    "leader": (EVERY, False, False),
    "edu-hr-desk": (EVERY, True, False),
    "staffing-desk": (EVERY, True, False),
    "staffing-staff": (EVERY, False, False),
    "hr-staff": (EVERY, False, False),
    "edu-staff": (EVERY, False, False),
    "fin-staff": (0, False, False),
    "fin-desk": (0, False, False),
    "clerk-03": (1, False, False),
    "head-03": (1, False, False),
    "clerk-other": (1, False, False),
    **dict.fromkeys(("town-shawan", "inspector-1", "assessor", "auditor"), (None, False, False)),
    **dict.fromkeys(("area-viewer", "administrator"), (None, False, False)),
}


@pytest.fixture
def people() -> None:
    """Beside the demonstration's accounts: posts in the units that read the table, in one that does not, elsewhere."""
    for unit in ("staffing", "hr", "edu"):
        appointed(f"{unit}-staff", role="unit_staff", unit=unit_of(unit))
    appointed("staffing-desk", role="desk", unit=unit_of("staffing"))
    appointed("fin-desk", role="desk", unit=unit_of("fin"))
    appointed("clerk-other", role="school_clerk", school=School.objects.get(code=OTHER))
    appointed("foreign", Area.objects.get(code=FOREIGN), role="office")


def unit_of(code: str) -> Unit:
    """Return a unit of the example county."""
    return Unit.objects.get(county__code=COUNTY, code=code)


def appointed(username: str, at: Area | None = None, **post: object) -> None:
    """Give somebody a post; who has an account already holds both."""
    area = at or county()
    made = Post.objects.create(area=area, code=f"{username}-{post['role']}", name=f"示例{username}", **post)
    account = Account.objects.filter(username=username).first()
    person = account.person if account else Person.objects.create(county=area, name=f"示例{username}")
    Appointment.objects.create(post=made, person=person, start="2025-03-01")
    if account is None:
        Account.objects.create_user(username, "x", person=person)


def test_every_role_is_asked(people) -> None:
    """The table of rights leaves none out."""
    held = Appointment.objects.filter(person__account__username__in=RIGHTS)
    assert set(held.values_list("post__role", flat=True)) == set(Role)


@pytest.mark.parametrize("username", RIGHTS)
def test_who_sees_the_table_and_who_changes_it(as_, people, username: str) -> None:
    """By every address: the list, one row, the workbook, a row typed in, a file brought in, who reads it."""
    browser, (rows, changes, lets_in) = as_(username), RIGHTS[username]
    own = {"clerk-03": SCHOOL, "head-03": SCHOOL, "clerk-other": OTHER}.get(username, "")
    page = browser.get(PAGE, {"year": "2025"})
    assert page.status_code == (403 if rows is None else 200)
    if rows is not None:
        assert len(page.context["rows"]) if rows else "shut" in page.context
        assert {one["key"] for one in page.context.get("rows", ())} == seen(rows, own)
        assert exported(browser) == seen(rows, own)
        for told in (">导入编制台账<", ">添加一行<"):
            assert (told in page.content.decode()) == changes, told
    for school in (SCHOOL, OTHER):
        status = browser.get(f"{PAGE}row/{school}-2025/").status_code
        assert status == (403 if rows is None else 200 if f"{school}-2025" in seen(rows, own) else 404), school
    assert written(browser, f"{PAGE}row/{OTHER}-2025/", {"approved": "77", "revision": "1"}) == changes
    assert written(browser, f"{PAGE}row/{OTHER}-2024/", {"gone": "1", "revision": "1"}) == changes
    assert written(browser, f"{PAGE}add/", {"school_code": OTHER, "year": "2026", "approved": "7"}) == changes
    assert brought(browser) == changes
    assert (browser.get(f"{PAGE}readers/").status_code == 200) == lets_in
    browser.post(f"{PAGE}readers/", {"units": ["fin"]})
    assert Reader.objects.get().unit.code == "fin" if lets_in else Reader.objects.count() == 3


def seen(rows: int | None, own: str) -> set[str]:
    """Return the keys of the rows of 2025 that one sees: every school's, the own school's, or none."""
    every = {one.key for one in seeing.rows_of(county(), STAFFING) if one.values["year"] == 2025}
    return every if rows == EVERY else {f"{own}-2025"} if rows else set()


def exported(browser) -> set[str]:
    """Return the keys of the rows of 2025 in the workbook that somebody takes out."""
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{PAGE}workbook").content))
    rows = book["编制台账"].iter_rows(min_row=2, max_col=2, values_only=True)
    return {f"{code}-{year}" for code, year in rows if str(year) == "2025"}


def written(browser, address: str, sent: dict[str, str]) -> bool:
    """Return whether something was written when it was sent."""
    before = Version.objects.count()
    browser.post(address, sent)
    return Version.objects.count() > before


def brought(browser) -> bool:
    """Return whether a file that somebody brings in, and agrees to, changes another school's row."""
    book = openpyxl.Workbook()
    book.active.title = "编制台账"
    for row in (("学校标识码", "年份", "核定编制"), (OTHER, 2023, 66)):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    sent = {"file": SimpleUploadedFile("编制.xlsx", out.getvalue())}
    page = browser.post(f"{PAGE}import/", sent, follow=True)
    plan = page.context.get("plan") if page.context else None
    return written(browser, f"{page.request['PATH_INFO']}apply", {"agreed": plan.digest}) if plan else False


def test_the_three_units_read_the_same_table(as_, people) -> None:
    """Row by row and figure by figure, as the office and the leader do."""
    pages = [as_(name).get(PAGE).context for name in ("office", "leader", "staffing-staff", "hr-staff", "edu-staff")]
    for name in ("rows", "totals", "signs", "years"):
        assert all(one[name] == pages[0][name] for one in pages[1:]), name
    assert len(pages[0]["rows"]) == EVERY


def test_two_posts_do_not_lend_each_other_their_rights(as_, people) -> None:
    """Staff of a unit that reads, and a desk of one that does not: reads the posts, changes none, sees no person."""
    appointed("fin-desk", role="unit_staff", unit=unit_of("hr"))
    browser = as_("fin-desk")
    assert len(browser.get(PAGE).context["rows"]) == EVERY
    assert not written(browser, f"{PAGE}row/{OTHER}-2025/", {"approved": "77", "revision": "1"})
    assert not seeing.sees_all(acting("fin-desk"), county(), TEACHERS)
    with pytest.raises(PermissionDenied):
        row_save(by=acting("fin-desk"), county=county(), name=STAFFING, change=row(2025, OTHER, approved=77))


def test_another_county_s_table_is_not_there(as_, people) -> None:
    """Neither is this one for whoever works there."""
    for username, at in (("foreign", COUNTY), ("office", FOREIGN)):
        for path in ("", f"row/{OTHER}-2025/", "workbook", "readers/", "import/", "add/"):
            assert as_(username).get(f"/c/{at}/registers/staffing/{path}").status_code == 404, path
