"""Room on each page for the next standing of its loans: every loan's row changes each month, its keys never."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("loans", "0002_events_by_day")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE loans_loan SET (fillfactor = 50)",
            "ALTER TABLE loans_loan RESET (fillfactor)",
        )
    ]
