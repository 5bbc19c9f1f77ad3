"""Named invariants of capital; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from tdcs.capital.models import FundingKind, FundReceipt, Tier
from tdcs.ledger.rules import templates

_BOOKED_SQL: Final = """
    SELECT a.code, coalesce(sum(p.credit - p.debit), 0)::bigint
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
     WHERE a.code = ANY(%s)
       AND p.entry_id > coalesce((SELECT max(last_entry) FROM capital_fundopening), 0)
     GROUP BY 1
"""
_RECEIPTS_SQL: Final = """
    SELECT coalesce(c.kind, s.tier), coalesce(sum(r.amount), 0)::bigint
      FROM capital_fundreceipt r JOIN capital_capitalsource s ON s.id = r.source_id
      LEFT JOIN capital_fundingcontract c ON c.id = r.contract_id GROUP BY 1
"""
# A receipt, and what its entry brings onto the accounts of funds: several receipts may share one entry.
_ENTRIES_SQL: Final = """
    WITH came AS (SELECT entry_id, min("on") AS day, sum(amount)::bigint AS amount FROM capital_fundreceipt GROUP BY 1),
    booked AS (SELECT c.entry_id, sum(p.credit - p.debit)::bigint AS amount
                 FROM came c JOIN ledger_posting p ON p.entry_id = c.entry_id
                 JOIN ledger_account a ON a.id = p.account_id AND a.code = ANY(%s) GROUP BY 1)
    SELECT c.entry_id, e.number, e."on", c.day, c.amount, coalesce(b.amount, 0)
      FROM came c JOIN ledger_journalentry e ON e.id = c.entry_id LEFT JOIN booked b ON b.entry_id = c.entry_id
     WHERE e."on" <> c.day OR c.amount <> coalesce(b.amount, 0) ORDER BY 1 LIMIT 50
"""
_FUNDS_SQL: Final = """
    SELECT s.name, coalesce(f.received, 0),
           coalesce((SELECT sum(r.amount) FROM capital_fundreceipt r WHERE r.source_id = s.id), 0)
             + coalesce((SELECT o.amount FROM capital_fundopening o WHERE o.source_id = s.id), 0),
           coalesce((SELECT sum(l.amount) FROM capital_fundlent l WHERE l.source_id = s.id), 0)
      FROM capital_capitalsource s LEFT JOIN capital_fund f ON f.source_id = s.id ORDER BY s.id
"""
_LENT_SQL: Final = """
    SELECT s.name, coalesce(k.office_id, l.office_id), coalesce(k.programme, l.programme),
           coalesce(k.amount, 0), coalesce(l.amount, 0)
      FROM (SELECT source_id, office_id, programme, amount FROM capital_fundlent WHERE amount <> 0) k
      FULL JOIN (SELECT source_id, office_id, programme, sum(balance)::bigint AS amount
                   FROM loans_loan WHERE NOT reported GROUP BY 1, 2, 3 HAVING sum(balance) <> 0) l
        ON l.source_id = k.source_id AND l.office_id = k.office_id AND l.programme = k.programme
      JOIN capital_capitalsource s ON s.id = coalesce(k.source_id, l.source_id)
     WHERE coalesce(k.amount, 0) <> coalesce(l.amount, 0) ORDER BY 1, 2, 3 LIMIT 50
"""


def _fund_accounts() -> dict[str, str]:
    """Kind of a contract, or tier of a source, → the account on which its money stands."""
    found: dict[str, str] = {}
    for line in templates()["capital.receive"]["lines"]:
        if isinstance(line["account"], dict):
            found |= line["account"]
    return found


def ledger_is_the_receipts() -> Iterator[str]:
    """On each account of funds the ledger holds what was received, less what went back; each receipt has its entry."""
    accounts = _fund_accounts()
    wanted = dict.fromkeys(accounts.values(), 0)
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS_SQL)
        for kind, amount in cursor.fetchall():
            if kind != FundingKind.MEMBERS_SAVINGS:
                wanted[accounts[kind]] += amount
        cursor.execute(_BOOKED_SQL, [list(wanted)])
        booked = dict(cursor.fetchall())
        for code, amount in wanted.items():
            if booked.get(code, 0) != amount:
                yield f"tài khoản {code}: sổ cái {booked.get(code, 0)}, vốn đã nhận {amount}"
        own = FundReceipt.objects.filter(contract__kind=FundingKind.MEMBERS_SAVINGS)
        counted = set(own.values_list("entry_id", flat=True))
        cursor.execute(_ENTRIES_SQL, [list(wanted)])
        for entry, number, on, day, amount, found in cursor.fetchall():
            if entry not in counted:
                yield f"bút toán {number} ngày {on:%d/%m/%Y}: {found}, vốn đã nhận ngày {day:%d/%m/%Y} {amount}"


def funds_hold_what_they_lend() -> Iterator[str]:
    """What the database keeps of each source is its receipts, and no source lends more than it received."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNDS_SQL)
        for name, kept, received, lent in cursor.fetchall():
            if kept != received:
                yield f"{name}: số đã nhận ghi {kept}, theo từng khoản {received}"
            if lent > received:
                yield f"{name}: dư nợ {lent} vượt số vốn đã nhận {received}"


def funds_lend_what_is_outstanding() -> Iterator[str]:
    """What is lent of each source in each office under each programme is the balance of its loans: all sources together are
    the outstanding."""
    with connection.cursor() as cursor:
        cursor.execute(_LENT_SQL)
        for name, office, programme, kept, owed in cursor.fetchall():
            yield f"{name}, đơn vị mã {office}, {programme}: dư nợ theo nguồn {kept}, khoản vay {owed}"


def receipts_fit_their_tier() -> Iterator[str]:
    """Money of a central source comes under central kinds of contracts, local money under the others."""
    central = (FundingKind.CENTRAL, FundingKind.DEPOSITS, FundingKind.MEMBERS_SAVINGS)
    rows = FundReceipt.objects.exclude(contract=None).select_related("contract", "source")
    wrong = rows.filter(source__tier=Tier.CENTRAL).exclude(
        contract__kind__in=central
    ) | rows.filter(source__tier=Tier.LOCAL, contract__kind__in=central)
    for row in wrong.order_by("pk")[:50]:
        yield f"khoản nhận {row.pk}: {row.contract} không hợp với {row.source.name}"


CHECKS: Final = {
    "capital.ledger_is_the_receipts": ledger_is_the_receipts,
    "capital.funds_hold_what_they_lend": funds_hold_what_they_lend,
    "capital.funds_lend_what_is_outstanding": funds_lend_what_is_outstanding,
    "capital.receipts_fit_their_tier": receipts_fit_their_tier,
}
