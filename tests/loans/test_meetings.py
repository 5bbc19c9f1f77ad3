"""An appraisal meeting is recorded as one: quorum, chair, votes, what goes on and what does not, minutes, undoing."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from grounds import GROUNDS, Ground, stands_on
from lending_cast import SINCE, Bank, head_of, make_group, make_household, person
from lending_grounds import BANK

from tdcs.access.models import RoleHolding
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.entrustment.models import BoardMember, GroupAccount, GroupMember, SavingsGroup
from tdcs.households.models import Household
from tdcs.loans.models import AppraisalCase, AppraisalMeeting, LoanApplication
from tdcs.loans.rules.meetings import is_chosen, least_present
from tdcs.loans.services.applications import LoanRequest, advance, apply
from tdcs.loans.services.meetings import CaseDraft, MeetingDraft, hold_meeting, undo_meeting
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def _nine(bank: Bank) -> list[Household]:
    found = [make_household(bank.group, name) for name in ("Lê Thị Hoa", "Võ Thị Lan")]
    found += [make_household(bank.group, f"Hộ {number}") for number in range(3, 10)]
    for home, post in zip(found, ("leader", "deputy"), strict=False):
        BoardMember.objects.create(
            group=bank.group, person=head_of(home), post=post, starts_on=SINCE
        )
    GroupAccount.objects.create(group=bank.group, user=bank.leader, starts_on=SINCE)
    return found


NINE = Ground(_nine, TODAY, BANK)


@pytest.fixture
@stands_on(NINE)
def homes(bank: Bank) -> list[Household]:
    """Nine members: bà Hoa leads, bà Lan is her deputy; the account speaks for the group."""
    found: list[Household] = GROUNDS.value(NINE)
    return found


def asked(bank: Bank, home: Household, amount: int = 50_000_000) -> LoanApplication:
    request = LoanRequest(
        household=home,
        borrower=head_of(home),
        programme="HN",
        amount=amount,
        term_months=36,
        instalment_months=12,
        purpose="Nuôi bò sinh sản",
        group=bank.group,
        office=bank.office,
        source=bank.source,
    )
    return apply(request=request, by=bank.leader, on=TODAY)


def there(group: SavingsGroup, count: int = 9) -> list[int]:
    return list(
        GroupMember.objects.filter(group=group).order_by("pk").values_list("pk", flat=True)
    )[:count]


def vote(row: LoanApplication, agree: int = 9, against: int = 0, **other: Any) -> CaseDraft:
    given = {"amount": row.amount, **other}
    return CaseDraft(application=row, agree=agree, against=against, **given)


def draft(bank: Bank, homes: list[Household], *cases: CaseDraft, **other: Any) -> MeetingDraft:
    made = MeetingDraft(
        group=bank.group,
        on=TODAY,
        chair=head_of(homes[0]),
        secretary=head_of(homes[1]),
        witness_post="deputy",
        witness="Trần Văn Ấp",
        organisation_person="",
        present=there(bank.group),
        cases=cases,
    )
    return replace(made, **other)


def hold(bank: Bank, meeting: MeetingDraft, by: Any = None) -> AppraisalMeeting:
    return hold_meeting(meeting=meeting, by=by or bank.leader, on=TODAY)


def refused(bank: Bank, meeting: MeetingDraft, by: Any = None) -> str:
    before = LoanApplication.objects.filter(state="draft").count()
    with pytest.raises(Refusal) as said:
        hold(bank, meeting, by)
    assert not AppraisalMeeting.objects.exists()
    assert LoanApplication.objects.filter(state="draft").count() == before
    return str(said.value.code)


def test_the_quorum_and_the_majority_on_both_sides() -> None:
    assert [least_present(n, TODAY) for n in (3, 9, 10, 60)] == [2, 6, 7, 40]
    assert not is_chosen(3, 6, TODAY)
    assert is_chosen(4, 6, TODAY)


def test_several_cases_of_one_meeting_go_their_ways(bank: Bank, homes: list[Household]) -> None:
    rows = [asked(bank, home) for home in homes[2:5]]
    made = hold(
        bank,
        draft(
            bank,
            homes,
            vote(rows[0], 9, 0),
            vote(rows[1], 5, 4, amount=40_000_000),
            vote(rows[2], 4, 5, words="Chưa có phương án"),
        ),
    )
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["appraised", "appraised", "draft"]
    step = rows[1].moves.get(verb="appraise")
    assert step.by == bank.leader
    assert "5 đồng ý, 4 không đồng ý, 9 có mặt; tổ đồng ý 40.000.000 đồng" in step.words
    cases = AppraisalCase.objects.filter(meeting=made).order_by("pk")
    assert [(c.chosen, c.amount) for c in cases] == [
        (True, 50_000_000),
        (True, 40_000_000),
        (False, None),
    ]
    # What was not chosen may come before the next meeting.
    next_day = draft(bank, homes, vote(rows[2], 9), on=TODAY - timedelta(days=1))
    hold(bank, next_day)
    rows[2].refresh_from_db()
    assert rows[2].state == "appraised"


def test_a_quorum_is_two_thirds(bank: Bank, homes: list[Household]) -> None:
    row = asked(bank, homes[4])
    few = draft(bank, homes, vote(row, 5), present=there(bank.group, 5))
    assert refused(bank, few) == "meeting_without_quorum"
    made = hold(bank, replace(few, present=there(bank.group, 6)))
    assert (len(made.present), made.members) == (6, 9)


def test_who_chairs_does_not_have_the_own_case_decided(bank: Bank, homes: list[Household]) -> None:
    row = asked(bank, homes[0])
    meeting = draft(bank, homes, vote(row))
    assert refused(bank, meeting) == "own_case_chaired"
    # The deputy may chair it.
    made = hold(bank, replace(meeting, chair=head_of(homes[1]), secretary=head_of(homes[0])))
    assert made.chair_post == "Tổ phó"


def test_votes_amounts_and_days_are_bounded(bank: Bank, homes: list[Household]) -> None:
    row = asked(bank, homes[4])
    assert refused(bank, draft(bank, homes, vote(row, 9, 1))) == "votes_above_attendance"
    assert refused(bank, draft(bank, homes, vote(row, 9, -1))) == "field_wrong"
    assert refused(bank, draft(bank, homes, vote(row, amount=50_000_001))) == "field_wrong"
    assert refused(bank, draft(bank, homes, vote(row, amount=0))) == "field_wrong"
    assert refused(bank, draft(bank, homes)) == "field_wrong"
    assert refused(bank, draft(bank, homes, vote(row), vote(row))) == "field_wrong"
    tomorrow = TODAY + timedelta(days=1)
    assert refused(bank, draft(bank, homes, vote(row), on=tomorrow)) == "meeting_in_future"
    hold(bank, draft(bank, homes, vote(row, 5, 4)))


def test_the_people_of_the_minutes_are_of_the_group(bank: Bank, homes: list[Household]) -> None:
    row = asked(bank, homes[4])
    plain = draft(bank, homes, vote(row, 8))
    stranger = head_of(make_household(None, "Người Ngoài"))
    assert refused(bank, replace(plain, chair=head_of(homes[3]))) == "field_wrong"
    assert refused(bank, replace(plain, secretary=stranger)) == "field_wrong"
    assert refused(bank, replace(plain, secretary=plain.chair)) == "field_wrong"
    assert refused(bank, replace(plain, witness=" ")) == "field_wrong"
    assert refused(bank, replace(plain, present=[*there(bank.group, 8), 0])) == "field_wrong"
    other = make_group(bank.office, "4606002")
    assert refused(bank, replace(plain, group=other)) == "not_allowed"


def test_a_case_already_decided_is_refused_with_the_whole_meeting(
    bank: Bank, homes: list[Household]
) -> None:
    done, open_ = asked(bank, homes[2]), asked(bank, homes[3])
    advance(application=done, verb="appraise", by=bank.leader, on=TODAY)
    assert refused(bank, draft(bank, homes, vote(open_), vote(done))) == "wrong_state"
    open_.refresh_from_db()
    assert open_.state == "draft"


def test_a_day_has_one_meeting(bank: Bank, homes: list[Household]) -> None:
    first, second = asked(bank, homes[2]), asked(bank, homes[3])
    hold(bank, draft(bank, homes, vote(first)))
    with pytest.raises(Refusal) as said:
        hold(bank, draft(bank, homes, vote(second)))
    assert said.value.code == "meeting_held"


def test_outsiders_record_nothing(bank: Bank, homes: list[Household], signed_in: Any) -> None:
    row = asked(bank, homes[4])
    stranger = person(
        "to-truong-khac", "group_leader", RoleHolding.objects.get(user=bank.leader).organisation
    )
    for who in (stranger, bank.officer, bank.teller, bank.director):
        assert refused(bank, draft(bank, homes, vote(row)), who) == "not_allowed"
    address = reverse("loans:hold_meeting", args=[bank.group.pk])
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(bank.teller).get(address).status_code == 403
    assert signed_in(bank.leader).get(address).status_code == 200
    # The commune's people record it for a group without an account.
    hold(bank, draft(bank, homes, vote(row)), bank.commune)


def test_a_meeting_is_undone_until_the_commune_confirms(
    bank: Bank, homes: list[Household], signed_in: Any
) -> None:
    rows = [asked(bank, home) for home in homes[2:4]]
    made = hold(bank, draft(bank, homes, *(vote(row) for row in rows)))
    undo = reverse("loans:undo_meeting", args=[made.pk])
    assert signed_in(bank.officer).post(undo, {"why": "Sai"}).status_code == 403
    with pytest.raises(Refusal) as said:
        undo_meeting(meeting=made, why=" ", by=bank.leader, on=TODAY)
    assert said.value.code == "field_wrong"
    with clock.fixed_today(TODAY):
        assert signed_in(bank.leader).post(undo, {"why": "Ghi nhầm số phiếu"}).status_code == 302
    made.refresh_from_db()
    assert (made.undone_on, made.undone_by) == (TODAY, bank.leader)
    for row in rows:
        row.refresh_from_db()
        assert row.state == "draft"
    with pytest.raises(Refusal):
        undo_meeting(meeting=made, why="Lần nữa", by=bank.leader, on=TODAY)
    # Recorded anew, on the same day; confirmed in part, it stands.
    again = hold(bank, draft(bank, homes, *(vote(row) for row in rows)))
    advance(application=rows[0], verb="confirm", by=bank.commune, on=TODAY)
    with pytest.raises(Refusal) as said:
        undo_meeting(meeting=again, why="Sai", by=bank.leader, on=TODAY)
    assert said.value.code == "meeting_not_undone"


def test_the_page_records_what_was_typed_and_keeps_it_when_refused(
    bank: Bank, homes: list[Household], signed_in: Any
) -> None:
    rows = [asked(bank, home) for home in homes[2:4]]
    leader, address = signed_in(bank.leader), reverse("loans:hold_meeting", args=[bank.group.pk])
    sent = {
        "on": str(TODAY),
        "chair": head_of(homes[0]).pk,
        "secretary": head_of(homes[1]).pk,
        "witness_post": "head",
        "witness": "Trần Văn Ấp",
        "present": there(bank.group, 5),
        "case": [rows[0].pk],
        f"agree-{rows[0].pk}": "5",
        f"against-{rows[0].pk}": "1",
        f"amount-{rows[0].pk}": "45.000.000",
        f"words-{rows[0].pk}": "Giảm số tiền",
    }
    with clock.fixed_today(TODAY):
        page = leader.post(address, sent).content.decode()
        assert "cần ít nhất 6" in page
        assert 'value="Giảm số tiền"' in page and "45.000.000" in page
        answer = leader.post(address, {**sent, "present": there(bank.group, 6)})
        made = AppraisalMeeting.objects.get()
        assert answer.url == reverse("loans:meeting", args=[made.pk])
        page = leader.get(answer.url).content.decode()
        assert "45.000.000" in page and "Hủy biên bản" in page
        assert "Hủy biên bản" not in signed_in(bank.officer).get(answer.url).content.decode()
        listed = leader.get(reverse("loans:meetings", args=[bank.group.pk])).content.decode()
        assert "23/11/2026" in listed and "1 hồ sơ chờ bình xét" in re.sub(r"\s+", " ", listed)


def test_the_minutes_hold_the_whole_meeting(
    bank: Bank, homes: list[Household], signed_in: Any
) -> None:
    rows = [asked(bank, home) for home in homes[2:5]]
    cases = (vote(rows[0]), vote(rows[1], amount=30_000_000), vote(rows[2], 1, 8))
    made = hold(bank, draft(bank, homes, *cases))
    officer = signed_in(bank.officer)
    answer = officer.get(reverse("loans:meeting_minutes", args=[made.pk, "docx"]))
    paper = Document(io.BytesIO(answer.content))
    words = "\n".join(
        [p.text for p in paper.paragraphs]
        + [c.text for t in paper.tables for r in t.rows for c in r.cells]
    )
    assert (
        "Lê Thị Hoa, tổ trưởng" in words
        and "Phó trưởng ấp (khu phố): ông (bà) Trần Văn Ấp" in words
    )
    assert "có mặt 9; vắng mặt 0" in words and "30.000.000" in words and "9/9" in words
    assert "Hộ 5 (không đủ phiếu)" in words
    assert officer.get(reverse("loans:meeting_minutes", args=[made.pk, "pdf"])).status_code == 200
    assert officer.get(reverse("loans:meeting_minutes", args=[made.pk, "odt"])).status_code == 404
    # The form printed from an application is that of its meeting.
    form = reverse("loans:application_form", args=[rows[0].pk, "10C-TD", "docx"])
    own = Document(io.BytesIO(officer.get(form).content))
    assert "9/9" in {c.text for t in own.tables for r in t.rows for c in r.cells}
    offices = Organisation.objects.filter(kind="transaction_office", ends_on=None)
    far = person("can-bo-xa-khac", "loan_officer", offices.exclude(pk=bank.office.pk)[0])
    assert signed_in(far).get(reverse("loans:meeting", args=[made.pk])).status_code == 404
