"""Tasks that the branch assigns by hand beside the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import nfc, squash
from tdcs.letters.models import About
from tdcs.letters.services.entering import Sent, enter_sent, take_back
from tdcs.organisations.models import Organisation
from tdcs.plans.composing.letterheads import branch
from tdcs.plans.errors import AlreadyIssued, AssignmentIncomplete, ReasonMissing
from tdcs.plans.models import (
    Directive,
    Notice,
    NoticeKind,
    Obligation,
    Plan,
)
from tdcs.plans.queries.plans import require_open
from tdcs.plans.rules.periods import span_of
from tdcs.plans.services.entries import withdraw_rows
from tdcs.plans.states import MOVES


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectiveDraft:
    """A task by hand: what, for which period, and what must be answered."""

    title: str
    text: str
    period: str
    period_start: date
    due_on: date
    asks_words: bool = True
    asks_figure: bool = False
    asks_file: bool = False
    figure_label: str = ""
    figure_unit: str = ""


def assign(
    *, plan: Plan, draft: DirectiveDraft, organisations: Iterable[Organisation], by: User, on: date
) -> Directive:
    """Give a task to units for a period; each finds it in its inbox and under its bell.

    The task belongs to the year in which its period begins. Raises AssignmentIncomplete, YearClosed, YearNotOpen.
    """
    units = sorted({unit.pk for unit in organisations})
    first, end = span_of(draft.period, draft.period_start, draft.due_on)
    _require(
        {
            "tên việc": bool(draft.title.strip()),
            "đơn vị nhận việc": bool(units),
            "nội dung phải báo cáo (lời, số liệu hoặc tệp)": draft.asks_words
            or draft.asks_figure
            or draft.asks_file,
            "tên số liệu": bool(draft.figure_label.strip()) or not draft.asks_figure,
            "hạn không sớm hơn ngày bắt đầu kỳ": draft.due_on >= first,
        }
    )
    with transaction.atomic():
        require_open(plan, first.year)
        made = Directive.objects.create(
            plan=plan,
            title=squash(draft.title)[:200],
            text=nfc(draft.text.strip()),
            period=draft.period,
            period_start=first,
            period_end=end,
            due_on=draft.due_on,
            asks_words=draft.asks_words,
            asks_figure=draft.asks_figure,
            asks_file=draft.asks_file,
            figure_label=squash(draft.figure_label)[:120],
            figure_unit=squash(draft.figure_unit)[:30],
            issued_on=on,
            issued_by=by,
        )
        _owe(made, units)
        _enter(made, units, by, on)
        trail.record(action="plans.assign", subject=made, by=by, on=on, data={"units": len(units)})
    return made


def withdraw(*, directive: Directive, why: str, by: User, on: date) -> int:
    """Take a directive back: what is not yet accepted is no longer owed. Returns how many units are freed."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        require_open(directive.plan, directive.period_start.year)
        held = Directive.objects.select_for_update().get(pk=directive.pk)
        if held.withdrawn_on:
            raise AlreadyIssued(what="Quyết định thôi giao việc này")
        rows = list(
            held.obligations.select_for_update()
            .filter(state__in=MOVES["withdraw"].sources)
            .order_by("pk")
        )
        withdraw_rows(rows, why.strip(), by=by, on=on)
        _notify_units(rows, f"Thôi giao việc: {held.title}")
        take_back(origin=f"plans.directive:{held.pk}", by=by, on=on)
        held.withdrawn_on = on
        held.save(update_fields=["withdrawn_on"])
        trail.record(
            action="plans.withdraw",
            subject=held,
            by=by,
            on=on,
            why=why[:300],
            data={"units": len(rows)},
        )
    return len(rows)


def _enter(directive: Directive, units: list[int], by: User, on: date) -> None:
    """The assignment in the registers of letters of the branch and of each unit; its result is followed in the inbox."""
    enter_sent(
        letter=Sent(
            kind="Giao việc",
            number="",
            dated_on=on,
            subject=directive.title,
            about=About.DIRECTIVE,
            about_key=directive.pk,
            origin=f"plans.directive:{directive.pk}",
        ),
        sender=branch(directive.plan, on),
        recipients=units,
        by=by,
        on=on,
    )


def _require(there: dict[str, bool]) -> None:
    missing = [words for words, given in there.items() if not given]
    if missing:
        raise AssignmentIncomplete(what=", ".join(missing))


def _owe(directive: Directive, units: list[int]) -> None:
    Obligation.objects.bulk_create(
        Obligation(
            plan_id=directive.plan_id,
            directive=directive,
            organisation_id=unit,
            holder_id=unit,
            role="perform",
            year=directive.period_start.year,
            period_start=directive.period_start,
            period_end=directive.period_end,
            due_on=directive.due_on,
        )
        for unit in units
    )
    _notify_units(
        list(directive.obligations.order_by("pk")),
        f"Việc mới: {directive.title}, hạn {directive.due_on:%d/%m/%Y}",
    )


def _notify_units(rows: list[Obligation], words: str) -> None:
    """One line under the bell of each unit, in one statement: a directive may go to a thousand units."""
    at = clock.now()
    Notice.objects.bulk_create(
        Notice(
            organisation_id=row.holder_id,
            words=words[:300],
            kind=NoticeKind.OBLIGATION,
            subject_id=row.pk,
            at=at,
        )
        for row in rows
    )
