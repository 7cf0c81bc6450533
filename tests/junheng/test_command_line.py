"""`junheng assess` as a person or a script meets it: answers on stdout, problems on stderr, exit statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import impeccable
import junheng as jh
from junheng.cli import main
from junheng.cli.common import written
from junheng.output.answer import schema

ROOT = Path(__file__).parents[2]
SHILI = str(ROOT / "examples" / "shili" / "facts")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A county of two schools in which everything passes."""
    return impeccable.write(tmp_path)


@pytest.fixture
def two_counties(tmp_path: Path) -> Path:
    """Two counties in one folder: one school each, the second without equipment."""
    rich, poor = impeccable.schools("A"), impeccable.schools("A", county_code="2", equipment_value=1000)
    return impeccable.write(tmp_path, rich + poor)


def test_the_table_shows_verdict_spreads_schools_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    """The example's answer can be read without knowing JSON, and says what was judged."""
    assert main(["assess", SHILI]) == 0
    shown = capsys.readouterr()
    for words in (
        "示例旗（虚构）",
        "不达标",
        "0.506",
        "校际差异系数",
        "沙湾苏木初级中学",
        "缺少教学仪器设备资产值",
    ):
        assert words in shown.out
    assert shown.err == ""


def test_json_keeps_the_schema_and_round_trips_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """The example's JSON is valid by the shipped schema, and Chinese stands as Chinese."""
    assert main(["assess", SHILI, "--format", "json"]) == 0
    text = capsys.readouterr().out
    jsonschema.validate(json.loads(text), schema())
    assert "示例旗" in text


def test_the_answer_can_go_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --output nothing but the file is written."""
    file = tmp_path / "answer.json"
    assert main(["assess", SHILI, "--format", "json", "--output", str(file)]) == 0
    assert json.loads(file.read_text(encoding="utf-8"))["verdict"] == "fail"
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_written_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The problem names the file."""
    assert main(["assess", SHILI, "--output", str(tmp_path / "no" / "where.txt")]) == 2
    assert "where.txt" in capsys.readouterr().err


def test_strict_turns_a_verdict_that_is_no_pass_into_exit_1(good: Path) -> None:
    """Without --strict the status is 0 whatever the verdict; with it, only a pass is 0."""
    assert main(["assess", str(good)]) == 0
    assert main(["assess", str(good), "--strict"]) == 0
    assert main(["assess", SHILI, "--strict"]) == 1


def test_unusable_input_is_exit_2_with_every_problem(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Problems go to stderr, stdout stays empty."""
    (good / "schools.csv").write_text("school_code,primary_pupils\nA,x\nB,-1\n")
    assert main(["assess", str(good)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "共 2 处" in shown.err
    assert "第 2 行" in shown.err
    assert "第 3 行" in shown.err


def test_without_any_day_assess_is_exit_2(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a counting date nor --as-of: nobody knows which rules are meant."""
    (good / "period.csv").unlink()
    assert main(["assess", str(good)]) == 2
    assert "--as-of" in capsys.readouterr().err
    assert main(["assess", str(good), "--as-of", "2025-09-01"]) == 0


def test_a_day_before_the_document_is_exit_2(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the day on which the document took effect."""
    assert main(["assess", str(good), "--as-of", "2016-09-01"]) == 2
    assert "2017-04-19" in capsys.readouterr().err


def test_an_unknown_standard_is_exit_2(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message lists the standards that there are."""
    assert main(["assess", str(good), "--standard", "mars"]) == 2
    assert "national-2017" in capsys.readouterr().err


def test_several_counties_need_a_choice(two_counties: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --county it is exit 2 and the codes are listed; an unknown code is exit 2 as well."""
    assert main(["assess", str(two_counties)]) == 2
    assert "1（某旗）" in capsys.readouterr().err
    assert main(["assess", str(two_counties), "--county", "3"]) == 2
    assert main(["assess", str(two_counties), "--county", "1"]) == 0
    assert main(["assess", str(two_counties), "--county", "2", "--strict"]) == 1


def test_all_counties_come_as_json_lines(two_counties: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a county, in the order of codes, each the same as when judged alone.

    The county table does not say which county it is about, so what rests on it stays undetermined among several.
    """
    assert main(["assess", str(two_counties), "--all"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["county"]["code"], one["verdict"]) for one in lines] == [("1", "undetermined"), ("2", "fail")]
    main(["assess", str(two_counties), "--county", "2", "--format", "json"])
    assert json.loads(capsys.readouterr().out) == lines[1]
    assert main(["assess", str(two_counties), "--all", "--strict"]) == 1


def test_a_column_that_is_not_read_is_mentioned_on_stderr(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped heading is a hint, not a refusal."""
    (good / "period.csv").write_text("counting_date,wheather\n2025-09-01,fine\n")
    assert main(["assess", str(good)]) == 0
    assert "wheather" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["assess"], "缺少：PATH"),
        (["asses", "x"], "不认识 'asses'"),
        (["assess", "x", "--as-of", "yesterday"], "不是日期"),
        (["assess", "x", "--format", "pdf"], "可选"),
        (["assess", "x", "--colour"], "不认识的参数"),
        (["assess", "x", "--county"], "后面要跟一个值"),
        (["assess", "x", "--county", "1", "--all"], "不能与"),
    ],
)
def test_a_mistyped_command_is_exit_2_in_chinese(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The usage and the mistake are printed in Chinese."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    shown = capsys.readouterr().err
    assert words in shown
    assert "用法" in shown


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """Not one English sentence in the help of a command."""
    with pytest.raises(SystemExit):
        main(["assess", "--help"])
    shown = capsys.readouterr().out
    assert "用法" in shown
    assert "显示本说明" in shown
    assert "show this" not in shown
    assert "options" not in shown


def test_the_program_speaks_chinese_in_a_plain_locale() -> None:
    """A whole process under the C locale prints the verdict and leaves stderr empty."""
    junheng = Path(sys.executable).with_name("junheng")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run([junheng, "assess", SHILI], capture_output=True, check=True, env=environment)
    assert "不能判定" in done.stdout.decode("utf-8")
    assert done.stderr == b""


def test_the_template_is_written_where_one_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`junheng template` writes a workbook that reads back empty, and says where it is."""
    file = tmp_path / "填报.xlsx"
    assert main(["template", "--output", str(file)]) == 0
    assert str(file) in capsys.readouterr().out
    assert len(jh.load(file).tables["schools"]) == 0
    assert main(["template", "--output", str(tmp_path / "no" / "where.xlsx")]) == 2


def test_a_workbook_is_judged_like_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same facts as a workbook give the same JSON."""
    file = tmp_path / "facts.xlsx"
    jh.write_workbook(jh.load(SHILI), file)
    assert main(["assess", str(file), "--format", "json"]) == 0
    from_workbook = capsys.readouterr().out
    main(["assess", SHILI, "--format", "json"])
    assert from_workbook == capsys.readouterr().out


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a_form_that_is_no_text_asks_for_its_name(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --output nothing is judged, and the message says what to add."""
    assert main(["assess", SHILI, "--format", form]) == 2
    shown = capsys.readouterr()
    assert f"--output 文件名.{form}" in shown.err
    assert shown.out == ""


def test_every_county_at_once_is_json_only(
    two_counties: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--all with another form is refused, and nothing is written."""
    file = tmp_path / "all.xlsx"
    assert main(["assess", str(two_counties), "--all", "--format", "xlsx", "--output", str(file)]) == 2
    assert "只有 JSON 一种形式" in capsys.readouterr().err
    assert not file.exists()


def test_several_counties_need_one_chosen_for_a_file(two_counties: Path, tmp_path: Path) -> None:
    """A file is about one county; the second of two has its own schools in it."""
    file = tmp_path / "second.html"
    assert main(["assess", str(two_counties), "--format", "html", "--output", str(file)]) == 2
    assert not file.exists()
    for form in ("xlsx", "html", "docx"):
        arguments = ["--county", "2", "--format", form, "--output", str(tmp_path / f"second.{form}")]
        assert main(["assess", str(two_counties), *arguments]) == 0


def test_what_was_handed_in_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same file for input and output is refused, and stays as it was."""
    file = tmp_path / "facts.xlsx"
    jh.write_workbook(jh.load(SHILI), file)
    before = file.read_bytes()
    assert main(["assess", str(file), "--format", "xlsx", "--output", str(file)]) == 2
    assert "同一个文件" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    """What breaks half way leaves the old file, and nothing beside it; what ends well keeps the permissions."""
    file = tmp_path / "answer.txt"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    with pytest.raises(KeyboardInterrupt):
        _stop_half_way(file)
    assert [one.name for one in tmp_path.iterdir()] == ["answer.txt"]
    assert file.read_text(encoding="utf-8") == "old"
    with written(file) as part:
        part.write_text("new", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == "new"
    assert file.stat().st_mode & 0o777 == 0o640


def _stop_half_way(file: Path) -> None:
    with written(file) as part:
        part.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt


def test_a_pipe_is_written_as_it_stands() -> None:
    """`--output /dev/null` replaces no device by a file."""
    assert main(["assess", SHILI, "--format", "json", "--output", "/dev/null"]) == 0
    assert Path("/dev/null").is_char_device()


def test_an_engine_that_is_not_installed_is_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Spark's packages the message says what to install, and that DuckDB gives the same verdicts."""
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    assert main(["assess", SHILI, "--engine", "spark"]) == 2
    assert "改用 duckdb" in capsys.readouterr().err


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """--version names the program and its version."""
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"junheng {jh.__version__}\n"
