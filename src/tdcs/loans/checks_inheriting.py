"""What requests of heirs and the loans that went over say of each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

_HEIRS_SQL: Final = """
    SELECT h.code, r.since FROM loans_heirrequest r JOIN households_household h ON h.id = r.household_id
     WHERE (r.state = 'asked') <> (r.decided_on IS NULL) OR r.decided_by_id = r.asked_by_id
        OR (r.state = 'undone') <> (r.undone_on IS NOT NULL)
        OR (r.state IN ('approved', 'undone')) <> EXISTS (
            SELECT FROM loans_loantransfer x WHERE x.heir_request_id = r.id AND x.kind = 'heir')
        OR (r.state = 'undone') <> EXISTS (
            SELECT FROM loans_loantransfer x WHERE x.heir_request_id = r.id AND x.kind = 'unheir')
        OR EXISTS (
            SELECT FROM loans_loantransfer x WHERE x.heir_request_id = r.id
               AND (x.kind = 'heir' AND (x.old_borrower_id, x.new_borrower_id, x."on")
                        IS DISTINCT FROM (r.deceased_id, r.heir_id, r.since)
                 OR x.kind = 'unheir' AND (x.old_borrower_id, x.new_borrower_id, x."on")
                        IS DISTINCT FROM (r.heir_id, r.deceased_id, r.undone_on)
                 OR x.old_household_id <> x.new_household_id OR x.old_office_id <> x.new_office_id))
    UNION ALL
    SELECT h.code, x."on" FROM loans_loantransfer x
      JOIN households_household h ON h.id = x.new_household_id
     WHERE (x.kind IN ('heir', 'unheir')) <> (x.heir_request_id IS NOT NULL)
     ORDER BY 1, 2
"""


def heirs_owe_what_was_decided() -> Iterator[str]:
    """Each request of an heir was decided by another person, and exactly its loans went over or back."""
    with connection.cursor() as cursor:
        cursor.execute(_HEIRS_SQL)
        for code, day in cursor.fetchall():
            yield f"hộ {code}: nhận nợ thừa kế ngày {day:%d/%m/%Y} không khớp quyết định"


CHECKS = {"loans.heirs_owe_what_was_decided": heirs_owe_what_was_decided}
