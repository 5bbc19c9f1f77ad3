"""What budgets do: estimate, resolution; and with the bank the balance of a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.db import transaction
from django.db.models import Q, Sum

from tdcs.access.models import User
from tdcs.capital.errors import (
    ConfirmationThere,
    FundingWrong,
    MayNotFund,
    QuarterNotOver,
)
from tdcs.capital.models import (
    BalanceConfirmation,
    BudgetEstimate,
    CapitalSource,
    FundingContract,
    FundingKind,
    FundReceipt,
    ReceiptKind,
    Tier,
)
from tdcs.capital.queries.budgets import quarter_of
from tdcs.capital.queries.funds import lent_on, received_on
from tdcs.capital.services.funding import Agreement, agree
from tdcs.capital.services.tranches import apply_move, require_own
from tdcs.capital.states import CONFIRMATION_MOVES, ESTIMATE_MOVES, ConfirmationState
from tdcs.core import trail
from tdcs.organisations.models import Level

_MOST = 10**15


@dataclass(frozen=True, slots=True)
class Resolution:
    """A People's Council's resolution: number, day, the amount it allots, from which day, for which programmes."""

    number: str
    decided_on: date
    amount: int
    programmes: tuple[str, ...] = ()


def estimate(
    *, source: CapitalSource, year: int, amount: int, words: str, by: User | None, on: date
) -> BudgetEstimate:
    """A budget's estimate of what it entrusts in a year. Raises FundingWrong, MayNotFund, NotYourBudget."""
    require_own(source, by, on)
    if source.tier != Tier.LOCAL:
        raise FundingWrong(field="nguồn vốn", why="không phải của ngân sách địa phương")
    if type(amount) is not int or not 0 < amount <= _MOST:
        raise FundingWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")
    if not on.year - 1 <= year <= on.year + 5:
        raise FundingWrong(field="năm ngân sách", why="quá xa năm hiện tại")
    if not words.strip():
        raise FundingWrong(field="thuyết minh", why="chưa ghi")
    with transaction.atomic():
        made: BudgetEstimate = BudgetEstimate.objects.create(
            source=source,
            year=year,
            amount=amount,
            words=words.strip()[:500],
            made_on=on,
            made_by=by,
        )
        data = {"year": year, "amount": amount}
        trail.record(action="capital.estimate", subject=made, by=by, on=on, data=data)
    return made


def resolve(
    *, estimate: BudgetEstimate, resolution: Resolution, by: User | None, on: date
) -> FundingContract:
    """The council's resolution makes the estimate a decision of that year. Raises what ``agree`` raises, FundingStateWrong,
    MayNotFund, NotYourBudget."""
    with transaction.atomic():
        held = BudgetEstimate.objects.select_for_update(of=("self",)).get(pk=estimate.pk)
        require_own(held.source, by, on)
        investor = held.source.investor
        of_commune = investor is not None and investor.level == Level.COMMUNE
        starts_on = max(resolution.decided_on, date(held.year, 1, 1))
        made = agree(
            agreement=Agreement(
                source=held.source,
                kind=FundingKind.COMMUNE if of_commune else FundingKind.PROVINCE,
                number=resolution.number,
                decided_on=resolution.decided_on,
                starts_on=starts_on,
                ends_on=date(held.year + 1, 1, 1),
                amount=resolution.amount,
                programmes=resolution.programmes,
            ),
            by=by,
            on=on,
        )
        held.contract = made
        apply_move(held, ESTIMATE_MOVES, "resolve", action="capital.resolve", by=by, on=on)
    return made


def withdraw_estimate(*, estimate: BudgetEstimate, by: User | None, on: date) -> BudgetEstimate:
    """An estimate without a resolution is taken back. Raises FundingStateWrong, MayNotFund, NotYourBudget."""
    with transaction.atomic():
        held = BudgetEstimate.objects.select_for_update(of=("self",)).get(pk=estimate.pk)
        require_own(held.source, by, on)
        action = "capital.withdraw_estimate"
        apply_move(held, ESTIMATE_MOVES, "withdraw", action=action, by=by, on=on)
    return held


def draw_confirmation(
    *, source: CapitalSource, year: int, quarter: int, by: User | None, on: date
) -> BalanceConfirmation:
    """The bank's statement of a quarter that is over. Raises FundingWrong, QuarterNotOver, ConfirmationThere, MayNotFund."""
    if by is not None and not by.may("capital.confirm"):
        raise MayNotFund(deed="lập xác nhận số dư")
    if source.tier != Tier.LOCAL or quarter not in (1, 2, 3, 4):
        raise FundingWrong(field="quý, nguồn vốn", why="không phải của ngân sách địa phương")
    first, last = quarter_of(year, quarter)
    if on <= last:
        raise QuarterNotOver(quarter=quarter, year=year)
    with transaction.atomic():
        CapitalSource.objects.select_for_update().get(pk=source.pk)
        there = source.confirmations.filter(year=year, quarter=quarter)
        if there.exclude(state=ConfirmationState.RETURNED).exists():
            raise ConfirmationThere(name=source.name, quarter=quarter, year=year)
        made: BalanceConfirmation = BalanceConfirmation.objects.create(
            source=source,
            year=year,
            quarter=quarter,
            drawn_on=on,
            drawn_by=by,
            **_figures(source, first, last),
        )
        data = {"quarter": quarter, "year": year, "closing": made.closing}
        trail.record(action="capital.draw_confirmation", subject=made, by=by, on=on, data=data)
    return made


def _figures(source: CapitalSource, first: date, last: date) -> dict[str, int]:
    eve = first - timedelta(days=1)
    opening = sum(received_on(eve, source.pk).get(source.pk, {}).values())
    sums = FundReceipt.objects.filter(source=source, on__range=(first, last)).aggregate(
        received=Sum("amount", filter=Q(kind=ReceiptKind.RECEIVED)),
        added=Sum("amount", filter=Q(kind=ReceiptKind.ADDED)),
        returned=Sum("amount", filter=Q(kind=ReceiptKind.RETURNED)),
    )
    received, added = sums["received"] or 0, sums["added"] or 0
    returned = -(sums["returned"] or 0)
    lent = lent_on(last).filter(pl.col("source") == source.pk)
    return {
        "opening": opening,
        "received": received,
        "added": added,
        "returned": returned,
        "closing": opening + received + added - returned,
        "outstanding": int(lent["outstanding"].sum()),
    }


def sign_for_bank(
    *, confirmation: BalanceConfirmation, by: User | None, on: date
) -> BalanceConfirmation:
    """The bank's side signs. Raises FundingStateWrong, MayNotFund."""
    with transaction.atomic():
        held = BalanceConfirmation.objects.select_for_update(of=("self",)).get(pk=confirmation.pk)
        held.bank_on, held.bank_by = on, by
        _move(held, "sign_bank", by, on)
    return held


def sign_for_budget(
    *, confirmation: BalanceConfirmation, by: User | None, on: date
) -> BalanceConfirmation:
    """The budget's side signs; from then on both have. Raises FundingStateWrong, MayNotFund, NotYourBudget."""
    with transaction.atomic():
        held = BalanceConfirmation.objects.select_for_update(of=("self",)).get(pk=confirmation.pk)
        require_own(held.source, by, on)
        held.budget_on, held.budget_by = on, by
        _move(held, "sign_budget", by, on)
    return held


def return_confirmation(
    *, confirmation: BalanceConfirmation, words: str, by: User | None, on: date
) -> BalanceConfirmation:
    """The budget does not agree and says why; the bank draws it up anew. Raises FundingWrong, FundingStateWrong, MayNotFund,
    NotYourBudget."""
    if not words.strip():
        raise FundingWrong(field="ý kiến", why="chưa ghi")
    with transaction.atomic():
        held = BalanceConfirmation.objects.select_for_update(of=("self",)).get(pk=confirmation.pk)
        require_own(held.source, by, on)
        held.words = words.strip()[:500]
        _move(held, "return", by, on)
    return held


def _move(held: BalanceConfirmation, verb: str, by: User | None, on: date) -> None:
    action = f"capital.{verb}_confirmation"
    apply_move(held, CONFIRMATION_MOVES, verb, action=action, by=by, on=on)
