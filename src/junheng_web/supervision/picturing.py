"""The chart of a circular, drawn from the circular's own words: what was signed is what is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.safestring import SafeString

from junheng import api as jh
from junheng_web.supervision.papers import Dispatch

# A unit's line, as it is begun from the figures and as the office leaves it.
LINE = re.compile(r"^\d+\. (?P<unit>[^：]+)：交办任务(?P<sent>\d+)项(?P<rest>[^；。]*)")
DONE = re.compile(r"(?:按期|过期)办结(\d+)项")
LATE = re.compile(r"其中过期(\d+)项")
TITLE = "各单位办结/交办的任务（竖线是交办的，✗ 是有过期的）"


def chart_of(dispatch: Dispatch) -> SafeString:
    """Return the chart of a circular; nothing of another dispatch, and of one whose words have no unit's tasks."""
    if dispatch.kind != Dispatch.Kind.CIRCULAR:
        return SafeString("")
    bars = [*_bars(dispatch.text)]
    # Drawn by the core, which escapes every word.
    return SafeString(jh.bars_chart(TITLE, bars).svg() if bars else "")


def _bars(text: str) -> Iterator[jh.Bar]:
    """Yield a bar for each unit that has tasks, in the order of the paper: nobody is ranked (P3)."""
    for line in text.splitlines():
        found = LINE.match(line.strip())
        if found and (sent := int(found["sent"])):
            done, late = sum(map(int, DONE.findall(found["rest"]))), LATE.search(found["rest"])
            told = f"{done}/{sent}" + (f"，过期 {late[1]}" if late else "")
            yield jh.Bar(found["unit"], float(done), float(sent), told, not late)
