"""YAML to rubrics, with the same refusals as the rest of the rule book; an overlay's rubric in the place of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from junheng.facts.nodes import Node, collect, read_node
from junheng.facts.schema import JUDGEMENTS
from junheng.standard.requirements import Part, Requirement
from junheng.standard.rubrics import LOOKS, PLACES, SOURCES, Point, Rubric, Step


def read_rubric(node: Node, parts: Sequence[Part]) -> Rubric | None:
    """Return the rubric under `rubric`: what is judged has one, and nothing else has."""
    judged = next((part for part in parts if part.kind == "all_judged"), None)
    if judged is None and "rubric" in node.values:
        raise node.refusal(
            "rubric", "这项指标没有评定的条件，用不上观测点", "请去掉 rubric，或写一个 all_judged 的条件"
        )
    return _rubric(node.node("rubric"), judged.accept) if judged else None


def _rubric(node: Node, accept: Sequence[str]) -> Rubric:
    node.only("points", "grades", "source")
    points = tuple(_point(child) for child in node.nodes("points"))
    ids = [point.id for point in points]
    if not points:
        raise node.refusal("points", "没有任何观测点", "请至少写一个")
    if twice := [id for id in ids if ids.count(id) > 1]:
        raise node.refusal("points", f"编号 {twice[0]} 出现两次", "请给每个观测点不同的编号")
    return Rubric(points, _ladder(node, accept), node.one_of("source", SOURCES))


def _point(node: Node) -> Point:
    node.only("id", "text", "at", "look", "source")
    look = tuple(node.texts("look"))
    if strange := [one for one in look if one not in LOOKS]:
        raise node.refusal("look", f"不认识 {strange[0]!r}", f"应当是 {'、'.join(LOOKS)} 之一")
    if not look:
        raise node.refusal("look", "没有写怎么看", f"请写 {'、'.join(LOOKS)} 中的一个或几个")
    at, source = node.one_of("at", PLACES), node.one_of("source", SOURCES)
    return Point(node.text("id"), node.text("text"), at, look, source)


def _ladder(node: Node, accept: Sequence[str]) -> tuple[Step, ...]:
    """Return the grades from the best to the worst; each takes in more than the one before, and the last the rest."""
    nodes = node.nodes("grades")
    steps = tuple(_step(child, last=child is nodes[-1]) for child in nodes)
    grades = [one.grade for one in steps]
    if len(steps) < 2 or len(set(grades)) < len(grades):
        raise node.refusal("grades", "等级少于两个，或重复", "请从高到低写，每个等级一次")
    if not {*grades} & {*accept} or grades[-1] in accept:
        raise node.refusal("grades", "分不出达标与不达标", f"请有 {'、'.join(accept)} 之一，最低的等级不能在其中")
    for better, worse in pairwise(steps[:-1]):
        if worse.below <= better.below or worse.failed < better.failed:  # type: ignore[operator]
            raise node.refusal("grades", f"{worse.grade} 不比 {better.grade} 宽", "请从高到低写，一级比一级宽")
    return steps


def _step(node: Node, *, last: bool) -> Step:
    grade = node.one_of("grade", JUDGEMENTS)
    if last:
        node.only("grade")
        return Step(grade)
    node.only("grade", "below", "failed")
    return Step(grade, node.integer("below"), node.integer("failed"))


def overlaid_rubrics(folder: Path, requirements: Mapping[str, Requirement]) -> dict[str, Requirement]:
    """Return the requirements with the rubrics of an overlay's folder; what the document itself asks stays in each."""
    files = sorted((folder / "rubrics").glob("*.yaml"))
    read = collect([partial(_overlaid, file, requirements) for file in files])
    return dict(requirements) | {one.id: one for one in read}


def _overlaid(file: Path, requirements: Mapping[str, Requirement]) -> Requirement:
    node = read_node(file, f"{file.parents[1].name}/rubrics/{file.name}")
    known = requirements.get(file.stem)
    if known is None or known.rubric is None:
        raise node.refusal(None, f"{file.stem} 不是评定的指标", "请以评定的指标的编号作文件名")
    accept = next(part.accept for part in known.parts if part.kind == "all_judged")
    rubric = _rubric(node, accept)
    for point in known.rubric.points:
        if point.source == "document" and point not in rubric.points:
            raise node.refusal("points", f"缺少办法原文的观测点 {point.id}", "请照国家标准的原样写上，不能改")
    return replace(known, rubric=rubric)
