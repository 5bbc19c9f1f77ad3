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


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A document without its frame."""

    code: str
    type_name: str | None
    subject: str
    body: Sequence[Block]
    addressees: Sequence[str] = ()
    recipients: Sequence[str] = ("Như trên",)
    filing: str = "VT"
    annexes: Sequence[Annex] = ()


def framed(head: Letterhead, signing: Signing, *, paper: Paper) -> OfficialDocument:
    """A document in a unit's own frame. A number typed with its symbol ("12/BC-UBND") keeps it."""
    number, slash, symbol = signing.number.partition("/")
    own = f"{paper.code}-{head.symbol}" if paper.code else head.symbol
    return OfficialDocument(
        parent_body=head.parent,
        issuer=head.issuer,
        number=number.strip() or None,
        symbol=symbol.strip() if slash else own,
        place=head.place,
        issued_on=signing.issued_on,
        year=signing.year,
        type_name=paper.type_name,
        subject=paper.subject,
        body=paper.body,
        addressees=paper.addressees,
        signature=Signature(
            title=signing.signer_title or head.signer_title,
            name=signing.signer,
            authority=head.authority,
        ),
        recipients=paper.recipients,
        filing=paper.filing,
        annexes=paper.annexes,
    )
