"""Reading one YAML file, or what is kept of one, key by key: each miss is refused with file, key and remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Set
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml

from junheng.facts.problems import Problem, Unusable

T = TypeVar("T")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML whose decimals stay exact and whose keys may not stand twice."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key in {key for key in keys if keys.count(key) > 1}:
        raise yaml.constructor.ConstructorError(None, None, f"键 {key} 出现两次", node.start_mark)
    return dict(loader.construct_mapping(node, deep=True))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class Node:
    """A mapping in a rule file, with the path of keys that leads to it."""

    def __init__(self, file: str, values: object, path: tuple[str, ...] = ()) -> None:
        self.file = file
        self.path = path
        if not isinstance(values, dict):
            raise self.refusal(None, "应当是一组键值", "请写成 键: 值 的形式")
        self.values: dict[Any, Any] = values

    def refusal(self, key: object | None, reason: str, remedy: str) -> Unusable:
        """Return the error that names this file and the full key."""
        path = [*self.path, *([] if key is None else [str(key)])]
        return Unusable([Problem(self.file, reason, remedy, column=".".join(path) or None)])

    def get(self, key: str, kind: type[T], what: str, default: T | None = None) -> T:
        """Return the value under `key`, refusing another type; `default` stands for an absent key."""
        if key not in self.values:
            if default is None:
                raise self.refusal(key, "缺少这个键", f"请补上，应当是{what}")
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.refusal(key, f"值 {value!r} 的类型不对", f"应当是{what}")
        return value

    def text(self, key: str) -> str:
        """Return the text under `key`."""
        return self.get(key, str, "文字")

    def integer(self, key: str, least: int = 0) -> int:
        """Return the whole number under `key`, at least `least`."""
        value = self.get(key, int, "整数")
        if value < least:
            raise self.refusal(key, f"值 {value} 太小", f"不能小于 {least}")
        return value

    def number(self, key: str, *, least: int | None = None) -> Decimal:
        """Return the exact number under `key`: positive, or not below `least` where that is given."""
        value = self.values.get(key)
        exact = Decimal(self.get(key, int, "数")) if isinstance(value, int) else self.get(key, Decimal, "数")
        if least is not None and exact >= least:
            return exact
        if exact <= 0:
            raise self.refusal(key, f"值 {value} 太小", "应当大于 0")
        return exact

    def day(self, key: str) -> dt.date:
        """Return the date under `key`."""
        return self.get(key, dt.date, "日期，如 2017-04-19")

    def one_of(self, key: str, choices: Set[str] | Mapping[str, object]) -> str:
        """Return the text under `key`, one of `choices`."""
        value = self.text(key)
        if value not in choices:
            raise self.refusal(key, f"不认识 {value!r}", f"应当是 {'、'.join(sorted(choices))} 之一")
        return value

    def node(self, key: str) -> Node:
        """Return the mapping under `key`."""
        return self.child(key, self.get(key, dict, "一组键值"))

    def texts(self, key: str) -> list[str]:
        """Return the list of texts under `key`; an absent key is an empty list."""
        values = self.get(key, list, "列表", default=[])
        for value in values:
            if not isinstance(value, str):
                raise self.refusal(key, f"值 {value!r} 的类型不对", "应当是一列文字")
        return values

    def nodes(self, key: str) -> list[Node]:
        """Return the list of mappings under `key`; an absent key is an empty list."""
        values = self.get(key, list, "列表", default=[])
        return [self.child(f"{key}[{at}]", value) for at, value in enumerate(values)]

    def children(self) -> Iterator[tuple[Any, Node]]:
        """Yield each key with the mapping under it."""
        for key, value in self.values.items():
            yield key, self.child(key, value)

    def child(self, key: object, values: object) -> Node:
        """Return a node below this one."""
        return Node(self.file, values, (*self.path, str(key)))

    def only(self, *keys: str) -> None:
        """Refuse any key but `keys`: a mistyped key must not pass in silence."""
        for key in self.values:
            if key not in keys:
                raise self.refusal(key, "不认识这个键", f"请删去或改为 {'、'.join(keys)} 之一")


def read_node(file: Path, name: str) -> Node:
    """Return the top mapping of the YAML at `file`; `name` is how errors call the file."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable([Problem(name, f"文件读不出来（{error}）", "请检查文件是否存在、编码是否为 UTF-8")]) from error
    return node_of(text, name)


def node_of(text: str, name: str, *, references: bool = True) -> Node:
    """Return the top mapping of a YAML text; `name` is how errors call it. Raises `Unusable` for any other text.

    Without `references` an alias (`*name`) is refused, as in a text from outside.
    """
    try:
        if not references and any(isinstance(one, yaml.AliasEvent) for one in yaml.parse(text, Loader=_Loader)):
            raise Unusable([Problem(name, "里面有引用（*名称）", "请把引用的内容原样写出来")])
        values = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        raise Unusable([Problem(name, f"不是合格的 YAML（{error}）", "请按行号改正")]) from error
    # A date that is none, a key that is a list, brackets without end: what makes no value is no better than no YAML.
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise Unusable([Problem(name, f"有读不成值的地方（{error}）", "请改成文字、整数或一列文字")]) from error
    return Node(name, values)


def collect(readings: list[Callable[[], T]]) -> list[T]:
    """Run every reading; raise one `Unusable` with all their problems, or return their results."""
    results: list[T] = []
    problems: list[Problem] = []
    for reading in readings:
        try:
            results.append(reading())
        except Unusable as error:
            problems += error.problems
    if problems:
        raise Unusable(problems)
    return results
