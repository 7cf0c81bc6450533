"""A mail server on this machine that tests hand mails in to: it keeps what it gets, and refuses what it is told to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class PostOffice:
    """What came in, and what is refused: addresses with a code, or everything for a while."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.to: list[str] = []
        self.refused: dict[str, int] = {}
        self.signed_in: list[str] = []
        self.busy = 0
        self.connections = 0

    def answer(self, line: str) -> str | None:
        """Return what is answered to a command; None where a mail follows."""
        command = line[:4].upper()
        if command == "EHLO":
            return "250-localhost\r\n250 AUTH PLAIN"
        if command == "AUTH":
            self.signed_in.append(line.rsplit(maxsplit=1)[-1])
            return "235 ok"
        if command == "RCPT":
            return self._recipient(line[line.index("<") + 1 : line.index(">")])
        return None if command == "DATA" else "250 ok"

    def _recipient(self, address: str) -> str:
        if self.busy:
            self.busy -= 1
            return "451 busy"
        code = self.refused.get(address)
        if code is None:
            self.to.append(address)
        return f"{code} no such mailbox" if code else "250 ok"


@contextmanager
def serving(office: PostOffice) -> Iterator[int]:
    """Serve a post office on a port of this machine while the block runs; yield the port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            office.connections += 1
            self._say("220 localhost")
            while line := self.rfile.readline().decode().strip():
                said = office.answer(line)
                self._say(said or "354 go on")
                if said is None:
                    self._mail()
                if line.upper() == "QUIT":
                    return

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def _mail(self) -> None:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            office.got.append(message_from_bytes(b"".join(lines), policy=policy.default))
            self._say("250 kept")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
