"""Work on debts in trouble as evidence for the plan's tasks: contacts, warnings that were looked at, rounds of risk handling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n

from tdcs.plans.ports import EvidenceKind, RecordsAsked, addresses, frame
from tdcs.problem_loans.models import DossierContact, RiskRound, WarningNote


def _contacts(asked: RecordsAsked) -> pl.DataFrame:
    """Each time somebody worked with a household; no title names a person."""
    page, words = addresses("problem_loans:dossier"), _("Làm việc với hộ nợ có vấn đề")
    rows = DossierContact.objects.filter(on__gte=asked.since, on__lt=asked.until)
    told = asked.of_units(rows, "dossier__office").order_by("on", "pk")
    return frame(
        (key, office, day, words, page(dossier))
        for key, office, day, dossier in told.values_list(
            "pk", "dossier__office_id", "on", "dossier_id"
        )
    )


def _warnings(asked: RecordsAsked) -> pl.DataFrame:
    """Warnings of an office that somebody looked at."""
    page, words = addresses("problem_loans:warning"), _("Xem xét cảnh báo sớm")
    rows = WarningNote.objects.filter(
        on__gte=asked.since, on__lt=asked.until, warning__office__isnull=False
    )
    told = asked.of_units(rows, "warning__office").order_by("on", "pk")
    return frame(
        (key, office, day, words, page(warning))
        for key, office, day, warning in told.values_list(
            "pk", "warning__office_id", "on", "warning_id"
        )
    )


def _rounds(asked: RecordsAsked) -> pl.DataFrame:
    """Rounds that were handed in."""
    page, words = addresses("problem_loans:round"), _("Đợt %(number)s/%(year)s xử lý nợ bị rủi ro")
    rows = RiskRound.objects.filter(submitted_on__gte=asked.since, submitted_on__lt=asked.until)
    told = asked.of_units(rows, "office").order_by("submitted_on", "pk")
    return frame(
        (key, office, day, words % {"number": number, "year": year}, page(key))
        for key, office, day, number, year in told.values_list(
            "pk", "office_id", "submitted_on", "number", "year"
        )
    )


KINDS: Final[tuple[EvidenceKind, ...]] = (
    EvidenceKind(
        code="problem_loans.contact",
        name=n("Làm việc với hộ nợ có vấn đề"),
        measure="lần làm việc với hộ nợ có vấn đề",
        page="problem_loans:dossiers",
        permission="problem_loans.view",
        words=("chất lượng tín dụng", "thu hồi nợ", "nợ quá hạn"),
        rows=_contacts,
    ),
    EvidenceKind(
        code="problem_loans.warning",
        name=n("Xem xét cảnh báo sớm"),
        measure="cảnh báo sớm được xem xét",
        page="problem_loans:warnings",
        permission="warnings.view",
        words=("chất lượng tín dụng", "nợ quá hạn"),
        rows=_warnings,
    ),
    EvidenceKind(
        code="problem_loans.round",
        name=n("Đợt xử lý nợ bị rủi ro"),
        measure="đợt xử lý nợ bị rủi ro",
        page="problem_loans:rounds",
        permission="problem_loans.view",
        words=("xử lý nợ", "nợ bị rủi ro", "nợ rủi ro"),
        rows=_rounds,
    ),
)


def kinds() -> Iterator[EvidenceKind]:
    """What the room of debts in trouble keeps, with the words of tasks that it serves."""
    yield from KINDS
