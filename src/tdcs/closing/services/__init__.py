"""Close a day, close it again when events came late, replay everything from nothing."""

from tdcs.closing.services.closing import Answer, close_day, missing_days, next_day
from tdcs.closing.services.replaying import Replayed, kept_from, rebuild, replay

__all__ = [
    "Answer",
    "Replayed",
    "close_day",
    "kept_from",
    "missing_days",
    "next_day",
    "rebuild",
    "replay",
]
