"""What schools still lack, for every output that lists it: values under their line, and cells not reported."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.engine.reasons import makers
from junheng.engine.result import Assessment, Measured, Section
from junheng.facts.schema import SCHOOLS

Gap = tuple[Section, str, Measured]


def gaps(answer: Assessment) -> Iterator[Gap]:
    """Yield each value of the sample that is under its threshold, in the order of the schools."""
    for section in answer.sections:
        if section.in_sample is not False:
            yield from (
                (section, id, one) for id, one in section.indicators.items() if one.status in {"floor", "below"}
            )


def missing(answer: Assessment) -> Iterator[tuple[Section, list[str]]]:
    """Yield each section of the sample that lacks a value, with the labels of the cells to fill in."""
    for section in answer.sections:
        labels = missing_cells(section)
        if section.in_sample is not False and labels:
            yield section, labels


def missing_cells(section: Section) -> list[str]:
    """Return the labels of the cells without which a section lacks a value, each once."""
    names = dict.fromkeys(name for one in section.indicators.values() for name in one.missing)
    return [SCHOOLS.column(name).label for name in names]


def made_spreads(answer: Assessment, section: Section) -> dict[str, float]:
    """Return the spreads over their limit, or not yet judged, that a section makes much of, with its share of each."""
    spreads = answer.stages[section.stage].indicators
    shares = {id: makers(one).get(section.school_code) for id, one in spreads.items() if one.status != "pass"}
    return {id: share for id, share in shares.items() if share is not None}


def has_findings(answer: Assessment, section: Section) -> bool:
    """Whether there is something to do about a section: a value under its line or missing, or a spread it makes."""
    if section.in_sample is False:
        return False
    return any(one.status != "met" for one in section.indicators.values()) or bool(made_spreads(answer, section))
