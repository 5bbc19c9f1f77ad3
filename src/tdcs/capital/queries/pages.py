"""What the pages of this room show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict

import polars as pl
from django.db.models import Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.capital.models import (
    BalanceConfirmation,
    BudgetEstimate,
    Campaign,
    CapitalSource,
    FundingContract,
    FundReceipt,
    InterestSplit,
    OutsideFund,
    Pledge,
    Tier,
    Tranche,
)
from tdcs.capital.queries.funds import fund_positions, programme_positions
from tdcs.capital.states import (
    OUTSIDE_MOVES,
    ConfirmationState,
    EstimateState,
    OutsideState,
    TrancheState,
)
from tdcs.core import clock
from tdcs.core.frames import rows_of
from tdcs.core.text import fold
from tdcs.organisations.models import Kind, Organisation
from tdcs.organisations.queries import names_on

_BANK: Final = (Kind.VBSP_BRANCH, Kind.TRANSACTION_OFFICE)


# State → the shape and colour by which it is marked.
MARKS: Final = {
    TrancheState.PLANNED: "wait",
    TrancheState.ORDERED: "soon",
    TrancheState.RECEIVED: "done",
    TrancheState.CANCELLED: "wait",
    ConfirmationState.DRAWN: "wait",
    ConfirmationState.BANK_SIGNED: "soon",
    ConfirmationState.SIGNED: "done",
    ConfirmationState.RETURNED: "late",
    OutsideState.FOUND: "wait",
    OutsideState.PROPOSED: "soon",
    OutsideState.AGREED: "soon",
    OutsideState.REFUSED: "late",
    OutsideState.MOVED: "done",
}


class PositionRow(TypedDict):
    """A source on a day."""

    source: int
    code: str
    name: str
    tier: str
    investor: int | None
    received: int
    outstanding: int
    free: int


@dataclass(frozen=True, slots=True)
class Positions:
    """Sources of a day, and their sums by tier and altogether."""

    rows: list[PositionRow]
    received: int
    outstanding: int
    free: int
    local: int


def positions(day: date) -> Positions:
    """Sources that hold or lend money on a day, or may; the sums of all."""
    frame = fund_positions(day)
    local = frame.filter(pl.col("tier") == Tier.LOCAL)
    return Positions(
        rows_of(frame, PositionRow),
        received=int(frame["received"].sum()),
        outstanding=int(frame["outstanding"].sum()),
        free=int(frame["free"].sum()),
        local=int(local["received"].sum()),
    )


def by_programme(source: CapitalSource, day: date) -> list[dict[str, object]]:
    """What a source lends under each programme, and what it may still lend."""
    return programme_positions(day).filter(pl.col("source") == source.pk).to_dicts()


def contracts_of(source: CapitalSource) -> list[tuple[FundingContract, list[Tranche]]]:
    """Contracts with their tranches, the newest first."""
    rows = source.contracts.select_related("succeeds", "owner").order_by("-starts_on", "-pk")
    parts = Tranche.objects.filter(contract__source=source).annotate(came=Sum("receipts__amount"))
    by_contract: dict[int, list[Tranche]] = {}
    for part in parts.order_by("number"):
        by_contract.setdefault(part.contract_id, []).append(part)
    return [(row, by_contract.get(row.pk, [])) for row in rows]


def receipts_of(source: CapitalSource) -> QuerySet[FundReceipt]:
    """What came and went, the latest first."""
    rows = source.receipts.select_related("contract", "tranche", "entry", "office")
    return rows.order_by("-on", "-pk")


def splits_of(source: CapitalSource) -> list[InterestSplit]:
    """How the interest of past years was shared."""
    return list(source.splits.order_by("-year"))


def own_office(user: User) -> Organisation | None:
    """The office of the bank at whose counter a person receives money."""
    unit = own_organisation(user)
    return unit if unit is not None and unit.kind in _BANK else None


def committees(day: date) -> list[tuple[int, str]]:
    """(unit, name) of the people's committees that exist on a day, by name: who may take a source over."""
    units = (
        Organisation.objects.on(day).filter(kind=Kind.PEOPLE_COMMITTEE).values_list("pk", flat=True)
    )
    return sorted(names_on(day, units).items(), key=lambda pair: fold(pair[1]))


def open_estimates(sources: list[CapitalSource]) -> list[BudgetEstimate]:
    """Estimates that wait for a resolution."""
    rows = BudgetEstimate.objects.filter(source__in=sources, state=EstimateState.ESTIMATED)
    return list(rows.select_related("source").order_by("year", "pk"))


def open_tranches(sources: list[CapitalSource]) -> list[Tranche]:
    """Tranches that are planned or ordered and not here yet, by day."""
    rows = Tranche.objects.filter(
        contract__source__in=sources, state__in=(TrancheState.PLANNED, TrancheState.ORDERED)
    )
    return list(rows.select_related("contract__source").order_by("planned_on", "pk"))


def confirmations_of(sources: list[CapitalSource]) -> list[BalanceConfirmation]:
    """Confirmations: those that wait for a signature first, then the newest."""
    rows = BalanceConfirmation.objects.filter(source__in=sources).exclude(
        state=ConfirmationState.RETURNED
    )
    found = rows.select_related("source", "bank_by", "budget_by")
    return sorted(
        found.order_by("-year", "-quarter", "source__code"),
        key=lambda row: row.state == ConfirmationState.SIGNED,
    )


def local_sources(day: date) -> list[CapitalSource]:
    """Sources of budgets that run on a day."""
    rows = CapitalSource.objects.filter(tier=Tier.LOCAL).filter(
        Q(ends_on=None) | Q(ends_on__gt=day)
    )
    return list(rows.order_by("code"))


def outside_funds() -> list[OutsideFund]:
    """The register, with its steps."""
    rows = OutsideFund.objects.select_related("receipt").prefetch_related("steps")
    return list(rows.order_by("-size", "name"))


@dataclass(frozen=True, slots=True)
class CampaignState:
    """A campaign: what was promised and what came."""

    campaign: Campaign
    pledged: int
    received: int
    pledges: list[Pledge]


def campaigns() -> list[CampaignState]:
    """Campaigns, the newest first."""
    rows = Campaign.objects.select_related("source").prefetch_related("pledges__receipt")
    found = []
    for row in rows.order_by("-starts_on", "-pk"):
        pledges = sorted(row.pledges.all(), key=lambda one: (one.receipt_id is not None, one.pk))
        came = sum(one.amount for one in pledges if one.receipt_id)
        found.append(CampaignState(row, sum(one.amount for one in pledges), came, list(pledges)))
    return found


def office_names(rows: Iterable[FundReceipt]) -> dict[int, str]:
    """The offices of receipts as they are called today."""
    return names_on(clock.today(), {row.office_id for row in rows})


def outside_steps() -> dict[str, list[tuple[str, str]]]:
    """State of a fund of others → what may be written down next; money comes in by the counter."""
    found: dict[str, list[tuple[str, str]]] = {}
    for verb, move in OUTSIDE_MOVES.items():
        for state in move.sources if verb != "move" else ():
            found.setdefault(state, []).append((verb, move.label))
    return found


def source_or_404(key: int) -> CapitalSource:
    """A source by its key."""
    rows = CapitalSource.objects.select_related("investor")
    found: CapitalSource = get_object_or_404(rows, pk=key)
    return found


def unit_or_404(key: int, day: date) -> Organisation:
    """A unit that exists on a day."""
    unit: Organisation = get_object_or_404(Organisation.objects.on(day), pk=key)
    return unit


def tranche_or_404(key: int, source: CapitalSource | None = None) -> Tranche:
    """A tranche by its key, of one source where it is named."""
    rows = Tranche.objects.select_related("contract")
    return get_object_or_404(
        rows if source is None else rows.filter(contract__source=source), pk=key
    )


def confirmation_or_404(key: int) -> BalanceConfirmation:
    """A confirmation by its key."""
    rows = BalanceConfirmation.objects.select_related("source__investor", "bank_by", "budget_by")
    return get_object_or_404(rows, pk=key)


def bank_branch() -> Organisation | None:
    """The branch whose name stands above what the bank signs."""
    return Organisation.objects.filter(kind=Kind.VBSP_BRANCH).order_by("pk").first()
