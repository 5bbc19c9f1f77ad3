"""What report 31 says of each loan, and by which events it moved since the extract before."""

from __future__ import annotations

from typing import Final

import polars as pl

from tdcs.core.basis import without_basis
from tdcs.imports.rules.auditing import contracts_of
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.rows import filled
from tdcs.loans.rules.kinds import REPORTED

# Figures that only grow in a life; one that falls is not explained.
GROWING: Final = {
    "lent": "less_lent",
    "principal": "more_owed",
    "written_off": "less_written_off",
    "collected": "less_interest",
    "waived": "less_waived",
}
# The kind of extract that loans and events are made of.
KIND: Final = "report_31"
# Interest that is accrued and neither collected nor written off, by what it is on.
INTEREST_KINDS: Final = ("arrears_in_time", "arrears_overdue", "not_due")
_FLOWS: Final = ("repaid_in_time_month", "repaid_overdue_month", "repaid_frozen_month")
FIGURES: Final = tuple(name for name in REPORTED if name != "gone")
CONTRACT: Final = (
    "contract",
    "ours",
    "target_group",
    "local",
    "disbursed_on",
    "months",
    "customer",
    "customer_name",
    "born_on",
    "gender",
    "identity_number",
    "phone",
    "commune",
    "commune_name",
    "hamlet_name",
    "group",
    "leader_name",
    "mass",
    "programme",
    "approved",
    "rate",
    "contract_due_on",
    "extended_due_on",
    "session_due_on",
    "session_day",
    "turned_overdue_on",
    "frozen_until_on",
    "last_transaction_on",
)


def _money(name: str) -> pl.Expr:
    return pl.col(name).fill_null(0)


@without_basis("đọc số liệu của hệ thống lõi, không tính lại")
def reported(frame: pl.DataFrame) -> pl.DataFrame:
    """CONTRACT, FIGURES, INTEREST_KINDS and, as they stood when the month began, FIGURES with ``_0``, of each loan paid out.

    A loan stands once however many savings books its borrower has. Principal collected is what of the disbursements is
    neither owed nor written off ("Gốc đã trả" is often empty). A loan registered and not paid out is none yet.
    """
    rows = contracts_of(filled(frame, layout_of(KIND))).filter(pl.col("disbursed") > 0)
    col = pl.col
    gone = col("lent") - col("balance")
    collected = pl.coalesce(
        "interest_collected",
        _money("interest_collected_in_time") + _money("interest_collected_overdue"),
    )
    rows = rows.with_columns(
        lent="disbursed",
        balance=_money("balance"),
        collected=collected,
        waived=_money("interest_written_off"),
        overdue=_money("overdue"),
        frozen=_money("frozen"),
        arrears_in_time=_money("arrears_in_time"),
        arrears_overdue=_money("arrears_overdue"),
        not_due=_money("interest_not_due"),
        arrears=_money("arrears_in_time") + _money("arrears_overdue"),
    )
    rows = rows.with_columns(written_off=pl.min_horizontal(_money("principal_written_off"), gone))
    settled = col("collected") + col("waived")
    rows = rows.with_columns(
        principal=gone - col("written_off"),
        accrued=settled + col("arrears") + col("not_due"),
    )
    rows = rows.with_columns(**_opening(settled))
    begun = (f"{name}_0" for name in FIGURES)
    return rows.select(*CONTRACT, "balance", *FIGURES, *INTEREST_KINDS, *begun)


_SAVER: Final = (
    "customer", "customer_name", "born_on", "gender", "identity_number", "phone", "commune_name", "hamlet_name", "group",
)  # fmt: skip


@without_basis("đọc số liệu của hệ thống lõi, không tính lại")
def savings_books(frame: pl.DataFrame) -> pl.DataFrame:
    """book, balance and _SAVER of each savings book that an extract names.

    A client with two loans stands in two rows of the same book, one with two books in a row for each: a book counts once.
    A book of two clients is a book of each.
    """
    rows = filled(frame, layout_of(KIND)).filter(pl.col("savings_book").is_not_null())
    rows = rows.unique(["customer", "savings_book"], keep="first", maintain_order=True)
    again = ~pl.col("savings_book").is_first_distinct()
    shared = pl.format("{}/{}", pl.col("savings_book"), pl.col("customer").fill_null(""))
    book = pl.when(again).then(shared).otherwise("savings_book").str.slice(0, 20)
    return rows.select(*_SAVER, book=book, balance=_money("savings_balance"))


def _opening(settled: pl.Expr) -> dict[str, pl.Expr]:
    """What stood when the month began, by the month's own columns."""
    col = pl.col

    def before(name: str, flow: pl.Expr) -> pl.Expr:
        return pl.max_horizontal(col(name) - flow, pl.lit(0))

    repaid = pl.sum_horizontal(_money(name) for name in _FLOWS)
    interest = _money("interest_in_time_month") + _money("interest_overdue_month")
    accrued = pl.when(col("arrears") > 0).then(settled + col("arrears"))
    return {
        "lent_0": before("lent", _money("lent_month")),
        "principal_0": before("principal", repaid),
        "written_off_0": before("written_off", _money("written_off_month")),
        "collected_0": before("collected", interest),
        "waived_0": col("waived"),
        "accrued_0": accrued.otherwise(before("accrued", _money("interest_accrued_month"))),
        "overdue_0": before("overdue", _money("turned_overdue_month")),
        "frozen_0": before("frozen", _money("turned_frozen_month")),
        "arrears_0": col("arrears"),
    }


@without_basis("so hai sao kê với nhau")
def moved(now: pl.DataFrame, known: pl.DataFrame, *, opening: bool) -> pl.DataFrame:
    """contract, figure, at_eve, amount: by how much each figure moved since it was last known.

    ``known``: contract and FIGURES as they stood, no row for a loan that is new. ``opening``: nothing is known of the end of
    the month before: what moved up to then stands apart (``at_eve``), by the month's own columns.
    """
    rows = now.join(known, on="contract", how="left", suffix="_known")
    parts = []
    for name in FIGURES:
        was = pl.col(f"{name}_known").fill_null(0)
        start = pl.col(f"{name}_0") if opening else was
        for at_eve, amount in ((True, start - was), (False, pl.col(name) - start)):
            part = rows.select("contract", figure=pl.lit(name), at_eve=at_eve, amount=amount)
            parts.append(part.filter(pl.col("amount") != 0))
    return pl.concat(parts)


@without_basis("so hai sao kê với nhau")
def unexplained(now: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """contract, code, before, after of what the extract before does not explain: a figure of a life that fell, another
    borrower, a loan that owed something and is gone, one that is there again. ``known``: contract, FIGURES, owed, customer,
    gone."""
    both = now.join(known, on="contract", how="inner", suffix="_known")
    found = [
        both.filter(pl.col(name) < pl.col(f"{name}_known")).select(
            "contract",
            code=pl.lit(code),
            before=pl.col(f"{name}_known").cast(pl.String),
            after=pl.col(name).cast(pl.String),
        )
        for name, code in GROWING.items()
    ]
    other = both.filter(pl.col("customer") != pl.col("customer_known"))
    again = both.filter(pl.col("gone") > 0)
    gone = known.filter((pl.col("gone") <= 0) & (pl.col("owed") > 0))
    gone = gone.join(now, on="contract", how="anti")
    none = pl.lit("")
    found += [
        other.select(
            "contract", code=pl.lit("other_borrower"), before="customer_known", after="customer"
        ),
        again.select(
            "contract",
            code=pl.lit("there_again"),
            before=pl.col("gone").cast(pl.String),
            after=pl.col("balance").cast(pl.String),
        ),
        gone.select(
            "contract", code=pl.lit("gone"), before=pl.col("owed").cast(pl.String), after=none
        ),
    ]
    return pl.concat(found)
