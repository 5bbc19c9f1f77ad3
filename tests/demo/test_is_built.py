"""A demonstration that is there is not built again."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from tdcs.core import trail
from tdcs.demo import build

DAY = date(2026, 11, 23)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "seed", "scale", "there"),
    [
        (DAY, 232, 0.03, True),
        (date(2026, 11, 24), 232, 0.03, False),
        (DAY, 233, 0.03, False),
        (DAY, 232, 1, False),
    ],
)
def test_it_is_known_by_its_day_seed_and_scale(
    day: date, seed: int, scale: float, there: bool
) -> None:
    assert not build.is_built(on=DAY, seed=232, scale=0.03)
    mark = {"on": "2026-11-23", "seed": 232, "scale": "0.03"}
    with transaction.atomic():
        # As the build leaves it: with what it answers for.
        trail.record(
            action="demo.build", subject="demo", by=None, on=DAY, data=mark | {"sealed_changes": 7}
        )
    assert build.is_built(on=day, seed=seed, scale=scale) is there
    # A benchmark measures the demonstration that is there, of whatever scale.
    assert build.scale_there(on=DAY, seed=232) == "0.03"
    assert build.scale_there(on=day, seed=seed) == ("0.03" if (day, seed) == (DAY, 232) else "")
