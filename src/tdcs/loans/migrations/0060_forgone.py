from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0050_engine")]
    operations = [
        migrations.AddField(
            model_name="loanapplication",
            name="forgone",
            field=models.BigIntegerField(default=0, verbose_name="phần thôi giải ngân"),
        ),
        migrations.AddConstraint(
            model_name="loanapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("forgone__gte", 0)), name="application_forgone"
            ),
        ),
    ]
