"""A run never changes: what is decided about it later stands elsewhere. After 0002, since PostgreSQL alters no table
in the transaction that wrote rows for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_declaration_and_review_date")]

    operations = [migrations.RemoveField(model_name="run", name="official")]
