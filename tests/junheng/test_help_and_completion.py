"""Help has examples that can be typed, no command is met kindly, shells complete, and progress is for terminals."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.cli import COMMANDS, main, whole_parser
from junheng.cli.examples import EXAMPLES

ROOT = Path(__file__).parents[2]
JUNHENG = Path(sys.executable).with_name("junheng")
SHILI = "examples/shili/facts"


def shown_help(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """Return what --help prints."""
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0
    return capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who types the program's name alone is told what there is, and has made no mistake."""
    assert main([]) == 0
    shown = capsys.readouterr()
    assert all(name in shown.out for name in COMMANDS)
    assert "示例" in shown.out
    assert shown.err == ""


def test_every_command_has_examples_in_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    """As they stand in the one place where they are written."""
    assert set(EXAMPLES) == {"junheng", *COMMANDS}
    for name in COMMANDS:
        shown = shown_help(capsys, name)
        assert all(typed in shown and does in shown for typed, does in EXAMPLES[name]), name


@pytest.mark.parametrize("typed", [typed for examples in EXAMPLES.values() for typed, _ in examples])
def test_every_example_can_be_typed(typed: str) -> None:
    """The parser accepts each of them."""
    words = shlex.split(typed.removeprefix("source <(").removesuffix(")").partition(" > ")[0])
    assert words[0] == "junheng"
    assert whole_parser().parse_args(words[1:]).command in COMMANDS


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script for bash, as a person would save it."""
    done = subprocess.run([JUNHENG, "completion", "bash"], capture_output=True, check=True)
    file = tmp_path_factory.mktemp("completion") / "junheng"
    file.write_bytes(done.stdout)
    return file


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["as"], ["assess"]),
        (["c"], ["check", "compare", "completion"]),
        (["assess", "--st"], ["--standard", "--strict"]),
        (["assess", "x", "--engine", ""], ["duckdb", "spark"]),
        (["explain", "x", "--stage", "j"], ["junior"]),
        (["assess", "x", "--standard", "n"], ["national-2017"]),
        (["standard", "d"], ["diff"]),
        (["assess", "examples/sh"], ["examples/shili"]),
        (["check", "x", "--annotate", "examples/shili/sh"], ["examples/shili/shili.xlsx"]),
        (["completion", ""], ["bash", "zsh"]),
    ],
)
def test_bash_completes(script: Path, typed: list[str], offered: list[str]) -> None:
    """A real bash that has read the script offers commands, options, codes, documents of the rule book and files."""
    ask = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _shtab_junheng; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-c", ask, script, "junheng", *typed], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert sorted(done.stdout.split()) == offered


def test_the_script_says_for_which_program_it_is(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bash ties its function to junheng; zsh finds the script by its first line."""
    assert "complete" in script.read_text(encoding="utf-8").splitlines()[-1]
    assert main(["completion", "zsh"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("#compdef junheng\n")
    assert all(f"{name}:" in shown for name in COMMANDS)


def read_all(terminal: int) -> str:
    """Return what was written to a terminal whose other side has been closed."""
    read = b""
    while True:
        try:
            read += os.read(terminal, 4096)
        except OSError:
            os.close(terminal)
            return read.decode("utf-8")


def test_progress_is_shown_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    """Somebody who waits sees what is being done; a log never does."""
    command = [JUNHENG, "assess", SHILI, "--format", "json", "--output"]
    mine, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen([*command, tmp_path / "seen.json"], stderr=theirs, env=environment, cwd=ROOT):
        os.close(theirs)
        seen = read_all(mine)
    unseen = subprocess.run([*command, tmp_path / "unseen.json"], capture_output=True, check=True, cwd=ROOT)

    assert "正在读取" in seen
    assert "正在判定" in seen
    assert (unseen.stdout, unseen.stderr) == (b"", b"")
    assert (tmp_path / "seen.json").read_bytes() == (tmp_path / "unseen.json").read_bytes()
