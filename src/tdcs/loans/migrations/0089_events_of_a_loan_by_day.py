import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("loans", "0088_part_frozen"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="loanevent",
            index=models.Index(fields=["loan", "on"], name="loanevent_loan_on"),
        ),
        migrations.AlterField(
            model_name="loanevent",
            name="loan",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="loans.loan",
            ),
        ),
    ]
