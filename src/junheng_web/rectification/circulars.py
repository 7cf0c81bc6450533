"""A circular that is drafted from the figures: by unit in the document's order, counts alone, as they are on the day.

What comes of it is a draft: the office reviews it, whoever signs for the body signs it, and only then do units read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from junheng_web.organisation.models import Area
from junheng_web.rectification.figures import MONTH, Line, Past, spans, trend

# A unit's sentence, part by part: what begins it, and what of it is said where there is any.
TASKS = (
    "sent",
    "交办任务{}项",
    {"on_time": "按期办结{}项", "closed_late": "过期办结{}项", "open": "在办{}项", "late": "其中过期{}项"},
)
ISSUES = ("issues", "没有销号的问题{}个", {"issues_late": "其中过期{}个", "present": "现状到位、等入统{}个"})


def title_of(county: Area, by: str, today: dt.date) -> str:
    """Return the title of a circular of a week or a month."""
    when = f"{today.year}年{today.month}月" if by == MONTH else _from_to(spans(by, today)[-1])
    return f"{county}义务教育优质均衡创建工作办理情况通报（{when}）"


def text_of(every: list[Line], county: Area, by: str, today: dt.date) -> str:
    """Return the text of a circular: what came and was done last, how all of it stands, and each unit's counts."""
    told = [one for one in every if any(one.counts.values())]
    rows = [f"{place}. {one.unit}：{_unit(one.counts)}。" for place, one in enumerate(told, start=1)]
    rest = ["其余单位没有交办的任务和问题。"] if len(told) < len(every) else []
    head = f"截至{_day(today)}，现将各单位办理情况通报如下（单位按文件次序，不排名）："
    whole = "合计：" + _unit(_summed(every)) + "。"
    foot = "请各单位对照抓紧办理；数字有出入的，请在三日内告诉办公室核对。"
    return "\n".join([head, _last(trend(county, by, today)), whole, *rows, *rest, foot])


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _from_to(one: Past) -> str:
    return f"{one.first.month}月{one.first.day}日至{one.last.month}月{one.last.day}日"


def _summed(every: Iterable[Line]) -> dict[str, int]:
    whole: dict[str, int] = {}
    for one in every:
        for name, many in one.counts.items():
            whole[name] = whole.get(name, 0) + many
    return whole


def _unit(counts: Mapping[str, int]) -> str:
    """Return a unit's counts in words; what is none is not said."""
    parts = [_part(counts, *TASKS), _part(counts, *ISSUES)]
    parts += [f"已销号{counts['issues_closed']}个"] if counts["issues_closed"] else []
    parts += [f"否决项申报过期没报{counts['declarations']}次"] if counts["declarations"] else []
    return "；".join(filter(None, parts)) or "没有交办的任务和问题"


def _part(counts: Mapping[str, int], name: str, begins: str, more: Mapping[str, str]) -> str:
    if not counts[name]:
        return ""
    return "，".join(
        [begins.format(counts[name]), *(words.format(counts[one]) for one, words in more.items() if counts[one])]
    )


def _last(found: list[Past]) -> str:
    """Return what happened in the last week or month that is over, and in the one that goes on."""
    return (
        "；".join(
            f"{_from_to(one)}，"
            f"交办任务{one.counts['task_came']}项、办结{one.counts['task_done']}项，"
            f"发现问题{one.counts['issue_came']}个、销号{one.counts['issue_done']}个"
            for one in found[-2:]
        )
        + "。"
    )
