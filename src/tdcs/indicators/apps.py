from collections.abc import Sequence
from datetime import date

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "tdcs.indicators"
    verbose_name = "Chỉ tiêu"

    def ready(self) -> None:
        """Register what is made of closed days."""
        from tdcs.closing import ports

        ports.days_closed.register(_prepare)


def _prepare(days: Sequence[date]) -> None:
    # Only who closes a day waits for these modules.
    from tdcs.indicators.services import prepare_closed

    prepare_closed(days)
