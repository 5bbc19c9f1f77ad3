"""Named invariants of decrees on running loans: taken up wholly, and known to every closed day that they reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.queries.decrees import with_decree
from tdcs.closing.queries.frames import loans_reached
from tdcs.core import clock
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.decrees import decrees_in_law

_RUNNING_SQL: Final = "SELECT count(*) FROM loans_loan WHERE id = ANY(%s) AND balance > 0"


def decrees_are_carried_out() -> Iterator[str]:
    """What was confirmed is done, and no decree whose day has come waits while loans run that it reaches."""
    confirmed = DecreeApplication.objects.filter(state=DecreeApplication.State.CONFIRMED)
    for row in confirmed.order_by("pk"):
        yield (
            f"{row.document}: đã xác nhận ngày {row.taken_up_on:%d/%m/%Y} nhưng chưa áp dụng xong; "
            f"chạy tdcs law apply {row.document} để làm tiếp"
        )
    today, taken_up = clock.today(), decrees_taken_up()
    for document, first in decrees_in_law().items():
        if document in taken_up.codes or first > today:
            continue
        loans = loans_reached(first, taken_up, with_decree(taken_up, document, today))
        running = _running(loans) if loans else 0
        if running:
            yield (
                f"{document}: có hiệu lực với khoản vay đang chạy từ {first:%d/%m/%Y} nhưng sổ chưa áp dụng; "
                f"{running} khoản vay còn dư nợ"
            )


def _running(loans: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING_SQL, [loans])
        return int(cursor.fetchone()[0])


def closed_days_know_their_decrees() -> Iterator[str]:
    """Each kept day from a decree's first day on, once the decree is carried out, was closed under it."""
    kept = set(store().days())
    first = decrees_in_law()
    for row in DecreeApplication.objects.filter(state=DecreeApplication.State.DONE).order_by("pk"):
        if row.document not in first or row.taken_up_on is None:
            yield f"{row.document}: đã áp dụng nhưng pháp luật trong law/ không còn văn bản này"
            continue
        runs = CloseRun.objects.filter(state=CloseRun.State.DONE, day__gte=first[row.document])
        for run in runs.order_by("day"):
            if run.day in kept and run.decrees.get(row.document) != row.taken_up_on.isoformat():
                yield f"ngày {run.day:%d/%m/%Y}: chưa khóa lại theo {row.document}"


CHECKS: Final = {
    "closing.decrees_are_carried_out": decrees_are_carried_out,
    "closing.closed_days_know_their_decrees": closed_days_know_their_decrees,
}
