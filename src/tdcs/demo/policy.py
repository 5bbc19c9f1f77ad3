"""One draft of the law, tried on the invented province, so that the laboratory has something to show."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.access.models import User
from tdcs.closing.queries import shown_day
from tdcs.core import clock
from tdcs.policy_lab.services import keep_comparison

# An invented draft: cheaper credit for the poor (with all that is a multiple of it), higher poverty lines, more for
# households that escaped. {first} is the first day of the demonstration's month.
_DRAFT: Final = """\
name: Giảm lãi suất hộ nghèo 0,6 điểm, nâng chuẩn cận nghèo
basis: Dự thảo của cuộc trình diễn, không phải văn bản thật
changes:
- figure: HN.rate
  from: {first}
  ppm: 56400
  reach: both
  basis: Dự thảo Quyết định, Điều 1
- figure: HMTN.maximum
  from: {first}
  value: 150000000
  basis: Dự thảo Quyết định, Điều 2
- figure: lines.national.rural.poor
  from: {first}
  value: 2400000
  basis: Dự thảo Nghị định, Điều 3
- figure: lines.national.rural.average
  from: {first}
  value: 3300000
  basis: Dự thảo Nghị định, Điều 3
- figure: HMTN.kinds
  kinds: [newly_escaped, average_living]
  basis: Dự thảo Quyết định, Điều 3
"""


def try_a_draft(*, by: User, on: date) -> None:
    """Tries it on the last closed day; nothing where no day is closed."""
    if shown_day(on) is None:
        return
    with clock.fixed_today(on):
        text = _DRAFT.format(first=on.replace(day=1).isoformat())
        keep_comparison(text=text.encode(), by=by, on=on)
