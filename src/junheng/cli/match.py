"""`junheng match`: two owners' lists of people held against each other, and neither list leaves its owner."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.cli.common import DONE, NOT_PASSED, busy, console, day, not_over_input, written
from junheng.cli.words import HELP

if TYPE_CHECKING:
    from junheng.api import Problem
    from junheng.matching import Match

REMARKS_SHOWN = 20
GROUPS = ("birth_year", "township")
SUMMARIES = ("pdf", "docx", "json")


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    deeds = parser.add_subparsers(dest="deed", metavar="做什么", title="做什么", required=True)
    _add_key(deeds.add_parser("key", help=HELP["match_key"], description=HELP["match_key"]))
    _add_seal(deeds.add_parser("seal", help=HELP["match_seal"], description=HELP["match_seal"]))
    _add_compare(deeds.add_parser("compare", help=HELP["match_compare"], description=HELP["match_compare"]))
    _add_own(deeds.add_parser("own", help=HELP["match_own"], description=HELP["match_own"]))


def _add_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="KEYFILE", type=Path, required=True, help=HELP["key_output"])
    parser.add_argument("--words", action="store_true", help=HELP["key_words"])


def _add_seal(parser: argparse.ArgumentParser) -> None:
    _add_list(parser)
    parser.add_argument("--output", metavar="FILE.sealed", type=Path, required=True, help=HELP["sealed_output"])
    parser.add_argument("--owner", metavar="NAME", default="", help=HELP["list_owner"])
    parser.add_argument("--groups", nargs="+", choices=GROUPS, default=(), help=HELP["list_groups"])
    parser.add_argument("--born", nargs=2, metavar=("FROM", "TO"), type=day, help=HELP["list_born"])


def _add_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("one", metavar="A.sealed", type=Path, help=HELP["sealed_one"])
    parser.add_argument("other", metavar="B.sealed", type=Path, help=HELP["sealed_other"])
    parser.add_argument("--output", metavar="FILE.xlsx", type=Path, required=True, help=HELP["match_output"])
    parser.add_argument("--summary", metavar="FILE", type=_summary, help=HELP["match_summary"])
    parser.add_argument("--date", metavar="DATE", type=day, help=HELP["match_date"])
    parser.add_argument("--strict", action="store_true", help=HELP["match_strict"])


def _add_own(parser: argparse.ArgumentParser) -> None:
    _add_list(parser)
    parser.add_argument("differences", metavar="DIFFERENCES.xlsx", type=Path, help=HELP["match_differences"])
    parser.add_argument("--output", metavar="FILE.xlsx", type=Path, required=True, help=HELP["own_output"])


def _add_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("list", metavar="LIST", type=Path, help=HELP["list"])
    parser.add_argument("--key", metavar="KEYFILE", type=Path, required=True, help=HELP["list_key"])
    parser.add_argument(
        "--columns", metavar="身份证号=列名", nargs="+", type=_column, default=(), help=HELP["list_columns"]
    )
    parser.add_argument("--sheet", metavar="NAME", help=HELP["list_sheet"])


def _column(text: str) -> tuple[str, str]:
    role, equals, heading = text.partition("=")
    if not equals or not heading.strip():
        raise argparse.ArgumentTypeError(f"{text!r} 请写成 身份证号=列名 的样子")
    return role.strip(), heading.strip()


def _summary(text: str) -> Path:
    if Path(text).suffix.lower().removeprefix(".") not in SUMMARIES:
        raise argparse.ArgumentTypeError(f"{text!r} 的扩展名要是 {'、'.join(f'.{one}' for one in SUMMARIES)} 之一")
    return Path(text)


def run(options: argparse.Namespace) -> int:
    """Make a key, seal a list, compare two sealed ones, or find the owner's own lines."""
    deeds = {"key": _key, "seal": _seal, "compare": _compare, "own": _own}
    return deeds[options.deed](options)


def _key(options: argparse.Namespace) -> int:
    from junheng import matching

    key = matching.make_key(options.output, _words() if options.words else None)
    print(f"已写好钥匙：{options.output}（指纹 {key.fingerprint}）。只交给另一家名单的主人，用完两家都删去。")
    return DONE


def _words() -> str:
    """Ask for the words that both owners agreed on; they are not shown, and stand in no history of a shell."""
    from getpass import getpass

    return getpass("两家约定的话：", sys.stderr) if sys.stdin.isatty() else sys.stdin.readline().strip()


def _listed(options: argparse.Namespace) -> dict[str, Any]:
    return {"columns": dict(options.columns), "sheet": options.sheet}


def _seal(options: argparse.Namespace) -> int:
    from junheng import matching

    for given in (options.list, options.key):
        not_over_input(str(given), options.output)
    key = matching.read_key(options.key)
    how = {"owner": options.owner, "groups": options.groups, "born": options.born and tuple(options.born)}
    with busy(HELP["reading"]):
        sealed, remarks = matching.seal(options.list, key, **_listed(options), **how)
    _print_remarks(remarks)
    with written(options.output) as file:
        file.write_bytes(sealed.content)
    left_out = f"，另有 {sealed.left_out:,} 行不在 --born 的日期之间" if sealed.born else ""
    print(f"已密封 {len(sealed.rows):,} 行{left_out}，写入 {options.output}（钥匙的指纹 {sealed.key}）。")
    print(f"文件的 SHA-256：{sealed.digest}")
    print("里面没有姓名和号码；有钥匙的人能逐个号码试出来，请只交给另一家。名单文件先不要改，对照完还要用。")
    return DONE


def _print_remarks(remarks: Sequence[Problem]) -> None:
    for remark in remarks[:REMARKS_SHOWN]:
        print(f"提示：{remark}", file=sys.stderr)
    if (more := len(remarks) - REMARKS_SHOWN) > 0:
        print(f"提示：还有 {more:,} 处这样的提示", file=sys.stderr)


def _compare(options: argparse.Namespace) -> int:
    from junheng import matching

    _refuse(options)
    match = matching.compare_sealed(*(matching.load_sealed(one) for one in (options.one, options.other)))
    with written(options.output) as file:
        matching.write_differences(match, file)
    _print(match)
    print(f"各自名单里要核对的行号写入 {options.output}；名单的主人用 junheng match own 取出自己的那几行。")
    if options.summary:
        _write_summary(match, options)
    return NOT_PASSED if options.strict and match.differs else DONE


def _refuse(options: argparse.Namespace) -> None:
    from junheng.facts.problems import unusable

    for given in (options.one, options.other):
        for made in (options.output, options.summary):
            not_over_input(str(given), made)
    if options.summary and not options.date:
        raise unusable("--summary", "没有写对照的日期", "请加上 --date，如 --date 2025-09-10")


def _write_summary(match: Match, options: argparse.Namespace) -> None:
    from hashlib import sha256

    from junheng import matching

    with written(options.summary) as file:
        matching.write_summary(match, file, options.date, options.summary.suffix.lower().removeprefix("."))
    print(f"摘要写入 {options.summary}，SHA-256：{sha256(options.summary.read_bytes()).hexdigest()}")


def _print(match: Match) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from junheng import matching

    shown = console(sys.stdout)
    for one in matching.tables(match):
        table = Table(title=one.title, title_justify="left", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1))
        for at, heading in enumerate(one.headings):
            table.add_column(heading, justify="right" if at else "left")
        for row in one.rows:
            table.add_row(*row)
        shown.print(table)


def _own(options: argparse.Namespace) -> int:
    from junheng import matching

    for given in (options.list, options.differences, options.key):
        not_over_input(str(given), options.output)
    key = matching.read_key(options.key)
    with busy(HELP["reading"]):
        listing, about = matching.own_lines(options.list, options.differences, key, **_listed(options))
    with written(options.output) as file:
        matching.write_own_lines(listing, about, file)
    if about:
        print(f"有 {len(about):,} 行要核对，连同原来的各列写入 {options.output}。里面有姓名和号码，不要交给别人。")
    else:
        print(f"没有要核对的：自己名单上的人对方都有。{options.output} 里只有表头。")
    return DONE
