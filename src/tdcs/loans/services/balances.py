"""The standing kept on the loan row: the fold of all events, so that a payment need not read a loan's whole life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from tdcs.core.columns import day_number, day_of_number
from tdcs.core.errors import NoParametersOnDay
from tdcs.loans.errors import EventBeforeLast, LoanMonitored, RuleRefused
from tdcs.loans.models import Instalment, Loan
from tdcs.loans.queries.folding import (
    LoanBalance,
    Row,
    eve,
    events_of,
    fold_views,
    frozen_stretch,
    standings_rows,
)
from tdcs.loans.rules.kinds import FREEZE, REVERSE
from tdcs.loans.rules.limits import LossTooSmall, freeze_months
from tdcs.loans.services.booking import held_by

# Later than any key the database has given out: an event that is about to be written.
_NEW = 2**62


def validate_event(
    loan: Loan, *events: Row, on: date, loss_percent: int | None = None
) -> LoanBalance:
    """The standing at the end of ``on`` with ``events`` added. Raises LoanMonitored, and RuleRefused when a rule says no."""
    if loan.reported:
        raise LoanMonitored(number=loan.number)
    written = events_of(loan)
    days = [day_number(loan.standing_on), *(row.day for row in written)]
    last = max(days)
    if day_number(on) < last:
        raise EventBeforeLast(number=loan.number, day=on, last=day_of_number(last))
    rows = [
        replace(event, key=_NEW + at, freeze_months=_freeze_months(event.kind, loss_percent, on))
        for at, event in enumerate(events)
    ]
    counted = standings_rows([*written, *rows], on)
    found = fold_views([(loan, on, counted)])[0]
    if found.refused:
        first = events[0]
        code = "reversal_leaves_invalid" if first.kind == REVERSE else found.refused
        raise RuleRefused(code, asked_on=on, principal=first.amount, programme=loan.programme)
    return found


def _freeze_months(kind: int, loss_percent: int | None, on: date) -> int:
    """How long a freeze decided on the day may last by the loss. Raises RuleRefused."""
    if kind != FREEZE:
        return 0
    try:
        return freeze_months(loss_percent, on)
    except LossTooSmall:
        raise RuleRefused("loss_too_small", percent=loss_percent, asked_on=on) from None
    except NoParametersOnDay as refusal:
        raise RuleRefused("no_parameters_on_day", day=on) from refusal


def write_balance(loan: Loan, on: date) -> LoanBalance:
    """Fold the loan anew and keep the result on its row and its instalments; returns the standing at the end of ``on``."""
    written = events_of(loan)
    today = standings_rows(written, on)
    before = standings_rows(written, eve(on))
    views = [(loan, on, today)]
    if on > loan.disbursed_on:
        # Interest up to the eve: what is void from today on was never there.
        valid = [row for row in before if row in today]
        views.append((loan, eve(on), valid))
    found = fold_views(views)
    now, past = found[0], found[1] if len(found) > 1 else None
    keep(loan, now, past, on, written)
    write_instalments(loan, now)
    return now


def keep(
    loan: Loan, now: LoanBalance, past: LoanBalance | None, on: date, written: Sequence[Row]
) -> None:
    """Copy a standing to the row, and write the row."""
    copy_standing(loan, now, past, on, written)
    loan.save()


# What ``copy_standing`` sets.
STANDING: Final = (
    "standing_on", "interest_whole", "interest_rest", "disbursed_total", "paid_total", "written_off", "balance",
    "interest_collected", "interest_written_off", "current_rate_ppm", "overdue_base_ppm", "overdue_percent",
    "final_due_on", "final_session_on", "state", "frozen_from", "frozen_to", "frozen_part",
)  # fmt: skip


def copy_standing(
    loan: Loan, now: LoanBalance, past: LoanBalance | None, on: date, written: Sequence[Row]
) -> None:
    """Copy a standing to the loan; nothing is written."""
    loan.standing_on = on
    loan.interest_whole, loan.interest_rest = (past.whole, past.rest) if past else (0, 0)
    loan.disbursed_total, loan.paid_total = now.lent, now.paid
    loan.written_off, loan.balance = now.written_off, now.balance
    loan.interest_collected, loan.interest_written_off = now.collected, now.waived
    loan.current_rate_ppm = now.rate_ppm
    loan.overdue_base_ppm, loan.overdue_percent = now.overdue_base_ppm, now.overdue_percent
    loan.final_due_on = now.final_due_on
    if now.instalments:
        # A loan whose only disbursement was reversed has none; its days say nothing any more.
        loan.final_session_on = now.instalments[-1][2]
    loan.state = now.state
    frozen = frozen_stretch(standings_rows(written, on), on)
    loan.frozen_from, loan.frozen_to, loan.frozen_part = frozen or (None, None, 0)


def frozen_on(loan: Loan, on: date) -> int:
    """What the freeze in which the loan, with all that is written of it, stands at the end of ``on`` holds, 0 for none."""
    return held_by(frozen_stretch(standings_rows(events_of(loan), on), on))


def new_instalment(loan: Loan, number: int, due: date, trigger: date, principal: int) -> Instalment:
    """An instalment as the contract has it."""
    return Instalment(
        loan=loan,
        number=number,
        contract_due_on=due,
        due_on=due,
        session_on=trigger,
        principal=principal,
    )


def write_instalments(loan: Loan, now: LoanBalance) -> None:
    """The kept instalments become those of a standing."""
    kept = {row.number: row for row in loan.instalments.all()}
    made, changed = [], []
    for number, due, trigger, principal in now.instalments:
        row = kept.get(number)
        if row is None:
            made.append(new_instalment(loan, number, due, trigger, principal))
        elif (row.due_on, row.session_on, row.principal) != (due, trigger, principal):
            row.due_on, row.session_on, row.principal = due, trigger, principal
            changed.append(row)
    there = {number for number, *_ in now.instalments}
    # What a later disbursement or its reversal leaves without an amount is no instalment any more.
    loan.instalments.exclude(number__in=there).delete()
    Instalment.objects.bulk_create(made)
    Instalment.objects.bulk_update(changed, ["due_on", "session_on", "principal"])
