"""What indicators need of the rooms above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from tdcs.core.ports import Port

# Days → day, organisation, tasks_due, tasks_on_time: obligations of the day's year that fell due by it
# (docs/rules/indicators.md). Answered by plans.
tasks: Final[Port[[Sequence[date]], pl.DataFrame]] = Port("indicators.tasks")
