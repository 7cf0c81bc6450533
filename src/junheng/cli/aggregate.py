"""`junheng aggregate`: rosters of pupils, teachers, rooms and schools to the tables of facts, at any scale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from junheng.cli.common import DONE, console, nation_file
from junheng.cli.words import HELP

FORMS = ("parquet", "csv", "jsonl")


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    parser.add_argument("rosters", metavar="ROSTERS", type=Path, help=HELP["rosters"])
    parser.add_argument("--output", metavar="FACTS", type=Path, required=True, help=HELP["facts_folder"])
    parser.add_argument("--format", choices=FORMS, default=FORMS[0], help=HELP["format"])
    parser.add_argument("--year", metavar="YEAR", type=int, help=HELP["year"])
    parser.add_argument("--from-postgres", metavar="ADDRESS", help=HELP["from_postgres"])
    parser.add_argument("--lay-out", action="store_true", help=HELP["lay_out"])
    parser.add_argument("--follow", metavar="FILE", type=nation_file, help=HELP["follow"])
    parser.add_argument("--without-duplicates", action="store_true", help=HELP["without_duplicates"])
    add_means(parser)


def add_means(parser: argparse.ArgumentParser) -> None:
    """Let the command say by what means it works."""
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help=HELP["engine"])
    parser.add_argument("--memory", metavar="512MB", type=_memory, help=HELP["memory"])
    parser.add_argument("--threads", metavar="N", type=_threads, help=HELP["threads"])
    parser.add_argument("--master", metavar="URL", help=HELP["master"])


def _memory(text: str) -> str:
    if not (text.upper().endswith(("MB", "GB")) and text[:-2].isdigit() and int(text[:-2])):
        raise argparse.ArgumentTypeError(f"{text!r} 不是内存大小，请写成 512MB、2GB 的样子")
    return text.upper()


def _threads(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} 不是线程数，请写 1 以上的整数")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Count, and say what was counted and what deserves a second look; or lay out, and say what.

    What stands in a database is brought into the folder of the rosters first.
    """
    if options.follow:
        from junheng.cli.following import follow

        return follow(options)
    if options.from_postgres:
        _bring(options)
    if options.lay_out:
        return _lay_out(options)
    from junheng.nationwide import aggregate

    with waiting() as told:
        manifest = aggregate(
            options.rosters,
            options.output,
            year=options.year,
            engine=options.engine,
            form=options.format,
            duplicates=not options.without_duplicates,
            memory=options.memory,
            threads=options.threads,
            master=options.master,
            told=told,
        )
    _print(manifest, options.output)
    return DONE


def _bring(options: argparse.Namespace) -> None:
    from junheng.nationwide import bring

    with waiting() as told:
        files = bring(options.from_postgres, options.rosters, told=told)
    console(sys.stdout).print(f"从数据库取来 {len(files)} 个文件，放在 {options.rosters}。")


def _lay_out(options: argparse.Namespace) -> int:
    from junheng.nationwide import lay_out

    with waiting() as told:
        how = {"memory": options.memory, "threads": options.threads}
        found = lay_out(options.rosters, options.output, **how, told=told)
    counts = found["counts"]
    console(sys.stdout).print(
        f"重排了 {len(found['laid_out'])} 个分区，共 {counts['schools']:,} 所学校，{counts['pupils']:,} 名学生，"
        f"{counts['teachers']:,} 名教师。写入 {options.output}。"
        "以后数的时候用这个文件夹代替原来的名册，结果相同，快得多。"
    )
    return DONE


@contextmanager
def waiting() -> Iterator[Callable[[str, int, int], None] | None]:
    """Show what is being done, how far it is and how long it may take, on stderr, and only on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with console(sys.stderr).status(HELP["counting"]) as shown:
        began: dict[str, float] = {}

        def told(doing: str, done: int, whole: int) -> None:
            seconds = monotonic() - began.setdefault(doing, monotonic())
            left = f"，约还要 {seconds / done * (whole - done):.0f} 秒" if done and seconds > 1 else ""
            shown.update(f"{doing} {done}/{whole}{left}（Ctrl+C 可中止，再运行时接着做）")

        yield told


def _print(manifest: dict[str, Any], output: Path) -> None:
    from junheng.rosters.records.load import load_record_checks

    counts, cohort = manifest["counts"], manifest["cohort"]
    shown = console(sys.stdout)
    shown.print(
        f"{manifest['year']} 学年：{counts['schools']:,} 所学校，{counts['pupils']:,} 名学生，"
        f"{counts['classes']:,} 个班，{counts['teachers']:,} 名教师。写入 {output}"
    )
    shown.print(
        f"三年巩固率：{cohort['entered']} 年入学、{cohort['last']} 学年末的一届（{cohort['reading']}）。"
        if cohort
        else "三年巩固率：名册里没有同一届入学和最后一年的两个学年，没有算。"
    )
    checks = {one.id: one for one in load_record_checks()}
    for id, rows in manifest["findings"].items():
        if rows:
            shown.print(f"{id} {checks[id].means}：{rows:,} 人。{checks[id].remedy}。", markup=False)
    if manifest["duplicates"] != "checked":
        shown.print("没有查重复（--without-duplicates）。")
    shown.print(f"各项的例子在 {output / 'findings.json'}，文件的校验值在 {output / 'manifest.json'}。")
