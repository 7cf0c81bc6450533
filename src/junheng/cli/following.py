"""`junheng aggregate --follow`: stay while rosters come in, and judge every county anew after each change."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from time import monotonic, sleep, strftime
from typing import TYPE_CHECKING

from junheng.cli.aggregate import waiting
from junheng.cli.common import DONE, NATION_FORMS, console, written
from junheng.facts.problems import Problem, Unusable

if TYPE_CHECKING:
    import pyarrow as pa

# Seconds between two looks; what is still being copied is another at the next.
LOOK_EVERY = 1.0
NAMED = 5
Again = Callable[..., "pa.Table"]


def follow(options: argparse.Namespace) -> int:
    """Count, judge and write after every change until Ctrl+C; what cannot be used is told, and looked at again."""
    from junheng.nationwide import following
    from junheng.rosters.records.standing import state

    _refuse_what_does_not_stay(options)
    shown = console(sys.stdout)
    how = {"year": options.year, "memory": options.memory, "threads": options.threads}
    with following(options.rosters, options.output, **how) as again:
        before: pa.Table | None = None
        try:
            while True:
                seen = state(options.rosters)
                before = _round(again, options.follow, before)
                # What is kept from now on is not looked through each time for what may be thrown away.
                gc.freeze()
                _wait(lambda: state(options.rosters), seen)
        except KeyboardInterrupt:
            shown.print("不再看着名册；再运行时从这里接着做。")
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
        raise Unusable(
            [Problem("--follow", reason, "一直看着的是本机文件夹里的名册，数据写成 Parquet；请去掉其中一个")]
        )


def _round(again: Again, file: Path, before: pa.Table | None) -> pa.Table | None:
    """Count, judge, write and say what has changed; return the table, that of `before` where nothing could be used."""
    from junheng.output.nation import write_nation
    from junheng.output.terminal import print_problems

    began = monotonic()
    try:
        with waiting() as told:
            table = again(told)
        with written(file) as draft:
            write_nation(table, draft, NATION_FORMS[file.suffix])
    except Unusable as error:
        print_problems(error, console(sys.stderr))
        console(sys.stderr).print("原来的数据和结论都没有动；改好以后会自动接着做（Ctrl+C 结束）。")
        return before
    took = f"{strftime('%H:%M:%S')} {len(table):,} 个县的结论写在 {file}，用了 {monotonic() - began:.2f} 秒。"
    console(sys.stdout).print(took + _told(before, table), markup=False)
    return table


def _told(before: pa.Table | None, after: pa.Table) -> str:
    """Return whose verdict on the resources is another than before, the first few by name."""
    if before is None:
        return ""
    others = list(_others(before, after))
    more = f" 等 {len(others)} 个县" if len(others) > NAMED else ""
    return f"结论变了的：{'、'.join(islice(others, NAMED))}{more}。" if others else "各县的结论没有变。"


def _others(before: pa.Table, after: pa.Table) -> Iterator[str]:
    from junheng.engine.result import VERDICT_LABELS

    known = dict(zip(before["county_code"].to_pylist(), before["resources"].to_pylist(), strict=True))
    columns = (after[name].to_pylist() for name in ("county_code", "county_name", "resources"))
    for code, name, verdict in zip(*columns, strict=True):
        was = known.get(code)
        if was != verdict:
            yield f"{name}（资源配置：{VERDICT_LABELS[was] if was else '没有'}→{VERDICT_LABELS[verdict]}）"


def _wait(look: Callable[[], object], seen: object) -> None:
    """Return once what is seen is another than before, and the same at two looks one after the other."""
    last = seen
    while True:
        sleep(LOOK_EVERY)
        now = look()
        if now != seen and now == last:
            return
        last = now
