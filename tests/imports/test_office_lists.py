"""Lists that an office keeps of itself: who looks after which hamlet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from extract_cast import DAY, OFFICE, loan, workbook
from list_cast import NOVEMBER, ON, bring, codes_of, commit, list_of, undo

from tdcs.access.models import HamletOfficer, User
from tdcs.access.queries import hamlet_officers
from tdcs.entrustment.models import SavingsGroup
from tdcs.imports.errors import FilesNotReady
from tdcs.imports.queries.lists import list_changes
from tdcs.imports.reading.workbook import read_workbook
from tdcs.imports.states import FileState

EVE = DAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)


def _hamlet(number: int, officer: str | None, **other: Any) -> dict[str, Any]:
    return {
        "number": number,
        "office": OFFICE,
        "commune": "460025",
        "commune_name": "xã La Ngà",
        "hamlet": f"4600250{number}",
        "hamlet_name": f"Ấp {number}",
        "officer": officer,
    } | other


def _officers(*rows: dict[str, Any], day: date = DAY) -> bytes:
    return list_of("officers", list(rows), day)


def _in_charge(day: date) -> dict[str, str]:
    return {words: name for (_, words), name in hamlet_officers(day).items()}


def test_officers_of_a_list_look_after_hamlets_until_it_is_undone(
    planner: User, head: User
) -> None:
    made = bring(planner, _officers(_hamlet(1, "Trần Văn An"), _hamlet(2, head.full_name)))
    assert [(one.begins, one.ends, one.left_out) for one in list_changes(made)] == [(2, 0, 0)]
    assert commit(made, planner)["begun"] == 2
    assert _in_charge(ON) == {"ap 1": "Trần Văn An", "ap 2": head.full_name}
    assert not _in_charge(EVE)
    # Who has an account of the office is known by it.
    assert HamletOfficer.objects.get(name="Trần Văn An").user is None
    assert HamletOfficer.objects.get(name=head.full_name).user == head
    undo(made, planner)
    assert not HamletOfficer.objects.exists()


def test_another_officer_ends_the_one_before_and_undone_he_goes_on(planner: User) -> None:
    commit(bring(planner, _officers(_hamlet(1, "An"), _hamlet(2, "An"), _hamlet(3, "An"))), planner)
    later = _officers(_hamlet(1, "Bình", hamlet_name="ẤP  1"), _hamlet(2, "An"), day=NOVEMBER)
    made = bring(planner, later, day=NOVEMBER)
    assert [(one.begins, one.ends) for one in list_changes(made)] == [(1, 1)]
    commit(made, planner)
    assert _in_charge(DAY) == {"ap 1": "An", "ap 2": "An", "ap 3": "An"}
    # A hamlet that the list does not name stays with whom it was.
    assert _in_charge(NOVEMBER) == {"ap 1": "Bình", "ap 2": "An", "ap 3": "An"}
    undo(made, planner)
    assert set(_in_charge(NOVEMBER).values()) == {"An"}


def test_the_same_list_of_officers_changes_nothing_and_one_of_the_day_replaces_it(
    planner: User,
) -> None:
    content = _officers(_hamlet(1, "An"))
    first = bring(planner, content)
    commit(first, planner)
    before = list(HamletOfficer.objects.values())
    again = bring(planner, content)
    assert again.files.get().state == FileState.SAME
    commit(again, planner)
    assert list(HamletOfficer.objects.values()) == before
    other = bring(planner, _officers(_hamlet(1, "Bình")))
    assert codes_of(other) == []
    commit(other, planner)
    assert _in_charge(ON) == {"ap 1": "Bình"}
    undo(other, planner)
    assert _in_charge(ON) == {"ap 1": "An"}


def test_an_older_list_leaves_what_began_later(planner: User) -> None:
    commit(bring(planner, _officers(_hamlet(1, "Bình"))), planner)
    september = date(2026, 9, 30)
    older = _officers(_hamlet(1, "An"), _hamlet(2, "An"), day=september)
    made = bring(planner, older, day=september)
    assert codes_of(made) == [("hamlet_name", "later_officer")]
    assert commit(made, planner)["begun"] == 1
    assert _in_charge(ON) == {"ap 1": "Bình", "ap 2": "An"}


def test_all_bad_rows_of_officers_are_named_at_once(planner: User) -> None:
    rows = [
        _hamlet(1, "An"),
        _hamlet(1, "Bình"),
        _hamlet(2, None),
        _hamlet(3, "An", commune_name="xã Không Có"),
        _hamlet(4, "An", hamlet_name=None),
        _hamlet(5, "An", commune_name="phường Tân Triều"),
    ]
    made = bring(planner, _officers(*rows))
    assert codes_of(made) == [
        ("commune_name", "commune_of_other"),
        ("commune_name", "commune_unknown"),
        ("hamlet_name", "missing"),
        ("officer", "missing"),
        ("officer", "two_officers"),
        ("officer", "two_officers"),
    ]
    with pytest.raises(FilesNotReady):
        commit(made, planner)
    assert not HamletOfficer.objects.exists()


def test_a_commune_that_ended_means_the_one_in_its_place(planner: User) -> None:
    """La Ngà goes on in what Túc Trưng was until 30/6/2025."""
    commit(bring(planner, _officers(_hamlet(1, "An", commune_name="xã Túc Trưng"))), planner)
    now = bring(planner, _officers(_hamlet(1, "An"), day=NOVEMBER), day=NOVEMBER)
    assert commit(now, planner)["begun"] == 0


def test_a_hamlet_has_one_officer_at_a_time(planner: User) -> None:
    commit(bring(planner, _officers(_hamlet(1, "An"))), planner)
    held = HamletOfficer.objects.get()
    held.pk, held.name, held.starts_on = None, "Bình", NOVEMBER
    with pytest.raises(IntegrityError, match="hamletofficer_one_at_a_time"):
        held.save()


def test_groups_are_found_by_their_officer(planner: User, client: Client) -> None:
    """The list of groups is narrowed to the hamlets of an officer, and names him."""
    loans = (
        loan(1, session_day=12, hamlet_name="Ấp 1", leader_name="Lê Thị Một"),
        loan(2, session_day=12, hamlet_name="Ấp 2", group="0100002", leader_name="Lê Thị Hai"),
    )
    officers = _officers(_hamlet(1, "Trần Văn An"), _hamlet(2, "Võ Bình"))
    commit(bring(planner, workbook(*loans), officers), planner, monitor=True)
    client.force_login(planner)
    officer = HamletOfficer.objects.get(name="Võ Bình")
    page = client.get(reverse("entrustment:list"), {"officer": officer.pk}).content.decode()
    assert "Lê Thị Hai" in page
    assert "Lê Thị Một" not in page
    assert 'data-l="Cán bộ phụ trách">Võ Bình' in page
    group = SavingsGroup.objects.get(code="0100001")
    page = client.get(reverse("entrustment:group", args=[group.pk])).content.decode()
    assert "cán bộ phụ trách Trần Văn An" in page
    sheet = client.get(reverse("entrustment:list"), {"export": "csv"}).content.decode()
    assert "Võ Bình" in sheet
    lost = client.get(reverse("entrustment:list"), {"officer": 0x7FFFFFFF}).content.decode()
    assert "Không có tổ nào khớp" in lost
