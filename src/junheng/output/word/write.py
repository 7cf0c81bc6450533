"""Writes the Word file: the county's page, then the schools in the order of the facts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from junheng.engine.result import Assessment, Section
from junheng.facts.model import Facts
from junheng.output.gaps import has_findings
from junheng.output.told import county_told, invented
from junheng.output.word.county import write_county
from junheng.output.word.paper import Paper
from junheng.output.word.school import write_school


def write_assessment_docx(answer: Assessment, facts: Facts, file: Path) -> None:
    """Write one county's findings by school as a Word file; `facts` are those that it was judged from."""
    notice = invented(facts)
    title = f"{county_told(answer)}优质均衡分校问题清单"
    paper = Paper(title, answer.as_of, notice)
    paper.title(title)
    paper.note(f"（按 {answer.as_of} 的规则，{answer.rules.standard.number}）")
    if notice:
        paper.text(notice, warning=True)
    write_county(answer, paper)
    for sections in _schools(answer).values():
        write_school(answer, sections, paper)
    paper.save(file)


def _schools(answer: Assessment) -> dict[str, list[Section]]:
    """Return the sections with findings by school."""
    schools: dict[str, list[Section]] = defaultdict(list)
    for section in answer.sections:
        if has_findings(answer, section):
            schools[section.school_code].append(section)
    return schools
