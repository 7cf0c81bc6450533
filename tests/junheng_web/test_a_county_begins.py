"""A county is written down by command, gets its administrator by command, and all else on pages."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from junheng_web.organisation.models import Area, AuditRow

pytestmark = pytest.mark.django_db
LEAGUE = ("159800", "虚构盟（虚构）")


def begun(code: str, name: str, **told: object) -> str:
    """Run the command and return what it says."""
    said = StringIO()
    call_command("county", code, name, stdout=said, **told)
    return said.getvalue()


def test_a_county_begins_with_its_league_and_its_first_administrator_signs_in() -> None:
    """He comes to pages of a county in which nothing has happened yet."""
    assert "junheng-web account 159801" in begun("159801", "虚构甲旗", above=[*LEAGUE])
    county = Area.objects.get(code="159801")
    assert (county.name, county.kind, county.parent.code, county.parent.kind) == (
        *("虚构甲旗", Area.Kind.COUNTY),
        *("159800", Area.Kind.LEAGUE),
    )
    assert AuditRow.objects.filter(action="county.add", county_code="159801").count() == 1
    said = StringIO()
    call_command("account", "159801", "first-of-all", name="示例管理员", stdout=said)
    browser, new = Client(), "a-Long-password-of-2026"
    old = re.search(r"初始密码 (\S+)", said.getvalue())[1]
    assert browser.post("/sign-in", {"username": "first-of-all", "password": old}).status_code == 302
    browser.post("/password", {"old_password": old, "new_password1": new, "new_password2": new})
    page = browser.get("/", follow=True)
    assert (page.status_code, "虚构甲旗" in page.content.decode()) == (200, True)


def test_counties_of_one_league_share_it() -> None:
    """It is written down once."""
    for code in ("159801", "159802"):
        begun(code, f"虚构{code}旗", above=[*LEAGUE])
    assert Area.objects.get(code="159800").below.count() == 2


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (("15062", "短旗"), "六位数字"),
        (("050624", "零旗"), "六位数字"),
        (("15o624", "字母旗"), "六位数字"),
        (("150699", "别的旗"), "已经有了：示例旗"),
        (("159803", "  "), "名称|空"),
        (("159803", "长" * 61), "60"),
    ],
)
def test_what_is_no_county_is_refused(told: tuple[str, str], why: str) -> None:
    """With the reason, and nothing is kept: of the league neither."""
    before = Area.objects.count()
    with pytest.raises(CommandError, match=why):
        begun(*told, above=[*LEAGUE])
    assert Area.objects.count() == before


@pytest.mark.parametrize("above", [("159900", "另一个盟"), ("150699", "示例旗（虚构）")])
def test_an_area_above_is_what_it_is_called(above: tuple[str, str]) -> None:
    """A slip in its code would give the county to somebody else to look at."""
    with pytest.raises(CommandError, match="请核对代码和名称"):
        begun("159804", "虚构旗", above=[*above])
    assert not Area.objects.filter(code="159804").exists()


def test_a_province_stands_above_its_leagues() -> None:
    """Written down with any of its counties; a league that was known before is put into it, and stays there."""
    province = ["980000", "虚构省"]
    begun("159801", "虚构甲旗", above=[*LEAGUE])
    begun("159802", "虚构乙旗", above=[*LEAGUE], province=province)
    begun("980001", "虚构直管县", province=province)
    assert Area.objects.get(code="159800").parent == Area.objects.get(code="980001").parent
    assert Area.objects.get(code="980000").kind == Area.Kind.PROVINCE
    with pytest.raises(CommandError, match="虚构盟（虚构）已写明属于虚构省"):
        begun("159803", "虚构丙旗", above=[*LEAGUE], province=["970000", "别的省"])
    with pytest.raises(CommandError, match="请核对代码和名称"):
        begun("159803", "虚构丙旗", province=[*LEAGUE])
    assert not Area.objects.filter(code__in=("159803", "970000")).exists()


def viewer(code: str, username: str, **told: object) -> str:
    """Run the command for an account and return the initial password."""
    said = StringIO()
    call_command("account", code, username, stdout=said, **told)
    return re.search(r"初始密码 (\S+)", said.getvalue())[1]


def signed_in(username: str, old: str) -> Client:
    """Sign in with an initial password and change it."""
    browser, new = Client(), "a-Long-password-of-2026"
    assert browser.post("/sign-in", {"username": username, "password": old}).status_code == 302
    browser.post("/password", {"old_password": old, "new_password1": new, "new_password2": new})
    return browser


def test_somebody_of_the_league_sees_its_counties_and_changes_nothing() -> None:
    """He comes to the counties side by side; the county's administrator has no say over his account."""
    for code in ("159801", "159802"):
        begun(code, f"虚构{code}旗", above=[*LEAGUE])
    page = signed_in("look-on", viewer("159800", "look-on", name="示例查看")).get("/", follow=True)
    assert page.redirect_chain == [("/a/159800/", 302)]
    assert [one["county"].code for one in page.context["rows"]] == ["159801", "159802"]
    assert AuditRow.objects.filter(action="area.viewer_add", county_code="159801").count() == 1
    again = viewer("159800", "look-on", reset=True)
    assert signed_in("look-on", again).get("/a/159800/").status_code == 200


def test_a_viewer_needs_a_county_below_and_a_name() -> None:
    """Nothing is kept of one who is refused; a viewer is no county's administrator to reset."""
    Area.objects.create(code="159800", name="虚构盟", kind=Area.Kind.LEAGUE)
    people = AuditRow.objects.count()
    for told, why in (
        ({"name": "示例"}, "还没有县"),
        ({}, "请用 --name"),
        ({"reset": True}, "没有叫 look-on 的上级查看"),
    ):
        with pytest.raises(CommandError, match=why):
            viewer("159800", "look-on", **told)
    begun("159801", "虚构甲旗", above=["159800", "虚构盟"])
    with pytest.raises(CommandError, match="用户名"):
        viewer("159800", "x", name="示例")
    assert AuditRow.objects.count() == people + 1
