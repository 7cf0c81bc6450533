"""Tables II-1, II-2 and III: how many schools reach each line, every school in the sample, the spreads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from junheng.engine.display import PERCENT
from junheng.engine.result import Assessment, Section, Stage
from junheng.facts.schema import SCHOOL_TYPES, STAGE_LABELS, STAGES
from junheng.output.form.layout import Layout
from junheng.output.form.model import Cell, Column, Outside, Row, Source, Table
from junheng.output.form.printing import MARKS, NOTHING, SHARE, decimals_of, figure, mark, printed, words
from junheng.output.told import school_told

COMPOSITE, VERDICT, REMARK, PUPILS = "composite", "verdict", "remark", "pupils"
PASSING, RATE, MEAN, SPREAD = "passing", "rate", "mean", "cv"
Rows = Mapping[str, Mapping[str, Any]]


def in_sample(answer: Assessment, stage: str) -> list[Section]:
    """Return the sections of a stage's sample, in the order of the file."""
    return [section for section in answer.sections if section.stage == stage and section.in_sample]


def indicator_columns(answer: Assessment, first: int, share: float) -> Iterator[Column]:
    """Yield a column for each indicator: named and numbered as the form does."""
    for at, (id, one) in enumerate(answer.rules.indicators.items(), first):
        unit = "" if one.unit in one.name else f"（{one.unit}）"
        yield Column(id, f"L{at}", f"{one.name}{unit}", share)


def passing_table(answer: Assessment, layout: Layout) -> Table:
    """Return table II-1: for each stage how many schools reach each line, how many pass, and their shares."""
    columns = (
        Column("stage", "", "学段", 10),
        Column("told", "", "项目", 18),
        *indicator_columns(answer, 1, 16),
        Column(COMPOSITE, f"L{len(answer.rules.indicators) + 1}", layout.composites["II-1"], 13),
    )
    rows = [row for stage in STAGES for row in _passing_rows(answer, stage)]
    return Table("II-1", layout.titles["II-1"], columns, tuple(rows), landscape=True)


def _passing_rows(answer: Assessment, stage: str) -> Iterator[Row]:
    own, unsettled = in_sample(answer, stage), _unsettled(answer, stage)
    counts = [*(_met(own, unsettled, id, stage) for id in answer.rules.indicators), _passed(own, unsettled, stage)]
    shares = [_share(count, len(own), stage, answer) for count in counts]
    head = words(STAGE_LABELS[stage])
    yield Row(f"{stage}.{PASSING}", (head, words("达标学校总数（所）"), *counts), stage)
    yield Row(f"{stage}.{RATE}", (head, words("达标学校比例（%）"), *shares), stage)


def _unsettled(answer: Assessment, stage: str) -> tuple[str, ...]:
    """Return the schools of which it is not known yet whether they count: nothing of the stage is counted before."""
    return tuple(school_told(one) for one in answer.sections if one.stage == stage and one.in_sample is None)


def _met(own: Sequence[Section], unsettled: tuple[str, ...], id: str, stage: str) -> Cell:
    """Return how many schools reach a threshold; not known while one has not reported."""
    states = [section.indicators[id].status for section in own]
    missing = (school_told(section) for section in own if section.indicators[id].status == "missing")
    lacking = (*missing, *unsettled)
    source = Source("indicator", id, stage=stage)
    return _undecided(lacking, source) if lacking else figure(states.count("met"), "所", 0, source)


def _passed(own: Sequence[Section], unsettled: tuple[str, ...], stage: str) -> Cell:
    verdicts = [section.verdict for section in own]
    open_verdicts = (school_told(section) for section in own if section.verdict == "undetermined")
    lacking = (*open_verdicts, *unsettled)
    source = Source("form", "II-2", stage=stage)
    return _undecided(lacking, source) if lacking else figure(verdicts.count("pass"), "所", 0, source)


def _undecided(lacking: tuple[str, ...], source: Source) -> Cell:
    """Return a count that cannot be told yet; what is lacking is asked for in the row of each school."""
    return Cell(MARKS["undetermined"], None, "undetermined", unit="所", source=source, lacking=lacking)


def _share(count: Cell, schools: int, stage: str, answer: Assessment) -> Cell:
    decimals = decimals_of(SHARE, answer.rules.standard.display)
    source = Source("form", "II-1", stage=stage)
    if count.value is None:
        return Cell(count.text, None, count.state, unit=SHARE, decimals=decimals, source=source, lacking=count.lacking)
    if not schools:
        return Cell(NOTHING, None, "not_applicable", unit=SHARE, decimals=decimals, source=source)
    return figure(Fraction(int(count.value), schools), SHARE, decimals, source)


def school_table(answer: Assessment, rows: Rows, layout: Layout) -> Table:
    """Return table II-2: a row for each section of the sample, primary parts first, numbered anew in each stage."""
    columns = (
        Column("at", "L1", "序号", 4.4),
        # Fifteen signs stand in one line: most names of schools, with which of their stages it is.
        Column("name", "L2", "学校名称", 33.5),
        Column("sponsor", "L3", "举办者类型", 6.5),
        Column(PUPILS, "L4", "在校生数", 7.6),
        Column("grades", "L5", "年级数", 5.5),
        Column("classes", "L6", "班级数", 5.5),
        *indicator_columns(answer, layout.first_indicator, 10.5),
        Column(VERDICT, f"L{layout.first_indicator + len(answer.rules.indicators)}", "该校综合评估是否达标", 9),
        Column(REMARK, "", f"备注（哪几项达标，哪几项达到 {_floor(answer)}）", 24),
    )
    own = [(at, section) for stage in STAGES for at, section in enumerate(in_sample(answer, stage), 1)]
    made = tuple(_school_row(at, section, rows[section.school_code], answer, layout) for at, section in own)
    notes = (layout.notes["II-2"],)
    return Table("II-2", layout.titles["II-2"], columns, made, notes, _counts(answer, rows), landscape=True)


def _floor(answer: Assessment) -> str:
    return f"{float(answer.rules.standard.floor) * PERCENT:g}%"


def _school_row(at: int, section: Section, school: Mapping[str, Any], answer: Assessment, layout: Layout) -> Row:
    stage, code = section.stage, section.school_code
    decimals = answer.rules.standard.display.value_decimals
    values = [
        figure(
            None if one.value is None else Fraction(one.have or 0, one.over or 1),
            "",
            decimals,
            Source("indicator", id, stage=stage, school_code=code),
        )
        for id, one in section.indicators.items()
    ]
    cells = (
        Cell(str(at), at, source=Source("form", "II-2")),
        words(_name(section, school), Source("fact", "school_name", school_code=code)),
        _fact(school, "sponsor_code", "", code),
        _fact(school, f"{stage}_pupils", "人", code),
        _fact(school, f"{stage}_grades", "个", code),
        _fact(school, f"{stage}_classes", "个", code),
        *values,
        mark(section.verdict, Source("indicator", next(iter(section.indicators)), stage=stage, school_code=code)),
        words(_remark(section, answer, layout), Source("form", "II-2", stage=stage, school_code=code)),
    )
    return Row(f"{stage}:{code}", cells, stage, code, school["school_type"] or "")


def _name(section: Section, school: Mapping[str, Any]) -> str:
    """Return the school's name; a part of a school of several stages says which part it is."""
    several = school["school_type"] in {"nine_year", "twelve_year", "complete_secondary"}
    return f"{school_told(section)}（{STAGE_LABELS[section.stage]}部）" if several else school_told(section)


def _fact(school: Mapping[str, Any], column: str, unit: str, code: str) -> Cell:
    value = school[column]
    source = Source("fact", column, school_code=code)
    return figure(int(value) if isinstance(value, str) and value.isdigit() else value, unit, 0, source)


def _remark(section: Section, answer: Assessment, layout: Layout) -> str:
    """Say which indicators reach the threshold, which only the floor, which neither, which are not reported."""
    codes = {id: at for at, id in enumerate(section.indicators, layout.first_indicator)}
    by_status = {
        status: [codes[id] for id, one in section.indicators.items() if one.status == status]
        for status in ("met", "floor", "below", "missing")
    }
    if len(by_status["met"]) == len(codes):
        return f"{len(codes)} 项均达标"
    floor = _floor(answer)
    told = {"met": "达标", "floor": f"达到 {floor}", "below": f"未达 {floor}", "missing": "未报"}
    return "；".join(f"{told[status]}：{_ranges(own)}" for status, own in by_status.items() if own)


def _ranges(codes: Sequence[int]) -> str:
    """Return columns by their codes; three and more in a row as a range."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][-1] + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    told = [f"L{run[0]}～L{run[-1]}" if len(run) > 2 else "、".join(f"L{code}" for code in run) for run in runs]
    return "、".join(told)


def _counts(answer: Assessment, rows: Rows) -> tuple[Cell, ...]:
    """Return the numbers of schools that stand below the table: by stage, and which of them are parts or points."""
    found = []
    for stage in STAGES:
        types = [rows[section.school_code]["school_type"] for section in in_sample(answer, stage)]
        found.append(_count(f"{stage}", f"{STAGE_LABELS[stage]}学校总数", len(types), stage))
        for kinds, told in _parts(stage):
            number = sum(kind in kinds for kind in types)
            found.append(_count(f"{stage}.{kinds[0]}", told, number, stage))
    return tuple(found)


def _parts(stage: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    through = (("nine_year", "twelve_year"), f"一贯制学校的{STAGE_LABELS[stage]}部")
    other = {
        "primary": (("teaching_point",), "进入样本的教学点"),
        "junior": (("complete_secondary",), f"{SCHOOL_TYPES['complete_secondary']}的初中部"),
    }
    return through, other[stage]


def _count(key: str, label: str, number: int, stage: str) -> Cell:
    text = printed(number, "所", 0)
    return Cell(text, number, key=key, label=label, unit="所", decimals=0, source=Source("form", "II-2", stage=stage))


def spread_table(answer: Assessment, layout: Layout) -> Table:
    """Return table III: the county's mean and the spread of each indicator; of the spreads also their mean."""
    columns = (
        Column("stage", "", "学段", 10),
        Column("told", "", "项目", 18),
        *indicator_columns(answer, 1, 16),
        Column(COMPOSITE, f"L{len(answer.rules.indicators) + 1}", layout.composites["III"], 13),
    )
    rows = [row for stage, one in answer.stages.items() for row in _spread_rows(answer, stage, one)]
    return Table("III", layout.titles["III"], columns, tuple(rows), (layout.notes["III"],), landscape=True)


def _spread_rows(answer: Assessment, stage: str, one: Stage) -> Iterator[Row]:
    display = answer.rules.standard.display
    head = words(STAGE_LABELS[stage])
    none = not one.schools
    means = [_statistic(id, s.mean, display.value_decimals, stage, none) for id, s in one.indicators.items()]
    spreads = [_statistic(id, s.cv, display.spread_decimals, stage, none) for id, s in one.indicators.items()]
    composite = _statistic("", one.composite_cv, display.spread_decimals, stage, none)
    yield Row(f"{stage}.{MEAN}", (head, words("全县平均值"), *means, Cell(NOTHING, None, "empty")), stage)
    yield Row(f"{stage}.{SPREAD}", (head, words("差异系数"), *spreads, composite), stage)


def _statistic(id: str, value: float | None, decimals: int, stage: str, none: bool) -> Cell:
    """Return a mean or spread: of no school there is none, and while a value is missing it is not determined."""
    source = Source("indicator", id, stage=stage) if id else Source("form", "III", stage=stage)
    if value is not None:
        return figure(value, "", decimals, source)
    text, state = (NOTHING, "not_applicable") if none else (MARKS["undetermined"], "undetermined")
    return Cell(text, None, state, decimals=decimals, source=source)


def outside(answer: Assessment, rows: Rows) -> tuple[Outside, ...]:
    """Return the sections that table II-2 does not list, with the rule book's reason."""
    reasons = answer.rules.standard.exclusions
    return tuple(
        Outside(
            section.school_code,
            school_told(section),
            rows[section.school_code]["school_type"] or "",
            section.stage,
            reasons.get(section.excluded_because or "", "是否纳入要等没有报的数"),
            section.in_sample is not None,
        )
        for section in answer.sections
        if not section.in_sample
    )
