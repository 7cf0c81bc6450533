"""The server for contents that JUNHENG_S3 names; none is named by itself, and then contents lie in the data folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

STYLES = ("path", "virtual")
HOW = "请写 https://主机:端口/桶名（后面可以加 /前缀，再加 ?region=区域&style=virtual），留空就放在数据文件夹里"


@dataclass(frozen=True, slots=True)
class S3Server:
    """Where contents are put: a server, a bucket on it, and what every name begins with. The secret is not for logs."""

    endpoint: str
    bucket: str
    prefix: str
    region: str
    style: str
    key: str
    secret: str = field(repr=False)


def s3_server(address: str, key: str, secret: str) -> S3Server | None:
    """Return the server that an address names, none for an empty one. Raises ValueError for anything else."""
    if not address:
        return None
    parts = urlsplit(address)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    style = asked.get("style", STYLES[0])
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or not bucket:
        raise ValueError(f"JUNHENG_S3：不认识这样的地址；{HOW}；密钥另写在 JUNHENG_S3_KEY、JUNHENG_S3_SECRET")
    if style not in STYLES:
        raise ValueError(f"JUNHENG_S3：style 只能是 {'、'.join(STYLES)}；{HOW}")
    if not key or not secret:
        raise ValueError("写了 JUNHENG_S3，就要同时写 JUNHENG_S3_KEY 和 JUNHENG_S3_SECRET")
    endpoint, region = f"{parts.scheme}://{parts.netloc}", asked.get("region", "us-east-1")
    return S3Server(endpoint, bucket, f"{prefix}/" if prefix else "", region, style, key, secret)
