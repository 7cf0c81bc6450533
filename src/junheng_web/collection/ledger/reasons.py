"""Why the two bases of a period differ at a cell: said of two values, and of no others."""

from __future__ import annotations

from django.db import models

from junheng_web.collection.ledger.periods import Period
from junheng_web.organisation.models import OwnedOnce


class DifferenceReason(OwnedOnce):
    """Why one cell holds this in the census and that today, as both are shown. Another value is another difference."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="reasons")
    table = models.CharField(max_length=20)
    row = models.CharField(max_length=80)
    column = models.CharField(max_length=60)
    census = models.CharField("统计口径", max_length=400, blank=True)
    current = models.CharField("现状口径", max_length=400, blank=True)
    text = models.CharField("原因", max_length=400)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("period", "table", "row"), name="reason_of_row"),)

    @property
    def key(self) -> tuple[str, str, str]:
        """Table, row and column."""
        return self.table, self.row, self.column

    @property
    def pair(self) -> tuple[tuple[str, str, str], str, str]:
        """The cell with the two values of which this is said."""
        return self.key, self.census, self.current

    @property
    def code(self) -> str:
        """Its name within the county, for files."""
        return ":".join([self.period.code, self.table, self.row, self.column, str(self.id)])
