"""A stage put together from its sections and spreads: the same for what is, and for what would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from junheng.engine.result import Section, Spread, Stage, worst


def put_together(stage: str, sections: Sequence[Section], spreads: Mapping[str, Spread]) -> Stage:
    """Return a stage's sample with its spreads and verdict."""
    sample = [section for section in sections if section.stage == stage and section.in_sample is not False]
    certain = [section for section in sample if section.in_sample]
    cvs = [one.cv for one in spreads.values()]
    return Stage(
        schools=len(certain),
        pupils=sum(section.pupils or 0 for section in certain),
        indicators=spreads,
        composite_cv=None if None in cvs else sum(cv for cv in cvs if cv is not None) / len(cvs),
        verdict=worst([*(sure_verdict(one) for one in sample), *(one.status for one in spreads.values())]),
    )


def sure_verdict(section: Section) -> str:
    """Return what a section brings to its stage: one that may not be in the sample cannot fail it for certain."""
    if section.in_sample is None and section.verdict == "fail":
        return "undetermined"
    return section.verdict


def undefined(limit: Fraction, reason: str, mean: float | None = None, sd: float | None = None) -> Spread:
    """Return a spread that has no CV, with the reason."""
    return Spread(mean, sd, None, float(limit), "undetermined", None, {}, reason)
