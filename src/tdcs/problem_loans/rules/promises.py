"""Whether a promise to pay was kept, by what the ledger says; how much of a capital was lost."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.core.basis import basis, without_basis

KEPT, BROKEN, WAITING = "kept", "broken", "waiting"
_HUNDRED: Final = 100


@without_basis("theo dõi lời hứa trả nợ là việc nội bộ, không văn bản nào quy định")
def judged(amount: int, paid: int, due_on: date, on: date) -> str:
    """Kept: from the day of the promise to its last day at least its amount was paid. Broken: that day has passed without."""
    if paid >= amount:
        return KEPT
    return BROKEN if on > due_on else WAITING


@basis("QD-50-2010-TTg")
def loss_percent(loss: int, capital: int) -> int:
    """Loss ÷ capital in whole percent, rounded down: 79.9 % is 79, below the longer freeze. 0 ≤ loss ≤ capital, capital > 0."""
    return loss * _HUNDRED // capital
