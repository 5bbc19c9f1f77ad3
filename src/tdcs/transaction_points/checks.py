"""Named invariants of sessions; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from django.db import connection

from tdcs.transaction_points.models import LogLine
from tdcs.transaction_points.services.chained import unlike_what_was_signed

# A group at a point whose profile of today names another day of the month than the point's.
_DAYS: Final = """
    SELECT s.code, p.code, g.session_day, f.session_day
      FROM transaction_points_groupatpoint a
      JOIN entrustment_savingsgroup s ON s.id = a.group_id AND s.ends_on IS NULL
      JOIN organisations_transactionpoint p ON p.id = a.point_id
      JOIN entrustment_groupprofile g ON g.group_id = a.group_id AND g.ends_on IS NULL
      JOIN organisations_transactionpointprofile f ON f.point_id = a.point_id AND f.ends_on IS NULL
     WHERE a.ends_on IS NULL AND g.session_day <> f.session_day ORDER BY 1
"""
_LATE: Final = """
    SELECT j.number, s.id FROM ledger_operation o
      JOIN ledger_journalentry j ON j.operation_id = o.id
      JOIN transaction_points_transactionsession s ON s.id = split_part(o.key, '-', 2)::bigint
     WHERE starts_with(o.key, 'phien-') AND j."on" <> s.held_on
       AND NOT EXISTS (SELECT FROM transaction_points_sessionentry e WHERE e.entry_id = j.id) ORDER BY 1
"""


def logs_are_as_signed() -> Iterator[str]:
    """Each line of a log has the hash of its content and of the line before, and its device's signature."""
    rows = LogLine.objects.select_related("pack", "device").order_by("device", "session", "seq")
    for (device, session), lines in groupby(
        rows.iterator(), lambda one: (one.device_id, one.session_id)
    ):
        for line in unlike_what_was_signed(lines, session):
            yield f"nhật ký phiên {session}, thiết bị {device}, dòng {line.seq}: khác nội dung thiết bị đã ký"


def groups_meet_on_their_points_day() -> Iterator[str]:
    """The last profile of each group at a point names the day of the month of the point's last profile."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS)
        for group, point, theirs, its in cursor.fetchall():
            yield f"tổ {group}: ngày giao dịch {theirs}, điểm {point} giao dịch ngày {its}"


def late_entries_are_known_by_their_session() -> Iterator[str]:
    """An entry of a session's log on another day than the session's is linked to it: the cash of the session counts it."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE)
        for number, session in cursor.fetchall():
            yield f"bút toán {number}: ghi muộn của phiên {session}, chưa gắn với phiên"


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "points.logs_are_as_signed": logs_are_as_signed,
    "points.late_entries_are_known_by_their_session": late_entries_are_known_by_their_session,
    "points.groups_meet_on_their_points_day": groups_meet_on_their_points_day,
}
