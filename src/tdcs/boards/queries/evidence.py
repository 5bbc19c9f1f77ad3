"""Meetings, conclusion sheets, heads named and self-reviews as evidence for the plan's tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import polars as pl
from django.utils.translation import gettext_noop as n

from tdcs.boards.models import BoardMeeting, BoardSeat, ConclusionSheet, OfficeHolding, SelfReview
from tdcs.boards.states import MeetingState, Presence, ReviewState
from tdcs.plans.ports import EvidenceKind, RecordsAsked, addresses
from tdcs.plans.queries.evidence_below import within


def _closed(asked: RecordsAsked) -> Any:
    return BoardMeeting.objects.filter(
        state=MeetingState.CLOSED, held_on__gte=asked.since, held_on__lt=asked.until
    )


def _meetings(asked: RecordsAsked) -> pl.DataFrame:
    page = addresses("boards:meeting")
    rows = [(m.pk, m.board_id, m.held_on, str(m), page(m.pk)) for m in _closed(asked)]
    return within(rows, asked)


def _chaired(asked: RecordsAsked) -> pl.DataFrame:
    """Of a meeting whose head was there: the unit of which he is the head."""
    page = addresses("boards:meeting")
    rows = _closed(asked).filter(
        attendance__seat__role=BoardSeat.Role.HEAD, attendance__presence=Presence.PRESENT
    )
    told = rows.values_list(
        "pk", "attendance__seat__organisation_id", "held_on", "sequence", "attendance__full_name"
    )
    return within(
        [
            (key, unit, day, f"{name} chủ trì phiên họp lần {number}", page(key))
            for key, unit, day, number, name in told
        ],
        asked,
    )


def _sheets(asked: RecordsAsked) -> pl.DataFrame:
    page = addresses("boards:sheet")
    rows = ConclusionSheet.objects.filter(on__gte=asked.since, on__lt=asked.until)
    return within([(s.pk, s.organisation_id, s.on, str(s), page(s.pk)) for s in rows], asked)


def _heads(asked: RecordsAsked) -> pl.DataFrame:
    """Each head who answered in the time asked for, once: on his first day in it."""
    page = addresses("boards:head")
    rows = OfficeHolding.objects.filter(starts_on__lt=asked.until, office="head").exclude(
        ends_on__lte=asked.since
    )
    return within(
        [
            (
                row.pk,
                row.organisation_id,
                _first(row.starts_on, asked),
                str(row),
                page(row.organisation_id),
            )
            for row in rows
        ],
        asked,
    )


def _first(day: date, asked: RecordsAsked) -> date:
    return max(day, asked.since)


def _reviews(asked: RecordsAsked) -> pl.DataFrame:
    page = addresses("boards:review")
    rows = SelfReview.objects.filter(
        state=ReviewState.ISSUED, issued_on__gte=asked.since, issued_on__lt=asked.until
    )
    return within([(r.pk, r.organisation_id, r.issued_on, str(r), page(r.pk)) for r in rows], asked)


KINDS: Final[tuple[EvidenceKind, ...]] = (
    EvidenceKind(
        code="boards.meeting",
        name=n("Phiên họp ban đại diện"),
        measure="phiên họp ban đại diện",
        page="boards:meetings",
        permission="boards.view",
        words=("chất lượng hoạt động của ban đại diện", "thường xuyên kiểm tra, giám sát"),
        rows=_meetings,
    ),
    EvidenceKind(
        code="boards.chaired",
        name=n("Phiên họp do người đứng đầu chủ trì"),
        measure="phiên họp ban đại diện đã chủ trì",
        page="boards:meetings",
        permission="boards.view",
        words=("chỉ đạo chủ tịch ủy ban nhân dân cấp xã",),
        rows=_chaired,
    ),
    EvidenceKind(
        code="boards.conclusions",
        name=n("Kết luận giao ban sau phiên giao dịch"),
        measure="kết luận giao ban",
        page="boards:sheets",
        permission="boards.view",
        words=(
            "củng cố, nâng cao chất lượng tín dụng",
            "chất lượng các nội dung công việc được",
            "các nội dung được ủy thác",
        ),
        rows=_sheets,
    ),
    EvidenceKind(
        code="boards.head",
        name=n("Người đứng đầu chịu trách nhiệm"),
        measure="người đứng đầu được ghi nhận",
        page="boards:heads",
        permission="boards.view",
        words=("trách nhiệm của người đứng đầu",),
        rows=_heads,
    ),
    EvidenceKind(
        code="boards.self_review",
        name=n("Tự kiểm điểm hằng năm"),
        measure="bản tự kiểm điểm",
        page="boards:reviews",
        permission="boards.view",
        words=("kiểm điểm, đánh giá kết quả", "trách nhiệm của người đứng đầu"),
        rows=_reviews,
    ),
)


def kinds() -> Iterator[EvidenceKind]:
    """What this room keeps."""
    yield from KINDS
