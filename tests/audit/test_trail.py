"""The trail: written with the change, never changed, proved by its chain."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tdcs.audit.checks import chain_holds, changes_have_their_line
from tdcs.audit.models import AuditLine
from tdcs.audit.services import sealed
from tdcs.core import trail

DAY = date(2026, 11, 23)


@pytest.mark.django_db
def test_lines_are_chained_and_the_chain_proves_itself() -> None:
    for number in range(3):
        trail.record(
            action="test.do", subject=f"việc {number}", by=None, on=DAY, data={"n": number}
        )
    lines = list(AuditLine.objects.order_by("id"))
    assert len(lines) >= 3
    assert [line.previous_hash for line in lines[1:]] == [line.hash for line in lines[:-1]]
    assert list(chain_holds()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditline SET why = 'khác'",
        "DELETE FROM audit_auditline",
    ],
)
def test_the_database_refuses_to_alter_a_line(statement: str) -> None:
    trail.record(action="test.do", subject="việc", by=None, on=DAY)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditLine.objects.filter(action="test.do").count() == 1


@pytest.mark.django_db
def test_a_line_altered_behind_the_back_is_named() -> None:
    for number in range(2):
        trail.record(action="test.do", subject=f"việc {number}", by=None, on=DAY)
    first = AuditLine.objects.filter(action="test.do").order_by("id")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_auditline SET why = 'sửa trộm' WHERE id = %s", [first.pk])
    assert list(chain_holds()) == [f"dòng nhật ký {first.pk}: nội dung không khớp mã băm"]


def test_no_line_without_a_transaction(django_db_blocker: pytest.FixtureRequest) -> None:
    # No database mark: the refusal comes before anything is asked of the database.
    with django_db_blocker.unblock(), pytest.raises(RuntimeError, match="transaction"):  # type: ignore[attr-defined]
        trail.record(action="test.do", subject="việc", by=None, on=DAY)


@pytest.mark.django_db
def test_the_last_five_lines_deleted_are_missed() -> None:
    for number in range(7):
        trail.record(action="test.do", subject=f"việc {number}", by=None, on=DAY)
    assert list(chain_holds()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "DELETE FROM audit_auditline WHERE id IN"
            " (SELECT id FROM audit_auditline ORDER BY id DESC LIMIT 5)"
        )
    [found] = chain_holds()
    assert "đã mất 5 dòng" in found


@pytest.mark.django_db
def test_a_change_that_no_line_answers_for_is_named() -> None:
    """As by the owner with triggers on: noted by the database, in a transaction without a line."""
    note = (
        "INSERT INTO audit_recordchange (relation, row_id, op, digest, xid)"
        " VALUES ('plans_obligation', 7, 'U', %s, %s)"
    )
    trail.record(action="test.do", subject="việc", by=None, on=DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        cursor.execute(note, ["0" * 64, cursor.fetchone()[0]])
        assert list(changes_have_their_line()) == []
        cursor.execute(note, ["0" * 64, "12"])
    assert list(changes_have_their_line()) == [
        "plans_obligation 7: thay đổi (U) không thuộc dòng nhật ký nào"
    ]
    trail.record(
        action="test.seal", subject="x", by=None, on=DAY, data={"sealed_changes": sealed()}
    )
    assert list(changes_have_their_line()) == []
