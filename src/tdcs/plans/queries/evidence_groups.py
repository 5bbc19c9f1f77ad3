"""Steps of consolidating weak boards as evidence for the plan's tasks: of the office that keeps the group, or its commune."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from django.utils.translation import gettext_noop as n

from tdcs.entrustment.queries.groups import profiles_on
from tdcs.group_results.models import ConsolidationStep
from tdcs.group_results.states import CASE_MOVES
from tdcs.plans.ports import EvidenceKind, RecordsAsked, addresses
from tdcs.plans.queries.evidence_below import within


def _steps(asked: RecordsAsked) -> pl.DataFrame:
    """Each step on its day, by the mass organisation behind the group, as the appointing of boards is."""
    page = addresses("entrustment:case")
    rows = list(
        ConsolidationStep.objects.filter(on__gte=asked.since, on__lt=asked.until)
        .order_by("pk")
        .values_list("pk", "case_id", "case__group_id", "on", "verb")
    )
    profiles = profiles_on({row[2] for row in rows}, asked.until)
    words = {verb: move.label.lower() for verb, move in CASE_MOVES.items()}
    return within(
        [
            (
                key,
                profiles[group].mass_organisation_id,
                day,
                f"Tổ {profiles[group].name}: {words.get(verb, 'đề nghị kiện toàn')}",
                page(case),
            )
            for key, case, group, day, verb in rows
        ],
        asked,
    )


KINDS: Final[tuple[EvidenceKind, ...]] = (
    EvidenceKind(
        code="group_results.consolidation",
        name=n("Vụ việc kiện toàn ban quản lý tổ yếu"),
        measure="bước kiện toàn ban quản lý tổ yếu",
        page="entrustment:cases",
        permission="entrustment.view",
        words=("kiện toàn kịp thời ban quản lý tổ", "kiện toàn ban quản lý tổ", "chất lượng hoạt động tổ",
               "chất lượng hoạt động của các tổ"),
        rows=_steps,
    ),
)  # fmt: skip


def kinds() -> Iterator[EvidenceKind]:
    """What this room's cases give."""
    yield from KINDS
