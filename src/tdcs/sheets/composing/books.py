"""A sheet as a workbook: its tabs filled from their sources, who made it, who signs."""

from __future__ import annotations

from collections.abc import Iterator

from tdcs.core import clock, law
from tdcs.core.progress import say
from tdcs.documents.workbook import MOST_ROWS, Around, Tab, workbook
from tdcs.sheets.errors import SheetTooLong
from tdcs.sheets.queries.book import Book
from tdcs.sheets.queries.requesting import SheetRequest, unit_name
from tdcs.sheets.queries.sources import SOURCES
from tdcs.sheets.rules.definitions import TabSpec
from tdcs.sheets.rules.laying import laid


def composed(asked: SheetRequest) -> bytes:
    """The workbook. Raises SheetTooLong."""
    found = list(tabs_of(asked))
    say(80, "Ghi bảng tính")
    return workbook(around(asked), found)


def tabs_of(asked: SheetRequest) -> Iterator[Tab]:
    """The sheet's tabs with their rows."""
    book, tabs = Book(asked), asked.sheet.tabs
    for number, spec in enumerate(tabs):
        say(5 + 70 * number // len(tabs), spec.title)
        yield _tab(book, spec)


def _tab(book: Book, spec: TabSpec) -> Tab:
    rows = laid(SOURCES[spec.source](book, dict(spec.take)), spec)
    if len(rows) > MOST_ROWS:
        raise SheetTooLong(rows=len(rows), most=MOST_ROWS)
    return Tab(spec.title, spec.columns, rows, part=spec.part, note=spec.note)


def around(asked: SheetRequest) -> Around:
    """What stands around the rows."""
    now, sheet = clock.now(), asked.sheet
    day = f"Số liệu ngày {asked.day:%d/%m/%Y}"
    if asked.before is not None:
        day += f", so với ngày {asked.before:%d/%m/%Y}"
    maker = asked.user.full_name if asked.user is not None else "TDCS"
    today = clock.today()
    return Around(
        title=sheet.title,
        unit=unit_name(asked),
        day=day,
        maker=f"Người lập: {maker}, {now:%H:%M %d/%m/%Y}",
        made_at=now,
        place_and_day=(
            f"{law.province_name(today)}, ngày {today.day} tháng {today.month} năm {today.year}"
        ),
        signers=sheet.signers,
    )
