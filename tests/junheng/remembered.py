"""What every golden case answered when ENGINE_VERSION was last raised, as digests.

python tests/junheng/remembered.py     # write down new cases; changed ones only after ENGINE_VERSION was raised
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import golden
import junheng as jh

FILE = golden.FOLDER / "answers.json"
DIGITS = 12
# Of an answer, what is wording, or advice worked out of the rest: it may change without an answer changing.
ADVICE = {"engine", "message", "county", "act", "helps", "periods", "warnings", "question", "reading", "source"}


def digests(answers: dict[str, Any]) -> dict[str, str]:
    """Return a digest of each case's answer by file and name: numbers to 12 digits, without wording or version.

    Reasons count as a set: their order is advice.
    """
    return {
        f"{case.file}: {case.name}": hashlib.sha256(json.dumps(_bare(answers[case.county])).encode()).hexdigest()[:16]
        for case in golden.cases()
        if case.county in answers
    }


def _bare(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _bare(one, name) for name, one in value.items() if name not in ADVICE}
    if isinstance(value, list):
        bare = [_bare(one, key) for one in value]
        return (
            sorted(({"indicator": one["indicator"], "scope": one["scope"]} for one in bare), key=str)
            if key == "reasons"
            else bare
        )
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def main() -> int:
    """Write the file anew; refuse where answers changed and ENGINE_VERSION did not."""
    with tempfile.TemporaryDirectory() as folder:
        now = digests(golden.judge_all(lambda: Path(tempfile.mkdtemp(dir=folder))))
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"engine": 0, "answers": {}}
    changed = [name for name, digest in known["answers"].items() if now.get(name, digest) != digest]
    if changed and known["engine"] == jh.ENGINE_VERSION:
        print("answers changed; raise ENGINE_VERSION first:", *changed, sep="\n  ", file=sys.stderr)
        return 1
    remembered = {"engine": jh.ENGINE_VERSION, "answers": now}
    FILE.write_text(json.dumps(remembered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
