"""A device's day with no network: its pack, its chained log, what the server makes of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, transaction
from django.urls import reverse
from lending_cast import Bank, approved, key, lend, make_household, person
from offline_cast import TODAY, Tablet, code_of, collected, hand_in, states

from tdcs.core import clock
from tdcs.core.errors import NoParametersOnDay
from tdcs.ledger.models import Book, JournalEntry
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation
from tdcs.programmes.rules.terms import terms_on
from tdcs.transaction_points.checks import logs_are_as_signed
from tdcs.transaction_points.models import Device, LogLine, Pack, SessionEntry, TransactionSession
from tdcs.transaction_points.queries.summary import cash_expected
from tdcs.transaction_points.rules.chain import BEGINNING, canonical
from tdcs.transaction_points.services import cases, log, packs

pytestmark = pytest.mark.django_db


def test_the_pack_says_what_is_due_and_only_the_device_reads_it(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, loans: list[Loan]
) -> None:
    paid_out = approved(bank, make_household(bank.group, "Hộ mới"), on=TODAY, amount=30_000_000)
    taken = packs.take_pack(session=session, device=device, by=bank.teller, on=TODAY)
    found = tablet.read(taken)
    [group] = found["groups"]
    assert {one["loan"]: one["balance"] for one in group["loans"]} == {
        one.pk: 20_000_000 for one in loans
    }
    assert all(one["interest_due"] > 0 for one in group["loans"])
    assert len(group["members"]) == 3
    assert [(one["application"], one["amount"]) for one in found["disbursements"]] == [
        (paid_out.pk, 30_000_000)
    ]
    assert [one["role"] for one in found["people"]] == ["leader", "controller", "teller"]
    assert set(found["rules"]["law"]) == {"HN"}
    # Nothing of it can be read in what travels, nor opened by another device, nor under another header.
    assert "Hộ 0" not in json.dumps(taken, ensure_ascii=False)
    with pytest.raises(InvalidTag):
        Tablet().read(taken)
    changed = {**taken, "header": {**taken["header"], "expires_at": "2099-01-01"}}
    with pytest.raises(InvalidSignature):
        tablet.read(changed)
    pack = Pack.objects.get()
    assert (pack.sha256, pack.made_by, f"{pack.expires_at.astimezone(clock.ZONE):%d/%m %H:%M}") == (
        taken["header"]["sha256"], bank.teller, "24/11 12:00",
    )  # fmt: skip


def test_a_loan_of_a_programme_that_lends_no_more(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet
) -> None:
    """Devices for pupils were lent until the end of 2023: the loans go on, the law has no terms for a new one."""
    pupil = make_household(bank.group, "Hộ có học sinh", kinds=("poor", "student"))
    lent = date(2023, 12, 15)
    loan = lend(bank, pupil, on=lent, amount=9_000_000, programme="MTHS")
    with pytest.raises(NoParametersOnDay):
        terms_on("MTHS", session.held_on)
    taken = packs.take_pack(session=session, device=device, by=bank.teller, on=TODAY)
    found = tablet.read(taken)
    assert found["rules"]["law"] == {"MTHS": terms_on("MTHS", lent).law_hash}
    [line] = found["groups"][0]["loans"]
    assert (line["loan"], line["balance"]) == (loan.pk, 9_000_000)
    tablet.write(taken["header"], "collect", bank.teller.pk, **collected(bank, (loan, 50_000, 0)))
    tablet.write(taken["header"], "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    assert states() == ["posted", "noted"]
    loan.refresh_from_db()
    assert loan.interest_collected == 50_000


def test_who_gets_no_pack(bank: Bank, session: TransactionSession, device: Device) -> None:
    def take(by: Any = bank.teller, on_device: Device = device) -> str:
        return code_of(lambda: packs.take_pack(session=session, device=on_device, by=by, on=TODAY))

    assert take(by=bank.director) == "not_on_the_team"
    other = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)[0]
    elsewhere = packs.register_device(
        office=other,
        name="Máy lạ",
        by=person("la", "credit_head", other),
        on=TODAY,
        **Tablet().keys(),
    )
    assert take(on_device=elsewhere) == "point_out_of_scope"
    packs.revoke_device(device=device, why="Mất máy", by=bank.head, on=TODAY)
    device.refresh_from_db()
    assert take() == "device_revoked"
    TransactionSession.objects.update(state="planned")
    session.refresh_from_db()
    assert take() == "session_step"


@pytest.mark.parametrize(
    "wrong", [{"signing": "00"}, {"agreement": "04" + "00" * 64}, {"name": " "}]
)
def test_keys_that_are_none(bank: Bank, session: TransactionSession, wrong: dict[str, str]) -> None:
    given: dict[str, Any] = {"name": "Máy", **Tablet().keys(), **wrong}
    assert code_of(
        lambda: packs.register_device(office=bank.office, by=bank.head, on=TODAY, **given)
    ) == "point_field_wrong"  # fmt: skip


def test_a_day_is_booked_once_however_often_it_is_sent(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
) -> None:
    first, second = loans
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (first, 50_000, 100_000)))
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (second, 60_000, 0)))
    tablet.set_pins(header, bank.head)
    tablet.approved(header, "void", bank.teller.pk, bank.head.pk, seq=2)
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (second, 70_000, 0)))
    tablet.write(header, "absent", bank.teller.pk, loan=second.pk)
    before = JournalEntry.objects.count()
    # In pieces, one of them twice, because the answer was lost.
    said = hand_in(bank, session, device, tablet.lines[:2])
    assert (said["seq"], said["hash"], said["sealed"]) == (2, tablet.lines[1]["hash"], False)
    hand_in(bank, session, device, tablet.lines[:2])
    hand_in(bank, session, device, tablet.lines[1:5])
    assert JournalEntry.objects.count() == before
    tablet.write(header, "seal", bank.officer.pk)
    for _again in range(3):
        said = hand_in(bank, session, device, tablet.lines)
    assert said["states"] == {"posted": 2, "voided": 1, "noted": 3}
    assert states() == ["posted", "voided", "noted", "posted", "noted", "noted"]
    assert JournalEntry.objects.count() == before + 2
    assert cash_expected(session) == 220_000
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.balance, first.interest_collected, second.interest_collected) == (
        19_900_000,
        50_000,
        70_000,
    )
    [event] = first.events.filter(kind="principal")
    assert (event.on, event.by) == (TODAY, bank.teller)


def test_the_answer_proves_what_is_there(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    tablet.write(header, "start", bank.officer.pk)
    made = log.take_in(session=session, device=device, lines=tablet.lines, by=bank.teller, on=TODAY)
    assert list(logs_are_as_signed()) == []
    Device.objects.update(signing_key=Tablet().keys()["signing"])
    assert len(list(logs_are_as_signed())) == 1
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(made["server_key"])).verify(
        bytes.fromhex(made["signature"]), canonical(made["statement"])
    )
    assert made["statement"]["hash"] == tablet.lines[-1]["hash"]


def test_money_paid_out_at_the_session(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    row = approved(
        bank, make_household(bank.group, "Hộ mới"), on=date(2026, 11, 20), amount=30_000_000
    )
    tablet.set_pins(header, bank.head)
    asked = {"application": row.pk, "amount": 30_000_000}
    tablet.approved(header, "disburse", bank.teller.pk, bank.head.pk, **asked)
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    made = Loan.objects.get(application=row)
    assert (made.balance, made.disbursed_on) == (30_000_000, TODAY)
    assert LogLine.objects.get(seq=1).entry_id is not None
    assert cash_expected(session) == -30_000_000


def test_what_the_office_did_meanwhile_becomes_a_case(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
) -> None:
    first, second = loans
    line = Collection(first.pk, principal=20_000_000)
    collect_sheet(sheet=Sheet(key(), bank.office.pk, None, (line,)), by=bank.teller, on=TODAY)
    tablet.write(
        header,
        "collect",
        bank.teller.pk,
        **collected(bank, (first, 0, 100_000), (second, 70_000, 0)),
    )
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (first, 0, 100_000)))
    tablet.write(header, "collect", bank.officer.pk, **collected(bank, (second, 1_000, 0)))
    tablet.write(header, "collect", bank.teller.pk, group=bank.group.pk, lines=[{"loan": "x"}])
    tablet.write(header, "song", bank.teller.pk)
    tablet.set_pins(header, bank.head)
    asked = {"application": 999_999, "amount": 1}
    tablet.approved(header, "disburse", bank.teller.pk, bank.head.pk, **asked)
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    assert states() == ["case"] * 6 + ["noted"]
    rows = list(LogLine.objects.order_by("seq"))
    # What could be booked of the first sheet was; the rest is said with its reason.
    assert rows[0].entry_id is not None and rows[0].problem == "paid_meanwhile"
    assert [row.entry_id for row in rows[1:]] == [None] * 6
    assert {row.problem for row in rows[2:6]} == {"book_at_counter"}
    second.refresh_from_db()
    assert second.interest_collected == 70_000
    done = cases.resolve_case(line=rows[1], words="Đã trả lại tiền cho hộ", by=bank.head, on=TODAY)
    assert (done.state, done.resolved_by) == ("resolved", bank.head)
    assert code_of(
        lambda: cases.resolve_case(line=rows[1], words="x", by=bank.head, on=TODAY)
    ) == "case_decided"  # fmt: skip


def test_a_late_sync_is_booked_on_the_sessions_day_while_it_is_open(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
) -> None:
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loans[0], 50_000, 0)))
    tablet.write(header, "seal", bank.officer.pk)
    later = date(2026, 11, 24)
    with clock.fixed_today(later):
        hand_in(bank, session, device, tablet.lines, later)
    entry = LogLine.objects.get(seq=1).entry
    assert entry is not None and entry.on == TODAY and not SessionEntry.objects.exists()


def test_after_the_day_is_closed_it_is_booked_on_the_first_open_one_and_says_so(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
) -> None:
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loans[0], 50_000, 0)))
    tablet.write(header, "seal", bank.officer.pk)
    Book.objects.filter(organisation=bank.office).update(closed_through=TODAY)
    later = date(2026, 11, 26)
    with clock.fixed_today(later):
        hand_in(bank, session, device, tablet.lines, later)
    entry = LogLine.objects.get(seq=1).entry
    assert entry is not None
    assert (entry.on, "phiên ngày 23/11/2026" in entry.words) == (date(2026, 11, 24), True)
    # The cash is the session's all the same.
    assert SessionEntry.objects.get().entry_id == entry.pk
    assert cash_expected(session) == 50_000


def test_a_log_that_was_tampered_with_is_refused_whole(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
) -> None:
    tablet.write(header, "start", bank.officer.pk)
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loans[0], 50_000, 0)))
    tablet.write(header, "seal", bank.officer.pk)
    good = tablet.lines

    def refused(lines: list[dict[str, Any]]) -> str:
        found = code_of(lambda: hand_in(bank, session, device, lines))
        assert not LogLine.objects.exists()
        return found

    def changed(at: int, **fields: Any) -> list[dict[str, Any]]:
        return [{**line, **(fields if place == at else {})} for place, line in enumerate(good)]

    assert refused(good[1:]) == "log_not_next"  # a gap
    assert refused([good[0], good[2]]) == "log_not_next"
    assert refused(changed(1, data=collected(bank, (loans[0], 500_000, 0)))) == "log_not_next"
    assert refused(changed(1, previous=BEGINNING)) == "log_not_next"
    assert refused(changed(0, signature="00" * 64)) == "log_not_signed"
    assert refused(changed(0, form=2)) == "log_not_next"
    # Another device that signs the same words, a pack of another session, somebody who is not on the team.
    thief = Tablet(lines=[])
    assert refused([thief.close({**good[0]})]) == "log_not_signed"
    stranger = Tablet(sign=tablet.sign)
    assert (
        refused([stranger.write({**header, "pack": "x"}, "start", bank.officer.pk)])
        == "pack_unknown"
    )
    stranger = Tablet(sign=tablet.sign)
    assert refused([stranger.write(header, "start", bank.director.pk)]) == "not_on_the_team"
    stranger = Tablet(sign=tablet.sign)
    assert (
        refused([stranger.write({**header, "session": 0}, "start", bank.officer.pk)])
        == "log_not_signed"
    )


def test_a_second_history_and_lines_after_the_seal(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    tablet.write(header, "start", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    other = Tablet(sign=tablet.sign)
    other.write(header, "start", bank.teller.pk)
    assert code_of(lambda: hand_in(bank, session, device, other.lines)) == "log_forked"
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    tablet.write(header, "start", bank.officer.pk)
    assert code_of(lambda: hand_in(bank, session, device, tablet.lines)) == "log_sealed"


def test_a_line_stays_as_the_device_signed_it(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    tablet.write(header, "start", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    for act in (
        lambda: LogLine.objects.update(data={"x": 1}),
        lambda: LogLine.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_revoked_pack_books_nothing(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
) -> None:
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loans[0], 50_000, 0)))
    tablet.write(header, "seal", bank.officer.pk)
    packs.revoke_pack(pack=Pack.objects.get(), why="Máy thất lạc", by=bank.head, on=TODAY)
    hand_in(bank, session, device, tablet.lines)
    assert (states(), LogLine.objects.get(seq=1).problem) == (["case", "noted"], "pack_void")


def test_two_devices_of_one_session(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
) -> None:
    other = Tablet()
    second = packs.register_device(
        office=bank.office, name="Máy 2", by=bank.head, on=TODAY, **other.keys()
    )
    its = packs.take_pack(session=session, device=second, by=bank.officer, on=TODAY)["header"]
    for at, (one, head, where) in enumerate(((tablet, header, device), (other, its, second))):
        one.write(head, "collect", bank.teller.pk, **collected(bank, (loans[at], 50_000, 0)))
        one.write(head, "seal", bank.officer.pk)
        hand_in(bank, session, where, one.lines)
    assert (states(), cash_expected(session)) == (["posted", "noted"] * 2, 100_000)


def test_the_addresses_for_devices(
    bank: Bank, session: TransactionSession, tablet: Tablet, loans: list[Loan], signed_in: Any
) -> None:
    head, teller = signed_in(bank.head), signed_in(bank.teller)
    head.post(reverse("points:register_device"), {"name": "Máy 1", **tablet.keys()})
    device = Device.objects.get()

    def send(route: str, body: Any) -> Any:
        return teller.post(
            reverse(f"points:{route}", args=[session.pk]), json.dumps(body), "application/json"
        )

    taken = send("pack", {"device": device.pk}).json()
    assert tablet.read(taken)["session"]["id"] == session.pk
    tablet.write(
        taken["header"], "collect", bank.teller.pk, **collected(bank, (loans[0], 10**12, 0))
    )
    tablet.write(taken["header"], "seal", bank.officer.pk)
    assert send("log", {"device": device.pk, "lines": tablet.lines[1:]}).status_code == 409
    answer = send("log", {"device": device.pk, "lines": tablet.lines})
    assert (answer.status_code, answer.json()["statement"]["seq"]) == (200, 2)
    for bad in ([], {"device": device.pk}, {"device": device.pk, "lines": "x"}):
        assert send("log", bad).status_code == 400
    address = reverse("points:log", args=[session.pk])
    deep = teller.generic("POST", address, "[" * 5_000, "application/json")
    assert (deep.status_code, deep.json()["code"]) == (400, "bad_json")
    assert send("log", {"device": 0, "lines": []}).status_code == 404
    page = head.get(reverse("points:devices")).content.decode()
    assert "Máy 1" in page and "1 việc chờ xử lý" in page and "TXN1" in page
    line = LogLine.objects.get(state="case")
    listed = head.get(reverse("points:cases")).content.decode()
    assert line.problem_words[:30] in listed and "1.000.000.000.000" in listed
    shown = head.get(reverse("points:case", args=[line.pk])).content.decode()
    assert "Hạch toán lại" in shown and loans[0].number in shown
    assert (
        "Hạch toán lại" not in teller.get(reverse("points:case", args=[line.pk])).content.decode()
    )
    assert head.get(reverse("points:cases"), {"format": "csv"}).status_code == 200
    assert (
        "Không có việc nào khớp"
        in head.get(reverse("points:cases"), {"state": "decided"}).content.decode()
    )
    head.post(reverse("points:resolve", args=[line.pk]), {"words": "Đã ghi ở quầy"})
    head.post(reverse("points:revoke_pack", args=[Pack.objects.get().pk]), {"why": "Xong"})
    head.post(reverse("points:revoke_device", args=[device.pk]), {"why": "Hỏng"})
    page = head.get(reverse("points:devices")).content.decode()
    assert "0 việc chờ xử lý" in page and "đã thu hồi" in page
    # Who may not.
    for route in ("pack", "log"):
        at = reverse(f"points:{route}", args=[session.pk])
        assert signed_in(bank.commune).post(at, "{}", "application/json").status_code == 403
    for route, args in (
        ("register_device", []),
        ("revoke_device", [1]),
        ("revoke_pack", [1]),
        ("resolve", [1]),
        ("post_case", [1]),
    ):
        assert teller.post(reverse(f"points:{route}", args=args)).status_code == 403
