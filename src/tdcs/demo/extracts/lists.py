"""The core's other lists, made of report 31 of the same month: what a list has under the same name is the same figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import polars as pl

from tdcs.core.columns import months_later
from tdcs.demo.extracts.figures import Month, rows_of
from tdcs.imports.rules.layouts import Layout, codes, layout_of

_TYPES: Final = {
    "date": pl.Date,
    **dict.fromkeys(("text", "code", "identity", "phone"), pl.String),
}
_POVERTY: Final = """
    SELECT s.kind AS poverty_class, s.decision_number AS decision, s.starts_on AS from_on, p.full_name AS head_name, p.born_on,
           p.identity_number, a.hamlet AS hamlet_name, right(r.code, 4) AS commune
      FROM households_eligibilityspell s
      JOIN LATERAL (SELECT person_id FROM households_householdmember WHERE household_id = s.household_id
                     ORDER BY starts_on, id LIMIT 1) m ON true
      JOIN households_person p ON p.id = m.person_id
      JOIN LATERAL (SELECT hamlet, area_id FROM households_householdaddress WHERE household_id = s.household_id
                     ORDER BY starts_on DESC LIMIT 1) a ON true
      JOIN organisations_area r ON r.id = a.area_id
     WHERE s.starts_on <= %(day)s AND (s.ends_on IS NULL OR s.ends_on > %(day)s)
       AND s.kind IN ('poor', 'near_poor', 'newly_escaped')
"""


def lists(full: pl.DataFrame, month: Month) -> dict[str, pl.DataFrame]:
    """Kind → its rows, typed as its layout says, of every list whose figures the book has."""
    rows = full.with_columns(**_more())
    loans = rows.filter(pl.col("contract").is_not_null())
    return {
        kind: in_columns(layout_of(kind), make(rows, loans, month)) for kind, make in _MADE.items()
    }


def in_columns(layout: Layout, rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of a kind; what the rows lack is empty."""
    return rows.select(
        (pl.col(one.field) if one.field in rows.columns else pl.lit(None).alias(one.field)).cast(
            _TYPES.get(one.kind, pl.Int64)
        )
        for one in layout.columns
    )


def _more() -> dict[str, pl.Expr]:
    """What the lists call otherwise, or make of two columns."""
    short = {code: names[0] for code, names in codes("programmes").items()}
    point = pl.when(pl.col("session_day").is_not_null())
    return {
        "point": point.then(pl.format("TXN{}1", pl.col("commune"))),
        # A blank behind the name, as the core writes it.
        "point_name": point.then(pl.format("ĐGD {} ", pl.col("commune_name"))),
        "arrears": pl.col("arrears_in_time") + pl.col("arrears_overdue"),
        "arrears_grace": pl.lit(0),
        "savings_month_start": pl.col("savings_balance"),
        "savings_day": pl.col("savings_balance").sum().over("customer", "contract"),
        "programme_short": pl.col("programme").replace_strict(short, default=None),
        "leader_born": pl.lit("1975"),
        "frozen_from_on": pl.col("frozen_until_on").dt.offset_by("-3y"),
        "cause": pl.when(pl.col("frozen") > 0).then(pl.lit("Thiên tai")),
        "account": pl.col("savings_book"),
        "amount": pl.col("disbursed"),
        "newly_on": pl.col("last_disbursed_on"),
        "due_on": pl.col("contract_due_on"),
        "purpose": pl.col("purpose_51_name"),
    }


def _by_loan(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.unique("contract", keep="first", maintain_order=True)


def _owing(loans: pl.DataFrame) -> pl.DataFrame:
    return loans.filter(pl.col("balance") > 0)


def _inactive(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    """No transaction in the three months before."""
    since = months_later(month.day, -3)
    found = _by_loan(_owing(loans)).filter((pl.col("frozen") == 0) & (pl.col("programme") != "02"))
    return found.filter(pl.col("last_transaction_on") < since)


def _by_programme(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    keys = [
        "office",
        "source",
        "commune",
        "commune_name",
        "point",
        "point_name",
        "hamlet",
        "hamlet_name",
        "programme",
        "programme_short",
        "programme_name",
        "investor",
        "day",
    ]
    money = [pl.col(one).sum() for one in ("balance", "in_time", "overdue", "frozen")]
    customers = pl.col("customer").n_unique().alias("customers")
    return _by_loan(_owing(loans)).group_by(keys, maintain_order=True).agg(customers, *money)


def groups(rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each group: members, their debt and savings."""
    mine = rows.filter(pl.col("group").is_not_null() & (pl.col("group") != "0000000"))
    loans = _by_loan(mine.filter(pl.col("contract").is_not_null()))
    owing = pl.col("balance") > 0
    firsts = (
        "office",
        "office_branch",
        "commune",
        "commune_name",
        "hamlet",
        "hamlet_name",
        "point",
        "point_name",
        "session_day",
        "mass",
        "mass_name",
        "leader_name",
        "leader_customer",
        "leader_born",
        "group_kind",
        "day",
    )
    made = loans.group_by("group", maintain_order=True).agg(
        *(pl.col(one).drop_nulls().first() for one in firsts),
        pl.col("balance", "overdue", "frozen", "arrears").sum(),
        members=pl.col("customer").n_unique(),
        members_owing=pl.col("customer").filter(owing).n_unique(),
        loans=pl.col("contract").filter(owing).n_unique(),
        members_in_arrears=pl.col("customer").filter(pl.col("arrears") > 0).n_unique(),
    )
    books = mine.filter(pl.col("savings_book").is_not_null())
    books = books.unique(["customer", "savings_book"], keep="first", maintain_order=True)
    # A book belongs to the first group of its borrower, so that it is counted once.
    saved = books.group_by("group").agg(
        savings=pl.col("savings_balance").sum(), members_saving=pl.col("customer").n_unique()
    )
    made = made.join(saved, on="group", how="left").with_columns(
        pl.col("savings", "members_saving").fill_null(0)
    )
    share = pl.when(pl.col("balance") > 0)
    return made.with_columns(
        overdue_share=share.then(pl.col("overdue") * 1_000_000 // pl.col("balance")).otherwise(0),
        frozen_share=share.then(pl.col("frozen") * 1_000_000 // pl.col("balance")).otherwise(0),
        arrears_grace=pl.lit(0),
        savings_per_member=pl.col("savings") // pl.col("members"),
        closed_with_arrears=pl.lit(0),
        closed_with_savings=pl.lit(0),
        state=pl.lit("A"),
        number=pl.int_range(1, pl.len() + 1),
    )


def _leaders(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    return groups(rows)


def _group_list(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    """Only groups with a balance."""
    return groups(rows).filter(pl.col("balance") > 0)


def _in_millions(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    """BC0437 rounds to millions, and its formulas come as 0."""
    money = ("balance", "overdue", "frozen", "arrears", "savings", "savings_per_member")
    rounded = [(pl.col(one) + 500_000) // 1_000_000 * 1_000_000 for one in money]
    return groups(rows).with_columns(*rounded, mass_name=pl.lit("0"), rank=pl.lit("0"))


def _instalments(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    """Direct loans with principal fallen due and not paid: what a period still asks for."""
    unpaid = pl.col("principal_fallen") - pl.col("principal_paid")
    found = _by_loan(_owing(loans)).filter((pl.col("mass") == "99") | (pl.col("programme") == "12"))
    found = found.with_columns(unpaid=pl.min_horizontal(pl.max_horizontal(unpaid, 0), "balance"))
    return found.filter(pl.col("unpaid") > 0).with_columns(
        period_principal=pl.col("unpaid") + pl.col("principal_paid"),
        period_paid=pl.col("principal_paid"),
        period_due_on=pl.lit(month.day + timedelta(days=20)),
        period=pl.lit(1),
        programme=pl.col("programme_short"),
        commune=pl.col("commune"),
    )


def _disbursed(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    return _by_loan(_owing(loans)).filter(pl.col("lent_month") > 0)


def _jobs(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    found = _by_loan(_owing(loans)).filter(pl.col("programme") == "03")
    local = pl.col("source") == "2"
    return found.with_columns(
        source=pl.when(local).then(pl.lit("ĐP")).otherwise(pl.lit("TW")),
        management_level=pl.lit("21"),
        # Two digits: the province's stand before them in every other list.
        commune=pl.col("commune").str.slice(-2),
        due_on=pl.col("extended_due_on"),
        term=pl.col("term"),
    )


def _members(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    found = _by_loan(loans.filter(pl.col("group").is_not_null()))
    firsts = (
        "office",
        "commune",
        "commune_name",
        "hamlet_name",
        "mass",
        "group",
        "leader_name",
        "customer_name",
        "identity_number",
    )
    return found.group_by("customer", maintain_order=True).agg(
        *(pl.col(one).first() for one in firsts),
        pl.col("balance").sum(),
        joined_on=pl.col("signed_on").min(),
        savings_balance=pl.col("savings_balance").first(),
    )


def _units(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    keys = [
        "office",
        "office_name",
        "commune",
        "commune_name",
        "hamlet",
        "hamlet_name",
        "point",
        "point_name",
        "session_day",
    ]
    return (
        loans.select(keys)
        .unique("hamlet", keep="first", maintain_order=True)
        .with_columns(status=pl.lit("A"))
    )


def _officers(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    """An invented officer for each commune: the book keeps none."""
    found = _units(rows, loans, month)
    return found.with_columns(
        number=pl.int_range(1, pl.len() + 1),
        officer=pl.format("Cán bộ {}", pl.col("commune").str.slice(-2)),
    )


def _investors(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    found = _by_loan(_owing(loans)).filter(pl.col("investor").is_not_null())
    return found.group_by("office", "investor", maintain_order=True).agg(
        investor_name=pl.lit("Ngân sách tỉnh"),
        level=pl.lit("Tỉnh"),
        source=pl.lit("2"),
        amount=pl.col("balance").sum(),
        lent=pl.col("balance").sum(),
    )


def _poor(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    """Of the communes in the extract; its words as clerks write them."""
    words = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo", "newly_escaped": "Hộ mới thoát nghèo"}
    found = rows_of(_POVERTY, {"day": month.day})
    places = loans.select(pl.col("commune"), "office", "commune_name").unique("commune")
    found = found.with_columns(commune=pl.lit("46") + pl.col("commune"))
    return found.join(places, on="commune").with_columns(
        poverty_class=pl.col("poverty_class").replace(words),
        number=pl.int_range(1, pl.len() + 1),
    )


def _same(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    return _owing(loans)


def _overdue(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    return _by_loan(loans.filter(pl.col("overdue") > 0))


def _frozen(rows: pl.DataFrame, loans: pl.DataFrame, month: Month) -> pl.DataFrame:
    return _by_loan(loans.filter(pl.col("frozen") > 0))


Making = Callable[[pl.DataFrame, pl.DataFrame, Month], pl.DataFrame]
_MADE: Final[dict[str, Making]] = {
    "loan_detail": _same,
    "report_10": _same,
    "report_7": _leaders,
    "report_14": _inactive,
    "report_2": _overdue,
    "report_13": _frozen,
    "report_1": _by_programme,
    "report_12": _leaders,
    "groups_dsto": _group_list,
    "disbursements": _disbursed,
    "instalments_a": _instalments,
    "instalments_b": _instalments,
    "bc0437": _in_millions,
    "group_scores": _leaders,
    "job_loans": _jobs,
    "members": _members,
    "units": _units,
    "officers": _officers,
    "capital_sources": _investors,
    "poverty_list": _poor,
}
