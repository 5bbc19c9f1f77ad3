"""The loans of a closed day as a reader sees them, with the words of the registers beside the snapshot's figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

import narwhals as nw
import polars as pl

from tdcs.access.queries import hamlet_officers
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import figures, owes
from tdcs.core.text import fold
from tdcs.entrustment.models import BoardMember
from tdcs.households.masking import masked_identity
from tdcs.indicators.queries import names, visible_where
from tdcs.loans.queries.columns import copied
from tdcs.loans.queries.scope import loans_in_rows
from tdcs.loans.states import LoanState
from tdcs.organisations.models import Organisation, ServedArea, living_on
from tdcs.sheets.queries.requesting import SheetRequest
from tdcs.sheets.rules.comparing import two_days
from tdcs.sheets.rules.definitions import Reader

# So few loans are asked for by their keys; of more, all are read.
_FEW: Final = 20_000
_REGISTER: Final = """
    WITH was AS (
        SELECT DISTINCT ON (loan_id) loan_id, old_borrower_id FROM loans_loantransfer
         WHERE "on" > %(day)s ORDER BY loan_id, "on", id),
    checked AS (
        SELECT DISTINCT ON (m.application_id) m.application_id, u.full_name
          FROM loans_applicationmove m JOIN access_user u ON u.id = m.by_id
         WHERE m.verb = 'check' AND m."on" <= %(day)s ORDER BY m.application_id, m.id DESC)
    SELECT l.id, l.number, p.id, p.full_name, coalesce(p.identity_number, ''), l.target_group, c.full_name
      FROM loans_loan l LEFT JOIN was w ON w.loan_id = l.id
      JOIN households_person p ON p.id = coalesce(w.old_borrower_id, l.borrower_id)
      LEFT JOIN checked c ON c.application_id = l.application_id
     WHERE l.disbursed_on <= %(day)s
"""
_REGISTER_COLUMNS: Final = (
    "loan", "contract", "person", "borrower", "identity_number", "target_group", "officer",
)  # fmt: skip
_REGISTER_WORDS: Final = frozenset(
    {"contract", "borrower", "identity_number", "target_group", "officer"}
)
_HOUSEHOLDS: Final = """
    SELECT h.id, h.code, a.hamlet FROM households_household h
      LEFT JOIN (SELECT DISTINCT ON (household_id) household_id, hamlet FROM households_householdaddress
                  ORDER BY household_id, (starts_on <= %(day)s) DESC,
                           CASE WHEN starts_on <= %(day)s THEN starts_on END DESC, starts_on) a ON a.household_id = h.id
"""
_GROUPS: Final = """
    SELECT g.id, g.code, f.name, f.hamlet, p.full_name
      FROM entrustment_savingsgroup g
      LEFT JOIN (SELECT DISTINCT ON (group_id) group_id, name, hamlet FROM entrustment_groupprofile
                  ORDER BY group_id, (starts_on <= %(day)s) DESC,
                           CASE WHEN starts_on <= %(day)s THEN starts_on END DESC, starts_on) f ON f.group_id = g.id
      LEFT JOIN entrustment_boardmember b ON b.group_id = g.id AND b.post = %(leader)s
            AND b.starts_on <= %(day)s AND (b.ends_on IS NULL OR b.ends_on > %(day)s)
      LEFT JOIN households_person p ON p.id = b.person_id
"""
_GROUP_COLUMNS: Final = ("group", "group_code", "group_name", "group_hamlet", "leader")
DIRECT: Final = "Cho vay trực tiếp"
NO_OFFICER: Final = "Chưa rõ cán bộ"
_NAMES: Final = {
    "office_name": "office",
    "commune_name": "commune",
    "union_name": "mass",
    "programme_name": "programme",
    "source_name": "source",
    "tier_name": "local",
}


def as_day(name: str) -> pl.Expr:
    """A day number as a day; 0 is none."""
    number = pl.col(name)
    return pl.when(number != 0).then(number.cast(pl.Int32)).cast(pl.Date)


class Book:
    """What one sheet reads: each frame once, however many tabs ask for it."""

    def __init__(self, asked: SheetRequest) -> None:
        self.asked = asked

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The snapshot's rows with their figures, within the scope and what was asked for."""
        return self.rows_on(self.asked.day)

    @cached_property
    def loans(self) -> pl.DataFrame:
        """Those that owe principal or interest, with the words of the registers."""
        owing: pl.DataFrame = nw.from_native(self.rows).filter(owes()).to_native()
        return self.with_registers(owing)

    @cached_property
    def groups(self) -> pl.DataFrame:
        """Every group as it is called on the day, with its leader."""
        values = {"day": self.asked.day, "leader": BoardMember.Post.LEADER.value}
        words = _GROUP_COLUMNS[1:]
        return copied(_GROUPS, values, _GROUP_COLUMNS, words=words)

    @cached_property
    def both(self) -> pl.DataFrame:
        """Every loan of the day and of the earlier one, both days' figures beside one another."""
        assert self.asked.before is not None
        return two_days(self.rows, self.rows_on(self.asked.before))

    @cached_property
    def both_told(self) -> pl.DataFrame:
        """``both`` with the words of the registers; a loan that was paid back stands where it stood."""
        return self.with_registers(self.both)

    @cached_property
    def owing_households(self) -> pl.DataFrame:
        """household of all that owe principal on the day, whoever keeps them."""
        rows = snapshot(self.asked.day).filter(pl.col("balance") > 0)
        return rows.select("household").unique()

    def served_communes(self, office: int) -> list[int]:
        """Communes that an office serves on the day."""
        rows = ServedArea.objects.filter(living_on(self.asked.day), office=office)
        return list(rows.values_list("area_id", flat=True))

    def rows_on(self, day: date) -> pl.DataFrame:
        """The snapshot's rows of a kept day, within the scope and what was asked for."""
        return narrowed(snapshot(day), self.asked, day)

    def with_registers(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of loans with contract, borrower, group and names, and their days as days."""
        day = self.asked.day
        register = self._register(rows["loan"])
        found = rows.join(register, on="loan", how="left")
        homes = self._copied(_HOUSEHOLDS, rows["household"], "h.id", {"day": day})
        homes = homes.rename(
            {"column_0": "household", "column_1": "household_code", "column_2": "hamlet"}
        )
        found = found.join(homes, on="household", how="left")
        found = found.join(self.groups, on="group", how="left")
        found = found.with_columns(self._names(found))
        return found.with_columns(
            pl.lit(1, pl.Int64).alias("loans"),
            state_name(),
            self._officers(found),
            identity=self._identity(found["identity_number"]),
            group_head=group_head(),
            disbursed_on=as_day("disbursed"),
            final_on=as_day("final_due"),
            overdue_on=as_day("overdue_since"),
            frozen_on=as_day("frozen_from"),
            frozen_until=as_day("frozen_to"),
        ).drop("identity_number")

    def _identity(self, numbers: pl.Series) -> pl.Series:
        if self.asked.identity:
            return numbers
        return pl.Series([masked_identity(number) for number in numbers], dtype=pl.String)

    def _register(self, loans: pl.Series) -> pl.DataFrame:
        sql, values = _REGISTER, dict[str, object](day=self.asked.day)
        if len(loans) <= _FEW:
            sql, values = f"{sql} AND l.id = ANY(%(loans)s)", values | {"loans": loans.to_list()}
        return copied(sql, values, _REGISTER_COLUMNS, words=_REGISTER_WORDS)

    def _copied(
        self, sql: str, ids: pl.Series, column: str, values: dict[str, object]
    ) -> pl.DataFrame:
        if len(ids) <= _FEW:
            sql = f"{sql} WHERE {column} = ANY(%(ids)s)"
            values = values | {"ids": ids.unique().to_list()}
        names_ = ("column_0", "column_1", "column_2")
        return copied(sql, values, names_, words=names_[1:])

    def _officers(self, rows: pl.DataFrame) -> pl.Series:
        """Who looks after the household's hamlet, else the group's; where nobody is named, who checked the file."""
        named_ = hamlet_officers(self.asked.day)
        places = rows.select("commune", pl.col("hamlet", "group_hamlet").fill_null(""))
        in_charge = [
            named_.get((commune, fold(hamlet))) or named_.get((commune, fold(of_group)))
            for commune, hamlet, of_group in places.iter_rows()
        ]
        found = pl.Series("officer", in_charge, dtype=pl.String)
        return found.zip_with(found.is_not_null(), rows["officer"]).fill_null(NO_OFFICER)

    def _names(self, rows: pl.DataFrame) -> list[pl.Expr]:
        made = []
        for name, key in _NAMES.items():
            known = names(key, rows[key].unique().to_list(), self.asked.day)
            made.append(named(key, known).alias(name))
        return made


def snapshot(day: date) -> pl.DataFrame:
    """The rows of a kept day with their figures."""
    rows = nw.from_native(store().read(day).collect(), eager_only=True)
    found: pl.DataFrame = figures(rows).to_native()
    return found


def narrowed(rows: pl.DataFrame, asked: SheetRequest, day: date) -> pl.DataFrame:
    """The rows within the reader's scope and what was asked for."""
    if asked.user is not None:
        cases = asked.sheet.reader == Reader.CASES
        rows = loans_in_rows(rows, asked.user, day) if cases else figures_in_rows(rows, asked)
    if asked.unit is not None:
        rows = rows.filter(pl.col(asked.unit.key) == asked.unit.pk)
    if asked.programme:
        rows = rows.filter(pl.col("programme") == asked.programme)
    if asked.group is not None:
        rows = rows.filter(pl.col("group") == asked.group)
    return rows


def figures_in_rows(rows: pl.DataFrame, asked: SheetRequest) -> pl.DataFrame:
    """Rows of which the reader sees sums: the same places as those of the indicators."""
    assert asked.user is not None
    for key, ids in visible_where(asked.user, asked.day).items():
        if key == "union":
            unions = Organisation.objects.filter(type__in=ids).values_list("pk", flat=True)
            rows = rows.filter(pl.col("mass").is_in(list(unions)))
        else:
            rows = rows.filter(pl.col(key).is_in(list(ids)))
    return rows


def named(key: str, known: Mapping[Any, str]) -> pl.Expr:
    """The names of a column's values."""
    column = pl.col(key)
    if not known:
        return pl.lit(None, pl.String)
    return column.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )


def state_name() -> pl.Expr:
    """How a loan stands: frozen before overdue before in time, as its balances say."""
    return (
        pl.when(pl.col("frozen") > 0)
        .then(pl.lit(LoanState.FROZEN.label))
        .when(pl.col("overdue") > 0)
        .then(pl.lit(LoanState.OVERDUE.label))
        .when(pl.col("balance") > 0)
        .then(pl.lit(LoanState.IN_TIME.label))
        .otherwise(pl.lit("Chỉ còn nợ lãi"))
        .alias("state_name")
    )


def group_head() -> pl.Expr:
    """A group as its part of a sheet is headed: code, name, leader."""
    leader = pl.when(pl.col("leader").is_not_null()).then(
        pl.concat_str(pl.lit(", tổ trưởng "), "leader")
    )
    head = pl.concat_str("group_code", pl.lit(" "), "group_name", leader.fill_null(""))
    return pl.when(pl.col("group_code").is_null()).then(pl.lit(DIRECT)).otherwise(head)
