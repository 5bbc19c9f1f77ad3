"""Whose budget a person speaks for, and where each of them stands: estimate, resolution, payment order, receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.capital.models import (
    BalanceConfirmation,
    BudgetEstimate,
    CapitalSource,
    FundingContract,
    Tier,
    Tranche,
)
from tdcs.capital.states import ConfirmationState, EstimateState, TrancheState
from tdcs.core.waiting import Waiting
from tdcs.organisations.models import Kind, Level

_ORDERED: Final = (TrancheState.ORDERED, TrancheState.RECEIVED)


def quarter_of(year: int, quarter: int) -> tuple[date, date]:
    """First and last day."""
    first = date(year, 3 * quarter - 2, 1)
    after = date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)
    return first, after - timedelta(days=1)


def last_quarter(on: date) -> tuple[int, int]:
    """Year and quarter that was the last to end before a day."""
    quarter = (on.month - 1) // 3
    return (on.year, quarter) if quarter else (on.year - 1, 4)


def budgets_of(user: User, on: date) -> list[CapitalSource]:
    """The local sources for whose budget a person speaks: a People's Committee's own, or all of them at the province."""
    holding = user.holding()
    if holding is None:
        return []
    unit = holding.organisation
    rows = CapitalSource.objects.filter(tier=Tier.LOCAL).select_related("investor")
    if unit.kind == Kind.PEOPLE_COMMITTEE and unit.level == Level.COMMUNE:
        rows = rows.filter(investor=unit)
    elif unit.level != Level.PROVINCE:
        return []
    return list(rows.filter(Q(ends_on=None) | Q(ends_on__gt=on)).order_by("code"))


def may_speak_for(user: User, source: CapitalSource, on: date) -> bool:
    """Whether a person speaks for the budget behind a source."""
    return any(one.pk == source.pk for one in budgets_of(user, on))


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """A budget's year: what was estimated, resolved, ordered to be paid, received; dong."""

    source: CapitalSource
    estimated: int
    resolved: int
    ordered: int
    received: int

    @property
    def missing(self) -> int:
        """Resolved, and not yet here."""
        return max(self.resolved - self.received, 0)


def budget_years(sources: list[CapitalSource], year: int) -> list[BudgetYear]:
    """Each budget's year, in the order given."""
    keys = [one.pk for one in sources]
    contracts = FundingContract.objects.filter(source__in=keys, starts_on__year=year)
    estimated = _sums(
        BudgetEstimate.objects.filter(source__in=keys, year=year).exclude(
            state=EstimateState.WITHDRAWN
        ),
        "source_id",
    )
    resolved = _sums(contracts, "source_id")
    parts = Tranche.objects.filter(contract__in=contracts, state__in=_ORDERED)
    ordered = _sums(parts, "contract__source_id")
    came = _sums(contracts.filter(receipts__kind="received"), "source_id", "receipts__amount")
    return [
        BudgetYear(
            one,
            estimated.get(one.pk, 0),
            resolved.get(one.pk, 0),
            ordered.get(one.pk, 0),
            came.get(one.pk, 0),
        )
        for one in sources
    ]


def _sums(rows, by: str, of: str = "amount") -> dict[int, int]:  # type: ignore[no-untyped-def]
    found = rows.order_by().values_list(by).annotate(n=Sum(of))
    return {key: amount or 0 for key, amount in found}


def waiting_for(user: User, on: date) -> list[Waiting]:
    """On the first screen: tranches whose day has come without an order, confirmations that wait for a signature."""
    sign, deed = _("Xác nhận số dư vốn ủy thác chờ ký"), _("Ký")
    found: list[tuple[str, int, str]] = []
    if user.may("capital.budget"):
        mine = budgets_of(user, on)
        due = Tranche.objects.filter(
            contract__source__in=mine, state=TrancheState.PLANNED, planned_on__lte=on
        )
        found.append((_("Đợt giao vốn đến ngày, chưa có lệnh chi"), due.count(), _("Ra lệnh chi")))
        rows = BalanceConfirmation.objects.filter(source__in=mine)
        found.append((sign, rows.filter(state=ConfirmationState.BANK_SIGNED).count(), deed))
    return [Waiting(title, count, act, "capital:budgets") for title, count, act in found if count]
