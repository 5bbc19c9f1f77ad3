"""What a person decides: two devices took of one loan, the office changed or collected it after the pack was made."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lending_cast import Bank, key
from offline_cast import TODAY, Tablet, code_of, collected, hand_in, states

from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.transaction_points.models import Device, LogLine, TransactionSession
from tdcs.transaction_points.queries.summary import cash_expected
from tdcs.transaction_points.services import cases, log, packs

pytestmark = pytest.mark.django_db
Header = dict[str, Any]


def test_a_loan_that_two_devices_collected(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: Header,
    loans: list[Loan],
) -> None:
    other = Tablet()
    second = packs.register_device(
        office=bank.office, name="Máy 2", by=bank.head, on=TODAY, **other.keys()
    )
    its = packs.take_pack(session=session, device=second, by=bank.officer, on=TODAY)["header"]
    for one, head, where in ((tablet, header, device), (other, its, second)):
        rows = [(loan, 10_000, 0) for loan in (loans if one is other else loans[:1])]
        one.write(head, "collect", bank.teller.pk, **collected(bank, *rows))
        one.write(head, "seal", bank.officer.pk)
        hand_in(bank, session, where, one.lines)
    line = LogLine.objects.get(device=second, seq=1)
    assert (line.state, line.problem, line.left) == ("case", "two_devices", [0])
    assert "Máy 1" in line.problem_words and cash_expected(session) == 20_000
    # It was paid twice indeed: booked again, once.
    assert (
        code_of(lambda: cases.post_case(line=line, words=" ", by=bank.head, on=TODAY))
        == "point_reason_missing"
    )
    for stranger in (bank.teller, bank.leader):
        assert (
            code_of(lambda by=stranger: cases.post_case(line=line, words="x", by=by, on=TODAY))
            == "point_out_of_scope"
        )
    done = cases.post_case(line=line, words="Hộ trả hai lần", by=bank.head, on=TODAY)
    assert (done.state, done.left, done.resolved_on, cash_expected(session)) == (
        "posted",
        [],
        TODAY,
        30_000,
    )
    assert (
        code_of(lambda: cases.post_case(line=line, words="x", by=bank.head, on=TODAY))
        == "case_decided"
    )


def test_what_the_counter_collected_meanwhile(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: Header,
    loans: list[Loan],
) -> None:
    first, second = loans
    line = Collection(first.pk, principal=19_000_000)
    collect_sheet(sheet=Sheet(key(), bank.office.pk, None, (line,)), by=bank.teller, on=TODAY)
    # What still fits is money that came in: booked. What does not is a case by its cause.
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (first, 0, 400_000)))
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (first, 0, 700_000)))
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (first, 0, 600_000)))
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    assert states() == ["posted", "case", "posted", "noted"]
    bad = LogLine.objects.get(seq=2)
    assert bad.problem == "paid_meanwhile" and first.number in bad.problem_words
    # It cannot be booked now either: it stays a case, nothing was written.
    before = JournalEntry.objects.count()
    assert (
        code_of(lambda: cases.post_case(line=bad, words="Thử", by=bank.head, on=TODAY))
        == "paid_meanwhile"
    )
    bad.refresh_from_db()
    assert (bad.state, bad.tries, JournalEntry.objects.count()) == ("case", 0, before)
    assert (
        code_of(lambda: cases.resolve_case(line=bad, words="", by=bank.head, on=TODAY))
        == "point_reason_missing"
    )
    cases.resolve_case(line=bad, words="Đã trả lại tiền", by=bank.head, on=TODAY)
    assert not second.events.filter(kind="principal").exists()


def test_a_sync_that_was_cut_after_the_lines_were_kept_goes_on(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: Header,
    loans: list[Loan],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loans[0], 10_000, 0)))
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loans[1], 10_000, 0)))
    tablet.write(header, "seal", bank.officer.pk)
    book, calls = log.booking.book, []

    def cut(**given: Any) -> int:
        calls.append(given)
        if len(calls) == 1:
            raise ConnectionError("cut")
        return book(**given)

    monkeypatch.setattr(log.booking, "_PIECE", 1)
    monkeypatch.setattr(log.booking, "book", cut)
    with pytest.raises(ConnectionError):
        hand_in(bank, session, device, tablet.lines)
    assert states() == ["received"] * 3
    said = hand_in(bank, session, device, tablet.lines[2:])
    assert said["states"] == {"posted": 2, "noted": 1} and cash_expected(session) == 20_000


@given(cuts=st.lists(st.tuples(st.integers(0, 6), st.integers(1, 7)), max_size=8))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_cutting_with_any_repeats_gives_one_result(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: Header,
    loans: list[Loan],
    cuts: list[tuple[int, int]],
) -> None:
    from django.db import transaction

    first, second = loans
    if not tablet.lines:
        tablet.write(header, "collect", bank.teller.pk, **collected(bank, (first, 10_000, 50_000)))
        tablet.write(header, "collect", bank.teller.pk, **collected(bank, (second, 20_000, 0)))
        tablet.set_pins(header, bank.head)
        tablet.approved(header, "void", bank.teller.pk, bank.head.pk, seq=2)
        tablet.write(header, "collect", bank.teller.pk, **collected(bank, (second, 30_000, 10**12)))
        tablet.write(header, "absent", bank.teller.pk, loan=second.pk)
        tablet.write(header, "collect", bank.teller.pk, **collected(bank, (second, 5_000, 0)))
        tablet.write(header, "seal", bank.officer.pk)
    with transaction.atomic():
        for start, length in cuts:
            piece = tablet.lines[start : start + length]
            there = LogLine.objects.filter(session=session).count()
            if start > there:
                # A gap is refused whole and leaves nothing.
                assert (
                    code_of(lambda piece=piece: hand_in(bank, session, device, piece))
                    == "log_not_next"
                )
            else:
                hand_in(bank, session, device, piece)
        said = hand_in(bank, session, device, tablet.lines)
        assert said["states"] == {"posted": 2, "voided": 1, "noted": 3, "case": 1}
        assert (said["sealed"], said["hash"]) == (True, tablet.lines[-1]["hash"])
        assert cash_expected(session) == 65_000
        assert [line.problem for line in LogLine.objects.filter(state="case")] == [
            "principal_above_balance"
        ]
        transaction.set_rollback(True)
