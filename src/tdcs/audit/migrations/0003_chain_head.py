"""The head of the trail, the number of a line's transaction, and the journal of changes of records."""

from __future__ import annotations

from django.db import migrations, models

HEAD = """
INSERT INTO audit_chainhead (id, lines, last_line, hash)
SELECT 1, (SELECT count(*) FROM audit_auditline), id, hash FROM audit_auditline ORDER BY id DESC LIMIT 1;
"""
GUARD = """
CREATE TRIGGER audit_change_append_only BEFORE UPDATE OR DELETE ON audit_recordchange
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_change_no_truncate BEFORE TRUNCATE ON audit_recordchange
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
UNGUARD = """
DROP TRIGGER audit_change_no_truncate ON audit_recordchange;
DROP TRIGGER audit_change_append_only ON audit_recordchange;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.AddField(
            "auditline",
            "xid",
            models.CharField("giao dịch", max_length=20, blank=True, db_index=True, default=""),
            preserve_default=False,
        ),
        migrations.CreateModel(
            "ChainHead",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("lines", models.BigIntegerField("số dòng")),
                ("last_line", models.BigIntegerField("dòng cuối")),
                ("hash", models.CharField("mã băm cuối", max_length=64)),
            ],
            options={"verbose_name": "đầu chuỗi nhật ký"},
        ),
        migrations.CreateModel(
            "RecordChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("relation", models.CharField("bảng", max_length=60)),
                ("row_id", models.BigIntegerField("dòng")),
                ("op", models.CharField("thao tác", max_length=1)),
                ("digest", models.CharField("mã băm", max_length=64, blank=True)),
                ("xid", models.CharField("giao dịch", max_length=20)),
            ],
            options={
                "verbose_name": "thay đổi bản ghi",
                "indexes": [models.Index(fields=["relation", "row_id", "id"], name="recordchange_row")],
            },
        ),
        migrations.RunSQL(HEAD, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
