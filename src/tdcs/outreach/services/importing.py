"""A register's table comes in from a workbook: every bad row is named, nothing half is saved."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import trail
from tdcs.core.errors import BadRow, Refusal
from tdcs.core.text import fold
from tdcs.documents.reading.cells import day_of
from tdcs.documents.reading.heading import Heading, exactly, find_heading
from tdcs.documents.reading.rows import SheetRow
from tdcs.documents.xlsx_blank import BlankColumn, BlankSheet, blank_workbook
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import organisations_of, profiles_on
from tdcs.outreach.errors import RegisterRowsRefused, SheetUnreadable
from tdcs.outreach.queries.records import writable_units
from tdcs.outreach.rules.registers import Register
from tdcs.outreach.services.records import Typed, add_record

DAY: Final = "Ngày"
UNIT: Final = "Đơn vị"
LINK: Final = "Liên kết minh chứng"
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
    """Every row becomes a line, or none does. Raises SheetUnreadable, RegisterRowsRefused. Returns how many."""
    heading = _heading(register, rows)
    units = _Units(by, on)
    wrong: list[BadRow] = []
    with transaction.atomic():
        count = 0
        for row in heading.body:
            typed, name = _typed(register, heading, row)
            if typed is None:
                continue
            unit = units.find(name)
            if unit is None:
                wrong.append(BadRow(row.number, f"không có đơn vị “{name}” trong phạm vi của mình"))
                continue
            try:
                with transaction.atomic():
                    add_record(register=register, organisation=unit, typed=typed, by=by, on=on)
            except Refusal as refused:
                wrong.append(BadRow(row.number, refused, refused.code))
            else:
                count += 1
        if wrong:
            raise RegisterRowsRefused(wrong)
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


def _heading(register: Register, rows: list[SheetRow]) -> Heading:
    names = {
        "": DAY,
        "unit": UNIT,
        "title": register.title,
        "link": LINK,
        **{f"f:{field.code}": field.name for field in register.fields},
    }
    required = ("", "title")
    heading = find_heading(rows, exactly(names), lambda columns: set(required) <= set(columns))
    if not heading.found:
        missing = ", ".join(names[column] for column in heading.lacks(required))
        raise SheetUnreadable(why=f"thiếu cột {missing}")
    return heading


def _is_help(heading: Heading, row: SheetRow) -> bool:
    """The line of the template that explains its columns."""
    return fold(str(heading.cell(row, ""))).startswith("dang ")


def _typed(register: Register, heading: Heading, row: SheetRow) -> tuple[Typed | None, str]:
    if not any(str(one).strip() for one in row.cells) or _is_help(heading, row):
        return None, ""
    typed = Typed(
        day=day_of(heading.cell(row, "")),
        title=str(heading.cell(row, "title")),
        values={field.code: heading.cell(row, f"f:{field.code}") for field in register.fields},
        url=str(heading.cell(row, "link")).strip(),
    )
    return typed, str(heading.cell(row, "unit")).strip()


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
