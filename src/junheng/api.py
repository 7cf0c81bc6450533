"""What `import junheng` offers, and all that the platform may import of the core besides the types below it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from junheng.engine.assess import assess_all as _assess_all
from junheng.engine.assess import of_county
from junheng.engine.comparison import Comparison, compare
from junheng.engine.county import ENGINE_VERSION
from junheng.engine.display import shown, shown_beside, with_unit
from junheng.engine.explaining import explained
from junheng.engine.requirement_trace import RequirementTrace
from junheng.engine.result import Assessment, Section
from junheng.engine.sensitivity import Sensitivity, sensitivities
from junheng.engine.spread_trace import SpreadTrace
from junheng.engine.trace import Trace, find_indicator, find_section
from junheng.facts.mapped.load import load_mapping
from junheng.facts.mapped.reading import read_mapped
from junheng.facts.model import Facts
from junheng.facts.plan_template import write_plan_template
from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.readers import Loaded, load, load_plan_table, load_plan_tables
from junheng.facts.readers import load_table as _load_table
from junheng.facts.template import write_table, write_template, write_workbook
from junheng.facts.writers import write_csv, write_parquet
from junheng.nationwide import aggregate, following, lay_out, nation
from junheng.output.annotated import write_annotated
from junheng.output.answer import as_dict, schema, to_json
from junheng.output.charts.bars import Bar, bars_chart, spreads_chart
from junheng.output.charts.plan import Chart, plan_chart
from junheng.output.charts.progress import progress_chart
from junheng.output.comparison import comparison_schema, comparison_to_json, print_comparison
from junheng.output.dictionary import dictionary
from junheng.output.document.write import write_assessment_docx
from junheng.output.findings import findings_schema, findings_to_json, print_findings
from junheng.output.nation import print_nation, write_nation
from junheng.output.overlay import differences_to_json, print_differences
from junheng.output.page.write import to_html, write_assessment_html
from junheng.output.plan import plan_as_dict, plan_schema, plan_to_json
from junheng.output.plan_answer import plan_told
from junheng.output.plan_page import plan_to_html, write_plan_html
from junheng.output.plan_terminal import print_plan
from junheng.output.plan_workbook import write_plan_xlsx
from junheng.output.rules import documents_to_json, print_rules, rules_to_json
from junheng.output.terminal import print_assessment, print_problems
from junheng.output.told import labels_told, line_told
from junheng.output.trace import print_trace, trace_schema, trace_to_json
from junheng.output.workbook.write import write_assessment_xlsx
from junheng.output.worked import worked_to_json
from junheng.planner.edits import Edit, EditCost, edit_costs, edited
from junheng.planner.persons import Move as PlanMove
from junheng.planner.persons import SubjectChange, Suggested, Suggestion, persons_of
from junheng.planner.persons import staying as _staying
from junheng.planner.persons import suggest as _suggest
from junheng.planner.plan import Action as PlanAction
from junheng.planner.plan import Because as PlanBecause
from junheng.planner.plan import Plan
from junheng.planner.planning import GAP, SECONDS, How, plan_county
from junheng.planner.planning import Progress as PlanProgress
from junheng.planner.regrouping import classes_needed
from junheng.quality.crowding import Crowd
from junheng.quality.crowding import crowds as _crowds
from junheng.quality.model import Finding, Findings
from junheng.quality.peers import Like, Peer, Ratio
from junheng.quality.peers import peers as _peers
from junheng.quality.run import check_county
from junheng.rosters.counting import (
    RosterCount,
    Standing,
    Suspect,
    count_teachers,
    counted_columns,
    find_traps,
    people_counted,
    school_readings,
)
from junheng.rosters.model import SchoolReading, Trap
from junheng.rosters.records.checking import RecordFinding
from junheng.rosters.records.load import load_record_checks as record_checks
from junheng.rosters.records.model import RecordCheck
from junheng.rosters.schema import REGISTERS
from junheng.rosters.staffing import Sign, signs, vacant
from junheng.standard.differences import differences
from junheng.standard.load import available, load_standard
from junheng.standard.model import Standard

# One of the planner's tables: a file, or the table itself.
Terms: TypeAlias = "str | Path | pa.Table | None"

__all__ = [
    "ENGINE_VERSION",
    "REGISTERS",
    "Assessment",
    "Bar",
    "Chart",
    "Comparison",
    "Crowd",
    "Edit",
    "EditCost",
    "Facts",
    "Finding",
    "Findings",
    "Like",
    "Loaded",
    "Peer",
    "Plan",
    "PlanAction",
    "PlanBecause",
    "PlanMove",
    "PlanProgress",
    "Problem",
    "Ratio",
    "RecordCheck",
    "RecordFinding",
    "RequirementTrace",
    "RosterCount",
    "SchoolReading",
    "Section",
    "Sensitivity",
    "Sign",
    "SpreadTrace",
    "Standard",
    "Standing",
    "SubjectChange",
    "Suggested",
    "Suggestion",
    "Suspect",
    "Trace",
    "Trap",
    "Unusable",
    "aggregate",
    "as_dict",
    "assess",
    "assess_all",
    "available",
    "bars_chart",
    "check",
    "classes_needed",
    "compare",
    "comparison_schema",
    "comparison_to_json",
    "count_teachers",
    "counted_columns",
    "crowds",
    "dictionary",
    "differences",
    "differences_to_json",
    "documents_to_json",
    "edit_costs",
    "edited",
    "explain",
    "find_traps",
    "findings_schema",
    "findings_to_json",
    "following",
    "labels_told",
    "lay_out",
    "line_told",
    "load",
    "load_mapping",
    "load_register",
    "load_standard",
    "nation",
    "peers",
    "people_counted",
    "plan",
    "plan_as_dict",
    "plan_chart",
    "plan_schema",
    "plan_to_html",
    "plan_to_json",
    "plan_told",
    "print_assessment",
    "print_comparison",
    "print_differences",
    "print_findings",
    "print_nation",
    "print_plan",
    "print_problems",
    "print_rules",
    "print_trace",
    "progress_chart",
    "read_mapped",
    "record_checks",
    "rules_to_json",
    "schema",
    "school_readings",
    "sensitivities",
    "sensitivity",
    "sensitivity_table",
    "shown",
    "shown_beside",
    "signs",
    "spreads_chart",
    "suggest_teachers",
    "teachers_staying",
    "to_html",
    "to_json",
    "trace_schema",
    "trace_to_json",
    "vacant",
    "with_unit",
    "worked_to_json",
    "write_annotated",
    "write_assessment_docx",
    "write_assessment_html",
    "write_assessment_xlsx",
    "write_csv",
    "write_nation",
    "write_parquet",
    "write_plan_html",
    "write_plan_template",
    "write_plan_xlsx",
    "write_table",
    "write_template",
    "write_workbook",
]


def assess(
    facts: Facts,
    standard: str = "national-2017",
    *,
    as_of: dt.date | None = None,
    county: str | None = None,
    engine: str = "duckdb",
) -> Assessment:
    """Return one county's answer: sections, values, spreads, gaps, verdicts and their reasons.

    `county` is required where `facts` holds several. `as_of` chooses the rules in force (default: the facts'
    counting date). Raises `Unusable` for an unknown standard or county, or where no day is known.

    >>> import junheng as jh
    >>> answer = jh.assess(jh.load("examples/shili/facts"))
    >>> answer
    <Assessment 示例旗（虚构）（national-2017，2025-09-01）：不达标；primary 不达标；junior 不达标>
    >>> spread = answer.stages["primary"].indicators["B6"]
    >>> round(spread.cv, 3), spread.cv_limit, spread.status
    (0.506, 0.5, 'fail')
    >>> answer.stages["junior"].indicators["B6"].cv is None  # a school has not reported: bounds instead
    True
    """
    own = of_county(facts, county) if county is not None else _the_only(facts)
    return next(_assess_all(own, load_standard(standard), as_of, engine))


def assess_all(
    facts: Facts, standard: str = "national-2017", *, as_of: dt.date | None = None, engine: str = "duckdb"
) -> Iterator[Assessment]:
    """Return an iterator over every county's answer, in the order of their codes. Raises as `assess` does.

    >>> import junheng as jh
    >>> [(one.county_code, one.verdict) for one in jh.assess_all(jh.load("examples/shili/facts"))]
    [('150699', 'fail')]
    """
    return _assess_all(facts, load_standard(standard), as_of, engine)


def load_register(path: str | Path, name: str = "teachers") -> Loaded:
    """Read a register, `teachers` (教师台账) or `staffing` (编制台账), from a workbook or a .csv file.

    Its `rows` are what `count_teachers` counts. Raises `Unusable` with every problem, KeyError for no such register.

    >>> import junheng as jh
    >>> len(jh.load_register("examples/shili/registers/teachers.csv").rows)
    984
    """
    return _load_table(path, REGISTERS[name])


def explain(
    facts: Facts,
    school: str | None = None,
    stage: str | None = None,
    indicator: str = "",
    *,
    standard: str = "national-2017",
    as_of: dt.date | None = None,
    county: str | None = None,
) -> Trace | SpreadTrace | RequirementTrace:
    """Return how one number came about, from the cells to the verdict, with clause and sources.

    One of B1-B7 with a school (code or name) and a stage: a `Trace` of the value, with what one more unit does. With
    a stage alone: a `SpreadTrace`. Any other indicator, alone or for one school: a `RequirementTrace`. Raises
    `Unusable` naming those that there are where school, stage or indicator is unknown, and as `assess` does.

    >>> import junheng as jh
    >>> facts = jh.load("examples/shili/facts")
    >>> jh.explain(facts, "示例旗第四小学", "primary", "B4").measured.gap_to_threshold  # m2
    469
    >>> jh.explain(facts, stage="primary", indicator="B6")
    <SpreadTrace primary B6：0.505703，20 校>
    """
    own, answer = _judged(facts, standard, as_of, county)
    return explained(own, answer, school, stage, indicator)


def sensitivity(
    facts: Facts,
    school: str,
    stage: str,
    indicator: str,
    *,
    standard: str = "national-2017",
    as_of: dt.date | None = None,
    county: str | None = None,
) -> Sensitivity:
    """Return what one more unit (a teacher, 1 m2, 1 yuan, a room) and one more pupil do at one section, exactly.

    With it stand the units that reach the lines, and those that alone bring the stage's spread within its limit.
    Raises `Unusable` as `explain` does.

    >>> import junheng as jh
    >>> one = jh.sensitivity(jh.load("examples/shili/facts"), "示例旗第四小学", "primary", "B6")
    >>> one.units_to_limit  # yuan, with which this school alone brings the spread within its limit
    207842
    """
    own, answer = _judged(facts, standard, as_of, county)
    section = find_section(answer, school, stage)
    return sensitivities(own, answer, [section], [find_indicator(answer.rules, indicator)])[0]


def sensitivity_table(
    facts: Facts,
    stage: str,
    indicator: str | None = None,
    *,
    standard: str = "national-2017",
    as_of: dt.date | None = None,
    county: str | None = None,
) -> tuple[Sensitivity, ...]:
    """Return the same for every section of a stage, in the order of the file: one indicator, or all of B1-B7."""
    own, answer = _judged(facts, standard, as_of, county)
    indicators = list(answer.rules.indicators) if indicator is None else [find_indicator(answer.rules, indicator)]
    return sensitivities(own, answer, [one for one in answer.sections if one.stage == stage], indicators)


def _judged(facts: Facts, standard: str, as_of: dt.date | None, county: str | None) -> tuple[Facts, Assessment]:
    """Return one county's own facts with its answer."""
    own = of_county(facts, county) if county is not None else _the_only(facts)
    return own, next(_assess_all(own, load_standard(standard), as_of))


def check(
    facts: Facts,
    standard: str = "national-2017",
    *,
    as_of: dt.date | None = None,
    county: str | None = None,
    previous: Facts | None = None,
    severity: str | None = None,
) -> Findings:
    """Return one county's data-quality findings, the gravest first; an empty cell is only ever found missing.

    With a `severity` (error, warning, hint) only the checks of that severity are made.

    `county` is required where `facts` holds several. The day (`as_of`, or the facts' counting date) chooses the
    rules; without one, checks that need it are listed as skipped, and so are those that compare with `previous`,
    last year's facts of the same county, without it. Raises `Unusable` as `assess` does.

    >>> import junheng as jh
    >>> found = jh.check(jh.load("examples/shili/facts"))
    >>> found.counts
    {'error': 0, 'warning': 1, 'hint': 4}
    >>> found.findings[0].message
    '教学仪器设备资产值未报，B6 因此没有数值'
    """
    own = of_county(facts, county) if county is not None else _the_only(facts)
    return check_county(facts, load_standard(standard), as_of, next(iter(own.counties), ""), previous, severity)


def crowds(answer: Assessment, margin: Fraction = Fraction(1, 100)) -> tuple[Crowd, ...]:
    """Return which schools stand within `margin` (a share of it) above and below each line of B1-B7, and its chance.

    The chance is that of the exact binomial tail, if a school so near a line were above it with probability one half.

    >>> from fractions import Fraction
    >>> import junheng.api as jh
    >>> one = jh.crowds(jh.assess(jh.load("examples/shili/facts")), Fraction(1, 20))[1]
    >>> one.stage, one.indicator, len(one.above), len(one.below), one.chance
    ('junior', 'B5', 1, 1, Fraction(3, 4))
    """
    return _crowds(answer, margin)


def peers(
    facts: Facts, ratio: Ratio, standard: str = "national-2017", *, sizes: Sequence[int], least: int = 8
) -> tuple[Peer, ...]:
    """Return each school's ratio beside the median of the schools like it: same type, size and kind of place.

    `sizes` are the numbers of pupils at which another size begins, `least` the fewest schools that make a median;
    where there are fewer, those of every place are taken, then of every size, else `middle` is None. Exact fractions.

    >>> from fractions import Fraction
    >>> import junheng.api as jh
    >>> ratio = jh.Ratio(("equipment_value",), ("primary_pupils", "junior_pupils", "senior_pupils"))
    >>> found = jh.peers(jh.load("examples/shili/facts"), ratio, sizes=(300,))
    >>> [(one.school_code, one.alike) for one in found if one.above(Fraction(6), Fraction(1))]
    [('1506990003', 10), ('1506990007', 10)]
    """
    return _peers(facts, load_standard(standard), ratio, sizes, least)


def plan(
    facts: Facts,
    standard: str = "national-2017",
    *,
    as_of: dt.date | None = None,
    county: str | None = None,
    prices: Terms = None,
    limits: Terms = None,
    distances: Terms = None,
    budget: int | None = None,
    gap: float = GAP,
    seconds: float = SECONDS,
    explain: bool = True,
    alternatives: bool = False,
    frontier: int = 0,
    second_engine: bool = False,
    today: dt.date | None = None,
    told: Callable[[PlanProgress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """Return the cheapest plan with which the county's resources pass, or the proof that there is none, with reasons.

    Prices, limits and distances are files or Arrow tables; without one, that beside the facts is read. `budget` is
    yuan. The search ends at the relative `gap`, after `seconds`, or when `stop()` says so, with the best plan until
    then; `told` hears how far it is. `explain` also asks what limits are worth, `alternatives` for other plans that
    cost hardly more, `frontier` for so many points of cost against failing schools; `second_engine` has SCIP solve it
    too, beside. Things can be begun from `today` on (default: the day of the rules). Every plan is confirmed by an
    exact checker and by judging the county anew. Raises `Unusable` without prices, where a school's pupils or type are
    not reported, where SCIP is asked for and not installed, and as `assess` does.

    >>> import junheng as jh
    >>> best = jh.plan(jh.load("examples/shili/facts"), explain=False)
    >>> best.status, best.failing_schools, best.assessment.resources
    ('optimal', 0, 'pass')
    >>> best.cost < best.baseline
    True
    """
    own = of_county(facts, county) if county is not None else _the_only(facts)
    tables = load_plan_tables(facts.source) if facts.source else {}
    given = {"prices": prices, "limits": limits, "distances": distances}
    tables |= {name: _terms(one, name) for name, one in given.items() if one is not None}
    how = How(gap, seconds, explain, alternatives, frontier, second_engine, told, stop)
    return plan_county(own, load_standard(standard), as_of, tables, budget=budget, today=today, how=how)


def suggest_teachers(moves: Sequence[PlanMove], teachers: pa.Table, facts: Facts, *, as_of: dt.date) -> Suggestion:
    """Return who of a register could go with each transfer of a plan on a day (P23): suggestions, not decisions.

    Who goes is of the transfer's kind, holds a certificate for the stage (教师资格条例 第五条) and for the subject that
    he teaches, teaches in the language of the school to which he would go, and is not exempt. As few transfers as can
    be are left without somebody; then as few teachers as can be leave a school that gets none of their subject.

    >>> import datetime as dt
    >>> import junheng as jh
    >>> facts, day = jh.load("examples/shili/facts"), dt.date(2025, 9, 1)
    >>> teachers = jh.load_register("examples/shili/registers/teachers.csv").rows
    >>> move = jh.PlanMove("1506990003", "1506990004", "primary", ("above_required_teachers",), 1)
    >>> jh.suggest_teachers([move], teachers, facts, as_of=day).moves[0].lacking
    0
    """
    schools = facts.tables["schools"].to_pylist()
    languages = {row["school_code"]: row["teaching_language"] or "" for row in schools}
    return _suggest(moves, persons_of(teachers, as_of), languages)


def teachers_staying(teachers: pa.Table, *, as_of: dt.date) -> Mapping[str, Mapping[str, int]]:
    """Return how many teachers of each school of a register may not be moved on a day, by the reason (P23).

    >>> import datetime as dt
    >>> import junheng as jh
    >>> teachers = jh.load_register("examples/shili/registers/teachers.csv").rows
    >>> jh.teachers_staying(teachers, as_of=dt.date(2025, 9, 1))["1506990005"]
    {}
    """
    found = _staying(persons_of(teachers, as_of))
    return {school: dict(own) for school, own in found.items()}


def _terms(given: str | Path | pa.Table, name: str) -> pa.Table:
    return given if isinstance(given, pa.Table) else load_plan_table(given, name)


def _the_only(facts: Facts) -> Facts:
    if len(facts.counties) > 1:
        listed = "、".join(f"{code}（{name}）" for code, name in list(facts.counties.items())[:20])
        remedy = f"请用 --county 选一个，或用 --all 逐县输出；数据里有 {len(facts.counties)} 个县：{listed}"
        raise unusable("schools", "数据里不止一个县", remedy)
    return facts
