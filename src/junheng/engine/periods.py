"""Each fact has its own clock: which period every indicator's numbers are of, and what is too old for the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from junheng.engine.asked import asked
from junheng.engine.result import Period, Warned
from junheng.facts.items import ITEMS
from junheng.facts.model import Facts
from junheng.standard.model import Rules

MONTHS_A_YEAR = 12


def periods(rules: Rules, facts: Facts, schools: Collection[str]) -> dict[str, Period]:
    """Return the period of each indicator: the document's time basis, the facts' clock, the dates of judging."""
    years = [year for year in facts.tables["period"]["school_year"].to_pylist() if year]
    judged, sources = _judged(facts, schools), _figures_from(rules, facts)
    bases = {id: one.time_basis for id, one in rules.indicators.items()}
    bases |= {id: one.time_basis for id, one in rules.requirements.items()}
    found = {}
    for id, basis in bases.items():
        days = judged.get(id, [])
        oldest, newest = (min(days), max(days)) if days else (None, None)
        year = years[-1] if years else None
        found[id] = Period(basis, year, facts.counting_date, oldest, newest, sources.get(id))
    return found


def _judged(facts: Facts, schools: Collection[str]) -> dict[str, list[dt.date]]:
    """Return the dates of judging by indicator; a grade without a date tells nothing of its age."""
    days: dict[str, list[dt.date]] = {}
    for row in facts.tables["judged"].to_pylist():
        if row["date"] and (not row["school_code"] or row["school_code"] in schools):
            days.setdefault(row["indicator"], []).append(row["date"])
    return days


def _figures_from(rules: Rules, facts: Facts) -> dict[str, str | None]:
    """Return in words whose figures were entered for each indicator that asks for somebody's; None: not told."""
    return {
        id: one.figures_from.told(facts.items.get(one.figures_from.item))
        for id, one in rules.requirements.items()
        if one.figures_from and any(not part.only_if or facts.items.get(part.only_if) for part in one.parts)
    }


def warnings(rules: Rules, facts: Facts, known: Mapping[str, Period]) -> tuple[Warned, ...]:
    """Return what is older than the document's months, later than the day, without a date, or was never asked.

    And whose figures were asked for and nobody has said whose they are.
    """
    off, untold = _switched_off(rules, facts), _untold(rules, facts)
    return tuple(
        Warned(id, message)
        for id, period in known.items()
        for message in (*_age(rules, period), *off.get(id, ()), *untold.get(id, ()))
    )


def _age(rules: Rules, period: Period) -> Iterator[str]:
    allowed, day = rules.standard.facts_valid_months, rules.day
    if period.counted is None:
        yield "没有写统计时点，说不出是哪一期的数"
    elif period.counted > day:
        yield f"统计时点 {period.counted} 晚于判定日 {day}"
    elif _too_old(period.counted, day, allowed):
        yield f"统计时点 {period.counted} 距判定日 {day} 超过 {allowed} 个月，请换新一期的数"
    if period.judged_from is not None and _too_old(period.judged_from, day, allowed):
        yield f"最早的评定在 {period.judged_from}，距判定日 {day} 超过 {allowed} 个月，请重新评定"


def _too_old(day: dt.date, as_of: dt.date, months: int) -> bool:
    """Whether more than so many whole months lie between two days."""
    apart = (as_of.year - day.year) * MONTHS_A_YEAR + as_of.month - day.month
    return (apart, as_of.day) > (months, day.day)


def _switched_off(rules: Rules, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the indicators that an answer of the county switches off: they are then of no period at all."""
    found: dict[str, tuple[str, ...]] = {}
    for one in asked(rules):
        item = one.part.only_if
        if item and facts.items.get(item) is False:
            found[one.requirement.id] = (f"“{ITEMS[item].label}”填的是“否”，这一项没有数可判",)
    return found


def _untold(rules: Rules, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the indicators whose figures are asked for while nobody has said whose they are."""
    found: dict[str, tuple[str, ...]] = {}
    for id, told in _figures_from(rules, facts).items():
        source = rules.requirements[id].figures_from
        if source and told is None:
            what = f"“{ITEMS[source.item].label}”没有填，说不出数出自{source.if_yes}还是{source.if_no}"
            found[id] = (f"{what}，请对照监测报告补填；结论不受影响",)
    return found
