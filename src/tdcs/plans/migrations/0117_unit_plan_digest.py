"""The digest of a unit's signed plan beside its file, taken from the trail of the day it came in.

Not from the disk: a file forged before this change would be believed.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def from_the_trail(apps: Any, editor: Any) -> None:
    """The digest that the last receipt of each signed plan noted."""
    lines = apps.get_model("audit", "AuditLine").objects.filter(action="plans.attach_unit_plan")
    received = dict(lines.order_by("id").values_list("subject_id", "data__sha256"))
    model = apps.get_model("plans", "UnitPlan")
    for pk, digest in received.items():
        model.objects.filter(pk=pk).exclude(file="").update(sha256=digest or "")


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_notice_subject"), ("audit", "0002_append_only")]
    operations = [
        migrations.AddField(
            "unitplan",
            "sha256",
            models.CharField("mã băm của bản đã ký", max_length=64, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(from_the_trail, migrations.RunPython.noop),
    ]
