"""Accounts: opened, given another password and closed by the administrator, and what an initial password opens."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from collected import acting
from junheng_web.config.reactions import REACTIONS
from junheng_web.notices.models import Notice
from junheng_web.organisation import account_services as services
from junheng_web.organisation import events
from junheng_web.organisation.models import Account, Appointment, Area, AuditRow, Person, Post, Unit
from places import COUNTY, FOREIGN
from supervised import county, unit

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/organisation/accounts/"
PASSWORD = re.compile(r'<code class="password">([^<]+)</code>')


@pytest.fixture
def newcomer() -> Person:
    """Somebody with a post and no account."""
    person = Person.objects.create(county=county(), name="示例新人", code="new-1")
    post = Post.objects.create(area=county(), code="new", name="示例岗位", role="unit_staff", unit=unit())
    Appointment.objects.create(post=post, person=person, start="2025-03-01")
    return person


def shown(answer: object) -> str:
    """Return the password that a page shows."""
    return PASSWORD.search(answer.content.decode())[1]


def opened(as_, person: Person, username: str = "new-1") -> str:
    """Open an account on its page, and return the password."""
    answer = as_("administrator").post(f"{HERE}{person.id}/open", {"username": username})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return shown(answer)


def signed_in(username: str, password: str) -> Client:
    """Sign in as one does, and return the browser."""
    browser = Client()
    assert browser.post("/sign-in", {"username": username, "password": password}).status_code == 302
    return browser


def test_an_account_is_opened_and_its_password_is_changed_before_anything_else(as_, newcomer: Person) -> None:
    """It is shown once; whoever has it can do nothing but change it, and then what the post may."""
    password = opened(as_, newcomer)
    assert password not in as_("administrator").get(f"{HERE}{newcomer.id}/").content.decode()
    browser = signed_in("new-1", password)
    for address in (f"/c/{COUNTY}/tasks/", "/", f"/c/{COUNTY}/duties/mine/"):
        assert browser.get(address)["Location"] == "/password", address
    assert browser.get("/help/start/").status_code == 200
    page = browser.get("/password").content.decode()
    assert "初始密码" in page
    wrong = {"old_password": password, "new_password1": "12345678", "new_password2": "12345678"}
    assert browser.post("/password", wrong).status_code == 422
    told = {"old_password": password, "new_password1": "zheng-jie-4", "new_password2": "zheng-jie-4"}
    assert browser.post("/password", told).status_code == 302
    assert browser.get(f"/c/{COUNTY}/tasks/").status_code == 200
    signed_in("new-1", "zheng-jie-4")


def test_no_password_is_written_down_anywhere(as_, newcomer: Person) -> None:
    """Not in the audit, not in an event, not in a message that a browser keeps."""
    password = opened(as_, newcomer)
    assert [row.detail for row in AuditRow.objects.filter(action="account.open")] == [{"person": "示例新人"}]
    assert not [row for row in AuditRow.objects.all() if password in str(row.detail)]
    again = as_("administrator").post(f"{HERE}{newcomer.id}/reset")
    assert shown(again) != password
    assert not again.cookies.get("messages")
    assert [row.detail for row in AuditRow.objects.filter(action="account.reset")] == [{}]


def test_a_reset_signs_out_unlocks_and_is_told(as_, newcomer: Person) -> None:
    """The old password opens nothing, a lock is gone, and whoever's it is learns that it was not him."""
    browser = signed_in("new-1", opened(as_, newcomer))
    for _ in range(5):
        Client().post("/sign-in", {"username": "new-1", "password": "wrong"})
    assert Client().post("/sign-in", {"username": "new-1", "password": "wrong"}).status_code == 429
    password = shown(as_("administrator").post(f"{HERE}{newcomer.id}/reset"))
    assert browser.get("/password")["Location"].startswith("/sign-in")
    signed_in("new-1", password)
    events.react(REACTIONS)
    assert "换了初始密码" in Notice.objects.get(account__username="new-1").text
    events.react(REACTIONS)
    assert Notice.objects.filter(account__username="new-1").count() == 1


def test_a_closed_account_opens_nothing_and_loses_nothing(as_, newcomer: Person) -> None:
    """Its session ends at once; the post stays; opened again, it has another password."""
    browser = signed_in("new-1", opened(as_, newcomer))
    administrator = as_("administrator")
    assert administrator.post(f"{HERE}{newcomer.id}/close").status_code == 302
    assert browser.get("/password")["Location"].startswith("/sign-in")
    assert newcomer.appointments.count() == 1
    assert "已关闭" in administrator.get(f"{HERE}?state=closed").content.decode()
    refused = administrator.post(f"{HERE}{newcomer.id}/reset")
    assert (refused.status_code, "重新开通" in refused.content.decode()) == (422, True)
    signed_in("new-1", shown(administrator.post(f"{HERE}{newcomer.id}/reopen")))
    assert administrator.post(f"{HERE}{newcomer.id}/reopen").status_code == 422


@pytest.mark.parametrize("username", ["", "ab", "有汉字", "a b c", "OFFICE", "-abc"])
def test_what_cannot_be_a_username_is_refused_and_stays_in_the_form(as_, newcomer: Person, username: str) -> None:
    """Another's name in other letters is another's name."""
    answer = as_("administrator").post(f"{HERE}{newcomer.id}/open", {"username": username})
    assert answer.status_code == 422
    assert f'value="{username}"' in answer.content.decode() or not username
    assert not Account.objects.filter(person=newcomer).exists()


def test_nobody_closes_his_own_account_and_nobody_has_two(as_, newcomer: Person) -> None:
    """The last administrator does not shut himself out."""
    own = Account.objects.get(username="administrator")
    with pytest.raises(ValidationError, match="自己的账号"):
        services.account_close(by=acting("administrator"), account=own)
    opened(as_, newcomer)
    with pytest.raises(ValidationError, match="已经有账号"):
        services.account_open(by=acting("administrator"), person=newcomer, username="another")


def test_whoever_serves_above_is_not_the_county_s_to_let_in(newcomer: Person) -> None:
    """A county's administrator gets no key to other counties."""
    viewer = Account.objects.get(username="area-viewer")
    with pytest.raises(ValidationError, match="上级任职"):
        services.account_reset(by=acting("administrator"), account=viewer)
    Unit.objects.filter(id=newcomer.appointments.get().post.unit_id).update(kind=Unit.Kind.OUTSIDE)
    with pytest.raises(ValidationError, match="没有账号的单位"):
        services.account_open(by=acting("administrator"), person=newcomer, username="outside")


def test_only_the_administrator_of_the_county_comes_here(as_, newcomer: Person) -> None:
    """Nor does he find anybody of another county."""
    for username in ("office", "leader", "fin-staff", "auditor"):
        assert as_(username).post(f"{HERE}{newcomer.id}/open", {"username": "x-y-z"}).status_code == 403
    abroad = Person.objects.create(county=Area.objects.get(code=FOREIGN), name="别旗的人")
    assert as_("administrator").post(f"{HERE}{abroad.id}/open", {"username": "abroad"}).status_code == 404
    assert "别旗的人" not in as_("administrator").get(HERE).content.decode()


def test_a_person_without_an_account_says_so(as_, newcomer: Person) -> None:
    """On the list and on his page; the administrator finds the way to open one, the office whom to ask."""
    people = f"/c/{COUNTY}/organisation/people/"
    assert "没有" in as_("office").get(f"{people}?q=示例新人").content.decode()
    page = as_("office").get(f"{people}{newcomer.id}/").content.decode()
    assert "没有账号" in page
    assert "请找管理员" in page
    assert f"{HERE}{newcomer.id}/" not in page
    assert f"{HERE}{newcomer.id}/" in as_("administrator").get(f"{people}{newcomer.id}/").content.decode()
    listed = as_("administrator").get(f"{HERE}?state=none").content.decode()
    assert "示例新人" in listed
    assert "陈乐平" not in listed


def test_the_list_asks_as_often_for_many_as_for_few(as_, django_assert_max_num_queries) -> None:
    """A county of hundreds of people is one page of queries."""
    Person.objects.bulk_create(Person(county=county(), name=f"示例{at}", code=f"many-{at}") for at in range(300))
    browser = as_("administrator")
    with django_assert_max_num_queries(20):
        assert browser.get(HERE).status_code == 200


def test_the_first_administrator_is_opened_by_command_and_no_second() -> None:
    """In a county that has none; a forgotten password is reset the same way."""
    said, abroad = StringIO(), Area.objects.get(code=FOREIGN)
    call_command("account", FOREIGN, "first-admin", name="示例管理员", stdout=said)
    password = re.search(r"初始密码 (\S+)", said.getvalue())[1]
    signed_in("first-admin", password)
    assert acting("first-admin").roles_in(abroad) == {"administrator"}
    with pytest.raises(CommandError, match="已经有管理员"):
        call_command("account", FOREIGN, "second-admin", name="示例")
    call_command("account", FOREIGN, "first-admin", reset=True, stdout=said)
    assert Client().post("/sign-in", {"username": "first-admin", "password": password}).status_code == 200
    for told in (("999999", "x-y-z"), (FOREIGN, "nobody")):
        with pytest.raises(CommandError):
            call_command("account", *told, reset=True)
