"""The mail server that JUNHENG_MAIL names; none is named by itself, and then no e-mail is sent."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

# How each way of speaking to a server is written, with the port it has where none is given.
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
HOW = "请写 smtps://用户:口令@主机:端口（或 smtp+starttls://、内网里的 smtp://），留空就不发邮件"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed in; without a host nowhere. A password is not for logs."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    ssl: bool = False


def mail_server(address: str) -> MailServer:
    """Return the server that an address names, none for an empty one. Raises ValueError for anything else."""
    if not address:
        return MailServer()
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"JUNHENG_MAIL：不认识这样的地址；{HOW}")
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+starttls",
        ssl=parts.scheme == "smtps",
    )
