"""Results of a reconciliation from a workbook: found by headings, read as clerks write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from tdcs.core import amounts
from tdcs.core.errors import BadRow
from tdcs.core.text import fold
from tdcs.documents.reading.cells import day_of
from tdcs.documents.reading.guarded import read_rows_guarded
from tdcs.documents.reading.heading import exactly, find_heading
from tdcs.documents.reading.rows import Value
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


def read_results(content: bytes) -> list[SignedResult]:
    """The rows that say a result, with their numbers. Raises ColumnsMissing, ResultsWrong, and what documents refuse."""
    heading = find_heading(read_rows_guarded(content), exactly(HEADINGS), set(HEADINGS).issubset)
    if not heading.found:
        raise ColumnsMissing(missing=", ".join(HEADINGS[one] for one in heading.lacks(HEADINGS)))
    told: list[SignedResult] = []
    wrong: list[BadRow] = []
    for row in heading.body:
        cells = {column: heading.cell(row, column) for column in HEADINGS}
        number = str(cells["number"]).strip()
        if not number or cells["result"] in ("", "00", 0):
            continue
        try:
            told.append(_result_of(number, cells, row.number))
        except ValueError as why:
            wrong.append(BadRow(row.number, str(why), name=number))
    if wrong:
        raise ResultsWrong(wrong)
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
