"""What the pages of 开新学年 show: the schools and their changes, the evidence, and what all of it will come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import Form

from junheng.facts.clocks import CLOCKS, COHORT_YEARS, school_year_of
from junheng.facts.schema import CLASSES, COUNTY, JUDGED, SCHOOL_TYPES
from junheng_web.collection.handing import proofs
from junheng_web.collection.handing.approving import approved
from junheng_web.collection.ledger.fields import county_form, rules_of, school_form
from junheng_web.collection.ledger.subjects import subjects
from junheng_web.collection.ledger.values import SEPARATOR, Key, subject_of
from junheng_web.collection.years.carrying import Deed, facts_asked, name_of
from junheng_web.collection.years.moving_up import ENTERED, cohorts
from junheng_web.collection.years.opening import (
    Asked,
    SchoolAsked,
    changes_asked,
    deeds_of,
    ledger_before,
    period_asked,
    schools_after,
)
from junheng_web.evidence.selectors import files_linked
from junheng_web.organisation.areas import Area
from junheng_web.organisation.schools import SchoolChange, schools_on

Kind = SchoolChange.Kind
INDICATOR = "indicator"
PAGES = (
    ("open", "统计时点"),
    ("year_schools", "学校变动"),
    ("year_facts", "逐项怎么办"),
    ("year_lists", "班级和届"),
    ("year_evidence", "佐证"),
    ("year_issues", "问题清单"),
    ("year_summary", "核对并开学年"),
)


def school_words(county: Area, asked: Asked) -> list[str]:
    """Return each change of a school in words."""
    names = {one.code: one.name for one in schools_on(county, asked.day)}
    return [
        _words(one, {**names, **{each.code: each.name for each in asked.schools if each.name}}) for one in asked.schools
    ]


def _words(one: SchoolAsked, names: dict[str, str]) -> str:
    name = names.get(one.code, one.code)
    told = {
        Kind.OPENED: f"新设{name}（{SCHOOL_TYPES.get(one.other, one.other)}，{one.code}）",
        Kind.CLOSED: f"撤销{name}",
        Kind.MERGED: f"{name}并入{names.get(one.other, one.other)}",
        Kind.RENAMED: f"{name}更名为{one.other}",
        Kind.RETYPED: f"{name}改为{SCHOOL_TYPES.get(one.other, one.other)}",
    }
    return f"自 {one.day} 起，{told[Kind(one.kind)]}"


def fact_groups(county: Area, asked: Asked, form: Form) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the facts by group, each with its clock, the days or years that it means now, and its control."""
    facts = facts_asked(period_asked(county, asked), set(schools_after(county, asked).values()))
    rows = [
        {"fact": fact, "field": form[fact.name], "span": fact.clock.span(asked.day), "clock": fact.clock.label}
        for fact in facts
    ]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["fact"].group, []).append(row)
    return list(groups.items())


def evidence(county: Area, asked: Asked) -> list[dict[str, Any]]:
    """Return, for each indicator, what evidence it wants, of which days, and whether last year's still serves.

    It does for the numbers that are carried on; what is judged, or asked again, wants new papers.
    """
    period, deeds, facts = period_asked(county, asked), deeds_of(county, asked), _facts_by_indicator(county, asked)
    files, rules = _files_by_indicator(county, facts), rules_of(period)
    return [
        {
            "id": id,
            "name": one.name,
            "wanted": one.evidence,
            "span": CLOCKS[one.time_basis].span(asked.day),
            "files": len(files.get(id, ())),
            **_serving(facts.get(id, {}), deeds),
        }
        for id, one in [*rules.indicators.items(), *rules.requirements.items()]
    ]


def _files_by_indicator(county: Area, facts: Mapping[str, Mapping[str, str]]) -> dict[str, set[int]]:
    """Return which files belong to each indicator, or to a number that it reads: a file that does both is one."""
    readers: dict[str, list[str]] = {}
    for id, names in facts.items():
        for name in names:
            readers.setdefault(name, []).append(id)
    found: dict[str, set[int]] = {}
    for kind, code, file in files_linked(county, (INDICATOR, proofs.KIND)):
        for id in [code] if kind == INDICATOR else _reading(proofs.key_of(code), readers):
            found.setdefault(id, set()).add(file)
    return found


def _reading(key: Key, readers: Mapping[str, list[str]]) -> list[str]:
    """Return the indicators that read a cell; a grade is of its own alone."""
    return [key[1].rpartition(SEPARATOR)[2]] if key[0] == JUDGED.name else readers.get(name_of(key), [])


def _serving(facts: Mapping[str, str], deeds: Mapping[str, str]) -> dict[str, Any]:
    """Return whether last year's evidence of some facts (name: label) serves, and for which of them."""
    kept = [label for name, label in facts.items() if deeds.get(name) == Deed.CARRIED]
    state = "renewed" if not kept else "holds" if len(kept) == len(facts) else "partly"
    return {"state": state, "kept": kept}


def _facts_by_indicator(county: Area, asked: Asked) -> dict[str, dict[str, str]]:
    period = period_asked(county, asked)
    types = sorted(set(schools_after(county, asked).values()))
    forms = [field for type in types for field in school_form(period, "", type)]
    found: dict[str, dict[str, str]] = {}
    for field in [*forms, *county_form(period)]:
        for id in field.indicators:
            found.setdefault(id, {})[name_of(field.key)] = field.label
    return found


def summary(county: Area, asked: Asked) -> dict[str, Any]:
    """Return what opening the year will come to."""
    changes, deeds = list(changes_asked(county, asked)), Counter(deeds_of(county, asked).values())
    return {
        "period": period_asked(county, asked),
        "schools": school_words(county, asked),
        "deeds": [(deed.label, deeds[deed]) for deed in Deed],
        "standing": len(schools_after(county, asked)),
        "cells": len(changes),
        "giving": len({subject_of(one.key) for one in changes if one.key[0] != COUNTY.name}),
        "classes": len({one.key[1] for one in changes if one.key[0] == CLASSES.name}),
        "entered": sum(one.key[2] == ENTERED for one in changes),
        "left": _left(county),
    }


def _left(county: Area) -> dict[str, Any]:
    """Return how many forms of last year are not approved: they stay so when it is frozen."""
    before = ledger_before(county)
    if before is None:
        return {"count": 0}
    codes = approved(before)
    return {"period": before.period, "count": sum(one.code not in codes[one.kind] for one in subjects(before))}


def cohort_told(county: Area, asked: Asked) -> dict[str, Any]:
    """Return of which year the cohort is that B23 asks after, and how many schools' numbers are known."""
    period = period_asked(county, asked)
    return {"year": school_year_of(asked.day) - COHORT_YEARS, "known": len(cohorts(period))}


def pages(at: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the pages in their order: the name of the URL, what it is called, whether one is there."""
    yield from ((f"collection:{name}", label, name == at) for name, label in PAGES)
