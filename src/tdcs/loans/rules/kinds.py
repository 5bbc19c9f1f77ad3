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
    REPORTED_TERMS,
    REPORTED_LENT,
    REPORTED_PRINCIPAL,
    REPORTED_WRITE_OFF,
    REPORTED_INTEREST,
    REPORTED_WAIVED,
    REPORTED_ACCRUED,
    REPORTED_OVERDUE,
    REPORTED_FROZEN,
    REPORTED_ARREARS,
    REPORTED_GONE,
    OPENING,
    OPENING_LATE,
    OPENING_FALLEN,
) = range(27)

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
    "reported_terms": REPORTED_TERMS,
    "reported_lent": REPORTED_LENT,
    "reported_principal": REPORTED_PRINCIPAL,
    "reported_write_off": REPORTED_WRITE_OFF,
    "reported_interest": REPORTED_INTEREST,
    "reported_waived": REPORTED_WAIVED,
    "reported_accrued": REPORTED_ACCRUED,
    "reported_overdue": REPORTED_OVERDUE,
    "reported_frozen": REPORTED_FROZEN,
    "reported_arrears": REPORTED_ARREARS,
    "reported_gone": REPORTED_GONE,
    "opening": OPENING,
    "opening_late": OPENING_LATE,
    "opening_fallen": OPENING_FALLEN,
}
# What extracts of the bank's core say of a loan: figure → the kind of the events by which it moved. The first six only
# grow; the others are what stands (docs/rules/monitoring.md).
REPORTED: Final[dict[str, str]] = {
    "lent": "reported_lent",
    "principal": "reported_principal",
    "written_off": "reported_write_off",
    "collected": "reported_interest",
    "waived": "reported_waived",
    "accrued": "reported_accrued",
    "overdue": "reported_overdue",
    "frozen": "reported_frozen",
    "arrears": "reported_arrears",
    "gone": "reported_gone",
}
REPORTED_KINDS: Final = ("reported_terms", *REPORTED.values())
# What changes instalments.
CHANGES: Final = (DISBURSEMENT, SESSION_DAY, RESCHEDULE, EXTEND, OPENING_FALLEN)
# What carries an amount of money.
WITH_AMOUNT: Final = (
    DISBURSEMENT,
    INTEREST,
    PRINCIPAL,
    WRITE_OFF,
    WRITE_OFF_INTEREST,
    REFUND_INTEREST,
)
