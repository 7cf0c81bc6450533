"""Every golden case comes out as it is written, and answers change only together with ENGINE_VERSION."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

import golden
import junheng as jh
import remembered
from junheng.output.answer import schema

# All cases are judged once: spread over several processes, each would judge them all again.
pytestmark = pytest.mark.xdist_group("golden")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every case's answer, by county code."""
    return golden.judge_all(lambda: tmp_path_factory.mktemp("golden"))


def answer_of(case: golden.Case, answers: dict[str, Any], tmp_path: Any) -> dict[str, Any]:
    """Return the case's answer; a case without schools has no county among the others and is judged alone."""
    if case.county in answers:
        return answers[case.county]
    return golden.judge((), case.as_of, tmp_path)[""]


@pytest.mark.parametrize("case", golden.cases(), ids=lambda case: f"{case.file}:{case.name}")
def test_a_golden_case_comes_out_as_written(case: golden.Case, answers: dict[str, Any], tmp_path: Any) -> None:
    """What the case expects stands in the answer, exactly unless it writes a tolerance."""
    assert golden.differences(case, answer_of(case, answers, tmp_path)) == []


def test_every_golden_answer_keeps_the_shipped_schema(answers: dict[str, Any]) -> None:
    """The JSON of every case is valid by the JSON Schema that is shipped."""
    validator = jsonschema.Draft202012Validator(schema())
    jsonschema.Draft202012Validator.check_schema(schema())
    wrong = [error.message for answer in answers.values() for error in validator.iter_errors(answer)]
    assert wrong == []
    assert len(answers) > 80


def test_answers_change_only_with_the_engine_version(answers: dict[str, Any]) -> None:
    """A changed golden answer needs a higher ENGINE_VERSION; `python tests/junheng/remembered.py` writes it down."""
    known = json.loads(remembered.FILE.read_text(encoding="utf-8"))
    now = remembered.digests(answers)
    changed = [name for name, digest in known["answers"].items() if now.get(name, digest) != digest]
    assert changed == [], "raise ENGINE_VERSION, then run tests/junheng/remembered.py"
    assert known["engine"] == jh.ENGINE_VERSION
    assert set(known["answers"]) == set(now), "run tests/junheng/remembered.py to write down new cases"


def test_every_condition_passes_in_one_worked_case_and_fails_in_another(answers: dict[str, Any]) -> None:
    """Of the cases that the rule book shows: each part of each requirement, and so each veto item."""
    requirements = jh.load_standard().requirements
    found = {
        (case.file, part["id"], part["status"])
        for case in golden.cases()
        if case.file in requirements
        for part in answers[case.county]["indicators"][case.file]["parts"]
    }
    asked = {(id, part.id) for id, one in requirements.items() for part in one.parts}
    assert {(*one, side) for one in asked for side in ("pass", "fail")} - found == set()


def test_case_names_are_told_apart() -> None:
    """Two cases of one file never share a name: the manual and the remembered answers go by it."""
    names = [(case.file, case.name) for case in golden.cases()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {}),
        ({"a": None}, {"a": 0}),
        ({"a": True}, {"a": 1}),
        ({"a": {}}, {"a": {"b": 1}}),
        ({"a": [1]}, {"a": [1, 2]}),
        ({"a": 4.2}, {"a": 4.2000001}),
    ],
)
def test_the_comparison_sees_each_difference(expected: Any, actual: Any) -> None:
    """A golden case cannot pass by accident: missing keys, null for zero and near numbers are differences."""
    assert golden.compare(expected, actual, 0)
