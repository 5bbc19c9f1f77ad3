"""What entrusted loans cost the bank: commission of the groups' boards and the organisations' fee, each a share of the
outstanding that groups manage and of which the interest is collected.

A month's commission is the mean of the outstanding's two ends less what is overdue × the share that groups manage × the
rate; the year's is rounded down once for each programme and tier. 1,000 million in term all year, all of it with groups, at
0.085% a month: 10,200,000. Terms are those of the projection's first day; interest is taken as collected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tdcs.core.basis import without_basis
from tdcs.forecasting.rules.assumptions import PPM
from tdcs.forecasting.rules.path import Flows


@dataclass(frozen=True, slots=True)
class Costs:
    """``commission`` and ``fee``: ppm a month of outstanding with groups; ``managed``: ppm of a programme's outstanding.

    ``basis``: the texts of both rates.
    """

    commission: int = 0
    fee: int = 0
    managed: Mapping[str, int] = field(default_factory=dict)
    basis: str = ""


@without_basis("phép chiếu: các tỷ lệ lấy từ group_results.rules, có căn cứ ở đó")
def costs_of(flows: Flows, costs: Costs) -> tuple[int, int]:
    """Commission and fee of the months and stocks, in dong."""
    commission = fee = 0
    for programme in sorted({key.programme for key in flows.keys}):
        mine = flows.of_programme(programme)
        ends = mine.total("opening") + mine.total("closing")
        in_term = max(ends - 2 * mine.total("overdue"), 0) * costs.managed.get(programme, 0)
        commission += in_term * costs.commission // (2 * PPM * PPM)
        fee += in_term * costs.fee // (2 * PPM * PPM)
    return commission, fee
