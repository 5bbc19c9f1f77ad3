"""Notices keep what they are about instead of an address; addresses stored so far are read back."""

from django.db import migrations, models

# Every shape that was ever written; a row (with its key), or a list.
_FORWARD = r"""
UPDATE plans_notice SET
    kind = CASE
        WHEN url ~ '^/ke-hoach/viec/[0-9]+/$' THEN 'obligation'
        WHEN url ~ '^/ke-hoach/bao-cao/[0-9]+/$' THEN 'report'
        WHEN url ~ '^/ke-hoach/cong-van/[0-9]+/pdf/$' THEN 'letter'
        WHEN url = '/ke-hoach/kien-nghi/' THEN 'proposals'
        ELSE 'inbox'
    END,
    subject_id = substring(url from '^/ke-hoach/(?:viec|bao-cao|cong-van)/([0-9]+)/(?:pdf/)?$')::bigint
"""
_BACK = """
UPDATE plans_notice SET url = CASE kind
    WHEN 'obligation' THEN '/ke-hoach/viec/' || subject_id || '/'
    WHEN 'report' THEN '/ke-hoach/bao-cao/' || subject_id || '/'
    WHEN 'letter' THEN '/ke-hoach/cong-van/' || subject_id || '/pdf/'
    WHEN 'proposals' THEN '/ke-hoach/kien-nghi/'
    ELSE '/ke-hoach/viec/'
END
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_review_marks")]

    operations = [
        migrations.AddField(
            "notice",
            "kind",
            models.CharField(
                choices=[
                    ("obligation", "Việc"),
                    ("report", "Báo cáo"),
                    ("letter", "Công văn"),
                    ("inbox", "Việc của đơn vị"),
                    ("proposals", "Kiến nghị"),
                ],
                default="inbox",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField("notice", "subject_id", models.BigIntegerField(null=True)),
        migrations.AlterField("notice", "url", models.CharField(default="", max_length=200)),
        migrations.RunSQL(_FORWARD, _BACK),
        migrations.RemoveField("notice", "url"),
        migrations.AddConstraint(
            "notice",
            models.CheckConstraint(
                condition=models.Q(kind__in=("obligation", "report", "letter"), subject_id__isnull=False)
                | (
                    ~models.Q(kind__in=("obligation", "report", "letter"))
                    & models.Q(subject_id__isnull=True)
                ),
                name="notice_subject_as_its_kind",
            ),
        ),
    ]
