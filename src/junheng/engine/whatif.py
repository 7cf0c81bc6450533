"""What would be: sections with more of a resource, and the spreads and stages that they would then be in. Exact.

Values are fractions here as they are in the answer (`have` / `over`), so nothing is approximated; what an answer does
not hold (may one more pupil claim a clause?) is for the engine to say, see `sensitivity`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import fsum, sqrt

from junheng.engine import spread
from junheng.engine.result import Measured, Section, Spread, Stage
from junheng.engine.stages import put_together, undefined
from junheng.standard.model import Rules

Sections = Sequence[Section]
Stages = Mapping[str, Stage]


def exact(one: Measured) -> Fraction | None:
    """Return a value exactly, None while it is missing."""
    return None if one.have is None or one.over is None else Fraction(one.have, one.over)


def step(rules: Rules, indicator: str, stage: str) -> int:
    """Return what one more buying unit of an indicator's resource adds to `have`."""
    one = rules.indicators[indicator]
    weight = rules.standard.apportioning[stage] if one.apportioned else 1
    return one.per * one.measured.measure.scale * weight


def with_more(rules: Rules, sections: Sections, section: Section, indicator: str, units: int) -> tuple[Section, ...]:
    """Return the sections in which `units` more of a resource at `section` change a value: all that share it.

    People belong to one section; things to every section of the school.
    """
    shared = rules.indicators[indicator].apportioned
    own = [one for one in sections if one.school_code == section.school_code and (shared or one.stage == section.stage)]
    return tuple(_more(rules, one, indicator, units) for one in own if exact(one.indicators[indicator]) is not None)


def _more(rules: Rules, section: Section, indicator: str, units: int) -> Section:
    one = section.indicators[indicator]
    have = (one.have or 0) + units * step(rules, indicator, section.stage)
    value = Fraction(have, one.over or 1)
    lines = rules.thresholds[indicator][section.stage], rules.floor(indicator, section.stage)
    measured = replace(
        one,
        value=float(value),
        have=have,
        status=status(value, *lines),
        gap_to_threshold=max(0, (one.gap_to_threshold or 0) - units),
        gap_to_floor=max(0, (one.gap_to_floor or 0) - units),
        borderline=any(0 < abs(value - line) < rules.standard.display.borderline for line in lines),
    )
    return judged(rules, replace(section, indicators={**section.indicators, indicator: measured}))


def status(value: Fraction, threshold: Fraction, floor: Fraction) -> str:
    """Return where a value stands between its lines."""
    return "met" if value >= threshold else "floor" if value >= floor else "below"


def judged(rules: Rules, section: Section) -> Section:
    """Return a section with its verdict by its statuses, as the engine gives it."""
    statuses = [one.status for one in section.indicators.values()]
    verdict = "undetermined" if "missing" in statuses else "pass"
    if "below" in statuses or statuses.count("floor") > rules.standard.may_miss:
        verdict = "fail"
    return replace(section, met=statuses.count("met"), verdict=verdict)


def anew(rules: Rules, sections: Sections, stages: Stages, changed: Sections) -> tuple[tuple[Section, ...], Stages]:
    """Return every section and stage with the `changed` sections in the place of those that they were."""
    new = {(one.school_code, one.stage): one for one in changed}
    old = {(one.school_code, one.stage): one for one in sections}
    after = tuple(new.get(key, one) for key, one in old.items())
    moved = {(key[1], id) for key, one in new.items() for id in one.indicators if _moved(old[key], one, id)}
    return after, {
        stage: put_together(
            stage,
            after,
            {
                id: spread_of(rules, after, stage, id) if (stage, id) in moved else was
                for id, was in whole.indicators.items()
            },
        )
        for stage, whole in stages.items()
    }


def _moved(old: Section, new: Section, indicator: str) -> bool:
    """Whether a section counts otherwise in an indicator's spread."""
    counted = [(one.in_sample, one.pupils, exact(one.indicators[indicator])) for one in (old, new)]
    return counted[0] != counted[1]


def members(sections: Sections, stage: str, indicator: str) -> list[spread.Member]:
    """Return the sections that are, or may be, in a stage's sample, as a spread counts them."""
    return [
        spread.Member(one.pupils, exact(one.indicators[indicator]), certain=bool(one.in_sample))
        for one in sections
        if one.stage == stage and one.in_sample is not False
    ]


@dataclass(frozen=True, slots=True)
class Sums:
    """What sections add up to in a spread, in doubles: pupils P, resource P X, squares P X^2."""

    pupils: float
    resource: float
    squares: float

    def instead(self, old: Sums, new: Sums) -> Sums:
        """Return the sums with one section's `new` numbers in the place of its `old` ones."""
        return Sums(
            self.pupils - old.pupils + new.pupils,
            self.resource - old.resource + new.resource,
            self.squares - old.squares + new.squares,
        )


def sums(sections: Sections, stage: str, indicator: str) -> Sums | None:
    """Return the sums of an indicator over a stage's sections, None while one of them cannot be counted."""
    own = [sums_of(one, indicator) for one in sections if one.stage == stage and one.in_sample is not False]
    known = [one for one in own if one is not None]
    if len(known) < len(own):
        return None
    return Sums(*(sum(getattr(one, name) for one in known) for name in ("pupils", "resource", "squares")))


def sums_of(section: Section, indicator: str) -> Sums | None:
    """Return what one section adds to the sums."""
    value = section.indicators[indicator].value
    if section.pupils is None or value is None or not section.in_sample:
        return None
    return Sums(section.pupils, section.pupils * value, section.pupils * value * value)


def may_come_within(rules: Rules, stage: str, now: Sums) -> bool:
    """Whether a spread with these sums may be within its limit: by doubles, which only ever rule it out.

    What rounding adds up to over a hundred thousand sections is a hundredth of the doubt that is allowed for.
    """
    limit = float(rules.spread_limits[stage])
    return now.squares * now.pupils <= now.resource**2 * (1 + limit**2) * (1 + spread.DOUBT)


def spread_of(rules: Rules, sections: Sections, stage: str, indicator: str) -> Spread:
    """Return an indicator's spread over a stage by fractions; who makes it, which decides nothing, by doubles."""
    limit = rules.spread_limits[stage]
    own = members(sections, stage, indicator)
    if not own:
        return undefined(limit, "no_schools")
    bounds = spread.exact_bounds(own)
    if all(one.certain and one.value is not None for one in own):
        return _whole(rules, sections, stage, indicator, bounds)
    highest = None if bounds.highest is None else sqrt(bounds.highest)
    return Spread(
        mean=None,
        sd=None,
        cv=None,
        cv_limit=float(limit),
        status=spread.status(bounds.lowest, bounds.highest, limit),
        cv_bounds=(sqrt(bounds.lowest), highest),
        contributions={},
        reason="missing",
    )


def _whole(rules: Rules, sections: Sections, stage: str, indicator: str, bounds: spread.Bounds) -> Spread:
    limit = rules.spread_limits[stage]
    if not bounds.defined:
        return undefined(limit, "mean_zero", 0.0, 0.0)
    sample = [one for one in sections if one.stage == stage and one.in_sample]
    values = [(one.school_code, one.pupils or 0, one.indicators[indicator].value or 0.0) for one in sample]
    mean = fsum(heads * value for _, heads, value in values) / sum(heads for _, heads, _ in values)
    squares, cv = {code: heads * (value - mean) ** 2 for code, heads, value in values}, sqrt(bounds.lowest)
    whole = sum(squares.values()) if cv else 0.0
    return Spread(
        mean=mean,
        sd=mean * cv,
        cv=cv,
        cv_limit=float(limit),
        status=spread.status(bounds.lowest, bounds.lowest, limit),
        cv_bounds=None,
        contributions={code: square / whole if whole else 0.0 for code, square in squares.items()},
        reason=None,
    )
