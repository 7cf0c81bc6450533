"""Who has no account answers by letter: the office enters it, says for whom, and the letter proves it (P14)."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied

from collected import HERE, acting, form_of, held, ledger_of
from handed_in import named
from junheng_web.collection.handing.replying import form_reply
from junheng_web.collection.models import Entry, Write
from junheng_web.evidence.models import File, Link

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FORM = f"{HERE}unit/office/"
OFFICE = {"code": "office", "kind": "unit"}


def counts() -> list:
    """Return two of the office's items that are counts."""
    return [field.key for field in form_of(**OFFICE).fields if field.column.kind.value == "count"][:2]


def asked(*texts: str, **more) -> dict:
    """Return what the page sends: a letter with texts for the items."""
    cells = {f"cell-{json.dumps(key)}": text for key, text in zip(counts(), texts, strict=False)}
    return {"whom": "统计局", "file": named("统计局复函.pdf", PDF), **cells, **more}


def test_a_letter_is_entered_and_proves_each_number(as_) -> None:
    """In the history: who entered it, for whom, from which file; beside it the letter."""
    one, other = counts()
    assert as_("office").post(f"{FORM}reply/", asked("37", "12")).status_code == 302
    assert (held(one).integer, held(other).integer) == (37, 12)
    write = Write.objects.latest("id")
    assert (write.kind, write.behalf, write.by_name, write.file_name) == ("reply", "统计局", "陈乐平", "统计局复函.pdf")
    assert Link.objects.filter(object_kind="entry", file__digest=write.file_digest).count() == 2
    page = as_("office").get(f"{FORM}history", {"key": json.dumps(one)}).content.decode()
    assert "代统计局录入：<a href=" in page
    assert ">统计局复函.pdf</a>" in page
    assert "统计局来函" in page
    assert "代统计局录入" in as_("office").get(FORM).content.decode()


def test_one_wrong_number_keeps_all_of_it_out(as_) -> None:
    """What was typed stays on the page, with what is wrong; no file is kept."""
    before = ledger_of().sequence
    answer = as_("office").post(f"{FORM}reply/", asked("37", "很多"))
    page = answer.content.decode()
    assert (answer.status_code, ledger_of().sequence, File.objects.count()) == (422, before, 0)
    for told in ('value="很多"', 'value="37"', 'value="统计局"', "什么也没有录入"):
        assert told in page, told


def test_a_letter_says_who_wrote_it_and_something_new(as_) -> None:
    """Without a name, a file or a number nothing is written; blank takes nothing away."""
    as_("office").post(f"{FORM}reply/", asked("37"))
    many = Entry.objects.count()
    for wrong, said in (({"whom": " "}, "哪个单位"), ({"file": ""}, "扫描件"), ({}, "没有填新的数")):
        answer = as_("office").post(f"{FORM}reply/", asked("37", **wrong))
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
    assert Entry.objects.count() == many
    assert held(counts()[0]).integer == 37


def test_only_the_office_enters_letters(as_) -> None:
    """Others have their own forms to fill in."""
    for username in ("fin-staff", "leader", "edu-hr-desk", "clerk-03"):
        assert as_(username).post(f"{FORM}reply/", asked("37")).status_code == 403
        with pytest.raises(PermissionDenied):
            form_reply(by=acting(username), one=form_of(**OFFICE), whom="x", file=named("x.pdf", PDF), texts=[])
    assert Write.objects.filter(kind="reply").count() == 0
