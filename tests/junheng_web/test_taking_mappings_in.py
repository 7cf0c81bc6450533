"""A mapping made elsewhere: its file is read and shown, beside the county's own version, before anything is kept."""

from __future__ import annotations

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng.facts.mapped.load import mapping_to_yaml
from junheng_web.organisation.models import AuditRow
from junheng_web.statistics.forms import LARGEST_MAPPING
from junheng_web.statistics.models import Mapping
from marked import HERE, brought, saved
from statistics_forms import OWN, ROWS, changed

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}upload/"
NAME = "示例对照.yaml"


def text_of(**more) -> str:
    """Return the invented mapping of rows as its file says it."""
    return mapping_to_yaml(changed(ROWS, **more))


def sent(browser, text: str | bytes, name: str = NAME):
    """Choose a file and return what the page shows of it."""
    content = text.encode() if isinstance(text, str) else text
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def kept(browser, page, follows: str = "new"):
    """Agree to what a page shows, as a browser does: it sends the lines of a text with a carriage return."""
    text = page.context["text"].replace("\n", "\r\n")
    return browser.post(PAGE, {"text": text, "name": NAME, "follows": follows}, follow=True)


def test_a_file_is_shown_then_kept_and_reads(as_) -> None:
    """Nothing is kept before; afterwards it is a mapping as any other, with who brought it and from which file."""
    office = as_("office")
    page = sent(office, text_of())
    shown = unescape(page.content.decode())
    assert "小学在校生数" in shown
    assert ROWS["anchors"][0]["text"] in shown
    assert not Mapping.objects.exists()
    assert "已存为第 1 版" in kept(office, page).content.decode()
    row = Mapping.objects.get()
    assert (row.form, row.version, row.in_force, row.by_name) == (ROWS["form"], 1, True, "陈乐平")
    assert AuditRow.objects.get(action="mapping.save").detail["file"] == NAME
    assert brought(office, 情况=OWN).context["plan"].problems == []


def test_what_is_downloaded_is_taken_in_again_as_the_same(as_) -> None:
    """Byte for byte; the same again is no version."""
    row, office = saved(ROWS), as_("office")
    file = office.get(f"{HERE}mappings/{row.code}/file")
    page = sent(office, file.content)
    assert page.context["same"]
    assert {one.change for one in page.context["rows"]} == {""}
    kept(office, page, row.code)
    assert Mapping.objects.count() == 1


def test_it_follows_the_county_s_own_version_if_the_office_says_so(as_) -> None:
    """What is new, other, or read no more is marked; the old version stays."""
    row, office = saved(ROWS), as_("office")
    other = [{**one, "terms": [{"at": "F"}]} if one["column"] == "junior_pupils" else one for one in ROWS["fields"]]
    other = [one for one in other if one["column"] != "primary_pupils"]
    other += [{"column": "senior_pupils", "unit": "人", "terms": [{"at": "G"}]}]
    page = sent(office, text_of(fields=other))
    assert [one.code for one in page.context["before"]] == [row.code]
    changes = {one.label: one.change for one in page.context["rows"]}
    assert changes["高中在校生数"] == "新增"
    assert changes["小学在校生数"] == "不再读"
    assert changes["初中在校生数"] == "改了"
    assert "已存为第 2 版" in kept(office, page, row.code).content.decode()
    assert list(Mapping.objects.order_by("version").values_list("code", "version")) == [(row.code, 1), (row.code, 2)]


def test_what_it_was_to_follow_may_be_gone(as_) -> None:
    """Nothing is kept, what was shown is shown again."""
    office = as_("office")
    page = kept(office, sent(office, text_of()), "nothing")
    assert page.status_code == 409
    assert "不在了" in page.content.decode()
    assert page.context["made"].form == ROWS["form"]
    assert not Mapping.objects.exists()


WRONG = (
    ("form: x\nshape: rows\nwhat: 1\n", "what", "请删去或改为"),
    ("[1, 2]", "", "键: 值"),
    ("a: [1, 2", "", "请按行号改正"),
    ("form: 2025-13-45\n", "", "请改成文字"),
    ("? [1]\n: 2\n? [1]\n: 2\n", "", ""),
    ("a: " + "[" * 5000, "", ""),
    ("a: &a [x]\nb: *a\n", "", "请把引用的内容原样写出来"),
    (b"\xff\xfe\x00\x00", "", "UTF-8"),
    ("", "", "文件是空的"),
)


@pytest.mark.parametrize(("text", "key", "remedy"), WRONG)
def test_a_wrong_file_is_refused_with_file_key_and_remedy(as_, text: str | bytes, key: str, remedy: str) -> None:
    """And nothing is kept of it; the page asks for another."""
    page = sent(as_("office"), text)
    told = unescape(page.content.decode())
    assert page.status_code == 422
    for part in (NAME if text else "", key, remedy):
        assert part in told
    assert "看它读什么" in told
    assert not Mapping.objects.exists()


def test_each_wrong_key_is_named(as_) -> None:
    """A column that is none, a unit that it does not have, a text longer than is kept."""
    office = as_("office")
    for old, new, key in (
        ("column: primary_pupils", "column: nothing", "fields[2].column"),
        ("unit: 人", "unit: 平方米", "unit"),
        (f"name: {ROWS['name']}", f"name: {'长' * 121}", "name"),
    ):
        text = text_of()
        assert old in text
        page = sent(office, text.replace(old, new))
        assert any(key in (one.column or "") for one in page.context["problems"]), key


def test_what_is_no_mapping_s_file_is_refused_by_name_and_size(as_) -> None:
    """A workbook is sent to the page for workbooks."""
    office = as_("office")
    assert "用工作簿建立对照" in sent(office, text_of(), "示例.xlsx").content.decode()
    assert "超过 128 KB" in sent(office, b"#" * (LARGEST_MAPPING + 1)).content.decode()


def test_only_who_makes_mappings_takes_one_in(as_) -> None:
    """Whoever may look at them may not."""
    for username in ("leader", "edu-hr-desk", "clerk-03"):
        assert sent(as_(username), text_of()).status_code == 403, username
    assert not Mapping.objects.exists()
