"""What acting on one reason alone would turn: sections, spreads, stages, the county. Only what is exact is claimed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from junheng.engine.result import Help, RequirementAnswer, Section, Stage, worst
from junheng.engine.whatif import Sums, anew, may_come_within, sums, sums_of, with_more
from junheng.standard.model import Rules

PASSES = {"pass", "not_applicable"}
Cells = frozenset[tuple[str, str]]
# A verdict that rests on this rests on more than numbers that a reason names.
UNKNOWABLE = ("", "")


@dataclass(frozen=True)
class County:
    """A county's answer as it stands, and what would become of it."""

    rules: Rules
    sections: Sequence[Section]
    stages: Mapping[str, Stage]
    requirements: Mapping[str, RequirementAnswer]

    @cached_property
    def names(self) -> dict[str, str]:
        """The schools' names by their codes."""
        return {one.school_code: one.school_name or one.school_code for one in self.sections}

    @cached_property
    def _schools(self) -> dict[str, list[Section]]:
        """Each school's sections: a reason is about one school, and a county may have thousands."""
        found: dict[str, list[Section]] = defaultdict(list)
        for one in self.sections:
            found[one.school_code].append(one)
        return found

    @cached_property
    def _rest_passes(self) -> bool:
        """Whether everything beside B1-B7 passes."""
        return all(one.status in PASSES for one in self.requirements.values())

    def to_mend(self, section: Section) -> int:
        """Return how many indicators of a failing section must rise before it passes."""
        statuses = [one.status for one in section.indicators.values()]
        under = statuses.count("below") + statuses.count("floor")
        lifted = max(0, under - self.rules.standard.may_miss)
        return max(lifted, statuses.count("below"))

    def nearest_line(self, section: Section, indicator: str) -> tuple[str, int]:
        """Return the line that an indicator must reach, with the units: its floor, if it may be the one that misses."""
        one = section.indicators[indicator]
        others = [each.status for id, each in section.indicators.items() if id != indicator]
        if one.status == "below" and others.count("floor") + others.count("below") < self.rules.standard.may_miss:
            return "floor", one.gap_to_floor or 0
        return "threshold", one.gap_to_threshold or 0

    def raised(self, section: Section, indicator: str, units: int) -> tuple[Help, ...]:
        """Return what so many units more at a section turn. Whatever they worsen undoes the claim of the stage."""
        changed = with_more(self.rules, self._schools[section.school_code], section, indicator, units)
        turned = [one for one in changed if _passes_now(self._was(one), one)]
        found = [Help("section", f"{one.stage}:{one.school_code}", "pass") for one in turned]
        if self._may_turn_a_stage(changed, turned, indicator):
            _, stages = anew(self.rules, self.sections, self.stages, changed)
            found += self._spreads_turned(stages)
            found += self._stages_turned({stage: one.verdict for stage, one in stages.items()})
        return tuple(found)

    def _was(self, changed: Section) -> Section:
        """Return what a changed section was."""
        return next(one for one in self._schools[changed.school_code] if one.stage == changed.stage)

    def _may_turn_a_stage(self, changed: Sequence[Section], turned: Sequence[Section], indicator: str) -> bool:
        """Whether it is worth working spreads out anew: one may come within its limit, or these are all that fail."""
        for one in changed:
            open_ = self.stages[one.stage].indicators[indicator].status != "pass"
            if open_ and self._may_come_within(one, indicator):
                return True
        stages = [one.stage for one in turned]
        return any(stages.count(stage) == self._failing[stage] for stage in stages)

    def _may_come_within(self, changed: Section, indicator: str) -> bool:
        """Whether a spread with one changed section may be within its limit."""
        whole = self._sums[changed.stage, indicator]
        old, new = (sums_of(one, indicator) for one in (self._was(changed), changed))
        if whole is None or old is None or new is None:
            return True
        return may_come_within(self.rules, changed.stage, whole.instead(old, new))

    @cached_property
    def _sums(self) -> dict[tuple[str, str], Sums | None]:
        """Each spread's sums as they are."""
        return {(stage, id): sums(self.sections, stage, id) for stage in self.stages for id in self.rules.indicators}

    @cached_property
    def _failing(self) -> dict[str, int]:
        """How many sections and spreads of each stage do not pass."""
        return {
            stage: sum(one.status != "pass" for one in whole.indicators.values())
            + sum(one.verdict != "pass" for one in self.sections if one.stage == stage and one.in_sample is not False)
            for stage, whole in self.stages.items()
        }

    def _spreads_turned(self, stages: Mapping[str, Stage]) -> Iterator[Help]:
        for stage, whole in stages.items():
            for id, one in whole.indicators.items():
                if self.stages[stage].indicators[id].status != "pass" and one.status == "pass":
                    yield Help("spread", stage, "pass", id)

    def _stages_turned(self, verdicts: Mapping[str, str]) -> Iterator[Help]:
        for stage, verdict in verdicts.items():
            if verdict == "pass" and self.stages[stage].verdict != "pass":
                yield Help("stage", stage, "pass")
        was = worst([one.verdict for one in self.stages.values()])
        if was != "pass" and worst(list(verdicts.values())) == "pass":
            yield Help("resources", "county", "pass")
            if self._rest_passes:
                yield Help("county", "county", "pass")

    def spread_within(self, stage: str, indicator: str) -> tuple[Help, ...]:
        """Return what turns when a known spread comes within its limit and nothing else changes."""
        one = self.stages[stage].indicators[indicator]
        if one.status != "fail" or one.cv is None:
            return ()
        rest = [each.status for id, each in self.stages[stage].indicators.items() if id != indicator]
        own = [each.verdict for each in self.sections if each.stage == stage and each.in_sample is not False]
        verdicts = {name: whole.verdict for name, whole in self.stages.items()} | {stage: worst([*rest, *own])}
        return (Help("spread", stage, "pass", indicator), *self._stages_turned(verdicts))

    def requirement_met(self, one: RequirementAnswer) -> tuple[Help, ...]:
        """Return what turns when a requirement's failing rows are mended, or its missing ones reported."""
        to = "pass" if one.status == "fail" else "settled"
        if to == "pass" and any(part.missing or part.status == "undetermined" for part in one.parts):
            return ()
        others = [each.status for each in self.requirements.values() if each.id != one.id]
        alone = all(status in PASSES for status in others) and all(s.verdict == "pass" for s in self.stages.values())
        return (Help("requirement", "county", to), *([Help("county", "county", to)] if alone else []))

    def reported(self, section: Section, columns: Iterable[str]) -> tuple[Help, ...]:
        """Return the verdicts that rest on these empty cells alone: whatever is reported settles them."""
        cells = frozenset((section.school_code, column) for column in columns)
        return tuple(help for help, rest in self._open if rest <= cells)

    @cached_property
    def _open(self) -> list[tuple[Help, Cells]]:
        """Every verdict of B1-B7 that is open for want of numbers, with the cells that it rests on."""
        found: list[tuple[Help, Cells]] = []
        for stage in self.stages:
            found += self._open_stage(stage)
        whole = [cells for help, cells in found if help.turns == "stage"]
        if whole and worst([one.verdict for one in self.stages.values()]) == "undetermined":
            found.append((Help("resources", "county", "settled"), _union(whole)))
            if self._rest_passes:
                found.append((Help("county", "county", "settled"), _union(whole)))
        return found

    def _open_stage(self, stage: str) -> Iterator[tuple[Help, Cells]]:
        sample = [one for one in self.sections if one.stage == stage and one.in_sample is not False]
        rests = [_cells(one) for one in sample if one.verdict == "undetermined" or one.in_sample is None]
        for one in sample:
            if one.verdict == "undetermined" and one.in_sample:
                yield Help("section", f"{stage}:{one.school_code}", "settled"), _cells(one)
        for id, spread in self.stages[stage].indicators.items():
            if spread.status == "undetermined":
                rests.append(self._of_spread(sample, id))
                yield Help("spread", stage, "settled", id), rests[-1]
        if self.stages[stage].verdict == "undetermined":
            yield Help("stage", stage, "settled"), _union(rests)

    def _of_spread(self, sample: Sequence[Section], indicator: str) -> Cells:
        """Return what a spread rests on; where no value above 0 is known, reporting might still leave no CV."""
        if not any(one.indicators[indicator].value and one.in_sample for one in sample):
            return frozenset({UNKNOWABLE})
        return _union(_cells(one, indicator) for one in sample)


def _passes_now(old: Section, new: Section) -> bool:
    return bool(old.in_sample) and old.verdict != "pass" and new.verdict == "pass"


def _cells(section: Section, indicator: str | None = None) -> Cells:
    """Return the empty cells of a section without which one indicator, or all, have no value."""
    ids = section.indicators if indicator is None else [indicator]
    missing = {(section.school_code, name) for id in ids for name in section.indicators[id].missing}
    unknown = section.in_sample is None or (section.school_code, "school_type") in missing
    return frozenset(missing | ({UNKNOWABLE} if unknown else set()))


def _union(cells: Iterable[Cells]) -> Cells:
    return frozenset().union(*cells)
