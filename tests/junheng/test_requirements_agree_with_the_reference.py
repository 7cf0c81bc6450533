"""B8-B31, SR, VETO and PRE agree with the slow reference on drawn counties, which reach both sides of every line."""

from __future__ import annotations

from collections import defaultdict

import junheng as jh
from counties import SEEDS
from reference_requirements import REQUIREMENTS
from requirement_counties import facts_of, seeded_counties

COUNTIES = 40
STATUSES = {"pass", "fail", "undetermined", "not_applicable"}
# What is asked of every county, whatever schools it has, is never not applicable.
ALWAYS_ASKED = {"B8", "B9", "B15", "B17", "B22 care", "SR", "VETO", "PRE"}


def test_every_requirement_is_judged_as_the_reference_judges_it() -> None:
    """Twenty-seven answers a county, none by the engine's own arithmetic; each part is seen in every status."""
    seen: dict[str, set[str]] = defaultdict(set)
    drawn = [(seed, at, county) for seed in SEEDS for at, county in enumerate(seeded_counties(seed, COUNTIES))]
    for seed, at, county in drawn:
        answer = jh.assess(facts_of(county), as_of=county.day)
        expected = {id: judge(county) for id, judge in REQUIREMENTS.items()}
        assert {id: one.status for id, one in answer.requirements.items()} == expected, (seed, at)
        for id, one in answer.requirements.items():
            for part in one.parts:
                seen[f"{id} {part.id}"].add(part.status)

    unseen = {part: STATUSES - seen[part] - _never(part) for part in seen}
    assert {part: statuses for part, statuses in unseen.items() if statuses} == {}
    assert len(seen) == sum(len(one.parts) for one in jh.load_standard().requirements.values())


def _never(part: str) -> set[str]:
    return {"not_applicable"} if ALWAYS_ASKED & {part, part.split(maxsplit=1)[0]} else set()


def test_the_reference_knows_every_requirement() -> None:
    """A requirement that is added to the rule book needs its place in the reference."""
    assert set(REQUIREMENTS) == set(jh.load_standard().requirements)
