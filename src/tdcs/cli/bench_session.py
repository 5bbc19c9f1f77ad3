"""`tdcs bench session`: the pack of a session with 60 groups and 3,600 members, and the sync of as many lines, server side."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tdcs.cli import demo, setup
from tdcs.cli.bench_lending import MEMBERS, build, existing
from tdcs.cli.bench_post import server_cpu, show_words

if TYPE_CHECKING:
    from tdcs.access.models import User
    from tdcs.transaction_points.models import Device, TransactionSession

DAY: Final = date(2026, 11, 23)
GROUPS: Final = 60
# Requirements of issue 15.
BOUNDS: Final = {"pack_mb": 3.0, "sync_s": 5.0}
# A device hands its log in by pieces of so many lines.
_PIECE: Final = 400


@click.command("session")
@click.option("--json", "as_json", is_flag=True)
def session(as_json: bool) -> None:
    """A pack of 3,600 members, a log of 3,600 lines; in a database of its own."""
    if "DATABASE_URL" in os.environ:
        raise click.ClickException("bench session writes loans: unset DATABASE_URL")
    home = Path(os.environ.get("TDCS_HOME", "var")).resolve() / "bench-session"
    os.environ["TDCS_HOME"], os.environ["TDCS_TODAY"] = str(home), DAY.isoformat()
    demo.stand_in_a_province()
    setup.run()
    found = run() | {"bounds": BOUNDS}
    click.echo(json.dumps(found, indent=1) if as_json else _table(found))


@dataclass
class _Tablet:
    """A device with keys of its own, and its log."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self.sign = Ed25519PrivateKey.generate()
        self.agree = ec.generate_private_key(ec.SECP256R1())

    def keys(self) -> tuple[str, str]:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        point = self.agree.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return self.sign.public_key().public_bytes_raw().hex(), point.hex()

    def write(self, header: Any, kind: str, by: int, data: dict[str, Any]) -> None:
        from tdcs.transaction_points.rules.chain import BEGINNING, FORM, line_hash

        line = {
            "form": FORM, "device": header["device"], "session": header["session"], "pack": header["pack"],
            "seq": len(self.lines) + 1, "previous": self.lines[-1]["hash"] if self.lines else BEGINNING,
            "kind": kind, "by": by, "at": "2026-11-23T08:30:00+07:00", "data": data,
        }  # fmt: skip
        line["hash"] = line_hash(line)
        line["signature"] = self.sign.sign(line["hash"].encode()).hex()
        self.lines.append(line)


def run() -> dict[str, Any]:
    """Every figure; each run holds a session of its own on a book written once."""
    from tdcs.transaction_points.queries.pack import content_of
    from tdcs.transaction_points.rules.chain import canonical
    from tdcs.transaction_points.services.packs import take_pack

    held, team = _session()
    tablet = _Tablet()
    device = _device(held, tablet, team["head"])
    start, cpu = time.perf_counter(), _cpu()
    body = canonical(content_of(held))
    content_s = time.perf_counter() - start
    taken = take_pack(session=held, device=device, by=team["teller"], on=DAY)
    whole = time.perf_counter() - start
    found = {
        "members": GROUPS * MEMBERS,
        "pack_mb": round(len(json.dumps(taken)) / 10**6, 2),
        "pack_plain_mb": round(len(body) / 10**6, 2),
        "pack_s": round(whole - content_s, 2),
        "pack_cpu_s": round((_cpu() - cpu) / 2, 2),
    }
    content = json.loads(body)
    for group in content["groups"]:
        for loan in group["loans"]:
            row = {
                "loan": loan["loan"],
                "interest": min(10_000, loan["interest_due"]),
                "principal": 20_000,
            }
            row |= {"savings": 0, "account": None}
            data = {"group": group["id"], "lines": [row]}
            tablet.write(taken["header"], "collect", team["teller"].pk, data)
    tablet.write(taken["header"], "seal", team["officer"].pk, {})
    return found | _sync(held, device, tablet, team["teller"])


def _sync(
    held: TransactionSession, device: Device, tablet: _Tablet, teller: User
) -> dict[str, Any]:
    from tdcs.transaction_points.models import LogLine
    from tdcs.transaction_points.queries.summary import cash_expected
    from tdcs.transaction_points.services import log
    from tdcs.transaction_points.states import LogState

    # What the teller counts at the end: the money of the log.
    counted = sum(
        row["interest"] + row["principal"] + row["savings"]
        for line in tablet.lines
        for row in line["data"].get("lines", ())
    )
    before = cash_expected(held)
    start, cpu = time.perf_counter(), _cpu()
    for at in range(0, len(tablet.lines), _PIECE):
        piece: Any = tablet.lines[at : at + _PIECE]
        log.take_in(session=held, device=device, lines=piece, by=teller, on=DAY)
    took, used = time.perf_counter() - start, _cpu() - cpu
    booked = LogLine.objects.filter(device=device, session=held, state=LogState.POSTED).count()
    if booked != len(tablet.lines) - 1:
        raise click.ClickException(f"{booked} of {len(tablet.lines) - 1} lines are booked")
    in_ledger = cash_expected(held) - before
    if in_ledger != counted:
        raise click.ClickException(f"counted {counted}, the ledger holds {in_ledger}")
    start = time.perf_counter()
    everything: Any = tablet.lines
    log.take_in(session=held, device=device, lines=everything, by=teller, on=DAY)
    return {
        "lines": len(tablet.lines),
        "counted": counted,
        "in_ledger": in_ledger,
        "sync_s": round(took, 2),
        "sync_cpu_s": round(used, 2),
        "sync_again_s": round(time.perf_counter() - start, 2),
    }


def _cpu() -> float:
    return time.process_time() + server_cpu()


def _session() -> tuple[TransactionSession, dict[str, User]]:
    """Sixty groups of one office at one point, a session of today with its team."""
    from tdcs.organisations.models import (
        Organisation,
        ServedArea,
        TransactionPoint,
        TransactionPointProfile,
    )
    from tdcs.transaction_points.models import GroupAtPoint, TransactionSession
    from tdcs.transaction_points.services.schedule import Team, name_team
    from tdcs.transaction_points.states import SessionState

    served = ServedArea.objects.filter(ends_on=None).order_by("pk").first()
    if served is None:
        raise click.ClickException("no office serves a commune")
    book = existing()
    if not book.groups:
        show_words(f"a book of {GROUPS * MEMBERS} loans")
        book = build(GROUPS * MEMBERS, [(served.area_id, served.office_id)])
        point = TransactionPoint.objects.create(code="TXNB", starts_on=date(2025, 1, 1))
        TransactionPointProfile.objects.create(
            point=point,
            name="Điểm đo tốc độ",
            area_id=served.area_id,
            session_day=23,
            starts_on=date(2025, 1, 1),
        )
        GroupAtPoint.objects.bulk_create(
            GroupAtPoint(group_id=group, point=point, starts_on=date(2025, 1, 1))
            for group, _office, _loans in book.groups
        )
    point = TransactionPoint.objects.get(code="TXNB")
    office = Organisation.objects.get(pk=served.office_id)
    team = {
        name: _person(office, name, role)
        for name, role in (
            ("officer", "loan_officer"),
            ("head", "credit_head"),
            ("teller", "teller"),
        )
    }
    # A session of the point for each run: the day by which it was due tells them apart.
    turn = TransactionSession.objects.filter(point=point).count()
    held = TransactionSession.objects.create(
        point=point,
        office=office,
        due_on=date.fromordinal(DAY.toordinal() - turn),
        held_on=DAY,
        moved_why="đo tốc độ",
    )
    members = [
        (team["officer"], "leader"),
        (team["head"], "controller"),
        (team["teller"], "teller"),
    ]
    name_team(session=held, team=Team(members), by=team["head"], on=DAY)
    TransactionSession.objects.filter(pk=held.pk).update(state=SessionState.OPEN)
    held.refresh_from_db()
    return held, team


def _person(office: Any, name: str, role: str) -> User:
    from tdcs.access.models import RoleHolding, User

    found: User | None = User.objects.filter(username=f"bench-{name}").first()
    if found is None:
        found = User.objects.create_user(f"bench-{name}", full_name=f"Đo tốc độ {name}")
        RoleHolding.objects.create(
            user=found, role=role, organisation=office, starts_on=date(2025, 7, 1)
        )
    return found


def _device(held: TransactionSession, tablet: _Tablet, by: User) -> Device:
    from tdcs.transaction_points.services.packs import register_device

    signing, agreement = tablet.keys()
    return register_device(
        office=held.office, name="Máy đo", signing=signing, agreement=agreement, by=by, on=DAY
    )


def _table(found: dict[str, Any]) -> str:
    lines = []
    for name, value in found.items():
        if name == "bounds":
            continue
        bound = BOUNDS.get(name)
        asked = f"  (at most {bound})" if bound is not None else ""
        lines.append(f"{name:16} {value}{asked}")
    return "\n".join(lines)
