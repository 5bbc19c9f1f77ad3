"""Results of a reconciliation from a workbook: found by headings, read as clerks write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from tdcs.core import amounts
from tdcs.core.text import fold
from tdcs.documents.reading.cells import day_of
from tdcs.documents.reading.rows import Value, read_rows
from tdcs.oversight.errors import ColumnsMissing, ResultsWrong
from tdcs.oversight.models import ReconciliationCase
from tdcs.oversight.services.reconciling import SignedResult

# Heading of the file that goes out, and comes back.
HEADINGS: Final = {
    "number": "Số khế ước",
    "principal": "Gốc người vay",
    "interest": "Lãi người vay",
    "savings": "Tiền gửi người vay",
    "result": "Mã kết quả",
    "kind": "Loại chênh lệch",
    "signed_on": "Ngày ký",
    "words": "Ghi chú",
}
_HEAD_WITHIN: Final = 12


def read_results(content: bytes) -> list[SignedResult]:
    """The rows that say a result, with their numbers. Raises ColumnsMissing, ResultsWrong, and what documents refuse."""
    rows = read_rows(content)
    wanted = {fold(words): name for name, words in HEADINGS.items()}
    head: dict[str, int] = {}
    start = 0
    for row in rows[:_HEAD_WITHIN]:
        found = {
            wanted[key]: at
            for at, cell in enumerate(row.cells)
            if (key := fold(str(cell))) in wanted
        }
        if len(found) > len(head):
            head, start = found, row.number
    missing = [words for name, words in HEADINGS.items() if name not in head]
    if missing:
        raise ColumnsMissing(missing=", ".join(missing))
    told, wrong = [], []
    for row in rows:
        cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in head.items()}
        number = str(cells["number"]).strip()
        if row.number <= start or not number or cells["result"] in ("", "00", 0):
            continue
        try:
            told.append(_result_of(number, cells, row.number))
        except ValueError as why:
            wrong.append(f"dòng {row.number} ({number}): {why}")
    if wrong:
        raise ResultsWrong(count=len(wrong), listed="; ".join(wrong[:8]))
    return told


def _result_of(number: str, cells: dict[str, Value], row: int) -> SignedResult:
    kinds = {fold(str(label)): code for code, label in ReconciliationCase.Kind.choices}
    said = fold(str(cells["kind"]).strip())
    return SignedResult(
        number=number,
        result=str(cells["result"]).strip().zfill(2),
        principal=_dong(cells["principal"]),
        interest=_dong(cells["interest"]),
        savings=_dong(cells["savings"]),
        signed_on=_day(cells["signed_on"]),
        kind=kinds.get(said, said),
        words=str(cells["words"]),
        row=row,
    )


def _dong(cell: Value) -> int | None:
    if cell == "":
        return None
    if isinstance(cell, int):
        return cell
    if isinstance(cell, Decimal) and cell == int(cell):
        return int(cell)
    try:
        return amounts.dong(str(cell))
    except amounts.NotAnAmount:
        raise ValueError("số tiền không đọc được") from None


def _day(cell: Value) -> date | None:
    if cell == "":
        return None
    found = day_of(cell)
    if found is None:
        raise ValueError("ngày ký không đọc được")
    return found
