"""The catalogue of figures that a report may quote: of the answer and of its application form, under Chinese keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from junheng.engine.display import shown
from junheng.engine.result import VERDICT_LABELS, Assessment, RequirementAnswer, Spread, Stage
from junheng.facts.schema import STAGE_LABELS
from junheng.output.charts.bars import Bar, spreads_chart
from junheng.output.form.model import Cell, Form, Source, Table
from junheng.output.form.schools import COMPOSITE, MEAN, PASSING, RATE, SPREAD
from junheng.output.official.model import Grid, Picture, day_told
from junheng.output.official.text import Figure
from junheng.output.told import county_told, line_told, sources, spread_told
from junheng.standard.requirements import GROUPS

NONE = "无"
# How broad a column of names and one of figures is, of a table that was turned upright: a name of nineteen signs
# takes one line.
NAME_SHARE, VALUE_SHARE = 197, 61
# A status as a chart tells it: kept, not kept; anything else is not known.
KEPT = {"pass": True, "fail": False}


def report_figures(answer: Assessment, form: Form) -> Mapping[str, Figure]:
    """Return every figure that a text may quote, by its key.

    >>> import junheng as jh
    >>> from junheng import papers
    >>> answer = jh.assess(jh.load("examples/shili/facts"))
    >>> figures = papers.report_figures(answer, papers.build_form(answer))
    >>> figures["小学.B6.差异系数"].told, figures["政府保障程度.达标项数"].told
    ('0.506', '10')
    """
    made = (
        *_whole(answer, form),
        *(one for stage, found in answer.stages.items() for one in _stage(answer, form, stage, found)),
        *(one for group in ("guarantee", "quality") for one in _group(answer, form, group)),
        *(one for found in answer.requirements.values() for one in _requirement(form, found)),
        *_county(form),
        *_tables(form),
        *_charts(answer),
    )
    return {one.key: one for one in made}


def _whole(answer: Assessment, form: Form) -> Iterator[Figure]:
    form_source = Source("form", "II-2")
    yield Figure("县名", county_told(answer), county_told(answer), label="县名")
    yield Figure("标准", answer.rules.standard.full_title, answer.rules.standard.id, label="采用的标准")
    yield Figure("判定日", day_told(answer.as_of), answer.as_of.isoformat(), label="规则的日期")
    yield Figure("数据来源", "；".join(sources(answer.facts)) or "未写明", label="数据来源")
    for key, verdict in (("全县结论", answer.verdict), ("资源配置结论", answer.resources)):
        yield Figure(key, VERDICT_LABELS[verdict], verdict, _state(verdict), form_source, key)
    number = len(answer.rules.indicators)
    yield Figure("资源配置.项数", str(number), number, label="资源配置项数")
    failing = [one for one in answer.sections if one.in_sample and one.verdict == "fail"]
    listed = "、".join(dict.fromkeys(f"{one.school_name}（{STAGE_LABELS[one.stage]}）" for one in failing)) or NONE
    yield Figure("未达标学校", listed, len(failing), source=form_source, label="资源配置未达标的学校")
    lacking = len([one for one in form.open if one.state == "missing"])
    yield Figure("未报处数", str(lacking), lacking, source=form_source, label="申报表上未报的处数")


def _state(verdict: str) -> str:
    return verdict if verdict in {"undetermined", "not_applicable"} else "known"


def _of(key: str, cell: Cell, label: str) -> Figure:
    percent = "%" if cell.unit == "%" and cell.value is not None else ""
    return Figure(key, f"{cell.text}{percent}", cell.value, cell.state, cell.source, label)


def _stage(answer: Assessment, form: Form, stage: str, one: Stage) -> Iterator[Figure]:
    name = STAGE_LABELS[stage]
    source = Source("form", "II-2", stage=stage)
    yield Figure(f"{name}.学校数", str(one.schools), one.schools, source=source, label=f"{name}样本学校数")
    yield Figure(f"{name}.在校生数", str(one.pupils), one.pupils, source=source, label=f"{name}样本在校生数")
    yield Figure(f"{name}.结论", VERDICT_LABELS[one.verdict], one.verdict, _state(one.verdict), source, f"{name}结论")
    limit = answer.rules.spread_limits[stage]
    yield Figure(f"{name}.差异系数上限", line_told(limit), limit, label=f"{name}差异系数上限")
    passing, spreads = form.tables["II-1"], form.tables["III"]
    yield _of(f"{name}.达标学校数", passing.cell(f"{stage}.{PASSING}", COMPOSITE), f"{name}达标学校数")
    yield _of(f"{name}.达标比例", passing.cell(f"{stage}.{RATE}", COMPOSITE), f"{name}达标学校比例")
    yield _of(f"{name}.综合差异系数", spreads.cell(f"{stage}.{SPREAD}", COMPOSITE), f"{name}综合差异系数")
    over = [id for id, found in one.indicators.items() if found.status == "fail"]
    told = "、".join(f"{id} {answer.rules.indicators[id].name}" for id in over) or NONE
    yield Figure(
        f"{name}.超限指标", told, len(over), source=Source("form", "III", stage=stage), label=f"{name}超限指标"
    )
    for id, spread in one.indicators.items():
        yield from _indicator(answer, form, stage, id, spread)


def _indicator(answer: Assessment, form: Form, stage: str, id: str, spread: Spread) -> Iterator[Figure]:
    name, told = f"{STAGE_LABELS[stage]}.{id}", f"{STAGE_LABELS[stage]}{answer.rules.indicators[id].name}"
    source = Source("indicator", id, stage=stage)
    line = answer.rules.thresholds[id][stage]
    yield Figure(f"{name}.标准值", line_told(line), line, source=source, label=f"{told}标准值")
    status = spread.status
    yield Figure(f"{name}.差异系数结论", VERDICT_LABELS[status], status, _state(status), source, f"{told}差异系数结论")
    for key, table, row in (
        ("达标学校数", "II-1", PASSING),
        ("达标比例", "II-1", RATE),
        ("均值", "III", MEAN),
        ("差异系数", "III", SPREAD),
    ):
        yield _of(f"{name}.{key}", form.tables[table].cell(f"{stage}.{row}", id), f"{told}{key}")


def _group(answer: Assessment, form: Form, group: str) -> Iterator[Figure]:
    """Yield how many requirements of a group are met, which are not, and all of them line by line."""
    name, own = GROUPS[group], [one for one in answer.requirements.values() if one.group == group]
    table = next(id for id, one in form.tables.items() if own and own[0].id in {row.key for row in one.rows})
    source = Source("form", table)
    statuses = {
        "达标项数": "pass",
        "未达标项数": "fail",
        "不能判定项数": "undetermined",
        "不适用项数": "not_applicable",
    }
    yield Figure(f"{name}.项数", str(len(own)), len(own), source=source, label=f"{name}项数")
    for key, status in statuses.items():
        number = sum(one.status == status for one in own)
        yield Figure(f"{name}.{key}", str(number), number, source=source, label=f"{name}{key}")
    for key, status in (("未达标", "fail"), ("不能判定", "undetermined")):
        told = "；".join(f"{one.name}（{one.reason}）" for one in own if one.status == status) or NONE
        yield Figure(f"{name}.{key}", told, source=source, label=f"{name}{key}的各项")
    lines = [_line(form.tables[table], at, one) for at, one in enumerate(own, 1)]
    yield Figure(f"{name}.逐项", "\n".join(lines), source=source, label=f"{name}逐项情况")


def _line(table: Table, at: int, one: RequirementAnswer) -> str:
    return f"{at}．{one.name}。{table.cell(one.id, 'told').text}。自评{VERDICT_LABELS[one.status]}。"


def _requirement(form: Form, one: RequirementAnswer) -> Iterator[Figure]:
    source = Source("requirement", one.id)
    yield Figure(f"{one.id}.名称", one.name, one.name, label=f"{one.id} 名称")
    yield Figure(f"{one.id}.结论", VERDICT_LABELS[one.status], one.status, _state(one.status), source, f"{one.id} 结论")
    yield Figure(f"{one.id}.原因", one.reason or NONE, label=f"{one.id} 未达标或不能判定的原因", source=source)
    table = next((table for table in form.tables.values() if one.id in {row.key for row in table.rows}), None)
    if table is not None:
        cell = table.cell(one.id, "told")
        yield Figure(one.id, cell.text, None, cell.state, source, f"{one.id} 指标值或简要结论")
        for figure in cell.fields:
            if not figure.hidden:
                yield _of(f"{one.id}.{figure.label}", figure, f"{one.id} {figure.label}")


def _county(form: Form) -> Iterator[Figure]:
    for row in form.tables["I"].rows:
        yield _of(f"表Ⅰ.{row.key}", row.cells[-1], f"表Ⅰ {row.key} {row.cells[2].text}")
    survey = form.tables["VI"]
    for row in survey.rows:
        for column, cell in zip(survey.columns, row.cells, strict=True):
            if column.code:
                yield _of(f"表Ⅵ.{row.key}.{column.code}", cell, f"表Ⅵ {row.key} {column.heading}")


def _tables(form: Form) -> Iterator[Figure]:
    """Yield the form's tables as tables of a text; the one of schools is an attachment, too broad for a text."""
    for table in form.tables.values():
        grid = _upright(table) if table.landscape and len(table.rows) < len(table.columns) else _as_printed(table)
        yield Figure(table.short, table.title, source=Source("form", table.id), label=table.title, grid=grid)


def _as_printed(table: Table) -> Grid:
    headings = tuple(one.heading for one in table.columns)
    rows = tuple(tuple(cell.text for cell in row.cells) for row in table.rows)
    return Grid(table.title, headings, rows, tuple(one.share for one in table.columns))


def _upright(table: Table) -> Grid:
    """Return a broad table with a line for each of its columns: names of indicators fit in no narrow column."""
    named = len([one for one in table.columns if not one.code])
    headings = ("指标", *("".join(cell.text for cell in row.cells[:named]) for row in table.rows))
    rows = tuple(
        (one.heading, *(row.cells[at].text for row in table.rows))
        for at, one in enumerate(table.columns)
        if at >= named
    )
    return Grid(table.title, headings, rows, (NAME_SHARE, *(VALUE_SHARE for _ in table.rows)))


def _charts(answer: Assessment) -> Iterator[Figure]:
    """Yield the spreads of each stage as the chart that boards show."""
    decimals = answer.rules.standard.display.spread_decimals
    for stage, one in answer.stages.items():
        bars = [
            Bar(f"{id} {answer.rules.indicators[id].name}", found.cv, found.cv_limit, told, KEPT.get(found.status))
            for id, found in one.indicators.items()
            for told in (spread_told(found, decimals),)
        ]
        drawing = spreads_chart(STAGE_LABELS[stage], bars).drawing
        rows = tuple((bar.label, bar.told, shown(bar.limit, decimals)) for bar in bars)
        key, source = f"图.{STAGE_LABELS[stage]}差异系数", Source("form", "III", stage=stage)
        picture = Picture(drawing, ("指标", "差异系数", "上限"), rows)
        yield Figure(key, drawing.title, source=source, label=drawing.title, chart=picture)
