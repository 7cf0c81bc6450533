"""`junheng aggregate --follow`: stay while rosters come in, and judge every county anew after each change."""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from math import inf
from pathlib import Path
from time import monotonic, sleep, strftime
from typing import TYPE_CHECKING, NoReturn

from junheng.cli.aggregate import waiting
from junheng.cli.common import DONE, NATION_FORMS, console, written
from junheng.facts.problems import Unusable, unusable

if TYPE_CHECKING:
    import pyarrow as pa

    from junheng.rosters.records.sources import State

# Seconds between two looks; what is still being copied is another at the next.
LOOK_EVERY = 1.0
# Looks after which what could not be done is tried again although no file has changed: the disk was full, or a table
# was open in another program.
TRIED_AGAIN_AFTER = 30
NAMED = 5
VERDICTS = {"resources": "资源配置", "verdict": "全部要求"}
Again = Callable[..., "pa.Table"]
Verdicts = Mapping[str, Mapping[str, str]]


def follow(options: argparse.Namespace) -> int:
    """Count, judge and write after every change until Ctrl+C; what cannot be used is told, and looked at again."""
    from junheng.nationwide import following

    _refuse_what_does_not_stay(options)
    _refuse_a_file_among_others(options.follow, options.rosters, options.output)
    # Whoever stays is as often ended by the system as by a key; both end well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    how = {"year": options.year, "memory": options.memory, "threads": options.threads}
    with following(options.rosters, options.output, **how) as again:
        try:
            _stay(again, options.rosters, options.follow)
        except KeyboardInterrupt:
            console(sys.stdout).print("不再看着名册；再运行时从这里接着做。")
    return DONE


def _refuse_what_does_not_stay(options: argparse.Namespace) -> None:
    asked = {
        "--lay-out": options.lay_out,
        "--from-postgres": options.from_postgres,
        "--engine": options.engine != "duckdb",
        "--format": options.format != "parquet",
    }
    wrong = [name for name, given in asked.items() if given]
    if wrong:
        reason = f"不能与{'、'.join(wrong)}一起用"
        raise unusable("--follow", reason, "一直看着的是本机文件夹里的名册，数据写成 Parquet；请去掉其中一个")


def _refuse_a_file_among_others(file: Path, rosters: Path, output: Path) -> None:
    """Refuse a table that would be taken for a roster, or stand in the place of facts."""
    for folder, what in ((rosters, "名册"), (output, "数据")):
        if file.resolve().is_relative_to(folder.resolve()):
            raise unusable("--follow", f"写在{what}的文件夹里", "请写到别的文件夹", value=str(file))


def _stay(again: Again, rosters: Path, file: Path) -> NoReturn:
    """Do what is to be done, and wait for what changes, for ever."""
    before: pa.Table | None = None
    problems = ""
    while True:
        seen = _look(rosters)
        table, problems = _round(partial(again, seen), file, before, problems)
        if table is not None and before is None:
            # What is kept from now on is not looked through each time for what may be thrown away.
            gc.collect()
            gc.freeze()
        before = before if table is None else table
        _wait(lambda: _look(rosters), seen, TRIED_AGAIN_AFTER if table is None else inf)


def _look(rosters: Path) -> State | None:
    """Return what tells the rosters from others; None where they cannot be looked at, as when a network is away."""
    from junheng.rosters.records.sources import state

    try:
        return state(rosters)
    except OSError:
        return None


def _round(again: Again, file: Path, before: pa.Table | None, known: str) -> tuple[pa.Table | None, str]:
    """Count, judge, write and say what has changed; return the table, or None and why, which is told unless `known`."""
    from junheng.output.nation import write_nation
    from junheng.output.terminal import print_problems

    began = monotonic()
    try:
        with waiting() as told:
            table = again(told=told)
        with written(file) as draft:
            write_nation(table, draft, NATION_FORMS[file.suffix])
    except Unusable as error:
        if str(error) != known:
            print_problems(error, console(sys.stderr))
            console(sys.stderr).print(
                f"改好以后会自动接着做（Ctrl+C 结束）；在那以前，{file} 还是上一次的。", markup=False
            )
        return None, str(error)
    took = f"{strftime('%H:%M:%S')} {len(table):,} 个县的结论写在 {file}，用了 {monotonic() - began:.2f} 秒。"
    console(sys.stdout).print(took + _told(before, table), markup=False)
    return table, ""


def _told(before: pa.Table | None, after: pa.Table) -> str:
    """Return whose verdicts are others than before, the first few by name."""
    if before is None:
        return ""
    others = list(_others(_verdicts(before), _verdicts(after)))
    more = f" 等 {len(others)} 个县" if len(others) > NAMED else ""
    return f"结论变了的：{'、'.join(others[:NAMED])}{more}。" if others else "各县的结论没有变。"


def _verdicts(table: pa.Table) -> dict[str, dict[str, str]]:
    rows = table.select(["county_code", "county_name", *VERDICTS]).to_pylist()
    return {row["county_code"]: row for row in rows}


def _others(before: Verdicts, after: Verdicts) -> Iterator[str]:
    """Yield the counties whose verdicts are others, with what they were; those that are new; those that are gone."""
    for code, row in after.items():
        if code not in before:
            yield f"{row['county_name']}（新有的，{VERDICTS['resources']}：{_label(row, 'resources')}）"
        elif changed := [name for name in VERDICTS if before[code][name] != row[name]]:
            told = (f"{VERDICTS[one]}：{_label(before[code], one)}→{_label(row, one)}" for one in changed)
            yield f"{row['county_name']}（{'；'.join(told)}）"
    for code in sorted(before.keys() - after.keys()):
        yield f"{before[code]['county_name']}（不再有）"


def _label(row: Mapping[str, str], name: str) -> str:
    from junheng.engine.result import VERDICT_LABELS

    return VERDICT_LABELS[row[name]]


def _wait(look: Callable[[], object], seen: object, most: float = inf) -> None:
    """Return once what is seen is another than before, and the same at two looks one after the other.

    After `most` looks return anyway.
    """
    last = seen
    for at in count(1):
        sleep(LOOK_EVERY)
        now = look()
        if (now != seen and now == last) or at >= most:
            return
        last = now
