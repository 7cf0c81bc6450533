"""What docstrings, the README and the manual show in Python, or to type, runs and gives what they say it gives."""

from __future__ import annotations

import ast
import doctest
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

import junheng as jh
from junheng.cli import main
from junheng.rosters.invented import invent

ROOT = Path(__file__).parents[2]
SHILI = ROOT / "examples" / "shili"
# `value  # literal`: what the comment tells must be what comes out; a comment that is no literal is prose.
TOLD = re.compile(r"^(?P<value>\S.*?)  # (?P<told>.+)$")


def blocks(file: str, language: str) -> list[str]:
    """Return the code blocks of one language in a page."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / file).read_text(encoding="utf-8"), flags=re.DOTALL)


def docstrings() -> list[doctest.DocTest]:
    """Return the examples in the docstring of the package, and of everything that it offers."""
    finder = doctest.DocTestFinder()
    offered = {name: getattr(jh, name) for name in jh.__all__}
    found = [test for name, one in offered.items() if callable(one) for test in finder.find(one, name, globs={})]
    package = doctest.DocTestParser().get_doctest(jh.__doc__ or "", {}, "junheng", None, None)
    return [test for test in [package, *found] if test.examples]


@pytest.mark.parametrize("test", docstrings(), ids=lambda test: test.name)
def test_the_examples_in_docstrings_run(test: doctest.DocTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the folder of the project, each gives what is written below it."""
    monkeypatch.chdir(ROOT)
    told: list[str] = []
    assert doctest.DocTestRunner().run(test, out=told.append).failed == 0, "".join(told)


def test_what_people_begin_with_has_an_example() -> None:
    """Loading, checking, judging, explaining, comparing, frames."""
    named = {test.name for test in docstrings()}
    assert named >= {"junheng", "load", "check", "assess", "assess_all", "explain", "sensitivity", "compare"}
    assert "Assessment.to_frame" in named


def literal(text: str) -> Any:
    """Return the literal in `text`; the text itself where it is none."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None


@pytest.mark.parametrize("page", ["README.md", "docs/manual/python.md"])
def test_python_on_the_pages_runs_and_says_so(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page run one after the other, and a literal behind a value is that value."""
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    lines = [line for block in blocks(page, "python") for line in block.splitlines()]
    compared = 0
    for line in lines:
        found = TOLD.match(line)
        expected = literal(found["told"]) if found else None
        if found and expected is not None:
            assert eval(found["value"], names) == expected, line  # noqa: S307 (our own page)
            compared += 1
        else:
            exec(line, names)  # noqa: S102 (our own page)
    assert compared


def test_every_line_to_type_on_the_front_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder where somebody has the files that they speak of; `make` has the goals that they name."""
    shutil.copytree(SHILI / "facts", tmp_path / "folder")
    shutil.copytree(SHILI, tmp_path / "examples" / "shili")
    shutil.copy(SHILI / "shili.xlsx", tmp_path / "last-year.xlsx")
    invent(tmp_path / "rosters", 52_000)
    monkeypatch.chdir(tmp_path)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    typed = [
        line for page in ("README.md", "README.zh-CN.md") for block in blocks(page, "sh") for line in block.split("\n")
    ]
    run = [shlex.split(line.partition(" > ")[0], comments=True) for line in typed if line]
    assert len(run) > 10
    for program, *words in run:
        if program == "make":
            assert f"\n{words[0]}:" in makefile
        else:
            assert program == "junheng"
            assert main(words) == 0, words
            if words[0] == "template":  # and somebody fills it in
                shutil.copy(SHILI / "shili.xlsx", "facts.xlsx")
            assert capsys.readouterr().err == ""
