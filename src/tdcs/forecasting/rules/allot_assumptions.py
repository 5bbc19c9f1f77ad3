"""What a search for allotments assumes; all but ``until`` (a year) in parts per million."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tdcs.core import law
from tdcs.forecasting.rules.assumptions import PPM, Bound, Fault, out_of_bounds, until_fault


@dataclass(frozen=True, slots=True)
class Search:
    """``growth`` of the outstanding in a year; ``share`` of it from the budgets, through each year.

    ``need_most``: what a programme grows by in a commune in a year at most; ``commune_least``: of what its outstanding would
    bring a commune of the growth, what it gets at least; ``times``: of what a budget gave in the last year, what it gives at
    most; ``commune_share``: of a commune's outstanding, what its budget may always give; ``central_most``: of what the centre
    added in the last year, what it adds at most (None: as much as is asked); ``price``: what a dong costs its budget in a year;
    ``dearer``: what it costs more beyond what was given last year.
    """

    growth: int
    share: int
    need_most: int
    commune_least: int
    times: int
    commune_share: int
    price: int
    dearer: int
    central_most: int | None = None
    until: int = 2030


BOUNDS: Final = {
    "growth": Bound(
        "tăng trưởng một năm từ 0% đến 1.000%",
        "growth of a year from 0% to 1,000%",
        0,
        10 * PPM,
    ),
    "share": Bound(
        "tỷ trọng vốn địa phương từ 0% đến 100% mức tăng",
        "the budgets' share from 0% to 100%",
        0,
        PPM,
    ),
    "need_most": Bound(
        "nhu cầu của xã từ 0% đến 1.000% một năm",
        "a commune's need from 0% to 1,000% a year",
        0,
        10 * PPM,
    ),
    "commune_least": Bound(
        "mức tối thiểu của xã từ 0% đến 100%",
        "a commune's least from 0% to 100%",
        0,
        PPM,
    ),
    "times": Bound(
        "trần ngân sách từ 0 đến 100 lần năm qua",
        "a budget's ceiling from 0 to 100 times the past year",
        0,
        100 * PPM,
    ),
    "commune_share": Bound(
        "mức xã luôn bố trí được từ 0% đến 100% dư nợ",
        "what a commune may always give, from 0% to 100%",
        0,
        PPM,
    ),
    "central_most": Bound(
        "vốn trung ương từ 0 đến 100 lần năm qua",
        "central money from 0 to 100 times the past year",
        0,
        100 * PPM,
    ),
    "price": Bound(
        "chi phí một đồng vốn từ 0% đến 100% một năm",
        "what a dong costs from 0% to 100% a year",
        0,
        PPM,
    ),
    "dearer": Bound(
        "phần chi phí cộng thêm từ 0% đến 100% một năm",
        "what it costs more from 0% to 100% a year",
        0,
        PPM,
    ),
}


@law.remembered
def usual_search() -> Search:
    """law/allotment.yaml."""
    return Search(**law.load("allotment.yaml"))


def search_faults(search: Search, year: int) -> list[Fault]:
    """The assumptions that cannot be; ``year``: that of the first day."""
    found = out_of_bounds(search, BOUNDS)
    late = until_fault(search.until, year)
    return [*found, late] if late else found
