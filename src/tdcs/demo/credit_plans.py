"""Credit plans of the demonstration: this year's approved with one adjustment, next year's under negotiation."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

import polars as pl

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.capital.models import CapitalSource, Tier
from tdcs.capital.queries import sources_on
from tdcs.core import clock
from tdcs.credit_plan.models import Adjustment, Allotment, CreditPlan
from tdcs.credit_plan.queries import book
from tdcs.credit_plan.queries.execution import moves_now
from tdcs.credit_plan.queries.needs import household_needs
from tdcs.credit_plan.queries.plans import carries
from tdcs.credit_plan.services import adjusting, approving, negotiating, planning
from tdcs.credit_plan.services.adjusting import Change
from tdcs.demo.cast import cast
from tdcs.households.models import CreditNeed, NeedSurvey
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries_areas import offices_by_commune

# Targets stand in whole so many dong; new money too.
_ROUND: Final = 10_000_000
_DAYS: Final = 365
_MOVES: Final = 6


def write(*, on: date, seed: int, by: User) -> None:
    """Both plans, each step on its own day and by whom it is due."""
    luck = Random(seed)
    director = User.objects.get(username="demo-giamdoccn")
    day = book.book_day(on)
    lent = book.lent(on.year, day, on)
    pace = _DAYS / max((day - date(on.year - 1, 12, 31)).days, 1)
    _this_year(on.year, lent, pace * 1.03, by=by, director=director)
    _surveys(on, luck)
    _next_year(on, lent, pace * 1.1, luck, by=by)


def _this_year(year: int, lent: pl.DataFrame, factor: float, *, by: User, director: User) -> None:
    """Opened in the autumn before, agreed by every office, approved in January, adjusted in September."""
    opened, approved, adjusted = date(year - 1, 11, 20), date(year, 1, 6), date(year, 9, 15)
    plan = _drafted(year, lent, factor, by=by, on=opened)
    sent = opened + timedelta(days=10)
    with clock.fixed_today(sent):
        negotiating.send_all(plan=plan, comment="Đề nghị cho ý kiến", by=by, on=sent)
        for office, person in _people(sent).items():
            negotiating.agree(plan=plan, office=office, by=person, on=sent)
    with clock.fixed_today(approved):
        approving.submit(plan=plan, by=by, on=approved)
        approving.approve(
            plan=plan, decision=f"Quyết định số 02/QĐ-NHCS ngày {approved:%d/%m/%Y}", by=director, on=approved
        )  # fmt: skip
    with clock.fixed_today(adjusted):
        plan.refresh_from_db()
        made = _adjustment(plan, by=by, on=adjusted)
        adjusting.approve_adjustment(
            adjustment=made, decision=f"Quyết định số 15/QĐ-NHCS ngày {adjusted:%d/%m/%Y}", by=director,
            on=adjusted,
        )  # fmt: skip


def _adjustment(plan: CreditPlan, *, by: User, on: date) -> Adjustment:
    """What the pace proposes; in a book too small for that, a little more for the largest line."""
    moves = moves_now(plan, on)[:_MOVES]
    if moves:
        told = [
            (move, "Xã nhường còn thừa theo nhịp cho vay, xã nhận còn nhu cầu") for move in moves
        ]
        return adjusting.accept_moves(plan=plan, moves=told, starts_on=on, by=by, on=on)
    cell = Allotment.objects.filter(plan=plan).order_by("-amount", "pk")[0]
    planning.put_new_money(
        plan=plan, source=cell.source, amount=_ROUND, basis="Thông báo bổ sung vốn", by=by, on=on
    )
    change = Change(cell.area_id, cell.programme, cell.source_id, cell.amount + _ROUND)
    return adjusting.propose(
        plan=plan, changes=[change], starts_on=on, reason="Bổ sung vốn trong năm", by=by, on=on
    )


def _next_year(on: date, lent: pl.DataFrame, factor: float, luck: Random, *, by: User) -> None:
    """Two thirds of the offices have agreed, some returned it with other amounts, the cast's office holds the pen."""
    opened = on - timedelta(days=14)
    plan = _drafted(on.year + 1, lent, factor, by=by, on=opened)
    sent = opened + timedelta(days=4)
    with clock.fixed_today(sent):
        negotiating.send_all(plan=plan, comment="Dự thảo lần 1", by=by, on=sent)
    people = _people(sent)
    own = Organisation.objects.get(code=cast().office).pk
    areas = offices_by_commune(sent)
    answered = sent + timedelta(days=5)
    with clock.fixed_today(answered):
        for at, (office, person) in enumerate(people.items()):
            if office == own or at % 8 == 7:
                continue
            if at % 4 == 3:
                cells = Allotment.objects.filter(
                    plan=plan, area_id__in=[a for a, o in areas.items() if o == office], amount__gt=0
                )  # fmt: skip
                for cell in cells.order_by("-amount", "pk")[:2]:
                    more = cell.amount + luck.randint(1, 20) * _ROUND
                    negotiating.ask_amount(
                        allotment=cell, amount=more, comment="Nhu cầu sau khảo sát còn cao", by=person,
                        on=answered,
                    )  # fmt: skip
                negotiating.return_round(
                    plan=plan, office=office, comment="Đề nghị tăng chỉ tiêu hai xã", by=person, on=answered
                )  # fmt: skip
            else:
                negotiating.agree(plan=plan, office=office, by=person, on=answered)


def _drafted(year: int, lent: pl.DataFrame, factor: float, *, by: User, on: date) -> CreditPlan:
    """A plan whose targets are what was lent by ``factor``, with the new money that they need, spread over the communes."""
    with clock.fixed_today(on):
        plan = planning.open_plan(year=year, by=by, on=on)
        sources = {one.pk: one for one in sources_on(on)}
        sums = lent.group_by("programme", "source").agg(pl.col("lent_month").sum()).sort("programme", "source")  # fmt: skip
        for programme, source, amount in sums.rows():
            target = round(amount * factor / _ROUND) * _ROUND
            if source in sources and target:
                planning.set_target(
                    plan=plan, programme=programme, source=sources[source], amount=target, by=by, on=on
                )  # fmt: skip
        planning.spread_targets(plan=plan, by=by, on=on)
        for fund in carries(plan, on):
            if fund.left < 0:
                amount = -(fund.left // _ROUND) * _ROUND
                planning.put_new_money(
                    plan=plan, source=fund.source, amount=amount, basis=_basis(fund.source, year), by=by, on=on
                )  # fmt: skip
    return plan


def _basis(source: CapitalSource, year: int) -> str:
    if source.tier == Tier.CENTRAL:
        return f"Thông báo chỉ tiêu tăng trưởng của Tổng Giám đốc năm {year}"
    return f"Nghị quyết của HĐND về dự toán năm {year}"


def _people(on: date) -> dict[int, User]:
    """Office → who answers for it: its director where the cast has one, else its clerk."""
    offices = sorted(set(offices_by_commune(on).values()))
    rows = RoleHolding.objects.on(on).filter(
        organisation_id__in=offices, role__in=(Role.UNIT_CLERK, Role.OFFICE_DIRECTOR)
    )
    found: dict[int, User] = {}
    for row in rows.select_related("user").order_by("role", "pk"):
        found.setdefault(row.organisation_id, row.user)
    return dict(sorted(found.items()))


def _surveys(on: date, luck: Random) -> None:
    """Needs of the next year, told this autumn: a part of those who told one this year want more or again."""
    rows = household_needs(on.year, on).filter(pl.col("commune") > 0)
    communes = sorted(set(rows["commune"].to_list()))
    surveys = NeedSurvey.objects.bulk_create(
        NeedSurvey(area_id=area, year=on.year + 1) for area in communes
    )
    number = {survey.area_id: survey.pk for survey in surveys}
    needs = []
    for row in rows.sort("household", "programme").iter_rows(named=True):
        if luck.random() > 0.6:
            continue
        amount = round(row["amount"] * luck.uniform(0.8, 1.3) / 1_000_000) * 1_000_000
        needs.append(
            CreditNeed(
                survey_id=number[row["commune"]],
                household_id=row["household"],
                programme=row["programme"],
                amount=max(amount, 1_000_000),
                purpose="",
                told_on=on - timedelta(days=luck.randint(16, 45)),
            )
        )
    CreditNeed.objects.bulk_create(needs)
