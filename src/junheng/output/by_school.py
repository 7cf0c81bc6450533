"""An answer turned round: what it finds of each school, over its stages and over the requirements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from junheng.engine.reasons import makers
from junheng.engine.result import Assessment, Section

OPEN = {"fail", "undetermined"}


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A part of a requirement in which a school, or a class of it, fails or has not reported."""

    indicator: str
    part: str
    subject: str
    state: str


@dataclass(frozen=True, slots=True)
class Maker:
    """A spread over its limit that a school makes much of, and its share."""

    stage: str
    indicator: str
    share: float


@dataclass(frozen=True, slots=True)
class School:
    """One school's sections, the spreads over their limit that it makes, what of the requirements it does not meet."""

    code: str
    name: str
    sections: tuple[Section, ...]
    makes: tuple[Maker, ...]
    shortcomings: tuple[Shortcoming, ...]

    @property
    def judged(self) -> tuple[Section, ...]:
        """The sections that are, or may be, in the sample."""
        return tuple(one for one in self.sections if one.in_sample is not False)

    @property
    def has_findings(self) -> bool:
        """Whether there is anything to do at this school."""
        lacking = any(section.met < len(section.indicators) for section in self.judged)
        return lacking or bool(self.makes or self.shortcomings)


def by_school(answer: Assessment) -> tuple[School, ...]:
    """Return every school that the answer speaks of, in the order of the facts."""
    sections: dict[str, list[Section]] = defaultdict(list)
    for section in answer.sections:
        sections[section.school_code].append(section)
    found = _shortcomings(answer)
    names = {code: own[0].school_name or code for code, own in sections.items()}
    names |= {code: ones[0].subject or code for code, ones in found.items() if code not in names}
    makes = _makers(answer)
    return tuple(
        School(code, name, tuple(sections[code]), tuple(makes[code]), tuple(found[code]))
        for code, name in names.items()
    )


def _makers(answer: Assessment) -> dict[str, list[Maker]]:
    found: dict[str, list[Maker]] = defaultdict(list)
    for stage, one in answer.stages.items():
        for id, spread in one.indicators.items():
            for code, share in makers(spread).items() if spread.status == "fail" else ():
                found[code].append(Maker(stage, id, share))
    return found


def _shortcomings(answer: Assessment) -> dict[str, list[Shortcoming]]:
    """Return what schools do not meet, of the parts that are not met: a share that all reach together asks no one."""
    found: dict[str, list[Shortcoming]] = defaultdict(list)
    for requirement in answer.requirements.values():
        for part in requirement.parts:
            for row in part.open_rows if part.status in OPEN else ():
                if row.school_code:
                    name = part.name if len(requirement.parts) > 1 else requirement.name
                    found[row.school_code].append(Shortcoming(requirement.id, name, row.subject, row.state))
    return found
