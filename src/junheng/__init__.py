"""均衡 (junheng): the exact verdict on a county's compulsory schools, with the reason behind every number.

import junheng as jh
answer = jh.assess(jh.load("examples/shili/facts"))
answer.verdict, answer.reasons, answer.to_frame()
"""

from junheng.api import (
    ENGINE_VERSION,
    Assessment,
    Facts,
    Finding,
    Findings,
    RequirementTrace,
    Sensitivity,
    SpreadTrace,
    Standard,
    Trace,
    Unusable,
    assess,
    assess_all,
    check,
    explain,
    findings_to_json,
    load,
    load_standard,
    sensitivity,
    sensitivity_table,
    to_json,
    write_annotated,
    write_csv,
    write_template,
    write_workbook,
)

__version__ = "0.1.0"

__all__ = [
    "ENGINE_VERSION",
    "Assessment",
    "Facts",
    "Finding",
    "Findings",
    "RequirementTrace",
    "Sensitivity",
    "SpreadTrace",
    "Standard",
    "Trace",
    "Unusable",
    "__version__",
    "assess",
    "assess_all",
    "check",
    "explain",
    "findings_to_json",
    "load",
    "load_standard",
    "sensitivity",
    "sensitivity_table",
    "to_json",
    "write_annotated",
    "write_csv",
    "write_template",
    "write_workbook",
]
