"""A database without units, whatever other rooms' tests loaded: rolled back afterwards. A home of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tdcs.core import law

# Empties what refers to units too; these refuse it, and wake again when the test is rolled back.
_GUARDED = {
    "audit_auditline": "audit_no_truncate",
    "audit_recordchange": "audit_change_no_truncate",
    "ledger_journalentry": "ledger_entry_no_truncate",
    "ledger_posting": "ledger_posting_no_truncate",
}


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An installation in which no province is set up."""
    monkeypatch.setenv("TDCS_HOME", str(tmp_path))
    monkeypatch.delenv("TDCS_PROVINCE", raising=False)
    law.forget()
    yield tmp_path
    law.forget()


@pytest.fixture
def no_units(db: None) -> None:
    with connection.cursor() as cursor:
        for table, trigger in _GUARDED.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute("TRUNCATE organisations_area, organisations_organisation CASCADE")
