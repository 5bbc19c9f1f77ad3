"""Named invariants of groups and savings; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from tdcs.core import clock
from tdcs.entrustment.rules import most_members

_SHOWN: Final = 50

_BALANCES: Final = """
    WITH events AS (
        SELECT account_id, sum(amount) AS amount FROM entrustment_savingsevent GROUP BY account_id),
    booked AS (
        SELECT p.subject AS account_id, sum(p.credit - p.debit) AS amount
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
         WHERE a.subledger = 'savings' GROUP BY p.subject)
    -- The ledger of an office that follows extracts is the bank's.
    SELECT coalesce(s.number, 'mã ' || b.account_id), coalesce(s.balance, 0),
           coalesce(e.amount, 0), coalesce(b.amount, 0)
      FROM entrustment_savingsaccount s
      FULL JOIN booked b ON b.account_id = s.id
      LEFT JOIN events e ON e.account_id = s.id
      LEFT JOIN ledger_book k ON k.organisation_id = s.office_id AND k.monitored_from IS NOT NULL
       AND k.monitored_to IS NULL
     WHERE s.id IS NULL OR s.balance <> coalesce(e.amount, 0)
        OR coalesce(b.amount, 0) <> CASE WHEN k.id IS NULL THEN s.balance ELSE 0 END
     ORDER BY 1
"""
_CLOSED: Final = """
    SELECT number, balance FROM entrustment_savingsaccount
     WHERE closed_on IS NOT NULL AND balance <> 0 ORDER BY number
"""
_TWICE: Final = """
    SELECT h.code, g.code, k.code FROM entrustment_groupmember m
      JOIN entrustment_groupmember n ON n.household_id = m.household_id AND n.id > m.id
       AND daterange(m.starts_on, m.ends_on) && daterange(n.starts_on, n.ends_on)
      JOIN households_household h ON h.id = m.household_id
      JOIN entrustment_savingsgroup g ON g.id = m.group_id
      JOIN entrustment_savingsgroup k ON k.id = n.group_id ORDER BY 1
"""
_LEADERS: Final = """
    SELECT g.code, count(b.id) FROM entrustment_savingsgroup g
      JOIN entrustment_boardmember b ON b.group_id = g.id AND b.post = 'leader'
       AND b.starts_on <= %(on)s AND (b.ends_on IS NULL OR b.ends_on > %(on)s)
     GROUP BY g.code HAVING count(b.id) > 1 ORDER BY 1
"""
_OUTSIDERS: Final = """
    SELECT g.code, p.full_name FROM entrustment_boardmember b
      JOIN entrustment_savingsgroup g ON g.id = b.group_id
      JOIN households_person p ON p.id = b.person_id
     WHERE b.starts_on <= %(on)s AND (b.ends_on IS NULL OR b.ends_on > %(on)s)
       AND NOT EXISTS (
           SELECT FROM entrustment_groupmember m
            WHERE m.group_id = b.group_id AND m.person_id = b.person_id
              AND m.starts_on <= %(on)s AND (m.ends_on IS NULL OR m.ends_on > %(on)s))
     ORDER BY 1
"""
_LARGE: Final = """
    SELECT g.code, count(*) FROM entrustment_savingsgroup g
      JOIN entrustment_groupmember m ON m.group_id = g.id AND m.starts_on <= %(on)s
       AND (m.ends_on IS NULL OR m.ends_on > %(on)s)
     GROUP BY g.code HAVING count(*) > %(most)s ORDER BY 1
"""
_AFTER_THE_END: Final = """
    SELECT g.code, 'tổ viên' FROM entrustment_savingsgroup g
      JOIN entrustment_groupmember m ON m.group_id = g.id
     WHERE g.ends_on IS NOT NULL AND (m.ends_on IS NULL OR m.ends_on > g.ends_on)
    UNION
    SELECT g.code, 'thông tin tổ' FROM entrustment_savingsgroup g
      JOIN entrustment_groupprofile p ON p.group_id = g.id
     WHERE g.ends_on IS NOT NULL AND (p.ends_on IS NULL OR p.ends_on > g.ends_on)
    UNION
    SELECT g.code, 'sổ tiền gửi' FROM entrustment_savingsgroup g
      JOIN entrustment_savingsaccount a ON a.group_id = g.id
     WHERE g.ends_on IS NOT NULL AND a.closed_on IS NULL ORDER BY 1, 2
"""


def _rows(sql: str, **given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchmany(_SHOWN))


def savings_are_their_events_and_the_ledger() -> Iterator[str]:
    """Each account's balance is the sum of its events and what its postings say."""
    for number, balance, events, ledger in _rows(_BALANCES):
        yield f"sổ tiền gửi {number}: số dư {balance}, phát sinh {events}, sổ cái {ledger}"


def closed_accounts_are_empty() -> Iterator[str]:
    """A closed account holds nothing."""
    for number, balance in _rows(_CLOSED):
        yield f"sổ tiền gửi {number} đã đóng còn {balance} đồng"


def nobody_is_a_member_twice() -> Iterator[str]:
    """A household is in one group at a time."""
    for household, one, other in _rows(_TWICE):
        yield f"hộ {household} cùng lúc thuộc tổ {one} và tổ {other}"


def one_leader_of_the_members() -> Iterator[str]:
    """A group has one leader at most, and its board are members."""
    for code, count in _rows(_LEADERS, on=clock.today()):
        yield f"tổ {code} có {count} tổ trưởng"
    for code, name in _rows(_OUTSIDERS, on=clock.today()):
        yield f"tổ {code}: {name} trong ban quản lý mà không phải tổ viên"


def no_group_is_too_large() -> Iterator[str]:
    """Not more members than the regulation allows; groups that have become too small are listed on the page of groups."""
    most = most_members(clock.today())
    for code, count in _rows(_LARGE, on=clock.today(), most=most):
        yield f"tổ {code} có {count} tổ viên, tối đa {most}"


def nothing_outlives_its_group() -> Iterator[str]:
    """An ended group has no members, profile or open accounts after its end."""
    for code, what in _rows(_AFTER_THE_END):
        yield f"tổ {code} đã kết thúc mà còn {what}"


CHECKS = {
    "entrustment.savings_are_their_events_and_the_ledger": savings_are_their_events_and_the_ledger,
    "entrustment.closed_accounts_are_empty": closed_accounts_are_empty,
    "entrustment.nobody_is_a_member_twice": nobody_is_a_member_twice,
    "entrustment.one_leader_of_the_members": one_leader_of_the_members,
    "entrustment.no_group_is_too_large": no_group_is_too_large,
    "entrustment.nothing_outlives_its_group": nothing_outlives_its_group,
}
