"""One household judged as lists is judged as Polars judges it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdcs.core.engine import few_at_work
from tdcs.programmes.rules import eligibility, programmes

_CODES = sorted(programmes())
_KINDS = sorted({k for p in programmes().values() for k in (*p.kinds, *p.also, *p.not_kinds)})
_STARTS = st.sampled_from([date(2010, 1, 1), date(2023, 1, 1), date(2026, 6, 15)])
_ENDS = st.sampled_from([None, date(2026, 6, 15), date(2026, 6, 16)])
_DAYS = st.sampled_from([date(1990, 1, 1), date(2024, 5, 2), date(2026, 6, 15)])
# Each kind opens another door: of those that one programme names, by the programme.
_CASES = st.sampled_from([*_CODES, "XX"]).flatmap(
    lambda code: st.tuples(
        st.just(code),
        _DAYS,
        st.lists(st.tuples(st.sampled_from(_near(code)), _STARTS, _ENDS, st.just("")), max_size=4),
        st.lists(st.sampled_from(_CODES), max_size=3, unique=True),
    )
)


def _near(code: str) -> list[str]:
    one = programmes().get(code)
    return [*one.kinds, *one.also, *one.not_kinds] if one else _KINDS


@given(_CASES)
def test_lists_and_polars_say_the_same(
    case: tuple[str, date, list[tuple[str, date, date | None, str]], list[str]],
) -> None:
    by_lists = eligibility.judge_household(*case)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(eligibility, "few", nullcontext)
        assert not few_at_work()
        by_polars = eligibility.judge_household(*case)
    assert by_lists == by_polars


def test_every_code_is_met_by_lists() -> None:
    """What the random cases above draw from holds every reason."""
    met = {
        eligibility.judge_household(code, on, [(kind, start, None, "")], owed)["code"]
        for code in (*_CODES, "XX")
        for kind in _near(code)
        for on, start in pairwise([date(1990, 1, 1), date(2026, 6, 15), date(2026, 6, 15)])
        for owed in ([], _CODES)
    }
    assert met == set(eligibility.REASONS)
