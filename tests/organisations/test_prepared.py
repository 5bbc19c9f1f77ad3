"""A question put together once answers as the queryset that it was made of, with any values and in any thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F
from django.test.utils import CaptureQueriesContext

from tdcs.organisations.models import Organisation, OrganisationProfile, living_on
from tdcs.organisations.prepared import Given, Prepared

TODAY = date(2026, 11, 23)
_PROFILES = Prepared(
    lambda: (
        OrganisationProfile.objects.filter(
            living_on(Given("on")),
            organisation__level=Given("level"),
            organisation_id__equals_any=Given("units"),
        )
        .select_related("organisation")
        .annotate(code=F("organisation__code"))
        .order_by("pk")
    )
)
_NAMES = Prepared(
    lambda: (
        OrganisationProfile.objects.filter(organisation_id__equals_any=Given("units"))
        .order_by("pk")
        .values_list("organisation_id", "name")
    )
)
_CODES = Prepared(
    lambda: Organisation.objects.filter(code=Given("code")).values_list("code", flat=True)[:1]
)
_KINDS = Prepared(
    lambda: (
        Organisation.objects.exclude(type__equals_any=Given("types"))
        .values("level")
        .annotate(units=Count("pk"))
        .order_by("level")
    )
)


def _profiles(on: date, level: str, units: list[int]) -> list[OrganisationProfile]:
    rows = OrganisationProfile.objects.filter(living_on(on), organisation__level=level)
    return list(rows.filter(organisation_id__in=units).order_by("pk"))


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["province", "commune", "no such level"])
@pytest.mark.parametrize("on", [TODAY, date(1999, 1, 1)])
def test_it_answers_as_the_queryset_does(level: str, on: date) -> None:
    keys = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    there = level != "no such level" and on == TODAY
    assert bool(_profiles(on, level, keys)) is there
    for units in (keys, keys[:1], []):
        right = _profiles(on, level, units)
        with CaptureQueriesContext(connection) as asked:
            got = _PROFILES(on=on, level=level, units=units)
            beside = [one.organisation for one in got]
        assert len(asked) == 1, "what stands next to a row comes with it"
        assert got == right
        assert [one.name for one in got] == [one.name for one in right]
        assert beside == [one.organisation for one in right]
        assert [one.code for one in got] == [one.organisation.code for one in right]  # type: ignore[attr-defined]
        names = OrganisationProfile.objects.filter(organisation_id__in=units).order_by("pk")
        assert _NAMES(units=units) == list(names.values_list("organisation_id", "name"))


@pytest.mark.django_db
def test_counts_and_single_columns_come_as_the_queryset_gives_them() -> None:
    types = ["ubnd", "hoi-phu-nu"]
    right = Organisation.objects.exclude(type__in=types).values("level")
    assert _KINDS(types=types) == list(right.annotate(units=Count("pk")).order_by("level"))
    code = Organisation.objects.order_by("-pk").values_list("code", flat=True)[0]
    assert _CODES(code=code) == [code]
    assert _CODES(code="' OR true --") == []


@pytest.mark.django_db
def test_what_it_cannot_ask_is_refused() -> None:
    with pytest.raises(TypeError, match="None"):
        _CODES(code=None)
    whole = Prepared(lambda: Organisation.objects.prefetch_related("profiles"))
    with pytest.raises(TypeError, match="prefetch"):
        whole()


@pytest.mark.django_db
def test_a_number_beyond_every_column_is_not_asked_for(django_assert_num_queries: Any) -> None:
    """PostgreSQL compares it as numeric, for which no index of whole numbers serves."""
    of_key = Prepared(lambda: Organisation.objects.filter(pk=Given("unit")))
    first = Organisation.objects.order_by("pk")[0]
    with django_assert_num_queries(1):
        assert of_key(unit=first.pk) == [first]
    with django_assert_num_queries(0):
        assert of_key(unit=2**63) == []
        assert of_key(unit=-(2**63) - 1) == []


@pytest.mark.django_db
def test_a_value_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="units"):
        _NAMES()


@pytest.mark.django_db(transaction=False)
def test_each_thread_asks_over_its_own_connection(django_db_blocker: Any) -> None:
    """A server's worker answers in several threads; what is kept belongs to none of them."""
    _CODES(code="")
    seen = []

    def ask(code: str) -> list[str]:
        with django_db_blocker.unblock():
            try:
                with connection.execute_wrapper(
                    lambda run, *given: seen.append(connection.connection) or run(*given)
                ):
                    return _CODES(code=code)
            finally:
                connection.close()

    # Other connections do not see this test's transaction, only what was loaded before it.
    codes = list(Organisation.objects.order_by("pk").values_list("code", flat=True)[:40])
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, codes)) == [[code] for code in codes]
    assert len(seen) == len(codes)
    assert connection.connection not in seen
