"""Every single small damage of a SQL text, made on its syntax tree: one operator, number, filter or join at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import sqlglot
from sqlglot import exp

DIALECT = "duckdb"
# Operators and functions that are exchanged for their neighbour.
NEIGHBOURS: Mapping[type[exp.Expression], type[exp.Expression]] = {
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
    exp.And: exp.Or,
    exp.Or: exp.And,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Greatest: exp.Least,
    exp.Least: exp.Greatest,
}
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged text; `change` says what was done, and is told apart from every other change of the text."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What to do to one node of a copy; `shown` is what is told of it, where that is not the node before and after."""

    do: Callable[[exp.Expression], object]
    shown: str = ""


def pieces(statement: str) -> list[str]:
    """Return the SELECTs that a statement puts together by UNION ALL."""
    return [select.sql(DIALECT) for select in _selects(sqlglot.parse_one(statement, read=DIALECT))]


def _selects(tree: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(tree, exp.Union):
        yield from _selects(tree.left)
        yield from _selects(tree.right)
    else:
        yield tree


def damages(text: str) -> Iterator[Damage]:
    """Yield every damage of a SELECT once; a text that comes out as it was is none."""
    tree = sqlglot.parse_one(text, read=DIALECT)
    seen, counted = {tree.sql(DIALECT)}, Counter[str]()
    for at, node in enumerate(tree.walk()):
        for deed in _deeds(node):
            change, damaged = _damaged(tree, at, deed)
            if damaged not in seen:
                seen.add(damaged)
                counted[change] += 1
                yield Damage(change if counted[change] == 1 else f"{change} #{counted[change]}", damaged)


def _damaged(tree: exp.Expression, at: int, deed: Deed) -> tuple[str, str]:
    """Do the deed to the node at a place in the walk over a copy; return what changed, and the new text."""
    twin = tree.copy()
    node = next(one for number, one in enumerate(twin.walk()) if number == at)
    around = node.parent if isinstance(node, exp.Literal) else node
    holder, key, index, before = around.parent, around.arg_key, around.index, _sql(around)
    deed.do(node)
    slot = holder.args.get(key)
    after = slot[index] if isinstance(slot, list) and index is not None else slot
    return deed.shown or f"{before} → {_sql(after) if after else NOTHING}", twin.sql(DIALECT)


def _sql(node: exp.Expression) -> str:
    return " ".join(node.sql(DIALECT).split())


def _deeds(node: exp.Expression) -> Iterator[Deed]:
    """Yield what can be done to one node."""
    if other := NEIGHBOURS.get(type(node)):
        yield Deed(partial(_exchange, other))
    if isinstance(node, exp.Literal) and not node.is_string and not _idle(node):
        yield Deed(lambda one: one.replace(exp.Literal.number(int(one.this) + 1)))
        yield Deed(lambda one: one.replace(exp.Literal.number(int(one.this) - 1)))
    if isinstance(node, exp.Coalesce | exp.Nullif | exp.Not | exp.Abs):
        yield Deed(lambda one: one.replace(one.this))
    if isinstance(node, exp.Where | exp.Having | exp.Distinct):
        yield Deed(lambda one: one.pop(), f"{_sql(node)} → {NOTHING}")
    if isinstance(node, exp.Join):
        yield from _join_deeds(node)
    if isinstance(node, exp.And) and node.find_ancestor(exp.Where, exp.Join, exp.Having, exp.Select).key != "select":
        yield Deed(lambda one: one.replace(one.left))
        yield Deed(lambda one: one.replace(one.right))
    if isinstance(node, exp.Case):
        yield from _case_deeds(node)


def _idle(number: exp.Literal) -> bool:
    """Whether a number cannot matter: the digits of a type, and what COUNT counts, whatever it is."""
    counted = number.find_ancestor(exp.Count, exp.Select)
    return isinstance(number.parent, exp.DataTypeParam) or (
        isinstance(number.parent, exp.If) and number.arg_key == "true" and isinstance(counted, exp.Count)
    )


def _exchange(other: type[exp.Expression], node: exp.Expression) -> None:
    """Put `other` in the place of a node, with the same operands; parentheses keep AND and OR as they were grouped."""
    kept = {key: value for key, value in node.args.items() if key in {"this", "expression", "expressions"}}
    if isinstance(node, exp.Connector):
        kept = {key: exp.paren(one) if isinstance(one, exp.Connector) else one for key, one in kept.items()}
        node.replace(exp.paren(other(**kept)))
    else:
        node.replace(other(**kept))


def _join_deeds(join: exp.Join) -> Iterator[Deed]:
    if join.side == "LEFT":
        yield Deed(lambda one: one.set("side", None))
    elif join.args.get("on"):
        yield Deed(lambda one: one.set("side", "LEFT"))


def _case_deeds(case: exp.Case) -> Iterator[Deed]:
    """Yield each branch dropped; of a CASE with one branch, the question is asked no more."""
    branches = case.args["ifs"]
    for at, branch in enumerate(branches):
        shown = f"WHEN {_sql(branch.this)} THEN {_sql(branch.args['true'])}"
        if len(branches) == 1:
            yield Deed(lambda one: one.replace(one.args["ifs"][0].args["true"]), f"{shown} → always")
        else:
            yield Deed(partial(lambda at, one: one.args["ifs"][at].pop(), at), f"{shown} → {NOTHING}")
    if case.args.get("default"):
        yield Deed(lambda one: one.set("default", None), f"ELSE {_sql(case.args['default'])} → {NOTHING}")
