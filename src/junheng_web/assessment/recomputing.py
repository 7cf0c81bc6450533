"""A run worked out again from its snapshot, for what the stored answer leaves out, and honest where it differs."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from junheng import api as jh
from junheng_web.assessment import selectors, snapshots
from junheng_web.assessment.telling import Judged

KEPT = 4
Explained = jh.Trace | jh.SpreadTrace | jh.RequirementTrace


def otherwise(judged: Judged) -> list[str]:
    """Say what makes working it out today not the same as then; nothing where it is the same."""
    run, said = judged.run, []
    if run.engine != jh.ENGINE_VERSION:
        said.append(f"这次评估用的是引擎第 {run.engine} 版，现在是第 {jh.ENGINE_VERSION} 版")
    if _digest_today(run.rules.standard) != run.rules.digest:
        said.append("这次评估所用的规则与现在的不同")
    return said


def _digest_today(standard: str) -> str:
    """Return the hash of a document as it reads today; nothing where there is no such document any more."""
    try:
        return selectors.rules_packed(standard)[0]
    except jh.Unusable:
        return ""


def assessed(judged: Judged) -> jh.Assessment:
    """Return the run's answer worked out again, with what its JSON leaves out."""
    return assessed_of(*inputs_of(judged))


def inputs_of(judged: Judged) -> tuple[str, str, dt.date, str]:
    """Return what a run's answer is worked out from: snapshot, document, day and county."""
    run = judged.run
    return run.snapshot.digest, run.rules.standard, run.as_of, judged.county.code


@lru_cache(maxsize=KEPT)
def assessed_of(digest: str, standard: str, as_of: dt.date, county: str) -> jh.Assessment:
    """Return the answer to a snapshot's facts; the last few are kept."""
    return jh.assess(snapshots.open_facts(digest), standard, as_of=as_of, county=county)


def explained(judged: Judged, id: str, school: str, stage: str) -> Explained:
    """Return how one number of the run came about. Raises jh.Unusable where there is no such number."""
    run = judged.run
    return jh.explain(
        snapshots.open_facts(run.snapshot.digest),
        school or None,
        stage or None,
        id,
        standard=run.rules.standard,
        as_of=run.as_of,
        county=judged.county.code,
    )
