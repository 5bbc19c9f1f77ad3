"""Spells by decision: they never overlap, a kind that lasts ends by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from households_cast import TODAY, Cast, give, make_household
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tdcs.core.validity import Validity
from tdcs.households.checks import CHECKS
from tdcs.households.errors import (
    DayOutside,
    DecisionMissing,
    KindNeedsPerson,
    KindUnknown,
    SpellOverlaps,
)
from tdcs.households.models import EligibilitySpell, Household
from tdcs.households.queries.finding import kinds_on
from tdcs.households.services.checking import Decision
from tdcs.households.services.eligibility import Entitlement, end_spell, grant
from tdcs.households.standards import kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(cast: Cast) -> Household:
    return make_household(
        commune_area=cast.la_nga, head_name="Bà Hoa", kinds=(), since=date(2025, 7, 1)
    )


def _grant(
    cast: Cast, household: Household, kind: str = "poor", **changes: object
) -> EligibilitySpell:
    told: dict[str, object] = {
        "since": date(2026, 1, 1),
        "decision": Decision("12/QĐ-UBND", date(2025, 12, 20), cast.ubnd),
        "by": cast.clerk,
        "on": TODAY,
    }
    given = told | changes
    signed = {name: given.pop(name) for name in ("decision", "by", "on")}
    entitlement = Entitlement(kind=kind, **given)  # type: ignore[arg-type]
    return grant(household=household, entitlement=entitlement, **signed)  # type: ignore[arg-type]


def test_a_spell_carries_its_decision(cast: Cast, household: Household) -> None:
    made = _grant(cast, household)
    assert (made.decision_number, made.decided_by, made.ends_on) == ("12/QĐ-UBND", cast.ubnd, None)
    assert set(kinds_on(household, date(2026, 1, 1))) == {"poor"}
    assert kinds_on(household, date(2025, 12, 31)) == {}


def test_newly_escaped_lasts_36_months(cast: Cast, household: Household) -> None:
    made = _grant(cast, household, "newly_escaped", since=date(2026, 1, 31))
    assert made.ends_on == date(2029, 1, 31)
    kind = kinds()["newly_escaped"]
    assert kind.until(date(2028, 2, 29)) == date(2031, 2, 28)
    assert kinds()["poor"].until(date(2026, 1, 31)) is None


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [
        (date(2025, 7, 1), date(2026, 1, 1), False),
        (date(2025, 7, 1), date(2026, 1, 2), True),
        (date(2026, 5, 31), None, True),
        (date(2026, 6, 1), None, False),
    ],
)
def test_spells_of_a_kind_touch_and_never_overlap(
    cast: Cast, household: Household, since: date, until: date | None, refused: bool
) -> None:
    _grant(cast, household, until=date(2026, 6, 1))
    if not refused:
        assert _grant(cast, household, since=since, until=until).pk
        return
    with pytest.raises(SpellOverlaps) as seen:
        _grant(cast, household, since=since, until=until)
    assert "từ 01/01/2026 đến trước 01/06/2026" in str(seen.value)


def test_a_kind_of_a_person_names_a_member(cast: Cast, household: Household) -> None:
    with pytest.raises(KindNeedsPerson):
        _grant(cast, household, "student")
    stranger = make_household(commune_area=cast.la_nga, head_name="Ông Lạ").members.get().person
    with pytest.raises(KindNeedsPerson):
        _grant(cast, household, "student", person=stranger)
    own = household.members.get().person
    assert _grant(cast, household, "student", person=own).person == own
    assert _grant(cast, household, "poor", person=own).person is None


def test_refusals(cast: Cast, household: Household) -> None:
    with pytest.raises(KindUnknown):
        _grant(cast, household, "rich")
    with pytest.raises(DecisionMissing):
        _grant(cast, household, decision=Decision(" ", date(2026, 1, 1), cast.ubnd))
    with pytest.raises(DayOutside):
        _grant(cast, household, decision=Decision("1", date(2026, 11, 24), cast.ubnd))
    with pytest.raises(DayOutside):
        _grant(cast, household, since=date(2025, 6, 30))
    made = _grant(cast, household)
    with pytest.raises(DayOutside):
        end_spell(spell=made, last=date(2026, 1, 1), why="nhầm", by=cast.clerk, on=TODAY)
    assert end_spell(spell=made, last=date(2026, 1, 2), why="QĐ 5", by=cast.clerk, on=TODAY).ends_on


def test_the_database_refuses_what_the_service_did_not_see(
    cast: Cast, household: Household
) -> None:
    give(household, "poor", since=date(2026, 1, 1), until=date(2026, 6, 1))
    give(household, "near_poor", since=date(2026, 1, 1))
    give(household, "poor", since=date(2026, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        give(household, "poor", since=date(2026, 5, 31), until=date(2026, 6, 1))


_DAYS = st.dates(date(2025, 7, 1), date(2026, 11, 23))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(_DAYS, st.integers(1, 200), st.sampled_from(["poor", "near_poor"])), max_size=12
    )
)
def test_whatever_is_asked_no_two_spells_of_a_kind_share_a_day(
    cast: Cast, household: Household, asked: list[tuple[date, int, str]]
) -> None:
    household.spells.all().delete()
    kept: list[tuple[str, Validity]] = []
    for since, length, kind in asked:
        span = Validity(since, since + timedelta(days=length))
        free = not any(k == kind and other.overlaps(span) for k, other in kept)
        try:
            _grant(cast, household, kind, since=since, until=span.ends_on)
        except SpellOverlaps:
            assert not free
        else:
            assert free
            kept.append((kind, span))
    assert household.spells.count() == len(kept)
    assert list(CHECKS["households.spells_of_a_kind_do_not_overlap"]()) == []
