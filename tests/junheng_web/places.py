"""What tests of the platform share: where the examples stand, and the two counties."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
COUNTY, FOREIGN = "150699", "150624"
