"""A second person's approval on a device is proven by the key behind his PIN; a teller who knows only his own gets nothing booked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, approved, make_household, savings_of
from offline_cast import TODAY, Tablet, code_of, collected, hand_in, states

from tdcs.entrustment.models import SavingsAccount
from tdcs.entrustment.services.savings import deposit
from tdcs.loans.models import Loan
from tdcs.transaction_points.models import Device, LogLine, MemberKey, Pack, TransactionSession
from tdcs.transaction_points.services import approvals, cases, packs

pytestmark = pytest.mark.django_db
Header = dict[str, Any]


@pytest.fixture
def account(bank: Bank, loans: list[Loan]) -> SavingsAccount:
    made = savings_of(loans[0].household, bank)
    deposit(account=made, amount=500_000, by=bank.teller, on=TODAY, key="gui")
    return made


@pytest.fixture
def out(account: SavingsAccount) -> dict[str, Any]:
    return {"account": account.pk, "way": "out", "amount": 100_000}


def sealed(bank: Bank, session: TransactionSession, device: Device, tablet: Tablet) -> list[str]:
    """The problems of the lines before the seal, "" where there is none."""
    tablet.write(tablet_header(tablet), "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    return list(LogLine.objects.order_by("seq").values_list("problem", flat=True))[:-1]


def tablet_header(tablet: Tablet) -> Header:
    return {name: tablet.lines[0][name] for name in ("device", "session", "pack")}


def test_what_the_teller_alone_cannot_do(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: Header, out: dict[str, Any]
) -> None:  # fmt: skip
    """He holds the device, writes its log with its key, and knows his own PIN."""
    tablet.set_pins(header, bank.teller, bank.head, bank.officer)
    teller, head = bank.teller.pk, bank.head.pk
    row = approved(bank, make_household(bank.group, "Hộ mới"), on=TODAY, amount=30_000_000)
    # Nobody's approval; his name; the controller's name with his own key; a key that nobody certified; the leader, who may not.
    tablet.write(header, "savings", teller, **out)
    tablet.write(header, "savings", teller, **out, approved_by=head)
    tablet.approved(header, "savings", teller, teller, **out)
    own = tablet.members[teller]
    real, tablet.members[head] = tablet.members[head], own
    tablet.approved(header, "savings", teller, head, **out)
    stranger = Tablet()
    stranger.member_key(head)
    tablet.members[head] = stranger.members[head]
    tablet.approved(header, "savings", teller, head, **out)
    tablet.members[head] = real
    tablet.approved(header, "savings", teller, bank.officer.pk, **out)
    tablet.write(header, "disburse", teller, application=row.pk, amount=30_000_000)
    tablet.write(header, "count", teller, counted=0, expected=0, why="")
    for wrong in ("x", None, True, [head]):
        tablet.write(header, "savings", teller, **out, approved_by=wrong, approval="zz")
    assert sealed(bank, session, device, tablet) == ["approval_unproven"] * 12
    assert not Loan.objects.filter(application=row).exists()
    account = SavingsAccount.objects.get(pk=out["account"])
    assert account.balance == 500_000


def test_a_true_approval_fits_its_line_only(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: Header, out: dict[str, Any]
) -> None:  # fmt: skip
    tablet.set_pins(header, bank.head)
    teller, head = bank.teller.pk, bank.head.pk
    first = tablet.approved(header, "savings", teller, head, **out)
    # Used a second time; on another amount.
    again = {"approved_by": head, "approval": first["data"]["approval"]}
    tablet.write(header, "savings", teller, **out, **again)
    line = tablet.approved(header, "savings", teller, head, **out)
    tablet.lines.pop()
    line["data"]["amount"] = 400_000
    tablet.close(line)
    assert sealed(bank, session, device, tablet) == ["", "approval_unproven", "approval_unproven"]
    assert SavingsAccount.objects.get(pk=out["account"]).balance == 400_000
    # A person looks, asks the controller, books it after all.
    case = LogLine.objects.get(seq=2)
    done = cases.post_case(line=case, words="Kiểm soát viên đã duyệt", by=bank.head, on=TODAY)
    assert (done.state, done.resolved_by) == ("posted", bank.head)
    assert SavingsAccount.objects.get(pk=out["account"]).balance == 300_000


def test_an_undoing_that_nobody_approved(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: Header, loans: list[Loan]
) -> None:  # fmt: skip
    """The payer holds a receipt; the teller undoes the line by himself: a person looks at both."""
    tablet.set_pins(header, bank.head, bank.officer)
    teller = bank.teller.pk
    for loan in loans:
        tablet.write(header, "collect", teller, **collected(bank, (loan, 50_000, 0)))
    tablet.write(header, "void", teller, seq=1, approved_by=bank.head.pk)
    # A leader may approve it; then an unproven one beside it changes nothing.
    tablet.approved(header, "void", teller, bank.officer.pk, seq=2)
    tablet.write(header, "void", teller, seq=2)
    assert sealed(bank, session, device, tablet) == ["undo_unproven", "", "", "", ""]
    assert states() == ["case", "voided", "noted", "noted", "noted", "noted"]
    loans[0].refresh_from_db()
    assert loans[0].interest_collected == 0
    line = LogLine.objects.get(seq=1)
    cases.post_case(line=line, words="Người nộp có biên lai", by=bank.head, on=TODAY)
    loans[0].refresh_from_db()
    assert loans[0].interest_collected == 50_000


def test_savings_are_no_row_of_a_sheet(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: Header, loans: list[Loan], account: SavingsAccount
) -> None:  # fmt: skip
    paid = collected(bank, (loans[1], 50_000, 0))
    paid["lines"].append(
        {"loan": 0, "account": account.pk, "interest": 0, "principal": 0, "savings": 30_000}
    )
    tablet.write(header, "collect", bank.teller.pk, **paid)
    tablet.write(header, "collect", bank.teller.pk, group=bank.group.pk, lines=[paid["lines"][1]])
    assert sealed(bank, session, device, tablet) == ["savings_own_line"] * 2
    line = LogLine.objects.get(seq=1)
    # The loan of the same sheet is booked.
    assert (line.left, line.entry_id is not None) == ([1], True)
    account.refresh_from_db()
    assert account.balance == 500_000
    assert code_of(
        lambda: cases.post_case(line=line, words="x", by=bank.head, on=TODAY)
    ) == "savings_own_line"  # fmt: skip


def test_which_keys_are_certified(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: Header
) -> None:
    held = Pack.objects.get()

    def certify(key: str, by: Any = bank.head) -> str:
        return code_of(lambda: approvals.certify(held=held, key=key, by=by, on=TODAY))

    good = tablet.member_key(bank.head.pk)
    assert certify(good, bank.director) == "not_on_the_team"
    for bad in ("", "00", "zz" * 32, tablet.keys()["signing"]):
        assert certify(bad) == "point_field_wrong"
    for _again in range(2):
        approvals.certify(held=held, key=good, by=bank.head, on=TODAY)
    assert MemberKey.objects.count() == 1
    # The controller's key under another name: not his.
    assert certify(good, bank.teller) == "point_field_wrong"
    for _more in range(4):
        approvals.certify(held=held, key=Tablet().member_key(1), by=bank.head, on=TODAY)
    assert certify(Tablet().member_key(1)) == "point_field_wrong"
    packs.revoke_pack(pack=held, why="Máy thất lạc", by=bank.head, on=TODAY)
    assert certify(Tablet().member_key(1), bank.teller) == "pack_void"


def test_a_key_of_another_pack_proves_nothing(
    bank: Bank, session: TransactionSession, device: Device, tablet: Tablet, header: Header, out: dict[str, Any]
) -> None:  # fmt: skip
    tablet.set_pins(header, bank.head)
    later = packs.take_pack(session=session, device=device, by=bank.teller, on=TODAY)["header"]
    assert isinstance(later, dict)
    tablet.approved(later, "savings", bank.teller.pk, bank.head.pk, **out)
    assert sealed(bank, session, device, tablet) == ["approval_unproven"]


def test_the_address(
    bank: Bank, session: TransactionSession, device: Device, header: Header, signed_in: Any
) -> None:
    at = reverse("points:member_key", args=[session.pk])

    def send(by: Any, **body: Any) -> Any:
        given = {"device": device.pk, "pack": header["pack"], "key": Tablet().member_key(1), **body}
        return signed_in(by).post(at, json.dumps(given), "application/json")

    answer = send(bank.head)
    assert answer.status_code == 200
    # In the name of who is signed in, whatever the body says.
    assert answer.json()["statement"]["person"] == bank.head.pk == MemberKey.objects.get().person_id
    assert send(bank.head, person=bank.teller.pk).json()["statement"]["person"] == bank.head.pk
    for body in ({"pack": "x"}, {"pack": "00000000-0000-0000-0000-000000000000"}):
        refused = send(bank.head, **body)
        assert (refused.status_code, refused.json()["code"]) == (409, "pack_unknown")
    assert send(bank.head, device=0).status_code == 404
    assert send(bank.commune).status_code == 403
