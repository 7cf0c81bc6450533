"""Nothing that a user meets is undocumented: commands, options, columns, items, indicators, checks, the interface."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import junheng as jh
from junheng import matching, papers
from junheng.cli import COMMANDS
from junheng.facts.items import ITEMS
from junheng.facts.schema import TABLES
from junheng.quality.load import load_checks
from junheng.rosters.records.load import load_record_checks
from junheng.rosters.records.schema import PEOPLE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """The tool that writes the reference pages."""
    spec = importlib.util.spec_from_file_location("reference_pages", ROOT / "tools" / "reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield what may be typed, behind a command's own deeds too."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for deed in action.choices.values():
                yield from actions(deed)


def test_every_command_and_option_stands_in_the_manual() -> None:
    """The page of commands names each command and each of its options."""
    page = (ROOT / "docs" / "manual" / "commands.md").read_text(encoding="utf-8")
    for name, command in COMMANDS.items():
        assert f"`junheng {name}" in page
        parser = argparse.ArgumentParser(add_help=False)
        command.add(parser)
        options = [option for action in actions(parser) for option in action.option_strings if option != "-h"]
        assert [option for option in options if option not in page] == [], name


def test_every_column_and_item_stands_in_the_data_dictionary(reference: ModuleType) -> None:
    """Under its Chinese label and its English name, with what it counts and where that stands."""
    page = reference.facts_page()
    assert all(f"`{column.name}`" in page for table in PEOPLE.values() for column in table.columns)
    columns = [column for table in TABLES.values() for column in table.columns] + list(ITEMS.values())
    for one in columns:
        told = one.definition
        assert told, one.name
        assert all(text in page for text in (f"`{one.name}`", one.label, told.text, told.source.told)), one.name


def test_every_indicator_and_open_reading_stands_in_the_rule_book(reference: ModuleType) -> None:
    """With its definition and every reading's source."""
    page, standard = reference.rules_page(), jh.load_standard()
    everything = [*standard.indicators.values(), *standard.requirements.values()]
    assert len(everything) == 34
    for one in everything:
        assert f"### {one.id} {one.name}" in page
        assert one.definition in page
        assert all(reading.source in page for question in one.disputed for reading in question.readings)


def test_every_check_stands_in_the_manual(reference: ModuleType) -> None:
    """With what it means and what to do."""
    page = reference.checks_page()
    every = [*load_checks(), *load_record_checks()]
    assert [one.id for one in every if f"| {one.id} |" not in page or one.remedy not in page] == []


def test_everything_that_python_users_import_is_explained(reference: ModuleType) -> None:
    """With its docstring."""
    page = reference.api_page()
    for name in set(jh.__all__) - {"__version__", "ENGINE_VERSION"}:
        assert f"## {name}" in page
        assert getattr(jh, name).__doc__, name
    for module, told, values in (
        (papers, reference.papers_page(), {"TITLES"}),
        (matching, reference.matching_page(), {"GROUPS"}),
    ):
        for name in set(module.__all__) - values:
            assert f"## {name}\n" in told
            assert getattr(module, name).__doc__, name
