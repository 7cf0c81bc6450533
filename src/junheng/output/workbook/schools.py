"""The sheet Ⅱ-2: the application form's table by school, a row for each stage of a school, worked out live.

A value is compared with its line after ROUND to nine decimals: a spreadsheet's binary numbers may lie a hair beside the
line on which the exact number stands. Where even that would not say what the exact comparison says, the cell holds the
exact judgement as text and no formula.
"""

from __future__ import annotations

from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS, Assessment, Measured, Section
from junheng.facts.schema import SCHOOLS, STAGE_LABELS, STAGES
from junheng.output.told import NONE, UNREPORTED, school_told, why_outside
from junheng.output.workbook.inputs import InputSheet, pupil_columns
from junheng.output.workbook.pen import Pen
from junheng.output.workbook.rules import DECIMALS, RuleSheet

SHEET = "Ⅱ-2 分校"
HEAD = 3
BEFORE = ("序号", "校名", "学段", "举办者类型", "在校生", "年级数", "班级数")
PUPILS, VALUES = 4, len(BEFORE)
INSIDE, OUTSIDE, OPEN = "是", "不纳入", "待定"
MEMBERSHIP = {True: INSIDE, False: OUTSIDE, None: OPEN}


class SchoolSheet:
    """Where the rows of each stage stand: first those in the sample (or perhaps in it), last those outside."""

    def __init__(self, answer: Assessment, rules: RuleSheet, inputs: InputSheet, pen: Pen) -> None:
        self.answer, self.rules, self.inputs, self.pen = answer, rules, inputs, pen
        self.ids = list(answer.rules.indicators)
        self.verdict = VALUES + len(self.ids)
        self.remark, self.sample, self.statuses = self.verdict + 1, self.verdict + 2, self.verdict + 3
        own = {stage: [one for one in answer.sections if one.stage == stage] for stage in STAGES}
        self.samples = {stage: [one for one in ones if one.in_sample is not False] for stage, ones in own.items()}
        self.outside = [one for ones in own.values() for one in ones if one.in_sample is False]

    def first(self, stage: str) -> int:
        """Return the first row of a stage's sample."""
        return HEAD + 1 + sum(len(self.samples[one]) for one in STAGES[: STAGES.index(stage)])

    def column(self, stage: str, at: int) -> str:
        """Return the address of one column over a stage's sample."""
        first = self.first(stage)
        return self.pen.range((first, at), (first + len(self.samples[stage]) - 1, at))

    def pupils(self, stage: str) -> str:
        """Return the address of the sample's pupils."""
        return self.column(stage, PUPILS)

    def values(self, stage: str, indicator: str) -> str:
        """Return the address of the sample's values of one indicator."""
        return self.column(stage, VALUES + self.ids.index(indicator))

    def judged(self, stage: str, indicator: str) -> str:
        """Return the address of the sample's judgements on one indicator."""
        return self.column(stage, self.statuses + self.ids.index(indicator))

    def verdicts(self, stage: str) -> str:
        """Return the address of the sample's verdicts."""
        return self.column(stage, self.verdict)

    def inside(self, stage: str) -> str:
        """Return the address that says of each row whether it is in the sample."""
        return self.column(stage, self.sample)

    def open(self, stage: str) -> str:
        """Return a formula's test: some section may or may not be in the sample."""
        return f'COUNTIF({self.inside(stage)},"{OPEN}")>0'

    def write(self, notice: str) -> None:
        """Write the sheet."""
        self.pen.text(0, 0, f"{SHEET}：各校（学段）七项指标达标情况", "title")
        self.pen.text(
            1,
            0,
            "一贯制、完全中学每个学段一行；人按学段填报，校舍、场地、设备按折算学生数分摊。右边是逐项判定，供核对。",
            "note",
        )
        self._headings()
        rows = [one for ones in self.samples.values() for one in ones]
        for at, section in enumerate(rows):
            self._row(HEAD + 1 + at, str(at + 1), section)
        below = HEAD + 1 + len(rows)
        if self.outside:
            self.pen.text(below, 0, "以下学段不纳入样本，只列出，不计数", "note")
        for at, section in enumerate(self.outside, 1):
            self._row(below + at, NONE, section)
        last = below + len(self.outside)
        self.pen.colour((HEAD + 1, self.verdict), (last, self.verdict))
        self.pen.colour((HEAD + 1, self.statuses), (last, self.statuses + len(self.ids) - 1))
        self.pen.widths(6, 34, 7, 14, 9, 8, 8, *[11] * len(self.ids), 10, 44, 9, *[11] * len(self.ids))
        self.pen.sheet.print_area(0, 0, last, self.remark)
        self.pen.finish(HEAD, notice, 3)

    def _headings(self) -> None:
        indicators = self.answer.rules.indicators
        names = [f"{id} {one.name}（{one.unit}）" for id, one in indicators.items()]
        self.pen.texts(
            HEAD, 0, [*BEFORE, *names, "是否达标", "备注", "纳入样本", *(f"{id} 判定" for id in self.ids)], "head"
        )

    def _row(self, row: int, number: str, section: Section) -> None:
        school = self.inputs.schools[section.school_code]
        sponsor = SCHOOLS.column("sponsor_code").choices.get(school["sponsor_code"] or "", "")
        self.pen.text(row, 0, number, "centre")
        self.pen.text(row, 1, school_told(section))
        self.pen.text(row, 2, STAGE_LABELS[section.stage], "centre")
        told = f"{school['sponsor_code']} {sponsor}".strip() if school["sponsor_code"] else UNREPORTED
        self.pen.text(row, 3, told)
        pupils = UNREPORTED if section.pupils is None else section.pupils
        self.pen.formula(row, PUPILS, self.inputs.cell(section.school_code, f"{section.stage}_pupils"), pupils, "count")
        self._plain(row, 5, school[f"{section.stage}_grades"])
        self._plain(row, 6, school[f"{section.stage}_classes"])
        for at, (id, one) in enumerate(section.indicators.items()):
            self._value(row, VALUES + at, section, id, one)
            self._status(row, at, section, id, one)
        self._verdict(row, section)

    def _plain(self, row: int, at: int, value: int | None) -> None:
        if value is None:
            self.pen.text(row, at, UNREPORTED, "centre")
        else:
            self.pen.number(row, at, value, "count")

    def _value(self, row: int, at: int, section: Section, id: str, one: Measured) -> None:
        value: float | str = one.value if one.value is not None else self._absent(section, id)
        self.pen.formula(row, at, self._value_formula(section, id), value, "value")

    def _read(self, section: Section, id: str) -> list[str]:
        """Return the columns that a value is worked out from, each once."""
        working = self.inputs.working(section, id)
        terms = [term.column(section.stage) for term, _ in working.terms()]
        return list(dict.fromkeys(column.name for column in [*pupil_columns(working), *terms]))

    def _absent(self, section: Section, id: str) -> str:
        return (
            NONE if all(self.inputs.known(section.school_code, one) for one in self._read(section, id)) else UNREPORTED
        )

    def _value_formula(self, section: Section, id: str) -> str:
        """Return a value's formula: 未报 while a cell has no number, a dash where the stage has no pupils."""
        read = [self.inputs.cell(section.school_code, one) for one in self._read(section, id)]
        own = self.inputs.cell(section.school_code, f"{section.stage}_pupils")
        missing = f"COUNT({','.join(read)})<{len(read)}"
        return f'IF({missing},"{UNREPORTED}",IF({own}=0,"{NONE}",{self._quotient(section, id)}))'

    def _quotient(self, section: Section, id: str) -> str:
        working = self.inputs.working(section, id)
        school = section.school_code
        signed = [
            f"{'+' if term.sign > 0 else '-'}{self.inputs.term(school, term.column(section.stage))}"
            for term, _ in working.terms()
        ]
        resource = "".join(signed).removeprefix("+")
        stages = working.stages()
        per = self.rules.per(id)
        if stages == [section.stage]:
            return f"({resource})*{per}/{self.inputs.cell(school, f'{section.stage}_pupils')}"
        weighted = "+".join(
            f"{self.rules.single(f'weight {one}')}*{self.inputs.cell(school, f'{one}_pupils')}" for one in stages
        )
        return f"({resource})*{per}*{self.rules.single(f'weight {section.stage}')}/({weighted})"

    def _status(self, row: int, at: int, section: Section, id: str, one: Measured) -> None:
        cell = self.pen.here(row, VALUES + at)
        label = STATUS_LABELS[one.status]
        if _by_rounding(one) != one.status:
            self.pen.text(row, self.statuses + at, label, "centre")
            return
        value = f"ROUND({cell},{DECIMALS})"
        lower = (
            f'IF({value}>={self.rules.floor(id, section.stage)},"{STATUS_LABELS["floor"]}","{STATUS_LABELS["below"]}")'
        )
        judged = f'IF({value}>={self.rules.threshold(id, section.stage)},"{STATUS_LABELS["met"]}",{lower})'
        formula = f'IF(ISNUMBER({cell}),{judged},"{STATUS_LABELS["missing"]}")'
        self.pen.formula(row, self.statuses + at, formula, label, "centre")

    def _verdict(self, row: int, section: Section) -> None:
        self.pen.text(row, self.sample, MEMBERSHIP[section.in_sample], "centre")
        if section.in_sample is False:
            self.pen.text(row, self.verdict, OUTSIDE, "centre")
            self.pen.text(row, self.remark, why_outside(self.answer, section))
            return
        fails = section.in_sample is not None or section.verdict != "fail"
        verdict = VERDICT_LABELS[section.verdict if fails else "undetermined"]
        self.pen.formula(row, self.verdict, self._verdict_formula(row, section), verdict, "centre")
        self.pen.formula(row, self.remark, self._remark_formula(row), self._remark(section), "words")

    def _judged(self, row: int) -> str:
        first, last = self.pen.here(row, self.statuses), self.pen.here(row, self.statuses + len(self.ids) - 1)
        return f"{first}:{last}"

    def _verdict_formula(self, row: int, section: Section) -> str:
        judged = self._judged(row)
        below, floored = (f'COUNTIF({judged},"{STATUS_LABELS[one]}")' for one in ("below", "floor"))
        failed = f"{below}>0,{floored}>{self.rules.single('may_miss')}"
        missing = f'COUNTIF({judged},"{STATUS_LABELS["missing"]}")>0'
        fail = VERDICT_LABELS["fail" if section.in_sample else "undetermined"]
        open, passed = VERDICT_LABELS["undetermined"], VERDICT_LABELS["pass"]
        return f'IF(OR({failed}),"{fail}",IF({missing},"{open}","{passed}"))'

    def _remark(self, section: Section) -> str:
        found = ((label, _of_status(section, status)) for status, label in STATUS_LABELS.items())
        return "".join(f"{label}：{' '.join(ids)}  " for label, ids in found if ids)

    def _remark_formula(self, row: int) -> str:
        """Return the remark's formula: the ids under each judgement, in words only where there are some."""
        return "&".join(self._listed(row, label) for label in STATUS_LABELS.values())

    def _listed(self, row: int, label: str) -> str:
        cells = {id: self.pen.here(row, self.statuses + at) for at, id in enumerate(self.ids)}
        ids = "&".join(f'IF({cell}="{label}","{id} ","")' for id, cell in cells.items())
        return f'IF(COUNTIF({self._judged(row)},"{label}")>0,"{label}："&{ids}&" ","")'


def _of_status(section: Section, status: str) -> list[str]:
    return [id for id, one in section.indicators.items() if one.status == status]


def _by_rounding(one: Measured) -> str:
    """Return the status that a spreadsheet's comparison gives."""
    if one.value is None:
        return "missing"
    value = round(one.value, DECIMALS)
    return "met" if value >= one.threshold else "floor" if value >= round(one.floor, DECIMALS) else "below"
