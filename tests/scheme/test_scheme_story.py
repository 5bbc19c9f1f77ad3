"""A scheme from its founding to the register of letters: figures of the system, versions, what changed, who may what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from book_of_places import month_ends
from plans_cast import Cast
from scheme_choice import chosen

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.closing.queries import store
from tdcs.core.errors import Refusal
from tdcs.forecasting.errors import AssumptionWrong, NoMonthClosed, TooFewMonths
from tdcs.forecasting.queries import scenarios as kept_scenarios
from tdcs.forecasting.rules.assumptions import Assumptions
from tdcs.forecasting.services import end_scenario, keep_scenario
from tdcs.indicators import queries as indicators
from tdcs.letters.models import About, Direction, RegisteredLetter
from tdcs.plans.composing.framing import Signing
from tdcs.plans.errors import AnswerIncomplete, Stale
from tdcs.plans.models import Plan
from tdcs.scheme import errors, services
from tdcs.scheme.models import Scheme, SchemeVersion
from tdcs.scheme.queries.figures import take_figures, wanted_of
from tdcs.scheme.rules.changes import changes
from tdcs.scheme.rules.figures import digest_of, mismatches

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
SIGNING = Signing(
    number="15/ĐA-NHCS", issued_on=TODAY, signer="Trần Thị Mẫu", signer_title="Giám đốc"
)


def figures(scheme: Scheme, on: date = TODAY) -> Any:
    return take_figures(wanted_of(scheme), on)


def indicator(code: str, day: date, **by: str) -> Any:
    found = indicators.values(on=day, codes=[code], by=list(by))
    return found["value"].to_list()[0] if not by else found


def test_every_result_is_the_indicators_own(scheme: Scheme) -> None:
    found = figures(scheme)
    assert found["days"] == ["2024-12-31", "2025-12-31", "2026-10-31"]
    assert mismatches(found) == []
    for row in found["results"]:
        for day, value in zip(found["days"], row["values"], strict=True):
            assert value == indicator(row["code"], date.fromisoformat(day)), (row["code"], day)
    # The book is not empty, and its last year is where the scheme's first begins.
    outstanding = next(row for row in found["results"] if row["code"] == "outstanding")
    assert found["years"][0]["opening"] == outstanding["values"][1] > 0
    assert sum(row["base"] for row in found["programmes"]) == outstanding["values"][2]
    assert sum(row["base"] for row in found["communes"]) == outstanding["values"][2]


def test_sources_are_those_of_the_book(scheme: Scheme, book: Any) -> None:
    """The money of a commune's committee is the communes', other local money the province's."""
    now = figures(scheme)
    split = indicators.values(on=date(2026, 10, 31), by=["local", "source"], codes=["outstanding"])
    local = split.filter(split["local"])["value"].to_list()
    assert len(local) == 2
    year = now["years"][0]
    share = now["commune_share"]
    assert 0 < share < 1_000_000
    assert not now["commune_share_given"]
    assert year["central"] + year["province"] + year["communes"] == year["closing"]


def test_growth_and_local_share_are_the_scenarios(scheme: Scheme) -> None:
    for year in figures(scheme)["years"][1:]:
        assert abs(year["growth"] - 100_000) <= 1
        assert abs(year["local_of_growth"] - 300_000) <= 1


def test_another_scenario_gives_other_figures_and_the_same_past(
    scheme: Scheme, plan: Plan, cast: Cast
) -> None:
    before = figures(scheme)
    draft = chosen(plan, scenario="slower")
    services.change_scheme(scheme=scheme, draft=draft, revision=1, by=cast.planner, on=TODAY)
    scheme.refresh_from_db()
    found = changes(before, figures(scheme))
    assert {one.kind for one in found} == {"years", "programmes", "communes"}
    last = next(one for one in found if one.path == "years.2030.closing")
    assert last.old is not None
    assert last.new is not None
    assert last.new < last.old


def test_the_communes_share_may_be_given(scheme: Scheme, plan: Plan, cast: Cast) -> None:
    draft = chosen(plan, commune_share=500_000)
    services.change_scheme(scheme=scheme, draft=draft, revision=1, by=cast.planner, on=TODAY)
    scheme.refresh_from_db()
    found = figures(scheme)
    assert found["commune_share_given"]
    for year in found["years"][1:]:
        assert abs(year["province_added"] - year["communes_added"]) <= 1


def test_units_and_their_tasks_are_the_plans(scheme: Scheme) -> None:
    found = {row["unit"]: row for row in figures(scheme)["duties"]}
    assert "II.1.a" in found["Sở Tài chính"]["leads"]
    assert found["Chi nhánh NHCSXH tỉnh"]["leads"] == ["II.2.d"]
    assert found["Ủy ban nhân dân cấp xã"] == {
        "unit": "Ủy ban nhân dân cấp xã",
        "count": 95,
        "leads": ["II.2.a"],
        "helps": [],
    }


def test_a_version_keeps_what_it_said_when_the_book_goes_on(
    own_book: Any, written: Scheme, cast: Cast
) -> None:
    store().remove(date(2026, 10, 31))
    first = services.compose(scheme=written, by=cast.planner, on=TODAY)
    assert (first.sequence, first.figures_on) == (1, date(2026, 9, 30))
    assert first.digest == digest_of(first.content)
    again = services.compose(scheme=written, by=cast.planner, on=TODAY)
    assert again.pk == first.pk
    own_book.close(date(2026, 10, 31))
    second = services.compose(scheme=written, by=cast.planner, on=TODAY)
    assert (second.sequence, second.against, second.figures_on) == (2, first, date(2026, 10, 31))
    found = {one.path: one for one in changes(first.content["figures"], second.content["figures"])}
    one = found["results.outstanding.now"]
    assert one.old == indicator("outstanding", date(2026, 9, 30))
    assert one.new == indicator("outstanding", date(2026, 10, 31))
    lines = AuditLine.objects.filter(action="scheme.compose").order_by("id")
    assert [line.data["digest"] for line in lines] == [first.digest, second.digest]


def test_from_a_draft_to_the_register_of_letters(written: Scheme, cast: Cast, chief: User) -> None:
    version = services.compose(scheme=written, by=cast.planner, on=TODAY)
    services.submit(version=version, by=cast.planner, on=TODAY)
    with pytest.raises(errors.VersionElsewhere, match="Đã trình"):
        services.submit(version=version, by=cast.planner, on=TODAY)
    services.return_version(version=version, why="Bổ sung giải pháp", by=chief, on=TODAY)
    version.refresh_from_db()
    assert (version.state, version.returned_why) == (SchemeVersion.State.DRAFT, "Bổ sung giải pháp")
    services.submit(version=version, by=cast.planner, on=TODAY)
    services.recall(version=version, by=cast.planner, on=TODAY)
    services.submit(version=version, by=cast.planner, on=TODAY)
    with pytest.raises(AnswerIncomplete):
        services.issue(version=version, signing=Signing(number=" "), by=chief, on=TODAY)
    issued = services.issue(version=version, signing=SIGNING, by=chief, on=TODAY)
    assert (issued.state, issued.number, issued.approved_by) == ("issued", "15/ĐA-NHCS", chief)
    rows = RegisteredLetter.objects.filter(about=About.SCHEME, about_key=version.pk)
    assert {(row.direction, row.kind, row.number) for row in rows} == {
        (Direction.OUT, "Đề án", "15/ĐA-NHCS"),
        (Direction.IN, "Đề án", "15/ĐA-NHCS"),
    }
    assert rows.get(direction=Direction.IN).register_id == written.plan.issuer_id
    told = AuditLine.objects.filter(action__startswith="scheme.").order_by("id")
    assert [line.action.split(".")[1] for line in told][-6:] == [
        "submit",
        "return",
        "submit",
        "recall",
        "submit",
        "issue",
    ]
    with pytest.raises(errors.VersionElsewhere):
        services.issue(version=issued, signing=SIGNING, by=chief, on=TODAY)


def test_the_next_version_is_compared_with_the_issued_one(
    written: Scheme, plan: Plan, cast: Cast, chief: User
) -> None:
    first = services.compose(scheme=written, by=cast.planner, on=TODAY)
    services.submit(version=first, by=cast.planner, on=TODAY)
    with pytest.raises(errors.VersionWaits):
        _change(written, plan, cast, scenario="slower")
    services.issue(version=first, signing=SIGNING, by=chief, on=TODAY)
    second = _change(written, plan, cast, scenario="no_budget")
    third = _change(written, plan, cast, scenario="plan", commune_share=100_000)
    assert (second.against, third.against) == (first, first)
    with pytest.raises(errors.NotTheLatest, match="đã có bản số 3"):
        services.submit(version=second, by=cast.planner, on=TODAY)


def _change(scheme: Scheme, plan: Plan, cast: Cast, **changed: Any) -> SchemeVersion:
    scheme.refresh_from_db()
    draft = chosen(plan, **changed)
    kept = services.change_scheme(
        scheme=scheme, draft=draft, revision=scheme.revision, by=cast.planner, on=TODAY
    )
    return services.compose(scheme=kept, by=cast.planner, on=TODAY)


def test_nobody_approves_his_own(written: Scheme, cast: Cast, chief: User) -> None:
    version = services.compose(scheme=written, by=chief, on=TODAY)
    services.submit(version=version, by=cast.planner, on=TODAY)
    with pytest.raises(errors.OwnVersion):
        services.issue(version=version, signing=SIGNING, by=chief, on=TODAY)
    # A planner of the branch may write, not approve; a leader of somewhere else neither.
    with pytest.raises(errors.NotItsApprover):
        services.issue(version=version, signing=SIGNING, by=cast.planner, on=TODAY)
    with pytest.raises(errors.NotItsApprover):
        services.return_version(version=version, why="Thử", by=cast.la_nga, on=TODAY)
    with pytest.raises(errors.ReturnUnexplained):
        services.return_version(version=version, why="  ", by=cast.leader, on=TODAY)
    # The plan's issuer may.
    assert services.issue(version=version, signing=SIGNING, by=cast.leader, on=TODAY).number


def test_what_is_missing_is_said_all_at_once(scheme: Scheme, plan: Plan, cast: Cast) -> None:
    version = _change(scheme, plan, cast, bases=[])
    with pytest.raises(errors.SchemeIncomplete) as refused:
        services.submit(version=version, by=cast.planner, on=TODAY)
    assert str(refused.value).count(";") == 5
    for words in ("Căn cứ pháp lý", "Sự cần thiết", "Nhiệm vụ, giải pháp", "Tổ chức thực hiện"):
        assert words in str(refused.value)
    version.refresh_from_db()
    assert version.state == SchemeVersion.State.DRAFT


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": "  "}, errors.SchemeUnnamed),
        ({"name": "x" * 301}, errors.SchemeUnnamed),
        ({"bases": ["CT-39-2024", "KHONG-CO"]}, errors.BasisUnknown),
        ({"scenario": "999"}, errors.ScenarioGone),
        ({"last_year": 2031}, errors.PeriodOutside),
        ({"first_year": 2024, "last_year": 2025}, errors.PeriodOutside),
        ({"first_year": 2030, "last_year": 2029}, errors.PeriodOutside),
        ({"first_year": 2017, "last_year": 2027}, errors.PeriodOutside),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_kept(
    book: Any, plan: Plan, cast: Cast, changed: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        services.found_scheme(draft=chosen(plan, **changed), by=cast.planner, on=TODAY)
    assert not Scheme.objects.exists()
    assert not AuditLine.objects.filter(action="scheme.found").exists()


def test_the_last_year_of_the_scenario_is_still_inside(book: Any, plan: Plan, cast: Cast) -> None:
    one = chosen(plan, first_year=2026, last_year=2026)
    assert services.found_scheme(draft=one, by=cast.planner, on=TODAY).last_year == 2026


def test_a_scheme_needs_a_closed_month(
    plan: Plan, cast: Cast, tmp_path: Any, settings: Any
) -> None:
    settings.HOME = tmp_path
    with pytest.raises(NoMonthClosed):
        services.found_scheme(draft=chosen(plan), by=cast.planner, on=TODAY)


def test_a_past_year_not_closed_or_a_book_too_young_is_told_when_composed(
    book: Any, plan: Plan, cast: Cast
) -> None:
    early = chosen(plan, name="Từ 2024", first_year=2024)
    made = services.found_scheme(draft=early, by=cast.planner, on=TODAY)
    with pytest.raises(errors.YearNotClosed, match="31/12/2023"):
        services.compose(scheme=made, by=cast.planner, on=TODAY)
    usual = services.found_scheme(draft=chosen(plan), by=cast.planner, on=TODAY)
    with pytest.raises(TooFewMonths):
        services.compose(scheme=usual, by=cast.planner, on=date(2026, 8, 31))
    assert not SchemeVersion.objects.exists()


def test_a_year_of_which_months_are_missing_is_not_told_as_nothing(
    book: Any, plan: Plan, cast: Cast
) -> None:
    """Of 2025 only the last months are closed: what was lent in it is not known."""
    early = chosen(plan, name="Từ 2025", first_year=2025)
    made = services.found_scheme(draft=early, by=cast.planner, on=TODAY)
    assert indicator("disbursed_year", date(2025, 12, 31)) is None
    with pytest.raises(errors.MonthsNotClosed, match="2025"):
        services.compose(scheme=made, by=cast.planner, on=TODAY)


def test_a_year_that_is_over_stands_in_the_scheme_as_it_was(
    own_book: Any, plan: Plan, cast: Cast
) -> None:
    own_book.close(*month_ends(date(2025, 1, 1), date(2025, 8, 31)))
    early = chosen(plan, name="Từ 2025", first_year=2025)
    made = services.found_scheme(draft=early, by=cast.planner, on=TODAY)
    year = figures(made)["years"][0]
    assert year["closing"] == indicator("outstanding", date(2025, 12, 31))
    assert year["lent"] == indicator("disbursed_year", date(2025, 12, 31)) > 0
    assert year["growth"] == indicator("growth_ytd", date(2025, 12, 31))


def test_a_scenario_that_was_given_up_is_missed(
    book: Any, plan: Plan, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep_scenario(
        name="Cao", assumed=Assumptions(growth=150_000), basis="Thử", by=cast.planner, on=TODAY
    )
    made = services.found_scheme(
        draft=chosen(plan, scenario=str(kept.pk)), by=cast.planner, on=TODAY
    )
    assert figures(made)["scenario"]["assumed"]["growth"] == 150_000
    end_scenario(scenario=kept, by=cast.planner, on=TODAY)
    with pytest.raises(errors.ScenarioGone):
        figures(made)


def test_a_scenario_that_became_impossible_is_refused(
    book: Any, plan: Plan, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tdcs.scheme.queries import figures as module

    shipped = kept_scenarios.scenarios()
    from dataclasses import replace

    wrong = replace(shipped[0], assumed=Assumptions(growth=-1_000_000))
    monkeypatch.setattr(module, "scenarios", lambda: [wrong])
    with pytest.raises(AssumptionWrong):
        services.found_scheme(draft=chosen(plan), by=cast.planner, on=TODAY)


def test_two_writers_do_not_overwrite_each_other(scheme: Scheme, plan: Plan, cast: Cast) -> None:
    text = scheme.texts.get(path="necessity")
    services.save_text(text=text, words="Một", revision=1, by=cast.planner, on=TODAY)
    with pytest.raises(Stale):
        services.save_text(text=text, words="Hai", revision=1, by=cast.planner, on=TODAY)
    # The same words pass, whoever was faster.
    services.save_text(text=text, words=" Một ", revision=1, by=cast.planner, on=TODAY)
    services.change_scheme(
        scheme=scheme, draft=chosen(plan, last_year=2029), revision=1, by=cast.planner, on=TODAY
    )
    with pytest.raises(Stale):
        services.change_scheme(
            scheme=scheme, draft=chosen(plan), revision=1, by=cast.planner, on=TODAY
        )


def test_a_name_is_taken_once(scheme: Scheme, plan: Plan, cast: Cast) -> None:
    with pytest.raises(errors.SchemeExists):
        services.found_scheme(draft=chosen(plan), by=cast.planner, on=TODAY)


def test_figures_that_disagree_are_not_composed(
    scheme: Scheme, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = services.content_of(scheme, TODAY)
    content["figures"]["years"][0]["closing"] += 1
    monkeypatch.setattr(services, "content_of", lambda *_: content)
    with pytest.raises(errors.SumsDisagree, match="năm 2026"):
        services.compose(scheme=scheme, by=cast.planner, on=TODAY)
