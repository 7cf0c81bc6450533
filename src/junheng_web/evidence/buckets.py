"""Contents in a bucket of a server that speaks S3, each an object under its SHA-256; boto3 is imported here alone.

An object is put by one request, signed with its SHA-256: it is there as a whole and as it was, or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, cast

import structlog
from django.conf import settings

from junheng_web.evidence.caches import Cache
from junheng_web.evidence.folders import CHUNK, DIGEST
from junheng_web.organisation.jobs import Explained

SECONDS_TO_CONNECT, SECONDS_TO_READ, TRIES = 5, 60, 2
MISSING = frozenset({"NoSuchKey", "404"})
# What the server answered, as whoever looks after the platform is told it.
WHY = MappingProxyType(
    {
        "NoSuchBucket": "服务器上没有这个桶；请先在服务器上建好，或改 JUNHENG_S3 里的桶名",
        "InvalidAccessKeyId": "服务器不认识这个密钥；请核对 JUNHENG_S3_KEY",
        "SignatureDoesNotMatch": "口令不对；请核对 JUNHENG_S3_SECRET",
        "AccessDenied": "这个密钥没有权限；请让它能列出、读、写、删这个桶",
        "RequestTimeTooSkewed": "这台机器的时间和服务器的相差太多；请校准时间",
    }
)
UNREACHABLE = "连不上服务器；请查它是否开着，JUNHENG_S3 里的地址和端口对不对"
UNINSTALLED = "没有装 boto3；请在平台的环境里运行 pip install --require-hashes -r requirements-s3.lock"
log = structlog.get_logger(__name__)


class Unavailable(Explained):
    """The server of the contents cannot be used now; what is stored there is not lost.

    Its text is for whoever works with the platform, `why` for whoever looks after it.
    """

    def __init__(self, why: str) -> None:
        super().__init__("存放文件的服务器现在用不了，文件没有丢；请过几分钟再试，还不行请告诉管理员")
        self.why = why


class Damaged(OSError):
    """What came is not the content that was asked for."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Contents in a bucket, below a prefix; copies that are read lie in a cache on the disk."""

    client: Any
    bucket: str
    prefix: str
    cache: Cache

    def key(self, digest: str) -> str:
        """Return the name of an object: as it would stand in the data folder."""
        return f"{self.prefix}{digest[:2]}/{digest}"

    def keep(self, file: Path, digest: str) -> None:
        """Put a file; content that is there already stays as it is. Raises Unavailable."""
        if self._size(digest) != file.stat().st_size:
            with file.open("rb") as content, self._told(digest):
                self.client.put_object(Bucket=self.bucket, Key=self.key(digest), Body=content)
        # What has just come is read next.
        self.cache.add(digest, file)

    def opened(self, digest: str) -> IO[bytes]:
        """Open a content to be read. Raises FileNotFoundError, Unavailable; its `read` Damaged, before its end."""
        with self._told(digest):
            body = self.client.get_object(Bucket=self.bucket, Key=self.key(digest))["Body"]
        return cast("IO[bytes]", Stream(self, digest, body))

    @contextlib.contextmanager
    def local(self, digest: str) -> Iterator[Path]:
        """Give a copy as a file, removed afterwards. Raises FileNotFoundError, Damaged, Unavailable."""
        own = self.cache.take(digest) or self._fetched(digest)
        try:
            yield own
        finally:
            own.unlink(missing_ok=True)

    def _fetched(self, digest: str) -> Path:
        with self.opened(digest) as content:
            return self.cache.fetch(digest, iter(lambda: content.read(CHUNK), b""))

    def holds(self, digest: str) -> bool:
        """Return whether something stands under this SHA-256. Raises Unavailable."""
        return self._size(digest) is not None

    def intact(self, digest: str) -> bool:
        """Return whether the content is there and still has this SHA-256: all of it is read. Raises Unavailable."""
        try:
            with self.opened(digest) as content:
                while content.read(CHUNK):
                    pass
        except (FileNotFoundError, Damaged):
            return False
        return True

    def digests(self) -> Iterator[str]:
        """Yield the SHA-256 of every content that stands here. Raises Unavailable."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        with self._told(""):
            for page in pages:
                for one in page.get("Contents", ()):
                    name = one["Key"].rsplit("/", 1)[-1]
                    if DIGEST.fullmatch(name) and one["Key"] == self.key(name):
                        yield name

    def remove(self, digest: str) -> None:
        """Take a content away: it stands elsewhere, and has been compared there. Raises Unavailable."""
        with self._told(digest):
            self.client.delete_object(Bucket=self.bucket, Key=self.key(digest))

    def check(self) -> None:
        """Ask whether the bucket is there and the key fits. Raises Unavailable."""
        with self._told(""):
            self.client.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix, MaxKeys=1)

    def _size(self, digest: str) -> int | None:
        try:
            with self._told(digest):
                return int(self.client.head_object(Bucket=self.bucket, Key=self.key(digest))["ContentLength"])
        except FileNotFoundError:
            return None

    @contextlib.contextmanager
    def _told(self, digest: str) -> Iterator[None]:
        """Say in our own words what the client raises."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in MISSING:
                raise FileNotFoundError(self.key(digest)) from None
            raise self._unavailable(WHY.get(code, f"服务器答复 {code}"), code) from None
        except BotoCoreError as error:
            raise self._unavailable(UNREACHABLE, type(error).__name__) from None

    def _unavailable(self, why: str, code: str) -> Unavailable:
        log.error("the server of the contents cannot be used", bucket=self.bucket, code=code, why=why)
        return Unavailable(why)


@dataclass(slots=True)
class Stream:
    """A content as it comes, held against its SHA-256: what is wrong is told before the last of it is given."""

    bucket: Bucket
    digest: str
    body: Any
    total: Any = field(default_factory=hashlib.sha256)
    ahead: bytes | None = None

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end. Raises Damaged, Unavailable."""
        if self.ahead is None:
            self.ahead = self._next(size)
        given, self.ahead = self.ahead, (self._next(size) if self.ahead and size >= 0 else b"")
        return given

    def _next(self, size: int) -> bytes:
        with self.bucket._told(self.digest):
            chunk = cast("bytes", self.body.read(None if size < 0 else size))
        self.total.update(chunk)
        if (size < 0 or not chunk) and self.total.hexdigest() != self.digest:
            log.error("a content is not what it was", digest=self.digest)
            raise Damaged(self.digest)
        return chunk

    def close(self) -> None:
        """Let go of the line."""
        self.body.close()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *why: object) -> None:
        self.close()


def there() -> Bucket:
    """Return the bucket that JUNHENG_S3 names. Raises Unavailable where no client is installed."""
    own = settings.S3
    cache = Cache(Path(settings.FILES) / "part-cache", settings.S3_CACHE * 2**20)
    return Bucket(_client(own), own.bucket, own.prefix, cache)


@lru_cache(maxsize=4)
def _client(own: Any) -> Any:
    """Return a client; it is made once a process, and may be used by several threads. Raises Unavailable."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise Unavailable(UNINSTALLED) from None
    asked = Config(
        connect_timeout=SECONDS_TO_CONNECT,
        read_timeout=SECONDS_TO_READ,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        s3={"addressing_style": own.style, "payload_signing_enabled": True},
        # Newer sums are not known to every server; the signature carries the SHA-256 anyway.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    known = {"aws_access_key_id": own.key, "aws_secret_access_key": own.secret, "region_name": own.region}
    return boto3.session.Session().client("s3", endpoint_url=own.endpoint, config=asked, **known)
