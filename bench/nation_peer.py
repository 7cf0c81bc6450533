"""A nation's job as a competent Polars or pandas program: a peer to be timed and agreed with.

python bench/nation_peer.py polars|pandas ROSTERS

It counts classes, teachers and the cohort, and judges B1-B7; it checks nothing, keeps nothing, knows no other
requirement and no missing value. What it does with a school's row is `pandas_peer`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from pandas_peer import judged_sections, spreads

YEAR, ENTERED = 2025, 2023
CLASS = ["school_code", "stage", "grade", "class_name"]
ABOVE = {"primary": ["doctor", "master", "bachelor", "associate"], "junior": ["doctor", "master", "bachelor"]}
ARTS = ["pe", "music", "fine_arts", "art"]
LIMITS = {"primary": 0.5, "junior": 0.45}
STAFF = ["above_required_teachers", "backbone_teachers", "pe_arts_teachers"]
COHORT = ["entered", "graduates", "transfers_in", "transfers_out"]


def by_polars(rosters: str) -> pd.DataFrame:
    """Return a row for each school with its counts."""
    import polars as pl

    pupils = pl.scan_parquet(f"{rosters}/pupils/**/*.parquet", hive_partitioning=True)
    now = pupils.filter(pl.col("year") == YEAR)
    classes = now.group_by(CLASS).agg(pl.len().alias("pupils"), pl.col("in_zone").sum(), pl.col("migrant").sum())
    heads = classes.group_by("school_code", "stage").agg(pl.col("pupils").sum(), pl.col("in_zone").sum(), pl.len())
    teachers = pl.scan_parquet(f"{rosters}/teachers/**/*.parquet")
    primary = pl.col("stage") == "primary"
    degree = pl.col("qualification")
    above = pl.when(primary).then(degree.is_in(ABOVE["primary"])).otherwise(degree.is_in(ABOVE["junior"]))
    staff = teachers.group_by("school_code", "stage").agg(
        above.sum().alias(STAFF[0]),
        pl.col("backbone").sum().alias(STAFF[1]),
        pl.col("subject").is_in(ARTS).sum().alias(STAFF[2]),
        pl.col("certified").sum(),
        (pl.col("training_hours") >= 360).sum(),
    )
    entered = pupils.filter((pl.col("year") == ENTERED) & (pl.col("grade") == 7)).select("pupil_id", "school_code")
    last = now.filter(pl.col("grade") == 9).select("pupil_id", "school_code")
    parted = entered.join(last, on=["pupil_id", "school_code"], how="anti")
    gone = parted.join(last, on="pupil_id", how="semi")
    lazy = [heads, staff, *(one.group_by("school_code").len() for one in (entered, last, parted, gone))]
    told = [one.to_pandas() for one in pl.collect_all(lazy, engine="streaming")]
    schools = pl.scan_parquet(f"{rosters}/schools/**/*.parquet").collect().to_pandas()
    return _joined(schools, *told[:2], [one.set_index("school_code")["len"] for one in told[2:]])


def by_pandas(rosters: str) -> pd.DataFrame:
    """Return the same, every file read for itself and only its columns."""

    def read(table: str, year: int | None, columns: list[str]) -> list[pd.DataFrame]:
        under = f"year={year}/*.parquet" if year else "*.parquet"
        return [pd.read_parquet(file, columns=columns) for file in sorted(Path(rosters, table).rglob(under))]

    now = read("pupils", YEAR, ["pupil_id", *CLASS, "in_zone", "migrant"])
    classes = [
        one.groupby(CLASS).agg(pupils=("grade", "size"), zone=("in_zone", "sum"), migrant=("migrant", "sum"))
        for one in now
    ]
    heads = pd.concat(classes).groupby(["school_code", "stage"]).sum().reset_index()
    last = pd.concat([one.loc[one["grade"] == 9, ["pupil_id", "school_code"]] for one in now])
    then = read("pupils", ENTERED, ["pupil_id", "school_code", "grade"])
    entered = pd.concat([one.loc[one["grade"] == 7, ["pupil_id", "school_code"]] for one in then])
    linked = entered.merge(last.assign(same=True), on=["pupil_id", "school_code"], how="left")
    parted = linked[linked["same"].isna()]
    gone = parted[parted["pupil_id"].isin(last["pupil_id"])]
    teachers = pd.concat(read("teachers", None, ["school_code", "stage", "qualification", "backbone", "subject"]))
    primary = teachers["stage"] == "primary"
    degrees = {stage: teachers["qualification"].isin(own) for stage, own in ABOVE.items()}
    teachers[STAFF[0]] = degrees["primary"].where(primary, degrees["junior"])
    teachers[STAFF[2]] = teachers["subject"].isin(ARTS)
    grouped = teachers.rename(columns={"backbone": STAFF[1]}).groupby(["school_code", "stage"])
    schools = pd.concat(read("schools", None, None))
    sizes = [one.groupby("school_code").size() for one in (entered, last, parted, gone)]
    return _joined(schools, heads, grouped[STAFF].sum().reset_index(), sizes)


def _joined(schools: pd.DataFrame, heads: pd.DataFrame, staff: pd.DataFrame, cohort: list[pd.Series]) -> pd.DataFrame:
    schools = schools.set_index("school_code")
    for stage in LIMITS:
        own = heads[heads["stage"] == stage].set_index("school_code")["pupils"]
        schools[f"{stage}_pupils"] = own.reindex(schools.index)
        people = staff[staff["stage"] == stage].set_index("school_code")
        for name in STAFF:
            schools[f"{stage}_{name}"] = people[name].reindex(schools.index)
    schools["senior_pupils"] = float("nan")
    entered, last, parted, gone = (one.reindex(schools.index).fillna(0) for one in cohort)
    told = (entered, last, last - (entered - parted), gone)
    return schools.assign(**dict(zip(COHORT, told, strict=True))).astype({"teaching_area": float}).reset_index()


def judged(schools: pd.DataFrame) -> dict[str, list[object]]:
    """Return, for each county, its verdict on B1-B7 and its cohort."""
    schools = schools.astype({name: float for name in schools.columns if name.endswith(("area", "value", "rooms"))})
    sections = judged_sections(schools)
    sample = sections[sections["in_sample"]]
    _, _, cvs = spreads(sections)
    wide = (cvs.gt([LIMITS[stage] for stage in cvs.index.get_level_values(1)], axis=0)).any(axis=1)
    failed = (sample["verdict"] == "fail").groupby(sample["county_code"]).any() | wide.groupby(level=0).any()
    cohort = schools.groupby("county_code")[COHORT].sum().astype("int64")
    return {code: ["fail" if failed[code] else "pass", *cohort.loc[code].tolist()] for code in cohort.index}


PROGRAMS: Mapping[str, Callable[[str], pd.DataFrame]] = {"polars": by_polars, "pandas": by_pandas}

if __name__ == "__main__":
    json.dump(judged(PROGRAMS[sys.argv[1]](sys.argv[2])), sys.stdout)
