"""Whether a household may borrow under a programme on a day, with the reason when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tdcs.households.models import EligibilitySpell, Household
from tdcs.loans.models import Loan
from tdcs.programmes.rules import eligible_household, judge_under, programmes

Spell = tuple[str, date, date | None, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    eligible: bool
    reason: str
    basis: str


def judge_household(household: Household, programme: str, on: date) -> Verdict:
    """By the spells of the household and of its members on that day, and by what it owes now."""
    verdict = eligible_household(
        programme, on, _spells(household), debts=programmes_owed(household)
    )
    return Verdict(*verdict)


def judge_programmes(household: Household, on: date) -> dict[str, Verdict]:
    """``judge_household`` under every programme at once, in the law's order."""
    found = judge_under(list(programmes()), on, _spells(household), programmes_owed(household))
    return {
        code: Verdict(row["eligible"], row["reason"], row["basis"]) for code, row in found.items()
    }


def programmes_owed(household: Household) -> list[str]:
    """The programmes under which a household owes principal."""
    rows = Loan.objects.filter(household=household, balance__gt=0)
    return list(rows.order_by("programme").values_list("programme", flat=True).distinct())


def _spells(household: Household) -> list[Spell]:
    rows = EligibilitySpell.objects.filter(household=household)
    return list(rows.values_list("kind", "starts_on", "ends_on", "standard"))
