"""Whether a household may borrow under a programme on a day, with the reason when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tdcs.households.models import EligibilitySpell, Household
from tdcs.programmes.rules import eligible_household


@dataclass(frozen=True, slots=True)
class Verdict:
    eligible: bool
    reason: str
    basis: str


def judge_household(household: Household, programme: str, on: date) -> Verdict:
    """By the spells of the household and of its members on that day."""
    spells = [
        (kind, starts, ends, standard)
        for kind, starts, ends, standard in EligibilitySpell.objects.filter(
            household=household
        ).values_list("kind", "starts_on", "ends_on", "standard")
    ]
    eligible, reason, basis = eligible_household(programme, on, spells)
    return Verdict(eligible, reason, basis)
