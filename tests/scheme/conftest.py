"""The small plan, and fourteen months of a small book in real communes: central money, the province's, a commune's."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

sys.path.append(str(Path(__file__).resolve().parents[1] / "plans"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "indicators"))

from book_of_places import Spot, fill, loans_of, month_ends
from plan_fixtures import BRANCH, TODAY, cast, draft, plan, signed_in  # noqa: F401
from plans_cast import Cast, person
from scheme_choice import chosen

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource, Tier
from tdcs.cli.setup import load_lending
from tdcs.closing.models import BookIdentity
from tdcs.closing.queries import store
from tdcs.organisations import seed
from tdcs.organisations.models import Kind, Level, Organisation, ServedArea
from tdcs.plans.models import Plan
from tdcs.scheme.models import Scheme
from tdcs.scheme.rules.sections import SECTIONS
from tdcs.scheme.services import found_scheme, save_text

FIRST, LAST = date(2025, 9, 1), date(2026, 10, 31)
# The key of the source of a commune's budget: rows of the closed days name it.
COMMUNE_SOURCE = 990_001


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units and the capital sources are loaded once."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        load_lending()


@dataclass(frozen=True)
class Closed:
    """A book whose months are closed one after the other."""

    loans: Sequence[Any]

    def close(self, *days: date) -> None:
        """Writes the ends of months."""
        key = BookIdentity.objects.values_list("key", flat=True).first() or "tests"
        fill(store(), self.loans, days, book=str(key))


@pytest.fixture(scope="session")
def kept_days(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Closed]:
    """The home with the closed days, written once: their rows know nothing but units and sources that are always there."""
    home = tmp_path_factory.mktemp("scheme")
    with django_db_blocker.unblock(), override_settings(HOME=home):
        made = Closed(_loans())
        # Decembers before, so that the scheme's first year has an end before it.
        made.close(date(2024, 12, 31), *month_ends(FIRST, LAST))
    return home, made


def _loans() -> list[Any]:
    served = ServedArea.objects.on(TODAY).filter(area__level=Level.COMMUNE)
    places = served.order_by("office_id", "area_id").values_list("office_id", "area_id")[::16]
    spots = [
        Spot(office, area, 900_000 + at, 0, 8, 0.2) for at, (office, area) in enumerate(places[:6])
    ]
    central, province = (
        CapitalSource.objects.filter(tier=tier).order_by("pk")[0].pk
        for tier in (Tier.CENTRAL, Tier.LOCAL)
    )
    loans = loans_of(spots, date(2025, 1, 1), LAST, (central, province), 5)
    more = loans_of(spots, date(2025, 1, 1), LAST, (central, COMMUNE_SOURCE), 6)
    return loans + [replace(one, number=one.number + 1_000) for one in more]


@pytest.fixture
def book(db: None, kept_days: tuple[Path, Closed], settings: Any) -> Closed:
    """Closed through October 2026; not to be changed."""
    settings.HOME, made = kept_days
    committee = Organisation.objects.filter(
        kind=Kind.PEOPLE_COMMITTEE, level=Level.COMMUNE, ends_on=None
    ).order_by("pk")[0]
    CapitalSource.objects.create(
        pk=COMMUNE_SOURCE,
        code="DP-XA",
        name="Vốn ngân sách xã ủy thác",
        tier=Tier.LOCAL,
        investor=committee,
        starts_on=date(2025, 1, 1),
    )
    return made


@pytest.fixture
def own_book(book: Closed, tmp_path: Path, settings: Any) -> Closed:
    """The same, whose days a test may remove and close again."""
    shutil.copytree(settings.HOME, tmp_path / "home")
    settings.HOME = tmp_path / "home"
    return book


@pytest.fixture
def chief(cast: Cast) -> User:  # noqa: F811
    """Who approves: a leader of the branch."""
    return person("giam-doc", "leader", BRANCH)


@pytest.fixture
def scheme(book: Closed, plan: Plan, cast: Cast) -> Scheme:  # noqa: F811
    """A scheme 2026–2030 on the scenario that ships first, nothing written yet."""
    return found_scheme(draft=chosen(plan), by=cast.planner, on=TODAY)


@pytest.fixture
def written(scheme: Scheme, cast: Cast) -> Scheme:  # noqa: F811
    """The same with words in every section."""
    for text in scheme.texts.all():
        assert text.path in {one.path for one in SECTIONS}
        words = f"Lời văn phần {text.title}.\n- Một ý của phần này;\n- Ý nữa."
        save_text(text=text, words=words, revision=text.revision, by=cast.planner, on=TODAY)
    return Scheme.objects.get(pk=scheme.pk)
