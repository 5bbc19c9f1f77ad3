"""What a unit's report was prefilled from, and the credit figures it cites."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0118_notice_of_a_person")]
    operations = [
        migrations.AddField("unitreport", "prefilled", models.JSONField(default=list)),
        migrations.AddField("unitreport", "figures", models.JSONField(default=dict)),
    ]
