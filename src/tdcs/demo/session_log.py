"""A session of the demonstration that was held on a tablet and handed in: by the real services, with a device of its own.

Its cash count differs by 50,000 dong with a reason; one sheet met a loan that the counter had served meanwhile, and waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.transaction_points.models import Device, TransactionSession
from tdcs.transaction_points.queries.pack import content_of
from tdcs.transaction_points.queries.summary import cash_expected
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.rules.chain import BEGINNING, FORM, line_hash
from tdcs.transaction_points.services import holding, log, packs
from tdcs.transaction_points.services.holding import CashPassed, Count

_ADVANCE: Final = 5_000_000
_MISSING: Final = 50_000


class Tablet:
    """A device as the application on it is: its keys, its chained log."""

    def __init__(self) -> None:
        self.sign = Ed25519PrivateKey.generate()
        self.agree = ec.generate_private_key(ec.SECP256R1())
        self.lines: list[Any] = []

    def register(self, session: TransactionSession, name: str, by: User, on: date) -> Device:
        """The device in the office's list."""
        point = self.agree.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return packs.register_device(
            office=session.office,
            name=name,
            signing=self.sign.public_key().public_bytes_raw().hex(),
            agreement=point.hex(),
            by=by,
            on=on,
        )

    def write(self, header: Mapping[str, Any], kind: str, by: User, **data: Any) -> None:
        """The next line, hashed and signed."""
        line = {
            "form": FORM,
            "device": header["device"],
            "session": header["session"],
            "pack": header["pack"],
            "seq": len(self.lines) + 1,
            "previous": self.lines[-1]["hash"] if self.lines else BEGINNING,
            "kind": kind,
            "by": by.pk,
            "at": clock.now().isoformat(),
            "data": data,
        }
        line["hash"] = line_hash(line)
        line["signature"] = self.sign.sign(line["hash"].encode()).hex()
        self.lines.append(line)


def hold(session: TransactionSession, team: Mapping[str, User], keeper: User, on: date) -> None:
    """Opened, held on a tablet, handed in, counted with a difference, closed; ``keeper`` has the office's cash."""
    leader, controller, teller = (team[role] for role in ("leader", "controller", "teller"))
    with clock.fixed_today(on):
        passed = CashPassed(keeper, teller, _ADVANCE, "Tạm ứng đầu phiên")
        holding.pass_cash(
            session=session, passed=passed, by=teller, on=on, key=f"demo-cash-{session.pk}"
        )
        session = holding.open_session(session=session, by=leader, on=on)
        tablet = Tablet()
        device = tablet.register(session, "Máy tính bảng số 1", controller, on)
        taken: Any = packs.take_pack(session=session, device=device, by=teller, on=on)
        groups: Any = content_of(session)["groups"]
        _write_log(tablet, taken["header"], groups, team)
        _serve_at_the_counter(session, groups, keeper, on)
        log.take_in(session=session, device=device, lines=tablet.lines, by=teller, on=on)
        count = _counted(cash_expected(session) - _MISSING)
        why = "Trả nhầm tiền thừa cho một tổ viên, đang xác minh"
        session = holding.count_cash(session=session, count=Count(count, why), by=teller, on=on)
        holding.close_session(session=session, conclusions=_CONCLUSIONS, by=leader, on=on)


_CONCLUSIONS: Final = (
    "Các tổ đôn đốc hộ chưa nộp lãi trước ngày 30; tổ trưởng xác minh khoản tiền trả thừa; "
    "hội nhận ủy thác kiểm tra hộ có nợ sắp đến hạn."
)


def _write_log(
    tablet: Tablet, header: Mapping[str, Any], groups: Sequence[Any], team: Mapping[str, User]
) -> None:
    """Each group's sheet: the interest due, a tenth of the principal due; every seventh loan's payer is absent."""
    teller = team["teller"]
    tablet.write(header, "start", team["leader"])
    for group in groups:
        rows = []
        for at, loan in enumerate(group["loans"]):
            if at % 7 == 6:
                tablet.write(header, "absent", teller, loan=loan["loan"])
            elif loan["interest_due"]:
                principal = min(loan["principal_due"], loan["balance"]) // 10_000 * 1_000
                row = {"loan": loan["loan"], "interest": loan["interest_due"]}
                rows.append({**row, "principal": principal, "savings": 0, "account": None})
        if rows:
            tablet.write(header, "collect", teller, group=group["id"], lines=rows)
    tablet.write(header, "conclusion", team["leader"], words=_CONCLUSIONS)
    tablet.write(header, "seal", team["leader"])


def _serve_at_the_counter(
    session: TransactionSession, groups: Sequence[Any], by: User, on: date
) -> None:
    """The first payer of the session came to the office as well, after the pack was made."""
    loan = next((one for group in groups for one in group["loans"] if one["interest_due"]), None)
    if loan is None:
        return
    line = Collection(loan["loan"], interest=loan["interest_due"])
    sheet = Sheet(f"demo-counter-{session.pk}", session.office_id, None, (line,))
    collect_sheet(sheet=sheet, by=by, on=on)


def _counted(amount: int) -> dict[int, int]:
    """Notes that come nearest to an amount from below."""
    found = {}
    for value in settings.denominations():
        found[value], amount = divmod(amount, value)
    return found
