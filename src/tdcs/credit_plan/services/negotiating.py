"""Rounds with the offices: the branch sends, the office asks or agrees, the branch answers. Only who holds the pen writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.credit_plan.errors import AsksOpen, NotYourLine
from tdcs.credit_plan.models import Allotment, CreditPlan, OfficeRound, RoundMove
from tdcs.credit_plan.queries.places import answering_office
from tdcs.credit_plan.services.writing import (
    locked_round,
    office_name,
    require_amount,
    require_branch_writes,
    require_negotiating,
    require_open,
    require_unit_writes,
    require_words,
    round_of_commune,
)
from tdcs.credit_plan.states import ROUND_MOVES
from tdcs.organisations.queries_areas import offices_by_commune


def set_amount(*, allotment: Allotment, amount: int, by: User | None, on: date) -> Allotment:
    """The branch changes a cell while it holds the pen; what the office asked for it is answered by that.

    Raises PlanLocked, NotYourPen, PlanAmountWrong.
    """
    with transaction.atomic():
        held = require_negotiating(allotment.plan)
        turn = round_of_commune(held, allotment.area_id, on)
        require_branch_writes(turn, on)
        require_amount(amount, held.unit)
        row = Allotment.objects.select_for_update().get(pk=allotment.pk)
        before, row.amount, row.asked = row.amount, amount, None
        row.save(update_fields=["amount", "asked"])
        trail.record(
            action="credit_plan.set_amount", subject=row, by=by, on=on,
            data={"before": before, "amount": amount},
        )  # fmt: skip
    return row


def ask_amount(*, allotment: Allotment, amount: int, comment: str, by: User, on: date) -> Allotment:
    """An office or commune asks for another amount of its own line, in its round; the branch's amount takes the request back.

    Raises PlanLocked, NotYourLine, NotYourPen, PlanAmountWrong, WordsNeeded.
    """
    with transaction.atomic():
        held = require_negotiating(allotment.plan)
        turn = round_of_commune(held, allotment.area_id, on)
        require_unit_writes(turn, allotment.area_id, by, on)
        require_amount(amount, held.unit)
        row = Allotment.objects.select_for_update().get(pk=allotment.pk)
        words = "" if amount == row.amount else require_words(comment, "lý do đề nghị")
        row.asked, row.comment = (None if amount == row.amount else amount), words
        row.save(update_fields=["asked", "comment"])
        trail.record(
            action="credit_plan.ask_amount", subject=row, by=by, on=on, why=words,
            data={"amount": row.amount, "asked": amount},
        )  # fmt: skip
    return row


def set_amounts(*, plan: CreditPlan, amounts: Mapping[int, int], by: User | None, on: date) -> int:
    """The branch's amounts of several cells (by key), all or none; how many changed."""
    with transaction.atomic():
        cells = Allotment.objects.filter(plan=plan, pk__in=amounts).select_related("plan")
        changed = [cell for cell in cells.order_by("pk") if cell.amount != amounts[cell.pk]]
        for cell in changed:
            set_amount(allotment=cell, amount=amounts[cell.pk], by=by, on=on)
    return len(changed)


def ask_amounts(
    *, plan: CreditPlan, asks: Mapping[int, tuple[int, str]], by: User, on: date
) -> int:
    """What an office or commune asks for in several cells (by key), each with its reason, all or none; how many changed."""
    with transaction.atomic():
        cells = Allotment.objects.filter(plan=plan, pk__in=asks).select_related("plan")
        changed = [cell for cell in cells.order_by("pk") if _asks_anew(cell, *asks[cell.pk])]
        for cell in changed:
            amount, words = asks[cell.pk]
            ask_amount(allotment=cell, amount=amount, comment=words, by=by, on=on)
    return len(changed)


def _asks_anew(cell: Allotment, amount: int, words: str) -> bool:
    standing = cell.amount if cell.asked is None else cell.asked
    return amount != standing or (cell.asked is not None and words.strip() != cell.comment)


def send(
    *, plan: CreditPlan, office: int, comment: str = "", by: User | None, on: date
) -> OfficeRound:
    """The branch passes the pen to an office: the next round begins, and what it did not take of the last one is declined."""
    with transaction.atomic():
        turn = _move("send", plan=plan, office=office, comment=comment, by=by, on=on)
        _cells_of(turn, on).update(asked=None)
    return turn


def send_all(*, plan: CreditPlan, comment: str = "", by: User | None, on: date) -> int:
    """The pen passes to every office whose draft the branch holds; how many."""
    with transaction.atomic():
        waiting = plan.rounds.filter(state__in=ROUND_MOVES["send"].sources).order_by("pk")
        offices = [row.office_id for row in waiting]
        for office in offices:
            send(plan=plan, office=office, comment=comment, by=by, on=on)
    return len(offices)


def return_round(*, plan: CreditPlan, office: int, comment: str, by: User, on: date) -> OfficeRound:
    """The office gives the pen back and says why. Raises NotYourLine, WordsNeeded."""
    words = require_words(comment, "ý kiến của phòng giao dịch", 500)
    _require_office(by, office)
    return _move("return", plan=plan, office=office, comment=words, by=by, on=on)


def agree(*, plan: CreditPlan, office: int, by: User, on: date) -> OfficeRound:
    """The office takes its lines as they are. Raises NotYourLine, AsksOpen."""
    _require_office(by, office)
    with transaction.atomic():
        turn = locked_round(plan, office)
        open_asks = _cells_of(turn, on).exclude(asked=None).count()
        if open_asks:
            raise AsksOpen(office=office_name(turn, on), count=open_asks)
        return _move("agree", plan=plan, office=office, comment="", by=by, on=on)


def accept(
    *, plan: CreditPlan, office: int, comment: str = "", by: User | None, on: date
) -> OfficeRound:
    """The branch takes every amount for which the office asked, and the round ends."""
    with transaction.atomic():
        turn = _move("accept", plan=plan, office=office, comment=comment, by=by, on=on)
        _cells_of(turn, on).exclude(asked=None).update(amount=F("asked"), asked=None)
    return turn


def reopen(
    *, plan: CreditPlan, office: int, comment: str, by: User | None, on: date
) -> OfficeRound:
    """The branch takes up an agreed round again and says why. Raises WordsNeeded."""
    words = require_words(comment, "lý do mở lại", 500)
    return _move("reopen", plan=plan, office=office, comment=words, by=by, on=on)


def _move(
    verb: str, *, plan: CreditPlan, office: int, comment: str, by: User | None, on: date
) -> OfficeRound:
    move = ROUND_MOVES[verb]
    with transaction.atomic():
        held = require_negotiating(plan)
        turn = locked_round(held, office)
        require_open(move, turn.state, turn.get_state_display())
        turn.state = move.target
        turn.number += verb == "send"
        turn.save(update_fields=["state", "number"])
        RoundMove.objects.create(
            round=turn, verb=verb, number=turn.number, comment=comment, by=by, on=on, at=clock.now()
        )
        data = {"office": office, "round": turn.number}
        trail.record(
            action=f"credit_plan.{_ACTIONS[verb]}",
            subject=turn,
            by=by,
            on=on,
            why=comment,
            data=data,
        )
    return turn


_ACTIONS = {
    "send": "send", "return": "return_round", "agree": "agree", "accept": "accept", "reopen": "reopen"
}  # fmt: skip


def _require_office(by: User, office: int) -> None:
    if answering_office(by) != office:
        raise NotYourLine


def _cells_of(turn: OfficeRound, on: date) -> QuerySet[Allotment]:
    areas = [area for area, office in offices_by_commune(on).items() if office == turn.office_id]
    return Allotment.objects.filter(plan_id=turn.plan_id, area_id__in=areas)
