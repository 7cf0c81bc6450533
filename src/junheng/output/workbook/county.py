"""The sheets Ⅱ-1 and Ⅲ, worked out live: how many schools reach each line; a stage's mean, deviation and spread."""

from __future__ import annotations

from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS, Assessment, Spread
from junheng.facts.schema import STAGE_LABELS, STAGES
from junheng.output.told import NONE, spread_told
from junheng.output.workbook.pen import Pen
from junheng.output.workbook.rules import DECIMALS, RuleSheet
from junheng.output.workbook.schools import INSIDE, SchoolSheet

PASSING_SHEET, SPREAD_SHEET = "Ⅱ-1 达标学校", "Ⅲ 校际差异"
HEAD = 3
FIRST = 3
MEAN, DEVIATION, SPREAD, LIMIT, STATUS = range(5)
SPREAD_ROWS = ("县平均值", "标准差", "差异系数", "上限", "结论")


class PassingSheet:
    """Ⅱ-1: schools that reach the threshold, by indicator and altogether, as numbers and shares."""

    def __init__(self, answer: Assessment, schools: SchoolSheet, pen: Pen) -> None:
        self.answer, self.schools, self.pen = answer, schools, pen
        self.ids = list(answer.rules.indicators)

    def write(self, notice: str) -> None:
        """Write the sheet."""
        self.pen.text(0, 0, f"{PASSING_SHEET}数及比例", "title")
        self.pen.text(1, 0, "各项是达到标准值的学校数；“综合”是单校达标的学校数。未报的不算达到。", "note")
        self.pen.texts(HEAD, 0, ["学段", "项目", "学校数", *self.ids, "综合"], "head")
        for at, stage in enumerate(STAGES):
            self._stage(HEAD + 1 + 2 * at, stage)
        self.pen.widths(8, 16, 10, *[11] * (len(self.ids) + 1))
        self.pen.finish(HEAD, notice, FIRST)

    def _stage(self, row: int, stage: str) -> None:
        sample = self.schools.samples[stage]
        self.pen.texts(row, 0, [STAGE_LABELS[stage], "达标学校数"])
        self.pen.texts(row + 1, 0, [STAGE_LABELS[stage], "达标学校比例"])
        self.pen.text(row + 1, 2, "", "plain")
        if not sample:
            self.pen.number(row, 2, 0, "count")
            self.pen.texts(row, FIRST, [NONE] * (len(self.ids) + 1), "centre")
            self.pen.texts(row + 1, FIRST, [NONE] * (len(self.ids) + 1), "centre")
            return
        certain = [one for one in sample if one.in_sample]
        inside = f'{self.schools.inside(stage)},"{INSIDE}"'
        self.pen.formula(row, 2, f"COUNTIF({inside})", len(certain), "count")
        met = STATUS_LABELS["met"]
        for at, id in enumerate(self.ids):
            count = sum(one.indicators[id].status == "met" for one in certain)
            formula = f'COUNTIFS({inside},{self.schools.judged(stage, id)},"{met}")'
            self._count(row, FIRST + at, formula, count, len(certain))
        count = sum(one.verdict == "pass" for one in certain)
        formula = f'COUNTIFS({inside},{self.schools.verdicts(stage)},"{VERDICT_LABELS["pass"]}")'
        self._count(row, FIRST + len(self.ids), formula, count, len(certain))

    def _count(self, row: int, at: int, formula: str, count: int, schools: int) -> None:
        self.pen.formula(row, at, formula, count, "count")
        all = self.pen.here(row, 2)
        share = f'IF({all}=0,"{NONE}",{self.pen.here(row, at)}/{all})'
        self.pen.formula(row + 1, at, share, count / schools if schools else NONE, "percent")


class SpreadSheet:
    """Ⅲ: a stage's mean, deviation, spread, limit and verdict for each indicator, and the mean of the spreads."""

    def __init__(self, answer: Assessment, rules: RuleSheet, schools: SchoolSheet, pen: Pen) -> None:
        self.answer, self.rules, self.schools, self.pen = answer, rules, schools, pen
        self.ids = list(answer.rules.indicators)

    def row(self, stage: str, what: int) -> int:
        """Return the row of a stage's mean, deviation, spread, limit or verdict."""
        return HEAD + 1 + len(SPREAD_ROWS) * STAGES.index(stage) + what

    def verdicts(self, stage: str) -> str:
        """Return the address of a stage's verdicts on its spreads."""
        row = self.row(stage, STATUS)
        return self.pen.range((row, FIRST), (row, FIRST + len(self.ids) - 1))

    def write(self, notice: str) -> None:
        """Write the sheet."""
        self.pen.text(0, 0, f"{SPREAD_SHEET}：县平均值、标准差、差异系数", "title")
        self.pen.text(
            1,
            0,
            "按在校生数加权；差异系数 = 标准差 ÷ 县平均值，逐项与上限比较。综合是各项平均，只供参考，不参与判定。",
            "note",
        )
        self.pen.texts(HEAD, 0, ["学段", "项目", "学校数", *self.ids, "综合"], "head")
        for stage in STAGES:
            self._stage(stage)
        last = self.row(STAGES[-1], STATUS)
        self.pen.colour((HEAD + 1, FIRST), (last, FIRST + len(self.ids)))
        self.pen.widths(8, 12, 9, *[14] * (len(self.ids) + 1))
        self.pen.finish(HEAD, notice, FIRST)

    def _stage(self, stage: str) -> None:
        for what, label in enumerate(SPREAD_ROWS):
            row = self.row(stage, what)
            self.pen.texts(row, 0, [STAGE_LABELS[stage], label])
            self.pen.number(row, 2, len(self.schools.samples[stage]), "count")
            self.pen.text(row, FIRST + len(self.ids), "", "plain")
        for at, id in enumerate(self.ids):
            self._indicator(stage, FIRST + at, id, self.answer.stages[stage].indicators[id])
        self._composite(stage)

    def _indicator(self, stage: str, at: int, id: str, one: Spread) -> None:
        limit = self.row(stage, LIMIT), at
        self.pen.formula(*limit, self.rules.single(f"limit {stage}"), one.cv_limit, "spread")
        if not self.schools.samples[stage]:
            for what in (MEAN, DEVIATION, SPREAD):
                self.pen.text(self.row(stage, what), at, "没有学校", "centre")
            self.pen.text(self.row(stage, STATUS), at, VERDICT_LABELS[one.status], "centre")
            return
        self._figures(stage, at, id, one)
        self._status(stage, at, one)

    def _figures(self, stage: str, at: int, id: str, one: Spread) -> None:
        """Write mean, deviation and spread: the reason in words while a value is missing, live otherwise."""
        pupils, values = self.schools.pupils(stage), self.schools.values(stage, id)
        mean, deviation = self.pen.here(self.row(stage, MEAN), at), self.pen.here(self.row(stage, DEVIATION), at)
        incomplete = f"OR({self.schools.open(stage)},COUNT({pupils})<ROWS({pupils}),COUNT({values})<ROWS({values}))"
        gap = "数据不齐"
        average = f"SUMPRODUCT({pupils},{values})/SUM({pupils})"
        self._write(stage, MEAN, at, f'IF({incomplete},"{gap}",{average})', gap if one.mean is None else one.mean)
        squares = f"SQRT(SUMPRODUCT({pupils},({values}-{mean})^2)/SUM({pupils}))"
        formula = f'IF(ISNUMBER({mean}),{squares},"{gap}")'
        self._write(stage, DEVIATION, at, formula, gap if one.sd is None else one.sd)
        bounds = spread_told(one, self.answer.rules.standard.display.spread_decimals) if one.cv_bounds else gap
        quotient = f'IF({mean}=0,"无法计算",{deviation}/{mean})'
        cv: float | str = one.cv if one.cv is not None else "无法计算" if one.reason == "mean_zero" else bounds
        self._write(stage, SPREAD, at, f'IF(ISNUMBER({mean}),{quotient},"{bounds}")', cv)

    def _write(self, stage: str, what: int, at: int, formula: str, value: float | str) -> None:
        self.pen.formula(self.row(stage, what), at, formula, value, "spread" if what == SPREAD else "value")

    def _status(self, stage: str, at: int, one: Spread) -> None:
        row, label = self.row(stage, STATUS), VERDICT_LABELS[one.status]
        cell, limit = self.pen.here(self.row(stage, SPREAD), at), self.pen.here(self.row(stage, LIMIT), at)
        within = one.cv is not None and round(one.cv, DECIMALS) <= one.cv_limit
        if one.cv is not None and within != (one.status == "pass"):
            # Nearer to the limit than a spreadsheet can tell: the exact verdict stands as text.
            self.pen.text(row, at, label, "centre")
            return
        judged = f'IF(ROUND({cell},{DECIMALS})<={limit},"{VERDICT_LABELS["pass"]}","{VERDICT_LABELS["fail"]}")'
        open = label if one.cv is None else VERDICT_LABELS["undetermined"]
        self.pen.formula(row, at, f'IF(ISNUMBER({cell}),{judged},"{open}")', label, "centre")

    def _composite(self, stage: str) -> None:
        row, at = self.row(stage, SPREAD), FIRST + len(self.ids)
        all = f"{self.pen.here(row, FIRST)}:{self.pen.here(row, at - 1)}"
        value = self.answer.stages[stage].composite_cv
        formula = f'IF(COUNT({all})={len(self.ids)},SUM({all})/{len(self.ids)},"{NONE}")'
        self.pen.formula(row, at, formula, NONE if value is None else value, "spread")
