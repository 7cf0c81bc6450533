"""What is different between two versions: which words went and came, which figures; and what changed since signing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng_web.reports.figures import Catalogue, plain
from junheng_web.reports.models import Signature, Version

# Words are compared clause by clause, so that a change is read in its sentence.
CLAUSE = re.compile(r"[^，。；：、！？\n]*[，。；：、！？\n]?")
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that says something else: then and now; `""` where it was not quoted, or is no figure any more."""

    key: str
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
