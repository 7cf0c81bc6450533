"""Facts at rest: what was entered, once and for all, and the current cell of each, which carries its revision."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, When
from django.db.models import Value as Literal
from django.db.models.functions import Concat, StrIndex, Substr

from junheng.facts.schema import COUNTY
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.organisation.journal import OwnedAppendOnly, WrittenOnce
from junheng_web.organisation.models import CountyOwned, OwnedOnce


class Write(OwnedOnce):
    """One act of entering: who, when, in which post, from which file; its number is its place in the ledger.

    `behalf` names who said so, where the office entered a letter of somebody without an account (代录).
    """

    class Kind(models.TextChoices):
        TYPED = "typed", "录入"
        IMPORTED = "imported", "导入"
        REPLY = "reply", "代录"
        CARRIED = "carried", "沿用上年，待确认"
        CONFIRMED = "confirmed", "确认沿用"
        KNOWN = "known", "取自统计口径"
        REGISTER = "register", "台账算出"
        VISITED = "visited", "督导查看"
        FUNDED = "funded", "资金项目入账"

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="writes")
    sequence = models.PositiveBigIntegerField()
    code = models.CharField(max_length=24)
    kind = models.CharField("方式", max_length=10, choices=Kind.choices)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    file_digest = models.CharField("SHA-256", max_length=64, blank=True)
    behalf = models.CharField("代谁录入", max_length=80, blank=True)

    class Meta:
        ordering = ("sequence",)
        constraints = (models.UniqueConstraint(fields=("ledger", "sequence"), name="write_in_order"),)


# A row of a school is named by its code, and after this by what tells it from the school's other rows.
SEPARATOR = "|"
_CODE = Substr("row", 1, StrIndex(Concat("row", Literal(SEPARATOR)), Literal(SEPARATOR)) - 1)
_SCHOOL = Case(When(table=COUNTY.name, then=Literal("")), default=_CODE)


class Value(models.Model):
    """A cell's place in the contract's tables, and what it holds: an integer in the smallest unit, or text.

    A cell that was emptied is there, and not reported; one that was never filled in is not there. `school` is the code
    of the school to which the row belongs, nothing of the county's items: by it a form is found among a thousand.
    """

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="+")
    table = models.CharField(max_length=20)
    row = models.CharField(max_length=80)
    column = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    reported = models.BooleanField()
    integer = models.BigIntegerField(null=True)
    text = models.CharField(max_length=400, blank=True)
    school = models.GeneratedField(expression=_SCHOOL, output_field=models.CharField(max_length=80), db_persist=True)

    class Meta:
        abstract = True

    @property
    def key(self) -> tuple[str, str, str]:
        """Table, row and column."""
        return self.table, self.row, self.column


class Entry(CountyOwned, WrittenOnce, Value):
    """What one act put into one cell; never changed. `sheet`, `file_row` and `file_column` say where in its file.

    `source` is the entry of another ledger whose value this one repeats.
    """

    write = models.ForeignKey(Write, models.PROTECT, related_name="entries")
    sheet = models.CharField("工作表", max_length=60, blank=True)
    file_row = models.PositiveIntegerField("行", null=True)
    file_column = models.CharField("列", max_length=80, blank=True)
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    objects = OwnedAppendOnly.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("ledger", "table", "row", "column", "revision"), name="entry_once"),
        )
        indexes = (models.Index(fields=("ledger", "school"), name="entry_of_school"),)


class Cell(CountyOwned, Value):
    """What a cell holds now."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    sequence = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("ledger", "table", "row", "column"), name="cell_once"),)
        indexes = (
            models.Index(fields=("ledger", "sequence"), name="cell_changed"),
            models.Index(fields=("ledger", "school"), name="cell_of_school"),
        )
