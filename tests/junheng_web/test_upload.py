"""上传即评: a file is tried, told of row by row, judged, and kept only where the office says so."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile

import openpyxl
import pytest
from django.utils import timezone

from collected import acting
from handed_in import WORKBOOK, changed, named, schools, tables, workbook, zipped
from junheng_web.assessment.models import Run, Snapshot
from junheng_web.evidence import trials
from junheng_web.organisation.jobs import run_next
from junheng_web.organisation.models import Area, AuditRow, Job
from places import COUNTY, FOREIGN

HERE = f"/c/{COUNTY}/upload/"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    """What is tried stays in the test's own folder; the demonstration's snapshot is not needed."""
    settings.FILES = tmp_path / "files"


def tried(client, file, **more: str):
    """Upload a file and return the answer, followed to where it leads."""
    return client.post(HERE, {"file": file, **more}, follow=True)


def text(answer) -> str:
    return answer.content.decode()


def test_the_form_says_what_will_happen(as_) -> None:
    """Who may try sees it; who may not is told whose work it is."""
    assert "这是试算" in text(as_("clerk-03").get(HERE))
    assert as_("auditor").get(HERE).status_code == 403


def test_a_workbook_is_judged_at_once(as_) -> None:
    """Findings, verdict, the seven values of each school, and reasons; nothing is stored in the database."""
    before = Snapshot.objects.count(), Run.objects.count(), AuditRow.objects.count()
    page = tried(as_("clerk-03"), workbook())
    told = text(page)
    assert page.status_code == 200
    assert "还没有保存" in told
    assert "教学仪器设备资产值未报，B6 因此没有数值" in told
    assert "沙湾苏木初级中学" in told
    assert page.context["answer"]["verdict"] == "fail"
    row = next(one for one in page.context["rows"] if one["name"] == "示例旗第三小学")
    assert [cell["id"] for cell in row["cells"]] == ["B1", "B2", "B3", "B4", "B5", "B6", "B7"]
    assert page.context["reasons"]
    assert 'name="label"' not in told, "a school's clerk cannot keep"
    assert (Snapshot.objects.count(), Run.objects.count(), AuditRow.objects.count()) == before


def test_a_zip_of_tables_is_judged_as_the_workbook_is(as_) -> None:
    """The same facts in another dress come to the same answer."""
    answers = [tried(as_("office"), file).context["answer"] for file in (workbook(), zipped(tables()))]
    assert answers[0] == answers[1]


def test_names_of_tables_may_be_chinese_and_packed_by_windows(as_) -> None:
    """A zip made by Chinese Windows holds its names in GB18030 and does not say so."""
    files = tables()
    packed = bytearray(zipped({"XXXX.csv": files.pop("schools.csv"), **files}).read())
    raw = "学校".encode("gb18030")
    page = tried(as_("office"), named("表.zip", bytes(packed).replace(b"XXXX.csv", raw + b".csv")))
    assert page.status_code == 200
    assert page.context["answer"]["verdict"] == "fail"


def test_what_cannot_be_used_is_listed_whole(as_) -> None:
    """Every problem with its place, reason and remedy, under 422, with the form; nothing is left behind."""
    files = changed(lambda text: text.replace("1506990001", "1506990002", 1))
    files["rooms.csv"] = files["rooms.csv"].replace(b"music,", b"dance,", 1)
    page = tried(as_("office"), zipped(files), as_of="2025-09-01")
    told = text(page)
    assert page.status_code == 422
    assert "请删去一行或改正代码" in told
    assert "dance" in told
    assert 'value="2025-09-01"' in told
    assert len(page.context["trial"].state["problems"]) >= 2
    assert not list(trials.root().glob("*/*"))


DAMAGED = {
    "cut.xlsx": lambda: WORKBOOK.read_bytes()[:4000],
    "page.xls": lambda: b"<html><table><tr><td>1</td></tr></table></html>",
    "empty.xlsx": lambda: b"PK\x05\x06" + bytes(18),
    "cut.zip": lambda: zipped(tables()).read()[:5000],
    "nothing.zip": lambda: zipped({}).read(),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_told_by_its_own_name(as_, name: str) -> None:
    """Never a name of ours, never an error of the platform."""
    page = tried(as_("office"), named(name, DAMAGED[name]()))
    assert page.status_code == 422
    assert page.context["trial"].state["problems"][0]["file"] == name
    assert "upload." not in text(page)


@pytest.mark.parametrize(
    ("name", "why"),
    [("表.et", "另存为 .xlsx"), ("schools.csv", "压缩成一个 zip"), ("a.rar", "zip 压缩"), ("a.exe", "不是能读的文件")],
)
def test_another_kind_of_file_is_refused_kindly(as_, name: str, why: str) -> None:
    """With what to do instead."""
    page = tried(as_("office"), named(name, b"content"))
    assert page.status_code == 422
    assert why in text(page)


def bomb() -> bytes:
    """Return a zip whose one table unfolds a thousand times."""
    return zipped({"schools.csv": b"0" * (40 * 2**20)}).read()


def lying() -> bytes:
    """Return a zip that says of its table that it is small."""
    packed = bytearray(zipped({"schools.csv": b"a" * 5000}).read())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", packed, packed.index(mark) + at, 10)
    return bytes(packed)


def locked() -> bytes:
    """Return a zip whose table is said to be under a password."""
    packed = bytearray(zipped({"schools.csv": b"a"}).read())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + at] |= 1
    return bytes(packed)


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("schools.csv", "a")
        with pytest.warns(UserWarning, match="Duplicate"):
            package.writestr("schools.csv", "b")
    return out.getvalue()


HOSTILE = {
    "a bomb": (bomb, "展开后有"),
    "a lie": (lying, "不完整或已损坏"),
    "a way out": (lambda: zipped({"../schools.csv": b"a"}).read(), "路径"),
    "a folder": (lambda: zipped({"facts/schools.csv": b"a"}).read(), "路径"),
    "an absolute path": (lambda: zipped({"/etc/schools.csv": b"a"}).read(), "路径"),
    "a drive": (lambda: zipped({"C:schools.csv": b"a"}).read(), "路径"),
    "a backslash": (lambda: zipped({"a\\schools.csv": b"a"}).read(), "路径"),
    "a crowd": (lambda: zipped({f"{n}.csv": b"a" for n in range(41)}).read(), "最多 40 个"),
    "a workbook within": (lambda: zipped({"a.xlsx": b"a"}).read(), "只能放 CSV"),
    "a long name": (lambda: zipped({"a" * 61 + ".csv": b"a"}).read(), "文件名超过"),
    "a password": (locked, "密码"),
    "the same twice": (twice, "同名"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_zip_is_refused_before_it_unfolds(as_, kind: str, tmp_path) -> None:
    """Nothing is written outside the trial's own folder, and nothing stays."""
    make, why = HOSTILE[kind]
    page = tried(as_("office"), named("表.zip", make()))
    assert page.status_code == 422
    assert why in text(page)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_table_that_bears_no_tables_name_is_remarked_on(as_) -> None:
    """It is not read, and its sender is told so."""
    page = tried(as_("office"), zipped({**tables(), "老师.csv": b"a,b\n1,2\n"}))
    assert page.status_code == 200
    assert "它的名称不是表名" in text(page)


def test_without_a_counting_date_the_page_asks_for_a_day(as_) -> None:
    """In the words of the page, not of the command line; with a day, it is judged."""
    files = {name: content for name, content in tables().items() if name != "period.csv"}
    page = tried(as_("office"), zipped(files))
    assert page.status_code == 422
    assert "在上传页填规则日期" in text(page)
    assert tried(as_("office"), zipped(files), as_of="2025-09-01").context["answer"]["as_of"] == "2025-09-01"


def test_a_day_before_the_rules_is_told_by_the_fields_name(as_) -> None:
    """The core speaks of its option; the page has a field."""
    page = tried(as_("office"), workbook(), as_of="2001-01-01")
    assert page.status_code == 422
    assert "--as-of" not in text(page)
    assert "规则日期" in text(page)


def test_a_file_without_schools_is_told_so(as_) -> None:
    """A table without rows can be read, but there is nobody to judge."""
    page = tried(as_("office"), zipped(changed(lambda text: text.splitlines()[0] + "\n")))
    assert page.status_code == 422
    assert "一所学校也没有填" in text(page)


def two_counties() -> dict[str, bytes]:
    """Return the example with a second county's school, and a class of that school."""
    files = changed(
        lambda text: (
            text + text.splitlines()[1].replace("150699", "150698", 1).replace("1506990001", "1506980001", 1) + "\n"
        )
    )
    head, first = files["classes.csv"].decode().splitlines()[:2]
    other = first.replace(first.split(",")[head.split(",").index("school_code")], "1506980001", 1)
    files["classes.csv"] += other.encode() + b"\n"
    return files


def test_of_several_counties_only_the_own_is_judged_and_kept(as_) -> None:
    """What is stored holds no row of another county."""
    from junheng_web.assessment import snapshots

    office = as_("office")
    page = tried(office, zipped(two_counties()))
    answer = page.context["answer"]
    assert answer["county"]["code"] == COUNTY
    assert "1506980001" not in {one["school_code"] for one in answer["sections"]}
    office.post(f"{page.request['PATH_INFO']}keep", {"label": "两县"})
    facts = snapshots.open_facts(Snapshot.objects.get(label="两县").digest)
    assert list(facts.counties) == [COUNTY]
    assert "1506980001" not in facts.tables["classes"]["school_code"].to_pylist()


def foreign() -> dict[str, bytes]:
    return changed(lambda text: text.replace("150699,", "150698,"))


def test_without_the_own_county_it_says_so_and_only_tries(as_) -> None:
    """The only county of the file may be looked at, and can never be kept."""
    office = as_("office")
    page = tried(office, zipped(foreign()))
    assert page.status_code == 422
    assert f"里没有县代码是 {COUNTY}" in text(page)
    place = page.request["PATH_INFO"]
    assert office.get(f"{place}annotated").status_code == 404
    page = office.post(f"{place}foreign", follow=True)
    assert page.status_code == 200
    assert page.context["answer"]["county"]["code"] == "150698"
    assert "不能保存" in text(page)
    assert office.get(f"{place}annotated").status_code == 200
    assert office.post(f"{place}keep", {"label": "x"}).status_code == 404
    assert office.post(f"{place}foreign").status_code == 404


def test_several_foreign_counties_cannot_even_be_tried(as_) -> None:
    """There is nothing to choose by."""
    office = as_("office")
    files = two_counties()
    files["schools.csv"] = files["schools.csv"].replace(b"150699,", b"150697,")
    page = tried(office, zipped(files))
    assert page.status_code == 422
    assert "不止一个县" in text(page)
    assert office.post(f"{page.request['PATH_INFO']}foreign").status_code == 404


def test_the_annotated_workbook_comes_back(as_) -> None:
    """With the findings in it, and it can be uploaded again; of tables as well."""
    office = as_("office")
    for file in (workbook(), zipped(tables())):
        page = tried(office, file)
        back = office.get(f"{page.request['PATH_INFO']}annotated")
        assert "attachment" in back["Content-Disposition"]
        book = openpyxl.load_workbook(io.BytesIO(back.content))
        assert book["问题清单"].max_row == 1 + len(page.context["findings"].rows)
        again = tried(office, named("示例旗-批注.xlsx", back.content))
        assert again.context["answer"] == page.context["answer"]


def test_the_blank_template_is_given(as_) -> None:
    """To whoever may try; uploaded as it is, it holds no school."""
    back = as_("clerk-03").get(f"{HERE}template")
    assert "attachment" in back["Content-Disposition"]
    assert "一所学校也没有填" in text(tried(as_("office"), named("空.xlsx", back.content)))


def test_findings_are_handed_out_as_a_workbook(as_) -> None:
    """In the table's order."""
    office = as_("office")
    page = tried(office, workbook())
    back = office.get(f"{page.request['PATH_INFO']}?_export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(back.content)).active
    assert sheet.max_row == 1 + len(page.context["findings"].rows)
    assert sheet["B2"].value == "警告"


def test_the_office_keeps_it(as_) -> None:
    """A snapshot and a run come to be, each in the audit; the run is not official; the trial is gone."""
    office = as_("office")
    page = tried(office, zipped(changed(lambda text: text.replace("示例旗第三小学", "示例旗第三小学校"))))
    place = page.request["PATH_INFO"]
    assert office.post(f"{place}keep", {"label": ""}).status_code == 422
    done = office.post(f"{place}keep", {"label": "第二次核对"}, follow=True)
    assert done.status_code == 200
    run = Run.objects.get(snapshot__label="第二次核对")
    assert not run.declarations.exists()
    assert run.snapshot.invented
    assert run.by_name
    assert run.code in text(done)
    assert list(AuditRow.objects.order_by("-id")[:2].values_list("action", flat=True)) == ["run.make", "snapshot.keep"]
    assert office.get(place).status_code == 404


def test_what_is_there_already_is_not_said_to_be_new(as_) -> None:
    """The same facts are the same snapshot: the page names it, and nothing is stored a second time."""
    office = as_("office")
    before = Run.objects.count()
    page = tried(office, workbook())
    done = office.post(f"{page.request['PATH_INFO']}keep", {"label": "又一次"}, follow=True)
    assert "完全一样，没有另存一份" in text(done)
    assert Run.objects.get().snapshot.label in text(done)
    assert Run.objects.count() == before


def test_others_may_try_but_not_keep(as_) -> None:
    """403, and nothing is stored."""
    clerk = as_("clerk-03")
    before = Run.objects.count()
    page = tried(clerk, workbook())
    assert clerk.post(f"{page.request['PATH_INFO']}keep", {"label": "x"}).status_code == 403
    assert Run.objects.count() == before


def test_nobody_else_reads_a_trial(as_) -> None:
    """Not even the office of the same county; nor under another county; nor what is no code."""
    place = tried(as_("clerk-03"), workbook()).request["PATH_INFO"]
    for path in (place, f"{place}annotated"):
        assert as_("office").get(path).status_code == 404
    assert as_("office").post(f"{place}drop").status_code == 404
    assert as_("clerk-03").get(place.replace(COUNTY, FOREIGN)).status_code == 404
    for code in ("..", "%2e%2e", "0" * 24, "a"):
        assert as_("clerk-03").get(f"{HERE}{code}/").status_code == 404


def test_a_trial_is_removed_after_a_day_or_at_once(as_) -> None:
    """By the scheduler, or by its owner; one that is over is not shown even before."""
    office = as_("office")
    place = tried(office, workbook()).request["PATH_INFO"]
    assert trials.trial_expire() == 0
    assert trials.trial_expire(timezone.now() + dt.timedelta(hours=25)) == 1
    assert office.get(place).status_code == 404
    place = tried(office, workbook()).request["PATH_INFO"]
    office.post(f"{place}drop")
    assert office.get(place).status_code == 404
    assert not list(trials.root().glob("*/*"))


def test_an_account_has_so_many_trials_at_most(as_, settings, monkeypatch) -> None:
    """For one purpose: a further one takes the place of the oldest, and of no file that waits for something else."""
    monkeypatch.setattr(trials, "MOST", 2)
    office = as_("office")
    places = [tried(office, workbook()).request["PATH_INFO"] for _ in range(3)]
    assert [office.get(place).status_code for place in places] == [404, 200, 200]
    told = {"name": "x.geojson", "chunks": [b"{}"], "purpose": "map"}
    trials.trial_begin(by=acting("office"), county=Area.objects.get(code=COUNTY), **told)
    assert [office.get(place).status_code for place in places] == [404, 200, 200]


def test_a_large_file_is_judged_by_a_job(as_, tmp_path) -> None:
    """Which tells how far it is, and leads to the result."""
    office = as_("office")
    page = tried(office, schools(2001, tmp_path))
    job = Job.objects.get()
    assert page.request["PATH_INFO"] == f"/c/{COUNTY}/jobs/{job.id}"
    assert run_next()
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == ("done", 4, 4)
    page = office.get(f"/c/{COUNTY}/jobs/{job.id}", follow=True)
    assert page.status_code == 200
    assert page.context["count"] > 1000
    assert len(page.context["rows"]) == 100
    assert len(page.content) < 400_000


def test_a_large_unusable_file_leads_to_its_problems(as_, tmp_path) -> None:
    """The job is done; the page says why the file cannot be judged."""
    import random

    noise = random.Random(1).randbytes(2**20 + 1)
    office = as_("office")
    tried(office, named("大.xlsx", noise))
    assert run_next()
    page = office.get(f"/c/{COUNTY}/jobs/{Job.objects.get().id}", follow=True)
    assert page.status_code == 422
    assert "大.xlsx" in text(page)


def test_a_job_that_was_stopped_leaves_nothing(as_, tmp_path) -> None:
    """Before it begins, and while it runs; waiting, the trial leads to the job."""
    office = as_("office")
    tried(office, schools(2001, tmp_path))
    job = Job.objects.get()
    place = f"{HERE}{job.arguments['trial']}/"
    assert office.get(place)["Location"] == f"/c/{COUNTY}/jobs/{job.id}"
    Job.objects.update(cancel=True)
    assert run_next()
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert office.get(place).status_code == 404


def test_a_job_whose_file_is_gone_says_so(as_, tmp_path) -> None:
    """Trying again would not help."""
    tried(as_("office"), schools(2001, tmp_path))
    trials.trial_expire(timezone.now() + dt.timedelta(hours=25))
    run_next()
    assert "请重新上传" in Job.objects.get().error
