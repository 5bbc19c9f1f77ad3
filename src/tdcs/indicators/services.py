"""What is made of a closed day before anybody asks: sums by fewer keys, savings, and access to credit as it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tdcs.closing.queries import store
from tdcs.indicators.cubes import prepare
from tdcs.indicators.frame_files import write_frame
from tdcs.indicators.queries.access import count_access, folder
from tdcs.indicators.queries.numbers import keep_numbers
from tdcs.indicators.queries.places import unions
from tdcs.indicators.queries.savings import sum_savings

Step = Callable[[str], None]


def prepare_days(*, days: Sequence[date], step: Step | None = None) -> None:
    """Makes what screens read of closed days. Doing it again makes the same; a day that changed is made anew.

    Access reads loans, so it is counted here and never while a page is made.
    """
    tell, book = step or (lambda words: None), store()
    kinds = unions()
    keep_numbers()
    for number, day in enumerate(days, start=1):
        prepare(book, [day], kinds)
        sum_savings(day)
        write_frame(count_access(day), folder() / f"access-{day}.parquet")
        tell(f"{day}: {number}/{len(days)}")


def prepare_closed(days: Sequence[date]) -> None:
    """``prepare_days`` of the days that are kept still."""
    kept = set(store().days())
    prepare_days(days=[day for day in days if day in kept])
