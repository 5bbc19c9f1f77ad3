import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("loans", "0060_forgone"),
        ("ledger", "0060_cash_never_below_zero"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField(verbose_name="số tiền")),
                ("on", models.DateField(verbose_name="ngày")),
                ("recorded_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="recovery", to="ledger.journalentry")),
                ("loan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="recoveries", to="loans.loan")),
                ("operation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.operation")),
                ("reverses", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reversed_by", to="loans.recovery")),
            ],
            options={
                "verbose_name": "thu nợ đã xóa",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("reverses__isnull", True))
                        | models.Q(("amount__lt", 0), ("reverses__isnull", False)),
                        name="recovery_side",
                    )
                ],
            },
        ),
    ]
