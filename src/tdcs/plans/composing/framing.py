"""The frame of a document: who issues it, from where, with which symbol, signed by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tdcs.documents import numbers
from tdcs.documents.official import Annex, Block, OfficialDocument, Signature


@dataclass(frozen=True, slots=True)
class Letterhead:
    """A unit's names as they hold on a day: everything of the head that is not of the text."""

    issuer: str
    parent: str
    symbol: str
    place: str
    authority: tuple[str, ...]
    signer_title: str


@dataclass(frozen=True, slots=True)
class Signing:
    """What is given when a document is issued; before that, room is left for it."""

    number: str = ""
    issued_on: date | None = None
    signer: str = ""
    signer_title: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class PlanName:
    """How a document speaks of the plan."""

    number: str
    issued_on: date
    issuer: str
    title: str = ""

    def __str__(self) -> str:
        return (
            f"Kế hoạch số {self.number} ngày {numbers.date_short(self.issued_on)} của {self.issuer}"
        )


def framed(
    head: Letterhead,
    signing: Signing,
    *,
    code: str,
    type_name: str | None,
    subject: str,
    body: Sequence[Block],
    addressees: Sequence[str] = (),
    recipients: Sequence[str] = ("Như trên",),
    filing: str = "VT",
    annexes: Sequence[Annex] = (),
) -> OfficialDocument:
    """A document in a unit's own frame. A number typed with its symbol ("12/BC-UBND") keeps it."""
    number, slash, symbol = signing.number.partition("/")
    own = f"{code}-{head.symbol}" if code else head.symbol
    return OfficialDocument(
        parent_body=head.parent,
        issuer=head.issuer,
        number=number.strip() or None,
        symbol=symbol.strip() if slash else own,
        place=head.place,
        issued_on=signing.issued_on,
        year=signing.year,
        type_name=type_name,
        subject=subject,
        body=body,
        addressees=addressees,
        signature=Signature(
            title=signing.signer_title or head.signer_title,
            name=signing.signer,
            authority=head.authority,
        ),
        recipients=recipients,
        filing=filing,
        annexes=annexes,
    )
