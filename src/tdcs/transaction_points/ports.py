"""What sessions need of the rooms above them."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.access.models import User
from tdcs.core.ports import Port

# The session's day, who hands in, today → the job that closes the day and those after it again; None while it is open.
# Answered by closing.
booked_late: Final[Port[[date, User, date], int | None]] = Port("transaction_points.booked_late")
