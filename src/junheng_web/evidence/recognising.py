"""The words on one page of a scan, told by Tesseract in a process of its own; the picture goes nowhere else.

python -m junheng_web.evidence.recognising FILE KIND PAGE        writes JSON: the words, and how sure they are
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from PIL import Image, ImageOps

from junheng_web.evidence.words import SIGNS

PROGRAM, LANGUAGE = "tesseract", "chi_sim"
SECONDS = 40
# A page of A4 at some 200 dots an inch; Tesseract reads smaller signs badly, and larger pages slowly.
WIDTH, HIGHEST = 1700, 5000
LARGEST_SCALE = 4.0
# Tesseract's table: a line for each word, its last columns how sure it is (-1: no word) and the word.
SURE, WORD = 10, 11
LINE = slice(1, 5)
BETWEEN_SIGNS = re.compile(rf"(?<=[{SIGNS}]) +(?=[{SIGNS}])")


@cache
def installed() -> bool:
    """Whether Tesseract is here, and knows Chinese; what is installed later counts from the next start on."""
    if not shutil.which(PROGRAM):
        return False
    try:
        told = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return False
    return LANGUAGE in told.stdout.decode("utf-8", "replace").split()


def recognised(file: Path, kind: str, page: int) -> tuple[str, int]:
    """Return the words on a page of a scan, and how sure they are. Raises whatever its reader or Tesseract raises."""
    out = io.BytesIO()
    (_page(file, page) if kind == "pdf" else _photo(file)).save(out, "PNG")
    command = [PROGRAM, "stdin", "stdout", "-l", LANGUAGE, "--psm", "3", "tsv"]
    # One thread: beside it pages are served.
    one = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(  # noqa: S603 (our own words)
        command, input=out.getvalue(), capture_output=True, timeout=SECONDS, check=True, env=one
    )
    return read_table(done.stdout.decode("utf-8", "replace"))


def _page(file: Path, number: int) -> Image.Image:
    import pypdfium2

    page = pypdfium2.PdfDocument(file)[number - 1]
    scale = min(WIDTH / max(page.get_width(), 1.0), HIGHEST / max(page.get_height(), 1.0), LARGEST_SCALE)
    return page.render(scale=scale, grayscale=True).to_pil()


def _photo(file: Path) -> Image.Image:
    """Return a photo as it is held upright: cameras write down which way is up."""
    with Image.open(file) as opened:
        opened.draft("L", (WIDTH, WIDTH))
        picture = ImageOps.exif_transpose(opened).convert("L")
    picture.thumbnail((WIDTH, HIGHEST))
    return picture


def read_table(table: str) -> tuple[str, int]:
    """Return the words of Tesseract's table line by line, and how sure they are on the average of their signs."""
    lines: dict[tuple[str, ...], list[str]] = {}
    total = signs = 0.0
    for row in (line.split("\t") for line in table.splitlines()[1:]):
        if len(row) <= WORD or not (word := row[WORD].strip()) or float(row[SURE]) < 0:
            continue
        lines.setdefault(tuple(row[LINE]), []).append(word)
        total, signs = total + float(row[SURE]) * len(word), signs + len(word)
    text = "\n".join(BETWEEN_SIGNS.sub("", " ".join(words)) for words in lines.values())
    return text, round(total / signs) if signs else 0


def main(file: str, kind: str, page: str) -> None:
    """Write what stands on a page to the standard output."""
    from junheng_web.evidence.extracting import bounded

    bounded()
    text, sure = recognised(Path(file), kind, int(page))
    sys.stdout.buffer.write(json.dumps([text, sure]).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
