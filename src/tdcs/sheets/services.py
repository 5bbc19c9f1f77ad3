"""A sheet made for a reader; identity numbers in full are counted by the hour and leave a line of the trail."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.households.services.unmasking import require_below_limit
from tdcs.jobs.kinds import Made
from tdcs.sheets.composing.books import composed
from tdcs.sheets.composing.packages import PACKAGES
from tdcs.sheets.errors import SheetNotForYou
from tdcs.sheets.queries.book import Book
from tdcs.sheets.queries.requesting import SheetRequest, may_unmask

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make(*, asked: SheetRequest, by: User | None, on: date) -> Made:
    """The file. Raises SheetTooLong, SheetNotForYou, TooMuchSeen."""
    name = f"{asked.sheet.code}-{asked.day:%Y%m%d}"
    if asked.unit is not None:
        name += f"-{asked.unit.code}"
    if asked.sheet.package:
        return Made(f"{name}.zip", "application/zip", PACKAGES[asked.sheet.package](asked))
    if not asked.identity:
        return Made(f"{name}.xlsx", XLSX, composed(asked))
    if by is None or not may_unmask(by):
        raise SheetNotForYou(sheet=asked.sheet.title)
    people = Book(asked).loans["person"].n_unique()
    require_below_limit(by, on, more=people)
    with transaction.atomic():
        made = Made(f"{name}.xlsx", XLSX, composed(asked))
        trail.record(
            action="sheets.unmask",
            subject=by,
            by=by,
            on=on,
            data={"sheet": asked.sheet.code, "day": asked.day.isoformat(), "count": people},
        )
    return made
