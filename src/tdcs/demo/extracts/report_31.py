"""Report 31 of a month: a row for each loan and savings book, and rows of those who only save."""

from __future__ import annotations

from typing import Final

import narwhals as nw
import polars as pl

from tdcs.core.columns import session_before
from tdcs.demo.extracts.figures import Month, day_column
from tdcs.imports.rules.layouts import codes, layout_of
from tdcs.loans.rules.balance import EVERYTHING
from tdcs.programmes.rules import programme, programmes
from tdcs.programmes.rules.terms import first_due_limit

# Flow of the extract → what it is of a life's sums.
_SPANS: Final = ("month", "quarter", "year")
_MASS: Final = {"nong-dan": "11", "phu-nu": "12", "cuu-chien-binh": "13", "doan": "14"}


def report_31(month: Month) -> pl.DataFrame:
    """The columns of the kind, typed, by loan and book."""
    rows = _dues(month.rows)
    rows = rows.with_columns(_codes(rows))
    made = rows.select("person", **_place(), **_customer(), **_terms(), **_figures(), **_flows())
    # An office knows its own books: of a client who borrows elsewhere, it is one of somebody who only saves.
    made = made.join(_books(month), on=["person", "office"], how="left")
    here = made.select("person", office_code="office").unique()
    only = month.savings.join(here, on=["person", "office_code"], how="anti")
    made = pl.concat([made, _savers(only)], how="diagonal").with_columns(day=pl.lit(month.day))
    layout = layout_of("report_31")
    kinds = {"date": pl.Date, "money": pl.Int64, "rate": pl.Int64, "count": pl.Int64}
    return made.select(
        (pl.col(one.field) if one.field in made.columns else pl.lit(None).alias(one.field)).cast(
            kinds.get(one.kind, pl.String)
        )
        for one in layout.columns
    )


def _dues(rows: pl.DataFrame) -> pl.DataFrame:
    """``session_due``: the last session day before the final due day, in days."""
    frame = session_before(
        nw.from_native(rows, eager_only=True), "session_due", nw.col("final_due"), nw.col("session")
    )
    found: pl.DataFrame = frame.to_native()
    return found


def _codes(rows: pl.DataFrame) -> list[pl.Expr]:
    """Codes of the core for what this system calls otherwise."""
    of_programme = {ours: code for code, (_, ours) in codes("programmes").items() if ours}
    others = {
        ours: code
        for code, named in codes("programme_by_decision").items()
        for ours in named.values()
    }
    kinds = rows["programme"].unique().to_list()
    names = {one: programme(one).name for one in kinds}
    groups = {
        f"{code} {key}": named
        for code in kinds
        for key, (named, _) in programme(code).groups.items()
    }
    beneficiary = pl.concat_str("programme", pl.lit(" "), "target_group")
    mass = pl.lit("99")
    for words, code in _MASS.items():
        mass = pl.when(pl.col("mass_key").str.contains(words)).then(pl.lit(code)).otherwise(mass)
    return [
        pl.col("programme")
        .replace_strict({**of_programme, **others}, default="99")
        .alias("core_programme"),
        pl.col("programme").replace_strict(names, default=None).alias("core_programme_name"),
        beneficiary.replace_strict(groups, default=None, return_dtype=pl.String).alias(
            "core_beneficiary"
        ),
        pl.when(pl.col("group") > 0).then(mass).otherwise(pl.lit("99")).alias("core_mass"),
        (pl.lit("46") + pl.col("area_code").str.slice(-4)).alias("core_commune"),
    ]


def _place() -> dict[str, pl.Expr]:
    hamlet = pl.col("hamlet").str.extract(r"(\d+)").str.zfill(2).str.slice(-2)
    return {
        "office_branch": pl.lit("005420"),
        "office": pl.col("office_code"),
        "office_name": pl.col("office_name"),
        "commune": pl.col("core_commune"),
        "commune_name": pl.col("commune_name"),
        "hamlet": pl.col("core_commune") + hamlet.fill_null("01"),
        "hamlet_name": pl.col("hamlet"),
        "group": pl.col("group_code"),
        "group_kind": pl.when(pl.col("group") > 0).then(pl.lit("01")),
        "leader_customer": _customer_code("leader"),
        "leader_name": pl.col("leader_name"),
        "mass": pl.col("core_mass"),
        "mass_name": pl.col("core_mass").replace_strict(codes("mass_organisations"), default=None),
    }


def _customer_code(name: str) -> pl.Expr:
    return pl.when(pl.col(name) > 0).then((pl.col(name) + 4_600_000_000).cast(pl.String))


def _customer() -> dict[str, pl.Expr]:
    gender = {"male": "01", "female": "02"}
    return {
        "customer": _customer_code("person"),
        "customer_name": pl.col("full_name"),
        "born_on": pl.col("born_on"),
        "grade": pl.lit("E"),
        "customer_kind": pl.lit("11"),
        "gender": pl.col("gender").replace_strict(gender, default=None),
        "identity_number": pl.col("identity_number"),
        "phone": pl.col("phone"),
    }


def _terms() -> dict[str, pl.Expr]:
    first = pl.col("disbursed").cast(pl.Int32).cast(pl.Date)
    steps = pl.concat_str([pl.col("spacing"), pl.lit("mo")])
    later = pl.col("final_due") > (pl.col("contract_due_on") - pl.date(1970, 1, 1)).dt.total_days()
    term = pl.when(pl.col("term") <= 12).then(pl.lit("Ngắn hạn"))
    # Studies end so many months before the first instalment of a student's loan.
    graces = {code: limit.values[-1].amount for code, one in programmes().items() if (limit := first_due_limit(one))}  # fmt: skip
    grace = pl.col("programme").replace_strict(graces, default=None, return_dtype=pl.Int64)
    graduated = pl.col("first_due_on").dt.offset_by(pl.format("-{}mo", grace))
    return {
        "contract": pl.col("contract"),
        "graduated_on": graduated,
        "grace_end_on": graduated.dt.offset_by(pl.format("{}mo", grace)),
        "signed_on": first,
        "contract_due_on": pl.col("contract_due_on"),
        "extended_due_on": pl.when(later)
        .then(day_column("final_due"))
        .otherwise("contract_due_on"),
        # The register has the day with holidays moved; where it was extended later, the day as it stood.
        "session_due_on": pl.when(pl.col("due_on") == day_column("final_due"))
        .then("session_on")
        .otherwise(day_column("session_due")),
        "term": term.when(pl.col("term") <= 60)
        .then(pl.lit("Trung hạn"))
        .otherwise(pl.lit("Dài hạn")),
        "rate": pl.col("rate"),
        "first_principal_on": first.dt.offset_by(steps),
        "first_interest_on": first.dt.offset_by("1mo"),
        "session_day": pl.when(pl.col("session") > 0).then("session"),
        "lending_form": pl.when(pl.col("channel") == "direct")
        .then(pl.lit("1"))
        .otherwise(pl.lit("3")),
        "state": pl.when(pl.col("ended") | ((pl.col("balance") == 0) & (pl.col("due") <= 0)))
        .then(pl.lit("CLOSE"))
        .otherwise(pl.lit("OPEN")),
        "beneficiary_name": pl.col("core_beneficiary"),
        "product": pl.concat_str([pl.lit("0"), pl.col("core_programme"), pl.lit("MC1")]),
        "source": pl.when(pl.col("tier") == "local").then(pl.lit("2")).otherwise(pl.lit("1")),
        "programme": pl.col("core_programme"),
        "programme_name": pl.col("core_programme_name"),
        "decision_name": pl.col("core_programme_name"),
        "investor": pl.when(pl.col("tier") == "local").then(pl.lit("INV4601100000001")),
        "extensions": pl.col("extensions").fill_null(0),
        "last_extended_on": pl.col("extended_on"),
        "frozen_until_on": pl.when(pl.col("frozen") > 0).then(day_column("frozen_to")),
        "turned_overdue_on": pl.when(pl.col("overdue") > 0).then(day_column("overdue_since")),
        "last_transaction_on": pl.col("last_on"),
    }


def _figures() -> dict[str, pl.Expr]:
    late = pl.col("overdue") > 0
    return {
        "approved": pl.col("lent"),
        "disbursed": pl.col("lent"),
        "first_disbursed_on": day_column("disbursed"),
        "last_disbursed_on": pl.coalesce("final_on", day_column("disbursed")),
        "in_time": pl.col("in_time"),
        "overdue": pl.col("overdue"),
        "frozen": pl.col("frozen"),
        "balance": pl.col("balance"),
        "principal_fallen": pl.when(pl.col("fallen") == EVERYTHING)
        .then("lent")
        .otherwise("fallen"),
        "principal_paid": pl.col("paid") - pl.col("written_off"),
        "principal_written_off": pl.col("written_off"),
        "interest_written_off": pl.col("waived"),
        "interest_collected": pl.col("collected"),
        "interest_collected_in_time": pl.col("collected"),
        "interest_collected_overdue": pl.lit(0),
        "arrears_in_time": pl.when(late).then(0).otherwise("arrears"),
        "arrears_overdue": pl.when(late).then("arrears").otherwise(0),
        "interest_not_due": pl.max_horizontal(pl.col("due") - pl.col("arrears"), 0),
    }


def _flows() -> dict[str, pl.Expr]:
    found: dict[str, pl.Expr] = {}
    for span in _SPANS:
        tail = "_0" if span == "month" else f"_{span}"

        def moved(name: str, tail: str = tail) -> pl.Expr:
            return pl.col(name) - pl.col(f"{name}{tail}").fill_null(0)

        repaid = moved("paid") - moved("written_off")
        late = pl.col("overdue") > 0
        found |= {
            f"interest_accrued_{span}": moved("accrued"),
            f"interest_received_{span}": moved("collected"),
            f"interest_in_time_{span}": moved("collected"),
            f"interest_overdue_{span}": pl.lit(0),
            f"lent_{span}": moved("lent"),
            f"rolled_over_{span}": pl.lit(0),
            f"renewed_{span}": pl.lit(0),
            f"repaid_in_time_{span}": pl.when(late).then(0).otherwise(repaid),
            f"repaid_overdue_{span}": pl.when(late).then(repaid).otherwise(0),
            f"repaid_frozen_{span}": pl.lit(0),
            f"written_off_{span}": moved("written_off"),
        }
    found["turned_overdue_month"] = pl.col("newly_overdue")
    return found


def _books(month: Month) -> pl.DataFrame:
    return month.savings.select(
        "person", "savings_book", office="office_code", savings_balance="balance"
    )


def _savers(savings: pl.DataFrame) -> pl.DataFrame:
    """Clients without a loan: a hamlet and a group that are none."""
    office = pl.col("office_code")
    return savings.select(
        office_branch=pl.lit("005420"),
        office=office,
        office_name=pl.col("office_name"),
        commune=office.str.slice(2) + "00",
        commune_name=pl.lit("Vay trực tiếp"),
        hamlet=office.str.slice(2) + "0000",
        customer=_customer_code("person"),
        customer_name=pl.col("full_name"),
        grade=pl.lit("1"),
        group=pl.lit("0000000"),
        savings_book=pl.col("savings_book"),
        savings_balance=pl.col("balance"),
    )
