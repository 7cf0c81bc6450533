"""A binder under a real worker that is killed (-9) in the middle of it: nobody sees half of it, and it is made anew."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

import killing
from installations import Installation, asked, eventually, execute

pytestmark = pytest.mark.xdist_group("installations")
PAGES, LONG = 1500, 120
# An invented paper of so many pages that a worker is long at it.
BEGIN = f"""
{killing.BEGIN}
import pdfs
from collected import acting
from dossiers import county, given_to
from handed_in import named
from django.utils import timezone
from junheng_web.dossier.binder_jobs import binder_order
from junheng_web.dossier.handing import file_hand_in
from junheng_web.evidence.describing import About
today = timezone.localdate()
file = named("会议纪要（虚构）.pdf", pdfs.pages(*["一页"] * {PAGES}))
file_hand_in(by=acting("fin-staff"), one=given_to("fin"), file=file, about=About(today), today=today)
print(binder_order(by=acting("office"), county=county(), indicators=["B10"], approved=False).id)
"""
# What the office's browser is answered: the list of binders, and the PDF by its address.
ANSWERS = """
import json
from django.conf import settings
from django.test import Client
from junheng_web.organisation.models import Account, Job
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
browser, job = Client(headers={"host": "localhost"}), Job.objects.get(kind="dossier.bind")
browser.force_login(Account.objects.get(username="office"), backend="junheng_web.organisation.backends.AccountBackend")
address = f"/c/150699/dossier/binders/{job.id}/pdf"
page = browser.get("/c/150699/dossier/binders/").content.decode()
print(json.dumps([browser.get(address).status_code, address in page]))
"""
STATE = "SELECT status, attempts FROM organisation_job WHERE kind = 'dossier.bind'"
EXPIRED = "UPDATE organisation_job SET lease_until = '2026-01-01 00:00:00+00:00' WHERE kind = 'dossier.bind'"


def answers(one: Installation) -> list[object]:
    """Return how the PDF is answered, and whether the list leads to it."""
    return json.loads(one.python(ANSWERS).strip().splitlines()[-1])


def begun(binders: Path) -> bool:
    """Whether a worker is in the middle of a binder."""
    return any(binders.glob("part-*"))


def test_a_killed_binder_is_not_seen_and_is_made_anew(installation: Installation) -> None:
    """While it is half done, and after the kill: no file, no link; the second worker makes the whole."""
    number = installation.python(BEGIN).strip().splitlines()[-1]
    binders = installation.data / "files" / "part-binders"
    with installation.started("worker") as process:
        assert eventually(lambda: begun(binders), LONG), installation.output()
        process.kill()
        process.wait()
    assert begun(binders)
    assert not (binders / number).exists()
    assert [*map(str, asked(installation, STATE)[0])] == ["running", "1"]
    assert answers(installation) == [404, False]
    execute(installation, EXPIRED)
    with installation.started("worker"):
        assert eventually(lambda: asked(installation, STATE)[0][0] == "done", LONG), installation.output()
    assert {one.name for one in (binders / number).iterdir()} == {"binder.pdf", "binder.zip"}
    assert len(pypdfium2.PdfDocument(binders / number / "binder.pdf")) > PAGES
    assert answers(installation) == [200, True]
