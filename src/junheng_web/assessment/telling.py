"""A run as the pages speak of it: names, lines, units and labels from its own copy of the rules, never from code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from junheng import api as jh
from junheng_web.assessment import selectors
from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import Answer
from junheng_web.common.templatetags.components import STATUSES
from junheng_web.organisation.models import Area, OwnedOnce
from junheng_web.organisation.scopes import Scope

NONE = "—"
COUNTY = "county"
PERCENT = 100


class Unknown(LookupError):
    """Something that a run does not speak of: a page of it does not exist."""


@dataclass(frozen=True)
class Judged:
    """A run with its answer and its rules; `pinned` where the reader chose it, so that links lead to the same one."""

    county: Area
    run: Run
    answer: Answer
    book: Answer
    pinned: bool

    @property
    def rules(self) -> Answer:
        """The document; of an overlay, the one that it overlays."""
        return document(self.book)

    @property
    def floor_line(self) -> str:
        """What the line is called that the one indicator under its threshold must reach."""
        return floor_line(self.rules)

    @property
    def measured(self) -> list[str]:
        """The ids of the indicators with a value in each section, in the document's order."""
        return [*self.rules["indicators"]]

    def indicator(self, id: str) -> Answer:
        """Return what the rules say of an indicator or requirement. Raises Unknown."""
        found = self.rules["indicators"].get(id) or self.rules["requirements"].get(id)
        if found is None:
            raise Unknown(id)
        return found

    def name(self, id: str) -> str:
        """Return what an indicator is called."""
        return self.indicator(id)["name"]

    def stage(self, stage: str) -> str:
        """Return what a stage is called. Raises Unknown."""
        return known(self.rules["stages"], stage)

    def lines(self, id: str, stage: str) -> Answer:
        """Return threshold and floor of an indicator on the run's day."""
        return in_force(self.rules["indicators"][id]["lines"], self.answer["as_of"])[stage]

    def sections(self, stage: str) -> list[Answer]:
        """Return a stage's sections. Raises Unknown for no such stage."""
        self.stage(stage)
        return [one for one in self.answer["sections"] if one["stage"] == stage]

    @cached_property
    def schools(self) -> dict[str, str]:
        """The names of the schools by their codes."""
        return {one["school_code"]: school_name(one) for one in self.answer["sections"]}

    def outside(self, section: Answer) -> str:
        """Return why a section is not in the sample, in the rule book's words; empty where it is."""
        if section["in_sample"] is None:
            return "缺少的数据决定它是否纳入"
        return "" if section["in_sample"] else self.rules["exclusions"].get(section["excluded_because"], "")

    def value(self, cell: Answer) -> str:
        """Return a section's value as shown: rounded, but never so that it looks equal to a line that it misses."""
        if cell["value"] is None:
            return NONE
        return jh.shown_beside(cell["value"], cell["threshold"], self.rules["display"]["value_decimals"])

    def mean(self, value: float | None) -> str:
        """Return a mean or a deviation as shown."""
        return NONE if value is None else jh.shown(value, self.rules["display"]["value_decimals"])

    def spread(self, spread: Answer) -> str:
        """Return a spread as shown, or its bounds while a value is missing."""
        return spread_told(spread, self.rules["display"]["spread_decimals"])

    def limit(self, spread: Answer) -> str:
        """Return the limit of a spread as shown."""
        return jh.shown(spread["cv_limit"], self.rules["display"]["spread_decimals"])

    def unit(self, id: str) -> str:
        """Return the unit in which an indicator's resource is bought."""
        return self.rules["indicators"][id]["buying_unit"]

    def gap(self, id: str, cell: Answer) -> str:
        """Return what a section lacks of an indicator, in whole buying units, or what is missing to know."""
        if cell["missing"]:
            return f"缺：{jh.labels_told(cell['missing'])}"
        line = jh.line_told(cell["threshold"])
        if not cell["gap_to_threshold"]:
            return f"已达标准值 {line}"
        told = f"距标准值 {line} 还差 {cell['gap_to_threshold']:,} {self.unit(id)}"
        floor = cell["gap_to_floor"]
        if floor:
            return f"{told}；到 {self.floor_line}还差 {floor:,} {self.unit(id)}"
        return f"{told}；已到 {self.floor_line}"

    def place(self, scope: str) -> str:
        """Return where something is, in an officer's words: county, stage, or school with stage."""
        if scope == COUNTY:
            return "全县"
        stage, _, code = scope.partition(":")
        return f"{self.schools.get(code, code)}（{self.stage(stage)}）" if code else self.stage(stage)

    def url(self, name: str, *args: str, **query: str | None) -> str:
        """Return the address of a page of this run."""
        asked = {key: value for key, value in query.items() if value}
        return address(self.county, name, *args, **asked, **self.same)

    @property
    def rules_url(self) -> str:
        """Where the run's copy of the rules can be read."""
        return self.url("rules")

    @property
    def same(self) -> dict[str, str]:
        """What an address needs to stay with this run; nothing where it is the one shown anyway."""
        return {"run": self.run.code} if self.pinned else {}

    def page(self, id: str, stage: str = "") -> str:
        """Return the address of an indicator's page."""
        if id in self.rules["indicators"] and stage:
            return self.url("indicator_stage", id, stage)
        return self.url("indicator", id)


def judged(scope: Scope, county: Area, code: str = "") -> Judged | None:
    """Return the run that a page is about: the one with `code`, or else the newest; None where there is none.

    Raises Run.DoesNotExist for no such code.
    """
    run = selectors.run_by_code(scope, county, code) if code else selectors.latest_run(scope, county)
    return run and Judged(county, run, selectors.answer_of(run), selectors.rules_of(run), pinned=bool(code))


def document(book: Answer) -> Answer:
    """Return the document of a copy of the rules: that which an overlay overlays, or itself."""
    return book.get("document", book)


def floor_line(rules: Answer) -> str:
    """Return what the line below the threshold is called, from the share that the rules set."""
    return f"{jh.line_told(rules['pass_rule']['floor'] * PERCENT)}% 线"


def known(of: Mapping[str, Any], key: str) -> Any:
    """Return what stands under a key that came from outside. Raises Unknown."""
    if key not in of:
        raise Unknown(key)
    return of[key]


def in_force(dated: Mapping[str, Any], day: str) -> Any:
    """Return what is in force on a day, of values under their dates of effect; None where nothing is yet."""
    dates = [date for date in dated if date <= day]
    return dated[max(dates)] if dates else None


def school_name(section: Answer) -> str:
    """Return a school's name, or its code where it has none."""
    return section["school_name"] or section["school_code"]


def word(status: str) -> str:
    """Return a status in Chinese."""
    return STATUSES[status][0]


def figures(part: Answer) -> tuple[str, str]:
    """Return a part's value and line as they are spoken of; a count of failing rows stands against none."""
    if part["threshold"] is None:
        return NONE, "评定"
    if part["counts"]:
        return (NONE if part["value"] is None else f"{part['value']:.0f} {part['unit']}"), f"0 {part['unit']}"
    value = NONE if part["value"] is None else jh.with_unit(part["value"], part["unit"])
    return value, jh.with_unit(part["threshold"], part["unit"])


def spread_told(spread: Answer, decimals: int) -> str:
    """Return a spread as shown, or its bounds while a value is missing."""
    if spread["cv"] is not None:
        return jh.shown_beside(spread["cv"], spread["cv_limit"], decimals)
    if spread["cv_bounds"] is None:
        return NONE
    low, high = spread["cv_bounds"]
    return f"{jh.shown(low, decimals)}～{'∞' if high is None else jh.shown(high, decimals)}"


def address(county: Area, name: str, *args: str, **query: str) -> str:
    """Return the address of one of this room's pages."""
    path = reverse(f"assessment:{name}", args=[county.code, *args])
    return f"{path}?{urlencode(query)}" if query else path


def who(said: OwnedOnce) -> str:
    """Return who decided something, in which post, and when."""
    post = f"（{said.by_post}）" if said.by_post else " "
    return f"{said.by_name or '系统'}{post}{timezone.localtime(said.at):%Y-%m-%d} "


def neighbours(ids: list[str], order: list[str]) -> Iterator[str]:
    """Yield indicators by their ids, neighbours in the document joined: B1～B7."""
    runs: list[list[str]] = []
    for id in sorted(ids, key=order.index):
        if runs and order.index(id) == order.index(runs[-1][-1]) + 1:
            runs[-1].append(id)
        else:
            runs.append([id])
    yield from (run[0] if len(run) == 1 else f"{run[0]}～{run[-1]}" for run in runs)
