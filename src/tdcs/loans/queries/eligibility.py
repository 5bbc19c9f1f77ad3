"""Whether a household may borrow under a programme on a day, with the reason when not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tdcs.core.engine import few, nw
from tdcs.core.frames import Frame
from tdcs.households.models import EligibilitySpell, Household
from tdcs.loans.models import Loan
from tdcs.programmes.rules import eligible, eligible_household, programmes

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
    codes, spells, owed = list(programmes()), _spells(household), programmes_owed(household)
    # As many cases as there are programmes: few enough for lists.
    with few():
        found = _judged(codes, spells, owed, on)
    return {
        code: Verdict(found[code]["eligible"], found[code]["reason"], found[code]["basis"])
        for code in codes
    }


def _judged(
    codes: list[str], spells: list[Spell], owed: list[str], on: date
) -> dict[str, dict[str, Any]]:
    """code → a row of ``eligible``."""
    cases = _frame(
        {"case": range(len(codes)), "programme": codes, "on": [on] * len(codes)},
        {"case": nw.Int64(), "programme": nw.String(), "on": nw.Date()},
    )
    pairs = [(at, spell) for at in range(len(codes)) for spell in spells]
    held = _frame(
        {
            "case": [at for at, _ in pairs],
            "kind": [spell[0] for _, spell in pairs],
            "starts_on": [spell[1] for _, spell in pairs],
            "ends_on": [spell[2] for _, spell in pairs],
        },
        {"case": nw.Int64(), "kind": nw.String(), "starts_on": nw.Date(), "ends_on": nw.Date()},
    )
    debts = _frame(
        {
            "case": [at for at in range(len(codes)) for _ in owed],
            "owed": owed * len(codes),
        },
        {"case": nw.Int64(), "owed": nw.String()},
    )
    return {row["programme"]: row for row in eligible(cases, held, debts).rows(named=True)}


def programmes_owed(household: Household) -> list[str]:
    """The programmes under which a household owes principal."""
    rows = Loan.objects.filter(household=household, balance__gt=0)
    return list(rows.order_by("programme").values_list("programme", flat=True).distinct())


def _spells(household: Household) -> list[Spell]:
    rows = EligibilitySpell.objects.filter(household=household)
    return list(rows.values_list("kind", "starts_on", "ends_on", "standard"))


def _frame(columns: dict[str, Iterable[object]], schema: dict[str, nw.dtypes.DType]) -> Frame:
    data = {name: list(values) for name, values in columns.items()}
    return nw.DataFrame.from_dict(data, schema, backend="polars")
