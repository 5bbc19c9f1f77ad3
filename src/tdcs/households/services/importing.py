"""A commune's list comes in as a file or pasted cells: every bad row is named, nothing half is saved."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.amounts import NotAnAmount, dong
from tdcs.core.errors import BadRow
from tdcs.documents.reading.heading import Heading, beginning, find_heading
from tdcs.documents.reading.rows import SheetRow
from tdcs.households.errors import ListNotReadable, ReviewRowsRefused
from tdcs.households.models import HouseholdMember, PovertyReview, ReviewLine
from tdcs.households.queries.reviews import households_of, review_day
from tdcs.households.rules import INDICATORS
from tdcs.households.services.reviews import MAX_INCOME, State, locked_review, write_lines
from tdcs.organisations.models import living_on

# Field → beginnings of its column's folded heading. The first column that fits is taken.
HEADINGS: Final = {
    "code": ("ma ho",),
    "identity": ("so dinh danh", "cccd", "so cccd", "can cuoc"),
    "income": ("thu nhap",),
    "deprivations": ("so chi so thieu hut", "so chi so", "thieu hut", "chi so thieu hut"),
    "measured_on": ("ngay ra soat", "ngay khao sat"),
    "note": ("ghi chu",),
}
# Of each line, one column at least must be there.
_REQUIRED: Final = (
    ("Mã hộ hoặc Số định danh", {"code", "identity"}),
    ("Thu nhập", {"income"}),
    ("Số chỉ số thiếu hụt", {"deprivations"}),
)
SAMPLE: Final = (
    "Mã hộ",
    "Số định danh chủ hộ",
    "Họ và tên chủ hộ",
    "Ấp, khu phố",
    "Thu nhập đầu người (đồng/tháng)",
    "Số chỉ số thiếu hụt",
    "Ngày rà soát",
    "Ghi chú",
)


def import_lines(*, review: PovertyReview, rows: list[SheetRow], by: User | None, on: date) -> int:
    """Lines of a draft review from a table; returns how many. Raises ListNotReadable, ReviewRowsRefused."""
    with transaction.atomic():
        held = locked_review(review, "nhập danh sách", (State.DRAFT,), by, on)
        heading = _heading(rows)
        reader = _Reader(held, heading, on)
        lines = [line for row in heading.body if (line := reader.read(row)) is not None]
        if reader.errors:
            raise ReviewRowsRefused(reader.errors)
        if not lines:
            raise ListNotReadable(columns="không có dòng nào dưới dòng tiêu đề")
        write_lines(held, lines, by, on)
        trail.record(
            action="households.import_lines", subject=held, by=by, on=on, data={"lines": len(lines)}
        )
    return len(lines)


def _heading(rows: list[SheetRow]) -> Heading:
    heading = find_heading(rows, beginning(HEADINGS), _enough)
    if not heading.found:
        missing = [words for words, fields in _REQUIRED if not fields & heading.places.keys()]
        raise ListNotReadable(columns=", ".join(missing))
    return heading


def _enough(columns: Collection[str]) -> bool:
    return all(fields & set(columns) for _, fields in _REQUIRED)


class _Reader:
    """Reads rows one by one and gathers what is wrong with each."""

    def __init__(self, review: PovertyReview, heading: Heading, on: date) -> None:
        self.review, self.cell, self.on = review, heading.cell, on
        self.errors: list[BadRow] = []
        self.seen: dict[int, int] = {}
        day = review_day(review.year, on)
        here = households_of(review.area, day)
        self.by_code = dict(here.values_list("code", "pk"))
        # The keys themselves: the plan does not hang on what the database believes of fresh tables.
        members = HouseholdMember.objects.filter(
            living_on(day),
            household__in=list(self.by_code.values()),
            person__identity_number__isnull=False,
        )
        self.by_identity = dict(members.values_list("person__identity_number", "household_id"))

    def read(self, row: SheetRow) -> ReviewLine | None:
        before = len(self.errors)
        household = self._household(row)
        income = self._whole(row, "income", MAX_INCOME)
        short = self._whole(row, "deprivations", INDICATORS)
        measured_on = self._day(row)
        if len(self.errors) > before or household is None:
            return None
        return ReviewLine(
            review=self.review,
            household_id=household,
            income_per_head=income,
            deprivations=short or 0,
            measured_on=measured_on,
            note=str(self.cell(row, "note"))[:300],
        )

    def _wrong(self, row: SheetRow, code: str, words: str) -> None:
        self.errors.append(BadRow(row.number, words, code))

    def _household(self, row: SheetRow) -> int | None:
        code = str(self.cell(row, "code")).strip().upper()
        number = re.sub(r"[\s.']", "", str(self.cell(row, "identity")))
        if number and number.isdigit() and len(number) == 11 and not number.startswith("0"):
            number = f"0{number}"  # a spreadsheet drops the nought that most numbers begin with
        if number and not (number.isascii() and number.isdigit() and len(number) == 12):
            self._wrong(row, "bad_identity", f"Số định danh “{number}” không đủ 12 chữ số")
            return None
        found = self.by_code.get(code) if code else self.by_identity.get(number)
        if found is None:
            why = f"Không có hộ nào ở địa bàn với số định danh {number}"
            if code:
                why = f"Không có hộ nào ở địa bàn với mã hộ {code}"
            elif not number:
                why = "Thiếu mã hộ và số định danh"
            self._wrong(row, "unknown_household", why)
            return None
        if code and number and self.by_identity.get(number, found) != found:
            self._wrong(row, "unknown_household", f"Số định danh không phải của hộ {code}")
            return None
        if found in self.seen:
            self._wrong(row, "duplicate_row", f"Hộ này đã có ở dòng {self.seen[found]}")
            return None
        self.seen[found] = row.number
        return found

    def _whole(self, row: SheetRow, field: str, most: int) -> int | None:
        cell = self.cell(row, field)
        value: int | None = None
        if isinstance(cell, int):
            value = cell
        elif isinstance(cell, str):
            bare = re.sub(r"(?i)\s*(đồng|đ|vnd)$", "", cell.strip())
            with suppress(NotAnAmount):
                value = dong(bare)
        if value is None or isinstance(cell, Decimal) or not 0 <= value <= most:
            missing, why = {
                "income": (
                    "Thiếu thu nhập",
                    f"Thu nhập “{cell}” không phải số nguyên từ 0 đến {most}",
                ),
                "deprivations": (
                    "Thiếu số chỉ số thiếu hụt",
                    f"Số chỉ số “{cell}” không phải số nguyên từ 0 đến {most}",
                ),
            }[field]
            self._wrong(row, f"bad_{field}", missing if cell == "" else why)
            return None
        return value

    def _day(self, row: SheetRow) -> date | None:
        cell = self.cell(row, "measured_on")
        if cell == "":
            return None
        found = cell if isinstance(cell, date) else read_day(str(cell))
        if found is None:
            self._wrong(row, "bad_date", f"Ngày rà soát “{cell}” không đọc được: dùng dd/mm/yyyy")
        elif found.year != self.review.year or found > self.on:
            self._wrong(row, "bad_date", f"Ngày rà soát {found:%d/%m/%Y} ngoài đợt rà soát")
        return found


def read_day(words: str) -> date | None:
    """dd/mm/yyyy (also with - or .) or yyyy-mm-dd; anything else is None, never guessed."""
    match = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", words.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(words.strip()) if len(words.strip()) == 10 else None
    except ValueError:
        return None
