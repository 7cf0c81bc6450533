"""`junheng check` as a person or a script meets it, and the workbook that it hands back with its findings."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import jsonschema
import pytest
from python_calamine import CalamineWorkbook
from rich.cells import cell_len
from rich.console import Console

import check_cases
import junheng as jh
from junheng.api import findings_schema, print_findings
from junheng.cli import main
from junheng.facts.schema import TABLES
from junheng.facts.template import heading

SHILI = str(Path(__file__).parents[2] / "examples" / "shili" / "facts")
WRONG = {
    "school_name": "甲校",
    "primary_pupils": 100,
    "primary_teachers": 5,
    "primary_above_required_teachers": 9,
    "primary_in_zone_pupils": 6,
    "primary_new_pupils": 5,
    "primary_new_in_zone_pupils": 7,
    "teaching_area": 10.5,
    "equipment_value": 123456.78,
    "classes": [{"school_code": "甲", "stage": "primary", "grade": 7, "class_name": "1", "pupils": 40}],
    "period": [{"counting_date": "2025-09-01", "basis": "census"}],
}


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A school with more qualified teachers than teachers, a class of grade 7, and no type."""
    folder = tmp_path / "wrong"
    folder.mkdir()
    check_cases.write(WRONG, folder)
    return folder


def test_the_table_shows_counts_findings_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """Severity, school, sentence with labels, and the remedy; nothing on stderr."""
    assert main(["check", SHILI]) == 0
    shown = capsys.readouterr()
    for words in (
        "示例旗（虚构）",
        "警告 1",
        "提示 4",
        "沙湾苏木初级中学",
        "教学仪器设备资产值未报",
        "怎么办",
        "请学校补报",
    ):
        assert words in shown.out
    assert shown.err == ""


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal(wrong: Path, width: int) -> None:
    """No line is wider than the terminal, and no sentence is cut off."""
    stream = io.StringIO()
    found = jh.check(jh.load(wrong))
    print_findings(found, Console(file=stream, width=width))
    assert max(cell_len(line) for line in stream.getvalue().splitlines()) <= width
    bare = "".join(stream.getvalue().split())
    assert all(one.remedy[-6:].replace(" ", "") in bare for one in found.findings if one.check.id != "Q001")
    assert "…" not in stream.getvalue()


def test_json_keeps_the_shipped_schema(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """County, counts by severity, and each finding with every key; of the example and of a bad school."""
    jsonschema.Draft202012Validator.check_schema(findings_schema())
    for path in (SHILI, str(wrong)):
        assert main(["check", path, "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        jsonschema.validate(answer, findings_schema())
        assert sum(answer["counts"].values()) == len(answer["findings"])
    found = {one["id"]: one for one in answer["findings"]}
    part = found["Q101"]
    assert (part["severity"], part["table"], part["row"], part["stage"]) == ("error", "schools", 1, "primary")
    assert (part["school_code"], part["school_name"]) == ("甲", "甲校")
    assert (part["column"], part["value"]) == ("primary_above_required_teachers", "9")
    assert part["expected"] == "不多于小学专任教师数 5 人"
    assert part["message"] == "小学高于规定学历专任教师数为 9 人，多于小学专任教师数 5 人"
    assert found["Q201"]["message"] == "小学在校生数为 100 人，不等于班级表里的 40 人"
    assert (found["Q304"]["table"], found["Q304"]["school_name"], found["Q304"]["value"]) == ("classes", "甲校", "7")


def test_every_shipped_case_keeps_the_schema() -> None:
    """Whatever any check finds is valid JSON by the schema."""
    validator = jsonschema.Draft202012Validator(findings_schema())
    fired = tuple(check_cases.results()[case.check, case.rule, "fires"][0] for case in check_cases.cases())
    found = jh.Findings("1", "某旗", "national-2017", check_cases.DAY, fired)
    assert [error.message for error in validator.iter_errors(json.loads(jh.findings_to_json(found)))] == []


def test_whatever_is_found_the_status_is_0(wrong: Path) -> None:
    """Findings are no failure; only unusable input is."""
    assert main(["check", str(wrong)]) == 0


def test_unusable_input_is_exit_2(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A text in a number column, an unknown standard, and no such file: problems on stderr, nothing on stdout."""
    assert main(["check", str(wrong), "--standard", "mars"]) == 2
    (wrong / "schools.csv").write_text("school_code,primary_pupils\nA,x\n")
    assert main(["check", str(wrong)]) == 2
    assert main(["check", str(wrong / "nowhere")]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "第 2 行" in shown.err


def test_no_day_is_no_problem(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a counting date the checks that need one are named as skipped; --as-of makes them."""
    (wrong / "period.csv").unlink()
    assert main(["check", str(wrong)]) == 0
    assert "未查：Q301" in capsys.readouterr().out
    assert main(["check", str(wrong), "--as-of", "2025-09-01", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["as_of"] == "2025-09-01"
    assert not {"Q301", "Q901", "Q902"} & set(answer["skipped"])


def test_several_counties_need_a_choice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each county's findings are its own; rows of no known school are shown with any."""
    rows = [{"county_code": code, "county_name": "某旗", "school_code": f"{code}甲"} for code in "12"]
    check_cases.write_rows(rows, tmp_path / "schools.csv")
    classes = [{"school_code": code, "stage": "primary", "pupils": 0} for code in ("1甲", "2甲", "3甲")]
    check_cases.write_rows(classes, tmp_path / "classes.csv")
    assert main(["check", str(tmp_path)]) == 2
    assert "1（某旗）" in capsys.readouterr().err
    assert main(["check", str(tmp_path), "--county", "3"]) == 2
    capsys.readouterr()
    assert main(["check", str(tmp_path), "--county", "2", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["county"] == {"code": "2", "name": "某旗"}
    assert {one["school_code"] for one in answer["findings"]} == {"2甲", "3甲"}
    assert [one["row"] for one in answer["findings"] if one["id"] == "Q612"] == [3]


def test_no_schools_at_all_is_checked_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table without rows is usable."""
    (tmp_path / "schools.csv").write_text("school_code\n")
    assert main(["check", str(tmp_path)]) == 0
    assert "没有查出问题" in capsys.readouterr().out


def test_what_the_reader_asks_about_is_a_finding_once(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown heading and a 无 are findings, with the row and heading of the file, and not said twice."""
    (wrong / "schools.csv").write_text("school_code,primary_pupils,颜色\nA,无,红\n", encoding="utf-8")
    assert main(["check", str(wrong), "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    asked = [one for one in json.loads(shown.out)["findings"] if one["id"] == "Q001"]
    assert [(one["column"], one["value"]) for one in asked] == [("颜色", None), ("primary_pupils", "无")]
    assert "schools.csv 第 2 行" in asked[1]["message"]
    assert asked[1]["remedy"] == "如果确实是零，请改填 0"


def test_output_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --output nothing but the file is written."""
    file = tmp_path / "found.json"
    assert main(["check", SHILI, "--format", "json", "--output", str(file)]) == 0
    assert json.loads(file.read_text(encoding="utf-8"))["county"]["code"] == "150699"
    assert capsys.readouterr().out == ""
    assert main(["check", SHILI, "--annotate", str(tmp_path / "no" / "where.xlsx")]) == 2


@pytest.fixture
def annotated(wrong: Path, tmp_path: Path) -> Path:
    """The workbook handed back for the bad school."""
    file = tmp_path / "批注.xlsx"
    assert main(["check", str(wrong), "--annotate", str(file)]) == 0
    return file


def test_the_annotated_workbook_reads_back_to_the_same_facts(wrong: Path, annotated: Path, tmp_path: Path) -> None:
    """Colours and comments change no cell, and the list of findings is not taken for a table."""
    for before, after in ((jh.load(wrong), jh.load(annotated)), (jh.load(SHILI), _shili_annotated(tmp_path))):
        assert all(after.tables[name].equals(before.tables[name]) for name in TABLES)
        assert after.remarks == ()


def _shili_annotated(tmp_path: Path) -> jh.Facts:
    facts = jh.load(SHILI)
    jh.write_annotated(jh.check(facts), facts, tmp_path / "shili.xlsx")
    return jh.load(tmp_path / "shili.xlsx")


def test_last_year_is_an_option(wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--previous compares; without it the table says what was not looked at; a bad one is refused under its name."""
    before = tmp_path / "before"
    before.mkdir()
    check_cases.write({**WRONG, "equipment_value": 200_000}, before)
    assert main(["check", str(wrong)]) == 0
    assert "没有上年数据，未查：Q951" in capsys.readouterr().out
    assert main(["check", str(wrong), "--previous", str(before), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert ("Q957", "equipment_value") in [(one["id"], one["column"]) for one in answer["findings"]]
    assert answer["skipped"] == []
    (before / "schools.csv").write_text("school_code,primary_pupils\nA,x\n", encoding="utf-8")
    assert main(["check", str(wrong), "--previous", str(before)]) == 2
    assert f"上年数据 {before} 的 schools.csv 第 2 行" in capsys.readouterr().err


def test_a_school_that_is_gone_is_listed_but_marks_no_cell(wrong: Path, tmp_path: Path) -> None:
    """Its row stands in last year's facts: the annotated workbook lists it, and reads back the same."""
    before = tmp_path / "before"
    before.mkdir()
    check_cases.write({**WRONG, "alike": {"school_code": ["旧"], "school_name": ["旧校"]}}, before)
    facts, file = jh.load(wrong), tmp_path / "gone.xlsx"
    found = jh.check(facts, previous=jh.load(before))
    jh.write_annotated(found, facts, file)
    assert "上年的学校标识码 旧（旧校）今年没有" in [one.message for one in found.findings]
    lines = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("问题清单").to_python()
    assert [line[0] for line in lines].count("Q965") == 1
    assert jh.load(file).tables["schools"].equals(facts.tables["schools"])


def test_what_was_handed_in_is_never_written_over(annotated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same file under --annotate is refused, and stays as it was."""
    before = annotated.read_bytes()
    assert main(["check", str(annotated), "--annotate", str(annotated.parent / "." / annotated.name)]) == 2
    assert "同一个文件" in capsys.readouterr().err
    assert annotated.read_bytes() == before


def test_names_that_look_like_markup_stand_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A school may be called [red]; the terminal prints its name."""
    check_cases.write({"school_name": "[red]校[/red]"}, tmp_path)
    assert main(["check", str(tmp_path)]) == 0
    assert "[red]校[/red]" in capsys.readouterr().out


def test_the_annotated_workbook_is_checked_the_same(wrong: Path, annotated: Path) -> None:
    """Handing it in again finds the same again."""
    assert jh.findings_to_json(jh.check(jh.load(annotated))) == jh.findings_to_json(jh.check(jh.load(wrong)))


def test_the_list_of_findings_stands_in_the_workbook_with_links(wrong: Path, annotated: Path) -> None:
    """One row a finding, in their order; the link leads to the cell under the column's heading."""
    found = jh.check(jh.load(wrong)).findings
    book = CalamineWorkbook.from_path(str(annotated))
    header, *lines = book.get_sheet_by_name("问题清单").to_python()
    assert header[:2] == ["编号", "级别"]
    assert [line[0] for line in lines] == [one.check.id for one in found]
    school = book.get_sheet_by_name("学校").to_python()
    at = school[0].index(heading(TABLES["schools"].column("primary_above_required_teachers")))
    with zipfile.ZipFile(annotated) as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode("utf-8")
    assert f"'学校'!{_letters(at)}2" in sheet
    assert school[1][at] == 9


def _letters(at: int) -> str:
    return (chr(ord("A") + at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def test_each_finding_hangs_at_its_cell_as_a_comment(wrong: Path, annotated: Path) -> None:
    """Message and remedy are in the comments; the cell has a colour."""
    with zipfile.ZipFile(annotated) as parts:
        comments = "".join(parts.read(name).decode("utf-8") for name in parts.namelist() if "comments" in name)
        styles = parts.read("xl/styles.xml").decode("utf-8")
    for one in jh.check(jh.load(wrong)).findings:
        assert one.message in comments, one
        assert one.remedy in comments
    assert "FFFFC7CE" in styles


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """Every option of the command says in Chinese what it does."""
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    shown = capsys.readouterr().out
    assert "批注" in shown
    assert "show this" not in shown
