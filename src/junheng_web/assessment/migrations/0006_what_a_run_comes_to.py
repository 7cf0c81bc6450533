"""What a run comes to in short stands beside its answer, also of the runs that there are: it is read from them here,
as it was told when this was written."""

import json
import zlib

from django.db import migrations, models

SPREAD = ("status", "cv", "cv_limit", "cv_bounds")


def sum_up(apps, schema_editor):
    runs = apps.get_model("assessment", "Run").objects.using(schema_editor.connection.alias)
    for id in runs.order_by("id").values_list("id", flat=True):
        answer = json.loads(zlib.decompress(bytes(runs.values_list("answer", flat=True).get(id=id))))
        runs.filter(id=id).update(summary=summary_of(answer))


def summary_of(answer):
    return {
        "resources": answer["resources"],
        "stages": {stage: stage_of(answer, stage) for stage in answer["stages"]},
        "indicators": {id: one["status"] for id, one in answer["indicators"].items()},
    }


def stage_of(answer, stage):
    own = answer["stages"][stage]
    sample = [one for one in answer["sections"] if one["stage"] == stage and one["in_sample"]]
    return {
        "verdict": own["verdict"],
        "sections": len(sample),
        "passed": sum(one["verdict"] == "pass" for one in sample),
        "spreads": {id: {name: one[name] for name in SPREAD} for id, one in own["indicators"].items()},
    }


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_what_does_not_apply")]

    operations = [
        migrations.AddField("run", "summary", models.JSONField(default=dict)),
        migrations.RunPython(sum_up, migrations.RunPython.noop),
    ]
