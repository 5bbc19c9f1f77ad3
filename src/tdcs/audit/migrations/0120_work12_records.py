"""Hand-overs, substitutes, relations of plans and appraisal meetings are noted like every record that people decide on."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import migrations

from tdcs.audit.records import SINCE_0120

_0118 = import_module("tdcs.audit.migrations.0118_records")


def note(apps: Any, editor: Any) -> None:
    _0118.note_tables(editor, SINCE_0120)


def drop(apps: Any, editor: Any) -> None:
    _0118.drop_tables(editor, SINCE_0120)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0119_versions"),
        ("access", "0003_handover"),
        ("plans", "0120_several_plans"),
        ("loans", "0081_work12_meetings"),
    ]
    operations = [migrations.RunPython(note, drop)]
