"""Files are taken in by what they hold, stored once, linked to what they prove, and handed out to whoever may see."""

from __future__ import annotations

import base64
import io
import zipfile

import docx
import openpyxl
import pytest
import xlwt
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng_web.evidence import folders, selectors, services
from junheng_web.evidence.models import File, Link
from junheng_web.organisation.models import Area, AuditRow
from places import COUNTY, FOREIGN

HERE = f"/c/{COUNTY}/files/"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


# One pixel each, as a browser saves it.
JPG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////"
    "////////////////////2wBDAf//////////////////////////////////////////////////////////////////////////"
    "////////////wAARCAABAAEDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QA"
    "FAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AKAA/9k="
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGL5//8/AAAA//+rxzhLAAAABklEQVQDAAYOAwJctCtX"
    "AAAAAElFTkSuQmCC"
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def saved(save) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def xlsx() -> bytes:
    return saved(openpyxl.Workbook().save)


def xls() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, 1)
    return saved(book.save)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "a")
    return out.getvalue()


MADE = {
    "表.xlsx": xlsx,
    "表.xls": xls,
    "文.docx": lambda: saved(docx.Document().save),
    "批复.pdf": lambda: PDF,
    "照片.jpg": lambda: JPG,
    "照片.JPEG": lambda: JPG,
    "图.png": lambda: PNG,
    "包.zip": zipped,
    "数.csv": lambda: "学校,数\n一校,1\n".encode("gb18030"),
}


def hand_in(client, name: str, content: bytes, query: str = ""):
    return client.post(f"{HERE}add{query}", {"file": SimpleUploadedFile(name, content)}, follow=True)


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("name", MADE)
def test_a_file_goes_in_and_comes_out_as_it_was(as_, name: str) -> None:
    """Under its name, as an attachment that no browser runs."""
    clerk, content = as_("clerk-03"), MADE[name]()
    page = hand_in(clerk, name, content)
    assert page.status_code == 200
    assert "已收下" in text(page)
    one = File.objects.get()
    back = as_("office").get(f"{HERE}{one.digest}")
    assert b"".join(back.streaming_content) == content
    assert back["Content-Disposition"].startswith("attachment;")
    assert back["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back["Content-Security-Policy"]
    assert back["Content-Type"] == one.media_type
    assert AuditRow.objects.filter(action="file.add", object_code=one.digest).count() == 1
    assert not list(folders.here().files.glob("part-*"))


OTHERWISE = {
    "表.xlsx": (lambda: saved(docx.Document().save), "其实是 docx"),
    "文.docx": (xlsx, "其实是 xlsx"),
    "旧.xls": (xlsx, "其实是 xlsx"),
    "新.xlsx": (xls, "其实是 xls"),
    "批复.pdf": (lambda: b"<html><script>alert(1)</script></html>", "其实是 csv"),
    "照.jpg": (lambda: b"MZ\x90\x00" + bytes(200), "不是 jpg"),
    "图.png": (lambda: JPG, "其实是 jpg"),
    "乱.pdf": (lambda: bytes(range(256)) * 4, "不是 pdf"),
    "断.zip": (lambda: zipped()[:20], "不是 zip"),
    "数.csv": (lambda: b"1,2\n\x00\x01\xff", "不是 csv"),
    "锁.xlsx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    "程序.exe": (lambda: b"MZ", "不收这种文件"),
    "无": (lambda: b"a", "不收这种文件"),
    "空.pdf": (lambda: b"", "文件是空的"),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_is_not_what_its_name_says_is_refused(as_, name: str) -> None:
    """Kindly: what it is, and what to do; nothing of it stays."""
    make, why = OTHERWISE[name]
    page = hand_in(as_("office"), name, make())
    assert page.status_code == 422
    assert why in text(page)
    assert not File.objects.exists()
    assert not [one for one in folders.here().files.rglob("*") if one.is_file()]


def test_a_file_that_is_too_large_is_refused(as_, monkeypatch) -> None:
    """By what is said of its size, and by what comes."""
    from junheng_web.evidence import forms

    monkeypatch.setattr(services, "LARGEST", 100)
    page = hand_in(as_("office"), "批复.pdf", PDF + b"%" * 100)
    assert page.status_code == 422
    assert "超过" in text(page)
    monkeypatch.setattr(forms, "LARGEST", 10)
    assert hand_in(as_("office"), "批复.pdf", PDF).status_code == 422
    assert not File.objects.exists()


def test_the_same_content_is_one_file(as_) -> None:
    """Under the first name; the second sender is told."""
    office = as_("office")
    hand_in(office, "批复.pdf", PDF)
    assert "早已交过" in text(hand_in(office, "批复（二）.pdf", PDF))
    assert File.objects.get().name == "批复.pdf"
    assert AuditRow.objects.filter(action="file.add").count() == 1


def scope_of(username: str):
    import datetime as dt

    from junheng_web.organisation.models import Account
    from junheng_web.organisation.scopes import scope_of as of

    return of(Account.objects.get(username=username), dt.date(2026, 1, 1))


def test_a_file_of_another_county_does_not_exist(as_) -> None:
    """Though the content is stored once for both, each county sees its own alone."""
    foreign = Area.objects.get(code=FOREIGN)
    one, new = services.file_add(by=scope_of("office"), county=foreign, name="批复.pdf", chunks=[PDF])
    assert new
    office = as_("office")
    for path in ("", "/"):
        assert office.get(f"{HERE}{one.digest}{path}").status_code == 404
        assert office.get(f"/c/{FOREIGN}/files/{one.digest}{path}").status_code == 404
    assert office.post(f"{HERE}{one.digest}/links", {"object_kind": "school", "object_code": "1"}).status_code == 404
    assert "批复.pdf" not in text(office.get(HERE))
    hand_in(office, "我们的批复.pdf", PDF)
    assert File.objects.count() == 2
    assert office.get(f"{HERE}{one.digest}").status_code == 200


def test_a_file_is_linked_to_what_it_proves(as_) -> None:
    """From the object's own list, or by hand; a link taken back is in the audit, and the file stays."""
    office = as_("office")
    hand_in(office, "批复.pdf", PDF, "?kind=indicator&code=B10")
    one = File.objects.get()
    page = f"{HERE}{one.digest}/"
    office.post(f"{page}links", {"object_kind": "school", "object_code": "1506990003", "note": "盖章件"})
    told = text(office.get(page))
    assert "指标 B10" in told
    assert "盖章件" in told
    assert "批复.pdf" in text(office.get(f"{HERE}?kind=indicator&code=B10"))
    assert "批复.pdf" not in text(office.get(f"{HERE}?kind=indicator&code=B11"))
    link = Link.objects.get(object_kind="school")
    office.post(f"{page}links/{link.id}/remove")
    assert Link.objects.count() == 1
    assert list(AuditRow.objects.filter(action__startswith="file.").values_list("action", flat=True)) == [
        *("file.add", "file.link", "file.link", "file.unlink")
    ]


@pytest.mark.parametrize("of", [("school", "a b"), ("school", "<b>"), ("school", "x" * 81), ("planet", "B1")])
def test_what_is_no_name_of_an_object_is_refused(as_, of: tuple[str, str]) -> None:
    """By the page; the service refuses what other rooms send it as well."""
    office = as_("office")
    hand_in(office, "批复.pdf", PDF)
    one = File.objects.get()
    sent = {"object_kind": of[0], "object_code": of[1]}
    assert office.post(f"{HERE}{one.digest}/links", sent).status_code == 422
    assert not Link.objects.exists()
    with pytest.raises(ValidationError):
        services.file_link(by=scope_of("office"), file=one, of=("School", "1"))


def test_an_address_with_a_wrong_object_takes_nothing_half(as_) -> None:
    """The reason is told; the file can be linked from its own page."""
    page = hand_in(as_("office"), "批复.pdf", PDF, "?kind=BAD&code=1")
    assert page.status_code == 422
    assert not File.objects.exists()


def test_who_may_only_look_sees_no_form(as_) -> None:
    """And cannot hand in by address either."""
    hand_in(as_("office"), "批复.pdf", PDF)
    one = File.objects.get()
    auditor = as_("auditor")
    assert "批复.pdf" in text(auditor.get(HERE))
    assert 'type="file"' not in text(auditor.get(HERE))
    assert "归到这里" not in text(auditor.get(f"{HERE}{one.digest}/"))
    assert hand_in(auditor, "又.pdf", PDF).status_code == 403


def test_files_are_found_by_name_and_listed_in_a_workbook(as_) -> None:
    """The list is that which is shown; its queries do not grow with it."""
    office = as_("office")
    for number in range(3):
        hand_in(office, f"批复{number}.pdf", PDF + bytes(f"%{number}", "ascii"))
    page = office.get(f"{HERE}?q=批复1")
    assert "批复1.pdf" in text(page)
    assert "批复2.pdf" not in text(page)
    sheet = openpyxl.load_workbook(io.BytesIO(office.get(f"{HERE}?_export=xlsx").content)).active
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {f"批复{number}.pdf" for number in range(3)}
    assert isinstance(sheet["B2"].value, int)


def test_the_list_asks_the_database_as_often_for_many_files(as_) -> None:
    """Links come with the files."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    office = as_("office")
    asked = []
    for number in range(8):
        hand_in(office, f"批复{number}.pdf", PDF + bytes(f"%{number}", "ascii"), f"?kind=indicator&code=B{number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            office.get(HERE)
        asked.append(len(queries))
    assert asked[1] == asked[7]


def test_stored_content_is_verified(as_) -> None:
    """What was changed or taken away is named, with who it belongs to."""
    office = as_("office")
    for number in range(3):
        hand_in(office, f"批复{number}.pdf", PDF + bytes(f"%{number}", "ascii"))
    assert not list(selectors.STORE.faults())
    files = {one.name: folders.here().place(one.digest) for one in File.objects.all()}
    files["批复1.pdf"].write_bytes(b"other")
    files["批复2.pdf"].unlink()
    told = sorted(selectors.STORE.faults(), key=lambda one: one[-6])
    assert len(told) == 2
    assert any("内容变了" in one and f"{COUNTY} 批复1.pdf" in one for one in told)
    assert any("不见了" in one and f"{COUNTY} 批复2.pdf" in one for one in told)
