"""Capital sources: what ships, and a commune's budget that begins to entrust."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.audit.models import AuditLine
from tdcs.capital import services
from tdcs.capital.errors import InvestorUnfit
from tdcs.capital.models import CapitalSource
from tdcs.capital.queries import central, sources_of, sources_on
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def test_central_and_province_ship() -> None:
    assert [(row.code, row.tier) for row in sources_on(TODAY)] == [
        ("TW", "central"),
        ("DP-TINH", "local"),
    ]
    assert central(TODAY).name == "Vốn trung ương"
    province = CapitalSource.objects.get(code="DP-TINH")
    assert province.investor is not None and province.investor.code == "ubnd@p75"
    assert not sources_on(date(2002, 12, 31)).exists()


def test_loading_again_changes_nothing() -> None:
    before = list(CapitalSource.objects.values_list())
    assert services.load() == 2
    assert list(CapitalSource.objects.values_list()) == before


def test_a_commune_gets_its_source_once() -> None:
    commune = Organisation.objects.get(code="ubnd@n26227")
    made = services.invest(investor=commune, by=None, on=TODAY)
    assert (made.code, made.tier) == ("DP-ubnd@n26227", "local")
    assert made.name.startswith("Vốn ngân sách ủy thác: UBND") and "La Ngà" in made.name
    assert services.invest(investor=commune, by=None, on=TODAY) == made
    assert list(sources_of(commune, TODAY)) == [made]
    assert AuditLine.objects.filter(action="capital.invest").count() == 1
    # The province keeps the source that ships.
    province = services.invest(
        investor=Organisation.objects.get(code="ubnd@p75"), by=None, on=TODAY
    )
    assert province.code == "DP-TINH"


def test_only_budgets_entrust() -> None:
    with pytest.raises(InvestorUnfit, match="không phải là UBND"):
        services.invest(
            investor=Organisation.objects.get(code="hoi-phu-nu@n26227"), by=None, on=TODAY
        )
