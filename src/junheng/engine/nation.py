"""A nation judged without leaving the engine: facts in files, a row for every county, only what changed judged anew.

The statements are those that judge one county. Counties are put together from counts and spreads, not from schools;
what doubles do not decide is decided with fractions, as for one county. Spreads that are shown are summed county by
county in one order, so that they are the same to the last bit whoever is judged beside them, on either engine.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from junheng.engine import pipeline
from junheng.engine.asked import items_table
from junheng.engine.county import ENGINE_VERSION
from junheng.engine.deciding import Decided, decided, exact, undecidable
from junheng.engine.judging import statuses_by
from junheng.engine.result import worst
from junheng.engine.stages import sure_verdict
from junheng.facts.model import arrow_schema
from junheng.facts.problems import unusable
from junheng.facts.schema import MEASURES, STAGES, TABLES
from junheng.rosters.records.keeping import Keeper, alone, read_table, signature, telling_of_the_disk
from junheng.rosters.records.manifest import MANIFEST
from junheng.rosters.records.reading import refusing
from junheng.sql import EngineMissing
from junheng.sql.files import FileSession, Means, open_files
from junheng.sql.threads import in_threads
from junheng.standard import load as rule_book
from junheng.standard.model import Rules, Standard

# So many schools are judged at once: more would hold more memory and be no faster.
SCHOOLS_AT_ONCE = 20_000
# Of fewer than these to look for better plans takes longer than it saves.
FEW_SCHOOLS = 2_000
READ = ("schools", "classes", "rooms")
# What the statement after it alone reads goes into it row by row; a nation would only fill its memory with it.
PASSED_ON = ("amounts", "asked_rows", "requirement_rows")
WORD = re.compile(r"\w+")
KEPT = "nation"
Row = dict[str, Any]
Told = Callable[[str, int, int], None]
Key = tuple[str, str, str]
KEY = ["county_code", "stage", "indicator"]


@dataclass(frozen=True, slots=True)
class Part:
    """A folder of facts among a nation's, with what tells it from the same folder with other facts."""

    name: str
    folder: Path
    signature: str


def assess_nation(
    facts: Path,
    standard: Standard,
    as_of: dt.date | None = None,
    *,
    engine: str = "duckdb",
    means: Means | None = None,
    session: FileSession | None = None,
    manifest: Mapping[str, Any] | None = None,
    told: Told | None = None,
) -> pa.Table:
    """Return a row for every county of the facts that `junheng aggregate` wrote, in the order of their codes.

    Counties whose facts, rules and day are those of an earlier run are not judged again. A program that stays may
    lend a `session`, beside which a single piece is judged, and the manifest that it has just written. Raises
    `Unusable` where the folder is not finished, or not of Parquet files.
    """
    manifest = manifest or _manifest(facts)
    rules = _rules(standard, as_of or dt.date(manifest["year"], 9, 1))
    parts = list(_parts(facts, manifest, signature(ENGINE_VERSION, _rule_book(), standard.id, str(rules.day))))
    keeper = Keeper(facts)
    kept, known = keeper.table(KEPT), keeper.read(KEPT) or {}
    same = {one.name for one in parts if kept is not None and known.get(one.name) == one.signature}
    stale = [one for one in parts if one.name not in same]
    judged = [_of_parts(kept, same)] if kept is not None and same else []
    about = {"standard": standard.id, "as_of": str(rules.day)}
    if not stale and len(known) == len(parts):
        return _together(judged, about)
    with telling_of_the_disk(facts), alone(facts):
        judged += _judged(stale, rules, Engine(engine, means or Means(), session), told)
        table = _together(judged, about)
        # Whoever is stopped between the two judges anew: signatures of before do not tell what these rows are of.
        keeper.write(KEPT, None)
        keeper.keep_table(KEPT, table)
        keeper.write(KEPT, {one.name: one.signature for one in parts})
    return table


def _together(judged: Sequence[pa.Table], about: Mapping[str, str]) -> pa.Table:
    return pa.concat_tables(judged).sort_by([("county_code", "ascending")]).replace_schema_metadata(about)


def _manifest(facts: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((facts / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        remedy = "请先运行 junheng aggregate；别的数据文件夹请用 junheng assess --all"
        raise unusable(str(facts), "不是 junheng aggregate 写完的数据文件夹", remedy) from error
    return found


def _rules(standard: Standard, day: dt.date) -> Rules:
    try:
        return standard.on(day)
    except ValueError as error:
        raise unusable("--as-of", str(error), "请改用施行之后的日期", value=str(day)) from error


@cache
def _rule_book() -> str:
    files = sorted((Path(rule_book.__file__).parent / "rules").rglob("*.yaml"))
    return signature([file.read_text(encoding="utf-8") for file in files])


def _parts(facts: Path, manifest: Mapping[str, Any], by: str) -> Iterator[Part]:
    for name, outputs in manifest["outputs"].items():
        folder = facts / name
        if "schools.parquet" not in outputs:
            raise unusable(str(folder), "数据不是 Parquet 文件", "请用 --format parquet 再运行 junheng aggregate")
        yield Part(name, folder, signature(by, outputs))


def _rows(file: Path) -> int:
    try:
        return int(pq.read_metadata(file).num_rows)
    except (OSError, pa.ArrowException) as error:
        raise unusable(str(file), f"文件读不出来，可能已损坏（{error}）", "请重新运行 junheng aggregate") from error


def _of_parts(table: pa.Table, parts: set[str]) -> pa.Table:
    return table.filter(pc.is_in(table["part"], pa.array(sorted(parts))))


@dataclass(frozen=True, slots=True)
class Engine:
    """By what it is judged: an engine within its means, or beside the session that is lent by a program that stays."""

    name: str
    means: Means
    lent: FileSession | None = None

    def pieces(self, batches: int) -> int:
        """Return how many of so many batches are judged beside each other."""
        return min(batches, self.means.pieces_at_once(self.name))

    def open(self, pieces: int) -> FileSession:
        """Return a session for so many pieces. Raises `Unusable` where the engine is not there."""
        if self.lent and pieces == 1:
            return self.lent.beside()
        try:
            # Beside each other each has enough with one thread: to share small statements out takes a quarter more.
            return open_files(self.name, self.means if pieces == 1 else replace(self.means, threads=1))
        except EngineMissing as error:
            remedy = "请安装 junheng 的 spark 组件和 Java 17，或改用 duckdb，结论相同"
            reason = f"用不了这个引擎（{str(error).splitlines()[0]}）"
            raise unusable("--engine", reason, remedy, value=self.name) from error


def _judged(parts: Sequence[Part], rules: Rules, engine: Engine, told: Told | None) -> list[pa.Table]:
    if not parts:
        return []
    batches, found = list(_batches(parts)), []
    pieces = engine.pieces(len(batches))
    spare = engine.pieces(len(HALVES)) > pieces
    with engine.open(pieces) as session:
        judged = in_threads(lambda batch: _judged_beside(session, batch, rules, spare=spare), batches, pieces)
        for done, table in enumerate(judged, 1):
            found.append(table)
            if told:
                told("判定", done, len(batches))
    return found


def _judged_beside(session: FileSession, parts: Sequence[Part], rules: Rules, *, spare: bool) -> pa.Table:
    """Return the rows of some parts. To plan a small one's statements takes longest, so the halves share it out."""
    files = [one.folder / "schools.parquet" for one in parts]
    small = len(parts) == 1 and _rows(files[0]) < FEW_SCHOOLS
    with ExitStack() as opened, refusing(files):
        sessions = [opened.enter_context(session.beside(small=small)) for _ in HALVES[: 1 + (small and spare)]]
        return judge(sessions, parts, rules)


def _batches(parts: Sequence[Part]) -> Iterator[list[Part]]:
    batch: list[Part] = []
    held = 0
    for part in parts:
        schools = _rows(part.folder / "schools.parquet")
        if batch and held + schools > SCHOOLS_AT_ONCE:
            yield batch
            batch, held = [], 0
        batch.append(part)
        held += schools
    yield batch


def judge(sessions: Sequence[FileSession], parts: Sequence[Part], rules: Rules) -> pa.Table:
    """Return the rows of the counties of some parts; two sessions do half of it each. A county must stand in one."""
    found: dict[str, Any] = {}
    work = list(zip(sessions, _halves(rules, len(sessions)), strict=True))
    for half in in_threads(lambda own: _asked(own[0], parts, rules, own[1]), work, len(work)):
        found |= half
    counties = {row["county_code"]: row for row in found["counties"].to_pylist()}
    _refuse_split(counties.values())
    values, own, statuses = _values(found["values"]), _of_schools(parts), statuses_by(rules)
    rows = {name: _by_county(found[name]) for name in ("sections", "parts")}
    answers = [
        _county(row, {name: one[code] for name, one in rows.items()}, found["decided"][code], values, rules, statuses)
        for code, row in counties.items()
    ]
    for one in answers:
        one["part"] = own[one["county_code"]]
    return pa.Table.from_pylist(answers, schema(rules))


def _halves(rules: Rules, sessions: int) -> Sequence[pipeline.Half]:
    """Return the engine's statements with what is asked of a nation, in as many halves as there are sessions."""
    halves = [replace(one, answers=asked) for one, asked in zip(pipeline.halves(rules), HALVES, strict=True)]
    if len(halves) == sessions:
        return halves
    first, second = halves
    return [pipeline.Half({**first.statements, **second.statements}, {**first.answers, **second.answers})]


def _asked(session: FileSession, parts: Sequence[Part], rules: Rules, half: pipeline.Half) -> dict[str, Any]:
    """Return the answers of a half, and of the resources' how each spread stands to its limit."""
    _define(session, parts, rules, half)
    found: dict[str, Any] = {name: session.fetch(statement) for name, statement in half.answers.items()}
    if "spreads" in found:
        found["decided"] = _spreads(session, _by_county(found["spreads"]), rules)
    return found


def _of_schools(parts: Sequence[Part]) -> dict[str, str]:
    """Return in which part each county stands."""
    found: dict[str, str] = {}
    for part in parts:
        codes = read_table(part.folder / "schools.parquet", ["county_code"])["county_code"].unique()
        for code in codes.to_pylist():
            if found.setdefault(code, part.name) != part.name:
                raise unusable(part.name, f"县 {code} 的学校分在两个分区里", "请把一个县放在一个分区里")
    return found


def _refuse_split(counties: Iterable[Row]) -> None:
    for row in counties:
        if row["codes"] < row["schools"]:
            raise unusable(row["county_code"], "有学校标识码出现两次", "请改正学校名册")


def _define(session: FileSession, parts: Sequence[Part], rules: Rules, half: pipeline.Half) -> None:
    statements = _passed_on(half.statements)
    asked = set(WORD.findall(" ".join([*statements.values(), *half.answers.values()])))
    for name in READ:
        _read(session, name, [file for part in parts if (file := part.folder / f"{name}.parquet").is_file()], asked)
    session.register("judged", arrow_schema(TABLES["judged"]).empty_table())
    session.register("items", items_table({}))
    for name, table in pipeline.rule_tables(rules).items():
        session.register(name, table)
    for name, statement in statements.items():
        session.define(name, statement)


def _passed_on(statements: Mapping[str, str]) -> dict[str, str]:
    """Return the statements with those that one alone reads standing in it: as a view each would be planned twice."""
    kept: dict[str, str] = {}
    within: list[str] = []
    for name, statement in statements.items():
        if name in PASSED_ON:
            within.append(f"{name} AS ({statement})")
        else:
            kept[name] = f"WITH {', '.join(within)} {statement}" if within else statement
            within = []
    return kept


def _read(session: FileSession, name: str, files: Sequence[Path], asked: Collection[str]) -> None:
    """Make a table of facts readable in the smallest units, which files have in written ones.

    Of its columns those that are `asked`: the others would be decoded for nobody.
    """
    if not files:
        session.register(name, arrow_schema(TABLES[name]).empty_table())
        return
    session.read(f"written_{name}", files)
    own = (one for one in TABLES[name].columns if one.name in asked)
    columns = ", ".join(_kept(one.name, one.measure.scale if one.kind in MEASURES else 1) for one in own)
    session.view(name, f"SELECT {columns} FROM written_{name}")


def _kept(name: str, scale: int) -> str:
    return name if scale == 1 else f"CAST({name} * {scale} AS BIGINT) AS {name}"


COUNTIES = """SELECT county_code, max(county_name) AS county_name, count(*) AS schools,
        count(DISTINCT school_code) AS codes,
        sum(entry_grade7) AS entered, sum(graduates) AS graduates, sum(transfers_in) AS transfers_in,
        sum(transfers_out) AS transfers_out, sum(deaths) AS deaths, sum(migrant_pupils) AS migrants
    FROM campuses GROUP BY county_code ORDER BY county_code"""
# What a spread is summed from, in one order: the sample's sections.
VALUES = """SELECT county_code, stage, indicator, pupils, value FROM measures WHERE in_sample
    ORDER BY county_code, stage, indicator, school_code"""
SECTIONS = """SELECT sections.county_code, sections.stage, in_sample, verdict, count(*) AS sections,
        sum(pupils) AS pupils
    FROM sections JOIN verdicts ON verdicts.county_code = sections.county_code
        AND verdicts.school_code = sections.school_code AND verdicts.stage = sections.stage
    GROUP BY sections.county_code, sections.stage, in_sample, verdict"""
# What is asked of a nation, by the engine's halves.
HALVES = (
    {"sections": SECTIONS, "spreads": "SELECT * FROM spreads", "values": VALUES},
    {"counties": COUNTIES, "parts": "SELECT * FROM requirement_parts"},
)


def _by_county(table: pa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["county_code"]].append(row)
    return found


def _spreads(
    session: FileSession, rows: Mapping[str, list[Row]], rules: Rules
) -> dict[str, dict[tuple[str, str], Decided]]:
    """Return, by county, how each spread stands to its limit."""
    open_rows = [row for own in rows.values() for row in own if _is_open(row, rules)]
    members = _members(session, {row["county_code"] for row in open_rows})
    found: dict[str, dict[tuple[str, str], Decided]] = defaultdict(dict)
    for code, own in rows.items():
        for row in own:
            key = (row["county_code"], row["stage"], row["indicator"])
            limit = rules.spread_limits[row["stage"]]
            found[code][row["stage"], row["indicator"]] = decided(row, limit, lambda key=key: exact(members[key]))  # type: ignore[misc]
    return found


def _is_open(row: Row, rules: Rules) -> bool:
    return bool(row["schools"] or row["possible"]) and undecidable(row, rules.spread_limits[row["stage"]])


def _members(session: FileSession, counties: set[str]) -> dict[Key, list[Row]]:
    """Return the rows of `measures` of a few counties, by county, stage and indicator."""
    found: dict[Key, list[Row]] = defaultdict(list)
    if counties:
        session.register("open_counties", pa.table({"open_code": sorted(counties)}))
        chosen = """SELECT county_code, stage, indicator, pupils, have, over, in_sample
            FROM measures JOIN open_counties ON open_code = county_code"""
        for row in session.fetch(chosen).to_pylist():
            found[row["county_code"], row["stage"], row["indicator"]].append(row)
    return found


def _values(table: pa.Table) -> dict[Key, tuple[float, float]]:
    """Return mean and CV of each spread that is whole, summed in the order of the rows."""
    if not len(table):
        return {}
    starts = _starts(table.select(KEY))
    # As numbers of Python: for an array of numpy's, pyarrow first loads all of `numpy.ma`, a tenth of a small run.
    firsts = pa.array(starts.tolist())
    keys = zip(*(table[name].take(firsts).to_pylist() for name in KEY), strict=True)
    pupils = table["pupils"].cast(pa.float64()).to_numpy()
    value = table["value"].to_numpy()
    heads, resource = (np.add.reduceat(one, starts) for one in (pupils, pupils * value))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = resource / heads
        apart = value - np.repeat(mean, np.diff([*starts, len(table)]))
        cv = np.sqrt(np.add.reduceat(pupils * apart * apart, starts) / heads) / mean
    return {key: (float(m), float(c)) for key, m, c in zip(keys, mean, cv, strict=True)}


def _starts(keys: pa.Table) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return at which rows of an ordered table another key begins."""
    before, after = keys.slice(0, len(keys) - 1), keys.slice(1)
    other = [pc.not_equal(before[name], after[name]).to_numpy() for name in keys.column_names]
    return np.concatenate([[0], np.flatnonzero(np.logical_or.reduce(other)) + 1])


def _county(
    row: Row,
    rows: Mapping[str, list[Row]],
    spreads: Mapping[tuple[str, str], Decided],
    values: Mapping[Key, tuple[float, float]],
    rules: Rules,
    statuses: Callable[[Iterable[Row]], dict[str, str]],
) -> Row:
    stages = {stage: _stage(stage, rows["sections"], spreads, rules) for stage in STAGES}
    resources = worst([one["verdict"] for one in stages.values()])
    required = statuses(rows["parts"])
    found = {name: row[name] for name in ("county_code", "county_name", "schools")}
    found |= {"verdict": worst([resources, *required.values()]), "resources": resources}
    found |= {f"{stage}_{name}": told for stage, one in stages.items() for name, told in one.items()}
    for stage in STAGES:
        for id in rules.indicators:
            found |= _spread(stage, id, spreads.get((stage, id)), values.get((row["county_code"], stage, id)))
    return found | required | _retention(row, rows["parts"])


def _stage(stage: str, sections: Iterable[Row], spreads: Mapping[tuple[str, str], Decided], rules: Rules) -> Row:
    sample = [one for one in sections if one["stage"] == stage and one["in_sample"] is not False]
    certain = [one for one in sample if one["in_sample"]]
    own = [spreads.get((stage, id), NONE) for id in rules.indicators]
    verdicts = [sure_verdict(SimpleNamespace(**one)) for one in sample]  # type: ignore[arg-type]
    return {
        "verdict": worst([*verdicts, *(one.status for one in own)]),
        "sections": sum(one["sections"] for one in certain),
        "passed": sum(one["sections"] for one in certain if one["verdict"] == "pass"),
        "pupils": int(sum(one["pupils"] or 0 for one in certain)),
    }


NONE = Decided("undetermined", "no_schools")


def _spread(stage: str, id: str, found: Decided | None, value: tuple[float, float] | None) -> Row:
    whole = found is not None and found.reason is None and value is not None
    return {
        f"{stage}_{id}_status": found.status if found else NONE.status,
        f"{stage}_{id}_mean": value[0] if whole and value else None,
        f"{stage}_{id}_cv": value[1] if whole and value else None,
    }


RETENTION = ("entered", "graduates", "transfers_in", "transfers_out", "deaths", "migrants")


def _retention(row: Row, parts: Iterable[Row]) -> Row:
    """Return the cohort's counts, and retention by each formula that the rule book knows, exact until the division."""
    found: Row = {name: None if row[name] is None else int(row[name]) for name in RETENTION}
    for one in parts:
        if one["requirement"] == "B23" and not one["missing"] and one["bottom"]:
            found[f"B23_{one['part']}"] = float(Fraction(int(one["top"]), int(one["bottom"])))
    entered = found["entered"]
    if entered:
        stayed = found["graduates"] - found["transfers_in"] + found["transfers_out"]
        found["linked_retention"] = float(Fraction(stayed, entered))
    return found


def schema(rules: Rules) -> pa.Schema:
    """Return the columns of a nation's table."""
    text, whole, real = pa.string(), pa.int64(), pa.float64()
    columns = [("part", text), ("county_code", text), ("county_name", text), ("schools", whole)]
    columns += [("verdict", text), ("resources", text)]
    for stage in STAGES:
        columns += [
            (f"{stage}_verdict", text),
            *((f"{stage}_{name}", whole) for name in ("sections", "passed", "pupils")),
        ]
        for id in rules.indicators:
            columns += [(f"{stage}_{id}_status", text), (f"{stage}_{id}_mean", real), (f"{stage}_{id}_cv", real)]
    columns += [(id, text) for id in rules.requirements]
    columns += [(name, whole) for name in RETENTION]
    kept = rules.requirements["B23"].every_part if "B23" in rules.requirements else ()
    return pa.schema([*columns, *((f"B23_{one.id}", real) for one in kept), ("linked_retention", real)])
