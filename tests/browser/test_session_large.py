"""A whole session of sixty groups with 3,600 members, held offline on one tablet: the ledger's sums are the count."""

from __future__ import annotations

from typing import Any, Final

import pytest
from serving import prepare, serving
from session_cast import HOME, TODAY, Tablet, ledger

pytestmark = [pytest.mark.browser, pytest.mark.soak]
_GROUPS: Final = 60
# Besides bà Hoa's five: groups of sixty borrowers at the same point, by the book that the benches write.
_LARGE: Final = f"""{HOME}
from tdcs.cli.bench_lending import build as write_book
from tdcs.organisations.models import TransactionPoint
from tdcs.transaction_points.models import GroupAtPoint, TransactionSession
point = TransactionPoint.objects.get(code="TXN1")
area = point.profiles.get(ends_on=None).area_id
office = TransactionSession.objects.get().office_id
made = write_book({_GROUPS} * 60, [(area, office)])
for group, _office, loans in made.groups:
    if len(loans) == 60:
        GroupAtPoint.objects.create(group_id=group, point=point, starts_on=SINCE)
"""


def test_sixty_groups_from_the_pack_to_the_ledger(new_home: Any, chromium: Any) -> None:
    home = new_home("large")
    prepare(home, TODAY, _LARGE)
    with serving(home, TODAY) as site:
        tablet = Tablet(chromium, site)
        tablet.context.set_default_timeout(90_000)
        tablet.prepare()
        tablet.offline()
        tablet.page.reload()
        tablet.unlock()
        rows = tablet.page.locator("main .list a.row")
        assert rows.count() == _GROUPS + 1
        for at in range(_GROUPS + 1):
            tablet.tab("Tổ")
            rows.nth(at).click()
            tablet.page.locator(".foot .totals").wait_for()
            tablet.enter_sheet()
            tablet.sees("Chọn người nộp")
        cash = tablet.cash()
        tablet.count(cash)
        tablet.seal()
        assert tablet.proved() == 0
        tablet.offline(False)
        tablet.all_handed_in()
        assert tablet.problems == []
        said = ledger(home)
    kinds = [(row["kind"], row["state"]) for row in said["lines"]]
    assert kinds == [("collect", "posted")] * (_GROUPS + 1) + [
        ("count", "noted"),
        ("seal", "noted"),
    ]
    assert (said["entries"], said["twice"]) == (_GROUPS + 1, 0)
    assert sum(said["paid"].values()) == cash > 0
    print(f"{said['loans']} loans, {cash:,} dong counted, in the ledger the same")
