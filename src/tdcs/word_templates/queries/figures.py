"""The book of a place as templates write it: sums, changes of the month and the year, by mass organisation, programme, group.

The changes are summed from the events, so that no closed day is needed; the year's beginning is today's balance without them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Sum

from tdcs.core.columns import months_later
from tdcs.documents import numbers
from tdcs.entrustment.models import SavingsAccount
from tdcs.entrustment.queries.groups import faces_of
from tdcs.households.queries.scope import with_predecessors
from tdcs.loans.queries.owed import due_rows
from tdcs.loans.queries.paying import PAID_ON, TOLD_ONCE
from tdcs.loans.states import LENDING, PAYING, REPAYING, WRITING_OFF, EventKind
from tdcs.organisations import catalogue
from tdcs.organisations.models import Kind
from tdcs.organisations.queries import organisation_of, profile_of
from tdcs.oversight.rules.settings import never_inactive
from tdcs.programmes.rules import programmes

K = TypeVar("K", bound=Hashable)
_SILENT_MONTHS: Final = 3
# Interest of so many months due is noted before the loan is silent.
_AMBER_MONTHS: Final = 2
_PPM_MONTHS: Final = 12 * 10**6
_BY_TYPE: Final = {
    "hoi-nong-dan": "hnd",
    "hoi-phu-nu": "hpn",
    "hoi-cuu-chien-binh": "hccb",
    "doan-thanh-nien": "dtn",
}
Row = dict[str, str | int | date | None]
_SQL: Final = f"""
    WITH place AS (
        SELECT group_id, mass_organisation_id, office_id, area_id FROM entrustment_groupprofile
         WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s)),
    home AS (
        SELECT DISTINCT ON (household_id) household_id, area_id FROM households_householdaddress
         WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s)
           AND household_id IN (SELECT household_id FROM loans_loan WHERE group_id IS NULL)
         ORDER BY household_id, starts_on DESC),
    here AS (
        SELECT l.id, l.number, l.group_id, l.household_id, b.full_name, coalesce(o.type, '') AS mass, l.programme,
               l.principal, l.final_due_on, l.disbursed_on,
               NOT (l.reported OR l.record_from IS NOT NULL) OR l.disbursed_on >= %(year)s
               OR EXISTS (SELECT FROM loans_loanevent f WHERE f.loan_id = l.id AND f."on" < %(year)s
                             AND starts_with(f.kind, 'reported_')) AS year_known
          FROM loans_loan l JOIN households_person b ON b.id = l.borrower_id
          LEFT JOIN place p ON p.group_id = l.group_id
          LEFT JOIN organisations_organisation o ON o.id = p.mass_organisation_id
          LEFT JOIN home h ON l.group_id IS NULL AND h.household_id = l.household_id
         WHERE %(all)s OR p.mass_organisation_id = %(mass)s OR coalesce(p.office_id, l.office_id) = %(office)s
            OR coalesce(p.area_id, h.area_id) = ANY(%(areas)s)),
    moved AS (
        SELECT e.loan_id, max({PAID_ON}) FILTER (WHERE e.kind = ANY(%(kinds)s) AND e.amount > 0) AS last,
               sum(e.amount) FILTER (WHERE e.kind = ANY(%(lent)s) AND e."on" >= %(month)s) AS lent_m,
               sum(e.amount) FILTER (WHERE e.kind = ANY(%(paid)s) AND e."on" >= %(month)s) AS paid_m,
               sum(e.amount) FILTER (WHERE e.kind = ANY(%(off)s) AND e."on" >= %(month)s) AS off_m,
               sum(e.amount) FILTER (WHERE e.kind = ANY(%(lent)s) AND e."on" >= %(year)s) AS lent_y,
               sum(e.amount) FILTER (WHERE e.kind = ANY(%(paid)s) AND e."on" >= %(year)s) AS paid_y,
               sum(e.amount) FILTER (WHERE e.kind = ANY(%(off)s) AND e."on" >= %(year)s) AS off_y
          FROM loans_loanevent e
         WHERE e.loan_id IN (SELECT id FROM here) AND e."on" >= %(since)s AND e."on" <= %(day)s AND {TOLD_ONCE}
           AND (NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
                OR loans_event_counts(e.id, %(day)s))
         GROUP BY 1)
    SELECT here.*, o.balance, o.overdue, o.frozen, coalesce(m.last, here.disbursed_on) AS last,
           coalesce(m.lent_m, 0)::bigint, coalesce(m.paid_m, 0)::bigint, coalesce(m.off_m, 0)::bigint,
           coalesce(m.lent_y, 0)::bigint, coalesce(m.paid_y, 0)::bigint, coalesce(m.off_y, 0)::bigint
      FROM here JOIN loans_position_on(%(day)s) o ON o.loan_id = here.id
      LEFT JOIN moved m ON m.loan_id = here.id
     WHERE o.balance > 0 OR m.lent_y > 0 OR m.paid_y > 0 OR m.off_y > 0
     ORDER BY here.full_name, here.number
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class BookLoan:
    """A loan of a place: what it owes today, and what moved in the month and in the year; dong."""

    loan: int
    number: str
    group: int | None
    household: int
    name: str
    mass: str
    programme: str
    principal: int
    final_due_on: date
    disbursed_on: date
    # Of a loan that extracts report: whether they tell what it owed when the year began.
    year_known: bool
    balance: int
    overdue: int
    frozen: int
    last: date
    lent_month: int
    paid_month: int
    off_month: int
    lent_year: int
    paid_year: int
    off_year: int

    def silent(self, on: date) -> bool:
        """No transaction for three months, where one was to be expected."""
        if self.balance <= 0 or self.frozen > 0 or self.programme in never_inactive():
            return False
        return self.last < months_later(on, -_SILENT_MONTHS)

    @property
    def at_year_begin(self) -> int:
        return self.balance - self.lent_year + self.paid_year + self.off_year

    @property
    def at_month_begin(self) -> int:
        return self.balance - self.lent_month + self.paid_month + self.off_month


def book_of_commune(commune: int, on: date) -> list[BookLoan]:
    """The loans of a commune and of those that passed into it."""
    return _book({"areas": sorted(with_predecessors((commune,)))}, on)


def book_of_unit(unit: int, on: date) -> list[BookLoan]:
    """The loans of a unit: an office's, a mass organisation's, a committee's commune; the branch's are all."""
    found = organisation_of(unit)
    kind = found.kind if found else ""
    if kind == Kind.VBSP_BRANCH:
        return _book({"all": True}, on)
    if kind == Kind.MASS_ORGANISATION:
        return _book({"mass": unit}, on)
    area = profile_of(unit, on).area_id
    if kind == Kind.PEOPLE_COMMITTEE and area:
        return book_of_commune(area, on)
    return _book({"office": unit}, on)


def _book(where: Mapping[str, Any], on: date) -> list[BookLoan]:
    year = date(on.year, 1, 1)
    asked: dict[str, Any] = {
        "all": False,
        "mass": 0,
        "office": 0,
        "areas": [],
        "day": on,
        "month": on.replace(day=1),
        "year": year,
        # Who paid before that is silent anyhow.
        "since": min(year, months_later(on, -12)),
        "kinds": [EventKind.DISBURSEMENT, *PAYING],
        "lent": list(LENDING),
        "paid": list(REPAYING),
        "off": list(WRITING_OFF),
        **where,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        return [BookLoan(*row) for row in cursor.fetchall()]


def sums_of(book: Sequence[BookLoan], on: date, *, amber: bool) -> Row:
    """The plain tags of a place. ``amber``: whether the interest of every loan is asked too."""
    owing = [row for row in book if row.balance > 0]
    balance, overdue = _sum(owing, "balance"), _sum(owing, "overdue")
    frozen = _sum(owing, "frozen")
    month = balance - sum(row.at_month_begin for row in book)
    year = _year(book)
    silent = [row for row in owing if row.silent(on)]
    by_mass = {
        f"mon_3m_{name}": sum(row.mass == code for row in silent) for code, name in _BY_TYPE.items()
    }
    return {
        "ngay_so_lieu": on,
        "thang_bao_cao": f"{on.month:02d}/{on.year}",
        "nam_moc": str(on.year - 1),
        "so_kh": len({row.household for row in owing}),
        "so_mon": len(owing),
        "tong_du_no": balance,
        "du_no_trong_han": balance - overdue - frozen,
        "du_no_qua_han": overdue,
        "du_no_qh": overdue,
        "du_no_khoanh": frozen,
        "ty_le_nqh": numbers.share(overdue, balance),
        "ty_le_khoanh": numbers.share(frozen, balance),
        "cho_vay_thang": _sum(book, "lent_month"),
        "thu_no_thang": _sum(book, "paid_month"),
        **year,
        "tang_giam_thang": _direction(month),
        "chenh_lech_thang": abs(month),
        "mon_3m_tong": len(silent),
        "mon_amber_tong": _amber(owing, on) if amber else None,
        **by_mass,
    }


def _year(book: Sequence[BookLoan]) -> Row:
    """What moved since the year began; nothing where the extracts of a loan begin within it, which tell a whole life at once."""
    names = ("cho_vay_nam", "thu_no_nam", "tang_giam_dau_nam", "chenh_lech_dau_nam", "pct_dau_nam")
    if not all(row.year_known for row in book):
        return dict.fromkeys(names)
    before = sum(row.at_year_begin for row in book)
    change = _sum(book, "balance") - before
    share = numbers.share(abs(change), before)
    found = (
        _sum(book, "lent_year"),
        _sum(book, "paid_year"),
        _direction(change),
        abs(change),
        share,
    )
    return dict(zip(names, found, strict=True))


def _amber(owing: Sequence[BookLoan], on: date) -> int:
    """Loans in time whose interest due reaches that of two months, and that are not silent yet."""
    asked = [row for row in owing if not (row.overdue or row.frozen or row.silent(on))]
    due = due_rows([row.loan for row in asked], on) if asked else []
    return sum(
        one["due"] * _PPM_MONTHS >= _AMBER_MONTHS * one["balance"] * one["rate"] and one["due"] > 0
        for one in due
    )


def _direction(change: int) -> str:
    return "tăng" if change > 0 else ("giảm" if change < 0 else "không đổi")


def _sum(rows: Iterable[BookLoan], name: str) -> int:
    return sum(getattr(row, name) for row in rows)


def _by(book: Iterable[BookLoan], key: Callable[[BookLoan], K]) -> list[tuple[K, list[BookLoan]]]:
    found: dict[K, list[BookLoan]] = defaultdict(list)
    for row in book:
        found[key(row)].append(row)
    return sorted(found.items(), key=lambda one: str(one[0]))


def by_mass(book: Sequence[BookLoan], on: date) -> list[Row]:
    """Rows of bang_hoi; direct loans stand last."""
    whole = sum(row.balance for row in book)
    kinds = catalogue.entries()
    rows: list[Row] = []
    for mass, loans in sorted(_by(book, lambda row: row.mass), key=lambda one: one[0] or "~"):
        owing = [row for row in loans if row.balance > 0]
        rows.append(
            {
                "ten": kinds[mass].name if mass in kinds else "Cho vay trực tiếp",
                "so_to": len({row.group for row in owing if row.group}),
                "so_kh": len({row.household for row in owing}),
                "cho_vay": _sum(loans, "lent_month"),
                "thu_no": _sum(loans, "paid_month"),
                "du_no": _sum(loans, "balance"),
                "ty_trong": numbers.share(_sum(loans, "balance"), whole),
                "qua_han": _sum(loans, "overdue"),
                "khoanh": _sum(loans, "frozen"),
                "mon_3m": sum(row.silent(on) for row in loans),
            }
        )
    return rows


def by_programme(book: Sequence[BookLoan]) -> list[Row]:
    """Rows of bang_ct."""
    known = programmes()
    rows: list[Row] = []
    for code, loans in _by(book, lambda row: row.programme):
        now, before = _sum(loans, "balance"), None
        if all(row.year_known for row in loans):
            before = sum(row.at_year_begin for row in loans)
        rows.append(
            {
                "ten": known[code].short if code in known else code,
                "dau_nam": before,
                "du_no": now,
                "tang_giam": None if before is None else now - before,
                "ty_le": None if before is None else numbers.share(now - before, before),
                "qua_han": _sum(loans, "overdue"),
            }
        )
    return rows


# An extract tells a loan's last day and no instalments.
_DUE: Final = """
    SELECT group_id, sum(principal)::bigint
      FROM (SELECT l.group_id, i.principal, i.due_on FROM loans_instalment i JOIN loans_loan l ON l.id = i.loan_id
             WHERE l.group_id = ANY(%(groups)s) AND l.balance > 0
            UNION ALL SELECT group_id, balance, final_due_on FROM loans_loan
             WHERE group_id = ANY(%(groups)s) AND reported AND balance > 0) AS fall
     WHERE due_on >= %(first)s AND due_on < %(after)s GROUP BY 1
"""


def by_group(book: Sequence[BookLoan], on: date) -> list[Row]:
    """Rows of bang_to, by code."""
    groups = _by([row for row in book if row.group], lambda row: row.group or 0)
    keys = [key for key, _loans in groups]
    faces = faces_of(keys, on)
    first = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"groups": keys, "first": first, "after": after})
        due = dict(cursor.fetchall())
        cursor.execute("SELECT id, code FROM entrustment_savingsgroup WHERE id = ANY(%s)", [keys])
        codes = dict(cursor.fetchall())
    rows = [
        {
            "ma_to": codes[key],
            "ten": faces[key].name,
            "ten_hoi": faces[key].mass,
            "so_kh": len({row.household for row in loans if row.balance > 0}),
            "du_no": _sum(loans, "balance"),
            "qua_han": _sum(loans, "overdue"),
            "mon_3m": sum(row.silent(on) for row in loans),
            "den_han": due.get(key, 0),
        }
        for key, loans in groups
    ]
    return sorted(rows, key=lambda row: str(row["ma_to"]))


def in_trouble(book: Sequence[BookLoan], on: date) -> list[Row]:
    """Rows of ds_no_xau: overdue or frozen, by name."""
    found = [row for row in book if row.overdue or row.frozen]
    faces = faces_of({row.group for row in found if row.group}, on)
    known = programmes()
    return [
        {
            "ten_kh": row.name,
            "so_ku": row.number,
            "ten_ct": known[row.programme].short if row.programme in known else row.programme,
            "ten_to": faces[row.group].name if row.group else "",
            "muc_vay": row.principal,
            "ngay_dh": row.final_due_on,
            "du_no": row.balance,
            "qua_han": row.overdue,
            "khoanh": row.frozen,
        }
        for row in found
    ]


def savings_of(groups: Iterable[int]) -> int:
    """What the members of groups have saved."""
    rows = SavingsAccount.objects.filter(group_id__in=set(groups))
    return int(rows.aggregate(n=Sum("balance"))["n"] or 0)
