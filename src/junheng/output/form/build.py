"""Builds the application form of one answer: nothing is judged here, and nothing is guessed."""

from __future__ import annotations

from junheng.engine.assess import of_county
from junheng.engine.part_totals import part_totals
from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.output.form.basics import CountyBasics
from junheng.output.form.county import county_table, given
from junheng.output.form.layout import load_layout
from junheng.output.form.model import Form, Table
from junheng.output.form.requirements import Known, requirement_table, survey_table, totals_asked
from junheng.output.form.schools import outside, passing_table, school_table, spread_table
from junheng.output.told import invented

NOTHING_GIVEN = CountyBasics()


def build_form(answer: Assessment, basics: CountyBasics = NOTHING_GIVEN) -> Form:
    """Return the application form (申报表) of one county's answer.

    What is in no statistics stands in `basics`; what is not given there is open (待填), what has not been reported is
    missing (未报). Raises `Unusable` where the rule book has no form.

    >>> import junheng as jh
    >>> from junheng import papers
    >>> form = papers.build_form(jh.assess(jh.load("examples/shili/facts")))
    >>> form.tables["III"].cell("primary.cv", "B6").text, form.tables["IV"].cell("B18", "told").field("rate").text
    ('0.506', '11.2')
    """
    layout = load_layout(answer.rules.standard)
    facts = _own(answer)
    schools = facts.tables["schools"].to_pylist()
    rows = {school["school_code"]: school for school in schools}
    types = {code: school["school_type"] for code, school in rows.items()}
    totals = part_totals(answer, totals_asked(layout))
    known = Known(answer, facts, basics, layout, totals, types)
    tables = (
        county_table(answer, schools, basics, layout),
        passing_table(answer, layout),
        school_table(answer, rows, layout),
        spread_table(answer, layout),
        *(requirement_table(known, id) for id in layout.requirements),
        survey_table(known),
    )
    return Form(
        title=layout.title,
        county_code=answer.county_code,
        county_name=answer.county_name,
        standard=answer.rules.standard.id,
        as_of=answer.as_of,
        source=layout.source,
        layout=layout.layout,
        invented=invented(facts),
        cover=tuple(given(layout.basics[key], basics, layout.open) for key in layout.cover),
        tables={table.id: table for table in _checked(tables)},
        outside=outside(answer, rows),
    )


def _own(answer: Assessment) -> Facts:
    return of_county(answer.facts, answer.county_code) if answer.facts.counties else answer.facts


def _checked(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Hold each row against its columns: a cell under the wrong heading would be a lie."""
    for table in tables:
        for row in table.rows:
            if len(row.cells) != len(table.columns):
                raise ValueError(f"{table.id} {row.key}")
    return tables
