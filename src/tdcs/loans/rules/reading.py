"""A case as typed or sent, read strictly: what is missing, mistyped or impossible is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias, TypeVar

import msgspec

from tdcs.core import law as law_files
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.errors import NoParametersOnDay, Refusal
from tdcs.loans.rules.accrual import MOST_PRINCIPAL, MOST_RATE_PPM
from tdcs.loans.rules.field_names import meant_name
from tdcs.loans.rules.kinds import (
    DISBURSEMENT,
    FREEZE,
    KINDS,
    RATE,
    RESCHEDULE,
    REVERSE,
    SESSION_DAY,
    UNFREEZE,
    WITH_AMOUNT,
    WRITE_OFF,
    WRITE_OFF_INTEREST,
)
from tdcs.loans.rules.limits import LossTooSmall, freeze_months
from tdcs.loans.rules.running import Reached, reached
from tdcs.programmes.rules import Terms, cite_basis, default_spacing, terms_on
from tdcs.programmes.rules.stretches import first_of_stretch

# (day, kind, amount, to, due, rate, limit): fold.EVENT_COLUMNS without loan and rank
Event = tuple[int, int, int, int, int, int | None, int]

# The values of fold.LOAN_COLUMNS between loan and law.
LoanTerms: TypeAlias = tuple[int, int, int, int, int, int, bool]
# What fills the sentence of a refusal.
Word: TypeAlias = str | int | date | None

# (place of a reversal, places of the events that it flips, whether they are void from it on), in order of day and place
Flips = tuple[tuple[int, tuple[int, ...], bool], ...]
# Place of a write-off → place of its interest.
Twins = Mapping[int, int]

T = TypeVar("T")

_UNKNOWN: Final = "contains unknown field"
_MISSING: Final = "Object missing required field "
_LONGEST_MONTHS: Final = 600
# A loan of fifty years with a payment of principal and one of interest each week has half as many.
MOST_EVENTS: Final = 10_000
_MONEY: Final = frozenset(WITH_AMOUNT)
_FIRST_ORDINAL: Final = -day_number(date.min) + 1
_EARLIEST, _LATEST = date(1990, 1, 1), date(2200, 1, 1)


class Refused(Exception):
    """A case that cannot be computed: a code of law/parameters/loan-refusals.yaml and the words that fill it.

    ``asked_on``: the day whose law refuses.
    """

    def __init__(self, code: str, *, asked_on: date | None = None, **params: Word) -> None:
        self.code = code
        self.asked_on = asked_on
        self.params = params
        super().__init__(code)


class EventIn(msgspec.Struct, gc=False):
    """One event as given; which fields a kind needs is checked in ``_event``."""

    on: date
    kind: Literal[
        "disbursement",
        "principal",
        "interest",
        "session_day",
        "reschedule",
        "extend",
        "freeze",
        "unfreeze",
        "write_off",
        "write_off_interest",
        "rate",
        "reverse",
    ]
    amount: int | None = None
    to: date | None = None
    due_on: date | None = None
    rate_ppm: int | None = None
    of: int | None = None
    loss_percent: int | None = None
    interest: int | None = None
    session_day: int | None = None


class CaseIn(msgspec.Struct):
    """One loan as given (design §6); keys it does not know are left alone, unless one looks like a slip (field_names.py)."""

    programme: str
    principal: int
    disbursed_on: date
    term_months: int
    as_of: date
    instalment_months: int | None = None
    rate_ppm: int | None = None
    session_day: int | None = None
    channel: Literal["group", "direct"] | None = None
    target_group: str | None = None
    province: str | None = None
    tier: Literal["central", "local"] | None = None
    events: list[EventIn] = []


@dataclass(frozen=True, slots=True)
class Case:
    """``terms``: the values of fold.LOAN_COLUMNS between loan and law; ``law``: what the law changes while the loan runs;
    ``order``: places of the events in the order in which they are judged; ``flips``: what each reversal
    makes void or lets stand again. A write-off with ``interest`` is two events: the second stands behind those given."""

    terms: LoanTerms
    law: Reached
    as_of: int
    events: tuple[Event, ...]
    order: tuple[int, ...]
    flips: Flips
    sources: list[str]
    words: dict[str, Word]


class _StrictEventIn(EventIn, gc=False, forbid_unknown_fields=True):
    """An event without a key that is not known."""


class _StrictCaseIn(CaseIn, forbid_unknown_fields=True):
    """A case without a key that is not known: the fast way for nearly all lines."""

    events: list[_StrictEventIn] = []  # type: ignore[assignment]


_STRICT: Final = msgspec.json.Decoder(_StrictCaseIn)
_LENIENT: Final = msgspec.json.Decoder(CaseIn)
# Nested too deep to be read is no case either.
_NOT_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_FIELDS: Final = CaseIn.__struct_fields__
_EVENT_FIELDS: Final = EventIn.__struct_fields__
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def parse_case(line: bytes) -> CaseIn | Refused:
    """One line of JSON as a case, or why it is none. Of two equal keys the last counts, as JSON readers have it."""
    line = line.removeprefix(_BYTE_ORDER_MARK)
    try:
        return _STRICT.decode(line)
    except msgspec.ValidationError as problem:
        if _UNKNOWN not in str(problem):
            return _ill_typed(problem)
    except _NOT_JSON as problem:
        return Refused("bad_json", why=str(problem))
    try:
        return _slip(msgspec.json.decode(line)) or _LENIENT.decode(line)
    except msgspec.ValidationError as problem:
        return _ill_typed(problem)
    except _NOT_JSON as problem:
        return Refused("bad_json", why=str(problem))


def convert_case(given: object) -> CaseIn | Refused:
    """A case from plain dicts, as a test or another program holds it."""
    try:
        return _slip(given) or msgspec.convert(given, CaseIn)
    except msgspec.ValidationError as problem:
        return _ill_typed(problem)


def _slip(given: object) -> Refused | None:
    """The first key that is not known and looks like one that is; others (an id, a note) say nothing to the rules."""
    if not isinstance(given, dict):
        return None
    events = given.get("events")
    rows = [("", given, _FIELDS)]
    for at, row in enumerate(events if isinstance(events, list) else ()):
        rows.append((f"events[{at}].", row, _EVENT_FIELDS))
    for where, row, known in rows:
        for key in row if isinstance(row, dict) else ():
            if key not in known and (meant := meant_name(key, known)):
                return Refused("unknown_field", field=where + str(key), nearest=meant)
    return None


def _ill_typed(problem: msgspec.ValidationError) -> Refused:
    words, _, where = str(problem).partition(" - at `$")
    if not where and words.startswith("Expected `object`"):
        return Refused("not_an_object")
    field = where.rstrip("`").lstrip(".")
    if words.startswith(_MISSING):
        name = words.removeprefix(_MISSING).strip("`")
        return Refused("bad_value", field=f"{field}.{name}".lstrip("."), value="thiếu")
    return Refused("bad_value", field=field or "?", value=words)


def read_case(given: CaseIn) -> Case:
    """Check one case; raises Refused with the first thing that is wrong."""
    disbursed, as_of, term = given.disbursed_on, given.as_of, given.term_months
    _positive("principal", given.principal, MOST_PRINCIPAL)
    _day("disbursed_on", disbursed)
    _day("as_of", as_of)
    if as_of < disbursed:
        raise Refused("as_of_before_disbursement", day=disbursed, as_of=as_of)
    _within("term_months", term, 1, _LONGEST_MONTHS)
    law = _law_of(given, disbursed)
    _require_within(law, given)
    spacing, rate, session = given.instalment_months, given.rate_ppm, given.session_day
    if spacing is not None:
        _within("instalment_months", spacing, 1, _LONGEST_MONTHS)
    if rate is not None:
        _within("rate_ppm", rate, 0, MOST_RATE_PPM)
    if session is not None:
        _within("session_day", session, 1, 31)
    start, end = day_number(disbursed), day_number(as_of)
    terms = (
        start,
        given.principal,
        term,
        spacing or default_spacing(given.programme, term, given.channel or "group", disbursed),
        session or 0,
        law.rate_ppm if rate is None else rate,
        # CV 597 is about entrusted loans: those of which the case does not say that they are direct.
        law.by_instalment and (law.own_regime or given.channel != "direct"),
    )
    events, order, flips = _events(given, law.maximum or 0, start, end)
    later = [words for day, words in law.later_sources if day <= end]
    return Case(
        terms=terms,
        law=law.reach,
        as_of=end,
        events=events,
        order=order,
        flips=flips,
        sources=[*law.sources, *later],
        words={"programme": given.programme, "source": law.source},
    )


@dataclass(frozen=True, slots=True)
class ContractLaw:
    """What a contract's day, programme and money say, looked up once. ``maximum``, ``longest``: None where the law sets no
    limit, or one that voids no contract; ``later_sources``: (day, words) of where later rates come from."""

    rate_ppm: int
    maximum: int | None
    longest: int | None
    by_instalment: bool
    own_regime: bool
    reach: Reached
    sources: tuple[str, ...]
    source: str
    later_sources: tuple[tuple[int, str], ...]


def _law_of(given: CaseIn, day: date) -> ContractLaw:
    """The law of a contract signed on a day. Raises Refused."""
    where = (given.target_group or "", given.province or "", given.tier or "central")
    try:
        return _law(given.programme, first_of_stretch(day), *where)
    except Refused:
        # The refusal names the day that was asked for.
        return _law(given.programme, day, *where)


@law_files.remembered
def _law(programme: str, day: date, target_group: str, province: str, tier: str) -> ContractLaw:
    try:
        terms = terms_on(programme, day, target_group, province=province, tier=tier)
    except Refusal as refusal:
        known = {"unknown_programme", "unknown_province"}
        raise Refused(
            refusal.code if refusal.code in known else "no_parameters_on_day",
            programme=programme,
            day=day,
            target_group=target_group,
            province=province,
        ) from refusal
    reach = reached(programme, target_group, day, province=province, tier=tier)
    return ContractLaw(
        rate_ppm=terms.rate_ppm,
        maximum=_binding(terms, "maximum"),
        longest=_binding(terms, "term"),
        by_instalment=bool(terms.missed.amount),
        own_regime=terms.own_regime,
        reach=reach,
        sources=terms.sources,
        source="; ".join(terms.sources),
        later_sources=tuple(
            (change[0], f"Lãi suất từ {day_of_number(change[0]):%d/%m/%Y}: {cite_basis(basis)}")
            for change, basis in zip(reach.changes, reach.bases, strict=True)
        ),
    )


def _binding(law: Terms, figure: str) -> int | None:
    """A limit of the law; None where it sets none, or where it is from hearsay alone: that makes no contract void."""
    value = dict(law.values).get(figure)
    return value.amount if value is not None and value.limits_contracts else None


def _require_within(law: ContractLaw, given: CaseIn) -> None:
    if law.maximum is not None and given.principal > law.maximum:
        raise Refused(
            "above_maximum",
            programme=given.programme,
            principal=given.principal,
            maximum=law.maximum,
            day=given.disbursed_on,
            source=law.source,
        )
    if law.longest is not None and given.term_months > law.longest:
        raise Refused(
            "term_too_long",
            programme=given.programme,
            term=given.term_months,
            longest=law.longest,
            source=law.source,
        )


def _events(
    given: CaseIn, most: int, disbursed: int, as_of: int
) -> tuple[tuple[Event, ...], tuple[int, ...], Flips]:
    """All events read; the places of those up to ``as_of`` in order; what reversals make void."""
    if len(given.events) > MOST_EVENTS:
        raise Refused("too_many_events", count=len(given.events), most=MOST_EVENTS)
    events = tuple([_event(row, at) for at, row in enumerate(given.events)])
    kinds = {event[1] for event in events}
    with_interest: list[int] = []
    if WRITE_OFF in kinds:
        with_interest = [at for at, row in enumerate(given.events) if row.interest is not None]
        events = (*events, *(_interest_of(given.events[at], at) for at in with_interest))
    if DISBURSEMENT in kinds:
        events = _with_most(events, given, most)
    days = [event[0] for event in events]
    if days and min(days) < disbursed:
        raise Refused(
            "before_disbursement", at=next(at for at, d in enumerate(days) if d < disbursed)
        )
    there = [at for at, day in enumerate(days) if day <= as_of]
    twins = {of: at for at, of in enumerate(with_interest, len(given.events))}
    flips = _flips(events, there, len(given.events), twins) if REVERSE in kinds else ()
    # Sorting keeps the list's order among equals.
    there.sort(key=lambda at: events[at][:2])
    return events, tuple(there), flips


def _with_most(events: tuple[Event, ...], given: CaseIn, most: int) -> tuple[Event, ...]:
    """Disbursements told the programme's maximum of their day; of the contract's day where the programme has ended."""
    told = []
    for event, row in zip(events, given.events, strict=False):
        if event[1] == DISBURSEMENT:
            try:
                limit = _law_of(given, row.on).maximum or 0
            except Refused:
                limit = most
            event = (*event[:6], limit)
        told.append(event)
    return (*told, *events[len(told) :])


def _event(row: EventIn, at: int) -> Event:
    kind, amount = KINDS[row.kind], row.amount
    if (
        kind in _MONEY
        and amount
        and 0 < amount <= MOST_PRINCIPAL
        and row.interest is None
        and _EARLIEST <= row.on < _LATEST
    ):
        # Nearly all events of nearly all loans: one test instead of a question for each field.
        return row.on.toordinal() - _FIRST_ORDINAL, kind, amount, 0, 0, None, 0
    if row.interest is not None and kind != WRITE_OFF:
        raise Refused("bad_value", field=f"events[{at}].interest", value=row.kind)
    _day("on", row.on)
    day = day_number(row.on)
    if kind in WITH_AMOUNT:
        amount = _given(f"events[{at}].amount", row.amount)
        _positive(f"events[{at}].amount", amount, MOST_PRINCIPAL)
        return day, kind, amount, 0, 0, None, 0
    if kind == UNFREEZE:
        return day, kind, 0, 0, 0, None, 0
    if kind == RATE:
        rate = _given(f"events[{at}].rate_ppm", row.rate_ppm)
        _within(f"events[{at}].rate_ppm", rate, 0, MOST_RATE_PPM)
        return day, kind, 0, 0, 0, rate, 0
    if kind == REVERSE:
        of = _given(f"events[{at}].of", row.of)
        _within(f"events[{at}].of", of, 0, 10**6)
        return day, kind, 0, of, 0, None, 0
    to = _given(f"events[{at}].to", row.to)
    _day(f"events[{at}].to", to)
    if kind == SESSION_DAY:
        session = _given(f"events[{at}].session_day", row.session_day)
        _within(f"events[{at}].session_day", session, 1, 31)
        if to < row.on:
            raise Refused("bad_value", field=f"events[{at}].to", value=to.isoformat())
        return day, kind, session, day_number(to), 0, None, 0
    due = 0
    if kind == RESCHEDULE:
        due = day_number(_given(f"events[{at}].due_on", row.due_on))
    months = _freeze_months(row) if kind == FREEZE else 0
    return day, kind, 0, day_number(to), due, None, months


def _interest_of(row: EventIn, at: int) -> Event:
    """The interest that a write-off covers beside principal."""
    assert row.interest is not None, "asked for those that have it"
    _positive(f"events[{at}].interest", row.interest, MOST_PRINCIPAL)
    return day_number(row.on), WRITE_OFF_INTEREST, row.interest, 0, 0, None, 0


def _freeze_months(row: EventIn) -> int:
    percent = row.loss_percent
    if percent is not None:
        _within("loss_percent", percent, 0, 100)
    try:
        return freeze_months(percent, row.on)
    except LossTooSmall:
        raise Refused("loss_too_small", percent=percent, asked_on=row.on) from None
    except NoParametersOnDay as refusal:
        raise Refused("no_parameters_on_day", programme=refusal.code, day=row.on) from refusal


def _flips(events: tuple[Event, ...], there: list[int], given: int, twins: Twins) -> Flips:
    """What each reversal makes void or lets stand again, in order of day and place. ``given``: how many can be named.

    A reversal of a reversal flips what the chain began with; an event is reversed once, so one step finds it.
    """
    reversals = sorted(
        (at for at in there if events[at][1] == REVERSE), key=lambda at: (events[at][0], at)
    )
    reversed_: set[int] = set()
    begun: dict[
        int, tuple[int, bool]
    ] = {}  # place of a reversal → what its chain began with, whether that is void
    found: list[tuple[int, tuple[int, ...], bool]] = []
    for at in reversals:
        of = events[at][3]
        if of >= given or of == at or (events[of][0], of) > (events[at][0], at):
            raise Refused("no_such_event", of=of)
        if of in reversed_:
            raise Refused("already_reversed", of=of)
        reversed_.add(of)
        first, was_void = begun.get(of, (of, False))
        begun[at] = first, not was_void
        # The two parts of one decision are void together.
        parts = (first, twins[first]) if first in twins else (first,)
        found.append((at, parts, not was_void))
    return tuple(found)


def _given(field: str, value: T | None) -> T:
    if value is None:
        raise Refused("bad_value", field=field, value="thiếu")
    return value


def _day(field: str, value: date) -> None:
    if not _EARLIEST <= value < _LATEST:
        raise Refused("bad_value", field=field, value=value.isoformat())


def _within(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Refused("bad_value", field=field, value=_short(value))


def _positive(field: str, value: int, most: int) -> None:
    if value <= 0:
        raise Refused("amount_not_positive", field=field, value=_short(value))
    _within(field, value, 1, most)


def _short(value: int) -> str:
    words = str(value)
    return words if len(words) <= 40 else words[:37] + "…"
