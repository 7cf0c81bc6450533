"""The sheet 标准: what the rule book says on the day, once, for every formula to refer to."""

from __future__ import annotations

from junheng.engine.trace import WEIGHED_LABELS
from junheng.facts.schema import STAGE_LABELS, STAGES
from junheng.output.workbook.pen import Pen
from junheng.standard.model import Rules

SHEET = "标准"
FIRST = 2
HEAD, NAME, PER, UNIT, LINES = 3, 4, 5, 6, 7
# Decimals after which a difference is the noise of binary numbers, not a school's.
DECIMALS = 9


class RuleSheet:
    """Where each number of the rule book stands."""

    def __init__(self, rules: Rules, pen: Pen) -> None:
        self.rules = rules
        self.pen = pen
        self.columns = {id: FIRST + at for at, id in enumerate(rules.indicators)}
        below = LINES + 2 * len(STAGES) + 1
        weighed = [stage for stage, weight in rules.standard.apportioning.items() if weight]
        keys = ["floor", "may_miss", *(f"limit {stage}" for stage in STAGES), *(f"weight {one}" for one in weighed)]
        self.rows = {key: below + at for at, key in enumerate(keys)}

    def per(self, indicator: str) -> str:
        """Return the cell with the pupils that a value is counted for."""
        return self.pen.cell(PER, self.columns[indicator])

    def threshold(self, indicator: str, stage: str) -> str:
        """Return the cell with a threshold."""
        return self.pen.cell(LINES + 2 * STAGES.index(stage), self.columns[indicator])

    def floor(self, indicator: str, stage: str) -> str:
        """Return the cell with a floor."""
        return self.pen.cell(LINES + 2 * STAGES.index(stage) + 1, self.columns[indicator])

    def single(self, key: str) -> str:
        """Return the cell with a number that is the same for every indicator: floor, may_miss, limit, weight."""
        return self.pen.cell(self.rows[key], FIRST)

    def write(self, notice: str) -> None:
        """Write the sheet."""
        standard = self.rules.standard
        self.pen.text(0, 0, f"{SHEET}：{standard.title}（{standard.number}）", "title")
        self.pen.text(
            1, 0, f"{self.rules.day} 的规则。公式都引用这一页；改这里的数只影响本文件，不改变判定依据。", "note"
        )
        self._indicators()
        self._lines()
        self._singles()
        self.pen.widths(32, 8, *[15] * len(self.columns))
        self.pen.finish(HEAD, notice, FIRST)

    def _indicators(self) -> None:
        self.pen.texts(HEAD, 0, ["项目", "学段", *self.columns], "head")
        for row, label in ((NAME, "名称"), (PER, "每多少名学生计"), (UNIT, "单位")):
            self.pen.texts(row, 0, [label, ""])
        for id, column in self.columns.items():
            one = self.rules.indicators[id]
            self.pen.text(NAME, column, one.name)
            self.pen.number(PER, column, one.per)
            self.pen.text(UNIT, column, one.unit, "centre")

    def _lines(self) -> None:
        share = f"{float(self.rules.standard.floor * 100):g}% 线"
        for at, stage in enumerate(STAGES):
            row = LINES + 2 * at
            self.pen.texts(row, 0, ["标准值", STAGE_LABELS[stage]])
            self.pen.texts(row + 1, 0, [share, STAGE_LABELS[stage]])
            for id, column in self.columns.items():
                self.pen.number(row, column, float(self.rules.thresholds[id][stage]))
                product = f"{self.threshold(id, stage)}*{self.single('floor')}"
                floor = float(self.rules.floor(id, stage))
                self.pen.formula(row + 1, column, f"ROUND({product},{DECIMALS})", floor)

    def _singles(self) -> None:
        standard = self.rules.standard
        values: dict[str, tuple[str, str, float]] = {
            "floor": ("未达标准值的一项不低于标准值的", "", float(standard.floor)),
            "may_miss": ("允许未达标准值的项数", "", standard.may_miss),
        }
        for stage, limit in self.rules.spread_limits.items():
            values[f"limit {stage}"] = ("校际差异系数上限", STAGE_LABELS[stage], float(limit))
        for stage, weight in standard.apportioning.items():
            values[f"weight {stage}"] = ("校舍、设备按学段折算的权数", WEIGHED_LABELS[stage], weight)
        for key, row in self.rows.items():
            label, stage, value = values[key]
            self.pen.texts(row, 0, [label, stage])
            self.pen.number(row, FIRST, value)
