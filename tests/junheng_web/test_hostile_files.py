"""Files that mean harm do none: each is refused with a reason, and nothing of it stays; names lead nowhere."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

import hostile
import pdfs
from collected import acting
from dossiers import county
from handed_in import named
from junheng_web.evidence import folders, looking, reading, viruses
from junheng_web.evidence.models import File, Passage
from junheng_web.evidence.parts import find, part_put, upload_begin
from junheng_web.evidence.services import file_add
from junheng_web.evidence.unpacking import zip_unpack
from places import COUNTY

HERE = f"/c/{COUNTY}/files/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> Path:
    settings.FILES = tmp_path / "files"
    return settings.FILES


def added(name: str, content: bytes) -> File:
    return file_add(by=acting("office"), county=county(), name=name, chunks=[content])[0]


def left(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def test_there_are_forty_of_them() -> None:
    """So that nobody thins them out unseen."""
    assert len(hostile.REFUSED) + len(hostile.RENAMED) >= 40


@pytest.mark.parametrize("what", hostile.REFUSED)
def test_a_hostile_file_is_refused(files: Path, what: str) -> None:
    """With why, and with nothing kept."""
    name, make, why = hostile.REFUSED[what]
    with pytest.raises(ValidationError) as refused:
        added(name, make())
    said = "".join(refused.value.messages)
    assert re.search(why, said), said
    assert "；" in said
    assert not File.objects.exists()
    assert left(files) == []


@pytest.mark.parametrize("what", ["a zip that bursts", "a photo and a zip", "a text with macros"])
def test_the_page_says_why(as_, what: str) -> None:
    """The office is told on the page, with 422 and no fault of ours."""
    name, make, why = hostile.REFUSED[what]
    page = as_("office").post(f"{HERE}add", {"file": named(name, make())})
    assert page.status_code == 422
    assert why in page.content.decode()


@pytest.mark.parametrize("name", hostile.RENAMED)
def test_a_name_leads_nowhere(files: Path, name: str) -> None:
    """It is kept by its content, whatever its name says."""
    one = added(name, pdfs.pages("批复"))
    assert one.name == hostile.RENAMED[name]
    assert left(files) == [folders.here().place(one.digest)]
    assert upload_begin(by=acting("office"), county=county(), name=name, size=3).name.endswith(".pdf")


def test_what_is_harmless_is_taken_in() -> None:
    """The walls let ordinary papers through: a scan, a text, a workbook, a zip, a table with a minus."""
    kept = {
        "批复.pdf": pdfs.pages("批复", "第二页"),
        "文.docx": hostile.text({}),
        "表.xlsx": hostile.book({}),
        "照片.jpg": hostile.picture("JPEG"),
        "包.zip": hostile.zipped({"照片/一.jpg": hostile.picture("JPEG"), "说明.txt": b"x"}),
        "函.ofd": hostile.ofd("关于示例的函"),
        "数.csv": "校,增减\n一校,-12\n二校,+3\n".encode(),
    }
    assert {added(name, content).name for name, content in kept.items()} == set(kept)


def unpacked(tmp_path: Path, content: bytes):
    file = tmp_path / "包.zip"
    file.write_bytes(content)
    return zip_unpack(by=acting("office"), county=county(), file=file, name="包.zip")


def test_a_zip_is_unpacked_file_by_file(tmp_path: Path) -> None:
    """Each is looked at as if it had come alone; names of Chinese Windows are read; what computers add is left out."""
    hard = {f"{at}-{name}": make() for at, (name, make, _) in enumerate([hostile.REFUSED[one] for one in INSIDE])}
    good = {"照片/一.jpg": hostile.picture("JPEG"), "__MACOSX/一.jpg": b"x", "Thumbs.db": b"x"}
    out = unpacked(tmp_path, hostile.zipped({**good, **hard}))
    assert [one.name for one in out.files] == ["一.jpg"]
    assert len(out.refused) == len(hard)
    gbk = hostile.zipped({"A.pdf": pdfs.pages("批复")}).replace(b"A.pdf", b"\xc5.pdf")
    again = unpacked(tmp_path, gbk.replace(b"\xc5.pdf", b"\xc5.pdf"))
    assert len(again.files) == 1


INSIDE = ("a picture that is a script", "a paper and a page", "a zip that bursts", "a workbook with macros")


@pytest.mark.parametrize("what", [one for one in hostile.REFUSED if hostile.REFUSED[one][0] == "包.zip"])
def test_a_hostile_zip_is_not_unpacked(tmp_path: Path, files: Path, what: str) -> None:
    """No more than it is kept; what is a member's own fault is refused alone."""
    content = hostile.REFUSED[what][1]()
    try:
        out = unpacked(tmp_path, content)
    except ValidationError:
        out = None
    assert out is None or (out.files == [] and out.refused)
    assert left(files) == []


def test_a_file_that_crashes_its_reader_is_told_to_be_unreadable() -> None:
    """It is read in a process of its own; the next file is read all the same."""
    broken = added("坏.pdf", b"%PDF-1.7\n" + b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" * 50)
    good = added("好.pdf", pdfs.pages("好的"))
    assert reading.files_read() == 2
    assert (broken.reading.state, good.reading.state) == ("unreadable", "read")
    with pytest.raises(looking.Unshown):
        looking.picture(broken, 1, cover=False)
    assert Passage.objects.filter(file=broken).values_list("page", flat=True).get() == 0


def test_an_upload_is_of_its_account_and_county() -> None:
    """Another one's does not exist; a part is never more than was said."""
    one = upload_begin(by=acting("office"), county=county(), name="批复.pdf", size=4)
    part_put(one, 0, b"%PDF")
    for by, code in (("clerk-03", one.code), ("office", "0" * 24), ("office", f"../{one.code}")):
        with pytest.raises(LookupError):
            find(by=acting(by), county=county(), code=code)


class Scanner(threading.Thread):
    """Speaks the scanner's protocol over a socket: reads a stream in chunks, and answers as it was told to."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(daemon=True)
        self.answer, self.seen = answer, b""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp:127.0.0.1:{self.listening.getsockname()[1]}"

    def run(self) -> None:
        connected, _ = self.listening.accept()
        with connected, connected.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!I", stream.read(4))[0]:
                self.seen += stream.read(size)
            connected.sendall(self.answer)


@pytest.fixture
def scanner(settings, request) -> Iterator[Scanner]:
    one = Scanner(request.param)
    settings.CLAMD = one.address
    one.start()
    yield one
    one.join(5)
    one.listening.close()


@pytest.mark.parametrize("scanner", [b"stream: OK\0"], indirect=True)
def test_a_scanner_sees_every_byte(scanner: Scanner) -> None:
    """And what it finds clean is taken in."""
    content = pdfs.pages("批复")
    added("批复.pdf", content)
    assert scanner.seen == content


@pytest.mark.parametrize("scanner", [b"stream: Eicar-Signature FOUND\0"], indirect=True)
def test_what_a_scanner_finds_is_refused(scanner: Scanner) -> None:
    """By the name that the scanner gives it."""
    with pytest.raises(ValidationError, match="Eicar-Signature"):
        added("批复.pdf", pdfs.pages("批复"))


@pytest.mark.parametrize("address", ["tcp:127.0.0.1:1", "unix:/nowhere/clamd.ctl", "nonsense"])
def test_a_scanner_that_does_not_answer_lets_nothing_pass(settings, tmp_path: Path, address: str) -> None:
    """It was set up so that nothing passes unseen."""
    settings.CLAMD = address
    file = tmp_path / "a"
    file.write_bytes(b"x")
    assert "没有应答" in viruses.virus_in(file)
