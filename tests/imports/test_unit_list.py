"""The core's list of units: points that are new here come to be, what is known and told otherwise is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from extract_cast import DAY, OFFICE, loan, workbook
from list_cast import NOVEMBER, bring, codes_of, commit, list_of, undo

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsGroup
from tdcs.imports.queries.lists import list_changes
from tdcs.imports.reading.workbook import read_workbook
from tdcs.imports.states import FileState
from tdcs.organisations.errors import PointInUse
from tdcs.organisations.models import TransactionPoint, TransactionPointProfile
from tdcs.transaction_points.models import GroupAtPoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)


def _hamlet(number: int, point: int, **other: Any) -> dict[str, Any]:
    return {
        "office": OFFICE,
        "office_name": "Phòng giao dịch Ngân hàng Chính sách xã hội Định Quán",
        "commune": "460025",
        "commune_name": "xã La Ngà",
        "hamlet": f"4600250{number}",
        "hamlet_name": f"Ấp {number}",
        "point": f"TXN460025{point}",
        "point_name": f"ĐGD La Ngà {point} ",
        "session_day": 10 + point,
        "status": "A",
    } | other


def _units(*rows: dict[str, Any], day: date = DAY) -> bytes:
    return list_of("units", list(rows), day)


def _points() -> list[tuple[str, str, int]]:
    rows = TransactionPointProfile.objects.order_by("point__code")
    return list(rows.values_list("point__code", "name", "session_day"))


def test_points_of_the_list_are_there_until_it_is_undone(planner: User) -> None:
    rows = (_hamlet(1, 1), _hamlet(2, 1), _hamlet(3, 2))
    made = bring(planner, _units(*rows))
    assert [(one.begins, one.ends, one.left_out) for one in list_changes(made)] == [(2, 0, 0)]
    assert commit(made, planner)["begun"] == 2
    assert _points() == [
        ("TXN4600251", "ĐGD La Ngà 1", 11),
        ("TXN4600252", "ĐGD La Ngà 2", 12),
    ]
    again = bring(planner, _units(*rows))
    assert again.files.get().state == FileState.SAME
    for day in (NOVEMBER, date(2026, 9, 30)):
        other = bring(planner, _units(*rows, day=day), day=day)
        assert commit(other, planner)["begun"] == 0
        undo(other, planner)
    undo(made, planner)
    assert not TransactionPoint.objects.exists()


def test_a_point_with_a_code_of_ours_is_the_one_of_that_commune_and_day(planner: User) -> None:
    commit(bring(planner, _units(_hamlet(1, 1))), planner)
    TransactionPoint.objects.update(code="DGD-LA-NGA")
    made = bring(planner, _units(_hamlet(1, 1), day=NOVEMBER), day=NOVEMBER)
    assert commit(made, planner)["begun"] == 0
    assert codes_of(made) == []


def test_what_is_told_otherwise_is_named_and_stays(planner: User) -> None:
    commit(bring(planner, _units(_hamlet(1, 1))), planner)
    rows = (
        _hamlet(1, 1, session_day=25),
        _hamlet(2, 2, session_day=None),
        _hamlet(3, 3, status="C"),
        _hamlet(4, 4, commune_name="xã Không Có"),
        _hamlet(5, 5, commune_name="phường Tân Triều"),
    )
    made = bring(planner, _units(*rows, day=NOVEMBER), day=NOVEMBER)
    assert codes_of(made) == [
        ("commune_name", "commune_kept_by_other"),
        ("commune_name", "commune_not_here"),
        ("session_day", "point_other_day"),
        ("session_day", "point_without_day"),
    ]
    assert commit(made, planner)["begun"] == 0
    assert _points() == [("TXN4600251", "ĐGD La Ngà 1", 11)]


def test_a_point_that_is_used_keeps_its_import(planner: User) -> None:
    made = bring(planner, workbook(loan(1, session_day=11)), _units(_hamlet(1, 1)))
    commit(made, planner, monitor=True)
    point, group = TransactionPoint.objects.get(), SavingsGroup.objects.get()
    GroupAtPoint.objects.create(group=group, point=point, starts_on=DAY)
    with pytest.raises(PointInUse):
        undo(made, planner)
    assert _points() == [("TXN4600251", "ĐGD La Ngà 1", 11)]
