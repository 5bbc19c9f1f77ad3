"""Options that the commands of projections share: the day, and what is assumed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import click

ON = click.option(
    "--on",
    "on_text",
    default="",
    help="From the last closed month-end up to a day; today when not given.",
)


class Percent(click.ParamType[int]):
    """ "10", "10.5" or "10,5" → parts per million."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            found = Decimal(str(value).strip().rstrip("%").replace(",", ".")) * 10_000
        except InvalidOperation:
            self.fail(f"{value}: không phải tỷ lệ phần trăm / not a percentage", param, ctx)
        if found != found.to_integral_value():
            self.fail(f"{value}: quá bốn chữ số thập phân / more than four decimals", param, ctx)
        return int(found)


_ASSUMED: Final = (
    click.option(
        "--until", type=int, default=2030, show_default=True, help="Through the end of a year."
    ),
    click.option("--growth", type=Percent(), help="Growth of outstanding in a year, in percent."),
    click.option(
        "--local", type=Percent(), help="Of the growth, the share of the budgets, in percent."
    ),
    click.option(
        "--share",
        type=Percent(),
        help="Of the outstanding in the last year, the share of the budgets.",
    ),
    click.option(
        "--commune", type=Percent(), help="Of what the budgets bring, the part of the communes."
    ),
    click.option(
        "--lending",
        type=Percent(),
        default=1_000_000,
        help="Of what the last year lent, where no growth is named.",
    ),
)


def assumptions(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a scenario."""
    for option in reversed(_ASSUMED):
        command = option(command)
    return command
