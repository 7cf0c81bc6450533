"""Whoever tells in a period whether the county was sampled tells as well whose monitoring gave the figures."""

from django.db import migrations

SAMPLED, NATIONAL = "monitoring_sampled", "monitoring_national"
NAMES = {"Owner": ("unit_id",), "Arrangement": ("reviewer_id", "second_id", "terms")}


def give_to_the_same(apps, schema_editor):
    """Copy who answers for the one item to the other, where nobody was named for it."""
    for name, names in NAMES.items():
        model = apps.get_model("collection", name)
        named = set(model.objects.filter(item=NATIONAL).values_list("period_id", flat=True))
        rows = model.objects.filter(item=SAMPLED).exclude(period_id__in=named).values("county_id", "period_id", *names)
        model.objects.bulk_create(model(item=NATIONAL, **row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("collection", "0006_deputies_sign")]

    operations = [migrations.RunPython(give_to_the_same, migrations.RunPython.noop)]
