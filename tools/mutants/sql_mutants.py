"""The mutants of the engine's SQL: every small damage of every SELECT of the pipeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from judge import Bench, Stage
from sql_damage import DIALECT, damages

# What tells the SELECTs of one statement apart, where they say it of their rows.
LABELS = ("stage", "indicator", "requirement", "part")


@dataclass(frozen=True, slots=True)
class SqlMutant:
    """One damage. Where the rules of several days give a SELECT several texts, it is done to all that allow it."""

    name: str
    statement: str
    harmed: dict[str, str]

    def noticed_by(self, bench: Bench, first: list[Stage]) -> tuple[str, Stage | None]:
        """Return how a committed test notices the damage ("" if none does), and the first world in which it does."""
        for stage in first:
            for piece in stage.pieces[self.statement]:
                if piece in self.harmed and (
                    how := bench.notices_piece(stage, self.statement, piece, self.harmed[piece])
                ):
                    return how, stage
        return "", None


def sql_mutants(bench: Bench) -> Iterator[SqlMutant]:
    """Yield every mutant of the texts that stand in any of the bench's worlds."""
    for statement, texts in _texts(bench).items():
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for piece in texts:
            label = _label(piece)
            for damage in damages(piece):
                found[f"{statement}{label}: {damage.change}"][piece] = damage.text
        yield from (SqlMutant(name, statement, harmed) for name, harmed in found.items())


def _texts(bench: Bench) -> dict[str, list[str]]:
    """Return the different SELECTs of each statement."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for stage in bench.stages:
        for statement, texts in stage.pieces.items():
            found[statement] |= dict.fromkeys(texts)
    return {statement: list(texts) for statement, texts in found.items()}


def _label(piece: str) -> str:
    """Return what a SELECT says of every row: which stage, indicator, requirement or part it is about."""
    columns = sqlglot.parse_one(piece, read=DIALECT).expressions
    said = {one.alias: one.this.name for one in columns if isinstance(one.unalias(), exp.Literal)}
    words = [said[name] for name in LABELS if said.get(name)]
    return f" {'/'.join(words)}" if words else ""
