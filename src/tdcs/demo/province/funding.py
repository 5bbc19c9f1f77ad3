"""Under which decision and in which tranche the money of each source came: a contract for a year, a tranche for a quarter."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl
from django.db import connection

from tdcs.capital.models import CapitalSource, FundingContract, FundingKind, Tier, Tranche
from tdcs.capital.states import TrancheState
from tdcs.core.columns import months_later
from tdcs.demo.province.calibration import MILLION, Frame

# The oldest loans of the book: money for what was lent before lies in the first year's decision.
FIRST_YEAR: Final = 2017
# Every seventh month what came from the centre is what savers brought to the counter.
DEPOSITS_EVERY, DEPOSITS_AT = 7, 3
_KINDS: Final = {"province": FundingKind.PROVINCE, "commune": FundingKind.COMMUNE}
_CAME_SQL: Final = """
    UPDATE capital_tranche t SET amount = r.amount, state = 'received', ordered_on = r.first,
           order_number = CASE WHEN s.tier = 'local' THEN 'LCT-' || t.number || '/' || extract(year FROM t.planned_on) ELSE '' END
      FROM (SELECT tranche_id, sum(amount)::bigint AS amount, min("on") AS first FROM capital_fundreceipt GROUP BY 1) r
      JOIN capital_tranche u ON u.id = r.tranche_id JOIN capital_fundingcontract c ON c.id = u.contract_id
      JOIN capital_capitalsource s ON s.id = c.source_id
     WHERE t.id = r.tranche_id
"""
_WHOLE_SQL: Final = """
    UPDATE capital_fundingcontract c SET amount = t.amount
      FROM (SELECT contract_id, sum(amount)::bigint AS amount FROM capital_tranche GROUP BY 1) t, capital_capitalsource s
     WHERE t.contract_id = c.id AND s.id = c.source_id AND s.tier = 'local'
"""


def agree(frame: Frame) -> pl.DataFrame:
    """Contracts of all years and sources, a tranche in each quarter: source, kind, quarter, contract, tranche.

    Quarters are counted from year 0. Amounts follow from what comes (``settle``).
    """
    made = [
        contract
        for source in CapitalSource.objects.select_related("investor").order_by("pk")
        for contract in _contracts(source, frame)
    ]
    FundingContract.objects.bulk_create(made)
    parts = [
        Tranche(
            contract=one,
            number=quarter + 1,
            amount=1,
            planned_on=months_later(_new_year(one), 3 * quarter),
        )
        for one in made
        for quarter in range(4)
        if months_later(_new_year(one), 3 * quarter + 3) > one.starts_on
    ]
    for part in parts:
        part.planned_on = max(part.planned_on, part.contract.starts_on)
    Tranche.objects.bulk_create(parts)
    rows = [
        (
            part.contract.source_id,
            part.contract.kind,
            part.contract.decided_on.year * 4 + part.number - 1,
            part.contract_id,
            part.pk,
        )
        for part in parts
    ]
    names = ["source", "kind", "quarter", "contract", "tranche"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _new_year(contract: FundingContract) -> date:
    return contract.decided_on.replace(month=1, day=1)


def _contracts(source: CapitalSource, frame: Frame) -> list[FundingContract]:
    central = source.tier == Tier.CENTRAL
    level = source.investor.level if source.investor is not None else ""
    kinds = (FundingKind.CENTRAL, FundingKind.DEPOSITS) if central else (_KINDS[level],)
    made = []
    for year in range(max(FIRST_YEAR, source.starts_on.year), frame.on.year + 1):
        day = max(date(year, 1, 1), source.starts_on)
        for kind in kinds:
            number = f"{source.pk + 10 + year % 7 * 30}/QĐ-{'NHCS' if central else 'UBND'}"
            made.append(
                FundingContract(
                    source=source,
                    kind=kind,
                    number=f"KH huy động {year}" if kind == FundingKind.DEPOSITS else number,
                    decided_on=day,
                    starts_on=day,
                    ends_on=date(year + 1, 1, 1),
                    owner=source.investor,
                    owner_words="Hội sở chính NHCSXH" if central else "",
                )
            )
    return made


def settle(frame: Frame) -> None:
    """Tranches become what came, contracts their tranches; this year's decisions leave a part that is still to come."""
    with connection.cursor() as cursor:
        cursor.execute(_CAME_SQL)
    Tranche.objects.filter(receipts=None).delete()
    open_ones = FundingContract.objects.filter(
        source__tier=Tier.LOCAL, starts_on__lte=frame.on, ends_on__gt=frame.on
    )
    for at, contract in enumerate(open_ones.order_by("pk")):
        last = contract.tranches.order_by("-number").first()
        number = last.number if last is not None else 0
        sure = last is not None and last.amount > 10 * MILLION
        amount = last.amount // MILLION * MILLION if last is not None and sure else 500 * MILLION
        state = TrancheState.ORDERED if at % 2 == 0 else TrancheState.PLANNED
        Tranche.objects.create(
            contract=contract,
            number=number + 1,
            amount=amount,
            planned_on=min(date(frame.on.year, 12, 15), max(frame.on, contract.starts_on)),
            state=state,
            order_number="LCT-12" if state == TrancheState.ORDERED else "",
            ordered_on=frame.on if state == TrancheState.ORDERED else None,
        )
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE_SQL)
    empty = FundingContract.objects.filter(tranches=None)
    empty.delete()
