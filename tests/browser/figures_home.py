"""Run before the server of the dashboard starts: a small book with its closed days, written as the close would write it."""

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]

# A group in each of twenty communes, a few loans each, fourteen months.
BOOK = f"""
import sys
from datetime import date
from tdcs.cli import setup
setup.django()
sys.path.append({str(TESTS / "indicators")!r})
from book_of_places import Spot, fill, loans_of, month_ends
from tdcs.capital.models import CapitalSource
from tdcs.closing.models import BookIdentity
from tdcs.closing.queries import store
from tdcs.entrustment.models import GroupProfile, SavingsGroup
from tdcs.organisations.models import Kind, Level, ServedArea
from tdcs.organisations.queries import profiles_on

today, since = date(2026, 11, 23), date(2025, 7, 1)
women = dict(profiles_on(today).filter(organisation__type="hoi-phu-nu", organisation__level=Level.COMMUNE).values_list("area_id", "organisation_id"))
spots = []
for at, (office, area) in enumerate(ServedArea.objects.on(today).filter(area__level=Level.COMMUNE).order_by("office_id", "area_id").values_list("office_id", "area_id")[::5]):
    group = SavingsGroup.objects.create(code=f"46{{at:05}}", starts_on=since)
    GroupProfile.objects.create(group=group, name=f"Tổ số {{at}}", area_id=area, hamlet="Ấp 1", mass_organisation_id=women[area], office_id=office, session_day=10, starts_on=since, search="")
    spots.append(Spot(office, area, group.pk, women[area], 6 + at, 0.2))
sources = tuple(CapitalSource.objects.order_by("pk").values_list("pk", flat=True)[:2])
book = BookIdentity.objects.values_list("key", flat=True).first() or "browser"
first = date(2025, 9, 1)
fill(store(), loans_of(spots, first, today, sources, 5), [*month_ends(first, today), today], book=str(book))
"""
