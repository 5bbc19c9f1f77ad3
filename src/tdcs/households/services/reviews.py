"""The yearly poverty review of a commune: open, fill, submit, take back, approve."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict

import polars as pl
from django.db import IntegrityError, transaction
from django.db.models import Q

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.frames import rows_of
from tdcs.core.text import squash
from tdcs.households.errors import (
    DayOutside,
    FieldWrong,
    HouseholdsLeftOut,
    LinesUnmeasured,
    MakerApproves,
    OutsideYourArea,
    ReviewEmpty,
    ReviewExists,
    ReviewFuture,
    ReviewNotOpen,
    SpellsAhead,
)
from tdcs.households.models import (
    EligibilitySpell,
    Household,
    PovertyReview,
    ReviewLine,
)
from tdcs.households.queries.reviews import (
    default_effective_on,
    hands,
    households_of,
    judged,
    left_out,
    lines_for,
    listed_households,
    review_day,
    spells_in_way,
)
from tdcs.households.queries.scope import decided_communes
from tdcs.households.rules import INDICATORS, REVIEWED, effects
from tdcs.households.services.checking import (
    Decision,
    require_commune,
    require_decision,
)
from tdcs.households.standards import kinds
from tdcs.organisations.models import Area

State = PovertyReview.State
BATCH: Final = 1000
MAX_INCOME: Final = 1_000_000_000
_WRITTEN: Final = (
    "income_per_head",
    "deprivations",
    "measured_on",
    "result",
    "standard",
    "before",
    "change",
    "reason",
    "basis",
    "note",
    "entered_by",
)


def open_review(*, area: Area, year: int, by: User | None, on: date) -> PovertyReview:
    """A commune's review of a year, with the households now poor or near-poor as lines to measure.

    Raises ReviewExists, ReviewFuture, NotACommune, OutsideYourArea, NoPovertyLine.
    """
    if year > on.year:
        raise ReviewFuture(year=year, now=on.year)
    day = review_day(year, on)
    require_commune(area, on)
    _require_decider(area, by, on)
    lines_for(area, day)
    with transaction.atomic():
        try:
            with transaction.atomic():
                review = PovertyReview.objects.create(area=area, year=year, made_by=by)
        except IntegrityError as twice:
            raise ReviewExists(year=year) from twice
        _add(review, listed_households(area, day), day)
        trail.record(
            action="households.open_review", subject=review, by=by, on=on, data={"year": year}
        )
    return review


def add_listed(*, review: PovertyReview, by: User | None, on: date) -> int:
    """Lines for listed households that have none yet; returns how many."""
    with transaction.atomic():
        row = locked_review(review, "thêm hộ", (State.DRAFT,), by, on)
        day = review_day(row.year, on)
        added = _add(row, left_out(row, day), day)
        trail.record(
            action="households.add_listed", subject=row, by=by, on=on, data={"lines": added}
        )
    return added


@dataclass(frozen=True, kw_only=True, slots=True)
class Measures:
    """What was measured at one household."""

    income_per_head: int
    deprivations: int
    measured_on: date | None = None
    note: str = ""


def put_line(
    *, review: PovertyReview, household: Household, measures: Measures, by: User | None, on: date
) -> ReviewLine:
    """One household's measures, entered by hand; a line that is there is replaced."""
    with transaction.atomic():
        row = locked_review(review, "nhập", (State.DRAFT,), by, on)
        if not 0 <= measures.income_per_head <= MAX_INCOME:
            raise FieldWrong(field="Thu nhập", why="phải từ 0 đến 1 tỷ đồng một người một tháng")
        if not 0 <= measures.deprivations <= INDICATORS:
            raise FieldWrong(field="Số chỉ số thiếu hụt", why=f"phải từ 0 đến {INDICATORS}")
        if measures.measured_on is not None and (
            measures.measured_on > on or measures.measured_on.year != row.year
        ):
            raise DayOutside(
                day=f"{measures.measured_on:%d/%m/%Y}", why=f"phải trong năm {row.year}"
            )
        if not households_of(row.area, review_day(row.year, on)).filter(pk=household.pk).exists():
            raise FieldWrong(field="Hộ", why="không ở địa bàn rà soát")
        line = ReviewLine(
            review=row,
            household=household,
            income_per_head=measures.income_per_head,
            deprivations=measures.deprivations,
            measured_on=measures.measured_on,
            note=squash(measures.note)[:300],
        )
        write_lines(row, [line], by, on)
        trail.record(
            action="households.put_line",
            subject=household,
            by=by,
            on=on,
            data={
                "review": row.pk,
                "income": measures.income_per_head,
                "deprivations": measures.deprivations,
            },
        )
        made: ReviewLine = row.lines.get(household=household)
    return made


def remove_line(*, line: ReviewLine, why: str = "", by: User | None, on: date) -> None:
    """A household is taken off a draft list; a listed one must come back before submission."""
    with transaction.atomic():
        row = locked_review(line.review, "bỏ hộ", (State.DRAFT,), by, on)
        household = line.household
        row.lines.filter(pk=line.pk).delete()
        trail.record(
            action="households.remove_line",
            subject=household,
            by=by,
            on=on,
            why=squash(why),
            data={"review": row.pk},
        )


def submit(*, review: PovertyReview, by: User | None, on: date) -> PovertyReview:
    """The list goes to the commune's leader. Raises ReviewEmpty, LinesUnmeasured, HouseholdsLeftOut."""
    with transaction.atomic():
        row = locked_review(review, "trình", (State.DRAFT,), by, on)
        day = review_day(row.year, on)
        lines = list(row.lines.select_related("household").order_by("household__code"))
        if not lines:
            raise ReviewEmpty
        out = [household.code for household in left_out(row, day)]
        if out:
            raise HouseholdsLeftOut(count=len(out), codes=some(out))
        bare = [line.household.code for line in lines if line.income_per_head is None]
        if bare:
            raise LinesUnmeasured(count=len(bare), codes=some(bare))
        ReviewLine.objects.bulk_update(
            judged(row, lines, day),
            ["result", "standard", "before", "change", "reason", "basis"],
            batch_size=BATCH,
        )
        row.state, row.submitted_by, row.submitted_on = State.SUBMITTED, by, on
        row.save()
        trail.record(
            action="households.submit_review",
            subject=row,
            by=by,
            on=on,
            data={"lines": len(lines)},
        )
    return row


def recall(*, review: PovertyReview, by: User | None, on: date) -> PovertyReview:
    """A submitted list becomes a draft again."""
    with transaction.atomic():
        row = locked_review(review, "rút lại", (State.SUBMITTED,), by, on)
        row.state, row.submitted_on = State.DRAFT, None
        row.save()
        trail.record(action="households.recall_review", subject=row, by=by, on=on)
    return row


def approve(
    *,
    review: PovertyReview,
    decision: Decision,
    effective_on: date | None = None,
    by: User,
    on: date,
    tell: Callable[[int, int], None] | None = None,
) -> PovertyReview:
    """Recognise the list by decision: last year's spells end, this year's begin, the escaped get theirs.

    ``tell`` hears (households done, of how many). Raises MakerApproves, DecisionMissing, SpellsAhead, DayOutside.
    """
    with transaction.atomic():
        row = locked_review(review, "phê duyệt", (State.SUBMITTED,), by, on)
        if by.pk in hands(row):
            raise MakerApproves
        paper = require_decision(decision, on)
        start = _effective(row, paper, effective_on)
        ahead = sorted({spell.household.code for spell in spells_in_way(row, start)})
        if ahead:
            raise SpellsAhead(count=len(ahead), on=f"{start:%d/%m/%Y}", codes=some(ahead))
        begun = _write_spells(row, paper, start, tell)
        row.state, row.approved_by = State.APPROVED, by
        row.decision_number, row.decision_on, row.effective_on = paper.number, paper.on, start
        row.save()
        trail.record(
            action="households.approve_review",
            subject=row,
            by=by,
            on=on,
            why=paper.number,
            data={"effective_on": start, "spells": begun},
        )
    return row


def locked_review(
    review: PovertyReview, verb: str, states: Iterable[str], by: User | None, on: date
) -> PovertyReview:
    """The review under lock, in one of the states, of the person's commune."""
    row = PovertyReview.objects.select_for_update(of=("self",)).select_related("area")
    held: PovertyReview = row.get(pk=review.pk)
    _require_decider(held.area, by, on)
    if held.state not in states:
        raise ReviewNotOpen(state=held.get_state_display(), verb=verb)
    return held


def write_lines(review: PovertyReview, lines: list[ReviewLine], by: User | None, on: date) -> None:
    """Judge and keep the lines; a household's earlier line is replaced."""
    for line in lines:
        line.entered_by = by
    ReviewLine.objects.bulk_create(
        judged(review, lines, review_day(review.year, on)),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["review", "household"],
        update_fields=list(_WRITTEN),
    )


def some(codes: list[str], most: int = 5) -> str:
    """The first codes of a long list."""
    return ", ".join(codes[:most]) + (" …" if len(codes) > most else "")


def _require_decider(area: Area, by: User | None, on: date) -> None:
    if by is not None and area.pk not in decided_communes(by, on):
        raise OutsideYourArea


def _add(review: PovertyReview, households: Iterable[Household], day: date) -> int:
    lines = [ReviewLine(review=review, household=household) for household in households]
    ReviewLine.objects.bulk_create(judged(review, lines, day), batch_size=BATCH)
    return len(lines)


def _effective(review: PovertyReview, paper: Decision, asked: date | None) -> date:
    latest = default_effective_on(review.year, paper.on)
    start = asked or latest
    if paper.on < date(review.year, 1, 1):
        raise DayOutside(day=f"{paper.on:%d/%m/%Y}", why=f"quyết định trước năm {review.year}")
    if not paper.on <= start <= latest:
        why = f"phải từ ngày quyết định đến {latest:%d/%m/%Y}"
        raise DayOutside(day=f"{start:%d/%m/%Y}", why=why)
    return start


def _write_spells(
    review: PovertyReview,
    paper: Decision,
    start: date,
    tell: Callable[[int, int], None] | None,
) -> int:
    names = ("household_id", "result", "change", "standard")
    rows = list(review.lines.order_by("pk").values_list(*names))
    schema = {"household_id": pl.Int64, "result": pl.String, "change": pl.String}
    schema["standard"] = pl.String
    frame = effects(pl.DataFrame(rows, schema=schema, orient="row"))
    fallen = frame.filter(pl.col("falls") | pl.col("escapes"))["household_id"].to_list()
    running = EligibilitySpell.objects.filter(Q(ends_on=None) | Q(ends_on__gt=start))
    running.filter(household_id__in=frame["household_id"].to_list(), kind__in=REVIEWED).update(
        ends_on=start
    )
    running.filter(household_id__in=fallen, kind="newly_escaped").update(ends_on=start)
    until = kinds()["newly_escaped"].until(start)
    made = 0
    for at in range(0, len(frame), BATCH):
        spells = []
        for line in rows_of(frame.slice(at, BATCH), _LineDue):
            if line["begins"]:
                spells.append(_spell(review, paper, start, None, line["begins"], line))
            if line["escapes"]:
                spells.append(_spell(review, paper, start, until, "newly_escaped", line))
        made += len(EligibilitySpell.objects.bulk_create(spells))
        if tell:
            tell(min(at + BATCH, len(frame)), len(frame))
    return made


class _LineDue(TypedDict):
    """What of a line makes a spell: which kind ``begins``, and whether the household ``escapes``."""

    household_id: int
    standard: str
    begins: str
    escapes: bool


def _spell(
    review: PovertyReview,
    paper: Decision,
    start: date,
    until: date | None,
    kind: str,
    line: _LineDue,
) -> EligibilitySpell:
    return EligibilitySpell(
        household_id=line["household_id"],
        kind=kind,
        standard=line["standard"],
        starts_on=start,
        ends_on=until,
        decision_number=paper.number,
        decision_on=paper.on,
        decided_by=paper.by,
        review=review,
    )
