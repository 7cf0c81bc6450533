"""Disputed points as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from junheng.standard.model import Disputed


def disputed_as_dicts(questions: Iterable[Disputed]) -> list[dict[str, Any]]:
    """Return each question with its readings; `computed` tells whether an answer says what a reading would change.

    `uncomputed` is what keeps it from being worked out.
    """
    return [
        {
            "question": one.question,
            "readings": [
                {
                    "reading": reading.reading,
                    "source": reading.source,
                    "in_force": reading.in_force,
                    "computed": reading.computed,
                    "uncomputed": reading.uncomputed or None,
                }
                for reading in one.readings
            ],
        }
        for one in questions
    ]
