"""A self-assessment is blocked until its checklist is clean: each reason stands, is mended, and is gone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

import readied
from collected import acting
from dossiers import taken
from junheng_web.collection.models import Ledger
from junheng_web.reports import comparing, signing
from junheng_web.reports.catalogue import catalogue
from junheng_web.reports.checking import blocking
from junheng_web.reports.figures import Catalogue
from junheng_web.reports.models import Kind, Report
from junheng_web.reports.telling import looked
from reported import again, agreed, county, decided

pytestmark = pytest.mark.django_db
TEXT = "初中生均仪器设备值的差异系数为{{初中.B6.差异系数}}，社会认可度{{SR.结论}}。"
UNSEALED = "1506990008"


def left(report: Report) -> dict[str, list[str]]:
    """Return what still blocks a report, by check."""
    told: dict[str, list[str]] = {}
    for one in blocking(looked(acting("leader"), again(report))):
        told.setdefault(one.check, []).append(one.told)
    return told


def sign(report: Report) -> signing.Signature:
    """Let the leader sign the version that stands."""
    return signing.report_sign(by=acting("leader"), report=report, seen=report.version, day=timezone.localdate())


@pytest.fixture
def report() -> Report:
    """A self-assessment to which everybody agreed, of a county that lacks one thing of each kind."""
    readied.surveyed()
    readied.handed_in(readied.LACKING, UNSEALED)
    readied.approved(UNSEALED)
    readied.judged()
    decided(more=1)
    taken()
    return agreed(kind=Kind.SELF, text=TEXT)


def test_what_blocks_goes_as_it_is_mended_and_only_then_it_is_signed(report: Report) -> None:
    """Facts, forms, seals, sums, evidence: each by its own deed; the signature waits for the last of them."""
    before = left(report)
    assert {*before} == {"basis", "undetermined", "unapproved", "unsealed", "footing", "evidence", "references"}
    with pytest.raises(ValidationError) as why:
        sign(report)
    assert len(why.value.messages) == sum(map(len, before.values()))
    assert len(before["unapproved"]) == len(before["unsealed"]) == len(before["basis"]) == 1

    readied.reported()
    readied.approved(readied.LACKING)
    told = left(report)
    assert "unapproved" not in told
    assert any("在正式评估以后变了" in one for one in told["basis"])
    assert len(told["unsealed"]) == 2
    readied.judged()
    told = left(report)
    assert not {"undetermined", "references"} & {*told}
    assert ["还没有锁定" in one for one in told["basis"]] == [True]
    readied.locked()
    assert "basis" not in left(report)

    readied.sealed(readied.LACKING)
    assert [one.partition("的")[0] for one in left(report)["unsealed"]] == [readied.census(UNSEALED).name]
    readied.sealed(UNSEALED)
    decided()
    assert {*left(report)} == {"evidence"}
    readied.proved("B14-1")
    assert len(left(report)["evidence"]) == 1
    readied.proved()
    assert left(report) == {}
    assert sign(report).run == readied.judged().code


def test_a_correction_after_the_signature_blocks_the_next_and_changes_none(report: Report) -> None:
    """What was signed says what it said, and what changed; the next waits until the new ones are judged and sealed."""
    readied.reported()
    readied.approved(readied.LACKING)
    readied.sealed(UNSEALED)
    readied.sealed(readied.LACKING)
    first = readied.judged()
    readied.locked()
    decided()
    readied.proved()
    signature = sign(report)
    then = {one["key"]: one["told"] for one in signature.figures}
    following = agreed(kind=Kind.SELF, text=TEXT)
    assert left(following) == {}

    readied.locked(Ledger.Level.OPEN)
    readied.withdrawn(readied.LACKING)
    readied.reported("350")
    assert {*left(following)} == {"basis", "unapproved"}
    readied.approved(readied.LACKING)
    assert {*left(following)} == {"basis", "unsealed"}
    second = readied.judged()
    changed = {one.key: (one.then, one.now) for one in comparing.since(signature, now())}
    assert changed == {"初中.B6.差异系数": (then["初中.B6.差异系数"], now()["初中.B6.差异系数"].told)}
    assert (signature.run, first.code != second.code) == (first.code, True)
    assert signing.faults(signature) == []
    readied.locked()
    readied.sealed(readied.LACKING)
    assert left(following) == {}


def test_a_value_that_was_changed_and_changed_back_needs_no_other_run(report: Report) -> None:
    """What is approved is again what was judged: to judge it again would give the same run."""
    readied.reported()
    readied.approved(readied.LACKING)
    run = readied.judged()
    for equipment in ("350", "200"):
        readied.withdrawn(readied.LACKING)
        readied.reported(equipment)
        readied.approved(readied.LACKING)
        assert any("以后变了" in one for one in left(report)["basis"]) == (equipment == "350")
    assert readied.judged() == run


def now() -> Catalogue:
    """Return today's figures."""
    return catalogue(county(), timezone.localdate())
