"""What lending needs of the rooms above it: a line under the bell of one person."""

from __future__ import annotations

from typing import Final

from tdcs.core.ports import Port

# Person, the unit for which he works, words, application: inside the step's transaction. Answered by plans, which keeps notices.
notify_person: Final[Port[[int, int, str, int], None]] = Port("loans.notify_person")
