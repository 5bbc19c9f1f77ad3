"""A process of its own that does business and closes a day; it may be told to kill itself at the n-th stage.

    python kill_child.py prepare | close DAY [STAGE]

The database and the home come from the environment, as in production.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date, timedelta

from tdcs.cli import setup

setup.django()

from business import FIRST, Business, closed, days  # noqa: E402
from lending_cast import make_bank  # noqa: E402

from tdcs.closing.services import close_day, rebuild  # noqa: E402
from tdcs.core import clock  # noqa: E402
from tdcs.loans.models import LoanEvent  # noqa: E402

# Closed through the eve; then an event of the eve comes late, and the day's business waits for its close.
DAY = date(2026, 3, 31)
EVE = DAY - timedelta(days=1)


def prepare() -> None:
    """A month whose last day is open and whose last three eves are closed."""
    business = Business(make_bank())
    for day in days(FIRST, EVE):
        business.of(day)
        if day == EVE - timedelta(days=3):
            with clock.fixed_today(day):
                rebuild(days=[day], by=None)
        elif day >= EVE - timedelta(days=2):
            closed(day)
    business.of(DAY)
    with clock.fixed_today(DAY):
        business.lend(DAY)
        LoanEvent.objects.create(
            loan=business.loans[0],
            on=EVE - timedelta(days=1),
            kind="principal",
            amount=700_000,
            recorded_at=clock.now(),
        )


def close(day: date, stage: int | None) -> None:
    """The close; before the ``stage``-th thing it tells the process is gone."""
    told = 0

    def tell(words: str) -> None:
        nonlocal told
        told += 1
        if told == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    print("ready", flush=True)
    answer = close_day(day=day, by=None, step=tell)
    print(told, len(answer.moved), answer.digest, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
    else:
        close(date.fromisoformat(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
