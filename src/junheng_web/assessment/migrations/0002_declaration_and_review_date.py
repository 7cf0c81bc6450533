"""Whether a run is official is said by rows of their own; what the runs said of themselves is taken over."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def decided():
    """Return what every row that keeps a decision has."""
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
        ("by_account", models.BigIntegerField(null=True)),
        ("by_name", models.CharField(blank=True, max_length=60, verbose_name="经办人")),
        ("by_post", models.CharField(blank=True, max_length=120, verbose_name="岗位")),
        (
            "county",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.area",
                verbose_name="县",
            ),
        ),
    ]


def take_over(apps, schema_editor):
    """Write a declaration for each run that said of itself that it is official."""
    run, declaration = (apps.get_model("assessment", name) for name in ("Run", "Declaration"))
    for one in run.objects.filter(official=True).order_by("id").defer("answer"):
        declaration.objects.create(county_id=one.county_id, run=one, official=True, at=one.at, by_name=one.by_name)


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Declaration",
            fields=[
                *decided(),
                ("official", models.BooleanField(verbose_name="正式")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declarations",
                        to="assessment.run",
                    ),
                ),
            ],
            options={"ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="ReviewDate",
            fields=[
                *decided(),
                ("day", models.DateField(null=True, verbose_name="计划接受国家评估认定的日期")),
            ],
            options={"ordering": ("-id",)},
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
