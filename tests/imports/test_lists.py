"""Lists become facts of the registers: who is poor from when, who belongs to which group; and back with the import."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from extract_cast import DAY, OFFICE, loan, workbook
from list_cast import NOVEMBER, ON, bring, codes_of, commit, list_of, undo

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource, Tier
from tdcs.capital.queries.funds import fund_positions
from tdcs.capital.queries.pages import local_sources
from tdcs.entrustment.models import GroupMember
from tdcs.households.models import EligibilitySpell, Household, Person
from tdcs.households.queries.finding import kinds_on
from tdcs.imports.errors import FilesNotReady, ListDoesNotFit
from tdcs.imports.queries.lists import list_changes
from tdcs.imports.reading.workbook import read_workbook
from tdcs.imports.rules.lists import classes_of
from tdcs.imports.states import FileState
from tdcs.loans.queries.eligibility import judge_household

SINCE = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)


def _poor(number: int, **other: Any) -> dict[str, Any]:
    return {
        "number": number,
        "office": OFFICE,
        "commune_name": "xã La Ngà",
        "hamlet_name": "Ấp 1",
        "head_name": f"Công Thị {['Tư', 'Năm', 'Sáu', 'Bảy'][number]}",
        "identity_number": f"07500000000{number}",
        "poverty_class": "Hộ nghèo",
        "decision": "12/QĐ-UBND",
        "from_on": SINCE,
    } | other


def _poverty(*rows: dict[str, Any], day: date = DAY) -> bytes:
    return list_of("poverty_list", list(rows), day)


def _household(number: int) -> Household:
    person = Person.objects.get(identity_number=f"07500000000{number}")
    return Household.objects.get(members__person=person)


def test_a_list_makes_households_poor_and_undone_it_never_did(planner: User) -> None:
    made = bring(planner, _poverty(_poor(0), _poor(1, poverty_class="cận nghèo")))
    assert [(one.begins, one.ends, one.left_out) for one in list_changes(made)] == [(2, 0, 0)]
    assert commit(made, planner)["begun"] == 2
    poor, near = _household(0), _household(1)
    spell = kinds_on(poor, ON)["poor"]
    assert (spell.starts_on, spell.ends_on, spell.decision_number) == (SINCE, None, "12/QĐ-UBND")
    assert judge_household(poor, "HN", ON).eligible
    assert set(kinds_on(near, ON)) == {"near_poor"}
    assert not judge_household(near, "HN", ON).eligible
    assert judge_household(near, "HCN", ON).eligible
    undo(made, planner)
    assert not EligibilitySpell.objects.exists()
    assert not judge_household(poor, "HN", ON).eligible


def test_a_borrower_of_report_31_is_the_household_of_the_list(planner: User) -> None:
    borrower = loan(1, customer_name="Công Thị Tư", identity_number="075000000000", session_day=12)
    commit(bring(planner, workbook(borrower)), planner, monitor=True)
    commit(bring(planner, _poverty(_poor(0, poverty_class="Hộ cận nghèo"))), planner)
    assert Household.objects.count() == 1
    # Nothing is said of days before the household was known.
    assert kinds_on(_household(0), ON)["near_poor"].starts_on == DAY


def test_the_same_list_again_changes_nothing(planner: User) -> None:
    content = _poverty(_poor(0), _poor(1))
    commit(bring(planner, content), planner)
    before = list(EligibilitySpell.objects.order_by("pk").values())
    again = bring(planner, content)
    assert again.files.get().state == FileState.SAME
    commit(again, planner)
    later = bring(planner, _poverty(_poor(0), _poor(1), day=NOVEMBER), day=NOVEMBER)
    assert commit(later, planner)["begun"] == 0
    assert list(EligibilitySpell.objects.order_by("pk").values()) == before
    assert Household.objects.count() == 2


def test_another_class_ends_the_one_before_and_undone_it_goes_on(planner: User) -> None:
    commit(bring(planner, _poverty(_poor(0))), planner)
    row = _poor(0, poverty_class="Hộ mới thoát nghèo", decision="99/QĐ", from_on=NOVEMBER)
    made = bring(planner, _poverty(row, day=NOVEMBER), day=NOVEMBER)
    assert [(one.begins, one.ends) for one in list_changes(made)] == [(1, 1)]
    commit(made, planner)
    household = _household(0)
    now = kinds_on(household, ON)
    assert set(now) == {"newly_escaped"}
    # The law ends it by itself after 36 months.
    assert now["newly_escaped"].ends_on == date(2029, 11, 20)
    assert set(kinds_on(household, DAY)) == {"poor"}
    made.refresh_from_db()
    assert [(one.begins, one.ends) for one in list_changes(made)] == [(1, 1)]
    undo(made, planner)
    assert kinds_on(household, ON)["poor"].ends_on is None


def test_a_list_of_the_same_day_replaces_the_one_before(planner: User) -> None:
    commit(bring(planner, _poverty(_poor(0), _poor(1))), planner)
    made = bring(planner, _poverty(_poor(0, poverty_class="Hộ cận nghèo")))
    commit(made, planner)
    assert set(kinds_on(_household(0), ON)) == {"near_poor"}
    assert not kinds_on(_household(1), ON)
    undo(made, planner)
    assert set(kinds_on(_household(0), ON)) == {"poor"}
    assert set(kinds_on(_household(1), ON)) == {"poor"}


def test_all_bad_rows_are_named_at_once_and_nothing_is_written(planner: User) -> None:
    Person.objects.create(full_name="Người khác", identity_number="075000000003", search="nguoi khac")  # fmt: skip
    made = bring(
        planner,
        _poverty(
            _poor(0, commune_name="xã Không Có"),
            _poor(1, poverty_class="Hộ giàu"),
            _poor(1, decision=None),
            _poor(2, identity_number="12", until_on=date(2025, 1, 1)),
            _poor(3, from_on=NOVEMBER),
            _poor(0, identity_number=None),
        ),
    )
    file = made.files.get()
    assert file.state == FileState.FAULTY
    assert codes_of(made) == [
        ("commune_name", "commune_unknown"),
        ("decision", "missing"),
        ("from_on", "after_the_day"),
        ("head_name", "other_name"),
        ("identity_number", "identity_missing"),
        ("identity_number", "identity_wrong"),
        ("identity_number", "twice_in_list"),
        ("poverty_class", "not_in_list"),
        ("until_on", "ends_too_early"),
    ]
    with pytest.raises(FilesNotReady):
        commit(made, planner)
    assert not EligibilitySpell.objects.exists()


def test_a_row_without_a_number_is_left_out_and_a_later_class_stands(planner: User) -> None:
    commit(bring(planner, _poverty(_poor(0, from_on=DAY))), planner)
    september = date(2026, 9, 30)
    rows = (_poor(0, poverty_class="Hộ cận nghèo"), _poor(1, identity_number=None), _poor(2))
    made = bring(planner, _poverty(*rows, day=september), day=september)
    assert [(one.begins, one.left_out) for one in list_changes(made)] == [(1, 2)]
    commit(made, planner)
    assert set(kinds_on(_household(0), ON)) == {"poor"}


def test_what_no_longer_fits_is_refused_whole(planner: User) -> None:
    made = bring(planner, _poverty(_poor(0), _poor(1)))
    Person.objects.create(full_name="Người khác", identity_number="075000000001", search="nguoi khac")  # fmt: skip
    with pytest.raises(ListDoesNotFit):
        commit(made, planner)
    assert not EligibilitySpell.objects.exists()


def test_the_page_says_what_a_list_would_begin(planner: User, client: Client) -> None:
    made = bring(planner, _poverty(_poor(0), _poor(1)))
    client.force_login(planner)
    page = client.get(reverse("imports:import", args=[made.pk])).content.decode()
    assert "Danh sách đưa vào sổ của hệ thống" in page
    assert "Danh sách hộ nghèo, cận nghèo" in page


def _member(number: int, **other: Any) -> dict[str, Any]:
    return {
        "office": OFFICE,
        "group": "0100001",
        "customer": f"{4600000000 + number}",
        "customer_name": f"Nguyễn Thị {number}",
        "joined_on": SINCE,
    } | other


def test_members_come_with_report_31_of_the_same_import(planner: User) -> None:
    """Who owes nothing is no member by report 31; the list of members says that he is."""
    loans = (
        loan(1, session_day=12),
        loan(2, session_day=12, in_time=0, balance=0, state="CLOSE"),
        loan(3, session_day=12, group="0100002"),
    )
    rows = [_member(1, group="0100002"), _member(2), _member(9)]
    made = bring(planner, workbook(*loans), list_of("members", rows, DAY))
    assert commit(made, planner, monitor=True)["begun"] == 1
    groups = dict(GroupMember.objects.filter(ends_on=None).values_list("person__full_name", "group__code"))  # fmt: skip
    # On one day report 31 is believed of who owes.
    assert groups == {
        "Nguyễn Thị 1": "0100001",
        "Nguyễn Thị 2": "0100001",
        "Nguyễn Thị 3": "0100002",
    }
    joined = GroupMember.objects.get(person__full_name="Nguyễn Thị 2")
    assert joined.starts_on == SINCE
    later = bring(planner, list_of("members", rows[:1], NOVEMBER), day=NOVEMBER)
    commit(later, planner)
    held = GroupMember.objects.filter(person__full_name="Nguyễn Thị 1").order_by("starts_on")
    spans = [(one.group.code, one.starts_on, one.ends_on) for one in held]
    assert spans == [("0100001", DAY, NOVEMBER), ("0100002", NOVEMBER, None)]
    undo(later, planner)
    assert [(one.group.code, one.ends_on) for one in held.all()] == [("0100001", None)]
    undo(made, planner)
    assert not GroupMember.objects.filter(person__full_name="Nguyễn Thị 2").exists()


def _investor(number: int, name: str, **other: Any) -> dict[str, Any]:
    return {
        "office": OFFICE,
        "investor": f"INV46060000000{number}",
        "investor_name": name,
        "level": "Xã",
        "source": "2",
        "amount": 500_000_000,
        "lent": 400_000_000,
    } | other


def test_budgets_of_a_list_are_sources_until_it_is_undone(planner: User) -> None:
    # The tests of lending leave the province's own source in the database that they share.
    CapitalSource.objects.filter(tier=Tier.LOCAL).delete()
    rows = [
        _investor(1, "Ngân sách xã La Ngà"),
        _investor(2, "Ngân sách tỉnh", level="Tỉnh"),
        _investor(3, "Ngân sách xã Không Có"),
    ]
    made = bring(planner, list_of("capital_sources", rows, DAY))
    assert [(one.begins, one.left_out) for one in list_changes(made)] == [(2, 1)]
    assert commit(made, planner)["begun"] == 2
    names = sorted(one.name for one in local_sources(ON))
    assert [name.partition(": ")[2] for name in names] == [
        "UBND thành phố Đồng Nai",
        "UBND xã La Ngà",
    ]
    # No money was received by it: that is an entry of the bank's own ledger.
    assert not any(fund_positions(ON)["received"])
    later = bring(planner, list_of("capital_sources", rows[:1], NOVEMBER), day=NOVEMBER)
    assert commit(later, planner)["begun"] == 0
    undo(later, planner)
    undo(made, planner)
    assert local_sources(ON) == []


def test_words_of_clerks_mean_one_class() -> None:
    names = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}
    said = ["Hộ nghèo", " hộ  NGHÈO", "Nghèo", "can ngheo", "Hộ khá", None]
    assert classes_of(said, names) == ["poor", "poor", "poor", "near_poor", None, None]
    assert classes_of(["HN", "hcn", "CN", "N"], names) == ["poor", "near_poor", "near_poor", None]
