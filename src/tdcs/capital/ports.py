"""What capital needs of the rooms above it: what is lent of each source, which loans know."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

import polars as pl

from tdcs.core.ports import Port


class YearOfLending(NamedTuple):
    """Of one source: interest collected in a year, and on its last day the outstanding, what of it is overdue or frozen."""

    interest: int
    outstanding: int
    unhealthy: int


# Outstanding at the end of a day: source, programme, outstanding (Int64). Answered by loans.
lent_on: Final[Port[[date], pl.DataFrame]] = Port("capital.lent_on")
# Source, year. Answered by loans.
year_of_lending: Final[Port[[int, int], YearOfLending]] = Port("capital.year_of_lending")
