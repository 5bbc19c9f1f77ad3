"""A weak board from its proposal to the hand-over; every wrong step is refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from groups_cast import Cast, head_of, make_group, make_home, person

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.entrustment.errors import LeaderNotMember
from tdcs.entrustment.models import BoardMember, GroupAccount, GroupRating, SavingsGroup
from tdcs.entrustment.services import members as member_services
from tdcs.group_results import checks, errors
from tdcs.group_results.models import ConsolidationCase, GroupVote
from tdcs.group_results.queries.quality import QualityFilters, ground_of, quality_rows
from tdcs.group_results.queries.waiting import waiting_for
from tdcs.group_results.rules.consolidating import in_a_row, least_present, passes, weak_ground
from tdcs.group_results.services import consolidating as services
from tdcs.group_results.services.consolidating import Handover, Meeting, Proposal
from tdcs.group_results.states import CaseState

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
BOOKS = ("Biên lai thu lãi, thu tiền gửi còn lại",)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture
def director(cast: Cast) -> User:
    return person("giam-doc", "office_director", cast.office)


def rate(group: SavingsGroup, *grades: str) -> None:
    """The group's last months, October first."""
    for at, grade in enumerate(grades):
        GroupRating.objects.create(
            group=group, month=date(2026, 10 - at, 1), points={}, total=40, grade=grade, law_hash="x"
        )  # fmt: skip


@pytest.fixture
def weak(cast: Cast) -> SavingsGroup:
    rate(cast.group, "weak", "weak", "good")
    return cast.group


def proposal(cast: Cast, **changes: Any) -> Proposal:
    given = {
        "kind": "replace",
        "leader": head_of(cast.homes[2]),
        "reason": "Tổ trưởng bỏ bê việc thu lãi",
    }
    return Proposal(**(given | changes))  # type: ignore[arg-type]


def proposed(cast: Cast, **changes: Any) -> ConsolidationCase:
    return services.propose(
        group=cast.group, proposal=proposal(cast, **changes), by=cast.officer, on=TODAY
    )


def opined(cast: Cast, **changes: Any) -> ConsolidationCase:
    return services.opine(
        case=proposed(cast, **changes),
        agrees=True,
        number="12/UBND",
        words="",
        by=cast.clerk,
        on=TODAY,
    )


def meeting(
    cast: Cast, present: int = 5, votes: tuple[int, int] = (4, 1), **changes: Any
) -> Meeting:
    there = list(cast.group.members.order_by("pk")[:present].values_list("pk", flat=True))
    given = {
        "held_on": TODAY, "attended": there, "votes_for": votes[0], "votes_against": votes[1],
        "chair": "Trưởng ấp"}  # fmt: skip
    return Meeting(**(given | changes))  # type: ignore[arg-type]


def voted(cast: Cast, **changes: Any) -> ConsolidationCase:
    case = opined(cast, **changes)
    services.hold_meeting(case=case, meeting=meeting(cast), by=cast.officer, on=TODAY)
    case.refresh_from_db()
    return case


def refused(error: type[Refusal], call: Any, **given: Any) -> None:
    with pytest.raises(error) as found:
        call(**given)
    assert found.value.sentence("vi") and found.value.sentence("en")


# When a board is weak.


def test_months_in_a_row_count_from_the_newest() -> None:
    assert in_a_row(["weak", "average", "weak", "good", "weak"], "average") == 3
    assert in_a_row(["weak", None, "weak"], "weak") == 1
    assert in_a_row(["fair", "weak"], "average") == 0


def test_grounds_on_both_sides() -> None:
    one, two = weak_ground(["weak", "average"], TODAY), weak_ground(["weak", "weak"], TODAY)
    assert one is None and two is not None and (two.grade, two.months) == ("weak", 2)
    assert weak_ground(["average", "weak", "fair"], TODAY) is None
    three = weak_ground(["average", "weak", "average"], TODAY)
    assert three is not None and (three.grade, three.months) == ("average", 3)


def test_quorum_and_majority_on_both_sides() -> None:
    # More than two thirds: of 6 that is 4, of 60 that is 40.
    assert [least_present(n, TODAY) for n in (5, 6, 7, 60)] == [4, 4, 5, 40]
    assert passes(3, 5, TODAY) and not passes(2, 4, TODAY)


def test_a_month_without_rating_breaks_the_row(cast: Cast) -> None:
    rate(cast.group, "weak")
    assert ground_of(cast.group.pk, TODAY) is None
    GroupRating.objects.create(
        group=cast.group, month=date(2026, 8, 1), points={}, total=40, grade="weak", law_hash="x"
    )
    assert ground_of(cast.group.pk, TODAY) is None


# The way from the proposal to the hand-over.


def test_a_leader_is_replaced_and_hands_over(
    cast: Cast, weak: SavingsGroup, director: User
) -> None:
    account = GroupAccount.objects.create(group=weak, user=cast.leader, starts_on=date(2026, 2, 1))
    case = voted(cast)
    services.decide(case=case, number="45/QĐ-PGD", by=director, on=TODAY)
    leads = BoardMember.objects.get(group=weak, post="leader", ends_on=None)
    assert leads.person == head_of(cast.homes[2]) and leads.starts_on == TODAY
    account.refresh_from_db()
    assert account.ends_on == TODAY
    given = Handover(
        receiver=leads.person.full_name, witness="Trưởng ấp", books=BOOKS, cash=350_000
    )
    made = services.hand_over(case=case, given=given, by=cast.officer, on=TODAY)
    assert made.giver == "Lê Thị Hoa" and made.books == list(BOOKS)
    case.refresh_from_db()
    assert (case.state, case.closed_on) == (CaseState.HANDED, TODAY)
    assert [row.verb for row in case.steps.order_by("pk")] == [
        "propose", "opine", "vote", "decide", "hand_over"]  # fmt: skip
    assert AuditLine.objects.filter(action__startswith="group_results.").count() == 5
    assert [list(check()) for check in checks.CHECKS.values()] == [[], [], []]
    # The months of the board that went do not speak against the new one: its own begin in December.
    assert ground_of(weak.pk, TODAY) is None
    rated = {"group": weak, "points": {}, "total": 40, "grade": "weak", "law_hash": "x"}
    for month in (date(2026, 11, 1), date(2026, 12, 1)):
        GroupRating.objects.create(month=month, **rated)
    assert ground_of(weak.pk, date(2027, 1, 5)) is None
    GroupRating.objects.create(month=date(2027, 1, 1), **rated)
    assert ground_of(weak.pk, date(2027, 2, 5)) is not None


def test_a_group_is_merged(cast: Cast, weak: SavingsGroup, director: User) -> None:
    other = make_group(
        code="4606009", commune_area=cast.la_nga, office=cast.office, mass_organisation=cast.women,
        households=[make_home(cast.la_nga) for _ in range(5)])  # fmt: skip
    case = voted(cast, kind="merge", leader=None, into=other)
    services.decide(case=case, number="46/QĐ-PGD", by=director, on=TODAY)
    weak.refresh_from_db()
    assert weak.ends_on == TODAY and other.members.filter(ends_on=None).count() == 11
    given = Handover(receiver="Tổ trưởng tổ nhận", witness="Trưởng ấp", books=BOOKS, cash=0)
    services.hand_over(case=case, given=given, by=cast.officer, on=TODAY)
    assert [list(check()) for check in checks.CHECKS.values()] == [[], [], []]


def test_a_vote_that_fails_leaves_the_case_for_another_meeting(
    cast: Cast, weak: SavingsGroup
) -> None:
    case = opined(cast)
    lost = services.hold_meeting(
        case=case, meeting=meeting(cast, votes=(2, 3)), by=cast.officer, on=TODAY
    )
    case.refresh_from_db()
    assert not lost.passed and case.state == CaseState.OPINED
    won = services.hold_meeting(
        case=case, meeting=meeting(cast, votes=(3, 2)), by=cast.officer, on=TODAY
    )
    assert won.passed and GroupVote.objects.count() == 2


def test_a_commune_that_does_not_agree_ends_the_case(cast: Cast, weak: SavingsGroup) -> None:
    case = proposed(cast)
    given: dict[str, Any] = {
        "case": case,
        "agrees": False,
        "number": "13/UBND",
        "by": cast.clerk,
        "on": TODAY,
    }
    refused(errors.ConsolidationIncomplete, services.opine, words=" ", **given)
    services.opine(words="Tổ trưởng đang khắc phục", **given)
    case.refresh_from_db()
    assert (case.state, case.closed_on) == (CaseState.DROPPED, TODAY)
    assert list(checks.states_are_where_steps_end()) == []
    assert proposed(cast).pk != case.pk


# Wrong steps, by name.


def test_wrong_proposals(cast: Cast, weak: SavingsGroup) -> None:
    other = make_group(
        code="4606010", commune_area=cast.la_nga, office=cast.office, mass_organisation=cast.women,
        households=[make_home(cast.la_nga) for _ in range(5)])  # fmt: skip
    stranger = head_of(other.members.order_by("pk")[0].household)
    wrong: list[tuple[type[Refusal], dict[str, Any]]] = [
        (LeaderNotMember, {"leader": stranger}),
        (errors.AlreadyHolds, {"leader": head_of(cast.homes[0])}),
        (errors.AlreadyHolds, {"leader": None, "deputy": head_of(cast.homes[1])}),
        (errors.ConsolidationIncomplete, {"leader": None}),
        (errors.ConsolidationIncomplete, {"deputy": head_of(cast.homes[2])}),
        (errors.ConsolidationIncomplete, {"reason": "  "}),
        (errors.ConsolidationIncomplete, {"kind": "dismiss"}),
        (errors.ConsolidationIncomplete, {"kind": "merge", "leader": None}),
        (errors.ConsolidationIncomplete, {"kind": "merge", "into": other}),
    ]
    for error, changes in wrong:
        refused(error, proposed, cast=cast, **changes)
    assert not ConsolidationCase.objects.exists()
    # A deputy may be proposed as leader: his seat moves.
    proposed(cast, leader=head_of(cast.homes[1]))
    refused(errors.ConsolidationOpen, proposed, cast=cast)


def test_no_case_without_ground_or_from_another_office(cast: Cast) -> None:
    rate(cast.group, "weak", "average")
    refused(errors.BoardNotWeak, proposed, cast=cast)
    given = {"group": cast.group, "proposal": proposal(cast), "on": TODAY}
    refused(errors.OutsideTheOffice, services.propose, by=cast.far_officer, **given)


def test_steps_in_their_order_by_those_whose_they_are(
    cast: Cast, weak: SavingsGroup, director: User
) -> None:
    case = proposed(cast)
    told: dict[str, Any] = {"agrees": True, "number": "1", "words": "", "on": TODAY, "case": case}
    for other in (cast.far_clerk, cast.women_clerk, cast.officer):
        refused(errors.NotTheCommune, services.opine, by=other, **told)
    refused(
        errors.ConsolidationMoveRefused,
        services.decide,
        case=case,
        number="1",
        by=director,
        on=TODAY,
    )
    held = {"case": case, "by": cast.officer, "on": TODAY}
    refused(errors.ConsolidationMoveRefused, services.hold_meeting, meeting=meeting(cast), **held)
    services.opine(by=cast.clerk, **told)
    refused(errors.ConsolidationMoveRefused, services.opine, by=cast.clerk, **told)


def test_meetings_that_cannot_decide(cast: Cast, weak: SavingsGroup) -> None:
    case = opined(cast)
    wrong: list[tuple[type[Refusal], Meeting]] = [
        (errors.GroupWithoutQuorum, meeting(cast, present=3, votes=(3, 0))),
        # Ticks of people who are no members count for nobody.
        (errors.GroupWithoutQuorum, meeting(cast, attended=[10**9 + n for n in range(5)])),
        (errors.GroupVotesWrong, meeting(cast, present=4, votes=(4, 1))),
        (errors.GroupVotesWrong, meeting(cast, votes=(-1, 3))),
        (errors.GroupVotesWrong, meeting(cast, votes=(0, 0))),
        (errors.ConsolidationIncomplete, meeting(cast, held_on=None)),
        (errors.ConsolidationIncomplete, meeting(cast, held_on=TODAY + timedelta(days=1))),
        (errors.ConsolidationIncomplete, meeting(cast, held_on=TODAY - timedelta(days=1))),
        (errors.ConsolidationIncomplete, meeting(cast, chair="")),
    ]
    for error, one in wrong:
        refused(error, services.hold_meeting, case=case, meeting=one, by=cast.officer, on=TODAY)
    assert not GroupVote.objects.exists()
    fine = meeting(cast, present=4, votes=(4, 0))
    assert services.hold_meeting(case=case, meeting=fine, by=cast.officer, on=TODAY).passed


def test_who_proposes_does_not_decide(cast: Cast, weak: SavingsGroup, director: User) -> None:
    case = voted(cast)
    refused(
        errors.SamePersonDecides, services.decide, case=case, number="1", by=cast.officer, on=TODAY
    )
    refused(
        errors.ConsolidationIncomplete,
        services.decide,
        case=case,
        number=" ",
        by=director,
        on=TODAY,
    )
    far = person("giam-doc-xa", "office_director", cast.far_office)
    refused(errors.OutsideTheOffice, services.decide, case=case, number="1", by=far, on=TODAY)


def test_who_left_the_group_meanwhile_cannot_be_appointed(
    cast: Cast, weak: SavingsGroup, director: User
) -> None:
    case = voted(cast)
    member_services.leave(
        group=weak, household=cast.homes[2], since=TODAY, why="Chuyển đi", by=cast.officer, on=TODAY
    )
    refused(LeaderNotMember, services.decide, case=case, number="1", by=director, on=TODAY)
    services.drop(case=case, why="Người được đề nghị đã rời tổ", by=cast.officer, on=TODAY)
    case.refresh_from_db()
    assert case.state == CaseState.DROPPED


def test_a_hand_over_needs_books_cash_and_people(
    cast: Cast, weak: SavingsGroup, director: User
) -> None:
    case = voted(cast)
    services.decide(case=case, number="1", by=director, on=TODAY)
    whole = {"receiver": "A", "witness": "B", "books": BOOKS, "cash": 0}
    for changes in (
        {"receiver": ""},
        {"witness": " "},
        {"books": ("Sổ lạ",)},
        {"cash": None},
        {"cash": -1},
    ):
        given = Handover(**(whole | changes))  # type: ignore[arg-type]
        refused(
            errors.ConsolidationIncomplete,
            services.hand_over,
            case=case,
            given=given,
            by=cast.officer,
            on=TODAY,
        )
    refused(
        errors.ConsolidationMoveRefused,
        services.drop,
        case=case,
        why="Thôi",
        by=cast.officer,
        on=TODAY,
    )


def test_checks_find_what_was_written_past_the_services(
    cast: Cast, weak: SavingsGroup, director: User
) -> None:
    case = voted(cast)
    services.decide(case=case, number="1", by=director, on=TODAY)
    BoardMember.objects.filter(group=weak, post="leader", ends_on=None).delete()
    GroupVote.objects.get().attended.clear()
    ConsolidationCase.objects.update(state=CaseState.VOTED)
    assert len(list(checks.states_are_where_steps_end())) == 1
    ConsolidationCase.objects.update(state=CaseState.DECIDED)
    assert len(list(checks.decisions_were_carried_out())) == 1
    assert len(list(checks.votes_had_their_quorum())) == 1


# Pages.


def test_the_list_of_weak_groups(cast: Cast, weak: SavingsGroup, signed_in: Any) -> None:
    (row,) = quality_rows(cast.officer, QualityFilters(), TODAY)
    assert (row.group, row.months, row.ground and row.ground.months) == (weak.pk, 2, 2)
    assert [grade for _month, grade in row.recent] == [None, None, None, "good", "weak", "weak"]
    assert quality_rows(cast.officer, QualityFilters(months=3), TODAY) == []
    assert quality_rows(cast.far_officer, QualityFilters(), TODAY) == []
    assert quality_rows(cast.officer, QualityFilters(mass="hoi-nong-dan"), TODAY) == []
    browser = signed_in(cast.officer)
    page = browser.get("/to/chat-luong/?grade=weak&months=x").content.decode()
    assert "Tổ bà Hoa" in page and "Đủ căn cứ" in page
    sent = browser.get("/to/chat-luong/?export=csv").content.decode("utf-8-sig")
    assert "4606001" in sent


def test_the_case_goes_through_its_pages(
    cast: Cast, weak: SavingsGroup, director: User, signed_in: Any
) -> None:
    browser = signed_in(cast.officer)
    assert "Đề nghị kiện toàn" in browser.get(f"/to/{weak.pk}/").content.decode()
    sent = {"kind": "replace", "leader": head_of(cast.homes[2]).pk, "reason": "Bỏ bê"}
    browser.post(f"/to/{weak.pk}/kien-toan/", sent)
    case = ConsolidationCase.objects.get()
    at = f"/to/kien-toan/{case.pk}/"
    assert [line.count for line in waiting_for(cast.clerk, TODAY)] == [1]
    browser = signed_in(cast.clerk)
    assert "Đồng ý" in browser.get(at).content.decode()
    browser.post(f"{at}y-kien/", {"agrees": "yes", "number": "12/UBND"})
    assert waiting_for(cast.clerk, TODAY) == []
    browser = signed_in(cast.officer)
    there = list(weak.members.values_list("pk", flat=True))
    browser.post(
        f"{at}hop/",
        {
            "held_on": "2026-11-23",
            "member": there,
            "for": "6",
            "against": "0",
            "chair": "Trưởng ấp",
        },
    )
    vote = GroupVote.objects.get()
    paper = browser.get(f"{at}hop/{vote.pk}/docx/")
    assert paper.status_code == 200 and paper.content[:2] == b"PK"
    browser = signed_in(director)
    browser.post(f"{at}quyet-dinh/", {"number": "45/QĐ-PGD"})
    browser = signed_in(cast.officer)
    assert browser.get(f"{at}ban-giao/docx/").status_code == 404
    books = {"receiver": "Ông Năm", "witness": "Trưởng ấp", "book": list(BOOKS), "cash": "350.000"}
    browser.post(f"{at}ban-giao/", books)
    case.refresh_from_db()
    assert case.state == CaseState.HANDED and case.handover.cash == 350_000
    assert browser.get(f"{at}ban-giao/docx/").content[:2] == b"PK"
    page = browser.get(f"/to/{weak.pk}/").content.decode()
    assert "45/QĐ-PGD" in page and "Đã bàn giao" in page
    assert "Tổ bà Hoa" in browser.get("/to/kien-toan/?all=1").content.decode()
    assert signed_in(cast.far_officer).get(at).status_code == 404


def test_other_roles_do_not_take_the_steps(cast: Cast, weak: SavingsGroup, signed_in: Any) -> None:
    case = proposed(cast)
    at = f"/to/kien-toan/{case.pk}/"
    browser = signed_in(cast.teller)
    assert [
        browser.post(f"{at}{step}/").status_code
        for step in ("y-kien", "hop", "quyet-dinh", "ban-giao", "dung")
    ] == [403] * 5
    assert browser.get(f"/to/{weak.pk}/kien-toan/").status_code == 403
    assert signed_in(cast.officer).post(f"{at}quyet-dinh/").status_code == 403
