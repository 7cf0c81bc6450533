"""The sheets 说明, 结论 and 其他要求: how to read the file, the verdicts (live) with their reasons, B8 and onwards."""

from __future__ import annotations

from junheng.engine.result import VERDICT_LABELS, Assessment
from junheng.facts.schema import STAGE_LABELS, STAGES
from junheng.output.advice import warnings_told
from junheng.output.told import county_told, figures, readings_told, scope, targets_told
from junheng.output.workbook.county import SpreadSheet
from junheng.output.workbook.pen import Pen
from junheng.output.workbook.schools import SchoolSheet
from junheng.standard.requirements import GROUPS

EXPLANATION_SHEET, VERDICT_SHEET, REQUIREMENT_SHEET = "说明", "结论", "其他要求"
HEAD = 2
STATUS = 5
EXPLANATION = (
    "这个文件里有什么",
    "结论：全县、资源配置、各学段的结论和原因。",
    "标准：当日有效的标准值、85% 线、差异系数上限、折算权数，公式都引用这一页。",
    "原始数据：公式所用的数，单位写在列名里。",
    "Ⅱ-1、Ⅱ-2、Ⅲ：申报表的三张表，版式和取舍与申报表一致（指标值两位小数，差异系数三位）。",
    "其他要求：政府保障、教育质量、社会认可、一票否决、资格审核。",
    "怎么核对",
    "点一个格子就能看到公式；每个公式旁存着本软件算出的数，重算以后应当相同。",
    "与线比较时先保留九位小数，只为去掉表格软件二进制小数的误差；显示的小数位不影响判定。",
    "缺数据的格子写“未报”，不当作 0；差异系数这时只给出可能的范围，补上数据后自动算出。",
    "改动数字只影响这个文件。正式结论以原始数据重新运行 junheng assess 为准：“原因”“其他要求”“纳入样本”不随改动重算。",
)


def write_explanation(answer: Assessment, pen: Pen, notice: str) -> None:
    """Write the sheet 说明."""
    standard = answer.rules.standard
    pen.text(0, 0, f"{county_told(answer)}  {standard.title}", "title")
    pen.text(1, 0, notice, "warning" if notice else "note")
    pen.text(2, 0, f"{standard.number}，{answer.as_of} 的规则；引擎版本 {answer.engine}", "note")
    for row, line in enumerate(EXPLANATION, 4):
        pen.text(row, 0, line, "head" if len(line) < len("怎么核对一下文件") + 1 else "words")
    pen.widths(120)
    pen.finish(2, notice)


class VerdictSheet:
    """结论: the verdicts follow from the other sheets; the reasons are the engine's."""

    def __init__(self, answer: Assessment, schools: SchoolSheet, spreads: SpreadSheet, pens: tuple[Pen, Pen]) -> None:
        self.answer, self.schools, self.spreads = answer, schools, spreads
        self.pen, self.requirements = pens
        self.parts = [(one, part) for one in answer.requirements.values() for part in one.parts]

    def write(self, notice: str) -> None:
        """Write both sheets."""
        self._write_requirements(notice)
        self.pen.text(0, 0, f"{county_told(self.answer)}  结论", "title")
        self.pen.text(1, 0, notice or f"{self.answer.as_of} 的规则", "warning" if notice else "note")
        self.pen.texts(HEAD, 0, ["范围", "结论", "说明"], "head")
        self._verdicts()
        self._reasons(HEAD + 4 + len(STAGES))
        self.pen.colour((HEAD + 1, 1), (HEAD + 3 + len(STAGES), 1))
        self.pen.widths(14, 22, 104)
        self.pen.finish(HEAD, notice)

    def _verdicts(self) -> None:
        resources = HEAD + 2
        stages = self.pen.range((resources + 1, 1), (resources + len(STAGES), 1))
        required = self.requirements.range((HEAD + 1, STATUS), (HEAD + max(1, len(self.parts)), STATUS))
        own = self.pen.cell(resources, 1)
        self._verdict(HEAD + 1, "全县", [own, required], self.answer.verdict, "资源配置和其他要求都达标，才是达标")
        told = f"{scope(self.answer)}：各学段都达标，才是达标"
        self._verdict(resources, "资源配置", [stages], self.answer.resources, told)
        for at, stage in enumerate(STAGES, resources + 1):
            one, seen = self.answer.stages[stage], self.answer.coverage[stage]
            told = f"{one.schools} 校 {one.pupils:,} 人，各项齐全 {seen.reported}/{seen.expected} 校"
            sources = [self.spreads.verdicts(stage)]
            sources += [self.schools.verdicts(stage)] if self.schools.samples[stage] else []
            self._verdict(at, STAGE_LABELS[stage], sources, one.verdict, told)

    def _verdict(self, row: int, label: str, sources: list[str], verdict: str, told: str) -> None:
        """Write a verdict that is the worst of those in `sources`."""
        failed = "+".join(f'COUNTIF({source},"{VERDICT_LABELS["fail"]}")' for source in sources)
        open = "+".join(f'COUNTIF({source},"{VERDICT_LABELS["undetermined"]}")' for source in sources)
        words = (VERDICT_LABELS[one] for one in ("fail", "undetermined", "pass"))
        fail, undetermined, passed = words
        self.pen.text(row, 0, label)
        formula = f'IF({failed}>0,"{fail}",IF({open}>0,"{undetermined}","{passed}"))'
        self.pen.formula(row, 1, formula, VERDICT_LABELS[verdict], "centre")
        self.pen.text(row, 2, told)

    def _reasons(self, row: int) -> None:
        self.pen.texts(row, 0, ["指标", "范围", f"原因（{len(self.answer.reasons)} 条）"], "head")
        names = {one.school_code: one.school_name for one in self.answer.sections}
        for at, reason in enumerate(self.answer.reasons, row + 1):
            stage, _, school = reason.scope.partition(":")
            told = names.get(school) or school or STAGE_LABELS.get(stage, "全县")
            self.pen.texts(at, 0, [reason.indicator, told, reason.message])
        below = row + len(self.answer.reasons) + 2
        others = {"本县目标": targets_told, "换一种读法": readings_told, "时期提醒": warnings_told}
        for title, texts in ((title, told(self.answer)) for title, told in others.items()):
            for text in texts:
                self.pen.texts(below, 0, [title, "全县", text])
                below += 1

    def _write_requirements(self, notice: str) -> None:
        pen = self.requirements
        pen.text(0, 0, "其他要求：政府保障、教育质量、社会认可、一票否决、资格审核", "title")
        pen.texts(HEAD, 0, ["指标", "类别", "要求", "数值", "标准", "结论", "原因"], "head")
        for row, (one, part) in enumerate(self.parts, HEAD + 1):
            name = one.name if len(one.parts) == 1 else f"{part.name}"
            value, line = figures(part)
            label = VERDICT_LABELS[part.status]
            pen.texts(row, 0, [one.id, GROUPS[one.group], name, value, line])
            pen.text(row, STATUS, label, "centre")
            pen.text(row, STATUS + 1, part.reason)
        pen.colour((HEAD + 1, STATUS), (HEAD + max(1, len(self.parts)), STATUS))
        pen.widths(8, 14, 56, 14, 12, 10, 56)
        pen.finish(HEAD, notice)
