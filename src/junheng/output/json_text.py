"""Plain values as JSON text, by one library: Chinese stays readable, numbers keep every digit."""

from __future__ import annotations

from typing import Any

import orjson


def json_text(values: Any, *, indent: bool = True) -> str:
    """Return `values` as JSON; without `indent` as one line. TypeError for what JSON does not know."""
    return orjson.dumps(values, option=orjson.OPT_INDENT_2 if indent else None).decode()
