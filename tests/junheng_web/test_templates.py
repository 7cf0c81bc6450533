"""Templates: each that is named is there; one that is missing shows only on the page that needs it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import junheng_web

ROOMS = Path(junheng_web.__file__).parent
NAMES = sorted(str(path.relative_to(root)) for root in ROOMS.glob("*/templates") for path in root.rglob("*.html"))
NAMED = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles_and_what_it_names_is_there(name: str) -> None:
    """An included part is looked for only when it is drawn: a page without data would be the first to miss it."""
    template = get_template(name)
    for part in NAMED.findall(template.template.source):
        assert get_template(part).template.origin.template_name == part


def test_templates_were_found() -> None:
    """So that the walk above cannot be over nothing."""
    assert len(NAMES) > 100
