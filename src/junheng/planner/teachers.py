"""The families of constraints about teachers: who moves where, who is hired, who gains a quality."""

from __future__ import annotations

from itertools import product

from junheng.planner.case import Kind, Section
from junheng.planner.linear import Sum, total
from junheng.planner.variables import Key, Model


def exchange(model: Model) -> None:
    """Teachers move within their group only; who leaves comes somewhere, kind by kind; by roads where they matter."""
    case = model.case
    if not model.ask.transfers or "transfer" not in case.terms.prices:
        return
    groups: dict[tuple[str, ...], list[Section]] = {}
    for one in case.sections:
        if one.group is not None:
            groups.setdefault(one.group, []).append(one)
    for own in groups.values():
        for kind in model.kinds:
            if any(one.staff.get(kind) for one in own):
                _leave_and_come(model, own, kind)
                (_along_roads if case.terms.pairs_matter else _in_a_pool)(model, own, kind)


def _leave_and_come(model: Model, own: list[Section], kind: Kind) -> None:
    for one in own:
        model.out[one.key, kind] = model.program.variable(one.staff.get(kind, 0), whole=True)
        model.inn[one.key, kind] = model.program.variable(whole=True)


def _in_a_pool(model: Model, own: list[Section], kind: Kind) -> None:
    """As many come as leave."""
    balance = total(model.out[one.key, kind] - model.inn[one.key, kind] for one in own)
    model.program.keep(balance, at_least=0, at_most=0)


def _along_roads(model: Model, own: list[Section], kind: Kind) -> None:
    """Who leaves goes along one arc, who comes came along one; with both whole the cheapest arcs are whole too."""
    may, program = model.case.terms.may_transfer, model.program
    leaving: dict[Key, list[Sum]] = {one.key: [] for one in own}
    coming: dict[Key, list[Sum]] = {one.key: [] for one in own}
    for one, other in product(own, own):
        if (number := one.staff.get(kind, 0)) and one is not other and may(one.school, other.school):
            arc = program.variable(number)
            model.arcs[one.key, other.key, kind] = arc
            leaving[one.key].append(arc)
            coming[other.key].append(arc)
    for one in own:
        for moved, arcs in ((model.out, leaving), (model.inn, coming)):
            program.keep(moved[one.key, kind] - total(arcs[one.key]), at_least=0, at_most=0)


def staffing(model: Model) -> None:
    """Teachers of each kind afterwards = now - leaving + coming + hired."""
    hires = {deed.item: model.case.hired_kind(deed) for deed in model.case.deeds("hire")}
    for section in model.case.sections:
        key = section.key
        for item in hires:
            model.hired[key, item] = model.program.variable(whole=True)
        for kind in model.kinds:
            parts = [model.hired[key, item] for item, hired in hires.items() if hired == kind]
            if (key, kind) in model.out:
                parts += [model.inn[key, kind], -model.out[key, kind]]
            model.staff[key, kind] = total(parts) + section.staff.get(kind, 0)


def raising(model: Model) -> None:
    """Whoever gains a quality is one of the section's teachers who lack it: having it afterwards <= all teachers."""
    case = model.case
    for section in case.sections:
        for deed in case.deeds("upgrade"):
            model.raised[section.key, deed.item] = model.program.variable(whole=True)
        for quality in dict.fromkeys(case.raises(deed.item) for deed in case.deeds("upgrade")):
            lacking = model.teachers(section.key) - model.having(section.key, quality)
            model.program.keep(lacking, at_least=0)


def new_classes_have_teachers(model: Model) -> None:
    """Each class that is added needs a teacher more."""
    for section in model.case.sections:
        if (number := model.case.new_classes.get(section.key, 0)) and model.case.deeds("hire"):
            model.program.keep(model.hires([section]), at_least=number)
