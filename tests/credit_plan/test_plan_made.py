"""From needs to an approved plan: what is summed, who writes when, what is refused, what the trail says."""

from __future__ import annotations

from datetime import date

import pytest
from credit_plan_cast import LAST, MILLION, World
from django.db import IntegrityError, transaction
from groups_cast import TODAY, make_home, person, unit

from tdcs.audit.models import AuditLine
from tdcs.core.errors import Refusal
from tdcs.credit_plan.errors import (
    AsksOpen,
    CreditPlanExists,
    MoveNotOpen,
    NoBookYet,
    NotBranchDirector,
    NothingToSpread,
    NotYourLine,
    NotYourPen,
    OfficesNotAgreed,
    PlanAmountWrong,
    PlanDoesNotAddUp,
    PlanLocked,
    PlanProgrammeUnknown,
    PlanYearWrong,
    SamePerson,
    WordsNeeded,
)
from tdcs.credit_plan.models import (
    Allotment,
    CreditPlan,
    CreditPlanState,
    OfficeRound,
    PlanLine,
    RoundState,
)
from tdcs.credit_plan.queries.book import maturing
from tdcs.credit_plan.queries.needs import NeedsOf, rolled_up
from tdcs.credit_plan.queries.plans import carries, fund_frame, waiting_for
from tdcs.credit_plan.services import approving, negotiating, planning
from tdcs.households.models import CreditNeed, NeedSurvey

pytestmark = pytest.mark.django_db
ASKED = NeedsOf(2027, LAST, TODAY)


def target(world: World, amount: int = 90, programme: str = "HN") -> None:
    planning.set_target(
        plan=world.plan,
        programme=programme,
        source=world.central,
        amount=amount * MILLION,
        by=world.planner,
        on=TODAY,
    )


def spread(world: World, amount: int = 90) -> dict[int, int]:
    """Commune → million."""
    target(world, amount)
    planning.spread_targets(plan=world.plan, by=world.planner, on=TODAY)
    rows = Allotment.objects.filter(plan=world.plan)
    return {row.area_id: row.amount // MILLION for row in rows}


def cell(world: World, at: int) -> Allotment:
    return Allotment.objects.get(plan=world.plan, area_id=world.communes[at], programme="HN")


def agree_all(world: World) -> None:
    negotiating.send_all(plan=world.plan, by=world.planner, on=TODAY)
    OfficeRound.objects.filter(plan=world.plan).update(state=RoundState.AGREED)


def test_needs_from_the_group_to_the_province_beside_the_book(world: World) -> None:
    groups = rolled_up(world.plan, ASKED, "group")
    assert sorted(groups["need"].to_list()) == [10 * MILLION, 30 * MILLION, 50 * MILLION]
    assert 0 not in groups["group"].to_list()
    communes = {
        row["commune"]: row for row in rolled_up(world.plan, ASKED, "commune").iter_rows(named=True)
    }
    first = communes[world.communes[0]]
    assert (first["households"], first["asked"], first["balance"]) == (
        1,
        50 * MILLION,
        100 * MILLION,
    )
    # Two years from 5/10/2025 fall due in 2027; the others in 2030.
    assert [communes[area]["maturing"] for area in world.communes] == [100 * MILLION, 0, 0]
    (province,) = rolled_up(world.plan, ASKED, "province").iter_rows(named=True)
    assert (province["need"], province["balance"], province["maturing"]) == (
        90 * MILLION, 300 * MILLION, 100 * MILLION
    )  # fmt: skip
    offices = rolled_up(world.plan, ASKED, "office")
    assert offices["need"].sum() == 90 * MILLION


def test_a_household_counts_once_as_it_said_last(world: World) -> None:
    need = CreditNeed.objects.get(amount=30 * MILLION)
    later = NeedSurvey.objects.create(area=need.survey.area, year=2027, quarter=1)
    CreditNeed.objects.create(
        survey=later,
        household=need.household,
        programme="HN",
        amount=12 * MILLION,
        told_on=date(2026, 11, 20),
    )
    (province,) = rolled_up(world.plan, ASKED, "province").iter_rows(named=True)
    assert (province["households"], province["need"]) == (3, 72 * MILLION)


def test_what_falls_due_is_of_the_year_only(world: World) -> None:
    assert maturing(2026, LAST, TODAY).is_empty()
    assert maturing(2028, LAST, TODAY).is_empty()
    assert maturing(2030, LAST, TODAY)["maturing"].sum() == 200 * MILLION


def test_a_correction_counts_instead_of_the_survey_and_keeps_its_comment(world: World) -> None:
    planning.correct_need(plan=world.plan, need=planning.SaidNeed(world.communes[1], "HN", 45 * MILLION, "Có thêm 5 hộ mới thoát nghèo"), by=world.planner, on=TODAY)  # fmt: skip
    for level in ("province", "office", "commune", "group"):
        rows = rolled_up(world.plan, ASKED, level)
        assert rows["need"].sum() == 105 * MILLION, level
        assert rows["asked"].sum() == 90 * MILLION, level
    line = AuditLine.objects.filter(action="credit_plan.correct_need").latest("pk")
    assert line.why == "Có thêm 5 hộ mới thoát nghèo"
    with pytest.raises(WordsNeeded):
        planning.correct_need(plan=world.plan, need=planning.SaidNeed(world.communes[1], "HN", 1, " "), by=world.planner, on=TODAY)  # fmt: skip


def test_only_this_year_and_the_next_are_opened_and_each_once(world: World) -> None:
    with pytest.raises(CreditPlanExists):
        planning.open_plan(year=2027, by=world.planner, on=TODAY)
    for year in (2025, 2028):
        with pytest.raises(PlanYearWrong):
            planning.open_plan(year=year, by=world.planner, on=TODAY)
    assert planning.open_plan(year=2026, by=world.planner, on=TODAY).year == 2026
    with pytest.raises(NoBookYet):
        planning.open_plan(year=2025, by=world.planner, on=date(2025, 11, 1))


def test_targets_are_spread_over_communes_by_their_needs(world: World) -> None:
    found = spread(world, 100)
    first, second, third = (found[area] for area in world.communes)
    assert (first, second, third) == (56, 33, 11)
    assert sum(found.values()) == 100


def test_money_of_a_commune_stays_in_it(world: World) -> None:
    from tdcs.capital.services import invest
    from tdcs.organisations.models import Organisation

    committee = Organisation.objects.get(
        type="ubnd", level="commune", ends_on=None, profiles__area_id=world.communes[2],
        profiles__ends_on=None,
    )  # fmt: skip
    own = invest(investor=committee, by=None, on=TODAY)
    planning.set_target(
        plan=world.plan, programme="HN", source=own, amount=7 * MILLION, by=world.planner, on=TODAY
    )
    planning.spread_targets(plan=world.plan, by=world.planner, on=TODAY)
    assert list(Allotment.objects.values_list("area_id", "amount")) == [
        (world.communes[2], 7 * MILLION)
    ]


@pytest.mark.parametrize("amount", [-MILLION, 999_999, 1_000_001])
def test_a_target_is_whole_units(world: World, amount: int) -> None:
    with pytest.raises(PlanAmountWrong):
        planning.set_target(
            plan=world.plan, programme="HN", source=world.central, amount=amount,
            by=world.planner, on=TODAY,
        )  # fmt: skip


def test_unknown_programmes_and_nothing_to_spread_are_refused_by_name(world: World) -> None:
    with pytest.raises(PlanProgrammeUnknown):
        target(world, programme="XYZ")
    with pytest.raises(NothingToSpread):
        planning.spread_targets(plan=world.plan, by=world.planner, on=TODAY)


def test_a_round_passes_the_pen_to_the_office_and_back(world: World) -> None:
    spread(world)
    office = world.offices[0]
    there = world.office_user(0)
    row = cell(world, 0)
    with pytest.raises(NotYourPen):
        negotiating.ask_amount(allotment=row, amount=0, comment="x", by=there, on=TODAY)
    negotiating.send(plan=world.plan, office=office.pk, by=world.planner, on=TODAY)
    with pytest.raises(NotYourPen):
        negotiating.set_amount(allotment=row, amount=0, by=world.planner, on=TODAY)
    with pytest.raises(NotYourPen):
        planning.spread_targets(plan=world.plan, by=world.planner, on=TODAY)
    assert [one.title for one in waiting_for(there, TODAY)] == ["Kế hoạch tín dụng chờ ý kiến"]
    negotiating.ask_amount(
        allotment=row, amount=60 * MILLION, comment="Nhu cầu tăng", by=there, on=TODAY
    )
    with pytest.raises(AsksOpen):
        negotiating.agree(plan=world.plan, office=office.pk, by=there, on=TODAY)
    with pytest.raises(WordsNeeded):
        negotiating.return_round(plan=world.plan, office=office.pk, comment="", by=there, on=TODAY)
    turn = negotiating.return_round(
        plan=world.plan, office=office.pk, comment="Xin thêm 10 triệu", by=there, on=TODAY
    )
    assert (turn.state, turn.number) == (RoundState.RETURNED, 1)
    assert waiting_for(there, TODAY) == []
    negotiating.accept(plan=world.plan, office=office.pk, by=world.planner, on=TODAY)
    row.refresh_from_db()
    assert (row.amount, row.asked) == (60 * MILLION, None)
    with pytest.raises(MoveNotOpen):
        negotiating.send(plan=world.plan, office=office.pk, by=world.planner, on=TODAY)
    negotiating.reopen(
        plan=world.plan, office=office.pk, comment="Vượt nguồn", by=world.planner, on=TODAY
    )
    said = [move.verb for move in turn.moves.all()]
    assert said == ["send", "return", "accept", "reopen"]
    actions = AuditLine.objects.filter(action__startswith="credit_plan.").values_list(
        "action", flat=True
    )
    assert {"credit_plan.send", "credit_plan.ask_amount", "credit_plan.return_round"} <= {*actions}


def test_the_branch_answers_an_office_with_its_own_amount(world: World) -> None:
    spread(world)
    office = world.offices[0].pk
    there = world.office_user(0)
    negotiating.send(plan=world.plan, office=office, by=world.planner, on=TODAY)
    row = cell(world, 0)
    negotiating.ask_amount(allotment=row, amount=60 * MILLION, comment="x", by=there, on=TODAY)
    negotiating.return_round(plan=world.plan, office=office, comment="xin", by=there, on=TODAY)
    changed = negotiating.set_amount(allotment=row, amount=55 * MILLION, by=world.planner, on=TODAY)
    assert (changed.amount, changed.asked) == (55 * MILLION, None)
    turn = negotiating.send(plan=world.plan, office=office, by=world.planner, on=TODAY)
    assert turn.number == 2
    assert (
        negotiating.agree(plan=world.plan, office=office, by=there, on=TODAY).state
        == RoundState.AGREED
    )


def test_an_office_and_a_commune_write_their_own_lines_only(world: World) -> None:
    spread(world)
    for office in {one.pk for one in world.offices}:
        negotiating.send(plan=world.plan, office=office, by=world.planner, on=TODAY)
    far = next(at for at in (1, 2) if world.offices[at].pk != world.offices[0].pk)
    there = world.office_user(0)
    with pytest.raises(NotYourLine):
        negotiating.ask_amount(
            allotment=cell(world, far), amount=0, comment="x", by=there, on=TODAY
        )
    with pytest.raises(NotYourLine):
        negotiating.agree(plan=world.plan, office=world.offices[far].pk, by=there, on=TODAY)
    with pytest.raises(NotYourLine):
        planning.correct_need(plan=world.plan, need=planning.SaidNeed(world.communes[far], "HN", 1, "x"), by=there, on=TODAY)  # fmt: skip
    from tdcs.organisations.models import Organisation

    committee = Organisation.objects.get(
        type="ubnd", level="commune", ends_on=None, profiles__area_id=world.communes[0],
        profiles__ends_on=None,
    )  # fmt: skip
    clerk = person("xa", "unit_clerk", committee)
    asked = negotiating.ask_amount(
        allotment=cell(world, 0), amount=40 * MILLION, comment="Ít hơn", by=clerk, on=TODAY
    )
    assert asked.asked == 40 * MILLION
    planning.correct_need(plan=world.plan, need=planning.SaidNeed(world.communes[0], "HN", 1, "Đủ vốn"), by=clerk, on=TODAY)  # fmt: skip
    # A commune does not answer for the office.
    with pytest.raises(NotYourLine):
        negotiating.return_round(
            plan=world.plan, office=world.offices[0].pk, comment="x", by=clerk, on=TODAY
        )


def test_a_plan_that_does_not_add_up_is_refused_with_every_line(world: World) -> None:
    """420 fit (320 - 300 are free, 100 fall due, 300 new): 421 do not; and the communes miss a target."""
    spread(world, 90)
    negotiating.set_amount(
        allotment=cell(world, 0), amount=400 * MILLION, by=world.planner, on=TODAY
    )
    target(world, 5, "GQVL")
    agree_all(world)
    with pytest.raises(PlanDoesNotAddUp) as wrong:
        approving.submit(plan=world.plan, by=world.planner, on=TODAY)
    words = wrong.value.sentence("vi").splitlines()
    assert len(words) == 4
    assert words[0] == "Kế hoạch chưa khớp ở 3 chỗ:"
    assert "các xã cộng lại 0 đồng, chỉ tiêu 5.000.000 đồng" in words[1]
    assert "chỉ tiêu 90.000.000 đồng" in words[2]
    assert "chỉ có 120.000.000 đồng" in words[3]
    assert "3 places" in wrong.value.sentence("en")
    world.plan.refresh_from_db()
    assert world.plan.state == CreditPlanState.NEGOTIATING


@pytest.mark.parametrize(("new", "fits"), [(30, True), (29, False)])
def test_the_last_dong_of_a_fund(world: World, new: int, fits: bool) -> None:
    """20 free and 100 falling due; 150 are planned: 30 million must be new."""
    spread(world, 150)
    planning.put_new_money(
        plan=world.plan, source=world.central, amount=new * MILLION, basis="Thông báo vốn",
        by=world.planner, on=TODAY,
    )  # fmt: skip
    (fund,) = [one for one in carries(world.plan, TODAY) if one.source == world.central]
    assert (fund.free, fund.maturing, fund.new, fund.left) == (
        20 * MILLION, 100 * MILLION, new * MILLION, (new - 30) * MILLION,
    )  # fmt: skip
    agree_all(world)
    if not fits:
        with pytest.raises(PlanDoesNotAddUp):
            approving.submit(plan=world.plan, by=world.planner, on=TODAY)
        return
    approving.submit(plan=world.plan, by=world.planner, on=TODAY)
    assert (
        dict(fund_frame(world.plan, TODAY).select("source", "free").rows())[world.central.pk]
        == 20 * MILLION
    )


def test_new_money_is_corrected_by_another_line_and_needs_a_basis(world: World) -> None:
    def put(amount: int, basis: str = "CV") -> None:
        planning.put_new_money(
            plan=world.plan,
            source=world.central,
            amount=amount,
            basis=basis,
            by=world.planner,
            on=TODAY,
        )

    put(5)
    put(-5)
    for amount, basis, refusal in (
        (-1, "CV", PlanAmountWrong),
        (0, "CV", PlanAmountWrong),
        (5, "", WordsNeeded),
    ):
        with pytest.raises(refusal):
            put(amount, basis)
    assert world.plan.new_money.count() == 2


def test_offices_that_have_not_agreed_are_named(world: World) -> None:
    spread(world)
    with pytest.raises(OfficesNotAgreed) as wrong:
        approving.submit(plan=world.plan, by=world.planner, on=TODAY)
    # Only those whose communes were allotted something.
    assert len(wrong.value.lines) == len({one.pk for one in world.offices})
    assert world.plan.rounds.count() > 3


def test_another_person_of_the_branch_approves_and_the_lines_begin(world: World) -> None:
    spread(world)
    agree_all(world)
    plan = approving.submit(plan=world.plan, by=world.director, on=TODAY)
    for who, refusal in ((world.director, SamePerson), (world.office_user(0), NotBranchDirector)):
        with pytest.raises(refusal):
            approving.approve(plan=plan, decision="QĐ 01", by=who, on=TODAY)
    approving.send_back(plan=plan, why="Xem lại nguồn", by=world.director, on=TODAY)
    plan = approving.submit(plan=world.plan, by=world.planner, on=TODAY)
    assert [one.title for one in waiting_for(world.director, TODAY)] == [
        "Kế hoạch tín dụng chờ phê duyệt"
    ]
    with pytest.raises(PlanLocked):
        target(world, 1)
    plan = approving.approve(plan=plan, decision="QĐ 01/QĐ-NHCS", by=world.director, on=TODAY)
    assert plan.state == CreditPlanState.APPROVED
    lines = PlanLine.objects.filter(allotment__plan=plan)
    assert {(line.starts_on, line.ends_on) for line in lines} == {(date(2027, 1, 1), None)}
    assert sum(line.amount for line in lines) == 90 * MILLION
    # What falls due is kept with the cell.
    assert cell(world, 0).collection == 100 * MILLION
    with pytest.raises(MoveNotOpen):
        approving.approve(plan=plan, decision="lần nữa", by=world.director, on=TODAY)


def test_the_database_itself_keeps_approved_lines(world: World) -> None:
    spread(world)
    agree_all(world)
    approving.submit(plan=world.plan, by=world.planner, on=TODAY)
    approving.approve(plan=world.plan, decision="QĐ", by=world.director, on=TODAY)
    line = PlanLine.objects.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanLine.objects.filter(pk=line.pk).update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        line.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditPlan.objects.update(approved_by=world.planner)


def test_every_refusal_speaks_both_languages() -> None:
    import tdcs.credit_plan.errors as errors

    found = [
        one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Refusal)
    ]
    assert all(one.vi != one.en and one.next_step_en for one in found if one.code != "refused")


def test_a_household_without_a_group_stands_in_group_none(world: World) -> None:
    home = make_home(CreditNeed.objects.get(amount=10 * MILLION).survey.area)
    survey = NeedSurvey.objects.get(area_id=world.communes[2], year=2027)
    CreditNeed.objects.create(
        survey=survey, household=home, programme="HN", amount=MILLION, told_on=date(2026, 11, 3)
    )
    rows = rolled_up(world.plan, ASKED, "group")
    assert rows.filter(rows["group"] == 0)["need"].to_list() == [MILLION]
    assert unit("nhcsxh-chi-nhanh@p75").pk
