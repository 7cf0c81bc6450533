"""What a run comes to in short, kept beside its answer: pages of many counties read this, and unpack no answer."""

from __future__ import annotations

from typing import Any

Answer = dict[str, Any]
SPREAD = ("status", "cv", "cv_limit", "cv_bounds")


def summary_of(answer: Answer) -> Answer:
    """Return verdicts, how many of the sample's sections pass, spreads, and what each requirement comes to."""
    return {
        "resources": answer["resources"],
        "stages": {stage: _stage(answer, stage) for stage in answer["stages"]},
        "indicators": {id: one["status"] for id, one in answer["indicators"].items()},
    }


def _stage(answer: Answer, stage: str) -> Answer:
    own = answer["stages"][stage]
    sample = [one for one in answer["sections"] if one["stage"] == stage and one["in_sample"]]
    return {
        "verdict": own["verdict"],
        "sections": len(sample),
        "passed": sum(one["verdict"] == "pass" for one in sample),
        "spreads": {id: {name: one[name] for name in SPREAD} for id, one in own["indicators"].items()},
    }
