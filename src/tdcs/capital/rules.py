"""Rules of entrusted money: what is free for a programme, and how a year's interest is shared. Needs no database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from tdcs.core.basis import basis
from tdcs.programmes.rules.shared import shared

PPM: Final = 1_000_000

# A set of programmes for which money is meant, in order; none of them: money for all.
Meant = tuple[str, ...]


@basis("TT-84-2025-BTC", "Điều 5")
def free_for_programme(
    received: Mapping[Meant, int], lent: Mapping[str, int], programme: str
) -> int:
    """What of a source may still be lent under a programme.

    Money meant for some programmes pays their loans first; what they owe beyond it is paid by the money meant for all, as
    are all other programmes. Free is what is left of the programme's own money and of the money for all. Sets never overlap.
    Below zero when more is lent than was received.
    """
    common = received.get((), 0)
    own, meant = 0, set()
    for programmes, amount in received.items():
        if not programmes:
            continue
        meant |= set(programmes)
        left = amount - sum(lent.get(one, 0) for one in programmes)
        common += min(left, 0)
        if programme in programmes:
            own = max(left, 0)
    common -= sum(amount for one, amount in lent.items() if one not in meant)
    return own + common


class Shares(NamedTuple):
    """Of a year's interest: provision for risk, management fee, what is added to the capital."""

    provision: int
    management: int
    capital: int


@basis("TT-84-2025-BTC", "Điều 5.7.a")
def share_interest(*, interest: int, healthy: int, provision_held: int, on: date) -> Shares:
    """A year's interest first fills the general provision up to its share of what is neither overdue nor frozen, then pays
    the management fee, at most its share of the whole interest; the rest is added to the capital. Both are rounded down."""
    wanted = healthy * shared("fund_provision_ppm").on(on).amount // PPM
    provision = min(interest, max(0, wanted - provision_held))
    fee = interest * shared("fund_management_ppm").on(on).amount // PPM
    management = min(interest - provision, fee)
    return Shares(provision, management, interest - provision - management)
