"""Builds the credit side of the demonstration, step by step; everything in one transaction but the snapshots."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl
from django.db import models, transaction

from tdcs.capital.models import FundReceipt
from tdcs.core import clock
from tdcs.demo.cast import cast
from tdcs.demo.province import (
    book,
    contracts,
    earning,
    eligibility,
    funding,
    groups,
    households,
    loans,
    needs,
    offices,
    places,
    planted,
    ratings,
    repaying,
    savings,
    snapshots,
    sources,
)
from tdcs.demo.province.calibration import Frame
from tdcs.demo.province.loading import in_bulk
from tdcs.entrustment import models as entrustment
from tdcs.households import models as people
from tdcs.ledger import models as ledger
from tdcs.ledger.services import load_chart
from tdcs.loans.models import ChangeRequest, Instalment, Loan, LoanEvent
from tdcs.organisations.models import AreaProfile
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import decrees_in_law

Step = Callable[[str], AbstractContextManager[None]]
# Told the seconds of each part of the longest step.
Tell = Callable[[Mapping[str, float]], None]

_LOADED: Final[tuple[type[models.Model], ...]] = (
    people.Person,
    people.Household,
    people.HouseholdAddress,
    people.HouseholdMember,
    people.PovertyReview,
    people.ReviewLine,
    people.EligibilitySpell,
    people.NeedSurvey,
    people.CreditNeed,
    entrustment.SavingsGroup,
    entrustment.GroupProfile,
    entrustment.GroupMember,
    entrustment.BoardMember,
    entrustment.DelegationContract,
    entrustment.SavingsAccount,
    entrustment.SavingsEvent,
    entrustment.GroupRating,
    Loan,
    Instalment,
    LoanEvent,
    ChangeRequest,
    FundReceipt,
    ledger.JournalEntry,
    ledger.Posting,
)


@dataclass
class Province:
    """What was drawn, before it is written."""

    frame: Frame
    points: Sequence[places.Point]
    groups: groups.Groups
    lent: contracts.Lent
    book: repaying.Book
    parts: pl.DataFrame
    homes: households.Homes
    loans: pl.DataFrame
    moves: pl.DataFrame
    planted: planted.Planted
    when: snapshots.Calendar
    figures: list[pl.DataFrame] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def _say(seconds: Mapping[str, float]) -> None:
    """Nobody asked where the time goes."""


def build(frame: Frame, step: Step, tell: Tell = _say) -> Province:
    """Draw the province and write it into the empty tables."""
    with transaction.atomic():
        with step("tổ, hợp đồng, diễn biến / groups, contracts, repayment"):
            load_chart()
            drawn = draw(frame)
        with in_bulk(*_LOADED):
            with step("hộ, tổ, tiền gửi / households, groups, savings"):
                groups.write(drawn.groups, drawn.points)
                households.write(frame, drawn.homes, drawn.groups, drawn.points)
                savings.write_accounts(drawn.homes, drawn.groups, drawn.moves)
            with step("lãi, khoản vay, sổ cái / interest, loans, ledger"):
                kept = _offices(drawn)
            tell(drawn.seconds)
            with step("diện thụ hưởng, nhu cầu vay / eligibility, needs"):
                eligibility.write(frame, drawn.loans, drawn.homes, drawn.points)
                needs.write(frame, drawn.loans, drawn.homes, drawn.points)
                offices.write_decisions()
            with step("xếp loại tổ / ratings"):
                ratings.write(frame, drawn.figures, drawn.moves, drawn.homes)
            rest = step("ràng buộc, chỉ mục / constraints, indexes")
            rest.__enter__()
        rest.__exit__(None, None, None)
        offices.write_desk(frame)
        _take_up_decrees(frame)
    with step("số liệu chốt / snapshots"):
        snapshots.write(drawn.when, kept)
    with step("khóa ngày cuối / the last day's close"):
        snapshots.close_last(frame)
    return drawn


def _take_up_decrees(frame: Frame) -> None:
    """This book took every decree on running loans up on its day."""
    rows = [
        DecreeApplication(
            document=code,
            state=DecreeApplication.State.DONE,
            asked_on=first,
            taken_up_on=first,
            finished_at=clock.now(),
        )
        for code, first in decrees_in_law().items()
        if first <= frame.on
    ]
    DecreeApplication.objects.bulk_create(rows)


def draw(frame: Frame) -> Province:
    """The whole province as columns."""
    points = places.points(frame)
    made = groups.draw(frame, points, _north())
    lent = contracts.draw(frame, made)
    live, parts = repaying.live(frame, lent, made)
    homes = households.settle(frame, lent.frame, live, made, points)
    communes = sources.load(frame, points)
    rows = lent.frame.with_columns(
        household=pl.Series(homes.of_loan),
        group_id=pl.col("group") + 1,
        source=sources.of_loans(frame, lent.frame, made, points, communes),
        settled=pl.Series(live.settled),
    )
    rows = _with_places(rows, made, homes, points)
    moves = savings.movements(frame, homes, made)
    plants = planted.choose(frame, rows, live, made)
    return Province(
        frame,
        points,
        made,
        lent,
        live,
        parts,
        homes,
        rows,
        moves,
        plants,
        snapshots.calendar(frame),
    )


def _with_places(
    rows: pl.DataFrame,
    made: groups.Groups,
    homes: households.Homes,
    points: Sequence[places.Point],
) -> pl.DataFrame:
    """The commune and the organisation behind each loan, of both maps; 0 organisations behind direct ones."""
    at = homes.point[homes.of_loan - 1]
    group = rows["group"].to_numpy()
    inside = group >= 0
    behind = [groups.mass_of(made, points, old=old)[np.maximum(group, 0)] for old in (True, False)]
    return rows.with_columns(
        commune_old=pl.Series(np.array([one.old for one in points])[at]),
        commune=pl.Series(np.array([one.new for one in points])[at]),
        mass_old=pl.Series(np.where(inside, behind[0], 0)),
        mass=pl.Series(np.where(inside, behind[1], 0)),
    )


def _north() -> set[int]:
    """Communes of before that count as remote: of the provinces joined in; else of the latter half of the districts."""
    remote = cast().remote
    districts = AreaProfile.objects.filter(area__level="district", parent__code__in=remote)
    if not remote:
        every = AreaProfile.objects.filter(area__level="district").order_by("area__code")
        codes = list(every.values_list("area__code", flat=True).distinct())
        districts = every.filter(area__code__in=codes[len(codes) // 2 :])
    rows = AreaProfile.objects.filter(area__level="commune", parent__in=districts.values("area_id"))
    return set(rows.values_list("area_id", flat=True))


def _offices(drawn: Province) -> list[tuple[int, pl.DataFrame]]:
    """Office by office: fold, book, write; the rows of its snapshots."""
    frame = drawn.frame
    events = earning.plain_events(drawn.loans, drawn.lent.later, drawn.book)
    by_office = drawn.loans.select("loan", "office")
    told = events.join(by_office, on="loan").partition_by("office", as_dict=True, include_key=False)
    parts = drawn.parts.join(by_office, on="loan").partition_by(
        "office", as_dict=True, include_key=False
    )
    moves = drawn.moves.partition_by("office", as_dict=True)
    counters = book.Counters()
    given = funding.agree(frame)
    kept: list[tuple[int, pl.DataFrame]] = []
    for (office,), mine in sorted(drawn.loans.partition_by("office", as_dict=True).items()):
        begun = time.perf_counter()
        days = earning.interest_days(frame, mine, drawn.book, drawn.planted.stops)
        wrong = drawn.planted.wrong.join(mine.select("loan"), on="loan", how="semi")
        life = earning.histories(frame, mine, told[office,], days, wrong)
        begun = _lap(drawn, "diễn biến / folding", begun)
        facts = mine.select("loan", "local", "group_id", "source")
        saved = moves.get((office,), drawn.moves.clear())
        entries, banked = book.keep(office, life.events, facts, saved, given, counters)
        begun = _lap(drawn, "sổ cái / ledger", begun)
        loans.write(mine, life, counters.event, entries, parts[office,])
        counters.event += max(life.events["key"].to_list(), default=0)
        counters.saving = savings.write_events(saved, banked, counters.saving)
        begun = _lap(drawn, "khoản vay / loans", begun)
        kept.append((office, snapshots.rows(drawn.when, mine, life)))
        drawn.figures.append(ratings.of_office(frame, mine, life, drawn.homes))
        _lap(drawn, "số liệu chốt / snapshots", begun)
    funding.settle(frame)
    return kept


def _lap(drawn: Province, name: str, begun: float) -> float:
    now = time.perf_counter()
    drawn.seconds[name] += now - begun
    return now


def figures(drawn: Province) -> dict[str, Any]:
    """What the build made, for the calibration's test and the docs."""
    live = drawn.book.balance > 0
    return {
        "groups": len(drawn.groups),
        "households": len(drawn.homes),
        "borrowers": int(np.unique(drawn.homes.of_loan[live]).size),
        "loans": int(live.sum()),
        "outstanding": int(drawn.book.balance.sum()),
    }
