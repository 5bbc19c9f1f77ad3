"""Pages that the workers keep for each other: unlogged, emptied by a crash of the database."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "KeptPage",
            fields=[
                ("key", models.CharField("khóa", max_length=64, primary_key=True, serialize=False)),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), size=None, verbose_name="vùng dữ liệu"
                    ),
                ),
                ("version", models.BigIntegerField("phiên bản")),
                ("headers", models.JSONField("tiêu đề")),
                ("body", models.BinaryField("nội dung nén")),
                ("made_at", models.DateTimeField("lưu lúc", db_index=True)),
            ],
            options={"verbose_name": "trang lưu tạm"},
        ),
        migrations.RunSQL("ALTER TABLE web_keptpage SET UNLOGGED", migrations.RunSQL.noop),
    ]
