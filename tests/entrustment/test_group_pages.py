"""Pages of groups: who sees which, what each form does and refuses."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.urls import reverse
from groups_cast import TODAY, Cast, head_of, make_account, make_group, make_home, unit

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import PERMISSIONS
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.documents.reading.rows import read_rows
from tdcs.entrustment.models import GroupRating, SavingsAccount, SavingsGroup
from tdcs.entrustment.queries.groups import members_on, profile_on
from tdcs.entrustment.queries.scope import changeable_groups, visible_groups
from tdcs.entrustment.services import board, savings
from tdcs.households.models import HouseholdMember, Person
from tdcs.households.queries.scope import visible_households
from tdcs.ledger import requesting
from tdcs.ledger.models import EntryRequest, JournalEntry
from tdcs.organisations.models import Area

pytestmark = pytest.mark.django_db


def _text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def _url(name: str, *args: int) -> str:
    return reverse(f"entrustment:{name}", args=args)


@pytest.fixture
def far_group(cast: Cast) -> SavingsGroup:
    """A group in Long Thành under another office, behind it the Farmers."""
    return make_group(
        code="9999001",
        commune_area=cast.far,
        office=cast.far_office,
        mass_organisation=unit(f"hoi-nong-dan@{cast.far.code}"),
        households=[make_home(cast.far)],
        name="Tổ Long Thành",
    )


def _rating(group: SavingsGroup, month: date, total: int, grade: str) -> GroupRating:
    return GroupRating.objects.create(
        group=group, month=month, points={}, total=total, grade=grade, law_hash="x"
    )


# who: (sees bà Hoa's group, sees the far one, may change bà Hoa's)
_SCOPE = {
    "officer": (True, False, True),
    "teller": (True, False, True),
    "far_officer": (False, True, False),
    "branch_officer": (True, True, True),
    "planner": (True, True, True),
    "clerk": (True, False, False),
    "far_clerk": (False, True, False),
    "women_clerk": (True, False, False),
    "farmers_clerk": (False, False, False),
    "province_women": (True, False, False),
    "leader": (False, False, False),
}


@pytest.mark.parametrize("who", _SCOPE)
def test_scope(cast: Cast, far_group: SavingsGroup, who: str, signed_in: Any) -> None:
    user: User = getattr(cast, who)
    sees, sees_far, keeps = _SCOPE[who]
    found = set(visible_groups(user))
    assert (cast.group in found, far_group in found) == (sees, sees_far)
    assert (cast.group in set(changeable_groups(user))) is keeps
    client = signed_in(user)
    for group, seen in ((cast.group, sees), (far_group, sees_far)):
        assert client.get(_url("group", group.pk)).status_code == (200 if seen else 404)
    page = _text(client.get(_url("list")))
    assert ("4606001" in page, "9999001" in page) == (sees, sees_far)


def test_a_group_leader_sees_the_own_group_and_its_households(
    cast: Cast, far_group: SavingsGroup, signed_in: Any
) -> None:
    other = make_home(cast.la_nga)
    board.give_account(group=cast.group, user=cast.leader, since=TODAY, by=cast.officer, on=TODAY)
    assert list(visible_groups(cast.leader)) == [cast.group]
    assert not changeable_groups(cast.leader).exists()
    seen = set(visible_households(cast.leader))
    assert cast.homes[0] in seen and other not in seen and len(seen) == 6
    client = signed_in(cast.leader)
    page = _text(client.get(_url("group", cast.group.pk)))
    assert "Tổ bà Hoa" in page and "Kết nạp tổ viên" not in page
    assert client.get(_url("group", far_group.pk)).status_code == 404
    assert client.get(_url("admit", cast.group.pk)).status_code == 403
    # The account goes to another group: the first is seen no more.
    board.give_account(group=far_group, user=cast.leader, since=TODAY, by=None, on=TODAY)
    assert list(visible_groups(cast.leader)) == [far_group]


_CHANGES = ["change", "admit", "merge", "dissolve", "appoint", "contract", "group_account"]


@pytest.mark.parametrize("name", _CHANGES)
def test_changes_are_the_offices_own(cast: Cast, name: str, signed_in: Any) -> None:
    address = _url(name, cast.group.pk)
    assert signed_in(cast.officer).get(address).status_code == 200
    assert signed_in(cast.far_officer).get(address).status_code == 404
    for user in (cast.teller, cast.clerk, cast.planner):
        assert signed_in(user).get(address).status_code == 403


def test_the_list_finds_without_accents_and_filters(
    cast: Cast, far_group: SavingsGroup, signed_in: Any
) -> None:
    client = signed_in(cast.branch_officer)
    _rating(cast.group, date(2026, 9, 1), 60, "average")
    _rating(cast.group, date(2026, 10, 1), 92, "good")

    def codes(**asked: Any) -> set[str]:
        page = _text(client.get(_url("list"), asked))
        return set(re.findall(r'/to/\d+/">(\w+)</a>\s*</td>\s*<td data-l="Tên', page))

    assert codes() == {"4606001", "9999001"}
    assert codes(q="ba hoa") == codes(q="le thi hoa") == codes(q="Tổ bà") == {"4606001"}
    assert codes(q="xyz") == set()
    assert codes(commune=cast.far.pk) == codes(office=cast.far_office.pk) == {"9999001"}
    assert codes(mass="hoi-nong-dan") == {"9999001"} and codes(mass="hoi-phu-nu") == {"4606001"}
    # The last rating counts, not the one before.
    assert codes(grade="good") == {"4606001"} and codes(grade="average") == set()
    assert codes(grade="none") == {"9999001"}
    assert codes(ended=1) == set() == codes(day="2025-01-01")
    page = _text(client.get(_url("list"), {"q": "ba hoa"}))
    assert "1 tổ trong phạm vi của bạn, ngày 23/11/2026" in page and "Lê Thị Hoa" in page
    assert "92 điểm" in page and "Tốt" in page


def test_the_list_is_exported_as_shown(cast: Cast, far_group: SavingsGroup, signed_in: Any) -> None:
    answer = signed_in(cast.branch_officer).get(_url("list"), {"q": "hoa", "export": "xlsx"})
    cells = [cell for row in read_rows(answer.content) for cell in row.cells]
    assert "4606001" in cells and "9999001" not in cells and "Lê Thị Hoa" in cells
    answer = signed_in(cast.officer).get(_url("list"), {"export": "csv"})
    assert "9999001" not in answer.content.decode("utf-8-sig")


def test_queries_of_the_list_do_not_grow(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    for at in range(30):
        make_group(
            code=f"46061{at:02}",
            commune_area=cast.la_nga,
            office=cast.office,
            mass_organisation=cast.women,
        )
    client = signed_in(cast.officer)
    with django_assert_max_num_queries(40):
        assert "31 tổ" in _text(client.get(_url("list")))


def test_the_page_of_a_group_tells_its_story(cast: Cast, signed_in: Any, nobody_above: Any) -> None:
    account = make_account(cast.group, cast.homes[0])
    savings.deposit(account=account, amount=1_250_000, by=cast.teller, on=TODAY, key="k")
    for month, total, grade in ((9, 62, "average"), (10, 92, "good")):
        _rating(cast.group, date(2026, month, 1), total, grade)
    page = _text(signed_in(cast.officer).get(_url("group", cast.group.pk)))
    for words in (
        "Tổ bà Hoa · 4606001",
        "giao dịch ngày 15 hằng tháng",
        "Lê Thị Hoa",
        "Tổ trưởng",
        "Tổ phó",
        "1.250.000",
        account.number,
        "10/2026",
        "Tốt",
        "09/2026",
        "Trung bình",
        "Chưa có hợp đồng",
        "15/QĐ-UBND",
        "Kết nạp tổ viên",
    ):
        assert words in page, words
    assert 'style="width:92%"' in page
    assert 'id="du-no"' in page  # the loans of the group, for who may see loans
    # On an earlier day nobody belonged yet.
    assert "Tổ chỉ có 0 tổ viên" in _text(
        signed_in(cast.officer).get(_url("group", cast.group.pk), {"day": "2026-01-04"})
    )


def test_a_group_is_founded_from_its_form(cast: Cast, signed_in: Any) -> None:
    homes = [make_home(cast.la_nga) for _ in range(5)]
    client = signed_in(cast.officer)
    assert "Thành lập tổ" in _text(client.get(_url("list")))
    form = {
        "name": "Tổ Hoa Mai",
        "area": cast.la_nga.pk,
        "hamlet": "Ấp Đồn",
        "mass": "hoi-nong-dan",
        "office": cast.office.pk,
        "session_day": 12,
        "since": "2026-11-02",
        "decision": "16/QĐ-UBND",
        "households": "\n".join(home.code for home in homes),
        "contract": "11/HĐ",
    }
    page = _text(client.post(_url("found"), {**form, "households": "G999999"}))
    assert "Không có hộ mang mã G999999" in page
    page = _text(client.post(_url("found"), {**form, "households": homes[0].code}))
    assert "Tổ cần ít nhất 5 tổ viên, mới có 1." in page and "16/QĐ-UBND" in page
    answer = client.post(_url("found"), form)
    made = SavingsGroup.objects.exclude(pk=cast.group.pk).get()
    assert answer.status_code == 302 and answer.url == _url("group", made.pk)
    assert profile_on(made, TODAY).mass_organisation == cast.farmers
    assert made.board.get(post="leader").person == head_of(homes[0])


def test_a_household_outside_the_office_cannot_be_named(cast: Cast, signed_in: Any) -> None:
    stranger = make_home(cast.far)
    page = _text(
        signed_in(cast.officer).post(
            _url("admit", cast.group.pk), {"household": stranger.code, "since": "2026-11-23"}
        )
    )
    assert f"Không có hộ mang mã {stranger.code}" in page


def test_who_joins_is_found_by_name_or_last_digits_with_the_reason_against(
    cast: Cast, signed_in: Any
) -> None:
    client, address = signed_in(cast.officer), _url("admit", cast.group.pk)
    home = make_home(cast.la_nga, "Đặng Thị Thủy", hamlet="Ấp 3")
    child = Person.objects.create(
        full_name="Đặng Văn Út",
        identity_number="075999000123",
        search=fold("Đặng Văn Út"),
        born_on=date(2008, 11, 24),
    )
    HouseholdMember.objects.create(household=home, person=child, relation="Con", starts_on=TODAY)
    page = _text(client.post(address, {"words": "dang thi thuy"}))
    assert "Đặng Thị Thủy" in page and "Ấp 3" in page and "La Ngà" in page
    assert f'value="{home.code}"' in page and head_of(home).identity_number not in page
    # A member elsewhere is named, with the group; nothing can be pressed.
    other = make_home(cast.la_nga, "Lý Văn Bảy")
    make_group(
        code="4606003",
        commune_area=cast.la_nga,
        office=cast.office,
        mass_organisation=cast.women,
        households=[other],
    )
    page = _text(client.post(address, {"words": "ly van bay"}))
    assert f"Hộ {other.code} đang là tổ viên của tổ 4606003." in page
    assert f'value="{other.code}"' not in page
    # The day before the eighteenth birthday, and the birthday.
    page = _text(client.post(address, {"words": "000123"}))
    assert "Đặng Văn Út chưa đủ tuổi thành niên" in page and "075999000123" not in page
    with clock.fixed_today(date(2026, 11, 24)):
        page = _text(client.post(address, {"words": "000123", "since": "2026-11-24"}))
        assert "chưa đủ tuổi thành niên" not in page and f'value="{home.code}"' in page
    # Three digits say too little; nobody of that name is said so.
    assert "Không có ai khớp" in _text(client.post(address, {"words": "123"}))
    assert "Không có ai khớp" in _text(client.post(address, {"words": "khong ai ca"}))
    # Pressed all the same, the service says no; the right one joins, represented by the person chosen.
    sent = {"words": "dang", "household": home.code, "person": child.pk, "since": "2026-11-23"}
    assert "chưa đủ tuổi thành niên" in _text(client.post(address, sent))
    assert not members_on(cast.group, TODAY).filter(household=home).exists()
    assert client.post(address, {**sent, "person": head_of(home).pk}).status_code == 302
    assert members_on(cast.group, TODAY).get(household=home).person == head_of(home)


def test_a_household_of_another_commune_is_told_so_before_the_click(
    cast: Cast, signed_in: Any
) -> None:
    home = make_home(cast.far, "Ngô Thị Mười")
    page = _text(
        signed_in(cast.branch_officer).post(_url("admit", cast.group.pk), {"words": "ngo thi muoi"})
    )
    assert f"Hộ {home.code} không cư trú cùng xã với tổ." in page
    # Whoever does not keep that commune does not hear of its people.
    page = _text(
        signed_in(cast.officer).post(_url("admit", cast.group.pk), {"words": "ngo thi muoi"})
    )
    assert "Không có ai khớp" in page


def test_members_come_move_and_leave_from_forms(cast: Cast, signed_in: Any) -> None:
    client, home = signed_in(cast.officer), make_home(cast.la_nga)
    other = make_group(
        code="4606002",
        commune_area=cast.la_nga,
        office=cast.office,
        mass_organisation=cast.women,
    )
    client.post(
        _url("admit", cast.group.pk), {"household": home.code.lower(), "since": "2026-11-02"}
    )
    member = members_on(cast.group, TODAY).get(household=home)
    page = _text(client.get(_url("group", cast.group.pk)))
    assert f"Đã kết nạp hộ {home.code}" in page
    wrong = {"into": "0000000", "since": "2026-11-10", "why": "Gần nhà"}
    move = _url("move", cast.group.pk, member.pk)
    assert "Không có tổ này" in _text(client.post(move, wrong))
    assert client.post(move, {**wrong, "into": "4606002"}).url == _url("group", other.pk)
    member = members_on(other, TODAY).get(household=home)
    leave = _url("leave", other.pk, member.pk)
    assert "Phải hết nợ" in _text(client.get(leave))
    assert client.post(leave, {"since": "2026-11-20", "why": "Thôi"}).status_code == 302
    assert not members_on(other, TODAY).exists()
    assert client.get(leave).status_code == 404


def test_board_contract_profile_and_end_from_forms(cast: Cast, signed_in: Any) -> None:
    client, group = signed_in(cast.officer), cast.group
    person = head_of(cast.homes[2])
    form = {"post": "leader", "person": person.pk, "since": "2026-11-02"}
    assert client.post(_url("appoint", group.pk), form).status_code == 302
    form = {"number": "9/HĐ", "collects_interest": "on", "since": "2026-11-02"}
    assert client.post(_url("contract", group.pk), form).status_code == 302
    page = _text(client.get(_url("group", group.pk)))
    assert "9/HĐ" in page and "thu lãi" in page and person.full_name in page
    kept = _text(client.get(_url("change", group.pk)))
    assert 'value="Tổ bà Hoa"' in kept and 'value="15"' in kept
    form = {
        "name": "Tổ bà Hoa",
        "area": cast.la_nga.pk,
        "hamlet": "Ấp 1",
        "mass": "hoi-phu-nu",
        "office": cast.office.pk,
        "session_day": 20,
        "since": "2026-11-02",
        "why": "Đổi ngày giao dịch",
    }
    assert client.post(_url("change", group.pk), form).status_code == 302
    assert profile_on(group, TODAY).session_day == 20
    form = {"username": "to-truong", "since": "2026-11-02"}
    wrong = client.post(_url("group_account", group.pk), {**form, "username": "tin-dung"})
    assert "Không có tài khoản tổ trưởng" in _text(wrong)
    assert client.post(_url("group_account", group.pk), form).status_code == 302
    assert list(visible_groups(cast.leader)) == [group]
    form = {"since": "2026-11-23", "why": "Không còn vay"}
    assert client.post(_url("dissolve", group.pk), form).status_code == 302
    page = _text(client.get(_url("group", group.pk)))
    assert "đã kết thúc 23/11/2026" in page and "Kết nạp tổ viên" not in page
    assert client.get(_url("admit", group.pk)).status_code == 404
    assert "4606001" in _text(client.get(_url("list"), {"ended": "1"}))


def test_groups_merge_from_the_form(cast: Cast, signed_in: Any) -> None:
    client = signed_in(cast.officer)
    old = make_group(
        code="4606002",
        commune_area=cast.la_nga,
        office=cast.office,
        mass_organisation=cast.women,
        households=[make_home(cast.la_nga)],
    )
    page = _text(client.get(_url("merge", old.pk)))
    assert "Sáp nhập và kết thúc tổ 4606002?" in page
    form = {"into": "4606001", "since": "2026-11-23", "why": "20/QĐ-UBND"}
    assert client.post(_url("merge", old.pk), form).url == _url("group", cast.group.pk)
    page = _text(client.get(_url("group", cast.group.pk)))
    assert "nhận tổ" in page and "20/QĐ-UBND" in page
    assert "sáp nhập vào tổ" in _text(client.get(_url("group", old.pk)))


def test_the_teller_takes_and_gives_savings_once(cast: Cast, signed_in: Any) -> None:
    client = signed_in(cast.teller)
    member = members_on(cast.group, TODAY).get(household=cast.homes[0])
    answer = client.post(_url("open_account", cast.group.pk), {"member": member.pk})
    account = SavingsAccount.objects.get()
    assert answer.url == _url("account", account.pk)
    page = _text(client.get(answer.url))
    key = re.search(r'name="key" value="(\w+)"', page).group(1)  # type: ignore[union-attr]
    pay = _url("pay", account.pk)
    form = {"amount": "1.500.000", "key": key, "kind": "deposit"}
    for _ in range(2):
        assert client.post(pay, form).status_code == 302
    account.refresh_from_db()
    assert account.balance == 1_500_000 and JournalEntry.objects.count() == 1
    page = _text(client.get(answer.url))
    assert "Đã nhận gửi 1.500.000 đồng. Số dư 1.500.000 đồng" in page
    client.post(pay, {"amount": "1500001", "key": "b", "kind": "withdraw"})
    assert "chỉ còn 1500000 đồng" in _text(client.get(answer.url))
    for wrong in ("", "0", "-5", "abc", "1,5"):
        client.post(pay, {"amount": wrong, "key": f"w{wrong}", "kind": "withdraw"})
    account.refresh_from_db()
    # "1,5" is no amount: it is not read as fifteen.
    assert account.balance == 1_500_000
    client.post(pay, {"amount": "1 500 000", "key": "c", "kind": "withdraw"})
    assert "Đóng sổ" in _text(client.get(answer.url))
    client.post(_url("close_account", account.pk))
    account.refresh_from_db()
    assert account.closed_on == TODAY
    page = _text(client.get(answer.url))
    assert "đã đóng 23/11/2026" in page and "Nhận gửi" not in page


def test_reversal_is_the_accountants(cast: Cast, signed_in: Any) -> None:
    account = make_account(cast.group, cast.homes[0])
    savings.deposit(account=account, amount=70_000, by=cast.teller, on=TODAY, key="k")
    address = _url("reverse_event", account.pk, account.events.get().pk)
    assert signed_in(cast.teller).post(address, {"why": "Nhầm"}).status_code == 403
    client = signed_in(cast.accountant)
    assert "Đảo phát sinh 70.000 đồng?" in _text(client.get(_url("account", account.pk)))
    client.post(address, {"why": " "})
    assert "Chưa nêu lý do" in _text(client.get(_url("account", account.pk)))
    client.post(address, {"why": "Nhầm sổ"})
    assert "(đã đảo)" not in _text(client.get(_url("account", account.pk)))
    request = EntryRequest.objects.get()
    second = User.objects.create_user("giam-doc-hai", full_name="x")
    RoleHolding.objects.create(
        user=second, role="office_director", organisation=account.office, starts_on=date(2024, 1, 1)
    )
    requesting.confirm(request=request, by=second, on=TODAY)
    page = _text(client.get(_url("account", account.pk)))
    assert "(đã đảo)" in page and "-70.000" in page
    account.refresh_from_db()
    assert account.balance == 0


def test_accounts_outside_the_scope_are_not_found(
    cast: Cast, far_group: SavingsGroup, signed_in: Any
) -> None:
    account = make_account(far_group, far_group.members.get().household)
    client = signed_in(cast.teller)
    assert client.get(_url("account", account.pk)).status_code == 404
    form = {"amount": "5", "key": "x", "kind": "deposit"}
    assert client.post(_url("pay", account.pk), form).status_code == 404
    assert client.get(_url("open_account", far_group.pk)).status_code == 404


def test_a_month_is_rated_from_its_page(cast: Cast, signed_in: Any, nobody_above: Any) -> None:
    client = signed_in(cast.officer)
    page = _text(client.get(_url("ratings")))
    assert "Xếp loại Tổ TK&VV tháng 10/2026" in page and "Chấm điểm 1 tổ" in page
    names = ("session_done", "session_all", "overdue", "outstanding", "principal_collected")
    names += ("principal_due", "interest_collected", "interest_due")
    nobody_above.figures = lambda groups, month: pl.DataFrame(
        [{"group": group, **dict.fromkeys(names, 0)} for group in groups]
    )
    assert "Chấm điểm 1 tổ" in _text(client.get(_url("ratings"), {"month": "2026-10"}))
    answer = client.post(_url("rate"), {"month": "2026-10"})
    page = _text(client.get(answer.url))
    assert "Đã chấm điểm 1 tổ tháng 10/2026" in page and "Tốt 1 (100,00%)" in page
    group = _text(client.get(_url("group", cast.group.pk)))
    assert "Tổ đã ở hạng cao nhất" in group and "Thu nợ đến hạn" in group and "15/15" in group
    sheet = client.get(_url("ratings"), {"month": "2026-10", "export": "xlsx"})
    cells = [cell for row in read_rows(sheet.content) for cell in row.cells]
    assert "4606001" in cells and "Tốt" in cells
    # The running month is not over: there is nothing to press, and pressing it all the same is refused.
    assert "Chấm điểm 1 tổ" not in _text(client.get(_url("ratings"), {"month": "2026-11"}))
    answer = client.post(_url("rate"), {"month": "2026-11", "next": _url("ratings")})
    assert "Tháng 11/2026 chưa kết thúc" in _text(client.get(answer.url))


@pytest.mark.parametrize("month", ["", "x", "1999-01", "9999-12", "2026-13", "0000-00"])
def test_odd_months_do_not_break_the_page(cast: Cast, signed_in: Any, month: str) -> None:
    assert signed_in(cast.officer).get(_url("ratings"), {"month": month}).status_code == 200


def test_the_page_of_a_household_names_its_group(cast: Cast, signed_in: Any) -> None:
    account = make_account(cast.group, cast.homes[0])
    address = reverse("households:household", args=[cast.homes[0].pk])
    page = _text(signed_in(cast.officer).get(address))
    assert "4606001 Tổ bà Hoa" in page and account.number in page
    # Who sees the household but not the group reads the group's name and no account.
    page = _text(signed_in(cast.farmers_clerk).get(address))
    assert "4606001 Tổ bà Hoa" in page and account.number not in page


def test_permissions_named_by_this_room_exist() -> None:
    named = {"entrustment.view", "entrustment.change", "entrustment.savings", "entrustment.rate"}
    assert named <= set(PERMISSIONS)


def test_what_groups_and_organisations_earn(
    cast: Cast, far_group: SavingsGroup, signed_in: Any, nobody_above: Any
) -> None:
    client = signed_in(cast.officer)
    page = _text(client.get(_url("earnings")))
    assert "4606001" in page and "9999001" not in page
    nobody_above.interest = lambda groups, month: pl.DataFrame(
        [{"group": group, "rate_ppm": 66_000, "interest": 550_000} for group in groups]
    )
    page = _text(client.get(_url("earnings"), {"month": "2026-10"}))
    assert "85.000" in page and "30.000" in page and "27.600" in page
    assert "70/QĐ-HĐQT" in page and "Mức phí ủy thác hiện hành" in page
    both = _text(signed_in(cast.branch_officer).get(_url("earnings")))
    assert "170.000" in both and "60.000" in both
    sheet = signed_in(cast.officer).get(_url("earnings"), {"export": "xlsx"})
    cells = [cell for row in read_rows(sheet.content) for cell in row.cells]
    assert "4606001" in cells and "9999001" not in cells


def test_groups_follow_their_commune_from_the_list(cast: Cast, signed_in: Any) -> None:
    old = Area.objects.filter(successions__successor=cast.la_nga, successions__portion="whole")[0]
    group = make_group(
        code="1000001",
        commune_area=old,
        office=cast.office,
        mass_organisation=unit(f"hoi-phu-nu@{old.code}"),
        since=date(2024, 3, 1),
    )
    client = signed_in(cast.officer)
    page = _text(client.get(_url("list")))
    assert "1 tổ còn ghi theo xã, phường cũ" in page and "Cần chọn xã mới" in page
    assert signed_in(cast.far_officer).post(_url("follow")).status_code == 302
    assert profile_on(group, TODAY).area == old
    signed_in(cast.officer).post(_url("follow"))
    assert profile_on(group, TODAY).area == cast.la_nga
    page = _text(client.get(_url("list")))
    assert "1 tổ đã theo xã mới." in page and "Cần chọn xã mới" not in page
    assert profile_on(group, date(2025, 6, 30)).area == old
