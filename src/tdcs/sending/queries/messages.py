"""To whom a message of a kind would go, and to whom not and why; what became of those that left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.households.masking import masked_phone
from tdcs.households.models import HouseholdMember, Person
from tdcs.households.queries.scope import visible_households
from tdcs.loans.models import Instalment, Loan
from tdcs.loans.queries.finding import overdue_on
from tdcs.loans.queries.scope import visible_loans
from tdcs.organisations.models import living_on
from tdcs.sending.models import (
    BorrowerMessage,
    MessageBatch,
    MessageKind,
    MessageState,
    PhoneConsent,
)
from tdcs.sending.rules.sms import Length, measured
from tdcs.sending.texts import bounds, filled

DUE_WITHIN: Final = 7
# What counts for the day's limit: what left or will leave.
_COUNTED: Final = (
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.SENT,
    MessageState.DELIVERED,
)


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """Which messages: of a kind; for a moved session the group's code and the new day; due within so many days."""

    kind: MessageKind
    days: int = DUE_WITHIN
    group: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """One message as it would leave."""

    person: int
    name: str
    phone: str
    text: str
    length: Length


@dataclass(frozen=True, slots=True)
class DryRun:
    """``left_out``: (name, why) of who would get none."""

    messages: list[Drafted] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def parts(self) -> int:
        return sum(one.length.parts for one in self.messages)

    @property
    def needs_second(self) -> bool:
        return len(self.messages) > bounds().confirm_above


def dry_run(user: User, asked: MessageRequest, on: date) -> DryRun:
    """What would be sent, within the person's scope; each borrower once."""
    values = _values(user, asked, on)
    people = Person.objects.in_bulk(values)
    agreed = set(agreed_people(values))
    counts = sent_today(values, on)
    found = DryRun()
    for key, given in values.items():
        person = people[key]
        text = filled(asked.kind, {"name": plain(person.full_name), **given})
        length = measured(text)
        why = ""
        if key not in agreed:
            why = "no_consent"
        elif not person.phone:
            why = "no_phone"
        elif counts.get(key, 0) >= bounds().daily_per_borrower:
            why = "daily"
        elif length.parts > bounds().most_parts:
            why = "too_long"
        if why:
            found.left_out.append((person.full_name, why))
        else:
            shown = masked_phone(person.phone)
            found.messages.append(Drafted(key, person.full_name, shown, text, length))
    return found


def plain(words: str) -> str:
    """A name without accents, which would make every part shorter: "Nguyễn Văn Ấn" is "Nguyen Van An"."""
    return " ".join(part.capitalize() for part in fold(words).split())


def agreed_people(keys: Iterable[int]) -> list[int]:
    """Who of some people agreed and did not withdraw."""
    rows = PhoneConsent.objects.filter(person_id__in=list(keys), withdrawn_on=None)
    return list(rows.values_list("person_id", flat=True))


def sent_today(keys: Iterable[int], on: date) -> dict[int, int]:
    """How many messages of the day each person has, sent or waiting."""
    rows = BorrowerMessage.objects.filter(
        person_id__in=list(keys), batch__on=on, state__in=_COUNTED
    )
    return dict(rows.order_by().values_list("person_id").annotate(n=Count("pk")))


def _values(user: User, asked: MessageRequest, on: date) -> dict[int, dict[str, str]]:
    """What fills the text of each borrower."""
    owing = visible_loans(user, on).filter(balance__gt=0)
    if asked.kind == MessageKind.DUE_SOON:
        return _due(owing, asked.days, on)
    if asked.kind == MessageKind.OVERDUE:
        rows = owing.filter(overdue_on(on)).order_by("borrower_id")
        return {key: {} for key in rows.values_list("borrower_id", flat=True)}
    if not asked.group or asked.day is None:
        return {}
    rows = owing.filter(group__code=asked.group).order_by("borrower_id")
    given = {"group": asked.group, "day": f"{asked.day:%d/%m/%Y}"}
    return {key: dict(given) for key in rows.values_list("borrower_id", flat=True)}


def _due(owing: QuerySet[Loan], days: int, on: date) -> dict[int, dict[str, str]]:
    """The nearest day of each borrower on which principal falls due within so many days."""
    rows = Instalment.objects.filter(
        loan__in=owing, due_on__gt=on, due_on__lte=on + timedelta(days=days)
    )
    found: dict[int, dict[str, str]] = {}
    for key, due in rows.order_by("due_on", "pk").values_list("loan__borrower_id", "due_on"):
        found.setdefault(key, {"day": f"{due:%d/%m/%Y}", "days": str((due - on).days)})
    return found


def batches(user: User) -> QuerySet[MessageBatch]:
    """Batches of the person's unit, the newest first, with how many arrived and failed."""
    holding = user.holding()
    unit = holding.organisation_id if holding else None
    rows = MessageBatch.objects.filter(made_by__holdings__organisation=unit).distinct()
    rows = rows.select_related("made_by", "confirmed_by")
    return rows.annotate(
        arrived=Count(
            "messages",
            filter=Q(messages__state__in=(MessageState.SENT, MessageState.DELIVERED)),
            distinct=True,
        ),
        failed=Count("messages", filter=Q(messages__state=MessageState.FAILED), distinct=True),
    ).order_by("-pk")


def batch_of(user: User, key: int) -> MessageBatch | None:
    """One batch of the person's unit."""
    return batches(user).filter(pk=key).first()


def messages_of(batch: MessageBatch) -> QuerySet[BorrowerMessage]:
    """The messages of a batch."""
    return batch.messages.select_related("person").order_by("pk")


@dataclass(frozen=True, slots=True)
class MemberConsent:
    """A member of a household with the telephone, masked, and since when messages may be sent to it."""

    person: int
    name: str
    phone: str
    since: date | None


def consents_of(user: User, household: int, on: date) -> list[MemberConsent] | None:
    """The members of a household in scope; None where it is not."""
    if not visible_households(user).filter(pk=household).exists():
        return None
    rows = HouseholdMember.objects.filter(living_on(on), household_id=household)
    people = [row.person for row in rows.select_related("person").order_by("-is_head", "pk")]
    since = dict(
        PhoneConsent.objects.filter(person__in=people, withdrawn_on=None).values_list(
            "person_id", "given_on"
        )
    )
    return [
        MemberConsent(one.pk, one.full_name, masked_phone(one.phone), since.get(one.pk))
        for one in people
    ]
