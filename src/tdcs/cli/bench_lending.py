"""The book of `tdcs bench post`: groups of sixty borrowers at every office, written by COPY, with ledger and chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from tdcs.loans.rules.states import StateCode

MEMBERS: Final = 60
FIRST_DAY: Final = date(2025, 1, 6)
SINCE: Final = date(2023, 1, 1)
PRINCIPAL, RATE, TERM, SPACING = 50_000_000, 66_000, 36, 12


@dataclass(frozen=True, slots=True)
class Book:
    """What was written: offices in order, and of each group its loans."""

    groups: list[tuple[int, int, list[int]]]  # (group, office, loans)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table."""
    from django.db import connection

    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def existing() -> Book:
    """The book as it stands in the database."""
    from django.contrib.postgres.aggregates import ArrayAgg

    from tdcs.loans.models import Loan

    rows = Loan.objects.values_list("group_id", "office_id").annotate(n=ArrayAgg("pk")).order_by()
    return Book(
        [(group, office, sorted(loans)) for group, office, loans in rows.order_by("group_id")]
    )


def build(loans: int, at: Sequence[tuple[int, int]] = ()) -> Book:
    """Write the book up to so many loans, from where an earlier run stopped; groups with households and loans in each
    transaction.

    ``at``: the communes with their offices where groups are made, instead of all.
    """
    from django.db import connection, transaction

    from tdcs.organisations.models import ServedArea

    places = list(at) or list(
        ServedArea.objects.filter(ends_on=None).order_by("pk").values_list("area_id", "office_id")
    )
    count = -(-loans // MEMBERS)
    there, step = _begun(), 50
    made = existing().groups if there else []
    last = _last_day() if there else FIRST_DAY
    for start in range(there, count, step):
        numbers = range(start, min(start + step, count))
        # Days of one book only go forward: groups are paid out in the order in which they are made.
        day = max(last, FIRST_DAY + timedelta(days=start * 600 // count))
        with transaction.atomic():
            made += _groups([(n, *places[n % len(places)]) for n in numbers], day)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Book(made)


def _begun() -> int:
    """How many groups an earlier run has made; the next one gets this number."""
    from tdcs.entrustment.models import SavingsGroup

    codes = SavingsGroup.objects.filter(code__regex=r"^B\d{7}$").values_list("code", flat=True)
    return max((int(code[1:]) + 1 for code in codes), default=0)


def _last_day() -> date:
    """The last day of which the book has an entry."""
    from tdcs.ledger.models import Book as Ledger

    days = Ledger.objects.exclude(last_on=None).values_list("last_on", flat=True)
    return max((day for day in days if day), default=FIRST_DAY)


def _groups(wanted: list[tuple[int, int, int]], day: date) -> list[tuple[int, int, list[int]]]:
    from tdcs.organisations.models import Organisation
    from tdcs.organisations.services.bulk import take_keys

    mass = Organisation.objects.filter(code__startswith="hoi-phu-nu@").order_by("pk").first()
    if mass is None:
        raise RuntimeError("the shipped units hold no mass organisation")
    groups = take_keys("entrustment_savingsgroup", len(wanted))
    copy_rows(
        "entrustment_savingsgroup",
        ("id", "code", "founded_by", "starts_on"),
        [(pk, f"B{n:07d}", "", SINCE) for pk, (n, _, _) in zip(groups, wanted, strict=True)],
    )
    columns = (
        "group_id name area_id hamlet mass_organisation_id office_id session_day search starts_on"
    )
    copy_rows(
        "entrustment_groupprofile",
        columns.split(),
        [
            (pk, f"Tổ số {n}", area, "Ấp 1", mass.pk, office, 15, f"to so {n} ap 1", SINCE)
            for pk, (n, area, office) in zip(groups, wanted, strict=True)
        ],
    )
    people = _households(groups, wanted)
    return _loans(groups, wanted, people, day)


def _households(groups: list[int], wanted: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """(household, person) of every member, group by group."""
    from tdcs.organisations.services.bulk import take_keys

    total = len(groups) * MEMBERS
    homes, heads = take_keys("households_household", total), take_keys("households_person", total)
    who = [(n * MEMBERS + k, at) for at, (n, _, _) in enumerate(wanted) for k in range(MEMBERS)]
    copy_rows(
        "households_household",
        ("id", "code", "search", "starts_on"),
        [(pk, f"B{n:08d}", f"ho so {n}", SINCE) for pk, (n, _) in zip(homes, who, strict=True)],
    )
    copy_rows(
        "households_person",
        ("id", "full_name", "gender", "identity_number", "phone", "search"),
        [
            (pk, f"Hộ số {n}", "", f"0{n:011d}", "", f"ho so {n}")
            for pk, (n, _) in zip(heads, who, strict=True)
        ],
    )
    pairs = list(zip(homes, heads, strict=True))
    copy_rows(
        "households_householdmember",
        ("household_id", "person_id", "relation", "is_head", "starts_on"),
        [(home, head, "chủ hộ", True, SINCE) for home, head in pairs],
    )
    copy_rows(
        "households_householdaddress",
        ("household_id", "area_id", "hamlet", "line", "starts_on"),
        [
            (home, wanted[at][1], "Ấp 1", "", SINCE)
            for home, (_, at) in zip(homes, who, strict=True)
        ],
    )
    copy_rows(
        "entrustment_groupmember",
        ("group_id", "household_id", "person_id", "starts_on"),
        [(groups[at], *pair, SINCE) for pair, (_, at) in zip(pairs, who, strict=True)],
    )
    return pairs


def _loans(
    groups: list[int], wanted: list[tuple[int, int, int]], people: list[tuple[int, int]], day: date
) -> list[tuple[int, int, list[int]]]:
    from tdcs.capital.models import CapitalSource
    from tdcs.organisations.services.bulk import take_keys
    from tdcs.programmes.rules import terms_on

    source = CapitalSource.objects.get(code="TW")
    law = terms_on("HN", day)
    rows = _instalments(day)
    final = rows[-1]
    ids = take_keys("loans_loan", len(people))
    of = [
        (pk, *person, at // MEMBERS)
        for at, (pk, person) in enumerate(zip(ids, people, strict=True))
    ]
    fixed: dict[str, Any] = {
        "source_id": source.pk, "programme": "HN", "target_group": "", "channel": "group",
        "principal": PRINCIPAL, "rate_ppm": RATE, "term_months": TERM, "instalment_months": SPACING,
        "session_day": 15, "disbursed_on": day, "terms": "{}", "law_hash": law.law_hash,
        "by_instalment": law.regime == "instalment", "standing_on": day, "current_rate_ppm": RATE,
        "final_due_on": final[1], "final_session_on": final[2], "disbursed_total": PRINCIPAL,
        "paid_total": 0, "written_off": 0, "balance": PRINCIPAL, "interest_whole": 0,
        "interest_rest": 0, "interest_collected": 0, "state": StateCode.IN_TIME.value, "interest_written_off": 0,
        "interest_credit": 0, "overdue_base_ppm": RATE, "overdue_percent": law.overdue_percent,
    }  # fmt: skip
    _receive(source, [(n, office) for n, _, office in wanted], day)
    own = ("id", "number", "household_id", "borrower_id", "group_id", "office_id")
    copy_rows(
        "loans_loan",
        (*own, *fixed),
        [
            (pk, f"66{pk:014d}", home, head, groups[at], wanted[at][2], *fixed.values())
            for pk, home, head, at in of
        ],
    )
    copy_rows(
        "loans_instalment",
        ("loan_id", "number", "contract_due_on", "due_on", "session_on", "principal"),
        [(pk, n, due, due, session, part) for pk in ids for n, due, session, part in rows],
    )
    loans = [ids[at * MEMBERS : (at + 1) * MEMBERS] for at in range(len(groups))]
    _pay_out(loans, [(n, office) for n, _, office in wanted], source.tier, day)
    return [
        (group, office, part)
        for group, (_, _, office), part in zip(groups, wanted, loans, strict=True)
    ]


def _receive(source: Any, groups: list[tuple[int, int]], day: date) -> None:
    """The source's money for all of it, an equal part at each office: before the loans are written."""
    from tdcs.capital.services import receive
    from tdcs.organisations.models import Organisation

    each: dict[int, int] = {}
    for _, office in groups:
        each[office] = each.get(office, 0) + PRINCIPAL * MEMBERS
    for office, amount in each.items():
        receive(
            source=source,
            office=Organisation.objects.get(pk=office),
            amount=amount,
            by=None,
            on=day,
            key=f"bench-capital-{day}-{office}",
        )


def _pay_out(loans: list[list[int]], groups: list[tuple[int, int]], tier: str, day: date) -> None:
    """One entry for each group, one event for each loan."""
    from tdcs.core import clock
    from tdcs.ledger.rules import lines_for
    from tdcs.ledger.services import NewEntry, book_of, post

    amounts = {"principal": PRINCIPAL}
    entries = [
        NewEntry(
            book_of(office).pk,
            day,
            "loan.disburse",
            f"Giải ngân tổ số {number}",
            [
                line
                for pk in part
                for line in lines_for("loan.disburse", amounts, tier=tier, subject=pk)
            ],
        )
        for (number, office), part in zip(groups, loans, strict=True)
    ]
    posted = post(entries, by=None, on=day)
    moment = clock.now()
    copy_rows(
        "loans_loanevent",
        ("loan_id", "on", "kind", "amount", "basis", "entry_id", "recorded_at"),
        [
            (pk, day, "disbursement", PRINCIPAL, "", entry, moment)
            for part, (entry, _) in zip(loans, posted, strict=True)
            for pk in part
        ],
    )


def _instalments(day: date) -> list[tuple[int, date, date, int]]:
    """number, due day, session day, principal, as the rules make them."""
    from tdcs.core.columns import day_number, day_of_number
    from tdcs.loans.rules.project import frame_of
    from tdcs.loans.rules.schedule import schedule

    names = ("loan", "disbursed", "principal", "term", "spacing", "session")
    terms = (0, day_number(day), PRINCIPAL, TERM, SPACING, 15)
    rows = schedule(frame_of(names, [terms], set())).sort("number")
    return [
        (number, day_of_number(due), day_of_number(trigger), part)
        for number, due, trigger, part in rows.select(
            "number", "due", "trigger", "principal"
        ).rows()
    ]
