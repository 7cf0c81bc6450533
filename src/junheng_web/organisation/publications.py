"""What an area has published: a public document, reproduced as it is printed."""

from __future__ import annotations

from django.db import models

from junheng_web.organisation.areas import Area


class Publication(models.Model):
    """A public document of an area, reproduced: its tables row by row, and its whole text. Nothing is worked out of it.

    It is no county's private row: what was published may be read by whoever is signed in. `tables` holds rows of text
    under a table's name; `overlay` names the rule book's overlay that holds the document's table of tasks.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="publications")
    code = models.CharField("代码", max_length=40)
    title = models.CharField("标题", max_length=200)
    overlay = models.CharField("规则书里的任务分工表", max_length=60, blank=True)
    tables = models.JSONField("各表")
    text = models.TextField("原件全文")

    class Meta:
        ordering = ("area__code", "code")
        constraints = (models.UniqueConstraint(fields=("area", "code"), name="publication_code"),)

    def __str__(self) -> str:
        return self.title
