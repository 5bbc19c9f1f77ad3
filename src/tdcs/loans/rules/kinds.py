"""Kinds of events as whole numbers, in the order in which a day's events are judged."""

from __future__ import annotations

from typing import Final

(
    DISBURSEMENT,
    RATE,
    UNFREEZE,
    SESSION_DAY,
    RESCHEDULE,
    EXTEND,
    FREEZE,
    INTEREST,
    PRINCIPAL,
    WRITE_OFF,
    WRITE_OFF_INTEREST,
    REFUND_INTEREST,
    REVERSE,
) = range(13)

KINDS: Final[dict[str, int]] = {
    "disbursement": DISBURSEMENT,
    "rate": RATE,
    "unfreeze": UNFREEZE,
    "session_day": SESSION_DAY,
    "reschedule": RESCHEDULE,
    "extend": EXTEND,
    "freeze": FREEZE,
    "interest": INTEREST,
    "principal": PRINCIPAL,
    "write_off": WRITE_OFF,
    "write_off_interest": WRITE_OFF_INTEREST,
    "refund_interest": REFUND_INTEREST,
    "reverse": REVERSE,
}
# What changes instalments.
CHANGES: Final = (DISBURSEMENT, SESSION_DAY, RESCHEDULE, EXTEND)
# What carries an amount of money.
WITH_AMOUNT: Final = (
    DISBURSEMENT,
    INTEREST,
    PRINCIPAL,
    WRITE_OFF,
    WRITE_OFF_INTEREST,
    REFUND_INTEREST,
)
