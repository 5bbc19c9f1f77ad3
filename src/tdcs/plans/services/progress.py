"""What a unit tells and the branch decides about one obligation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import clock, trail
from tdcs.core.text import nfc
from tdcs.plans.errors import AnswerIncomplete, MoveNotAllowed, ReasonMissing, Stale
from tdcs.plans.models import Comment, NoticeKind, Obligation, ProgressEntry
from tdcs.plans.queries.plans import require_open
from tdcs.plans.services.notices import notify
from tdcs.plans.states import MOVES, stamp


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a task is."""

    percent: int
    words: str
    figure: Decimal | None = None


def report_progress(
    *, obligation: Obligation, progress: Progress, seen: str = "", by: User | None, on: date
) -> Obligation:
    """Progress so far; the result is not yet reported. ``seen``: the stamp of what the person looked at."""
    with transaction.atomic():
        row = _locked(obligation, "progress", seen)
        row.percent = max(0, min(progress.percent, 100))
        row.words, row.figure = nfc(progress.words.strip()), progress.figure
        _move(row, "progress", row.words, by, on)
    return row


def submit(
    *,
    obligation: Obligation,
    words: str,
    figure: Decimal | None = None,
    seen: str = "",
    by: User | None,
    on: date,
) -> Obligation:
    """Report the result. Raises AnswerIncomplete when something asked for is missing."""
    with transaction.atomic():
        row = _locked(obligation, "submit", seen)
        row.words, row.figure, row.percent = nfc(words.strip()), figure, 100
        _require_answer(row)
        row.submitted_on = on
        _move(row, "submit", row.words, by, on)
    return row


def recall(*, obligation: Obligation, by: User | None, on: date) -> Obligation:
    """The unit takes its report back before the branch has decided."""
    with transaction.atomic():
        row = _locked(obligation, "recall")
        row.submitted_on = None
        _move(row, "recall", "", by, on)
    return row


def send_back(
    *, obligation: Obligation, why: str, seen: str = "", by: User | None, on: date
) -> Obligation:
    """The branch returns the result with a reason."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _locked(obligation, "return", seen)
        row.submitted_on = None
        _move(row, "return", nfc(why.strip()), by, on)
        _tell_unit(row, f"Trả lại để bổ sung: {row.subject}")
    return row


def accept(*, obligation: Obligation, seen: str = "", by: User | None, on: date) -> Obligation:
    """The branch accepts the result."""
    with transaction.atomic():
        row = _locked(obligation, "accept", seen)
        row.closed_on = on
        _move(row, "accept", "", by, on)
    return row


def accept_all(*, obligations: Iterable[Obligation], by: User | None, on: date) -> int:
    """Accept what is still submitted among these; the rest was decided meanwhile. Returns how many."""
    with transaction.atomic():
        keys = [row.pk for row in obligations]
        rows = Obligation.objects.select_for_update(of=("self",)).filter(pk__in=keys)
        waiting = [row for row in rows.order_by("pk") if row.state in MOVES["accept"].sources]
        for plan, year in sorted({(row.plan, row.year) for row in waiting}, key=lambda p: p[1]):
            require_open(plan, year)
        for row in waiting:
            row.closed_on = on
            _move(row, "accept", "", by, on)
    return len(waiting)


def reopen(*, obligation: Obligation, why: str, by: User | None, on: date) -> Obligation:
    """The branch opens an accepted result again, with a reason."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _locked(obligation, "reopen")
        row.closed_on = row.submitted_on = None
        _move(row, "reopen", nfc(why.strip()), by, on)
        _tell_unit(row, f"Mở lại để làm tiếp: {row.subject}")
    return row


def comment(*, obligation: Obligation, words: str, by: User, on: date) -> Comment:
    """A word beside the obligation; the other side is told."""
    if not words.strip():
        raise AnswerIncomplete(what="nội dung ý kiến")
    with transaction.atomic():
        made = Comment.objects.create(
            obligation=obligation, words=nfc(words.strip()), at=clock.now(), by=by
        )
        unit = own_organisation(by)
        if unit is None or unit.pk != obligation.holder_id:
            _tell_unit(obligation, f"Ý kiến mới: {obligation.subject}")
        trail.record(action="plans.comment", subject=obligation, by=by, on=on)
    return made


def _locked(obligation: Obligation, verb: str, seen: str = "") -> Obligation:
    """The row under lock, as the person saw it, its year open and the move allowed from its state."""
    row = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    require_open(row.plan, row.year)
    if seen and seen != stamp(row.state, row.touched_at):
        raise Stale
    move = MOVES[verb]
    if row.state not in move.sources:
        raise MoveNotAllowed(verb=move.label, state=row.get_state_display())
    return row


def _move(row: Obligation, verb: str, words: str, by: User | None, on: date) -> None:
    row.state = MOVES[verb].target
    row.touched_at = clock.now()
    row.save()
    unit = own_organisation(by) if by else None
    ProgressEntry.objects.create(
        obligation=row,
        verb=verb,
        on=on,
        at=row.touched_at,
        by=by,
        organisation=unit or row.holder,
        percent=row.percent,
        words=words,
        figure=row.figure,
    )
    trail.record(action=f"plans.{verb}", subject=row, by=by, on=on, why=words[:300])


def _require_answer(row: Obligation) -> None:
    missing = []
    directive = row.directive
    if (directive is None or directive.asks_words) and not row.words:
        missing.append("nội dung kết quả")
    if directive and directive.asks_figure and row.figure is None:
        missing.append(f"số liệu {directive.figure_label}".strip())
    if directive and directive.asks_file:
        kept = row.evidence.filter(removed_at__isnull=True).exclude(file="")
        if not kept.exists():
            missing.append("tệp đính kèm")
    if missing:
        raise AnswerIncomplete(what=", ".join(missing))


def _tell_unit(row: Obligation, words: str) -> None:
    notify(organisation=row.holder_id, words=words, kind=NoticeKind.OBLIGATION, subject=row.pk)
