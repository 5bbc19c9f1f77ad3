"""The core's list of groups (DSTO): who leads a group, in which hamlet it is, which organisation is behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from extract_cast import DAY, OFFICE, loan, workbook
from list_cast import NOVEMBER, ON, bring, codes_of, commit, list_of, undo

from tdcs.access.models import User
from tdcs.entrustment.checks import CHECKS
from tdcs.entrustment.models import BoardMember, GroupProfile, SavingsGroup
from tdcs.entrustment.queries.groups import GroupFilters, faces_of, find_groups
from tdcs.imports.queries.lists import list_changes
from tdcs.imports.reading.workbook import read_workbook
from tdcs.imports.states import FileState
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
FIRST, SECOND = "0100001", "0100002"
OF_31 = (
    loan(1, session_day=12, hamlet_name="Ấp 1"),
    loan(2, session_day=12, hamlet_name="Ấp 1"),
    loan(3, session_day=12, hamlet_name="Ấp 2", group=SECOND),
    loan(4, session_day=12, hamlet_name="Ấp 2", group=SECOND),
)


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)


@pytest.fixture
def followed(planner: User) -> User:
    """Two groups stand here by report 31, without a board."""
    commit(bring(planner, workbook(*OF_31)), planner, monitor=True)
    return planner


def _group(group: str, leader: int, **other: Any) -> dict[str, Any]:
    return {
        "office": OFFICE,
        "commune_name": "xã La Ngà",
        "hamlet_name": "Ấp 1" if group == FIRST else "Ấp 2",
        "mass_name": "HỘI PHỤ NỮ",
        "group": group,
        "leader_customer": f"{4600000000 + leader}",
        "leader_name": f"Nguyễn Thị {leader}",
        "members": 2,
        "loans": 2,
        "balance": 100_000_000,
        "closed_with_arrears": 0,
    } | other


def _groups(*rows: dict[str, Any], day: date = DAY) -> bytes:
    return list_of("groups_dsto", list(rows), day)


def _leaders(day: date) -> dict[str, str]:
    keys = dict(SavingsGroup.objects.values_list("pk", "code"))
    return {keys[key]: face.leader for key, face in faces_of(list(keys), day).items()}


def _sound() -> list[str]:
    return [words for check in CHECKS.values() for words in check()]


def test_leaders_of_the_list_lead_their_groups_until_it_is_undone(followed: User) -> None:
    rows = (_group(FIRST, 1, deputy_customer="4600000002"), _group(SECOND, 3))
    made = bring(followed, _groups(*rows))
    assert [(one.begins, one.ends, one.left_out) for one in list_changes(made)] == [(3, 0, 0)]
    assert commit(made, followed)["begun"] == 3
    assert _leaders(ON) == {FIRST: "Nguyễn Thị 1", SECOND: "Nguyễn Thị 3"}
    assert BoardMember.objects.get(post="deputy").person.full_name == "Nguyễn Thị 2"
    assert [row.code for row in find_groups(followed, GroupFilters(words="thi 3"), ON)] == [SECOND]
    assert _sound() == []
    undo(made, followed)
    assert not BoardMember.objects.exists()
    assert not find_groups(followed, GroupFilters(words="thi 3"), ON).exists()


def test_they_come_with_report_31_of_the_same_import(planner: User) -> None:
    made = bring(planner, workbook(*OF_31), _groups(_group(FIRST, 1)))
    commit(made, planner, monitor=True)
    assert _leaders(ON)[FIRST] == "Nguyễn Thị 1"


def test_where_the_book_is_not_followed_the_list_changes_nothing(planner: User) -> None:
    made = bring(planner, _groups(_group(FIRST, 1)))
    assert [(one.begins, one.ends, one.left_out) for one in list_changes(made)] == [(0, 0, 0)]
    commit(made, planner)
    assert not SavingsGroup.objects.exists()


def test_another_hamlet_and_organisation_hold_from_the_day_of_the_list(followed: User) -> None:
    row = _group(FIRST, 1, hamlet_name="Ấp 5", mass_name="Hội nông dân")
    made = bring(followed, _groups(row, _group(SECOND, 3), day=NOVEMBER), day=NOVEMBER)
    assert [(one.begins, one.ends) for one in list_changes(made)] == [(3, 1)]
    commit(made, followed)
    profiles = list(GroupProfile.objects.filter(group__code=FIRST).order_by("starts_on"))
    spans = [(one.hamlet, one.starts_on, one.ends_on) for one in profiles]
    assert spans == [("Ấp 1", DAY, NOVEMBER), ("Ấp 5", NOVEMBER, None)]
    farmers = Organisation.objects.get(pk=profiles[1].mass_organisation_id)
    assert farmers.type == "hoi-nong-dan"
    assert profiles[1].session_day == 12
    assert [one.code for one in find_groups(followed, GroupFilters(words="ap 5"), ON)] == [FIRST]
    assert _sound() == []
    undo(made, followed)
    only = GroupProfile.objects.get(group__code=FIRST)
    assert (only.hamlet, only.ends_on) == ("Ấp 1", None)


def test_another_leader_ends_the_one_before_and_the_same_list_changes_nothing(
    followed: User,
) -> None:
    content = _groups(_group(FIRST, 1, deputy_customer="4600000002"), _group(SECOND, 3))
    commit(bring(followed, content), followed)
    again = bring(followed, content)
    assert again.files.get().state == FileState.SAME
    # The deputy leads; who led is deputy.
    rows = (_group(FIRST, 2, deputy_customer="4600000001"), _group(SECOND, 3))
    later = bring(followed, _groups(*rows, day=NOVEMBER), day=NOVEMBER)
    assert [(one.begins, one.ends) for one in list_changes(later)] == [(2, 2)]
    commit(later, followed)
    assert _leaders(DAY)[FIRST] == "Nguyễn Thị 1"
    assert _leaders(NOVEMBER)[FIRST] == "Nguyễn Thị 2"
    assert _sound() == []
    older = _groups(_group(FIRST, 1), day=date(2026, 11, 10))
    made = bring(followed, older, day=date(2026, 11, 10))
    commit(made, followed)
    assert _leaders(NOVEMBER)[FIRST] == "Nguyễn Thị 2"
    undo(later, followed)
    assert _leaders(ON)[FIRST] == "Nguyễn Thị 1"


def test_a_list_of_the_same_day_replaces_the_one_before(followed: User) -> None:
    commit(bring(followed, _groups(_group(FIRST, 1))), followed)
    other = bring(followed, _groups(_group(FIRST, 2)))
    assert codes_of(other) == []
    commit(other, followed)
    assert _leaders(ON)[FIRST] == "Nguyễn Thị 2"
    undo(other, followed)
    assert _leaders(ON)[FIRST] == "Nguyễn Thị 1"


def test_what_cannot_be_taken_is_named_at_once(followed: User) -> None:
    rows = (
        _group(FIRST, 3, deputy_customer="4600000099"),
        _group(SECOND, 4, deputy_customer="4600000004", mass_name="Hội Chữ thập đỏ"),
        _group("0100009", 1),
    )
    made = bring(followed, _groups(*rows))
    assert codes_of(made) == [
        ("deputy_customer", "not_a_member"),
        ("deputy_customer", "other_post"),
        ("group", "group_unknown"),
        ("leader_customer", "not_a_member"),
        ("mass_name", "mass_unknown"),
    ]
    assert commit(made, followed)["begun"] == 1
    assert _leaders(ON) == {FIRST: "", SECOND: "Nguyễn Thị 4"}


def test_who_leaves_a_group_leads_it_no_more(followed: User) -> None:
    commit(bring(followed, _groups(_group(FIRST, 1))), followed)
    gone = {"office": OFFICE, "group": SECOND, "customer": "4600000001"}
    made = bring(followed, list_of("members", [gone], NOVEMBER), day=NOVEMBER)
    commit(made, followed)
    assert _leaders(NOVEMBER)[FIRST] == ""
    assert _sound() == []
    undo(made, followed)
    assert _leaders(NOVEMBER)[FIRST] == "Nguyễn Thị 1"
