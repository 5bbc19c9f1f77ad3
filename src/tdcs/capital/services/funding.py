"""Contracts behind a source and their tranches: agreed, planned, ordered, ended, gone over to a successor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Sum

from tdcs.access.models import User
from tdcs.capital.errors import FundingWrong, ProgrammesOverlap, TrancheTooLarge
from tdcs.capital.models import CapitalSource, FundingContract, FundingKind, Tier, Tranche
from tdcs.capital.services.tranches import move, require_own
from tdcs.capital.states import TrancheState
from tdcs.core import trail
from tdcs.organisations.models import Organisation
from tdcs.programmes.rules.terms import programmes

_CENTRAL: Final = (FundingKind.CENTRAL, FundingKind.DEPOSITS, FundingKind.MEMBERS_SAVINGS)
_MOST: Final = 10**15


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a decision or contract says: half-open from ``starts_on`` to ``ends_on``."""

    source: CapitalSource
    kind: str
    number: str
    decided_on: date
    starts_on: date
    ends_on: date | None = None
    amount: int | None = None
    programmes: tuple[str, ...] = ()
    owner: Organisation | None = None
    owner_words: str = ""


def agree(*, agreement: Agreement, by: User | None, on: date) -> FundingContract:
    """Enter a decision or contract. Raises FundingWrong, ProgrammesOverlap."""
    _require_sound(agreement, on)
    with transaction.atomic():
        CapitalSource.objects.select_for_update().get(pk=agreement.source.pk)
        _require_no_overlap(agreement)
        made = _make(agreement, by)
        trail.record(
            action="capital.agree", subject=made, by=by, on=on, data={"number": made.number}
        )
    return made


def _make(agreement: Agreement, by: User | None) -> FundingContract:
    try:
        with transaction.atomic():
            made: FundingContract = FundingContract.objects.create(
                source=agreement.source,
                kind=agreement.kind,
                number=agreement.number.strip(),
                decided_on=agreement.decided_on,
                starts_on=agreement.starts_on,
                ends_on=agreement.ends_on,
                amount=agreement.amount,
                programmes=sorted(agreement.programmes),
                owner=agreement.owner or agreement.source.investor,
                owner_words=agreement.owner_words.strip()[:200],
                made_by=by,
            )
    except IntegrityError as twice:
        raise FundingWrong(
            field="số quyết định", why="đã nhập cho nguồn này với cùng ngày"
        ) from twice
    return made


def _require_sound(agreement: Agreement, on: date) -> None:
    number, amount = agreement.number.strip(), agreement.amount
    if not number or len(number) > 60:
        raise FundingWrong(field="số quyết định", why="phải có từ 1 đến 60 ký tự")
    if agreement.kind not in FundingKind.values:
        raise FundingWrong(field="loại nguồn", why="không có trong danh mục")
    if (agreement.source.tier == Tier.CENTRAL) != (agreement.kind in _CENTRAL):
        raise FundingWrong(field="loại nguồn", why="không hợp với cấp của nguồn vốn")
    if agreement.decided_on > on:
        raise FundingWrong(field="ngày quyết định", why="chưa đến")
    if agreement.ends_on is not None and agreement.ends_on <= agreement.starts_on:
        raise FundingWrong(field="ngày hết hiệu lực", why="phải sau ngày có hiệu lực")
    if amount is not None and (type(amount) is not int or not 0 < amount <= _MOST):
        raise FundingWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")
    unknown = [code for code in agreement.programmes if code not in programmes()]
    if unknown:
        raise FundingWrong(field=f"chương trình {unknown[0]}", why="không có trong danh mục")


def _require_no_overlap(agreement: Agreement) -> None:
    wanted = set(agreement.programmes)
    for row in agreement.source.contracts.exclude(programmes=[]) if wanted else ():
        common = wanted & set(row.programmes)
        if common and wanted != set(row.programmes):
            raise ProgrammesOverlap(programme=min(common), number=row.number)


def plan_tranche(
    *, contract: FundingContract, amount: int, planned_on: date, by: User | None, on: date
) -> Tranche:
    """A part of a contract that is to come on a day. Raises FundingWrong, TrancheTooLarge."""
    if type(amount) is not int or not 0 < amount <= _MOST:
        raise FundingWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")
    with transaction.atomic():
        held = FundingContract.objects.select_for_update().get(pk=contract.pk)
        if planned_on < held.starts_on or (held.ends_on and planned_on >= held.ends_on):
            raise FundingWrong(field="ngày dự kiến", why="ngoài thời hạn của quyết định")
        parts = held.tranches.exclude(state=TrancheState.CANCELLED)
        planned = parts.aggregate(n=Sum("amount"))["n"] or 0
        if held.amount is not None and planned + amount > held.amount:
            raise TrancheTooLarge(amount=amount, number=held.number, rest=held.amount - planned)
        made: Tranche = Tranche.objects.create(
            contract=held,
            number=held.tranches.count() + 1,
            planned_on=planned_on,
            amount=amount,
        )
        data = {"amount": amount, "planned_on": planned_on}
        trail.record(action="capital.plan_tranche", subject=made, by=by, on=on, data=data)
    return made


def order_tranche(*, tranche: Tranche, number: str, by: User | None, on: date) -> Tranche:
    """The budget's order to pay a tranche. Raises FundingWrong, FundingStateWrong, MayNotFund, NotYourBudget."""
    if not number.strip() or len(number.strip()) > 60:
        raise FundingWrong(field="số lệnh chi tiền", why="phải có từ 1 đến 60 ký tự")
    with transaction.atomic():
        held = Tranche.objects.select_for_update().get(pk=tranche.pk)
        require_own(held.contract.source, by, on)
        held.order_number, held.ordered_on, held.ordered_by = number.strip(), on, by
        move(held, "order", by=by, on=on)
    return held


def cancel_tranche(*, tranche: Tranche, by: User | None, on: date) -> Tranche:
    """A tranche of which nothing came is given up. Raises FundingWrong, FundingStateWrong, MayNotFund."""
    with transaction.atomic():
        held = Tranche.objects.select_for_update().get(pk=tranche.pk)
        if held.receipts.aggregate(n=Sum("amount"))["n"]:
            raise FundingWrong(field="đợt này", why="đã nhận tiền")
        move(held, "cancel", by=by, on=on)
    return held


def hand_over(
    *, source: CapitalSource, successor: Organisation, decision: str, by: User | None, on: date
) -> list[FundingContract]:
    """The budget that entrusted a source ceases: its open contracts end on the day and go on under the successor, the
    source with its loans is the successor's from then on. Gives the new contracts. Raises FundingWrong."""
    if not decision.strip():
        raise FundingWrong(field="quyết định bàn giao", why="chưa ghi")
    with transaction.atomic():
        held = CapitalSource.objects.select_for_update().get(pk=source.pk)
        if held.investor_id == successor.pk:
            raise FundingWrong(field="bên nhận bàn giao", why="đang là chủ của nguồn này")
        open_ones = held.contracts.on(on).select_for_update(of=("self",)).order_by("pk")
        made = [_continue(row, successor, by, on) for row in open_ones]
        before = held.investor_id
        held.investor = successor
        held.save(update_fields=["investor"])
        data = {"from": before, "to": successor.pk, "contracts": [row.pk for row in made]}
        trail.record(
            action="capital.hand_over", subject=held, by=by, on=on, why=decision.strip(), data=data
        )
    return made


def _continue(
    row: FundingContract, successor: Organisation, by: User | None, on: date
) -> FundingContract:
    """The contract under its new owner: what of the old one has not come may still come."""
    if row.starts_on >= on:
        raise FundingWrong(field=row.number, why="chưa có hiệu lực trước ngày bàn giao")
    came = row.receipts.aggregate(n=Sum("amount"))["n"] or 0
    rest = None if row.amount is None else max(row.amount - came, 1)
    kinds = {"province": FundingKind.PROVINCE, "commune": FundingKind.COMMUNE}
    old = Agreement(
        row.source,
        kinds.get(successor.level, row.kind),
        row.number,
        row.decided_on,
        on,
        row.ends_on,
        rest,
        tuple(row.programmes),
        successor,
    )
    row.ends_on = on
    row.save(update_fields=["ends_on"])
    made: FundingContract = FundingContract.objects.create(
        source=old.source,
        kind=old.kind,
        number=old.number,
        decided_on=old.decided_on,
        starts_on=old.starts_on,
        ends_on=old.ends_on,
        amount=old.amount,
        programmes=list(old.programmes),
        owner=successor,
        succeeds=row,
        made_by=by,
    )
    return made
