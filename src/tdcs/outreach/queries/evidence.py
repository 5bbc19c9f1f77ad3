"""Each register is a kind of record that serves the plan's tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from tdcs.outreach.models import RegisterRecord
from tdcs.outreach.rules.registers import registers
from tdcs.plans.ports import Asked, EvidenceKind, addresses, frame


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


def _lines_of(code: str) -> Callable[[Asked], pl.DataFrame]:
    def lines(asked: Asked) -> pl.DataFrame:
        page = addresses("outreach:record")
        rows = RegisterRecord.objects.filter(
            register=code, withdrawn_on=None, on__gte=asked.since, on__lt=asked.until
        )
        if asked.units is not None:
            rows = rows.filter(organisation_id__in=asked.units)
        told = rows.order_by("pk").values_list("pk", "organisation_id", "on", "title", "task")
        return frame(
            (key, unit, day, title, page(key), str(task or ""))
            for key, unit, day, title, task in told
        )

    return lines
