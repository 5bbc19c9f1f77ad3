"""A register's table comes in from a workbook: every bad row is named, nothing half is saved."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import trail
from tdcs.core.errors import Refusal
from tdcs.core.text import fold
from tdcs.documents.reading.cells import day_of
from tdcs.documents.reading.rows import SheetRow, Value
from tdcs.documents.xlsx_blank import BlankColumn, BlankSheet, blank_workbook
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import organisations_of, profiles_on
from tdcs.outreach.errors import RowsRefused, SheetUnreadable
from tdcs.outreach.queries.records import writable_units
from tdcs.outreach.rules.registers import Register
from tdcs.outreach.services.records import Typed, add_record

DAY: Final = "Ngày"
UNIT: Final = "Đơn vị"
LINK: Final = "Liên kết minh chứng"
# Where the heading may stand: below a title or two.
_HEAD_ROWS: Final = 15
_HELP: Final = {
    "count": "số nguyên",
    "money": "đồng, số nguyên",
    "date": "dạng 23/11/2026",
    "loans": "các số khế ước, cách nhau bằng dấu phẩy",
    "link": "bắt đầu bằng https://",
}


def template(register: Register) -> bytes:
    """A workbook to fill in for a register."""
    columns = [
        BlankColumn(DAY, "dạng 23/11/2026", 14, required=True),
        BlankColumn(UNIT, "để trống nếu là đơn vị của mình", 28),
        BlankColumn(register.title, "", 40, required=True),
        *(
            BlankColumn(
                field.name,
                ", ".join(field.options) or _HELP.get(field.type, ""),
                24,
                required=field.required,
            )
            for field in register.fields
        ),
        BlankColumn(LINK, "bắt đầu bằng https://", 30),
    ]
    return blank_workbook([BlankSheet("so", register.name, columns)])


def import_records(*, register: Register, rows: list[SheetRow], by: User, on: date) -> int:
    """Every row becomes a line, or none does. Raises SheetUnreadable, RowsRefused. Returns how many."""
    places, body = _heading(register, rows)
    units = _Units(by, on)
    wrong: list[tuple[int, str]] = []
    with transaction.atomic():
        count = 0
        for row in body:
            typed, name = _typed(register, places, row)
            if typed is None:
                continue
            unit = units.find(name)
            if unit is None:
                wrong.append((row.number, f"không có đơn vị “{name}” trong phạm vi của mình"))
                continue
            try:
                with transaction.atomic():
                    add_record(register=register, organisation=unit, typed=typed, by=by, on=on)
            except Refusal as refused:
                wrong.append((row.number, refused.sentence("vi").rstrip(".")))
            else:
                count += 1
        if wrong:
            raise RowsRefused(rows=wrong)
        if not count:
            raise SheetUnreadable(why="không có dòng nào dưới dòng tiêu đề")
        trail.record(
            action="outreach.import_records",
            subject=register.code,
            by=by,
            on=on,
            data={"lines": count},
        )
    return count


def _heading(register: Register, rows: list[SheetRow]) -> tuple[dict[str, int], list[SheetRow]]:
    wanted = {
        "": DAY,
        "unit": UNIT,
        "title": register.title,
        "link": LINK,
        **{f"f:{field.code}": field.name for field in register.fields},
    }
    folded = {fold(words): key for key, words in wanted.items()}
    best: dict[str, int] = {}
    for at, row in enumerate(rows[:_HEAD_ROWS]):
        places = {
            folded[name]: place
            for place, cell in enumerate(row.cells)
            if (name := fold(str(cell)).rstrip(" *")) in folded
        }
        if "" in places and "title" in places:
            return places, [one for one in rows[at + 1 :] if not _is_help(one, places)]
        best = max(best, places, key=len)
    missing = [words for key, words in (("", DAY), ("title", register.title)) if key not in best]
    raise SheetUnreadable(why=f"thiếu cột {', '.join(missing)}")


def _is_help(row: SheetRow, places: dict[str, int]) -> bool:
    """The line of the template that explains its columns."""
    at = places[""]
    return at < len(row.cells) and fold(str(row.cells[at])).startswith("dang ")


def _typed(register: Register, places: dict[str, int], row: SheetRow) -> tuple[Typed | None, str]:
    def cell(key: str) -> Value:
        at = places.get(key, -1)
        return row.cells[at] if 0 <= at < len(row.cells) else ""

    if not any(str(one).strip() for one in row.cells):
        return None, ""
    typed = Typed(
        day=day_of(cell("")),
        title=str(cell("title")),
        values={field.code: cell(f"f:{field.code}") for field in register.fields},
        url=str(cell("link")).strip(),
    )
    return typed, str(cell("unit")).strip()


class _Units:
    """Units into whose registers the person may write, by their names of the day."""

    def __init__(self, by: User, on: date) -> None:
        self.home = own_organisation(by)
        within = writable_units(by, on)
        profiles = profiles_on(on)
        if within is not None:
            profiles = profiles.filter(organisation_id__in=within)
        self.by_name: dict[str, int] = {}
        for key, name, short in profiles.values_list("organisation_id", "name", "short_name"):
            self.by_name[fold(name)] = self.by_name[fold(short)] = key

    def find(self, name: str) -> Organisation | None:
        """The unit of a name; of an empty one the person's own."""
        if not name:
            return self.home
        key = self.by_name.get(fold(name))
        return organisations_of([key]).first() if key else None
