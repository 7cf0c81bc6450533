"""Codes that nobody had to think of: a word and the next number."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

# A code stands in addresses and in workbooks.
CODE = re.compile(r"[\w.-]{1,40}")


def next_code(rows: QuerySet, word: str) -> str:
    """Return the code after the highest among the rows that begin with the word."""
    taken = rows.filter(code__startswith=f"{word}-").values_list("code", flat=True)
    numbers = [int(code.rpartition("-")[2]) for code in taken if code.rpartition("-")[2].isdigit()]
    return f"{word}-{max(numbers, default=0) + 1}"


def code_checked(code: str) -> str:
    """Return a code without spaces around it. Raises ValidationError where it cannot stand in an address."""
    code = code.strip()
    if not CODE.fullmatch(code):
        raise ValidationError(f"代码“{code}”只能用字母、数字、汉字和 . - _，不超过 40 个字")
    return code
