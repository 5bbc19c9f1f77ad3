"""What the extracts of a day are made of: the snapshot's rows beside the registers of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import narwhals as nw
import polars as pl
from django.db import connection

from tdcs.closing.queries import store
from tdcs.closing.rules.rows import figures

# Sums of a loan's life whose differences are the flows of a month, a quarter, a year.
LIVES: Final = ("lent", "paid", "written_off", "collected", "waived", "accrued")
_LOANS: Final = """
    SELECT l.id AS loan, l.number AS contract, l.programme, l.target_group, l.principal AS approved, l.channel,
           s.tier, s.code AS source_code, l.borrower_id AS person, p.full_name, p.born_on, p.gender, p.identity_number,
           p.phone, i.contract_due_on, i.first_due_on, i.due_on, i.session_on, d.first_on, d.final_on,
           e.last_on, x.extensions, x.extended_on, x.extended_amount
      FROM loans_loan l JOIN households_person p ON p.id = l.borrower_id
      JOIN capital_capitalsource s ON s.id = l.source_id
      LEFT JOIN LATERAL (SELECT max(contract_due_on) AS contract_due_on, min(contract_due_on) AS first_due_on,
                                max(due_on) AS due_on, max(session_on) AS session_on
                           FROM loans_instalment WHERE loan_id = l.id) i ON true
      LEFT JOIN (SELECT loan_id, min("on") AS first_on, max("on") AS final_on FROM loans_loanevent
                  WHERE kind = 'disbursement' AND "on" <= %(day)s GROUP BY 1) d ON d.loan_id = l.id
      LEFT JOIN (SELECT loan_id, max("on") AS last_on FROM loans_loanevent WHERE "on" <= %(day)s GROUP BY 1) e
             ON e.loan_id = l.id
      LEFT JOIN (SELECT loan_id, count(*) AS extensions, max("on") AS extended_on, sum(amount) AS extended_amount
                   FROM loans_loanevent WHERE kind = 'extend' AND "on" <= %(day)s GROUP BY 1) x ON x.loan_id = l.id
     WHERE l.disbursed_on <= %(day)s
"""
_GROUPS: Final = """
    SELECT g.id AS "group", g.code AS group_code, f.hamlet, b.person_id AS leader, p.full_name AS leader_name
      FROM entrustment_savingsgroup g
      LEFT JOIN LATERAL (SELECT hamlet FROM entrustment_groupprofile WHERE group_id = g.id AND starts_on <= %(day)s
                          ORDER BY starts_on DESC LIMIT 1) f ON true
      LEFT JOIN LATERAL (SELECT person_id FROM entrustment_boardmember WHERE group_id = g.id AND post = 'leader'
                          AND starts_on <= %(day)s ORDER BY starts_on DESC LIMIT 1) b ON true
      LEFT JOIN households_person p ON p.id = b.person_id
"""
_SAVINGS: Final = """
    SELECT a.person_id AS person, a.number AS savings_book, a.group_id AS "group",
           coalesce(f.office_id, a.office_id) AS office, coalesce(e.balance, 0) AS balance, p.full_name
      FROM entrustment_savingsaccount a JOIN households_person p ON p.id = a.person_id
      LEFT JOIN (SELECT account_id, sum(amount)::bigint AS balance FROM entrustment_savingsevent
                  WHERE "on" <= %(day)s GROUP BY 1) e ON e.account_id = a.id
      LEFT JOIN (SELECT DISTINCT ON (group_id) group_id, office_id FROM entrustment_groupprofile
                  WHERE starts_on <= %(day)s ORDER BY group_id, starts_on DESC) f ON f.group_id = a.group_id
     WHERE a.opened_on <= %(day)s AND (a.closed_on IS NULL OR a.closed_on > %(day)s)
"""
_OFFICES: Final = """
    SELECT o.id AS office, CASE WHEN o.code LIKE 'nhcsxh-pgd@%%' THEN right(o.code, 6) ELSE '004601' END AS office_code,
           f.name AS office_name
      FROM organisations_organisation o
      JOIN LATERAL (SELECT name FROM organisations_organisationprofile WHERE organisation_id = o.id
                     ORDER BY starts_on DESC LIMIT 1) f ON true
     WHERE o.code LIKE 'nhcsxh-pgd@%%' OR o.code LIKE 'nhcsxh-chi-nhanh@%%'
"""
_AREAS: Final = """
    SELECT a.id AS commune, a.code AS area_code, f.name AS commune_name
      FROM organisations_area a
      JOIN LATERAL (SELECT name FROM organisations_areaprofile WHERE area_id = a.id ORDER BY starts_on DESC LIMIT 1) f ON true
     WHERE a.level = 'commune'
"""
_MASS: Final = """
    SELECT id AS mass, code AS mass_key FROM organisations_organisation WHERE id = ANY(%(mass)s)
"""


@dataclass(frozen=True, slots=True)
class Month:
    """Of one day: ``rows`` of loans with figures, flows and terms; ``savings`` of every open book."""

    day: date
    rows: pl.DataFrame
    savings: pl.DataFrame


def month_of(day: date) -> Month:
    """The rows of a closed day, with the loans that ended earlier in its year."""
    now = _rows(day).with_columns(ended=False)
    for earlier in reversed([d for d in store().month_ends() if d.year == day.year and d < day]):
        past = _rows(earlier).filter((pl.col("lent") == pl.col("paid")) & (pl.col("due") == 0))
        past = past.join(now.select("loan"), on="loan", how="anti").with_columns(
            ended=True, accrued_0="accrued", collected_0="collected", **_still()
        )
        now = pl.concat([now, past.select(now.columns)])
    quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    for name, first in (("quarter", quarter), ("year", date(day.year, 1, 1))):
        now = now.join(_before(first, name), on="loan", how="left")
    values = {"day": day, "mass": now["mass"].unique().to_list()}
    for sql, key in (
        (_LOANS, "loan"),
        (_GROUPS, "group"),
        (_OFFICES, "office"),
        (_AREAS, "commune"),
        (_MASS, "mass"),
    ):
        now = now.join(rows_of(sql, values), on=key, how="left", suffix="_of_register")
    savings = rows_of(_SAVINGS, values).join(rows_of(_OFFICES, values), on="office", how="left")
    return Month(day, now, savings)


def _still() -> dict[str, pl.Expr]:
    """A loan that ended before the month moves nothing in it."""
    return {
        f"{name}_0": pl.col(name) for name in ("lent", "paid", "written_off", "waived", "overdue")
    }


def _rows(day: date) -> pl.DataFrame:
    rows = nw.from_native(store().read(day).collect(), eager_only=True)
    found: pl.DataFrame = figures(rows).to_native()
    return found


def _before(first: date, name: str) -> pl.DataFrame:
    """loan and LIVES as they stood before a day; nothing where the book does not reach so far."""
    eve = store().latest(before=first)
    named = {f"{life}_{name}": pl.col(life) for life in LIVES}
    if eve is None or (first - eve).days > 1:
        return pl.DataFrame(schema={"loan": pl.Int64, **dict.fromkeys(named, pl.Int64)})
    return _rows(eve).select("loan", **named)


def rows_of(sql: str, values: dict[str, Any]) -> pl.DataFrame:
    """The rows of a query as columns of their names."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [one.name for one in cursor.description or ()]
        return pl.DataFrame(cursor.fetchall(), schema=names, orient="row", infer_schema_length=None)


def day_column(name: str) -> pl.Expr:
    """A column of whole numbers as days; 0 is none."""
    found = pl.col(name)
    return pl.when(found > 0).then(found.cast(pl.Int32).cast(pl.Date)).alias(name)
