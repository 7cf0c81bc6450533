"""Whose an item is holds in a period: every period gets what held for the county until now."""

import django.db.models.deletion
from django.db import migrations, models

NAMES = {"Owner": ("unit_id",), "Arrangement": ("reviewer_id", "second_id", "terms")}


def give_to_every_period(apps, schema_editor):
    """Copy each row into every period of its county; a county without one could not be given any on its page."""
    # PostgreSQL alters no table to whose rows it still owes the check of a reference.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    periods = list(apps.get_model("collection", "Period").objects.values_list("id", "county_id"))
    for name, names in NAMES.items():
        model = apps.get_model("collection", name)
        rows = list(model.objects.values("county_id", "item", *names))
        model.objects.all().delete()
        model.objects.bulk_create(
            model(period_id=period, **row) for row in rows for period, county in periods if county == row["county_id"]
        )


def _of_a_period(name, related_name, *, null):
    field = models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to="collection.period"
    )
    deed = migrations.AddField if null else migrations.AlterField
    return deed(model_name=name, name="period", field=field)


def _once(name):
    constraint = models.UniqueConstraint(fields=("period", "item"), name=f"{name}_once")
    return migrations.AddConstraint(model_name=name, constraint=constraint)


class Migration(migrations.Migration):
    dependencies = [("collection", "0002_locks_seals_and_years")]

    operations = [
        migrations.RemoveConstraint(model_name="owner", name="owner_once"),
        migrations.RemoveConstraint(model_name="arrangement", name="arrangement_once"),
        _of_a_period("owner", "owners", null=True),
        _of_a_period("arrangement", "arrangements", null=True),
        migrations.RunPython(give_to_every_period),
        _of_a_period("owner", "owners", null=False),
        _of_a_period("arrangement", "arrangements", null=False),
        _once("owner"),
        _once("arrangement"),
    ]
