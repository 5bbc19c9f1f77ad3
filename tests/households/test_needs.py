"""Needs, who qualifies, who was served: parts that add up."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from households_cast import TODAY, Cast, make_household, person

from tdcs.demand.errors import NeedExists, SurveyClosed, SurveyExists
from tdcs.demand.queries.needs import (
    access_indicator,
    needs_frame,
    visible_surveys,
    with_answers,
)
from tdcs.demand.queries.qualifying import spells_of_needs
from tdcs.demand.services import surveys
from tdcs.demand.services.surveys import Need
from tdcs.households import ports
from tdcs.households.errors import (
    FieldWrong,
    OutsideYourArea,
)
from tdcs.households.models import CreditNeed, NeedSurvey

pytestmark = pytest.mark.django_db


def _survey(cast: Cast, quarter: int = 4) -> NeedSurvey:
    return surveys.open_survey(
        area=cast.la_nga, year=2026, quarter=quarter, by=cast.clerk, on=TODAY
    )


def _need(
    cast: Cast, survey: NeedSurvey, name: str, programme: str, amount: int, *kinds: str
) -> CreditNeed:
    home = make_household(commune_area=cast.la_nga, head_name=name, kinds=kinds)
    return surveys.put_need(
        survey=survey,
        need=Need(household=home, programme=programme, amount=amount),
        by=cast.clerk,
        on=TODAY,
    )


def _of_its_kind(needs: pl.DataFrame) -> pl.DataFrame:
    """HN for the poor, HCN for the near-poor, by the spells of the day."""
    spells = spells_of_needs(needs).with_columns(
        pl.col("kind").replace_strict({"poor": "HN", "near_poor": "HCN"}, default="").alias("opens")
    )
    return (
        needs.join(spells, left_on=["need", "programme"], right_on=["case", "opens"], how="left")
        .select("need", pl.col("kind").is_not_null().alias("qualified"))
        .with_columns(pl.lit("").alias("reason"))
    )


def test_the_parts_add_up_by_commune_and_programme(cast: Cast) -> None:
    survey = _survey(cast)
    first = _need(cast, survey, "Bà Một", "HN", 50_000_000, "poor")
    _need(cast, survey, "Bà Hai", "HN", 30_000_000, "poor")
    _need(cast, survey, "Bà Ba", "HN", 20_000_000)
    second = _need(cast, survey, "Bà Bốn", "HCN", 60_000_000, "near_poor")
    given = pl.DataFrame(
        {
            "need": [first.pk, second.pk],
            "served_on": [date(2026, 11, 20)] * 2,
            "served_amount": [50_000_000, 40_000_000],
        }
    )
    seen = access_indicator(cast.la_nga, 2026, on=TODAY, qualifies=_of_its_kind, served=given)
    total = seen.total
    assert (total.need, total.qualified, total.not_qualified, total.unknown) == (4, 3, 1, 0)
    assert (total.served, total.waiting, total.tenths) == (2, 1, 666)
    assert (total.amount, total.served_amount) == (160_000_000, 90_000_000)
    by = {line.programme: line for line in seen.by_programme}
    assert (by["HN"].need, by["HN"].qualified, by["HN"].served) == (3, 2, 1)
    assert (by["HCN"].tenths, by["HN"].tenths) == (1000, 500)
    assert [line.area for line in seen.by_area] == [cast.la_nga.pk]
    assert access_indicator(cast.other, 2026, on=TODAY).total.tenths is None


def test_without_an_answer_nothing_is_claimed(cast: Cast) -> None:
    _need(cast, _survey(cast), "Bà Một", "HN", 1, "poor")
    unknown = access_indicator(
        None,
        2026,
        on=TODAY,
        qualifies=lambda n: (
            n.select("need")
            .head(0)
            .with_columns(pl.lit(True).alias("qualified"), pl.lit("").alias("reason"))
        ),
    ).total
    assert (unknown.need, unknown.unknown, unknown.qualified) == (1, 1, 0)


def test_a_need_told_in_two_quarters_counts_once(cast: Cast) -> None:
    need = _need(cast, _survey(cast, 3), "Bà Một", "HN", 10_000_000, "poor")
    surveys.put_need(
        survey=_survey(cast, 4),
        need=Need(household=need.household, programme="HN", amount=25_000_000),
        by=cast.clerk,
        on=TODAY,
    )
    total = access_indicator(cast.la_nga, 2026, on=TODAY, qualifies=_of_its_kind).total
    assert (total.need, total.amount) == (1, 25_000_000)


def test_refusals(cast: Cast) -> None:
    survey = _survey(cast)
    with pytest.raises(SurveyExists):
        _survey(cast)
    need = _need(cast, survey, "Bà Một", "HN", 1, "poor")
    far = make_household(commune_area=cast.other, head_name="Bà Xa")

    def put(**changes: object) -> CreditNeed:
        told = {"household": need.household, "programme": "HN", "amount": 5}
        rest = {"replace": False, "by": cast.clerk}
        asked = {name: changes.get(name, value) for name, value in told.items()}
        given = {name: changes.get(name, value) for name, value in rest.items()}
        return surveys.put_need(survey=survey, need=Need(**asked), on=TODAY, **given)  # type: ignore[arg-type]

    with pytest.raises(NeedExists):
        put()
    assert put(replace=True).amount == 5
    for amount in (0, 10_000_000_001):
        with pytest.raises(FieldWrong):
            put(programme="HCN", amount=amount)
    with pytest.raises(OutsideYourArea):
        put(household=far)
    with pytest.raises(FieldWrong):
        put(household=far, by=cast.planner)
    surveys.close_survey(survey=survey, by=cast.clerk, on=TODAY)
    with pytest.raises(SurveyClosed):
        surveys.remove_need(need=need, by=cast.clerk, on=TODAY)


def test_the_programmes_room_says_who_qualifies_and_why_not(cast: Cast) -> None:
    survey = _survey(cast)
    poor = _need(cast, survey, "Bà Một", "HN", 50_000_000, "poor")
    other = _need(cast, survey, "Bà Hai", "HN", 30_000_000, "near_poor")
    near = _need(cast, survey, "Bà Ba", "HCN", 20_000_000, "near_poor")
    seen = access_indicator(cast.la_nga, 2026, on=TODAY)
    assert (seen.total.need, seen.total.qualified, seen.total.not_qualified) == (3, 2, 1)
    frame = with_answers(needs_frame(survey.needs.select_related("survey"), TODAY))
    said = {row["need"]: (row["qualified"], row["reason"]) for row in frame.iter_rows(named=True)}
    assert said[poor.pk] == said[near.pk] == (True, "")
    assert said[other.pk][0] is False and "hộ không thuộc diện" in said[other.pk][1]
    with pytest.raises(FieldWrong):
        _need(cast, survey, "Bà Tư", "XYZ", 1)


def test_a_group_leader_finds_the_survey_and_tells_the_members_needs_only(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = person("to-truong", "group_leader", cast.ubnd)
    home, stranger = (
        make_household(commune_area=cast.la_nga, head_name=name, kinds=("poor",))
        for name in ("Bà Hoa", "Ông Xa")
    )
    monkeypatch.setattr(ports.group_households, "provider", lambda user: frozenset({home.pk}))
    survey = _survey(cast)
    elsewhere = surveys.open_survey(
        area=cast.other, year=2026, quarter=4, by=cast.other_clerk, on=TODAY
    )
    assert list(visible_surveys(leader)) == [survey]
    assert elsewhere not in visible_surveys(leader)
    told = {"programme": "HN", "amount": 1_000_000}
    signed = {"survey": survey, "by": leader, "on": TODAY}
    surveys.put_need(need=Need(household=home, **told), **signed)
    with pytest.raises(OutsideYourArea):
        surveys.put_need(need=Need(household=stranger, **told), **signed)
    with pytest.raises(OutsideYourArea):
        surveys.close_survey(survey=survey, by=leader, on=TODAY)
