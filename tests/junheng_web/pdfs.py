"""PDFs as tests need them: with words on their pages, with scripts or other files inside. All of it invented."""

from __future__ import annotations

from collections.abc import Sequence

from junheng_web.dossier.sheets import Sheet, pdf_of


def pages(*texts: str) -> bytes:
    """Return a PDF with a page for each text, a line for each of its lines."""
    sheets = []
    for text in texts:
        sheet = Sheet()
        for at, line in enumerate(text.splitlines()):
            sheet.text(80, 760 - 24 * at, 14, line)
        sheets.append(sheet)
    return pdf_of(sheets)


def raw(objects: Sequence[bytes], catalogue: bytes = b"") -> bytes:
    """Return a PDF of one blank page whose catalogue says more; further objects are numbered from 4."""
    every = [
        b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        *objects,
    ]
    out, places = bytearray(b"%PDF-1.6\n"), []
    for number, content in enumerate(every, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(every) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(every) + 1, start))
