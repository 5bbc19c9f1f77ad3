"""What the audit by law could not judge of an extract's loans, and why: without it, "no differences" says nothing."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from tdcs.core.basis import without_basis
from tdcs.imports.rules.auditing import FOUND, lacking, with_law

# Why something of a loan was not judged → (Vietnamese, English).
REASONS: Final[dict[str, tuple[str, str]]] = {
    "no_programme": ("chương trình không có trong hệ thống", "a programme that is not ours"),
    "no_law": ("không có quy định của ngày vay đầu tiên", "no rules of the day of the first disbursement"),
    "no_rate": ("sao kê không ghi lãi suất", "no rate in the extract"),
    "no_due_day": ("sao kê không ghi ngày đến hạn", "no due day in the extract"),
    "no_interest": ("sao kê không ghi lãi dự thu trong tháng", "no interest of the month in the extract"),
    "no_fallen": ("sao kê không ghi gốc đến hạn lũy kế", "no principal fallen due in the extract"),
    "no_columns": ("sao kê thiếu cột để xét lãi, quá hạn hoặc khoanh", "columns of interest, overdue or freezes are missing"),
    "no_student_day": ("thiếu ngày ra trường hoặc ngày kết thúc ân hạn của sinh viên", "a student without these days"),
}  # fmt: skip


@without_basis("đếm những gì các quy tắc khác không xét được")
def unjudged(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """FOUND of each loan that owes principal and each reason: ``check`` is of REASONS, nothing said, ``dong`` what it owes.

    A cell that is empty and a column that the extract does not have are the same to a loan, but for the columns without which
    a rule judges none ("no_columns").
    """
    col = pl.col
    loans = with_law(frame, day).filter(col("balance") > 0)
    ours = col("ours") != ""
    known = ours & col("law_rate").is_not_null()
    blank = pl.any_horizontal(col("graduated_on").is_null(), col("grace_end_on").is_null())
    due = pl.coalesce("session_due_on", "extended_due_on", "contract_due_on")
    why = {
        "no_programme": ~ours,
        "no_law": ours & ~known,
        "no_rate": known & col("rate").is_null(),
        "no_due_day": due.is_null(),
        "no_interest": known & col("interest_accrued_month").is_null(),
        "no_fallen": known & col("law_by_instalment") & col("principal_fallen").is_null(),
        "no_columns": ours & pl.lit(lacking(frame)),
        "no_student_day": known & col("law_grace").is_not_null() & blank,
    }
    nothing = pl.lit(None, dtype=pl.Int64)
    parts = [
        loans.filter(condition).select(
            "contract",
            "office",
            "commune",
            check=pl.lit(reason),
            said=nothing,
            law=nothing,
            dong="balance",
            basis=pl.lit(""),
        )
        for reason, condition in why.items()
    ]
    return pl.concat([pl.DataFrame(schema=FOUND), *parts]).sort("contract", "check")
