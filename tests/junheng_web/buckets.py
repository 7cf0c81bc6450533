"""A server that speaks S3, of its own process: what a test stops, it starts again, empty."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from installations import eventually, free_port
from junheng_web.config.objects import S3Server, s3_server

BUCKET = "shili"
KEY, SECRET = "example-key", "example-secret-not-to-be-told"
START_SECONDS = 60


@dataclass
class Server:
    """The server: where it listens, and how it is stopped and started again."""

    log: Path
    strict: bool = False
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self, bucket: str = BUCKET, key: str = KEY, prefix: str = "") -> S3Server:
        """Return the platform's setting for it."""
        return s3_server(f"{self.address}/{bucket}{prefix}", key, SECRET)

    def environment(self) -> dict[str, str]:
        """Return what whoever installs the platform sets."""
        return {"JUNHENG_S3": f"{self.address}/{BUCKET}", "JUNHENG_S3_KEY": KEY, "JUNHENG_S3_SECRET": SECRET}

    def start(self) -> None:
        """Start it, with an empty bucket; strict, it knows no key at all."""
        asked = {"INITIAL_NO_AUTH_ACTION_COUNT": "0"} if self.strict else {}
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
            self.process = subprocess.Popen(command, env={**os.environ, **asked}, stdout=log, stderr=log)
        assert eventually(self._answers, START_SECONDS), self.log.read_text(encoding="utf-8")
        if not self.strict:
            self.client().create_bucket(Bucket=BUCKET)

    def stop(self) -> None:
        """Kill it: nothing answers any more, and what it held is gone."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def client(self) -> Any:
        """Return a client beside the platform's."""
        import boto3

        known = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
        return boto3.session.Session().client("s3", endpoint_url=self.address, **known)

    def held(self) -> dict[str, bytes]:
        """Return every object with its content."""
        client, found = self.client(), {}
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
            for one in page.get("Contents", ()):
                found[one["Key"]] = client.get_object(Bucket=BUCKET, Key=one["Key"])["Body"].read()
        return found

    def empty(self) -> None:
        """Take every object away."""
        client = self.client()
        for name in self.held():
            client.delete_object(Bucket=BUCKET, Key=name)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False


@contextlib.contextmanager
def serving(folder: Path, *, strict: bool = False) -> Iterator[Server]:
    """Give a running server, and end it."""
    server = Server(folder / f"s3{'-strict' if strict else ''}.log", strict)
    server.start()
    try:
        yield server
    finally:
        server.stop()
