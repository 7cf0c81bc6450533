"""Numbers at rest are integers: a field that reads and writes Decimal over BIGINT in the smallest unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


class Scaled(models.BigIntegerField):
    """A quantity in `unit`, kept as an integer of 10**-`scale` units. Raises ValidationError for more decimals."""

    def __init__(self, unit: str = "", scale: int = 0, **options: Any) -> None:
        self.unit, self.scale = unit, scale
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {**options, "unit": self.unit, "scale": self.scale}

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.scale)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        smallest = Decimal(str(value)).scaleb(self.scale)
        if smallest != smallest.to_integral_value():
            raise ValidationError(f"{value} 的小数位超过 {self.scale} 位")
        return int(smallest)
