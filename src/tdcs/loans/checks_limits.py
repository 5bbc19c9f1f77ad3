"""What no household may owe: its debt and what is approved for it stay within the maximum of its latest approval."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from tdcs.programmes.rules import terms_table

# Each loan and each approved application with the day of its approval (a loan without application: of its first
# disbursement); by household and programme the whole, against the highest maximum of the latest day. A maximum that was
# lowered later makes no fault of what was lent before.
_ABOVE_SQL: Final = """
    WITH law AS (
        SELECT * FROM unnest(%(programme)s::text[], %(target_group)s::text[], %(starts_on)s::date[],
                             %(ends_on)s::date[], %(maximum)s::bigint[])
               AS v(programme, target_group, starts_on, ends_on, maximum)),
    approved AS (
        SELECT application_id, max("on") AS "on" FROM loans_applicationmove
         WHERE verb = 'approve' GROUP BY 1),
    held AS (
        SELECT l.household_id, l.programme, l.target_group, l.balance,
               CASE WHEN a.state = 'disbursed' AND l.disbursed_total > 0
                    THEN greatest(0, a.approved_amount - a.forgone - l.disbursed_total) ELSE 0 END AS waiting,
               coalesce(m."on", l.disbursed_on) AS "on"
          FROM loans_loan l LEFT JOIN loans_loanapplication a ON a.id = l.application_id
          LEFT JOIN approved m ON m.application_id = a.id
        UNION ALL
        SELECT a.household_id, a.programme, a.target_group, 0, a.approved_amount - a.forgone, m."on"
          FROM loans_loanapplication a JOIN approved m ON m.application_id = a.id
         WHERE a.state IN ('approved', 'signed')),
    dated AS (
        SELECT h.*, max(h."on") OVER (PARTITION BY h.household_id, h.programme) AS last_on FROM held h),
    limited AS (
        SELECT d.*, w.maximum, d."on" = d.last_on AND w.programme IS NULL AS unlimited
          FROM dated d LEFT JOIN law w
            ON d."on" = d.last_on AND w.programme = d.programme AND w.target_group = d.target_group
           AND w.starts_on <= d."on" AND (w.ends_on IS NULL OR d."on" < w.ends_on))
    SELECT h.code, t.programme, t.owed, t.waiting, t.maximum, t.last_on
      FROM (SELECT household_id, programme, sum(balance) AS owed, sum(waiting) AS waiting,
                   max(maximum) AS maximum, max(last_on) AS last_on
              FROM limited GROUP BY 1, 2 HAVING NOT bool_or(unlimited)) t
      JOIN households_household h ON h.id = t.household_id
     WHERE t.owed + t.waiting > t.maximum ORDER BY 1, 2 LIMIT 50
"""


def households_stay_below_the_maximum() -> Iterator[str]:
    """Debt and what is approved and not yet paid out stay within the maximum of the household's latest approval."""
    rows = [row for row in terms_table().rows(named=True) if row["maximum"] is not None]
    names = ("programme", "target_group", "starts_on", "ends_on", "maximum")
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE_SQL, {name: [row[name] for row in rows] for name in names})
        for code, programme, owed, waiting, maximum, on in cursor.fetchall():
            yield (
                f"hộ {code}, chương trình {programme}: dư nợ {owed} cộng phần đã duyệt chưa giải ngân {waiting} "
                f"vượt mức tối đa {maximum} của ngày duyệt {on:%d/%m/%Y}"
            )


CHECKS = {"loans.households_stay_below_the_maximum": households_stay_below_the_maximum}
