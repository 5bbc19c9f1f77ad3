"""The work of a month's last day: commission of groups, entrustment fees, ratings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import polars as pl

from tdcs.closing.queries.frames import monitored_offices
from tdcs.closing.services.close_postings import Summary
from tdcs.core.errors import Refusal
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.group_results.queries.month import commission_of, fee_of, interest_paid
from tdcs.group_results.services.rating import rate_month
from tdcs.ledger.models import Operation
from tdcs.ledger.rules import lines_for, swapped

COMMISSION: Final = "close.commission"
FEE: Final = "close.fee"


def month_entries(day: date, notes: list[str]) -> list[Summary]:
    """What the month's commission and fees come to by office, less what was posted for it before; why not, in ``notes``."""
    month = day.replace(day=1)
    offices = _groups_by_office(day)
    paid = interest_paid([group for groups in offices.values() for group in groups], month)
    found: list[Summary] = []
    for template, amounts in ((COMMISSION, _commission), (FEE, _fees)):
        try:
            found += _rests(template, day, amounts(offices, month, paid))
        except Refusal as why:
            notes.append(f"Chưa hạch toán {_WORDS[template]}: {why.sentence()}")
    return found


_WORDS: Final = {COMMISSION: "hoa hồng tổ", FEE: "phí ủy thác"}
Offices = dict[int, list[int]]
Amounts = Callable[[Offices, date, pl.DataFrame], dict[int, int]]


def _groups_by_office(day: date) -> Offices:
    first = day.replace(day=1)
    living = SavingsGroup.objects.filter(starts_on__lte=day).exclude(ends_on__lte=first)
    ids = sorted(living.values_list("pk", flat=True))
    found: Offices = defaultdict(list)
    # What an office that follows extracts pays its groups stands in the bank's ledger.
    followed = set(monitored_offices(day))
    for group, profile in profiles_on(ids, day).items():
        if profile.office_id not in followed:
            found[profile.office_id].append(group)
    return found


def _commission(offices: Offices, month: date, paid: pl.DataFrame) -> dict[int, int]:
    where = {group: office for office, groups in offices.items() for group in groups}
    sums: dict[int, int] = defaultdict(int)
    if where:
        for row in commission_of(sorted(where), month, paid).rows(named=True):
            sums[where[row["group"]]] += row["commission"]
    return sums


def _fees(offices: Offices, month: date, paid: pl.DataFrame) -> dict[int, int]:
    return {
        office: int(fee_of(groups, month, paid)["fee"].sum()) for office, groups in offices.items()
    }


def _rests(template: str, day: date, wanted: dict[int, int]) -> list[Summary]:
    posted = _posted(template, day)
    found = []
    for office in sorted(wanted.keys() | posted.keys()):
        rest = wanted.get(office, 0) - posted.get(office, 0)
        if rest:
            lines = lines_for(template, {"amount": abs(rest)})
            lines = lines if rest > 0 else swapped(lines)
            found.append(Summary(office, template, lines, {"amount": rest}))
    return found


def _posted(template: str, day: date) -> dict[int, int]:
    sums: dict[int, int] = defaultdict(int)
    rows = Operation.objects.filter(
        action="closing.post", on=day, answer__template=template
    ).values_list("answer", flat=True)
    for answer in rows:
        sums[answer["office"]] += answer["amounts"]["amount"]
    return sums


def rate_groups(day: date, notes: list[str]) -> dict[str, int]:
    """Rate the month of every group; how many got each grade, or why not in ``notes``."""
    try:
        grades = rate_month(month=day.replace(day=1), by=None, on=day + timedelta(days=1))
    except Refusal as why:
        notes.append(f"Chưa chấm điểm tổ: {why.sentence()}")
        return {}
    return dict(grades)
