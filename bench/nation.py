"""A nation's job beside its floor and its peers: rosters in Parquet to every county's verdict and retention.

python bench/nation.py [--pupils 1.5 15] [--full] [--peers 15] [--spark 1.5] [--rounds 3] [--threads 1] [--folder F]
    [--write]

Every contestant is a whole process, in turn, over the same invented rosters (two snapshots). The floor is DuckDB only
reading and summing the columns that are needed. The answers are compared; a disagreement makes the exit status 1.
The full size, Spark and laying out are run once, the rest `--rounds` times; every run is told on stderr as it ends.
Writes build/bench-nation.json after each size, prints a table; --write also writes docs/quality/nation.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from statistics import median
from time import strftime
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
    "small": "同上，--memory 200MB、一个线程",
    "laid": "同上，用排好的名册",
    "lay_out": "把名册排好（只做一次）",
    "changed": "改动一个县之后再跑",
    "ours_work": "junheng，不算启动（解释器、载入库）",
    "follow": "改动一个县之后，一直开着的（--follow，不算等它拷完）",
    "changed_work": "改动一个县之后再跑，不算启动",
    "duplicates": "同上，另查重复",
    "lean": "只做 B1～B7 和巩固率：junheng 的语句",
    "polars": "同上：Polars",
    "pandas": "同上：pandas",
    "spark": "junheng --engine spark（本机）",
}
# Whose work alone is told as well.
WORK = {"ours": "ours_work", "changed": "changed_work"}
# Who is run after one county has changed, and whose own work is told.
AFTER = ("changed", *WORK.values(), "follow")
# What takes long and hardly differs from round to round.
ONCE = ("lay_out", "spark")
# The whole process is to stay within half a gigabyte: Python, Arrow and what is being written need the rest of it.
SMALL = ("--memory", "200MB", "--threads", "1")


@dataclass(slots=True)
class Used:
    """What a contestant took in each round: wall and CPU seconds, and the most memory in MB."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """Return the middle round's seconds and the most memory."""
        peak = {"peak_mb": max(self.peak)} if self.peak else {}
        return {"wall": median(self.wall), "cpu": median(self.cpu), **peak, "rounds": len(self.wall)}


def main() -> int:
    """Run everything; 0 where all agree, 1 where they do not."""
    options = _options()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    runs = []
    with tempfile.TemporaryDirectory(prefix="junheng-nation-", dir=options.folder) as folder:
        for size in [*options.pupils, *([FULL] if options.full else [])]:
            runs.append(_size(Path(folder) / f"{size:g}", size, options))
            shutil.rmtree(Path(folder) / f"{size:g}")
            figures = {"runs": runs, "slopes": _slopes(runs)}
            _keep(figures)
    from nation_report import as_page, as_text

    print(as_text(figures, NAMES))
    if options.write:
        (BENCH.parent / "docs" / "quality" / "nation.md").write_text(as_page(figures, NAMES), encoding="utf-8")
    return 1 if any(run["disagreements"] for run in runs) else 0


def _keep(figures: dict[str, Any]) -> None:
    build = BENCH.parent / "build"
    build.mkdir(exist_ok=True)
    (build / "bench-nation.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")


def _tell(millions: float, name: str, wall: float, cpu: float | None = None, peak: float | None = None) -> None:
    """Say on stderr what has just ended, and how long it took."""
    own = "" if cpu is None else f"，CPU {cpu:.2f} 秒"
    own += "" if peak is None else f"，峰值 {peak:,.0f} MB"
    print(f"{strftime('%H:%M:%S')} {millions:g} 百万 {name}：墙钟 {wall:.2f} 秒{own}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="a nation's job beside its floor and its peers")
    parser.add_argument("--pupils", type=float, nargs="*", default=[1.5, 15.0], help="millions of pupils a year")
    parser.add_argument("--full", action="store_true", help="also 150 million")
    parser.add_argument("--peers", type=float, nargs="*", default=[1.5, 15.0], help="where Polars and pandas take part")
    parser.add_argument("--spark", type=float, nargs="*", help="where Spark takes part: 1.5, with --full 15")
    parser.add_argument("--rounds", type=int, default=3, help="of every contestant but Spark and laying out")
    parser.add_argument("--threads", type=int, help="of junheng's, as many as there are cores")
    parser.add_argument("--folder", type=Path, help="where the rosters are made (40 GB for 150 million)")
    parser.add_argument("--write", action="store_true", help="also write docs/quality/nation.md")
    options = parser.parse_args()
    if options.spark is None:
        options.spark = [15.0] if options.full else [1.5]
    return options


def _size(folder: Path, millions: float, options: argparse.Namespace) -> dict[str, Any]:
    rosters = folder / "rosters"
    made = _made(rosters, round(millions * MILLION))
    _tell(millions, "造名册", made["seconds"])
    taken = {name: Used() for name in [*_contestants(rosters, folder, folder, options, millions), *AFTER]}
    for at in range(options.rounds):
        own = folder / str(at)
        own.mkdir()
        contestants = _contestants(rosters, own, folder / "0" / "lay_out", options, millions)
        for name, contestant in contestants.items():
            if not at or name not in ONCE:
                _once(contestant, folder / f"{name}.json", taken, millions)
        _after_changes(rosters, folder, own, options, taken, millions)
    return {
        "millions": millions,
        "made": made,
        "times": {name: one.told() for name, one in taken.items()},
        "disagreements": _disagreements(folder, contestants),
    }


def _after_changes(
    rosters: Path, folder: Path, own: Path, options: argparse.Namespace, taken: dict[str, Used], millions: float
) -> None:
    """Let a whole process, and one that stays, count what one county's change leaves to be done."""
    changed = change(rosters)
    _once(Contestant(_ours(rosters, own / "ours", options)), folder / "changed.json", taken, millions)
    undo(*changed)
    stays = [PYTHON, str(BENCH / "nation_follow.py"), str(rosters), str(own / "ours"), str(own / "table.parquet")]
    output = folder / "follow.json"
    used(Contestant([*stays, "--fresh", str(own / "fresh")]), output, LONGEST)
    told = json.loads(output.read_text(encoding="utf-8"))
    if not told["same"]:
        raise SystemExit("after a change the nation is another than counted anew")
    taken["follow"].wall += told["wall"]
    taken["follow"].cpu += told["cpu"]
    _tell(millions, NAMES["follow"], *(median(told[name]) for name in ("wall", "cpu")))


def _made(rosters: Path, pupils: int) -> dict[str, Any]:
    """Make the rosters in a process of its own: what this one holds would count as the peak of those it starts."""
    command = [PYTHON, "-m", "junheng.rosters.invented", str(rosters), "--pupils", str(pupils)]
    seconds, _ = used(Contestant(command), rosters.parent.with_suffix(".made"), LONGEST)
    files = list(rosters.rglob("*.parquet"))
    return {"seconds": seconds, "files": len(files), "megabytes": sum(file.stat().st_size for file in files) / 1e6}


def _contestants(
    rosters: Path, folder: Path, laid: Path, options: argparse.Namespace, millions: float
) -> dict[str, Contestant]:
    found = {
        "floor": Contestant([PYTHON, str(BENCH / "nation_floor.py"), str(rosters)]),
        "ours": Contestant(_ours(rosters, folder / "ours", options)),
        "small": Contestant([*_ours(rosters, folder / "small", options), *SMALL]),
        "lay_out": Contestant([*_ours(rosters, laid, options), "--lay-out"]),
        "laid": Contestant(_ours(laid, folder / "laid", options)),
        "duplicates": Contestant([*_ours(rosters, folder / "duplicates", options), "--duplicates"]),
    }
    if millions in options.peers:
        found["lean"] = Contestant([PYTHON, str(BENCH / "nation_lean.py"), str(rosters)])
        for name in ("polars", "pandas"):
            found[name] = Contestant([PYTHON, "-m", "nation_peer", name, str(rosters)], folder=BENCH)
    if millions in options.spark:
        found["spark"] = Contestant([*_ours(rosters, folder / "spark", options), "--engine", "spark"])
    return found


def _ours(rosters: Path, facts: Path, options: argparse.Namespace) -> list[str]:
    threads = ["--threads", str(options.threads)] if options.threads else []
    return [PYTHON, str(BENCH / "nation_ours.py"), str(rosters), str(facts), *threads]


def _once(contestant: Contestant, output: Path, taken: dict[str, Used], millions: float) -> None:
    wall, usage = used(contestant, output, LONGEST)
    own = taken[output.stem]
    own.wall.append(wall)
    own.cpu.append(usage.ru_utime + usage.ru_stime)
    own.peak.append(usage.ru_maxrss / KILOBYTES_IN_A_MEGABYTE)
    _tell(millions, NAMES[output.stem], own.wall[-1], own.cpu[-1], own.peak[-1])
    if output.stem in WORK:
        said = json.loads(output.with_name(f"{output.name}.stderr").read_text(encoding="utf-8"))
        taken[WORK[output.stem]].wall.append(said["wall"])
        taken[WORK[output.stem]].cpu.append(said["cpu"])


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


def change(rosters: Path) -> tuple[Path, Path]:
    """Take one pupil in 128 of one county away; return the file and what it was."""
    file = sorted((rosters / "pupils").rglob("year=2025/*.parquet"))[0]
    kept = rosters.parent / "unchanged.parquet"
    shutil.copy2(file, kept)
    used(Contestant([PYTHON, "-c", CHANGE, str(file)]), rosters.parent / "change.txt")
    return file, kept


def undo(file: Path, kept: Path) -> None:
    """Put a file back as it was."""
    shutil.copy2(kept, file)


def _disagreements(folder: Path, contestants: dict[str, Contestant]) -> dict[str, int]:
    """Return of how many counties a contestant says something else than junheng, for those who do."""
    told = [name for name in contestants if name not in ("floor", "lay_out")]
    read = {name: json.loads((folder / f"{name}.json").read_text()) for name in told}
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
        for name in ("floor", "ours", "laid", "changed")
        for what in ("wall", "cpu", "peak_mb")
    }


if __name__ == "__main__":
    sys.exit(main())
