"""What the law offers a household on a day: each programme, what may still be borrowed, at which rate, by which text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tdcs.access.models import User
from tdcs.core.errors import NoParametersOnDay
from tdcs.households.models import Household
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.queries.eligibility import Verdict, judge_programmes
from tdcs.loans.queries.folding import LoanBalance, balances_on
from tdcs.loans.queries.limits import owed_under, promised
from tdcs.loans.queries.scope import visible_loans
from tdcs.programmes.rules import Programme, Terms, programmes, terms_on
from tdcs.programmes.rules.showing import LABELS, FigureRow, figure_row, percent


class LimitFigure(FigureRow):
    """A value of the law with its first day; ``figure``: which it is ("maximum", "term", "rate")."""

    figure: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Limits:
    """The law's terms for one household: ``left`` is what may still be asked for, None where no maximum is set."""

    programme: Programme
    terms: Terms
    owed: int
    promised: int
    left: int | None
    rate: str
    monthly_rate: str
    figures: tuple[LimitFigure, ...]

    def basis(self, name: str) -> str:
        """The text behind one figure ("maximum", "term", "rate"), as letters cite it."""
        return next((row["basis"] for row in self.figures if row["figure"] == name), "")


@dataclass(frozen=True, slots=True)
class Offer:
    """A programme before a household: open with its limits, or closed with the reason and its text."""

    programme: Programme
    verdict: Verdict
    limits: Limits | None


def offers(household: Household, on: date) -> list[Offer]:
    """Every programme, the open ones first, each in the law's order."""
    judged = judge_programmes(household, on)
    rows = [
        Offer(one, judged[code], limits_of(household, code, on) if judged[code].eligible else None)
        for code, one in programmes().items()
    ]
    return sorted(rows, key=lambda row: not row.verdict.eligible)


def limits_of(
    household: Household,
    code: str,
    on: date,
    target_group: str = "",
    but: LoanApplication | None = None,
) -> Limits | None:
    """The limits of a programme for a household, ``but`` one application left out; None when it does not lend on the day."""
    try:
        terms = terms_on(code, on, target_group)
    except NoParametersOnDay:
        return None
    owed = owed_under(household, code)
    waiting = promised(household, code, but=but)
    figures: list[LimitFigure] = [
        {
            **figure_row(LABELS[name], target_group, value),
            "figure": name,
            "starts_on": value.starts_on,
        }
        for name, value in terms.values
    ]
    return Limits(
        programmes()[code],
        terms,
        owed,
        waiting,
        None if terms.maximum is None else max(0, terms.maximum - owed - waiting),
        percent(terms.rate_ppm),
        monthly_percent(terms.rate_ppm),
        tuple(figures),
    )


@dataclass(frozen=True, slots=True)
class Debt:
    """A loan on which the household owes: how it stands today, and whether the asker may open it."""

    loan: Loan
    now: LoanBalance
    programme: str
    seen: bool


def debts_of(user: User, household: Household, on: date) -> list[Debt]:
    """Every loan on which the household owes principal, the oldest first."""
    loans = list(
        Loan.objects.filter(household=household, balance__gt=0).order_by("disbursed_on", "pk")
    )
    now = balances_on(loans, on) if loans else {}
    ids = [loan.pk for loan in loans]
    seen = set(visible_loans(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Debt(loan, now[loan.pk], programme_short(loan.programme), loan.pk in seen) for loan in loans
    ]


def programme_short(code: str) -> str:
    """What lists call a programme; a code that is gone stays a code."""
    known = programmes().get(code)
    return known.short if known else code


def monthly_percent(ppm: int) -> str:
    """83820 a year → "0,6985%/tháng": a twelfth, as counters quote it."""
    share = (Decimal(ppm) / 120_000).quantize(Decimal("0.0001")).normalize()
    return f"{share:f}%/tháng".replace(".", ",")
