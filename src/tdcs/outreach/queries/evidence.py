"""Each register is a kind of record that serves the plan's tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl
from django.utils.translation import gettext_noop as n

from tdcs.outreach.models import ClassSession, RegisterRecord
from tdcs.outreach.rules.registers import registers
from tdcs.plans.ports import EvidenceKind, RecordsAsked, addresses, frame


def kinds() -> Iterator[EvidenceKind]:
    """Every register that the law's data defines now."""
    for register in registers().values():
        yield EvidenceKind(
            code=f"outreach.{register.code}",
            name=register.name,
            measure=register.measure,
            page="outreach:register",
            args=(register.code,),
            permission="outreach.view",
            words=register.serves,
            rows=_lines_of(register.code),
        )

    yield EvidenceKind(
        code="outreach.class",
        name=n("Lớp tập huấn"),
        measure="buổi tập huấn",
        page="outreach:classes",
        permission="outreach.view",
        words=("đào tạo, tập huấn", "tập huấn cán bộ", "tập huấn"),
        rows=_classes,
    )


def _classes(asked: RecordsAsked) -> pl.DataFrame:
    """Each session at which somebody was."""
    page = addresses("outreach:class")
    rows = ClassSession.objects.filter(
        on__gte=asked.since, on__lt=asked.until, check_ins__isnull=False
    ).distinct()
    told = (
        asked.of_units(rows, "training_class__organisation")
        .order_by("pk")
        .values_list("pk", "training_class__organisation_id", "on", "topic", "training_class_id")
    )
    return frame((key, unit, day, topic, page(parent)) for key, unit, day, topic, parent in told)


def _lines_of(code: str) -> Callable[[RecordsAsked], pl.DataFrame]:
    def lines(asked: RecordsAsked) -> pl.DataFrame:
        page = addresses("outreach:record")
        rows = RegisterRecord.objects.filter(
            register=code, withdrawn_on=None, on__gte=asked.since, on__lt=asked.until
        )
        told = (
            asked.of_units(rows, "organisation")
            .order_by("pk")
            .values_list("pk", "organisation_id", "on", "title", "task")
        )
        return frame(
            (key, unit, day, title, page(key), str(task or ""))
            for key, unit, day, title, task in told
        )

    return lines
