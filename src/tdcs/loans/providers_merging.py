"""This room's part when a household passes into another: its applications and loans follow, dated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Max

from tdcs.core.errors import NoParametersOnDay
from tdcs.households.ports import Merging
from tdcs.ledger.models import Book
from tdcs.loans.models import Loan, LoanApplication, LoanTransfer
from tdcs.loans.queries.eligibility import programmes_owed
from tdcs.loans.queries.limits import owed_under, promised
from tdcs.loans.services.transferring import Belonging, transfer
from tdcs.programmes.rules import programmes, terms_on

_WRITTEN_SQL: Final = """
    SELECT md5(coalesce(string_agg(d, '|' ORDER BY d), '')) FROM (
        SELECT 'a' || t::text FROM loans_loanapplication t WHERE t.household_id = %(id)s
        UNION ALL SELECT 'v' || v::text FROM loans_applicationmove v
          JOIN loans_loanapplication t ON t.id = v.application_id WHERE t.household_id = %(id)s
        UNION ALL SELECT concat_ws(' ', 'l', t.id, t.group_id, t.office_id, t.borrower_id)
          FROM loans_loan t WHERE t.household_id = %(id)s
        UNION ALL SELECT 'e' || e::text FROM loans_loanevent e
          JOIN loans_loan t ON t.id = e.loan_id WHERE t.household_id = %(id)s
        UNION ALL SELECT 'r' || r::text FROM loans_changerequest r
          JOIN loans_loan t ON t.id = r.loan_id WHERE t.household_id = %(id)s
        UNION ALL SELECT 'x' || x::text FROM loans_loantransfer x
          JOIN loans_loan t ON t.id = x.loan_id WHERE t.household_id = %(id)s
        UNION ALL SELECT 'p' || p::text FROM loans_loanscan p
          JOIN loans_loan t ON t.id = p.loan_id WHERE t.household_id = %(id)s
    ) AS rows(d)
"""


class Lending:
    """The loans room as one of those that take part in a merge."""

    def reasons(self, merging: Merging) -> list[str]:
        """Together above a maximum, debts that shut each other out, a day whose books are closed."""
        return [*_above_maximum(merging), *_shut_out(merging), *_closed(merging)]

    def counts(self, merging: Merging) -> list[tuple[str, int]]:
        """What would follow."""
        return [
            ("khoản vay", merging.goes.loans.count()),
            ("hồ sơ vay", merging.goes.applications.count()),
        ]

    def follow(self, merging: Merging) -> dict[str, Any]:
        """Applications and loans are the other household's; a transfer keeps whose each loan was on the days before."""
        loans = list(Loan.objects.select_for_update().filter(household=merging.goes).order_by("pk"))
        asked = merging.goes.applications.order_by("pk")
        note = {
            "loans": [[loan.pk, loan.borrower_id] for loan in loans],
            "applications": list(asked.values_list("pk", "borrower_id")),
        }
        heirs = {loan.pk: merging.people.get(loan.borrower_id, loan.borrower_id) for loan in loans}
        _transfer(loans, heirs, LoanTransfer.Kind.MERGE, merging.stays, merging, merging.since)
        for key, person in note["applications"]:
            heir = merging.people.get(person, person)
            LoanApplication.objects.filter(pk=key).update(household=merging.stays, borrower_id=heir)
        return note

    def back(self, merging: Merging, note: Mapping[str, Any]) -> None:
        """Undo it from the day on; the days between keep the household to which the loans belonged."""
        signed = dict(note["loans"])
        loans = list(Loan.objects.select_for_update().filter(pk__in=signed).order_by("pk"))
        _transfer(loans, signed, LoanTransfer.Kind.UNMERGE, merging.goes, merging, merging.on)
        for key, person in note["applications"]:
            LoanApplication.objects.filter(pk=key).update(
                household=merging.goes, borrower_id=person
            )

    def written(self, household: Any) -> str:
        """A digest of applications, loans and what happened to them; not of standings, which follow from it."""
        with connection.cursor() as cursor:
            cursor.execute(_WRITTEN_SQL, {"id": household.pk})
            return str(cursor.fetchone()[0])


def _transfer(
    loans: list[Loan],
    borrowers: Mapping[int, int],
    kind: str,
    household: Any,
    merging: Merging,
    since: date,
) -> None:
    for loan in loans:
        transfer(
            loan,
            Belonging(household.pk, borrowers[loan.pk], loan.group_id, loan.office_id),
            kind=kind,
            by=merging.by,
            since=since,
        )


def _above_maximum(merging: Merging) -> list[str]:
    reasons = []
    for code, programme in programmes().items():
        both = (merging.goes, merging.stays)
        owed = [owed_under(one, code) + promised(one, code) for one in both]
        if not all(owed):
            continue
        try:
            most = terms_on(code, merging.since).maximum
        except NoParametersOnDay:
            continue
        if most is not None and sum(owed) > most:
            reasons.append(
                f"hai hộ cùng vay {programme.short}, cộng lại {sum(owed)} đồng, tối đa {most} đồng"
            )
    return reasons


def _shut_out(merging: Merging) -> list[str]:
    """A programme that does not lend to who owes under another one."""
    mine, theirs = programmes_owed(merging.goes), programmes_owed(merging.stays)
    known = programmes()
    return [
        f"khoản vay {one} của hộ này và khoản vay {other} của hộ kia không được cùng một hộ"
        for one in mine
        for other in theirs
        if (one in known and other in known[one].not_debts)
        or (other in known and one in known[other].not_debts)
    ]


def _closed(merging: Merging) -> list[str]:
    """Sheets and snapshots of a closed day name the household as it was; it changes on an open day only."""
    if not merging.goes.loans.exists():
        return []
    lent = merging.goes.loans.filter(disbursed_on__gt=merging.since).order_by("pk").first()
    if lent is not None:
        return [
            f"khoản vay {lent.number} giải ngân ngày {lent.disbursed_on:%d/%m/%Y}, sau ngày gộp"
        ]
    last = Book.objects.aggregate(last=Max("closed_through"))["last"]
    if last is not None and merging.since <= last:
        return [
            f"hộ có khoản vay và ngày {merging.since:%d/%m/%Y} đã khóa sổ (đến hết {last:%d/%m/%Y})"
        ]
    return []
