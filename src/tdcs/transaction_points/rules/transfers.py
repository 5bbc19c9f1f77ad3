"""How a transfer is shared out over what a loan owes, as a first proposal."""

from __future__ import annotations

from typing import NamedTuple

from tdcs.core.basis import without_basis


class Parts(NamedTuple):
    """Interest, principal and savings of one payment; dong."""

    interest: int
    principal: int
    savings: int


@without_basis("gợi ý chia khoản chuyển khoản, người xác nhận sửa được")
def proposed(amount: int, *, interest: int, principal: int, balance: int, saves: bool) -> Parts:
    """Interest that is due, then principal that is due; what is left is saved, or repaid early where nobody saves.

    1,000,000 where 62,000 of interest and 500,000 of principal are due: 62,000, 500,000 and 438,000 saved. What is more than the
    loan can take stays out of the parts, and a person decides.
    """
    first = min(amount, max(interest, 0))
    second = min(amount - first, max(principal, 0), balance)
    left = amount - first - second
    if saves:
        return Parts(first, second, left)
    return Parts(first, second + min(left, max(balance - second, 0)), 0)
