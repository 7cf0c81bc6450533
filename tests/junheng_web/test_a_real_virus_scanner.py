"""What the platform says to clamd, said to the real one, which knows one harmless sentence as a virus."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from collected import acting
from dossiers import county
from junheng_web.evidence import viruses
from junheng_web.evidence.models import File
from junheng_web.evidence.services import file_add

SENTENCE = "JUNHENG-HARMLESS-TEST-STRING"
SECONDS = 120


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def configured(place: Path, port: int) -> Path:
    """Write the scanner's settings and its only signature."""
    (place / "db").mkdir()
    (place / "db" / "junheng.ndb").write_text(f"Junheng.Harmless:0:*:{SENTENCE.encode().hex()}\n")
    told = {"DatabaseDirectory": place / "db", "LocalSocket": place / "socket", "TCPSocket": port}
    told |= {"TCPAddr": "127.0.0.1", "Foreground": "yes", "StreamMaxLength": "3M"}
    if os.geteuid() == 0:
        told["User"] = "root"
    file = place / "clamd.conf"
    file.write_text("".join(f"{name} {value}\n" for name, value in told.items()))
    return file


@pytest.fixture(scope="module")
def scanner(clamd) -> Iterator[dict[str, str]]:
    """Run the scanner while the tests of this file run; return its addresses."""
    # A socket's path has to be short.
    place, port = Path(tempfile.mkdtemp(prefix="clamd-")), free_port()
    with (place / "log").open("wb") as log:
        process = subprocess.Popen([clamd, f"--config-file={configured(place, port)}"], stdout=log, stderr=log)
    try:
        until = time.monotonic() + SECONDS
        while not answers(place / "socket"):
            assert process.poll() is None, (place / "log").read_text()
            assert time.monotonic() < until, (place / "log").read_text()
            time.sleep(0.1)
        yield {"unix": f"unix:{place / 'socket'}", "tcp": f"tcp:127.0.0.1:{port}"}
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(place)


def answers(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as one:
        one.connect(str(path))
        return True
    return False


@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_it_finds_what_it_knows_and_passes_the_rest(scanner, settings, tmp_path, kind) -> None:
    """Over either socket, also where the sign stands in a later part of a large file."""
    settings.CLAMD = scanner[kind]
    clean, bad = tmp_path / "clean", tmp_path / "bad"
    clean.write_bytes(b"x" * (viruses.CHUNK + 1))
    bad.write_bytes(b"x" * (viruses.CHUNK + 1) + SENTENCE.encode() + b"y")
    assert viruses.virus_in(clean) == ""
    assert "查出病毒（Junheng.Harmless" in viruses.virus_in(bad)
    assert viruses.virus_in(clean) == ""


@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_what_is_too_large_for_it_does_not_pass(scanner, settings, tmp_path, kind) -> None:
    """It breaks off in the middle."""
    settings.CLAMD, file = scanner[kind], tmp_path / "large"
    file.write_bytes(b"x" * 9 * 2**20)
    assert "可能太大" in viruses.virus_in(file)


@pytest.mark.django_db
def test_an_infected_file_is_not_taken_in(scanner, settings, tmp_path) -> None:
    """Nothing of it stays; the clean one beside it does."""
    settings.CLAMD, settings.FILES = scanner["unix"], tmp_path / "files"
    known = {"by": acting("office"), "county": county()}
    with pytest.raises(ValidationError, match=r"数\.csv：查出病毒"):
        file_add(name="数.csv", chunks=[f"学校,{SENTENCE}\n".encode()], **known)
    assert not File.objects.exists()
    assert not [one for one in settings.FILES.rglob("*") if one.is_file()]
    assert file_add(name="数.csv", chunks=["学校,班额\n".encode()], **known)[1]
