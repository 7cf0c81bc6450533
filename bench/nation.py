"""A nation's job beside its floor and its peers: rosters in Parquet to every county's verdict and retention.

python bench/nation.py [--pupils 1.5 15] [--full] [--peers 15] [--spark 1.5] [--rounds 3] [--folder F] [--write]

Every contestant is a whole process, in turn, over the same invented rosters (two snapshots). The floor is DuckDB only
reading and summing the columns that are needed. The answers are compared; a disagreement makes the exit status 1.
Writes build/bench-nation.json, prints a table; --write also writes docs/quality/nation.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from statistics import median
from typing import Any

from measure import KILOBYTES_IN_A_MEGABYTE, Contestant, used

BENCH = Path(__file__).resolve().parent
PYTHON = sys.executable
MILLION = 1_000_000
FULL = 150.0
LONGEST = 3_600.0
NAMES = {
    "floor": "下限：只读列、求和",
    "ours": "junheng：名册到各县结论",
    "small": "同上，--memory 512MB",
    "changed": "改动一个县之后再跑",
    "duplicates": "同上，另查重复",
    "polars": "Polars（只做 B1～B7 和巩固率）",
    "pandas": "pandas（同上）",
    "spark": "junheng --engine spark（本机）",
}
OURS = ("ours", "small", "duplicates", "spark")


@dataclass(slots=True)
class Used:
    """What a contestant took in each round: wall and CPU seconds, and the most memory in MB."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """Return the middle round's seconds and the most memory."""
        return {"wall": median(self.wall), "cpu": median(self.cpu), "peak_mb": max(self.peak), "rounds": len(self.wall)}


def main() -> int:
    """Run everything; 0 where all agree, 1 where they do not."""
    options = _options()
    runs = []
    with tempfile.TemporaryDirectory(prefix="junheng-nation-", dir=options.folder) as folder:
        for size in [*options.pupils, *([FULL] if options.full else [])]:
            runs.append(_size(Path(folder) / f"{size:g}", size, options))
            shutil.rmtree(Path(folder) / f"{size:g}")
    figures = {"runs": runs, "slopes": _slopes(runs)}
    build = BENCH.parent / "build"
    build.mkdir(exist_ok=True)
    (build / "bench-nation.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    from nation_report import as_page, as_text

    print(as_text(figures, NAMES))
    if options.write:
        (BENCH.parent / "docs" / "quality" / "nation.md").write_text(as_page(figures, NAMES), encoding="utf-8")
    return 1 if any(run["disagreements"] for run in runs) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="a nation's job beside its floor and its peers")
    parser.add_argument("--pupils", type=float, nargs="*", default=[1.5, 15.0], help="millions of pupils a year")
    parser.add_argument("--full", action="store_true", help="also 150 million")
    parser.add_argument("--peers", type=float, nargs="*", default=[1.5, 15.0], help="where Polars and pandas take part")
    parser.add_argument("--spark", type=float, nargs="*", default=[1.5], help="where Spark takes part")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the rosters are made (8 GB for 150 million)")
    parser.add_argument("--write", action="store_true", help="also write docs/quality/nation.md")
    return parser.parse_args()


def _size(folder: Path, millions: float, options: argparse.Namespace) -> dict[str, Any]:
    rosters = folder / "rosters"
    made = _made(rosters, round(millions * MILLION))
    contestants = _contestants(rosters, folder, peers=millions in options.peers, spark=millions in options.spark)
    taken = {name: Used() for name in [*contestants, "changed"]}
    for _ in range(options.rounds):
        for name, contestant in contestants.items():
            if name in OURS:
                shutil.rmtree(folder / name, ignore_errors=True)
            _once(contestant, folder / f"{name}.json", taken[name])
        changed = _change(rosters)
        _once(Contestant(_ours(rosters, folder / "ours")), folder / "changed.json", taken["changed"])
        _undo(*changed)
    return {
        "millions": millions,
        "made": made,
        "times": {name: one.told() for name, one in taken.items()},
        "disagreements": _disagreements(folder, contestants),
    }


def _made(rosters: Path, pupils: int) -> dict[str, Any]:
    """Make the rosters in a process of its own: what this one holds would count as the peak of those it starts."""
    command = [PYTHON, "-m", "junheng.rosters.invented", str(rosters), "--pupils", str(pupils)]
    seconds, _ = used(Contestant(command), rosters.parent.with_suffix(".made"), LONGEST)
    files = list(rosters.rglob("*.parquet"))
    return {"seconds": seconds, "files": len(files), "megabytes": sum(file.stat().st_size for file in files) / 1e6}


def _contestants(rosters: Path, folder: Path, *, peers: bool, spark: bool) -> dict[str, Contestant]:
    found = {
        "floor": Contestant([PYTHON, str(BENCH / "nation_floor.py"), str(rosters)]),
        "ours": Contestant(_ours(rosters, folder / "ours")),
        "small": Contestant([*_ours(rosters, folder / "small"), "--memory", "512MB"]),
        "duplicates": Contestant([*_ours(rosters, folder / "duplicates"), "--duplicates"]),
    }
    if peers:
        for name in ("polars", "pandas"):
            found[name] = Contestant([PYTHON, "-m", "nation_peer", name, str(rosters)], folder=BENCH)
    if spark:
        found["spark"] = Contestant([*_ours(rosters, folder / "spark"), "--engine", "spark"])
    return found


def _ours(rosters: Path, facts: Path) -> list[str]:
    return [PYTHON, str(BENCH / "nation_ours.py"), str(rosters), str(facts)]


def _once(contestant: Contestant, output: Path, taken: Used) -> None:
    wall, usage = used(contestant, output, LONGEST)
    taken.wall.append(wall)
    taken.cpu.append(usage.ru_utime + usage.ru_stime)
    taken.peak.append(usage.ru_maxrss / KILOBYTES_IN_A_MEGABYTE)


CHANGE = """
import sys, pyarrow.parquet as pq
file, county = sys.argv[1], None
table = pq.ParquetFile(file).read()
code = table["school_code"][0].as_py()[:6]
import pyarrow.compute as pc
own = pc.starts_with(table["school_code"], code)
some = pc.and_(own, pc.equal(pc.bit_wise_and(table["pupil_id"], 127), 0))
pq.write_table(table.filter(pc.invert(some)), file, compression="zstd")
"""


def _change(rosters: Path) -> tuple[Path, Path]:
    """Take one pupil in 128 of one county away; return the file and what it was."""
    file = sorted((rosters / "pupils").rglob("year=2025/*.parquet"))[0]
    kept = rosters.parent / "unchanged.parquet"
    shutil.copy2(file, kept)
    used(Contestant([PYTHON, "-c", CHANGE, str(file)]), rosters.parent / "change.txt")
    return file, kept


def _undo(file: Path, kept: Path) -> None:
    shutil.copy2(kept, file)


def _disagreements(folder: Path, contestants: dict[str, Contestant]) -> dict[str, int]:
    """Return of how many counties a contestant says something else than junheng, for those who do."""
    read = {name: json.loads((folder / f"{name}.json").read_text()) for name in contestants if name != "floor"}
    ours = read.pop("ours")
    wrong = {
        name: sum(ours.get(code) != theirs.get(code) for code in ours.keys() | theirs.keys())
        for name, theirs in read.items()
    }
    return {name: number for name, number in wrong.items() if number}


def _slopes(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Return how wall and CPU time grow with the pupils from the smallest to the largest size: 1 is in proportion."""
    if len(runs) < 2:
        return {}
    first, last = runs[0], runs[-1]
    larger = log(last["millions"] / first["millions"])
    return {
        f"{name}_{what}": log(last["times"][name][what] / first["times"][name][what]) / larger
        for name in ("floor", "ours")
        for what in ("wall", "cpu")
    }


if __name__ == "__main__":
    sys.exit(main())
