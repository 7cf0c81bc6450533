"""Files are shown to a virus scanner where the installation has one: clamd, by its own protocol over a socket."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import structlog
from django.conf import settings

CHUNK = 1 << 20
SECONDS = 120
log = structlog.get_logger(__name__)


def virus_in(file: Path) -> str:
    """Return what the scanner found in a file, and what to do; nothing where it is clean, or where there is no scanner.

    A scanner that does not answer lets nothing pass: it was set up so that nothing passes unseen.
    """
    if not settings.CLAMD:
        return ""
    try:
        answer = _asked(file)
    except (OSError, ValueError):
        log.exception("the virus scanner does not answer", clamd=settings.CLAMD)
        return "查毒程序没有应答，暂时不能收文件；请过几分钟再交，还不行请告诉管理员"
    if answer.endswith("OK"):
        return ""
    if answer.endswith("FOUND"):
        return f"查出病毒（{answer.removeprefix('stream: ').removesuffix(' FOUND')}）；请在本机杀毒以后再交"
    log.error("the virus scanner refuses", answer=answer)
    return "查毒程序查不了这个文件（可能太大）；请拆小再交，还不行请告诉管理员"


def _asked(file: Path) -> str:
    """Send a file to the scanner and return its answer; nothing where it broke off without one.

    What is too large for it, it breaks off in the middle, and has said why by then.
    """
    answer = b""
    with _connected() as scanner:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            _send(scanner, file)
        with contextlib.suppress(ConnectionResetError):
            answer = b"".join(iter(lambda: scanner.recv(4096), b""))
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _send(scanner: socket.socket, file: Path) -> None:
    """Send a file as clamd's INSTREAM wants it: each chunk after its length, an empty one at the end."""
    with file.open("rb") as content:
        scanner.sendall(b"zINSTREAM\0")
        while chunk := content.read(CHUNK):
            scanner.sendall(struct.pack("!I", len(chunk)) + chunk)
        scanner.sendall(struct.pack("!I", 0))


@contextlib.contextmanager
def _connected() -> Iterator[socket.socket]:
    """Connect to the scanner. Raises ValueError for an address that is none, OSError where nobody listens."""
    kind, _, where = settings.CLAMD.partition(":")
    if kind == "unix":
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    elif kind == "tcp":
        connected = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    else:
        raise ValueError(f"JUNHENG_CLAMD is neither unix:… nor tcp:…: {settings.CLAMD}")
    with connected:
        connected.settimeout(SECONDS)
        host, _, port = where.rpartition(":")
        connected.connect(where if kind == "unix" else (host, int(port)))
        yield connected
