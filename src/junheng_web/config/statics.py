"""The files that browsers fetch, collected once for each version of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = "static.stamp"


def collect() -> bool:
    """Collect and compress the static files where they are not those of this version; return whether it was needed."""
    stamp, wanted = Path(settings.DATA) / STAMP, _fingerprint()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _fingerprint() -> str:
    total = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            seen = Path(storage.path(name)).stat()
            total.update(f"{name}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    return total.hexdigest()
