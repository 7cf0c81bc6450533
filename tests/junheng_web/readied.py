"""The example county made ready to hand in, one reason after another: each deed clears one check of a signature.

What is reported, approved, sealed and shown here is invented, as all of 示例旗 is.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from collected import acting, form_of, ledger_of
from dossiers import FORMED, county, stepped
from junheng_web.assessment.live import approved_run
from junheng_web.assessment.models import Run
from junheng_web.assessment.services import run_declare
from junheng_web.collection.handing.approving import digest_of, step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.locking import ledger_lock
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.collection.ledger.values import Key
from junheng_web.collection.models import Ledger, SealedForm, Submission
from junheng_web.collection.sealed.sealing import form_seal
from junheng_web.dossier.gaps import Gap, gaps_of
from junheng_web.dossier.handing import paper_hand_in
from junheng_web.dossier.selectors import checklist_of
from junheng_web.dossier.services import Asked, item_change
from junheng_web.evidence.describing import About
from junheng_web.evidence.models import File
from junheng_web.evidence.services import file_add
from junheng_web.organisation.models import Unit
from scanned import scan
from who_reads import pdf

CENSUS = "census"
WAY = ("submit", "sign", "review", "approve")
ABOUT = About(FORMED, "示例〔2025〕1号", "3 柜 2 盒")
# What the example has not reported: a figure of this school, and what the questionnaires found.
LACKING = "1506990029"
EQUIPMENT: Key = ("schools", LACKING, "equipment_value")
SURVEY = (("survey_valid", "400"), ("survey_satisfied", "388"))


def census(code: str) -> Subject:
    """Return a form of the census: a school's, or the office's."""
    kind = Submission.Kind.SCHOOL if code.isdecimal() else Submission.Kind.UNIT
    return form_of(code, CENSUS, kind)


def reported(equipment: str = "200") -> None:
    """Let the school report what it lacks (in 万元)."""
    _typed(LACKING, [(EQUIPMENT, equipment)])


def surveyed() -> None:
    """Let the office enter what the questionnaires found."""
    _typed("office", [(("county", item, "value"), text) for item, text in SURVEY])


def _typed(code: str, texts: Sequence[tuple[Key, str]]) -> None:
    saved = form_save(by=acting("office"), one=census(code), texts=[(key, text, None) for key, text in texts])
    assert saved.problems == {}


def approved(code: str, *, until: str = WAY[-1]) -> None:
    """Take a form of the census its way, as the office does from paper."""
    for name in WAY[: WAY.index(until) + 1]:
        step_take(by=acting("office"), one=census(code), deed=DEEDS[name])


def withdrawn(code: str) -> None:
    """Take back that a form is approved."""
    step_take(by=acting("office"), one=census(code), deed=DEEDS["withdraw"], note="示例说明")


def sealed(code: str) -> SealedForm:
    """Hand in the scan of a form as it is now."""
    one = census(code)
    return form_seal(by=acting("office"), one=one, file=scan(one, "盖章件.png"))


def handed_in(*others: str) -> None:
    """Let every form of the census be approved and sealed but for some.

    To read the code on a scan takes half a second: thirty scans are taken as read.
    """
    file = _kept("盖章件.png", blank())
    for one in subjects(ledger_of(CENSUS)):
        if one.code not in others:
            approved(one.code)
            _taken_as_sealed(one, file)


def _taken_as_sealed(one: Subject, file: File) -> None:
    submission = Submission.objects.get(ledger=one.ledger, kind=one.kind, subject=one.code)
    told = {"digest": digest_of(one), "version_at": timezone.now(), "matched": SealedForm.Matched.TYPED}
    SealedForm.objects.create(county=submission.county, submission=submission, file=file, **told, at=timezone.now())


def blank() -> SimpleUploadedFile:
    """Return a scan on which no code can be read."""
    out = BytesIO()
    Image.new("L", (120, 120), 255).save(out, "PNG")
    return SimpleUploadedFile("盖章件.png", out.getvalue())


def _kept(name: str, file: SimpleUploadedFile) -> File:
    return file_add(by=acting("office"), county=county(), name=name, chunks=file.chunks())[0]


def judged() -> Run:
    """Judge what is approved of the census, and declare it official."""
    run = approved_run(by=acting("office"), ledger=ledger_of(CENSUS))
    run_declare(by=acting("office"), run=run)
    return run


def locked(level: str = Ledger.Level.ALL) -> None:
    """Lock the census, or open it."""
    ledger_lock(by=acting("office"), ledger=ledger_of(CENSUS), level=level, note="示例说明")


def proved(*others: str) -> None:
    """Let every item of the checklist have its owner and a paper that was approved and holds, but for some."""
    _owned()
    file = _kept("佐证.pdf", pdf())
    for gap in gaps_of(acting("office"), county(), timezone.localdate()):
        if gap.item.code not in others:
            _proved(gap, file)


def _owned() -> None:
    unit = Unit.objects.get(county=county(), code="edu")
    for one in checklist_of(acting("office"), county()):
        if one.owner is None:
            asked = Asked(one.item.text, unit=unit, due=one.item.due)
            item_change(by=acting("office"), item=one.item, asked=asked, revision=one.item.revision)


def _proved(gap: Gap, file: File) -> None:
    """Hand in a paper for what an item lacks, in the place of the one that does not hold."""
    older = gap.item.papers.get(file=gap.paper.file, state=gap.paper.state) if gap.paper else None
    told = {"file": file, "about": ABOUT, "replaces": older, "today": timezone.localdate()}
    paper = paper_hand_in(by=acting("office"), one=gap.held, **told)
    stepped(paper, ("edu-hr-desk", "review"), ("office", "approve"))
