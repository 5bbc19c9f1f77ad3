"""Members' savings as an extract says: accounts, and by how much each balance moved; no entry is invented."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl
from django.db.models import Exists, OuterRef

from tdcs.entrustment.models import SavingsAccount, SavingsEvent
from tdcs.entrustment.services.savings import keep_balances
from tdcs.imports import store
from tdcs.imports.models import Extract, Unexplained
from tdcs.imports.queries.registers import groups_now
from tdcs.imports.rules.monitoring import savings_books
from tdcs.imports.services.registering import register_savers
from tdcs.organisations.models import Organisation
from tdcs.organisations.services.bulk import append_rows, keyed

_FOLLOWED: Final = Exists(
    SavingsEvent.objects.filter(account=OuterRef("pk"), kind=SavingsEvent.Kind.REPORTED)
)
_ACCOUNT: Final = {"account": pl.Int64, "book": pl.String, "held": pl.Int64, "group_held": pl.Int64}


def book_savings(extract: Extract, office: Organisation) -> None:
    """Accounts and movements of the savings that an extract names, from what is known to what it says.

    A book that is not named any more is empty. In the caller's transaction; doing it again moves nothing.
    """
    day = extract.day
    said = savings_books(store.rows(extract.rows_digest, extract.file.name))
    foreign = _elsewhere(said["book"].to_list(), office)
    said = said.filter(~pl.col("book").is_in(foreign))
    known = _known(office)
    said = _with_owners(said, office, day)
    new = said.join(known, on="book", how="anti", maintain_order="left")
    made = _opened(new, office, day)
    accounts = pl.concat([known, made], how="diagonal")
    rows = accounts.join(said.select("book", "balance", "group_id"), on="book", how="left")
    _follow_groups(rows)
    moves = rows.with_columns(amount=pl.col("balance").fill_null(0) - pl.col("held").fill_null(0))
    # By its first event, of nothing where it is empty, an account is known to follow extracts.
    moves = moves.filter(pl.col("held").is_null() | (pl.col("amount") != 0))
    append_rows(
        SavingsEvent,
        moves.select(
            "amount",
            account_id="account",
            on=pl.lit(day),
            kind=pl.lit(str(SavingsEvent.Kind.REPORTED)),
        ),
    )
    keep_balances(moves["account"].to_list())
    Unexplained.objects.bulk_create(
        Unexplained(extract=extract, contract="", code="savings_elsewhere", after=book[:60])
        for book in sorted(foreign)
    )


def unbook_savings(*, office: int, day: date) -> None:
    """What an extract of a day moved is taken back: the movements of the day that stand, each by its counter-movement."""
    events = SavingsEvent.objects.filter(
        account__office=office, on=day, kind=SavingsEvent.Kind.REPORTED, reverses=None
    )
    back = [
        SavingsEvent(
            account_id=account,
            on=day,
            kind=SavingsEvent.Kind.REPORTED,
            amount=-amount,
            reverses_id=key,
        )
        for key, account, amount in events.filter(reversed_by=None).values_list(
            "pk", "account_id", "amount"
        )
    ]
    SavingsEvent.objects.bulk_create(back)
    keep_balances([one.account_id for one in back])


def savings_held(office: int) -> dict[int, int]:
    """Account → balance of an office's accounts that hold something."""
    rows = SavingsAccount.objects.filter(office=office, balance__gt=0).order_by("pk")
    return dict(rows.values_list("pk", "balance"))


def _elsewhere(books: list[str], office: Organisation) -> list[str]:
    """Books that another office has, or that this system keeps itself."""
    there = SavingsAccount.objects.filter(number__in=books)
    return list(there.exclude(_FOLLOWED, office=office).values_list("number", flat=True))


def _known(office: Organisation) -> pl.DataFrame:
    """account, book, held, group_held of what extracts of the office named before."""
    rows = SavingsAccount.objects.filter(_FOLLOWED, office=office)
    found = rows.order_by("pk").values_list("pk", "number", "balance", "group_id")
    return pl.DataFrame(list(found), schema=_ACCOUNT, orient="row")


def _with_owners(said: pl.DataFrame, office: Organisation, day: date) -> pl.DataFrame:
    """``said`` with person, household, group_id: the group that the extract names, else that in which the household is."""
    customers, groups = register_savers(said, office, day)
    rows = said.join(customers, on="customer", how="left", maintain_order="left")
    rows = rows.join(groups, on="group", how="left", maintain_order="left")
    homes = groups_now(rows["household"].drop_nulls().unique().to_list())
    rows = rows.join(homes, on="household", how="left", maintain_order="left")
    return rows.with_columns(group_id=pl.coalesce("group_id", "group_now"))


def _opened(new: pl.DataFrame, office: Organisation, day: date) -> pl.DataFrame:
    """account, book of accounts that stand here for the first time."""
    rows = keyed(
        SavingsAccount,
        new.select(
            "group_id",
            number="book",
            household_id="household",
            person_id="person",
            office_id=pl.lit(office.pk),
            opened_on=pl.lit(day),
            balance=pl.lit(0),
        ),
    )
    append_rows(SavingsAccount, rows)
    return rows.select(account="id", book="number", group_held="group_id")


def _follow_groups(rows: pl.DataFrame) -> None:
    """Accounts whose household saves through another group now."""
    moved = rows.filter(
        pl.col("group_id").is_not_null() & pl.col("group_id").ne_missing(pl.col("group_held"))
    )
    for (group,), theirs in moved.group_by("group_id", maintain_order=True):
        SavingsAccount.objects.filter(pk__in=theirs["account"].to_list()).update(group_id=group)
