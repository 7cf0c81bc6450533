"""均衡 (junheng): the exact verdict on a county's compulsory schools, with the reason behind every number.

>>> import junheng as jh
>>> answer = jh.assess(jh.load("examples/shili/facts"))
>>> answer.verdict, len(answer.reasons), answer.to_frame().shape
('fail', 16, (245, 13))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from junheng.api import (
        ENGINE_VERSION,
        Assessment,
        Comparison,
        Facts,
        Finding,
        Findings,
        Plan,
        PlanMove,
        RequirementTrace,
        Sensitivity,
        SpreadTrace,
        Standard,
        Trace,
        Unusable,
        assess,
        assess_all,
        check,
        compare,
        comparison_to_json,
        count_teachers,
        dictionary,
        explain,
        find_traps,
        findings_to_json,
        load,
        load_register,
        load_standard,
        people_counted,
        plan,
        plan_chart,
        plan_to_html,
        plan_to_json,
        sensitivity,
        sensitivity_table,
        suggest_teachers,
        teachers_staying,
        to_html,
        to_json,
        write_annotated,
        write_assessment_docx,
        write_assessment_html,
        write_assessment_xlsx,
        write_csv,
        write_parquet,
        write_plan_html,
        write_plan_template,
        write_plan_xlsx,
        write_template,
        write_workbook,
    )
    from junheng.nationwide import aggregate, following, lay_out, nation

__version__ = "0.1.0"

__all__ = [
    "ENGINE_VERSION",
    "Assessment",
    "Comparison",
    "Facts",
    "Finding",
    "Findings",
    "Plan",
    "PlanMove",
    "RequirementTrace",
    "Sensitivity",
    "SpreadTrace",
    "Standard",
    "Trace",
    "Unusable",
    "__version__",
    "aggregate",
    "assess",
    "assess_all",
    "check",
    "compare",
    "comparison_to_json",
    "count_teachers",
    "dictionary",
    "explain",
    "find_traps",
    "findings_to_json",
    "following",
    "lay_out",
    "load",
    "load_register",
    "load_standard",
    "nation",
    "people_counted",
    "plan",
    "plan_chart",
    "plan_to_html",
    "plan_to_json",
    "sensitivity",
    "sensitivity_table",
    "suggest_teachers",
    "teachers_staying",
    "to_html",
    "to_json",
    "write_annotated",
    "write_assessment_docx",
    "write_assessment_html",
    "write_assessment_xlsx",
    "write_csv",
    "write_parquet",
    "write_plan_html",
    "write_plan_template",
    "write_plan_xlsx",
    "write_template",
    "write_workbook",
]

# Where what does not need all of the api stands: a job that runs every night starts in half the time.
APART = dict.fromkeys(("aggregate", "following", "lay_out", "nation"), "junheng.nationwide")


def __getattr__(name: str) -> Any:
    """Return what is offered, loading it when it is asked for first."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(APART.get(name, "junheng.api")), name)
    return found


def __dir__() -> list[str]:
    """Return the names that are offered."""
    return sorted({*globals(), *__all__})
