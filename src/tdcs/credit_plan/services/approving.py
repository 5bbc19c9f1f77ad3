"""A plan is submitted when it adds up and every office agreed, and approved by the branch's director, who is another person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import narwhals as nw
import polars as pl
from django.db import transaction
from django.db.models import Q

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.english import in_english
from tdcs.core.errors import Kept
from tdcs.core.frames import rows_of
from tdcs.credit_plan.errors import (
    NotBranchDirector,
    OfficesNotAgreed,
    PlanDoesNotAddUp,
    SamePerson,
)
from tdcs.credit_plan.models import Allotment, CreditPlan, PlanFund, PlanLine, RoundState
from tdcs.credit_plan.queries import book
from tdcs.credit_plan.queries.places import of_branch
from tdcs.credit_plan.queries.plans import draft_rows, fund_frame, source_names, target_rows
from tdcs.credit_plan.rules.adding_up import Fault, Faulty, overdrawn_funds, unmet_targets
from tdcs.credit_plan.services.writing import (
    locked_plan,
    office_name,
    require_open,
    require_words,
)
from tdcs.credit_plan.states import PLAN_MOVES
from tdcs.documents.numbers import whole
from tdcs.organisations.queries_areas import offices_by_commune
from tdcs.programmes.rules import programmes


def submit(*, plan: CreditPlan, by: User | None, on: date) -> CreditPlan:
    """The plan goes to the director. Raises MoveNotOpen, OfficesNotAgreed, PlanDoesNotAddUp (every failing line at once)."""
    move = PLAN_MOVES["submit"]
    with transaction.atomic():
        held = locked_plan(plan)
        require_open(move, held.state, held.get_state_display())
        lines = draft_rows(held)
        funds = fund_frame(held, on)
        if faults := plan_faults(target_rows(held), lines, funds):
            raise PlanDoesNotAddUp(lines=faults)
        if waiting := list(_not_agreed(held, on)):
            raise OfficesNotAgreed(lines=waiting)
        _keep_figures(held, funds, on)
        held.state = move.target
        held.submitted_by, held.submitted_on, held.decision = by, on, ""
        held.save(update_fields=["state", "submitted_by", "submitted_on", "decision"])
        trail.record(
            action="credit_plan.submit", subject=held, by=by, on=on,
            data={"amount": int(lines["amount"].sum()), "cells": len(lines)},
        )  # fmt: skip
    return held


def send_back(*, plan: CreditPlan, why: str, by: User, on: date) -> CreditPlan:
    """The director returns it with a reason; offices stay as they agreed until the branch reopens them.

    Raises NotBranchDirector, MoveNotOpen, WordsNeeded.
    """
    words = require_words(why, "lý do trả lại")
    move = PLAN_MOVES["send_back"]
    with transaction.atomic():
        held = locked_plan(plan)
        require_director(by)
        require_open(move, held.state, held.get_state_display())
        PlanFund.objects.filter(plan=held).delete()
        held.state, held.decision = move.target, words
        held.save(update_fields=["state", "decision"])
        trail.record(action="credit_plan.send_back", subject=held, by=by, on=on, why=words)
    return held


def approve(*, plan: CreditPlan, decision: str, by: User, on: date) -> CreditPlan:
    """The plan holds from the first of January, or from the day when that is later; each cell begins its first line.

    Raises NotBranchDirector, SamePerson, MoveNotOpen, PlanDoesNotAddUp, WordsNeeded.
    """
    words = require_words(decision, "số và ngày quyết định")
    move = PLAN_MOVES["approve"]
    with transaction.atomic():
        held = locked_plan(plan)
        require_director(by)
        require_open(move, held.state, held.get_state_display())
        if held.submitted_by_id == by.pk:
            raise SamePerson
        lines = draft_rows(held)
        if faults := plan_faults(target_rows(held), lines, fund_frame(held, on)):
            raise PlanDoesNotAddUp(lines=faults)
        starts = max(on, date(held.year, 1, 1))
        cells = Allotment.objects.filter(plan=held, amount__gt=0).order_by("pk")
        PlanLine.objects.bulk_create(
            PlanLine(allotment=cell, amount=cell.amount, starts_on=starts) for cell in cells
        )
        held.state = move.target
        held.approved_by, held.approved_on, held.decision = by, on, words
        held.save(update_fields=["state", "approved_by", "approved_on", "decision"])
        trail.record(
            action="credit_plan.approve", subject=held, by=by, on=on, why=words,
            data={"amount": int(lines["amount"].sum()), "starts_on": starts.isoformat()},
        )  # fmt: skip
    return held


def plan_faults(targets: pl.DataFrame, lines: pl.DataFrame, funds: pl.DataFrame) -> list[Kept]:
    """Every line that does not add up, in both languages; the sums of communes first, then the funds."""
    planned = nw.from_native(lines.filter(pl.col("amount") > 0))
    found = [
        *rows_of(unmet_targets(nw.from_native(targets), planned), Faulty),
        *rows_of(overdrawn_funds(planned, nw.from_native(funds)), Faulty),
    ]
    return list(said_faults(found))


def said_faults(found: Iterable[Faulty]) -> Iterator[Kept]:
    rows = list(found)
    sources = source_names({row["source"] for row in rows})
    for row in rows:
        fund = sources.get(row["source"], str(row["source"]))
        gap = whole(abs(row["found"] - row["wanted"]))
        has, wants = whole(row["found"]), whole(row["wanted"])
        if row["fault"] == Fault.SUM:
            code = row["programme"]
            name = programmes()[code].short if code in programmes() else code
            yield Kept(
                f"{name}, {fund}: các xã cộng lại {has} đồng, chỉ tiêu {wants} đồng, lệch {gap} đồng",
                f"{in_english(name)}, {in_english(fund)}: the communes give {has} dong, the target is {wants}, {gap} apart",
            )
        else:
            yield Kept(
                f"{fund}: phân bổ {has} đồng, chỉ có {wants} đồng (vốn chưa cho vay, thu nợ, bổ sung), thiếu {gap} đồng",
                f"{in_english(fund)}: {has} dong are allotted, it carries {wants} (free, falling due, new), {gap} short",
            )


def _not_agreed(plan: CreditPlan, on: date) -> Iterator[Kept]:
    """Offices with something allotted, or asked for, whose talk has not ended."""
    cells = Allotment.objects.filter(plan=plan).filter(Q(amount__gt=0) | Q(asked__gt=0))
    areas = set(cells.values_list("area_id", flat=True))
    offices = {office for area, office in offices_by_commune(on).items() if area in areas}
    open_ = plan.rounds.filter(office_id__in=offices).exclude(state=RoundState.AGREED)
    for turn in open_.order_by("office_id"):
        name = office_name(turn, on)
        yield Kept(f"{name}: {turn.get_state_display()}", f"{name}: {turn.state}")


def _keep_figures(plan: CreditPlan, funds: pl.DataFrame, on: date) -> None:
    """What funds can carry and what falls due of each cell, as they stand when the plan is submitted."""
    PlanFund.objects.filter(plan=plan).delete()
    PlanFund.objects.bulk_create(
        PlanFund(plan=plan, source_id=source, free=free, maturing=maturing)
        for source, free, maturing, _ in funds.rows()
    )
    due = book.maturing(plan.year, book.book_day(on), on)
    cells = due.group_by("commune", "programme", "source").agg(pl.col("maturing").sum())
    Allotment.objects.filter(plan=plan).update(collection=0)
    Allotment.objects.bulk_create(
        (
            Allotment(
                plan=plan, area_id=area, programme=programme, source_id=source, collection=dong_
            )
            for area, programme, source, dong_ in cells.rows()
            if area
        ),
        update_conflicts=True,
        unique_fields=["plan", "area", "programme", "source"],
        update_fields=["collection"],
    )


def require_director(by: User) -> None:
    if not of_branch(by):
        raise NotBranchDirector
