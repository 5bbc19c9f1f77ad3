"""Named invariants of households; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from tdcs.core import clock
from tdcs.households.models import (
    EligibilitySpell,
    Household,
    HouseholdAddress,
    HouseholdMember,
    HouseholdScan,
    PovertyReview,
)
from tdcs.households.queries.scans import scan_faults
from tdcs.households.rules import REVIEWED
from tdcs.organisations.models import living_on

_OVERLAPS: Final = """
    SELECT a.id, b.id, h.code, a.kind
    FROM households_eligibilityspell a
    JOIN households_eligibilityspell b
      ON b.household_id = a.household_id AND b.kind = a.kind AND b.id > a.id
     AND b.person_id IS NOT DISTINCT FROM a.person_id
     AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
    JOIN households_household h ON h.id = a.household_id
"""


def spells_of_a_kind_do_not_overlap() -> Iterator[str]:
    """Also asked of the rows themselves: the constraint may have been off when they were loaded."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPS)
        for first, second, code, kind in cursor.fetchall():
            yield f"hộ {code}: diện {kind} có hai thời gian chồng nhau ({first}, {second})"


def living_households_have_one_head() -> Iterator[str]:
    """Today: exactly one head of each household."""
    today = clock.today()
    heads = Count("members", filter=living_on(today, "members__") & Q(members__is_head=True))
    rows = Household.objects.on(today).annotate(heads=heads).exclude(heads=1)
    for code, count in rows.values_list("code", "heads"):
        yield f"hộ {code}: {count} chủ hộ"


def living_households_have_an_address() -> Iterator[str]:
    """Today: where each household lives is known."""
    today = clock.today()
    homes = HouseholdAddress.objects.filter(living_on(today), household=OuterRef("pk"))
    for code in Household.objects.on(today).exclude(Exists(homes)).values_list("code", flat=True):
        yield f"hộ {code}: không có nơi ở"


def nothing_outlives_its_household() -> Iterator[str]:
    """Members, addresses and spells of an ended household end with it."""
    for model in (HouseholdMember, HouseholdAddress, EligibilitySpell):
        late = Q(ends_on=None) | Q(ends_on__gt=F("household__ends_on"))
        rows = model.objects.filter(late, household__ends_on__isnull=False)
        for code in rows.values_list("household__code", flat=True).distinct():
            yield f"hộ {code} đã kết thúc mà còn {model._meta.verbose_name}"


def approved_reviews_have_their_spells() -> Iterator[str]:
    """Each approved line began its spell by the review's decision, and each escaped household its own."""
    for review in PovertyReview.objects.filter(state=PovertyReview.State.APPROVED):
        owed = {
            (household, result)
            for household, result in review.lines.values_list("household_id", "result")
            if result in REVIEWED
        }
        escaped = review.lines.filter(change="escaped").values_list("household_id", flat=True)
        owed |= {(household, "newly_escaped") for household in escaped}
        there = set(review.spells.values_list("household_id", "kind"))
        for household, kind in sorted(owed ^ there):
            lack = "thiếu" if (household, kind) in owed else "thừa"
            yield f"rà soát {review}: {lack} diện {kind} của hộ {household}"
        if review.spells.exclude(decision_number=review.decision_number).exists():
            yield f"rà soát {review}: có diện mang số quyết định khác"


def scans_are_as_received() -> Iterator[str]:
    """The file of each scanned paper of a household has the digest it was received with; also of those taken back."""
    for scan, wrong in scan_faults(HouseholdScan.objects.select_related("household")):
        yield f"hộ {scan.household.code}: tệp của giấy tờ “{scan}” {wrong} ({scan.sha256[:12]})"


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "households.spells_of_a_kind_do_not_overlap": spells_of_a_kind_do_not_overlap,
    "households.living_households_have_one_head": living_households_have_one_head,
    "households.living_households_have_an_address": living_households_have_an_address,
    "households.nothing_outlives_its_household": nothing_outlives_its_household,
    "households.approved_reviews_have_their_spells": approved_reviews_have_their_spells,
    "households.scans_are_as_received": scans_are_as_received,
}
