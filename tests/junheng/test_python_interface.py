"""`import junheng as jh`: load, assess, frozen typed results, frames and a repr that a person can read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import junheng as jh

ROOT = Path(__file__).parents[2]
SHILI = ROOT / "examples" / "shili" / "facts"


@pytest.fixture(scope="module")
def answer() -> jh.Assessment:
    """The example county's answer."""
    return jh.assess(jh.load(SHILI))


def test_results_cannot_be_changed(answer: jh.Assessment) -> None:
    """An answer, a section and a value are frozen."""
    section = answer.sections[0]
    for thing, name in ((answer, "verdict"), (section, "met"), (section.indicators["B1"], "value")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, None)


def test_a_frame_has_a_row_for_each_section_and_indicator(answer: jh.Assessment) -> None:
    """The frame agrees with the objects, school by school."""
    frame = answer.to_frame()
    assert frame.height == len(answer.sections) * len(answer.rules.indicators)
    row = frame.filter(school_code="1506990029", indicator="B6").row(0, named=True)
    assert (row["value"], row["status"], row["verdict"]) == (None, "missing", "undetermined")
    assert frame["value"].null_count() == 1


def test_reprs_are_readable(answer: jh.Assessment) -> None:
    """A notebook's last line says what the thing is."""
    assert "示例旗" in repr(answer)
    assert "不达标" in repr(answer)
    assert "学校 30 行" in repr(jh.load(SHILI))
    assert "小学" in repr(answer.sections[0])
    assert "7 项指标" in repr(jh.load_standard())
    assert "人" in repr(answer.stages["primary"])


def test_sections_keep_the_order_of_the_file(answer: jh.Assessment) -> None:
    """People look for their school where they wrote it; a school's primary part comes before its junior part."""
    codes = [section.school_code for section in answer.sections]
    assert codes == sorted(codes)
    nine = [section.stage for section in answer.sections if section.school_code == "1506990019"]
    assert nine == ["primary", "junior"]


def test_contributions_add_up_to_one(answer: jh.Assessment) -> None:
    """Each school's share of a spread, over the sample, is the whole spread."""
    for stage in answer.stages.values():
        for spread in stage.indicators.values():
            if spread.cv:
                assert sum(spread.contributions.values()) == pytest.approx(1)
                assert len(spread.contributions) == stage.schools


def test_as_of_defaults_to_the_counting_date(answer: jh.Assessment) -> None:
    """And an argument wins over it."""
    assert answer.as_of == dt.date(2025, 9, 1)
    assert jh.assess(jh.load(SHILI), as_of=dt.date(2021, 1, 1)).as_of == dt.date(2021, 1, 1)


def test_an_unknown_engine_is_refused() -> None:
    """Only the two engines that there are."""
    with pytest.raises(ValueError, match="duckdb"):
        jh.assess(jh.load(SHILI), engine="excel")


def test_a_county_run_imports_nothing_heavy() -> None:
    """The command line's start does not pay for frames, Spark or the planner."""
    code = (
        "import sys; from junheng.cli import main; main(['assess', sys.argv[1], '--format', 'json']);"
        "print(sorted({'polars', 'pyspark', 'sqlglot'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(SHILI)], capture_output=True, check=True, text=True)
    assert done.stderr.strip() == "[]"


def test_the_same_facts_give_the_same_bytes() -> None:
    """Judging twice gives the same JSON, byte for byte."""
    first, second = (jh.to_json(jh.assess(jh.load(SHILI))) for _ in range(2))
    assert first == second


def test_several_threads_judge_at_once_and_none_sees_another_s_tables() -> None:
    """A process has one database: what each judging puts there is its own, though the names are the same."""
    facts = jh.load(SHILI)
    fewer = {rows: first_schools(facts, rows) for rows in (5, 10, 15, 20)}
    alone = {rows: jh.to_json(jh.assess(some)) for rows, some in fewer.items()}
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda rows: (rows, jh.to_json(jh.assess(fewer[rows]))), [*fewer] * 8))
    assert len(set(alone.values())) == len(alone)
    assert all(text == alone[rows] for rows, text in together)


def test_a_forked_child_judges_as_its_parent_does() -> None:
    """It has none of the threads of its parent's database, and waits for none of them."""
    program = (
        "import os, sys, warnings; import junheng as jh; warnings.simplefilter('ignore')\n"
        f"facts = jh.load({str(SHILI)!r}); told = jh.to_json(jh.assess(facts)); child = os.fork()\n"
        "if child == 0: os._exit(0 if jh.to_json(jh.assess(facts)) == told else 3)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0


def first_schools(facts: jh.Facts, rows: int) -> jh.Facts:
    """Return the facts without the schools after so many."""
    return dataclasses.replace(facts, tables={**facts.tables, "schools": facts.tables["schools"][:rows]})
