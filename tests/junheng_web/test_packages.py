"""Packages: by the receiver's list, names and sizes; complete or not at all, with an index and hashes."""

from __future__ import annotations

import hashlib
import io
import zipfile

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import acting, ledger_of
from dossiers import approved, given_to
from junheng_web.collection.ledger.subjects import subjects
from junheng_web.dossier.binder_jobs import binder_order
from junheng_web.evidence.services import file_add
from junheng_web.organisation import jobs
from junheng_web.organisation.models import AuditRow
from junheng_web.reports.models import Kind, Package, Wanted
from junheng_web.reports.packing import Asked, filled_of, package_save
from junheng_web.reports.services import Refused
from readied import approved as approved_form
from readied import blank, handed_in, judged
from reported import HERE, county, signed
from supervised import PDF

pytestmark = pytest.mark.django_db


def listed(*asked: Asked, by: str = "office", **more: object) -> Package:
    """Keep a list of what a receiver asks for."""
    return package_save(by=acting(by), county=county(), receiver="示例盟教育局（虚构）", asked=asked, **more)


def file(name: str = "来函.pdf"):
    """Return a file of the county."""
    return file_add(by=acting("office"), county=county(), name=name, chunks=[PDF + name.encode()])[0]


def test_what_is_complete_is_one_zip_with_index_and_hashes(as_) -> None:
    """Under the receiver's names; what was taken out is written down."""
    made = signed(title="周报一")
    package = listed(Asked("周报", "01周报.docx", 20, Kind.BRIEF), Asked("来函", "02来函.pdf", 20, file=file()))
    answer = as_("office").get(package.address("package_zip"))
    content = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert content.namelist() == ["目录.html", "SHA256SUMS.txt", "01周报.docx", "02来函.pdf"]
    sums = dict(reversed(line.split("  ")) for line in content.read("SHA256SUMS.txt").decode().splitlines())
    assert sums == {name: hashlib.sha256(content.read(name)).hexdigest() for name in content.namelist()[2:]}
    assert sums["01周报.docx"] == made.files[0]["digest"]
    assert "周报一" in content.read("目录.html").decode()
    assert AuditRow.objects.get(action="package.take").detail["files"] == sums


def test_what_lacks_is_told_and_nothing_is_made(as_) -> None:
    """No signed report, no file, one too large, one of another kind."""
    package = listed(
        Asked("申报表", "1.docx", 0, Kind.APPLICATION),
        Asked("说明", "2.pdf"),
        Asked("图", "3.png", file=file()),
    )
    wrong = [one.wrong for one in filled_of(acting("office"), package)]
    assert [word in one for word, one in zip(("还没有签发的", "还没有选用", "要的是 .png"), wrong, strict=True)] == [
        True
    ] * 3
    answer = as_("office").get(package.address("package_zip"), follow=True)
    assert "还不能打包" in answer.content.decode()
    assert not AuditRow.objects.filter(action="package.take").exists()
    large = file("大.pdf")
    large.size = 3 * 2**20
    large.save()
    assert "超过接收单位定的 2 MB" in filled_of(acting("office"), listed(Asked("大", "大.pdf", 2, file=large)))[0].wrong


@pytest.mark.parametrize("name", ["../a.pdf", "a/b.pdf", "a\\b.pdf", ".a.pdf", "SHA256SUMS.txt", 'a"b.pdf'])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    """It would be written where the receiver unpacks."""
    with pytest.raises(ValidationError, match="不能用"):
        listed(Asked("甲", name))


def test_a_list_is_typed_line_by_line(as_) -> None:
    """Each line that cannot be read is told with its number; another who saved meanwhile is told."""
    office, url = as_("office"), f"{HERE}packages/add/"
    wrong = "周报 | 周报.docx | 二十\n甲\n乙 | 乙.pdf | | 没有的\n丙 | 丙.pdf | 1 | | ffffffffffff\n丁 | 丁"
    page = office.post(url, {"receiver": "盟局", "lines": wrong})
    text = page.content.decode()
    assert page.status_code == 422
    assert [f"第 {at} 行" in text for at in range(1, 6)] == [True] * 5
    digest = file().digest[:12]
    right = f"周报 | 周报.docx | 20 | 周报\n来函 | 来函.pdf |  |  | {digest}"
    assert office.post(url, {"receiver": "盟局", "lines": right}).status_code == 302
    package = Package.objects.get(receiver="盟局")
    assert office.get(package.address("package_edit")).context["form"].initial["lines"] == right
    told = {"receiver": "盟局", "lines": right, "seen": 1}
    assert office.post(package.address("package_edit"), told).status_code == 302
    assert office.post(package.address("package_edit"), told).status_code == 409
    with pytest.raises(Refused):
        listed(Asked("甲", "甲.pdf"), package=package, seen=1)
    with pytest.raises(PermissionDenied):
        listed(Asked("甲", "甲.pdf"), by="fin-staff")
    with pytest.raises(ValidationError, match="用了两次"):
        listed(Asked("甲", "甲.pdf"), Asked("乙", "甲.pdf"))


WANTED = (
    Asked("填报表", "03填报表.zip", 0, Wanted.SEALED),
    Asked("目录", "04目录.xlsx", 0, Wanted.EVIDENCE),
    Asked("汇编", "05汇编.pdf", 0, Wanted.BINDER),
    Asked("汇编和原件", "06汇编.zip", 0, Wanted.BINDER),
)


def test_sealed_forms_the_catalogue_and_the_binder_are_packed(as_) -> None:
    """Each as it is on that day; what lacks is told with where to mend it; every hash fits."""
    package = listed(*WANTED)
    before = filled_of(acting("office"), package)
    told = ("没有盖章件", "还没有审定的佐证", "没有装订好的汇编", "没有装订好的汇编")
    assert [word in one.wrong for word, one in zip(told, before, strict=True)] == [True] * 4
    assert all(as_("office").get(one.url, follow=True).status_code == 200 for one in before)
    handed_in()
    judged()
    approved(given_to("fin"))
    binder_order(by=acting("office"), county=county(), indicators=["B10"])
    while jobs.run_next():
        pass
    answer = as_("office").get(package.address("package_zip"))
    content = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    sums = dict(reversed(line.split("  ")) for line in content.read("SHA256SUMS.txt").decode().splitlines())
    assert sums == {name: hashlib.sha256(content.read(name)).hexdigest() for name in content.namelist()[2:]}
    assert [*sums] == [one.filename for one in WANTED]
    forms = zipfile.ZipFile(io.BytesIO(content.read("03填报表.zip")))
    assert len(forms.namelist()) == len(subjects(ledger_of("census"))) + 1
    assert forms.read(forms.namelist()[1]) == blank().read()
    rows = [*openpyxl.load_workbook(io.BytesIO(content.read("04目录.xlsx"))).active.values]
    assert [row[1:4:2] for row in rows] == [("编号", "文件"), ("B10-1", "佐证.pdf")]
    assert content.read("05汇编.pdf").startswith(b"%PDF")
    assert "汇编.pdf" in zipfile.ZipFile(io.BytesIO(content.read("06汇编.zip"))).namelist()
    assert AuditRow.objects.get(action="package.take").detail["files"] == sums


def test_one_form_without_its_seal_keeps_the_package_from_being_made() -> None:
    """The receiver would take the rest for all."""
    handed_in("office")
    approved_form("office")
    judged()
    line = filled_of(acting("office"), listed(WANTED[0]))[0]
    assert "还有 1 张审定的填报表没有盖章件" in line.wrong


def test_what_is_wanted_is_asked_for_in_a_shape_that_it_has(as_) -> None:
    """Told where the list is typed."""
    lines = "表 | 表.pdf | | 盖章填报表\n录 | 录.docx | | 佐证目录\n汇 | 汇.zip | 1 | 佐证汇编"
    page = as_("office").post(f"{HERE}packages/add/", {"receiver": "盟局", "lines": lines})
    text = page.content.decode()
    assert page.status_code == 422
    assert ["“盖章填报表”只有 zip" in text, "“佐证目录”只有 xlsx" in text, "第 3 行" in text] == [True, True, False]
