"""Writes the reference part of the manual from what the program itself reads: docs/reference/*.md.

The data dictionary, the rule book, the golden cases and the Python interface are told once, where they are used.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

import junheng as jh
from junheng import matching, papers
from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS
from junheng.facts.definitions import STANDINGS, definitions
from junheng.facts.items import ITEMS
from junheng.facts.plan_schema import PLAN_TABLES
from junheng.facts.schema import STAGE_LABELS, TABLES, Column
from junheng.facts.template import heading
from junheng.quality.load import load_checks
from junheng.quality.model import SEVERITY_LABELS
from junheng.rosters.records.load import load_record_checks
from junheng.rosters.records.schema import PEOPLE
from junheng.standard.model import Disputed, Reading, Standard
from junheng.standard.requirements import GROUPS, Requirement
from junheng.standard.rubrics import PLACES, SOURCES, Rubric

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
WORKED = Path(jh.__file__).parent / "standard" / "rules" / "national-2017" / "worked"
KINDS = {
    "text": "文字",
    "code": "代码",
    "count": "整数",
    "integer": "整数，可为负",
    "area": "数，两位小数",
    "money": "数，两位小数",
    "ratio": "数，四位小数",
    "flag": "是或否",
    "date": "日期",
}


SOURCES_TOLD = (
    "表号只在有可引的公开出处时才写；公开的程序只是旁证。表号和行列随年度调整，用前请与当年的报表核对。"
    "没有统计表的，写明从什么材料得出。"
)


def table(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a Markdown table."""
    head = list(headings)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def facts_page() -> str:
    """Return the data dictionary."""
    parts = ["# 数据字典\n\n每张表一个文件或一个工作表；列名中英文都可以。"]
    for one in TABLES.values():
        parts.append(f"## {one.label} `{one.name}`\n\n{_columns(one.columns)}")
    parts.append("## 做方案用的表\n\n可以和数据放在一起，也可以另用文件给出，见[最省钱的达标方案](../manual/plan.md)。")
    parts += [f"### {one.label} `{one.name}`\n\n{_columns(one.columns)}" for one in PLAN_TABLES.values()]
    parts.append("## 名册的表\n\n逐人逐间，见[从名册数起](../manual/rosters.md)；学校、教室两张表的列同上。")
    parts += [f"### {one.label} `{one.name}`\n\n{_columns(one.columns)}" for one in PEOPLE.values()]
    parts.append(f"## 县级数据的项目\n\n写在“县级数据”表里，一行一项。\n\n{_columns(ITEMS.values())}")
    parts.append(f"## 数在哪里，从哪里知道的\n\n{SOURCES_TOLD}\n\n{_sources()}")
    return "\n\n".join(parts)


def _columns(columns: Collection[Column]) -> str:
    rows = [[heading(one), f"`{one.name}`", KINDS[one.kind], one.clock.label, _choices(one)] for one in columns]
    head = ["列名（工作簿）", "英文名", "填什么", "时间口径", "代码"]
    defined = [one.definition for one in columns]
    if not all(defined):
        return table(head, rows)
    told = [[one.text, one.source.told] for one in defined if one]
    return table([*head, "怎么数", "数在哪里"], ([*row, *more] for row, more in zip(rows, told, strict=True)))


def _sources() -> str:
    found = dict.fromkeys(one.source for one in definitions().values())
    rows = ([one.told, one.citation, STANDINGS[one.standing]] for one in found)
    return table(["数在哪里", "从哪里知道的", "可靠到什么程度"], rows)


def _choices(column: Column) -> str:
    return "；".join(f"{code} {label}" for code, label in column.choices.items())


def rules_page() -> str:
    """Return the rule book: every indicator, requirement, clause and open reading."""
    standard = jh.load_standard()
    parts = [f"# 规则手册\n\n{standard.title}（{standard.number}），自 {standard.effective} 起施行。"]
    parts += ["## 资源配置", *_indicators(standard)]
    for group, label in GROUPS.items():
        own = [one for one in standard.requirements.values() if one.group == group]
        parts += [f"## {label}", *(_requirement(one) for one in own)]
    parts += ["## 过渡条款", _clauses(standard), "## 通用的有争议读法", _disputed(standard.disputed)]
    return "\n\n".join(parts)


def _indicators(standard: Standard) -> Iterator[str]:
    for one in standard.indicators.values():
        rows = [
            [day, STAGE_LABELS[stage], float(line), float(line * standard.floor), one.references[day]]
            for day, lines in one.thresholds.items()
            for stage, line in lines.items()
        ]
        lines = table(["生效日", "学段", f"标准值（{one.unit}）", "85% 线", "出处"], rows)
        about = f"{one.definition}。佐证：{one.evidence}。"
        yield f"### {one.id} {one.name}\n\n{about}\n\n{lines}\n\n{_disputed(one.disputed)}"


def _requirement(one: Requirement) -> str:
    rows = [
        [part.name, day, float(line), part.unit, part.references.get(day, "")]
        for part in one.parts
        for day, line in part.lines.items()
        if part.references
    ]
    lines = table(["条件", "生效日", "线", "单位", "出处"], rows) if rows else "由评定得出。"
    rubric = _rubric(one.rubric) if one.rubric else ""
    about = f"{one.definition}。时间口径：{one.time_basis}。由谁评定：{one.judged_by}。佐证：{one.evidence}。"
    if source := one.figures_from:
        about += f"数出自：{source.if_yes}或{source.if_no}，由“{ITEMS[source.item].label}”说明，不影响结论。"
    return f"### {one.id} {one.name}\n\n{about}\n{rubric}\n\n{lines}\n\n{_disputed(one.disputed)}"


def _rubric(rubric: Rubric) -> str:
    rows = [[one.text, PLACES[one.at], one.looked, SOURCES[one.source]] for one in rubric.points]
    rule = "".join(f"\n- {line}" for line in rubric.rule)
    points = table(["观测点", "在哪里看", "怎么看", "来源"], rows)
    return f"\n{points}\n\n怎么从观测点到等级（{SOURCES[rubric.source]}）：\n{rule}"


def _clauses(standard: Standard) -> str:
    rows = ([one.title, one.effective, one.until, one.source] for one in standard.transition_clauses.values())
    return table(["条款", "起", "止（不含）", "出处"], rows)


def _disputed(questions: Iterable[Disputed]) -> str:
    rows = [
        [question.question, reading.reading, _standing(reading), reading.source]
        for question in questions
        for reading in question.readings
    ]
    return table(["有争议之处", "读法", "采用", "来源"], rows) if rows else ""


def _standing(reading: Reading) -> str:
    """Return whether a reading is in force, or whether an answer tells what it would change, or why not."""
    return "采用" if reading.in_force else "会算" if reading.computed else f"不算：{reading.uncomputed}"


def checks_page() -> str:
    """Return every check of the facts: what it means and what to do."""
    parts = ["# 数据检查\n\n`junheng check` 用的全部检查。问题只是提问，不影响判定。"]
    for theme, own in groupby(load_checks(), lambda check: check.theme):
        rows = ([one.id, SEVERITY_LABELS[one.severity], one.means, one.remedy] for one in own)
        parts.append(f"## {theme}\n\n" + table(["编号", "级别", "意思", "怎么办"], rows))
    named = ([one.id, PEOPLE[one.table].label, one.means, one.remedy] for one in load_record_checks())
    parts.append("## 名册（`junheng aggregate`）\n\n" + table(["编号", "名册", "意思", "怎么办"], named))
    return "\n\n".join(parts)


def cases_page() -> str:
    """Return the golden cases as worked examples: first the rule book's own, then those of the tests."""
    standard = jh.load_standard()
    parts = ["# 算例\n\n每条规则的两侧各有一例；测试用的就是这些，改了程序也必须照样得出。"]
    for id, one in {**standard.indicators, **standard.requirements}.items():
        parts.append(f"## {id} {one.name}")
        parts += [_case(case) for case in yaml.safe_load((WORKED / f"{id}.yaml").read_text(encoding="utf-8"))["cases"]]
    for file in sorted((ROOT / "tests" / "golden" / "national-2017").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        first = text.splitlines()[0].removeprefix("# ")
        parts.append(f"## {first}")
        parts += [_case(case) for case in yaml.safe_load(text)]
    return "\n\n".join(parts)


def _case(case: dict[str, Any]) -> str:
    given = case["given"]
    schools = [{**given.get("defaults", {}), **school} for school in given["schools"]]
    parts = [
        f"### {case['name']}",
        f"依据：{case['clause']}" + (f"；{case['as_of']} 的规则" if "as_of" in case else ""),
    ]
    parts += [_given(schools)] if schools else []
    parts += [_given(rows) for name, rows in given.items() if name not in {"defaults", "schools", "county"}]
    if "county" in given:
        rows = ([ITEMS[item].label if item in ITEMS else item, value] for item, value in given["county"].items())
        parts.append(table(["县级数据", "数值"], rows))
    parts.append("应得：\n\n" + table(["项目", "结果"], _flat(case["expect"])))
    return "\n\n".join(parts)


def _given(rows: list[dict[str, Any]]) -> str:
    known = {name: one for each in TABLES.values() for name, one in each.by_name.items()}
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = ([_cell(row.get(column), known[column]) for column in columns] for row in rows)
    return table([known[column].label for column in columns], cells)


def _cell(value: Any, column: Column) -> str:
    return "" if value is None else column.choices.get(str(value), str(value))


def _flat(expected: Any, path: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Yield each expected figure with the way to it, in the officer's words."""
    if isinstance(expected, dict) and expected:
        for key, value in expected.items():
            yield from _flat(value, (*path, str(key)))
    else:
        yield [" · ".join(filter(None, map(_word, path))), _told(expected)]


def _word(key: str) -> str:
    school, slash, stage = key.partition("/")
    return f"{school}（{STAGE_LABELS[stage]}）" if slash else WORDS.get(key, key)


def _told(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_told, value)) or "无"
    if isinstance(value, dict):
        return "，".join(f"{_word(key)} {_told(one)}" for key, one in value.items()) or "无"
    if isinstance(value, str):
        return CODES.get(value) or WORDS.get(value, value)
    return ANSWERS[value] if value is None or isinstance(value, bool) else str(value)


CODES = {**VERDICT_LABELS, **STATUS_LABELS, "settled": "有定论"}
ANSWERS = {True: "是", False: "否", None: "没有"}
# The keys and codes of an answer, as the manual says them; sections and indicators need no word of their own.
WORDS = {
    **STAGE_LABELS,
    **jh.load_standard().exclusions,
    **{name: column.label for name, column in TABLES["schools"].by_name.items()},
    **dict.fromkeys(("sections", "indicators", "stages", "parts"), ""),
    "verdict": "结论",
    "resources": "资源配置结论",
    "in_sample": "进样本",
    "excluded_because": "不进样本的理由",
    "pupils": "学生数",
    "schools": "样本学校数",
    "value": "值",
    "threshold": "标准值",
    "floor": "85% 线",
    "status": "判定",
    "gap_to_threshold": "到标准值的缺口",
    "gap_to_floor": "到 85% 线的缺口",
    "missing": "缺少",
    "met": "达到标准值的项数",
    "borderline": "临界",
    "mean": "县均值",
    "sd": "标准差",
    "cv": "差异系数",
    "cv_limit": "上限",
    "cv_bounds": "差异系数的范围",
    "composite_cv": "综合",
    "contributions": "各校造成的份额",
    "coverage": "数据覆盖",
    "expected": "应有",
    "reported": "齐全",
    "possible": "不能确定是否在内",
    "reason": "理由",
    "mean_zero": "各校都是 0",
    "no_schools": "没有学校",
    "reasons_include": "原因中有",
    "indicator": "指标",
    "scope": "范围",
    "section_count": "学段数",
    "failing": "不达标数",
    "act": "怎么办",
    "helps": "单是办成这一条",
    "turns": "使",
    "to": "到",
    "amount": "数量",
    "unit": "单位",
    "columns": "补报",
    "section": "学校学段",
    "spread": "差异系数",
    "stage": "学段",
    "county": "全县",
}


def api_page() -> str:
    """Return what `import junheng` offers, with its docstrings."""
    return "\n\n".join(["# Python 接口一览", *_offered(jh)])


def papers_page() -> str:
    """Return what `junheng.papers` offers."""
    return "\n\n".join(["# 申报表和公文的接口\n\n`from junheng import papers`", *_offered(papers)])


def matching_page() -> str:
    """Return what `junheng.matching` offers."""
    return "\n\n".join(["# 对照名单的接口\n\n`from junheng import matching`", *_offered(matching)])


def _offered(module: ModuleType) -> Iterator[str]:
    for name in module.__all__:
        thing = getattr(module, name)
        if callable(thing):
            told = inspect.getdoc(thing) or ""
            yield f"## {name}\n\n```text\n{name}{_signature(thing)}\n\n{told}\n```"


def _signature(thing: Any) -> str:
    return "" if inspect.isclass(thing) else str(inspect.signature(thing))


def main() -> None:
    """Write every page."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    pages = {
        "facts": facts_page,
        "rules": rules_page,
        "checks": checks_page,
        "cases": cases_page,
        "api": api_page,
        "papers": papers_page,
        "matching": matching_page,
    }
    for name, page in pages.items():
        (REFERENCE / f"{name}.md").write_text(page() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
