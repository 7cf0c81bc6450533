"""The mutants of the Python: mutmut makes and judges them; here its verdicts are read and told by what was changed."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from results import ROOT, Room

CORE = ROOT / "src" / "junheng"
# mutmut's words for a mutant that lives on, or that no test was asked about.
ALIVE = frozenset({"survived", "no tests", "not checked", "skipped"})


def python_room(_: object) -> Room:
    """Run mutmut by its configuration in pyproject.toml and return what it found, with the figures of each module."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    run = [sys.executable, "-m", "mutmut", "run", "--max-children", "2"]
    subprocess.run(run, cwd=ROOT, env={**environment, "PATH": path}, check=True)
    room, modules = Room(), defaultdict(lambda: {"made": 0, "killed": 0})
    for module, mutant, status in _statuses():
        alive = status in ALIVE
        room.add(f"{module} {_change(mutant)}" if alive else mutant, "" if alive else status)
        modules[module]["made"] += 1
        modules[module]["killed"] += not alive
    room.more = {"modules": dict(modules), "not_covered": _not_covered()}
    return room


def _statuses() -> Iterator[tuple[str, str, str]]:
    """Yield module, mutant and mutmut's verdict."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.stats import status_by_exit_code

    os.chdir(ROOT)
    for name in _configured():
        data = SourceFileMutationData(path=Path(name))
        data.load()
        for mutant, code in data.exit_code_by_key.items():
            yield str(Path(name).relative_to("src/junheng")), mutant, status_by_exit_code[code]


def _change(mutant: str) -> str:
    """Return what was changed: the function, and the lines before and after."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(mutant).splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    function = (
        mutant.rpartition(".")[2].rpartition("__mutmut_")[0].removeprefix("x_").replace("xǁ", "").replace("ǁ", ".")
    )
    return f"{function}: {before} → {after}"


def _configured() -> list[str]:
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["mutmut"]["only_mutate"])


def _not_covered() -> list[str]:
    covered = {ROOT / name for name in _configured()}
    modules = (file for file in sorted(CORE.rglob("*.py")) if file not in covered and "def " in file.read_text("utf-8"))
    return [str(file.relative_to(CORE)) for file in modules]
