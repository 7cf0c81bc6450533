"""The judgement of the seven resource indicators as a competent pandas program: a peer to be timed and agreed with.

python bench/pandas_peer.py FOLDER    # one line of JSON a county

It reads the columns that it needs of the same CSV files, and trusts them: it checks no cell and knows no missing value,
no clause, no gap and no reason. The numbers of the rule stand here once more on purpose: a peer that read junheng's
rule book would not be independent.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

STAGES = ("primary", "junior")
WEIGHTS = {"primary": 100, "junior": 110, "senior": 132}
LIMITS = {"primary": 0.5, "junior": 0.45}
THRESHOLDS = {
    "primary": {"B1": 4.2, "B2": 1.0, "B3": 0.9, "B4": 4.5, "B5": 7.5, "B6": 2000.0, "B7": 2.3},
    "junior": {"B1": 5.3, "B2": 1.0, "B3": 0.9, "B4": 5.8, "B5": 10.2, "B6": 2500.0, "B7": 2.4},
}
INDICATORS = list(THRESHOLDS["primary"])
FLOOR, DECIMALS_OF_A_LINE = 0.85, 6
PEOPLE = {"B1": "above_required_teachers", "B2": "backbone_teachers", "B3": "pe_arts_teachers"}
THINGS = ["teaching_area", "indoor_sports_area", "sports_ground_area", "equipment_value", "multimedia_rooms"]
OUTSIDE = ["special", "vocational"]
LEAST_PUPILS_OF_A_TEACHING_POINT = 50
TEXTS = ["county_code", "county_name", "school_code", "school_name", "school_type"]
NUMBERS = [
    *(f"{stage}_pupils" for stage in WEIGHTS),
    *(f"{stage}_{name}" for stage in STAGES for name in PEOPLE.values()),
    *THINGS,
]


def judged_sections(schools: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each stage of each school, with values, statuses, met count and verdict."""
    sections = pd.concat([_stage_sections(schools, stage) for stage in STAGES], ignore_index=True)
    statuses = sections[[f"{indicator}_status" for indicator in INDICATORS]].to_numpy()
    sections["met"] = (statuses == "met").sum(axis=1)
    failed = (statuses == "below").any(axis=1) | ((statuses == "floor").sum(axis=1) > 1)
    sections["verdict"] = np.where(failed, "fail", "pass")
    return sections


def _stage_sections(schools: pd.DataFrame, stage: str) -> pd.DataFrame:
    own = schools[schools[f"{stage}_pupils"] > 0]
    pupils = own[f"{stage}_pupils"]
    weighted = sum(own[f"{name}_pupils"].fillna(0) * weight for name, weight in WEIGHTS.items()) / WEIGHTS[stage]
    sections = own[TEXTS].assign(stage=stage, pupils=pupils.astype("int64"))
    small = (own["school_type"] == "teaching_point") & (pupils < LEAST_PUPILS_OF_A_TEACHING_POINT)
    sections["in_sample"] = ~(own["school_type"].isin(OUTSIDE) | small)
    for indicator, value in _values(own, stage, pupils, weighted).items():
        line = THRESHOLDS[stage][indicator]
        reached = [value >= line, value >= round(line * FLOOR, DECIMALS_OF_A_LINE)]
        sections[indicator] = value
        sections[f"{indicator}_status"] = np.select(reached, ["met", "floor"], "below")
    return sections


def _values(own: pd.DataFrame, stage: str, pupils: pd.Series, weighted: pd.Series) -> dict[str, pd.Series]:
    people = {indicator: own[f"{stage}_{name}"] * 100 / pupils for indicator, name in PEOPLE.items()}
    return people | {
        "B4": (own["teaching_area"] - own["indoor_sports_area"]) / weighted,
        "B5": (own["sports_ground_area"] + own["indoor_sports_area"]) / weighted,
        "B6": own["equipment_value"] / weighted,
        "B7": own["multimedia_rooms"] * 100 / weighted,
    }


def spreads(sections: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return mean, sd and CV of each county and stage (rows) and indicator (columns), weighted by pupils."""
    sample = sections[sections["in_sample"]]
    groups, weights = [sample["county_code"], sample["stage"]], sample["pupils"]
    pupils = weights.groupby(groups).sum()
    means = sample[INDICATORS].mul(weights, axis=0).groupby(groups).sum().div(pupils, axis=0)
    own_means = means.loc[pd.MultiIndex.from_arrays(groups)].to_numpy()
    squares = ((sample[INDICATORS] - own_means) ** 2).mul(weights, axis=0).groupby(groups).sum()
    deviations = np.sqrt(squares.div(pupils, axis=0))
    return means, deviations, deviations / means


def answers(sections: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield each county's answer, in the order of their codes."""
    sections = sections.sort_values("county_code", kind="stable")
    stages, rows = _stages(sections), _sections(sections)
    counties = sections.groupby("county_code", sort=True)
    for code, name, size in zip(counties.size().index, counties["county_name"].first(), counties.size(), strict=True):
        own = {stage: stages[code, stage] for stage in STAGES}
        yield {
            "county": {"code": code, "name": name},
            "verdict": _worst(one["verdict"] for one in own.values()),
            "sections": list(islice(rows, size)),
            "stages": own,
        }


def _worst(verdicts: Iterable[str]) -> str:
    return "fail" if "fail" in verdicts else "pass"


def _stages(sections: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Return every county's stages, by county and stage."""
    sample = sections[sections["in_sample"]]
    groups = [sample["county_code"], sample["stage"]]
    sizes = sample["pupils"].groupby(groups).agg(["size", "sum"]).to_dict("index")
    failed = (sample["verdict"] == "fail").groupby(groups).any().to_dict()
    means, deviations, cvs = (table.to_dict("index") for table in spreads(sections))
    found = {}
    for key, size in sizes.items():
        indicators = {
            id: {"mean": means[key][id], "sd": deviations[key][id], "cv": cv, "status": _status(cv, key[1])}
            for id, cv in cvs[key].items()
        }
        found[key] = {
            "schools": size["size"],
            "pupils": size["sum"],
            "indicators": indicators,
            "composite_cv": sum(cvs[key].values()) / len(INDICATORS),
            "verdict": "fail" if failed[key] else _worst(one["status"] for one in indicators.values()),
        }
    return found


def _status(cv: float, stage: str) -> str:
    return "pass" if cv <= LIMITS[stage] else "fail"


def _sections(sections: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = ["school_code", "school_name", "stage", "pupils", "in_sample", "met", "verdict"]
    columns = [sections[name].tolist() for name in names]
    values = sections[INDICATORS].to_numpy().tolist()
    statuses = sections[[f"{indicator}_status" for indicator in INDICATORS]].to_numpy().tolist()
    for row, value, status in zip(zip(*columns, strict=True), values, statuses, strict=True):
        pairs = zip(INDICATORS, value, status, strict=True)
        indicators = {id: {"value": number, "status": word} for id, number, word in pairs}
        yield {**dict(zip(names, row, strict=True)), "indicators": indicators}


def main() -> None:
    """Read the facts, judge them, print JSON."""
    parser = argparse.ArgumentParser(description="the judgement in pandas, to be compared with")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    types = dict.fromkeys(TEXTS, "str") | dict.fromkeys(NUMBERS, "float64")
    schools = pd.read_csv(options.folder / "schools.csv", usecols=[*TEXTS, *NUMBERS], dtype=types)
    for answer in answers(judged_sections(schools)):
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
