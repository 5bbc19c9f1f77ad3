"""What a monitored office's book knows, and what its extracts leave unexplained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl
from django.db.models import Count, Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.imports.models import CoreCustomer, Extract, ExtractImport, Unexplained
from tdcs.imports.rules.monitoring import FIGURES, KIND
from tdcs.ledger.models import Book
from tdcs.loans.models import Loan
from tdcs.loans.queries.reported import reported_sums

# Kinds of what is not explained → Vietnamese, English.
REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "more_owed": ("gốc đã thu giảm: dư nợ tăng mà không có giải ngân", "owes more without a disbursement"),
    "less_lent": ("tổng giải ngân giảm", "less disbursed than before"),
    "less_written_off": ("gốc đã xóa giảm", "less written off than before"),
    "less_interest": ("lãi đã thu lũy kế giảm", "less interest collected than before"),
    "less_waived": ("lãi đã xóa giảm", "less interest waived than before"),
    "other_borrower": ("khách hàng khác đứng tên", "another borrower"),
    "gone": ("còn nợ ở sao kê trước, không có trong sao kê này", "owed something and is gone"),
    "there_again": ("có lại sau khi vắng ở sao kê trước", "is there again"),
    "other_office": ("khế ước đã có ở sổ của đơn vị khác", "another office's book has the contract"),
    "savings_elsewhere": ("sổ tiền gửi đã có ở sổ của đơn vị khác", "another office's book has the savings"),
    "unknown_commune": ("không nhận ra xã", "commune not recognised"),
    "unknown_group": ("chưa lập được tổ: thiếu xã, hội hoặc ngày giao dịch", "group not made: its place is missing"),
    "older_extract": ("cũ hơn sao kê đã ghi sổ, chỉ lưu để tra cứu", "older than one in the book; kept for reference"),
}  # fmt: skip


def monitored(office: int) -> bool:
    """Whether an office's figures come from extracts now."""
    books = Book.objects.filter(organisation=office, monitored_from__isnull=False)
    return books.filter(monitored_to=None).exists()


def known_loans(office: int, day: date) -> pl.DataFrame:
    """contract, customer, FIGURES, gone, owed and terms of an office's loans as its book knows them by a day."""
    sums = reported_sums(day, offices=[office])
    loans = Loan.objects.filter(office=office, reported=True)
    persons = dict(CoreCustomer.objects.values_list("person_id", "code"))
    rows = [
        (key, number, persons.get(person))
        for key, number, person in loans.values_list("pk", "number", "borrower_id")
    ]
    names = pl.DataFrame(
        rows,
        schema={"loan": pl.Int64, "contract": pl.String, "customer": pl.String},
        orient="row",
    )
    found = names.join(sums, on="loan", how="left").with_columns(
        pl.col(name).fill_null(0) for name in (*FIGURES, "gone", "rate")
    )
    owed = pl.col("lent") - pl.col("principal") - pl.col("written_off")
    interest = pl.col("accrued") - pl.col("collected") - pl.col("waived")
    days = [pl.col(name).cast(pl.Int32).cast(pl.Date) for name in ("final_due", "session_due")]
    return found.with_columns(*days, owed=owed + pl.max_horizontal(interest, 0))


def unexplained_of(user: User, code: str = "") -> QuerySet[Unexplained]:
    """What extracts in scope leave unexplained, the latest first; of one kind where one is named."""
    rows = Unexplained.objects.select_related("extract", "extract__office", "loan")
    seen = visible_organisations(user)
    if seen is not None:
        rows = rows.filter(extract__office__in=seen)
    if code:
        rows = rows.filter(code=code)
    return rows.order_by("-extract__day", "extract__office_code", "code", "contract")


def counts_of(user: User) -> dict[str, int]:
    """How many of each kind."""
    rows = unexplained_of(user).order_by().values("code").annotate(n=Count("pk"))
    return dict(rows.values_list("code", "n"))


def books_of(user: User) -> list[tuple[Book, Extract | None]]:
    """Books in scope that follow or followed extracts, each with its last extract."""
    books = Book.objects.filter(monitored_from__isnull=False).select_related("organisation")
    seen = visible_organisations(user)
    if seen is not None:
        books = books.filter(organisation__in=seen)
    booked = Extract.objects.filter(operation__isnull=False).order_by("day")
    last = {one.office_id: one for one in booked}
    return [(book, last.get(book.organisation_id)) for book in books.order_by("organisation__code")]


def offers_monitor(imported: ExtractImport) -> bool:
    """Whether an import brings report 31 of offices that neither keep a book here nor are monitored."""
    brought = Extract.objects.filter(file__imported=imported, kind=KIND, office__isnull=False)
    offices = set(brought.values_list("office_id", flat=True))
    kept = Book.objects.filter(organisation__in=offices).filter(
        Q(monitored_from__isnull=False) | Q(last_number__gt=0)
    )
    return bool(offices - set(kept.values_list("organisation_id", flat=True)))


def is_booked(imported: ExtractImport) -> bool:
    """Whether an extract of an import stands in a book that follows extracts."""
    return Extract.objects.filter(file__imported=imported, operation__isnull=False).exists()
