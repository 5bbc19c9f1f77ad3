"""From monitor to record: the opening book is the extract to the dong, and the office goes on from there or back."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest
from django.test import Client
from extract_cast import DAY, loan, take

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.audit.models import AuditLine
from tdcs.capital import checks as capital_checks
from tdcs.closing import checks as closing_checks
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import figures
from tdcs.closing.services.closing import close_day
from tdcs.closing.services.replaying import replay
from tdcs.core import clock
from tdcs.imports import checks as import_checks
from tdcs.imports import services
from tdcs.imports.errors import (
    AlreadySigned,
    AlreadyUndone,
    BookUsed,
    CutOverStands,
    DayClosedSince,
    DecreeWaits,
    DoubtsLeft,
    NoExtractOfEve,
    NotFirstOfMonth,
    NothingCompared,
    NotMonitored,
    OfficeKeepsBook,
    SignedByStarter,
    TermsDiffer,
    WhyMissing,
)
from tdcs.imports.models import CutOver
from tdcs.imports.queries.cutting_over import differences, parallel_extract
from tdcs.imports.reading.workbook import read_workbook
from tdcs.ledger import checks as ledger_checks
from tdcs.ledger.models import Account, Book, JournalEntry
from tdcs.ledger.services import load_chart
from tdcs.loans import checks as loan_checks
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import decrees_in_law

ON = date(2026, 11, 23)
FIRST = date(2026, 11, 1)
SEPTEMBER = date(2026, 9, 30)
_made = iter(range(10_000))
FIGURES = ("lent", "balance", "overdue", "frozen", "collected", "waived", "accrued", "written_off")


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)
    load_chart()
    Account.objects.filter(code="5192").delete()
    for document, first in decrees_in_law().items():
        DecreeApplication.objects.create(
            document=document, state=DecreeApplication.State.DONE, asked_on=first, taken_up_on=first
        )


def _office() -> Organisation:
    return Organisation.objects.get(code="nhcsxh-pgd@004606")


def _begin(by: User, day: date = FIRST, key: str = "") -> CutOver:
    done = services.cut_over(office=_office(), day=day, by=by, on=ON, key=key or f"k-{next(_made)}")
    return CutOver.objects.get(pk=done["cut_over"])


def _four(by: User) -> None:
    """In time with interest in arrears; partly repaid; overdue past its last day; of local money."""
    take(
        by,
        DAY,
        loan(1, interest_collected=900_000, arrears_in_time=40_000),
        loan(2, in_time=30_000_000, balance=30_000_000, interest_collected=2_000_000),
        loan(
            3,
            contract_due_on=date(2026, 9, 8),
            extended_due_on=date(2026, 9, 8),
            in_time=0,
            overdue=20_000_000,
            balance=20_000_000,
            arrears_overdue=310_000,
            turned_overdue_on=date(2026, 9, 13),
        ),
        loan(4, source="3", extended_due_on=date(2031, 3, 9)),
    )


def _figures(day: date) -> dict[str, tuple[int, ...]]:
    loans = list(Loan.objects.order_by("number"))
    found = balances_on(loans, day)
    return {one.number: tuple(getattr(found[one.pk], name) for name in FIGURES) for one in loans}


def _clean() -> None:
    for room in (loan_checks, closing_checks, import_checks, capital_checks, ledger_checks):
        for name, check in room.CHECKS.items():
            assert list(check()) == [], name


def test_the_opening_book_is_the_extract_to_the_dong(planner: User) -> None:
    _four(planner)
    said = _figures(DAY)
    made = _begin(planner)
    assert not Loan.objects.filter(reported=True).exists()
    assert _figures(DAY) == said
    assert made.sums["balance"] == 150_000_000 and made.sums["overdue"] == 20_000_000
    assert made.sums["collected"] == 2_900_000
    assert Book.objects.get().monitored_to == FIRST
    lines = JournalEntry.objects.get().postings.all()
    assert sum(one.debit for one in lines) == sum(one.credit for one in lines)
    assert AuditLine.objects.filter(action="imports.cut_over").count() == 1
    _clean()


def _collect(by: User, at: Loan, on: date) -> None:
    lines = [Collection(at.pk, interest=30_000, principal=1_000_000)]
    sheet = Sheet(
        key=f"p-{next(_made)}", office_id=at.office_id, group_id=at.group_id, lines=tuple(lines)
    )
    collect_sheet(sheet=sheet, by=by, on=on)


def test_the_first_month_closes_on_the_opening_and_a_payment_folds(planner: User) -> None:
    _four(planner)
    said = _figures(DAY)
    _begin(planner)
    first = Loan.objects.get(number__endswith="1")
    with clock.fixed_today(FIRST):
        _collect(planner, first, FIRST)
        close_day(day=FIRST, by=None)
    with clock.fixed_today(date(2026, 11, 2)):
        close_day(day=date(2026, 11, 2), by=None)
    rows = figures(
        nw.from_native(store().read(date(2026, 11, 2)).collect(), eager_only=True)
    ).to_native()
    assert rows["balance"].sum() == 149_000_000
    assert rows["collected_month"].sum() == 30_000 and rows["lent_month"].sum() == 0
    assert rows["repaid_month"].sum() == 1_000_000
    after = _figures(date(2026, 11, 2))[first.number]
    before = said[first.number]
    # Two days' interest on 49 million: 49,000,000 x 6,24% x 2 / 365 = 16,753.9.
    assert after[1] == before[1] - 1_000_000 and after[4] == before[4] + 30_000
    assert after[6] - before[6] in (16_753, 16_754)
    _clean()
    with pytest.raises(DayClosedSince):
        services.undo_cut_over(
            made=CutOver.objects.get(), why="thử", by=planner, on=ON, key="u-late"
        )


def test_undo_restores_the_monitored_book(planner: User) -> None:
    _four(planner)
    said, loans = _figures(DAY), _rows()
    made = _begin(planner)
    with pytest.raises(WhyMissing):
        services.undo_cut_over(made=made, why=" ", by=planner, on=ON, key="u-0")
    services.undo_cut_over(made=made, why="nhầm tháng", by=planner, on=ON, key="u-1")
    again = services.undo_cut_over(made=made, why="nhầm tháng", by=planner, on=ON, key="u-1")
    assert again["again"]
    assert _figures(DAY) == said and _rows() == loans
    assert Book.objects.get().monitored_to is None
    _clean()
    with pytest.raises(AlreadyUndone):
        services.undo_cut_over(made=made, why="nhầm tháng", by=planner, on=ON, key="u-2")
    # The next extract goes on, or the book begins again.
    _begin(planner)
    assert _figures(DAY) == said
    _clean()


def _rows() -> list[tuple[Any, ...]]:
    names = (
        "number",
        "reported",
        "balance",
        "paid_total",
        "state",
        "reported_overdue",
        "final_due_on",
    )
    return list(Loan.objects.order_by("number").values_list(*names, "final_session_on"))


def test_a_book_with_deeds_is_not_undone(planner: User) -> None:
    _four(planner)
    made = _begin(planner)
    with clock.fixed_today(FIRST):
        _collect(planner, Loan.objects.get(number__endswith="1"), FIRST)
    with pytest.raises(BookUsed):
        services.undo_cut_over(made=made, why="thử", by=planner, on=ON, key="u-3")


def test_the_same_key_begins_once(planner: User) -> None:
    _four(planner)
    first = _begin(planner, key="same")
    assert _begin(planner, key="same") == first
    with pytest.raises(CutOverStands):
        _begin(planner)
    assert JournalEntry.objects.count() == 1


def test_what_stands_in_the_way_is_named(planner: User) -> None:
    with pytest.raises(NotMonitored):
        _begin(planner)
    take(planner, SEPTEMBER, loan(1), loan(2))
    with pytest.raises(NotFirstOfMonth):
        _begin(planner, date(2026, 10, 2))
    with pytest.raises(NoExtractOfEve):
        _begin(planner)
    gone = take(planner, DAY, loan(1))
    with pytest.raises(DoubtsLeft):
        _begin(planner)
    services.undo(imported=gone, why="thiếu", by=planner, on=ON, key="u-4")
    take(planner, DAY, loan(1), loan(2))
    DecreeApplication.objects.all().delete()
    with pytest.raises(DecreeWaits):
        _begin(planner)


def test_a_loan_whose_terms_do_not_give_the_extract_is_named(planner: User) -> None:
    past = {"contract_due_on": date(2026, 9, 8), "extended_due_on": date(2026, 9, 8)}
    part = {"in_time": 45_000_000, "frozen": 5_000_000}
    take(
        planner,
        DAY,
        loan(1),
        loan(2, in_time=45_000_000, overdue=5_000_000, **past),
        loan(3, **part),
    )
    with pytest.raises(TermsDiffer) as told:
        _begin(planner)
    assert "6600000000000002 có điều khoản cho số liệu khác sao kê" in told.value.sentence("vi")
    assert "6600000000000003 khoanh không có ngày hết hạn" in told.value.sentence("vi")
    assert "6600000000000003 is frozen without a last day" in told.value.sentence("en")
    assert Book.objects.get().monitored_to is None and not JournalEntry.objects.exists()


def _partly_overdue(**other: Any) -> dict[str, Any]:
    """15 of 50 million repaid, 5 overdue since 13/9 long before the last day."""
    return loan(
        2,
        balance=35_000_000,
        in_time=30_000_000,
        overdue=5_000_000,
        turned_overdue_on=date(2026, 9, 13),
        interest_collected=3_000_000,
        arrears_in_time=120_000,
        arrears_overdue=33_333,
        **other,
    )


def test_a_loan_overdue_in_part_carries_on_by_the_law(planner: User, client: Client) -> None:
    take(planner, DAY, loan(1), _partly_overdue())
    said = _figures(DAY)
    made = _begin(planner)
    assert _figures(DAY) == said
    held = Loan.objects.get(number__endswith="2")
    now = balances_on([held], DAY)[held.pk]
    assert (now.in_time, now.overdue, now.interest_due) == (30_000_000, 5_000_000, 153_333)
    assert now.overdue_since == date(2026, 9, 13) and now.final_due_on == date(2030, 3, 7)
    late = LoanEvent.objects.get(kind="opening_late")
    assert (late.loan_id, late.amount) == (held.pk, 33_333)
    assert made.sums["arrears_in_time"] == 120_000 and made.sums["arrears_overdue"] == 33_333
    _clean()
    for day in (FIRST, date(2026, 11, 2)):
        with clock.fixed_today(day):
            if day == FIRST:
                _collect(planner, held, FIRST)
            close_day(day=day, by=None)
    kept = nw.from_native(store().read(date(2026, 11, 2)).collect(), eager_only=True)
    rows = {row["loan"]: row for row in figures(kept).iter_rows(named=True)}
    row = rows[held.pk]
    # What is paid fills what is overdue: 4 of 34 million are left of it, at 130% of the rate.
    assert (row["balance"], row["overdue"], row["in_time"]) == (34_000_000, 4_000_000, 30_000_000)
    after = balances_on([held], date(2026, 11, 2))[held.pk]
    # (30,000,000 + 130% x 4,000,000) x 6,24% x 2 / 365 = 12,035.5.
    assert after.accrued - now.accrued in (12_035, 12_036)
    _clean()
    told = list(replay(to=date(2026, 11, 2), every="day"))
    assert [(one.day, one.named) for one in told if one.loans] == []
    client.force_login(planner)
    page = client.get(f"/vay/khoan-vay/{held.pk}/").content.decode()
    assert "Gốc đã đến hạn khi mở sổ" in page and "Lãi tồn quá hạn khi mở sổ" in page


def test_a_loan_overdue_as_a_whole_before_its_last_day_is_undone_as_it_was(planner: User) -> None:
    take(
        planner,
        DAY,
        _partly_overdue() | {"in_time": 0, "overdue": 35_000_000, "turned_overdue_on": None},
    )
    said, loans = _figures(DAY), _rows()
    made = _begin(planner)
    assert _figures(DAY) == said
    held = Loan.objects.get()
    assert balances_on([held], DAY)[held.pk].overdue_since == DAY
    services.undo_cut_over(made=made, why="nhầm tháng", by=planner, on=ON, key="u-6")
    assert _figures(DAY) == said and _rows() == loans
    _clean()
    _begin(planner)
    assert _figures(DAY) == said


def test_a_day_kept_since_stands_in_the_way(planner: User) -> None:
    take(planner, DAY, loan(1))
    take(planner, date(2026, 11, 20), loan(1))
    with pytest.raises(NoExtractOfEve):
        _begin(planner)


def test_the_extract_under_a_book_is_not_undone(planner: User) -> None:
    made = take(planner, DAY, loan(1))
    _begin(planner)
    with pytest.raises(CutOverStands):
        services.undo(imported=made, why="thử", by=planner, on=ON, key="u-5")
    with pytest.raises(OfficeKeepsBook):
        take(planner, date(2026, 11, 20), loan(1))


def _begun_and_compared(by: User) -> CutOver:
    take(by, DAY, loan(1), loan(2))
    made = _begin(by)
    with clock.fixed_today(FIRST):
        sheet = Sheet(
            key=f"p-{next(_made)}",
            office_id=made.office_id,
            group_id=Loan.objects.get(number__endswith="1").group_id,
            lines=(Collection(Loan.objects.get(number__endswith="1").pk, principal=1_000_000),),
        )
        collect_sheet(sheet=sheet, by=by, on=FIRST)
    take(by, date(2026, 11, 20), loan(1), loan(2), monitor=False)
    return made


def test_a_month_in_parallel_shows_differences_by_loan_and_is_signed_by_another(
    planner: User, teller: User, head: User, client: Client
) -> None:
    made = _begun_and_compared(planner)
    extract = parallel_extract(made)
    assert extract is not None and extract.day == date(2026, 11, 20) and extract.operation is None
    found = {
        one.contract[-1]: {name: (a, b) for name, a, b in one.pairs}
        for one in differences(made, extract)
    }
    assert found["1"]["in_time"] == (50_000_000, 49_000_000)
    assert found["2"]["in_time"] == (50_000_000, 50_000_000) and found["2"]["due"][0] == 0
    page = f"/sao-ke/chuyen-ghi-so/{made.pk}/"
    client.force_login(planner)
    shown = client.get(page).content.decode()
    assert "49.000.000" in shown and "/ky/" not in shown and "/hoan-tac/" in shown
    assert client.get(page, {"export": "xlsx"}).status_code == 200
    with pytest.raises(SignedByStarter):
        services.sign_cut_over(made=made, by=planner, on=ON, key="s-1")
    director = _director()
    client.force_login(director)
    assert "/ky/" in client.get(page).content.decode()
    assert client.post(f"{page}ky/", {"key": "one"}).status_code == 302
    made.refresh_from_db()
    assert (made.signed_by, made.differing, made.compared) == (director, 2, extract)
    with pytest.raises(AlreadySigned):
        services.sign_cut_over(made=made, by=director, on=ON, key="s-2")
    paper = client.get(f"{page}bien-ban/")
    words = zipfile.ZipFile(io.BytesIO(paper.content)).read("word/document.xml").decode()
    for told in ("6600000000000001", "100.000.000", planner.full_name, director.full_name):
        assert told in words, told


def _director() -> User:
    person = User.objects.create_user("director-31", full_name="Lê Giám Đốc")
    RoleHolding.objects.create(
        user=person, role=Role.OFFICE_DIRECTOR, organisation=_office(), starts_on=date(2024, 1, 1)
    )
    return person


def test_nothing_is_signed_before_something_was_compared(planner: User) -> None:
    take(planner, DAY, loan(1))
    made = _begin(planner)
    with pytest.raises(NothingCompared):
        services.sign_cut_over(made=made, by=_director(), on=ON, key="s-3")


def test_pages_begin_and_undo_and_refuse_other_roles(
    planner: User, teller: User, head: User, client: Client
) -> None:
    take(planner, DAY, loan(1))
    office = str(_office().pk)
    asked = {"office": office, "day": "2026-11-01", "key": "a"}
    client.force_login(head)
    assert "/bat-dau/" not in client.get("/sao-ke/chuyen-ghi-so/").content.decode()
    assert client.post("/sao-ke/chuyen-ghi-so/bat-dau/", asked).status_code == 403
    client.force_login(teller)
    assert client.get("/sao-ke/chuyen-ghi-so/").status_code == 403
    client.force_login(planner)
    assert "Mở sổ từ 01/11/2026" in client.get("/sao-ke/chuyen-ghi-so/").content.decode()
    client.post("/sao-ke/chuyen-ghi-so/bat-dau/", {**asked, "office": "x"})
    assert not CutOver.objects.exists()
    assert client.post("/sao-ke/chuyen-ghi-so/bat-dau/", asked).status_code == 302
    page = f"/sao-ke/chuyen-ghi-so/{CutOver.objects.get().pk}/"
    assert client.get(page).status_code == 200
    client.force_login(head)
    for deed in ("ky", "hoan-tac"):
        assert client.post(f"{page}{deed}/", {"why": "thử", "key": "b"}).status_code == 403
    client.force_login(teller)
    for deed in ("", "bien-ban/"):
        assert client.get(page + deed).status_code == 403
    client.force_login(planner)
    assert client.post(f"{page}hoan-tac/", {"why": "thử", "key": "b"}).status_code == 302
    assert CutOver.objects.get().undone_why == "thử"
    assert client.get(page).status_code == 200 and client.get(f"{page}bien-ban/").status_code == 200


def test_a_frozen_and_an_extended_loan_carry_on(planner: User) -> None:
    take(
        planner,
        DAY,
        loan(1, in_time=0, frozen=50_000_000, frozen_until_on=date(2028, 6, 30)),
        loan(2, contract_due_on=date(2026, 3, 7), extended_due_on=date(2026, 12, 7)),
    )
    said = _figures(DAY)
    _begin(planner)
    assert _figures(DAY) == said
    assert Loan.objects.get(number__endswith="1").frozen_to == date(2028, 6, 30)
    assert Loan.objects.get(number__endswith="2").final_due_on == date(2026, 12, 7)
    _clean()


def test_the_days_are_made_again_from_all_events(planner: User) -> None:
    _four(planner)
    before = _kept(DAY)
    _begin(planner)
    for day in (FIRST, date(2026, 11, 2)):
        with clock.fixed_today(day):
            close_day(day=day, by=None)
    assert _kept(DAY) == before
    told = list(replay(to=date(2026, 11, 2), every="day"))
    assert {one.day for one in told} >= {FIRST, date(2026, 11, 2)}
    assert [(one.day, one.named) for one in told if one.loans] == []


def _kept(day: date) -> list[dict[str, Any]]:
    return store().read(day).collect().to_dicts()


def test_another_office_that_still_follows_extracts_leaves_no_day_out(planner: User) -> None:
    _four(planner)
    _begin(planner)
    other = Organisation.objects.filter(code__startswith="nhcsxh-pgd@0046").exclude(pk=_office().pk)
    code = other.order_by("code").first().code.partition("@")[2]
    take(planner, date(2026, 11, 20), loan(9, office=code, office_name=""))
    with clock.fixed_today(FIRST):
        close_day(day=FIRST, by=None)
    rows = store().read(FIRST).collect()
    assert rows["loan"].len() == 4
    with clock.fixed_today(date(2026, 11, 2)):
        close_day(day=date(2026, 11, 2), by=None)
    assert store().read(date(2026, 11, 20)).collect()["loan"].len() == 1
