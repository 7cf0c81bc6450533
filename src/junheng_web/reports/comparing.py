"""What is different between two versions: which words went and came, which figures; and what changed since signing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from junheng_web.reports.figures import Catalogue, plain
from junheng_web.reports.models import Signature, Version
from junheng_web.reports.printed import PLACE, Printed

# Words are compared clause by clause, so that a change is read in its sentence.
CLAUSE = re.compile(r"[^，。；：、！？\n]*[，。；：、！？\n]?")
SAME, GONE, NEW = "same", "gone", "new"
NO_COLUMN = {"text": "没有这一栏"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that says something else: then and now; `""` where it was not quoted, or is no figure any more."""

    key: str
    then: str
    now: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell of a report's own tables that says something else: in which table, row and column, then and now."""

    table: str
    row: str
    column: str
    then: str
    now: str
    url: str = ""


def words_between(before: str, after: str) -> list[tuple[str, str]]:
    """Return the text of both as runs of words: that stayed, went, or came."""
    old, new = CLAUSE.findall(before), CLAUSE.findall(after)
    found: list[tuple[str, str]] = []
    for kind, at, end, to, until in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append((SAME, "".join(old[at:end])))
            continue
        found += [(GONE, "".join(old[at:end]))] if at < end else []
        found += [(NEW, "".join(new[to:until]))] if to < until else []
    return found


def whole(version: Version) -> str:
    """Return all that was written in a version."""
    return f"{version.text}\n{version.basics}".strip()


def figures_between(before: Version, after: Version) -> list[Changed]:
    """Return the figures that said something else when each was saved or signed, and those that only one quotes."""
    then, now = said(before), said(after)
    pairs = ((key, then.get(key, ""), now.get(key, "")) for key in dict.fromkeys([*then, *now]))
    return [Changed(*one) for one in pairs if one[1] != one[2]]


def said(version: Version) -> dict[str, str]:
    """Return what a version's figures said: when it was signed, else when it was saved."""
    signature = getattr(version.report, "signature", None)
    if signature and signature.version == version.number:
        return {plain(one["key"]): one["told"] for one in signature.figures}
    return dict(version.figures)


def since(signature: Signature, figures: Catalogue) -> list[Changed]:
    """Return the frozen figures that say something else today."""
    return [*_since(signature.figures, figures)]


def _since(frozen: Sequence[Mapping[str, Any]], figures: Catalogue) -> Iterator[Changed]:
    for one in frozen:
        now = figures.get(plain(one["key"]))
        told = now.told if now else "现在没有这个数"
        if now and (one.get("grid") or one.get("chart")) and one["trace"][:-1] != list(now.trace)[:-1]:
            told = f"{now.told}（里面的数变了）"
        # The day on which one reads is another day every day: that is no change of the county.
        if told != one["told"] and one["key"] != "今天":
            yield Changed(one["key"], one["told"], told, now.url if now else "")


def tables_since(
    then: Sequence[Printed], now: Sequence[Printed], address: Callable[[Mapping[str, str]], str]
) -> list[Moved]:
    """Return what is different in a report's own tables; `address` says of a cell's source where one sees it today."""
    before, after = ({one["name"]: one for one in each} for each in (then, now))
    found: list[Moved] = []
    for name in dict.fromkeys([*before, *after]):
        if name in before and name in after:
            found += _rows_since(before[name], after[name], address)
        else:
            found.append(Moved(name, "整张表", "", *_there(name in before)))
    return found


def _rows_since(before: Printed, after: Printed, address: Callable[[Mapping[str, str]], str]) -> Iterator[Moved]:
    old, new = ({one["key"]: one for one in each["rows"]} for each in (before, after))
    headings = dict(before["columns"]) | dict(after["columns"])
    for key in dict.fromkeys([*old, *new]):
        row = new.get(key) or old[key]
        if key in old and key in new:
            then, now = _cells(before, old[key]), _cells(after, new[key])
            for column, *told in _cells_since(then, now):
                url = address(now.get(column, {}).get("source", {}))
                yield Moved(before["name"], row["told"], headings[column], *told, url)
        else:
            yield Moved(before["name"], row["told"], "整行", *_there(key in old))


def _there(then: bool) -> tuple[str, str]:
    return ("有", "没有") if then else ("没有", "有")


def _cells_since(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for column in dict.fromkeys([*then, *now]):
        told = _both(then.get(column, NO_COLUMN), now.get(column, NO_COLUMN))
        if told[0] != told[1] and column != PLACE:
            yield column, *told


def _cells(table: Printed, row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: cell for (key, _), cell in zip(table["columns"], row["cells"], strict=True)}


def _both(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a cell says then and now; unrounded where it is printed alike, since the workbook holds that."""
    if then["text"] == now["text"] and then.get("value") != now.get("value"):
        return _unrounded(then), _unrounded(now)
    return then["text"], now["text"]


def _unrounded(cell: Mapping[str, Any]) -> str:
    value = str(float(Fraction(cell["value"]))) if "value" in cell else "没有"
    return f"{cell['text']}（没有舍入的值 {value}）"
