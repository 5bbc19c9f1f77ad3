"""What is typed into a collection sheet: an amount for each loan and column, every wrong one named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError

from tdcs.entrustment.forms import Amount
from tdcs.loans.services.collecting import Collection

COLUMNS: Final = ("interest", "principal", "savings")
_NAME: Final = re.compile(r"(interest|principal|savings)-([1-9][0-9]{0,14})", re.ASCII)
_AMOUNT: Final = Amount(required=False)
# A sheet holds 60 members; a household has a loan of each of a few programmes.
MOST: Final = 600


@dataclass(slots=True)
class Typed:
    """The words as typed, the dong they mean, what is wrong with them; by loan, then column."""

    words: dict[int, dict[str, str]] = field(default_factory=dict)
    dong: dict[int, dict[str, int]] = field(default_factory=dict)
    wrong: dict[int, dict[str, str]] = field(default_factory=dict)

    def sums(self) -> dict[str, int]:
        """The dong of each column and in all."""
        sums = {name: sum(row.get(name, 0) for row in self.dong.values()) for name in COLUMNS}
        return {**sums, "total": sum(sums.values())}

    def collections(self, accounts: Mapping[int, int | None]) -> list[Collection]:
        """The lines to post, in the order of the sheet's loans: those on which something was typed."""
        return [
            Collection(
                loan,
                row.get("interest", 0),
                row.get("principal", 0),
                row.get("savings", 0),
                account if row.get("savings") else None,
            )
            for loan, account in accounts.items()
            if any((row := self.dong.get(loan, {})).values())
        ]


def read_sheet(sent: Mapping[str, str]) -> Typed:
    """The fields ``interest-12``, ``principal-12``, ``savings-12`` of a sent form."""
    typed = Typed()
    names = [match for name in sent if (match := _NAME.fullmatch(name))]
    for match in names[: MOST * len(COLUMNS)]:
        column, loan = match[1], int(match[2])
        words = str(sent[match[0]]).strip()[:40]
        if not words:
            continue
        typed.words.setdefault(loan, {})[column] = words
        try:
            typed.dong.setdefault(loan, {})[column] = _AMOUNT.clean(words) or 0
        except ValidationError as error:
            typed.wrong.setdefault(loan, {})[column] = " ".join(error.messages)
    return typed
