"""What a finished job says of itself: files with hashes and rows, versions, what was counted and what was found.

It holds no time and no path of the machine: the same rosters make the same manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from junheng.rosters.records.checking import RecordFinding
from junheng.rosters.records.keeping import sha256

if TYPE_CHECKING:
    from junheng.rosters.records.job import Job

MANIFEST, FINDINGS = "manifest.json", "findings.json"


def described(drafts: Mapping[Path, Path], root: Path) -> dict[str, dict[str, Any]]:
    """Return, for each part, its new files by name with size and SHA-256."""
    found: dict[str, dict[str, Any]] = {}
    for draft, target in drafts.items():
        part = draft.parent.relative_to(root).as_posix()
        told = {"bytes": draft.stat().st_size, "sha256": sha256(draft)}
        found.setdefault("" if part == "." else part, {})[target.name] = told
    return found


def manifest(job: Job, outputs: Mapping[str, Mapping[str, Any]], findings: Iterable[RecordFinding]) -> dict[str, Any]:
    """Return the manifest of a job that has done everything."""
    from importlib.metadata import version

    from junheng.rosters.records.job import VERSION, rules

    asked = job.asked
    cohort = asked.cohort and {
        "reading": asked.cohort.reading,
        "entered": asked.year + asked.cohort.entered,
        "last": asked.year + asked.cohort.last,
    }
    return {
        "what": "junheng aggregate",
        "versions": {"junheng": version("junheng"), "aggregate": VERSION, "rules": rules()},
        "year": asked.year,
        "cohort": cohort or None,
        "moves": bool(job.moves),
        "duplicates": "checked" if job.duplicates else "not checked",
        "inputs": {name: {key: one[key] for key in ("size", "sha256")} for name, one in sorted(job.hashes.items())},
        "outputs": {part: outputs[part] for part in sorted(outputs)},
        "counts": job.totals(),
        "findings": {one.check.id: one.rows for one in findings},
    }


def as_json(value: Any) -> str:
    """Return a value as text that people can read too, in a settled order."""
    # A nation's manifest names ten thousand files; `json` takes a tenth of a second to set them in lines.
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"
