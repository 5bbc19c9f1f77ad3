"""What every pack and every device's log have in common, whatever they are of: a session, an inspection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypedDict
from uuid import UUID

from tdcs.transaction_points.errors import LogForked, LogNotNext, LogNotSigned, LogSealed
from tdcs.transaction_points.models import Device
from tdcs.transaction_points.rules.chain import BEGINNING, FORM, SEAL, canonical, fault, line_hash
from tdcs.transaction_points.services import keys


class LineIn(TypedDict):
    """One line as a device hands it in (docs/reference/session-pack.md)."""

    form: int
    device: int
    session: int | str
    pack: str
    seq: int
    previous: str
    kind: str
    by: int
    at: str
    data: dict[str, object]
    hash: str
    signature: str


class Receipt(TypedDict):
    """What the server has of a device's log, signed: the device may forget lines up to ``seq`` only when it holds this."""

    statement: dict[str, object]
    signature: str
    server_key: str


def fresh_lines(
    device: Device, of: int | str, lines: Sequence[LineIn], known: dict[int, str], sealed: set[int]
) -> Iterator[LineIn]:
    """The lines that are new, each as the next of the chain ``of`` a session or an inspection, signed by the device.

    ``known`` (place → hash) and ``sealed`` grow along. Raises LogForked, LogSealed, LogNotNext, LogNotSigned.
    """
    last = max(known, default=0)
    for line in lines:
        seq = line.get("seq")
        if type(seq) is int and seq in known:
            if line.get("hash") != known[seq]:
                raise LogForked(seq=seq)
            continue
        if sealed:
            raise LogSealed(seq=max(sealed))
        if why := fault(line, seq=last + 1, previous=known.get(last, BEGINNING)):
            raise LogNotNext(seq=seq, last=last, expected=last + 1, why=why)
        digest, mine = str(line["hash"]), (line["device"], line["session"]) == (device.pk, of)
        if not mine or not keys.is_signed(
            device.signing_key, digest.encode(), str(line["signature"])
        ):
            raise LogNotSigned(seq=seq)
        yield line
        last += 1
        known[last] = digest
        if str(line["kind"])[:12] == SEAL:
            sealed.add(last)


class KeptLine(Protocol):
    """A line of a log as it was kept, with its pack and device at hand."""

    @property
    def pack(self) -> KeptPack: ...
    @property
    def device(self) -> Device: ...
    @property
    def device_id(self) -> int: ...
    @property
    def by_id(self) -> int: ...

    seq: int
    kind: str
    told_at: str
    data: Any
    previous: str
    hash: str
    signature: str


class KeptPack(Protocol):
    """What a line names its pack by."""

    key: UUID


def unlike_what_was_signed(lines: Iterable[KeptLine], of: int | str) -> Iterator[KeptLine]:
    """Of the kept lines of one device's log ``of`` a session or an inspection, in their order: those that are not as signed.

    Each has the hash of its content and of the line before, and its device's signature.
    """
    previous = BEGINNING
    for seq, line in enumerate(lines, 1):
        said = {
            "form": FORM, "device": line.device_id, "session": of, "pack": str(line.pack.key),
            "seq": line.seq, "previous": line.previous, "kind": line.kind, "by": line.by_id,
            "at": line.told_at, "data": line.data,
        }  # fmt: skip
        fits = (line.seq, line.previous) == (seq, previous) and line_hash(said) == line.hash
        signed = keys.is_signed(line.device.signing_key, line.hash.encode(), line.signature)
        if not fits or not signed:
            yield line
        previous = line.hash


def locked_pack(device: Device, header: Mapping[str, object], body: bytes) -> dict[str, object]:
    """A pack as it travels: its header signed by this installation, its body readable by the device alone."""
    head = canonical(header)
    return {
        "header": header,
        "signature": keys.signed(head),
        "server_key": keys.public_key(),
        **keys.locked_for(device.agreement_key, body, head),
    }


def proved(statement: dict[str, object]) -> Receipt:
    """What the server has, under its signature."""
    return {
        "statement": statement,
        "signature": keys.signed(canonical(statement)),
        "server_key": keys.public_key(),
    }
