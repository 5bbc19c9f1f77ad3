"""The survey of credit needs of a commune: open, tell a need, take one back, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.demand.errors import NeedExists, SurveyClosed, SurveyExists
from tdcs.demand.queries.qualifying import programme_names
from tdcs.households.errors import (
    DayOutside,
    FieldWrong,
    OutsideYourArea,
)
from tdcs.households.models import CreditNeed, Household, NeedSurvey
from tdcs.households.queries.reviews import households_of
from tdcs.households.queries.scope import is_group_leader, visible_households
from tdcs.households.services.checking import not_future, require_commune, require_kept
from tdcs.organisations.models import Area

MAX_AMOUNT: Final = 10_000_000_000


def open_survey(
    *, area: Area, year: int, quarter: int = 0, by: User | None, on: date
) -> NeedSurvey:
    """A survey of a quarter, or of the year (quarter 0); next year's may open in this one."""
    if quarter not in range(5) or not on.year - 1 <= year <= on.year + 1:
        raise FieldWrong(field="Kỳ", why="quý từ 1 đến 4 hoặc cả năm; năm trước, nay hoặc sau")
    require_commune(area, on)
    with transaction.atomic():
        require_kept(area, by=by, on=on)
        try:
            with transaction.atomic():
                made = NeedSurvey.objects.create(area=area, year=year, quarter=quarter)
        except IntegrityError as twice:
            raise SurveyExists from twice
        trail.record(action="households.open_survey", subject=made, by=by, on=on)
    return made


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """So much for a programme, as a household told it."""

    household: Household
    programme: str
    amount: int
    purpose: str = ""
    told_on: date | None = None


def put_need(
    *, survey: NeedSurvey, need: Need, replace: bool = False, by: User | None, on: date
) -> CreditNeed:
    """A household of the commune needs so much for a programme. Raises NeedExists unless ``replace``."""
    day = need.told_on or on
    not_future(day, on)
    known = programme_names()
    if need.programme not in known:
        raise FieldWrong(field="Chương trình", why="chọn một chương trình đang cho vay")
    if not 0 < need.amount <= MAX_AMOUNT:
        raise FieldWrong(field="Số tiền", why="phải lớn hơn 0 và không quá 10 tỷ đồng")
    with transaction.atomic():
        held = _locked(survey)
        _require_seen(held, need.household, by, on)
        earlier = held.needs.filter(household=need.household, programme=need.programme)
        if earlier.exists() and not replace:
            raise NeedExists(code=need.household.code, programme=known[need.programme])
        made, _ = CreditNeed.objects.update_or_create(
            survey=held,
            household=need.household,
            programme=need.programme,
            defaults={"amount": need.amount, "purpose": squash(need.purpose)[:200], "told_on": day},
        )
        trail.record(
            action="households.put_need",
            subject=need.household,
            by=by,
            on=on,
            data={"survey": held.pk, "programme": need.programme, "amount": need.amount},
        )
    return made


def remove_need(*, need: CreditNeed, by: User | None, on: date) -> None:
    """A need told wrongly is taken back while the survey is open."""
    with transaction.atomic():
        held = _locked(need.survey)
        _require_seen(held, need.household, by, on)
        data = {"survey": held.pk, "programme": need.programme, "amount": need.amount}
        subject = need.household
        need.delete()
        trail.record(action="households.remove_need", subject=subject, by=by, on=on, data=data)


def close_survey(*, survey: NeedSurvey, by: User | None, on: date) -> NeedSurvey:
    """Nothing is told to it any more."""
    with transaction.atomic():
        held = _locked(survey)
        require_kept(held.area, by=by, on=on)
        if on < date(held.year - 1, 9, 1):
            raise DayOutside(day=f"{on:%d/%m/%Y}", why="chưa đến kỳ")
        held.closed_on = on
        held.save(update_fields=["closed_on"])
        trail.record(action="households.close_survey", subject=held, by=by, on=on)
    return held


def _locked(survey: NeedSurvey) -> NeedSurvey:
    rows = NeedSurvey.objects.select_for_update(of=("self",)).select_related("area")
    held: NeedSurvey = rows.get(pk=survey.pk)
    if held.closed_on is not None:
        raise SurveyClosed(on=f"{held.closed_on:%d/%m/%Y}")
    return held


def _require_seen(survey: NeedSurvey, household: Household, by: User | None, on: date) -> None:
    """The household lives in the commune, and who tells it keeps the commune (a group leader: its members)."""
    if by is not None and not is_group_leader(by):
        require_kept(survey.area, by=by, on=on)
    if by is not None and not visible_households(by, on).filter(pk=household.pk).exists():
        raise OutsideYourArea
    if not households_of(survey.area, on).filter(pk=household.pk).exists():
        raise FieldWrong(field="Hộ", why="không ở địa bàn khảo sát")
