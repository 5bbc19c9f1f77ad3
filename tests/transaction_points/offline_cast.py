"""A tablet as the browser's page will be, and what is done with it; plain functions."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lending_cast import Bank

from tdcs.access.models import User
from tdcs.core.errors import Refusal
from tdcs.loans.models import Loan
from tdcs.transaction_points.models import Device, LogLine, Pack, TransactionSession
from tdcs.transaction_points.rules.approvals import approved_hash
from tdcs.transaction_points.rules.chain import BEGINNING, canonical, line_hash
from tdcs.transaction_points.services import approvals, log

TODAY = date(2026, 11, 23)


@dataclass
class Tablet:
    """A device as the browser's page will be: its keys, its log."""

    sign: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    agree: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    lines: list[dict[str, Any]] = field(default_factory=list)
    # Person → the key behind his PIN.
    members: dict[int, Ed25519PrivateKey] = field(default_factory=dict)

    def member_key(self, person: int) -> str:
        """A key for a member's PIN; its public half."""
        self.members[person] = Ed25519PrivateKey.generate()
        return self.members[person].public_key().public_bytes_raw().hex()

    def set_pins(self, header: dict[str, Any], *people: User) -> None:
        """Each sets a PIN on the device: the server certifies his key for the pack."""
        held = Pack.objects.get(key=header["pack"])
        for one in people:
            approvals.certify(held=held, key=self.member_key(one.pk), by=one, on=TODAY)

    def keys(self) -> dict[str, str]:
        point = self.agree.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "signing": self.sign.public_key().public_bytes_raw().hex(),
            "agreement": point.hex(),
        }

    def read(self, taken: dict[str, Any]) -> dict[str, Any]:
        """The pack as the device opens it."""
        head = canonical(taken["header"])
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(taken["server_key"])).verify(
            bytes.fromhex(taken["signature"]), head
        )
        once = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), bytes.fromhex(taken["once"])
        )
        nonce = bytes.fromhex(taken["nonce"])
        secret = HKDF(SHA256(), 32, salt=nonce, info=b"session-pack-1").derive(
            self.agree.exchange(ec.ECDH(), once)
        )
        body = AESGCM(secret).decrypt(nonce, b64decode(taken["body"]), head)
        assert hashlib.sha256(body).hexdigest() == taken["header"]["sha256"]
        found: dict[str, Any] = json.loads(body)
        return found

    def write(self, header: dict[str, Any], kind: str, by: int, /, **data: Any) -> dict[str, Any]:
        """The next line of the log."""
        line = {
            "form": 1, "device": header["device"], "session": header["session"], "pack": header["pack"],
            "seq": len(self.lines) + 1, "previous": self.lines[-1]["hash"] if self.lines else BEGINNING,
            "kind": kind, "by": by, "at": "2026-11-24T08:30:00+07:00", "data": data,
        }  # fmt: skip
        return self.close(line)

    def approved(
        self, header: dict[str, Any], kind: str, by: int, approver: int, /, **data: Any
    ) -> dict[str, Any]:
        """The next line, which somebody approved with his PIN."""
        line = self.write(header, kind, by, **data, approved_by=approver)
        self.lines.pop()
        line["data"]["approval"] = self.approval(line, approver)
        return self.close(line)

    def approval(self, line: dict[str, Any], approver: int) -> str:
        return self.members[approver].sign(approved_hash(line, line["data"]).encode()).hex()

    def close(self, line: dict[str, Any]) -> dict[str, Any]:
        line["hash"] = line_hash(line)
        line["signature"] = self.sign.sign(line["hash"].encode()).hex()
        self.lines.append(line)
        return line


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as said:
        act()
    assert said.value.sentence("en") != said.value.sentence("vi")
    return str(said.value.code)


def hand_in(
    bank: Bank, session: TransactionSession, device: Device, lines: list[Any], on: date = TODAY
) -> dict[str, Any]:
    made = log.take_in(session=session, device=device, lines=lines, by=bank.teller, on=on)
    return {**made["statement"]}


def collected(bank: Bank, *rows: tuple[Loan, int, int]) -> dict[str, Any]:
    lines = [{"loan": loan.pk, "interest": i, "principal": p, "savings": 0} for loan, i, p in rows]
    return {"group": bank.group.pk, "lines": lines}


def states() -> list[str]:
    return list(LogLine.objects.order_by("device_id", "seq").values_list("state", flat=True))
