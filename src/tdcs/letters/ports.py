"""What the register asks of the rooms above: which tasks a letter may be about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tdcs.core.ports import Port

# The tasks of the plans in force, as (key, "mục và tên"). Answered by plans.
tasks: Final[Port[[], Sequence[tuple[int, str]]]] = Port("letters.tasks")
