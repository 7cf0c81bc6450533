"""Scans of sealed forms as somebody makes them: straight, turned, noisy, as pictures and as pages."""

from __future__ import annotations

import io
import random

import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from handed_in import named
from junheng_web.collection.handing.approving import digest_of
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.sealed.marks import mark_of

# A page of A4 at 150 dots an inch, and the QR code of 28 mm on it.
PAGE, QR = (1240, 1754), 165


def sheet(*texts: str, turned: float = 0, noise: int = 0) -> Image.Image:
    """Return a page that bears these QR codes below one another, turned by some degrees, with noise."""
    page = Image.new("L", PAGE, 255)
    for place, text in enumerate(texts):
        out = io.BytesIO()
        segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=2)
        page.paste(Image.open(out).convert("L").resize((QR, QR)), (960, 120 + 400 * place))
    page = page.rotate(turned, fillcolor=255)
    draw = random.Random(7)
    for _ in range(noise):
        page.putpixel((draw.randrange(PAGE[0]), draw.randrange(PAGE[1])), draw.randrange(256))
    return page


def scan(one: Subject, name: str = "盖章件.pdf", **look: float) -> SimpleUploadedFile:
    """Return the scan of a form as it is now."""
    return picture(name, mark_of(one, digest_of(one)).text, **look)


def picture(name: str, *texts: str, **look: float) -> SimpleUploadedFile:
    """Return a scan with these QR codes; the name says whether as a PDF or as a picture."""
    out = io.BytesIO()
    kind = {"pdf": "PDF", "jpg": "JPEG", "png": "PNG"}[name.rsplit(".", 1)[-1]]
    sheet(*texts, **look).save(out, kind, **({"resolution": 150} if kind == "PDF" else {}))
    return named(name, out.getvalue())
