"""Money of others proposed to be moved to policy credit; campaigns and what donors promised, down to the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction

from tdcs.access.models import User
from tdcs.capital.errors import FundingWrong, MayNotFund
from tdcs.capital.models import (
    Campaign,
    CapitalSource,
    FundReceipt,
    OutsideFund,
    OutsideStep,
    Pledge,
    Tier,
)
from tdcs.capital.services.receipts import Money, receive_money
from tdcs.capital.services.tranches import apply_move
from tdcs.capital.states import OUTSIDE_MOVES, OutsideState
from tdcs.core import trail
from tdcs.ledger.results import Posted
from tdcs.organisations.models import Organisation

_MOST: Final = 10**15


@dataclass(frozen=True, slots=True)
class Found:
    """A source or fund outside the bank, as the review found it."""

    name: str
    kind: str
    owner_words: str
    size: int
    basis: str
    owner: Organisation | None = None


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """A campaign as decided: half-open from ``starts_on`` to ``ends_on``."""

    name: str
    basis: str
    source: CapitalSource
    starts_on: date
    ends_on: date
    target: int


def _require_words(**fields: str) -> None:
    for name, words in fields.items():
        if not words.strip() or len(words.strip()) > 300:
            raise FundingWrong(field=_FIELDS[name], why="phải có từ 1 đến 300 ký tự")


def _require_amount(amount: int) -> None:
    if type(amount) is not int or not 0 < amount <= _MOST:
        raise FundingWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")


_FIELDS: Final = {
    "name": "tên",
    "basis": "căn cứ",
    "owner": "đơn vị quản lý",
    "donor": "người đóng góp",
}


def list_fund(*, found: Found, by: User | None, on: date) -> OutsideFund:
    """Enter what the review found. Raises FundingWrong, MayNotFund."""
    _require_may(by, "capital.change", "lập danh mục nguồn vốn")
    _require_words(name=found.name, basis=found.basis, owner=found.owner_words)
    _require_amount(found.size)
    if found.kind not in OutsideFund.Kind.values:
        raise FundingWrong(field="loại nguồn", why="không có trong danh mục")
    with transaction.atomic():
        try:
            with transaction.atomic():
                made: OutsideFund = OutsideFund.objects.create(
                    name=found.name.strip()[:200],
                    kind=found.kind,
                    owner=found.owner,
                    owner_words=found.owner_words.strip()[:200],
                    size=found.size,
                    basis=found.basis.strip(),
                    found_on=on,
                    made_by=by,
                )
        except IntegrityError as twice:
            raise FundingWrong(field="tên", why="đã có trong danh mục của đơn vị này") from twice
        data = {"size": made.size}
        trail.record(action="capital.list_fund", subject=made, by=by, on=on, data=data)
    return made


def step_fund(
    *, fund: OutsideFund, verb: str, letter: str, words: str, by: User | None, on: date
) -> OutsideFund:
    """Propose, or write down the answer: by which letter, in which words. Raises FundingWrong, FundingStateWrong,
    MayNotFund."""
    if verb not in ("propose", "agree", "refuse"):
        raise FundingWrong(field="bước", why="không có trong danh mục")
    if not letter.strip():
        raise FundingWrong(field="văn bản", why="chưa ghi")
    with transaction.atomic():
        held = OutsideFund.objects.select_for_update(of=("self",)).get(pk=fund.pk)
        apply_move(held, OUTSIDE_MOVES, verb, action=f"capital.{verb}_fund", by=by, on=on)
        _note(held, verb, on, letter, words, by)
    return held


def _note(fund: OutsideFund, verb: str, on: date, letter: str, words: str, by: User | None) -> None:
    OutsideStep.objects.create(
        fund=fund,
        verb=verb,
        target=fund.state,
        on=on,
        letter=letter.strip()[:120],
        words=words.strip()[:500],
        by=by,
    )


def move_fund(*, fund: OutsideFund, money: Money, by: User | None, on: date, key: str) -> Posted:
    """What was agreed comes: a receipt of a local source. Answer: entry, number. Raises FundingStateWrong, MayNotFund, and
    what ``receive_money`` raises."""
    answer: Posted = {"entry": 0, "number": 0}
    with transaction.atomic():
        held = OutsideFund.objects.select_for_update(of=("self",)).get(pk=fund.pk)
        if held.state == OutsideState.AGREED:
            answer = receive_money(money=money, by=by, on=on, key=key)
            held.receipt = FundReceipt.objects.get(entry=answer["entry"])
        apply_move(held, OUTSIDE_MOVES, "move", action="capital.move_fund", by=by, on=on)
        _note(held, "move", on, "", money.words, by)
    return answer


def start_campaign(*, plan: CampaignPlan, by: User | None, on: date) -> Campaign:
    """A campaign that raises money for a local source. Raises FundingWrong, MayNotFund."""
    _require_may(by, "capital.change", "lập cuộc vận động")
    _require_words(name=plan.name, basis=plan.basis)
    _require_amount(plan.target)
    if plan.ends_on <= plan.starts_on:
        raise FundingWrong(field="ngày kết thúc", why="phải sau ngày bắt đầu")
    if plan.source.tier != Tier.LOCAL:
        raise FundingWrong(field="nguồn vốn", why="không phải nguồn địa phương")
    with transaction.atomic():
        try:
            with transaction.atomic():
                made: Campaign = Campaign.objects.create(
                    name=plan.name.strip()[:200],
                    basis=plan.basis.strip(),
                    source=plan.source,
                    starts_on=plan.starts_on,
                    ends_on=plan.ends_on,
                    target=plan.target,
                    made_by=by,
                )
        except IntegrityError as twice:
            raise FundingWrong(field="tên", why="đã có một cuộc vận động cùng tên") from twice
        trail.record(action="capital.start_campaign", subject=made, by=by, on=on)
    return made


def pledge(*, campaign: Campaign, donor: str, amount: int, by: User | None, on: date) -> Pledge:
    """A donor promises money while the campaign runs. Raises FundingWrong, MayNotFund."""
    _require_may(by, "capital.change", "ghi đăng ký đóng góp")
    _require_words(donor=donor)
    _require_amount(amount)
    if not campaign.starts_on <= on < campaign.ends_on:
        raise FundingWrong(field="cuộc vận động", why="không diễn ra vào ngày này")
    with transaction.atomic():
        made: Pledge = Pledge.objects.create(
            campaign=campaign, donor=donor.strip()[:200], amount=amount, pledged_on=on, made_by=by
        )
        data = {"campaign": campaign.pk, "amount": amount}
        trail.record(action="capital.pledge", subject=made, by=by, on=on, data=data)
    return made


def receive_pledge(
    *, pledge: Pledge, office: Organisation, by: User | None, on: date, key: str
) -> Posted:
    """What was promised comes, whole. Answer: entry, number. Raises FundingWrong, MayNotFund, and what ``receive_money``
    raises."""
    _require_may(by, "capital.receive", "nhận tiền đóng góp")
    with transaction.atomic():
        held = Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
        if held.receipt_id is not None:
            raise FundingWrong(field="khoản đóng góp này", why="đã nhận tiền")
        words = f"{held.campaign.name}: {held.donor}"
        money = Money(held.campaign.source, office, held.amount, words=words)
        answer = receive_money(money=money, by=by, on=on, key=key)
        held.receipt = FundReceipt.objects.get(entry=answer["entry"])
        held.save(update_fields=["receipt"])
        data = {"receipt": held.receipt_id}
        trail.record(action="capital.receive_pledge", subject=held, by=by, on=on, data=data)
    return answer


def _require_may(by: User | None, permission: str, deed: str) -> None:
    if by is not None and not by.may(permission):
        raise MayNotFund(deed=deed)
