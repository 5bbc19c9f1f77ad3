"""What waits for whom in lending: on the first screen and under the bell, step by step, never for who is barred."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from lending_cast import Bank, head_of, lend, make_household

from tdcs.access.models import User
from tdcs.core.waiting import Waiting
from tdcs.entrustment.models import GroupAccount
from tdcs.loans.models import LoanApplication
from tdcs.loans.queries.scope import application_states, visible_applications
from tdcs.loans.queries.waiting import waiting_for
from tdcs.loans.services.applications import LoanRequest, advance, apply
from tdcs.loans.services.changing import ChangeDraft, ask_change
from tdcs.organisations.models import AreaProfile
from tdcs.plans.models import Notice, NoticeKind
from tdcs.plans.queries.notices import notices_of

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 23)

# Step → who of the cast takes it.
WAY = (
    ("appraise", "leader"),
    ("confirm", "commune"),
    ("check", "officer"),
    ("control", "head"),
    ("approve", "director"),
    ("sign", "officer"),
    ("disburse", "teller"),
)
EVERYBODY = ("leader", "commune", "officer", "head", "director", "teller", "accountant", "auditor")


@pytest.fixture
def cast(bank: Bank) -> Bank:
    """The bank, with bà Hoa's account speaking for the group."""
    cache.clear()
    GroupAccount.objects.create(user=bank.leader, group=bank.group, starts_on=date(2024, 1, 1))
    return bank


def _request(bank: Bank, by: User) -> LoanApplication:
    household = make_household(bank.group)
    return apply(
        request=LoanRequest(
            household=household,
            borrower=head_of(household),
            programme="HN",
            amount=50_000_000,
            term_months=36,
            purpose="Nuôi bò sinh sản",
            group=bank.group,
            office=bank.office,
            source=bank.source,
        ),
        by=by,
        on=ON,
    )


def _applications(user: User) -> list[Waiting]:
    return [one for one in waiting_for(user, ON) if one.route == "loans:applications"]


def _told(user: User) -> list[str]:
    return [one.words for one in notices_of(user).filter(kind=NoticeKind.LOAN_STEP)]


def test_each_step_waits_for_the_next_person_and_for_nobody_else(cast: Bank) -> None:
    made = _request(cast, cast.leader)
    for verb, who in WAY:
        waits = {name for name in EVERYBODY if _applications(getattr(cast, name))}
        # A commune's own people may write down the group's meeting, too.
        assert waits == ({"leader", "commune"} if verb == "appraise" else {who}), verb
        assert [one.count for one in _applications(getattr(cast, who))] == [1]
        if verb == "disburse":
            return
        advance(application=made, verb=verb, by=getattr(cast, who), on=ON)
        made.refresh_from_db()


def test_the_states_in_scope_are_those_of_the_files_that_a_person_sees(cast: Bank) -> None:
    """What is asked of all communes at once says the same as the files of each person, one by one."""
    made = _request(cast, cast.leader)
    for verb, who in (("", ""), *WAY[:3]):
        if verb:
            advance(application=made, verb=verb, by=getattr(cast, who), on=ON)
            made.refresh_from_db()
        for name in EVERYBODY:
            seen = visible_applications(getattr(cast, name), ON).values_list("state", flat=True)
            assert application_states(getattr(cast, name), ON) == set(seen), (verb, name)
    assert application_states(cast.commune, ON) == {"checked"}
    advance(application=made, verb="refuse", by=cast.director, on=ON, words="Không đủ điều kiện")
    assert application_states(cast.commune, ON) == set()
    # A family that moves takes its file with it, from the day of the move on.
    made = _request(cast, cast.leader)
    elsewhere = AreaProfile.objects.exclude(area__in=made.household.addresses.values("area"))
    there = elsewhere.filter(area__level="commune", area__ends_on=None).first()
    assert there is not None
    made.household.addresses.update(ends_on=ON)
    made.household.addresses.create(area=there.area, hamlet="Ấp 2", starts_on=ON)
    assert application_states(cast.commune, ON) == set()
    assert application_states(cast.commune, ON - timedelta(days=1)) == {"draft"}


def test_the_bell_rings_for_the_next_person_only(cast: Bank) -> None:
    made = _request(cast, cast.leader)
    for (verb, who), (following, then) in pairwise(WAY):
        before = {name: _told(getattr(cast, name)) for name in EVERYBODY}
        advance(application=made, verb=verb, by=getattr(cast, who), on=ON)
        made.refresh_from_db()
        heard = {n for n in EVERYBODY if _told(getattr(cast, n)) != before[n]}
        assert heard == {then}, following
    assert _told(cast.teller) == [f"Hồ sơ vay {made.number} chờ bạn: giải ngân"]
    assert _told(cast.accountant) == []


def test_who_made_a_file_is_neither_shown_nor_told_to_check_it(cast: Bank) -> None:
    made = _request(cast, cast.officer)
    advance(application=made, verb="appraise", by=cast.leader, on=ON)
    advance(application=made, verb="confirm", by=cast.commune, on=ON)
    assert _applications(cast.officer) == []
    assert _told(cast.officer) == []
    other = User.objects.create_user("tin-dung-hai", full_name="tin-dung-hai")
    holding = cast.officer.holdings.get()
    holding.pk, holding.user = None, other
    holding.save()
    assert [one.count for one in _applications(other)] == [1]


def test_the_page_of_a_file_names_who_may_take_the_next_step(cast: Bank, signed_in: Any) -> None:
    made = _request(cast, cast.officer)
    page = signed_in(cast.officer).get(f"/vay/ho-so/{made.pk}/").content.decode()
    assert cast.leader.full_name in page
    advance(application=made, verb="appraise", by=cast.leader, on=ON)
    advance(application=made, verb="confirm", by=cast.commune, on=ON)
    page = signed_in(cast.officer).get(f"/vay/ho-so/{made.pk}/").content.decode()
    assert "Chưa có ai khác được giao bước này" in page


def test_a_request_to_change_waits_for_the_director_not_for_who_asked(cast: Bank) -> None:
    loan = lend(cast, make_household(cast.group), on=date(2026, 1, 15))
    ask_change(
        loan=loan,
        change=ChangeDraft(kind="extend", cause="Dịch bệnh", until_on=date(2029, 6, 15)),
        by=cast.officer,
        on=ON,
    )
    asked = [one for one in waiting_for(cast.director, ON) if one.route == "loans:requests"]
    assert [one.count for one in asked] == [1]
    # The officer becomes director: what he asked for himself does not wait for him.
    cast.officer.holdings.update(role="office_director")
    promoted = User.objects.get(pk=cast.officer.pk)
    assert [one for one in waiting_for(promoted, ON) if one.route == "loans:requests"] == []


def test_todays_sessions_wait_for_the_teller_on_their_day_only(cast: Bank) -> None:
    def sessions(user: User, on: date) -> list[Waiting]:
        return [one for one in waiting_for(user, on) if one.route == "loans:sheets"]

    assert sessions(cast.teller, date(2026, 11, 14)) == []
    [line] = sessions(cast.teller, date(2026, 11, 15))
    assert (line.count, line.query) == (1, "day=15")
    assert [one.count for one in sessions(cast.leader, date(2026, 11, 15))] == [1]
    assert sessions(cast.accountant, date(2026, 11, 15)) == []


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_home_of_each_role_opens_in_few_queries(
    name: str, cast: Bank, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    made = _request(cast, cast.leader)
    advance(application=made, verb="appraise", by=cast.leader, on=ON)
    browser = signed_in(getattr(cast, name))
    with django_assert_max_num_queries(18):
        answer = browser.get("/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert ("Hồ sơ vay chờ UBND xã xác nhận" in page) == (name == "commune")


def test_the_count_stands_by_the_page_in_the_sidebar_and_falls_after_the_step(
    cast: Bank, signed_in: Any
) -> None:
    made = _request(cast, cast.leader)
    advance(application=made, verb="appraise", by=cast.leader, on=ON)
    browser = signed_in(cast.commune)
    assert _counted(browser.get("/")) == {"/vay/ho-so/": 1}
    browser.post(f"/vay/ho-so/{made.pk}/", {"verb": "confirm", "words": "Đúng đối tượng"})
    made.refresh_from_db()
    assert made.state == "confirmed"
    assert _counted(browser.get("/vay/ho-so/")) == {}


def _counted(answer: Any) -> dict[str, int]:
    """Address → what the sidebar says waits there."""
    rail = answer.content.decode().partition('<nav class="rail"')[2].partition("</nav>")[0]
    links = re.findall(r'<a class="i" href="([^"]+)"[^>]*>(.*?)</a>', rail, re.DOTALL)
    counted = {url: re.search(r'class="count[^>]*>\s*(\d+)', inside) for url, inside in links}
    return {url: int(found[1]) for url, found in counted.items() if found}


def test_a_notice_leads_to_its_file_and_other_roles_do_not_see_it(
    cast: Bank, signed_in: Any
) -> None:
    made = _request(cast, cast.leader)
    [notice] = Notice.objects.filter(kind=NoticeKind.LOAN_STEP)
    assert (notice.person, notice.subject_id) == (cast.leader, made.pk)
    assert f"/vay/ho-so/{made.pk}/" in signed_in(cast.leader).get("/thong-bao/").content.decode()
    assert made.number not in signed_in(cast.commune).get("/thong-bao/").content.decode()
