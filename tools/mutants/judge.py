"""Whether a mutant is noticed: the pipeline with one part replaced, run again only from there on, world by world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from junheng.engine import pipeline
from junheng.engine.asked import asked
from junheng.engine.assess import _inputs
from junheng.engine.county import answer
from junheng.engine.result import Assessment
from junheng.standard.model import Rules, Standard
from sql_damage import DIALECT, pieces
from worlds import World

ANSWER = "answer_"
Rows = dict[str, list[dict[str, Any]]]
# The columns of an answer that Python reads, where there are others; one too few, and the unharmed engine fails here.
READ = {f"{ANSWER}open_rows": ["county_code", "requirement", "part", "state", "school_code", "subject"]}


@dataclass(slots=True)
class Stage:
    """A world made ready: its tables stand in a schema of the database, with the answers of the unharmed engine."""

    world: World
    schema: str
    rules: Rules
    statements: Mapping[str, str]
    pieces: Mapping[str, list[str]]
    names: Mapping[str, str] = field(default_factory=dict)
    tables: dict[str, pa.Table] = field(default_factory=dict, repr=False)
    by_piece: dict[str, pa.Table] = field(default_factory=dict, repr=False)
    counties: dict[str, Rows] = field(default_factory=dict, repr=False)
    unharmed: dict[str, Assessment] = field(default_factory=dict, repr=False)


def all_statements(rules: Rules) -> dict[str, str]:
    """Return the pipeline's statements, then those that fetch its answers."""
    return pipeline.statements(rules) | {f"{ANSWER}{name}": sql for name, sql in pipeline.ANSWERS.items()}


class Bench:
    """All worlds, ready to judge mutants."""

    def __init__(self, worlds: list[World], standard: Standard) -> None:
        self._sql = duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": False})
        self._sql.execute("CREATE SCHEMA harmed")
        self._at = ""
        self._split: set[str] = set()
        self.stages = [self._ready(f"w{at}", world, standard) for at, world in enumerate(worlds)]

    def _ready(self, schema: str, world: World, standard: Standard) -> Stage:
        rules = standard.on(world.day)
        statements = all_statements(rules)
        split = {name: _pieces(sql) for name, sql in statements.items()}
        stage = Stage(world, schema, rules, statements, split, world.facts.counties)
        self._sql.execute(f"CREATE SCHEMA {schema}")
        stage.tables = {**_inputs(world.facts), **pipeline.rule_tables(rules)}
        for name, table in stage.tables.items():
            self._keep(f"{schema}.{name}", table)
        self._go_to(stage)
        for name in statements:
            self._define(stage, name)
        stage.counties = _by_county(stage, stage.tables)
        stage.unharmed = {code: _answer(stage, rules, code, rows) for code, rows in stage.counties.items()}
        if any(world.noticed[code](one) for code, one in stage.unharmed.items()):
            raise AssertionError(f"{world.name}: the unharmed engine is noticed")
        return stage

    def _keep(self, name: str, table: pa.Table) -> None:
        self._sql.register("arriving", table)
        self._sql.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
        self._sql.unregister("arriving")

    def _define(self, stage: Stage, name: str) -> None:
        """Compute a statement and keep what it gives; the first time, see that its pieces give the same."""
        whole = self._fetch(stage.statements[name])
        if stage.statements[name] not in self._split:
            parts = _together([self._unharmed(stage, piece) for piece in stage.pieces[name]])
            if whole != parts.cast(whole.schema):
                raise AssertionError(f"{name}: its pieces are not the whole")
            self._split.add(stage.statements[name])
        stage.tables[name] = whole
        self._keep(f"{stage.schema}.{name}", whole)

    def _unharmed(self, stage: Stage, piece: str) -> pa.Table:
        if piece not in stage.by_piece:
            stage.by_piece[piece] = self._fetch(piece)
        return stage.by_piece[piece]

    def _clear(self) -> None:
        """Drop the tables of the last mutant; the schema stays, since dropping it would reset the search path."""
        for (name,) in self._sql.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'harmed'"
        ).fetchall():
            self._sql.execute(f"DROP TABLE harmed.{name}")

    def _fetch(self, sql: str) -> pa.Table:
        return self._sql.sql(sql).to_arrow_table()

    def _go_to(self, stage: Stage) -> None:
        if self._at != stage.schema:
            self._sql.execute(f"SET search_path = 'harmed,{stage.schema}'")
            self._at = stage.schema

    def notices_piece(self, stage: Stage, name: str, piece: str, harmed: str) -> str:
        """Return how a committed test notices that a SELECT of the statement `name` is `harmed`; "" if none does."""
        self._go_to(stage)
        try:
            given = self._fetch(harmed)
            if given == self._unharmed(stage, piece):
                return ""
            parts = [given if one == piece else self._unharmed(stage, one) for one in stage.pieces[name]]
            return self._notices(stage, {name: _together(parts)}, stage.rules)
        except (duckdb.Error, pa.ArrowException) as error:
            return f"does not run: {type(error).__name__}"

    def notices_rules(self, stage: Stage, standard: Standard) -> str:
        """Return how a committed test notices that another rule book is in force; "" if none does."""
        self._go_to(stage)
        try:
            rules = standard.on(stage.world.day)
            tables = {name: table for name, table in pipeline.rule_tables(rules).items() if table != stage.tables[name]}
            texts = {k: sql for k, sql in all_statements(rules).items() if sql != stage.statements.get(k)}
            if not tables and not texts and _in_force(rules) == _in_force(stage.rules):
                return ""
            return self._notices(stage, {**tables, **texts}, rules)
        except (duckdb.Error, ValueError) as error:
            return f"does not run: {type(error).__name__}"

    def _notices(self, stage: Stage, changed: Mapping[str, pa.Table | str], rules: Rules) -> str:
        """Put what changed in the place of what was, compute whatever reads it, and compare the counties' answers."""
        now = dict(stage.tables)
        try:
            for name, whole in {**changed, **all_statements(rules)}.items():
                if name in changed or any(now[read] is not stage.tables[read] for read in _read_by(whole)):
                    given = changed.get(name, whole)
                    table = self._fetch(given) if isinstance(given, str) else given
                    if table != stage.tables[name]:
                        now[name] = table
                        self._keep(f"harmed.{name}", table)
        finally:
            self._clear()
        for code, rows in _by_county(stage, now).items():
            changed_here = rules is not stage.rules or rows != stage.counties[code]
            if changed_here and _noticed(stage, rules, code, rows):
                return stage.world.name
        return ""


def _together(parts: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(parts, promote_options="permissive")


@cache
def _pieces(statement: str) -> list[str]:
    return pieces(statement)


@cache
def _read_by(statement: str) -> frozenset[str]:
    return frozenset(table.name for table in sqlglot.parse_one(statement, read=DIALECT).find_all(exp.Table))


def _by_county(stage: Stage, tables: Mapping[str, pa.Table]) -> dict[str, Rows]:
    """Return what an answer reads of every county about which a test says something; what did not change is kept."""
    found = {code: dict(stage.counties.get(code, {})) for code in stage.world.noticed}
    for name in ("schools", *stage.statements):
        if not (name == "schools" or name.startswith(ANSWER)):
            continue
        table, before = (_read(name, one[name]) for one in (tables, stage.tables))
        if stage.counties and table == before:
            continue
        short = name.removeprefix(ANSWER)
        for rows in found.values():
            rows[short] = []
        for row in table.to_pylist():
            if row["county_code"] in found:
                found[row["county_code"]][short].append(row)
    return found


def _read(name: str, table: pa.Table) -> pa.Table:
    return table.select(READ[name]) if name in READ else table


def _in_force(rules: Rules) -> tuple[Any, ...]:
    """Return what of the rules an answer is put together from, beside what the statements read."""
    parts = [(one.requirement.id, replace(one.part, lines={}, references={}), one.line) for one in asked(rules)]
    book = rules.standard
    return (
        (rules.thresholds, rules.spread_limits, book.floor, book.display, book.apportioning, book.school_types),
        ({id: clause.when for id, clause in rules.clauses.items()}, rules.indicators, parts),
    )


def _answer(stage: Stage, rules: Rules, code: str, rows: Rows) -> Assessment:
    return answer(code, stage.names.get(code, ""), rules, rows, stage.world.facts)


def _noticed(stage: Stage, rules: Rules, code: str, rows: Rows) -> bool:
    try:
        given = _answer(stage, rules, code, rows)
        return given != stage.unharmed.get(code) and stage.world.noticed[code](given)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return True
