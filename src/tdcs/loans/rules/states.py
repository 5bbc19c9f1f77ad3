"""What a loan can be, by code; ``loans.states.LoanState`` gives each code its words."""

from __future__ import annotations

from enum import StrEnum


class StateCode(StrEnum):
    """The state of a loan as rules write it into a column."""

    IN_TIME = "in_time"
    OVERDUE = "overdue"
    FROZEN = "frozen"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
