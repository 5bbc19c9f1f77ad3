"""Work on debts in trouble as evidence for the plan's tasks: contacts, warnings that were looked at, rounds of risk handling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl
from django.utils.translation import gettext_noop as n

from tdcs.plans.ports import EvidenceKind, RecordsAsked, frame
from tdcs.problem_loans.queries.records import rows


def _of(kind: str) -> Callable[[RecordsAsked], pl.DataFrame]:
    def records(asked: RecordsAsked) -> pl.DataFrame:
        found = rows(asked.since, asked.until, asked.units)
        return frame(
            (row.id, row.unit, row.day, row.title, row.address) for row in found if row.kind == kind
        )

    return records


KINDS: Final[tuple[EvidenceKind, ...]] = (
    EvidenceKind(
        code="problem_loans.contact",
        name=n("Làm việc với hộ nợ có vấn đề"),
        measure="lần làm việc với hộ nợ có vấn đề",
        page="problem_loans:dossiers",
        permission="problem_loans.view",
        words=("chất lượng tín dụng", "thu hồi nợ", "nợ quá hạn"),
        rows=_of("problem_loan_contact"),
    ),
    EvidenceKind(
        code="problem_loans.warning",
        name=n("Xem xét cảnh báo sớm"),
        measure="cảnh báo sớm được xem xét",
        page="problem_loans:warnings",
        permission="warnings.view",
        words=("chất lượng tín dụng", "nợ quá hạn"),
        rows=_of("warning_note"),
    ),
    EvidenceKind(
        code="problem_loans.round",
        name=n("Đợt xử lý nợ bị rủi ro"),
        measure="đợt xử lý nợ bị rủi ro",
        page="problem_loans:rounds",
        permission="problem_loans.view",
        words=("xử lý nợ", "nợ bị rủi ro", "nợ rủi ro"),
        rows=_of("risk_round"),
    ),
)


def kinds() -> Iterator[EvidenceKind]:
    """What the room of debts in trouble keeps, with the words of tasks that it serves."""
    yield from KINDS
