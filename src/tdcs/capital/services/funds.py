"""Before money goes out of a source: is there enough of it. The database judges once more (migration 0002)."""

from __future__ import annotations

from tdcs.capital.errors import FundExhausted, ProgrammeNotFunded
from tdcs.capital.models import CapitalSource, Fund
from tdcs.capital.queries.funds import free_for


def require_free(*, source: CapitalSource, amount: int, programme: str = "") -> None:
    """Holds the source until the transaction ends and refuses what it has not. Raises FundExhausted, ProgrammeNotFunded.

    Called after the office's book is locked, never before: whoever undoes a repayment locks in that order, too.
    """
    Fund.objects.select_for_update().filter(source=source).first()
    free, for_programme = free_for(source.pk, programme)
    if amount > free:
        raise FundExhausted(name=source.name, free=max(free, 0), amount=amount)
    if amount > for_programme:
        raise ProgrammeNotFunded(
            name=source.name, free=max(for_programme, 0), programme=programme, amount=amount
        )
