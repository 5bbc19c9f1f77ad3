"""Rules of the ledger: templates, balance, the hash that chains entries. Needs no database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple, NotRequired, TypedDict

from tdcs.core import law

GENESIS: Final = "0" * 64

# account code, debit, credit, subject (a loan, a savings account, or None)
Line = tuple[str, int, int, int | None]


class TemplateLine(TypedDict):
    """``account``: one, or one for each tier of capital."""

    side: Literal["debit", "credit"]
    amount: str
    account: str | dict[str, str]


class Template(TypedDict):
    """An entry's words and the accounts to which its amounts go."""

    words: str
    lines: list[TemplateLine]


class AccountRow(TypedDict):
    """An account as law/charts/accounts.yaml writes it."""

    code: str
    name: str
    kind: str
    side: str
    parent: NotRequired[str]
    subledger: NotRequired[str]
    off_balance: NotRequired[bool]
    postable: NotRequired[bool]
    never_below_zero: NotRequired[bool]


@law.remembered
def templates() -> Mapping[str, Template]:
    """The posting templates by name (law/charts/postings.yaml)."""
    found: Mapping[str, Template] = law.load("charts/postings.yaml")
    return found


def template_words(name: str) -> str:
    """What an entry of a template is called; "" for one without a template."""
    found = templates().get(name)
    return found["words"] if found is not None else ""


@law.remembered
def chart() -> tuple[AccountRow, ...]:
    """The accounts in the order of the chart (law/charts/accounts.yaml)."""
    return tuple(law.load("charts/accounts.yaml")["accounts"])


@law.remembered
def off_balance() -> frozenset[str]:
    """Codes of accounts that are kept outside the balance."""
    return frozenset(row["code"] for row in chart() if row.get("off_balance"))


@law.remembered
def never_below_zero() -> frozenset[str]:
    """Codes of the accounts of cash: none of them may end a day below zero."""
    return frozenset(row["code"] for row in chart() if row.get("never_below_zero"))


@law.remembered
def _with_subject() -> frozenset[str]:
    return frozenset(row["code"] for row in chart() if row.get("subledger"))


def account_of(template: str, amount: str, tier: str = "") -> str:
    """The account to which a template brings an amount; KeyError when it brings it nowhere."""
    for line in templates()[template]["lines"]:
        if line["amount"] == amount:
            account = line["account"]
            return account if isinstance(account, str) else account[tier]
    raise KeyError(amount)


def lines_for(
    template: str, amounts: Mapping[str, int], *, tier: str = "", subject: int | None = None
) -> list[Line]:
    """The lines of one entry: amounts of nothing make no line; accounts without a sub-ledger get no subject."""
    lines: list[Line] = []
    for line in templates()[template]["lines"]:
        value = amounts.get(line["amount"], 0)
        if not value:
            continue
        account = line["account"]
        code = account if isinstance(account, str) else account[tier]
        about = subject if code in _with_subject() else None
        lines.append(
            (code, value, 0, about) if line["side"] == "debit" else (code, 0, value, about)
        )
    return lines


def imbalance(lines: Iterable[Line]) -> tuple[int, int]:
    """Debit less credit on the balance and off it; (0, 0) for an entry that may stand."""
    on = off = 0
    outside = off_balance()
    for account, debit, credit, _ in lines:
        if account in outside:
            off += debit - credit
        else:
            on += debit - credit
    return on, off


def swapped(lines: Iterable[Line]) -> list[Line]:
    """The counter-lines: debit and credit change places."""
    return [(account, credit, debit, subject) for account, debit, credit, subject in lines]


class EntryHead(NamedTuple):
    """What an entry says before its lines."""

    book: int
    number: int
    on: date
    template: str
    words: str
    reverses: int | None


def entry_hash(*, previous: str, head: EntryHead, lines: Sequence[Line]) -> str:
    """SHA-256 over the entry before, the entry's fields and its lines in order; hex, 64 letters."""
    return hash_of_text(
        previous=previous,
        head=head,
        lines="".join(
            f"|{account},{debit},{credit},{'' if subject is None else subject}"
            for account, debit, credit, subject in lines
        ),
    )


def hash_of_text(*, previous: str, head: EntryHead, lines: str) -> str:
    """``entry_hash`` where the lines are text already: "|account,debit,credit,subject" of each, in order."""
    book, number, on, template, words, reverses = head
    fields = f"|{book}|{number}|{on.isoformat()}|{_plain(template)}|{_plain(words)}"
    return hashlib.sha256(f"{previous}{fields}|{reverses or ''}{lines}".encode()).hexdigest()


def _plain(text: str) -> str:
    """Text that holds no separator of its own: "a", "b|c" and "a|b", "c" hash differently."""
    return text.replace("\\", "\\\\").replace("|", "\\|")


def request_hash(content: bytes) -> str:
    """What a key was first used for."""
    return hashlib.sha256(content).hexdigest()
