"""What the first page says: the verdict, what stands against it by weight, and what would change it soonest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from junheng import api as jh
from junheng_web.assessment.overriding import confirmed
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, neighbours, school_name, word

FIRST_REASONS, SOONEST, TURNED_SHOWN, MISSING_SHOWN = 10, 5, 3, 12
TO = {"pass": "达标", "settled": "有定论"}
# What a requirement or a spread turns of itself needs no words.
UNSAID = {"spread", "requirement"}
VETO = "VETO"
OVERRIDDEN = "否决项已确认：结论为不达标"


def overview(judged: Judged, every: bool = False) -> dict[str, Any]:
    """Return what the page shows; with `every`, all reasons."""
    reasons = [reason(judged, one) for one in judged.answer["reasons"]]
    shown = reasons if every else reasons[:FIRST_REASONS]
    # What a file on trial says is of no county, and nothing overrides it.
    happened = confirmed(judged.county) if judged.run.pk else frozenset()
    return {
        "cards": list(_cards(judged, happened)),
        "vetoes": vetoes(judged, happened),
        "reasons": shown,
        "more": len(reasons) - len(shown),
        "soonest": [one for one in reasons if one["turns"]][:SOONEST],
        "spreads": [_spreads(judged, stage) for stage in judged.answer["stages"]],
        "coverage": [_coverage(judged, stage) for stage in judged.answer["coverage"]],
        "missing": missing(judged)[:MISSING_SHOWN],
        "readings": [_reading(judged, one) for one in judged.answer["readings"]],
        "warnings": list(_warnings(judged)),
        "confirm": list(_to_confirm(judged)),
        "all_url": judged.url("overview", every="1"),
        "book_url": judged.url("rules"),
    }


def _cards(judged: Judged, happened: Collection[str]) -> Iterator[dict[str, Any]]:
    answer, ids = judged.answer, judged.measured
    yield {"title": "全县结论", "url": judged.url("board"), **_verdict(answer["verdict"], happened)}
    yield {
        "title": f"资源配置（{ids[0]}～{ids[-1]}）",
        "status": answer["resources"],
        "note": "各学段都达标，才是达标",
        "url": judged.url("grid", next(iter(answer["stages"]))),
    }
    yield from (_stage_card(judged, stage) for stage in answer["stages"])


def _verdict(status: str, happened: Collection[str]) -> dict[str, str]:
    """Return the county's verdict; a confirmed veto item overrides what the run says, which stands beside it."""
    if happened and status != "fail":
        return {"status": "fail", "note": f"{OVERRIDDEN}；确认以前的评估是“{word(status)}”，不再作数"}
    return {"status": status, "note": OVERRIDDEN if happened else "资源配置和其他要求都达标，才是达标"}


def _stage_card(judged: Judged, stage: str) -> dict[str, Any]:
    one = judged.answer["stages"][stage]
    sample = [section for section in judged.sections(stage) if section["in_sample"]]
    passing = sum(section["verdict"] == "pass" for section in sample)
    over = sum(spread["status"] == "fail" for spread in one["indicators"].values())
    return {
        "title": judged.stage(stage),
        "status": one["verdict"],
        "note": f"{passing}/{len(sample)} 校达标；差异系数超限 {over} 项",
        "url": judged.url("grid", stage),
    }


def vetoes(judged: Judged, happened: Collection[str] = ()) -> dict[str, Any] | None:
    """Return the veto items with their states, those that happened or are not reported first.

    One that was confirmed since, `happened`, has happened whatever the run says.
    """
    found = judged.answer["indicators"].get(VETO)
    if found is None:
        return None
    order = ("fail", "undetermined", "not_applicable", "pass")
    now = [{**part, "status": "fail"} if part["id"] in happened else part for part in found["parts"]]
    parts = sorted(now, key=lambda part: order.index(part["status"]))
    return {"status": "fail" if happened else found["status"], "parts": parts, "url": judged.page(VETO)}


def reason(judged: Judged, one: Answer) -> dict[str, Any]:
    """Return a reason with its links, and what acting on it alone turns."""
    stage, _, school = one["scope"].partition(":")
    at = stage if stage in judged.answer["stages"] else ""
    return {
        "message": one["message"],
        "verdict": one["verdict"],
        "indicator": one["indicator"],
        "url": judged.page(one["indicator"], at) if one["indicator"] in judged.answer["judged"] else "",
        "school_url": judged.url("school", school) if school in judged.schools else "",
        "helps": _helps(judged, one),
        "turns": [help for help in one["helps"] if help["turns"] not in UNSAID],
    }


def _helps(judged: Judged, one: Answer) -> str:
    own = {(help["turns"], help["indicator"]) for help in one["helps"]} == {("spread", one["indicator"])}
    said = [help for help in one["helps"] if help["turns"] != "requirement" and not own]
    if not said or all(help["turns"] in UNSAID for help in said):
        return ""
    places = "、".join(_turned(judged, help) for help in said)
    return f"{_act(one['act'])}，{places}即{TO[said[0]['to']]}"


def _act(act: Answer | None) -> str:
    if act and act["amount"]:
        return f"只需增加 {act['amount']:,} {act['unit']}"
    return "补报之后" if act and act["to"] == "reported" else "单是做到这一条"


def _turned(judged: Judged, help: Answer) -> str:
    """Return what is turned, in an officer's words."""
    place = judged.place(help["scope"])
    return {
        "section": place,
        "spread": f"{place} {help['indicator']} 差异系数",
        "stage": f"{place}学段",
        "resources": "资源配置",
        "county": "全县",
    }[help["turns"]]


def _spreads(judged: Judged, stage: str) -> dict[str, Any]:
    one = judged.answer["stages"][stage]
    rows = [
        {
            "id": id,
            "name": judged.name(id),
            "cv": judged.spread(spread),
            "limit": judged.limit(spread),
            "mean": judged.mean(spread["mean"]),
            "line": jh.line_told(judged.lines(id, stage)["threshold"]),
            "status": spread["status"],
            "url": judged.page(id, stage),
        }
        for id, spread in one["indicators"].items()
    ]
    return {"stage": judged.stage(stage), "rows": rows, "url": judged.url("grid", stage)}


def _coverage(judged: Judged, stage: str) -> dict[str, Any]:
    return {"stage": judged.stage(stage), **judged.answer["coverage"][stage]}


def missing(judged: Judged) -> list[dict[str, Any]]:
    """Return what the sample has not reported, school by school."""
    found = []
    for section in judged.answer["sections"]:
        columns = dict.fromkeys(column for cell in section["indicators"].values() for column in cell["missing"])
        if columns and section["in_sample"] is not False:
            place = f"{school_name(section)}（{judged.stage(section['stage'])}）"
            url = judged.url("school", section["school_code"])
            found.append({"place": place, "columns": jh.labels_told([*columns]), "url": url})
    return found


def _reading(judged: Judged, one: Answer) -> dict[str, Any]:
    turned = [
        f"{'' if change['scope'] == 'county' else judged.place(change['scope'])}{change['indicator']} "
        f"{word(change['now'])}→{word(change['then'])}"
        for change in one["changes"]
    ]
    more = f"等 {len(turned)} 处" if len(turned) > TURNED_SHOWN else ""
    ids = [change["indicator"] for change in one["changes"] if change["indicator"]]
    return {**one, "turned": "、".join(turned[:TURNED_SHOWN]) + more, "url": judged.url("rule", ids[0]) if ids else ""}


def _warnings(judged: Judged) -> Iterator[dict[str, str]]:
    """Yield each warning of the periods once, with the indicators that it is about."""
    about: dict[str, list[str]] = {}
    for one in judged.answer["warnings"]:
        about.setdefault(one["message"], []).append(one["indicator"])
    order = judged.answer["judged"]
    yield from ({"ids": "、".join(neighbours(ids, order)), "message": message} for message, ids in about.items())


def _to_confirm(judged: Judged) -> Iterator[dict[str, str]]:
    """Yield what does not apply: neither pass nor fail, for somebody to confirm."""
    for id, one in judged.answer["indicators"].items():
        for part in one["parts"]:
            if part["status"] == "not_applicable":
                yield {"id": id, "name": part["name"], "reason": part["reason"], "url": judged.page(id)}
