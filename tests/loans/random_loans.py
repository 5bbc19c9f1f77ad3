"""Loans at random: valid ones, walked day by day with the referee's state, and ones that miss by a dong or a day."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from referee import (
    DAY,
    LONGEST,
    MOST,
    ORDER,
    Loan,
    Refused,
    apply,
    fold,
    months_later,
    on_day,
    opened,
)

Case = dict[str, Any]
Event = dict[str, Any]
PROGRAMMES = ("HN", "HCN", "HMTN", "HSSV", "GQVL", "XKLD", "NSVSMT", "NOXH", "SXKDVKK", "MTHS", "TNVKK", "CHAPT", "STEM", "CAINGHIEN")  # fmt: skip
# The first days on which some of them lend, and the last of the one that ended, counted from it.
SINCE = {"MTHS": date(2022, 4, 4), "CHAPT": date(2023, 10, 10), "STEM": date(2025, 8, 28), "CAINGHIEN": date(2026, 5, 1)}  # fmt: skip
DAYS_OF_MTHS = 600
FIRST_DAYS = ("2023-08-31", "2024-01-31", "2024-02-29", "2025-08-30", "2025-11-30", "2025-12-01", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-03-31", "2026-08-31")  # fmt: skip
KINDS = ("interest", "interest", "principal", "principal", "reschedule", "reschedule", "session_day", "extend", "freeze", "unfreeze", "rate", "disbursement", "write_off", "write_off_interest", "reverse")  # fmt: skip


def random_terms(luck: random.Random) -> Case:
    programme = luck.choice(PROGRAMMES)
    started = date(2019, 12, 1) + timedelta(luck.randrange(2500))
    if luck.random() < 0.5:
        started = date(2026, 2, 15) + timedelta(luck.randrange(220))
    if luck.random() < 0.25:
        started = date.fromisoformat(luck.choice(FIRST_DAYS))
    since = SINCE.get(programme, started)
    if started < since or programme == "MTHS":
        started = since + timedelta(luck.randrange(DAYS_OF_MTHS))
    most = on_day(MOST, programme, started) or 150_000_000
    principal = luck.choice(
        (most, most // 2, luck.randrange(1, most + 1), luck.randrange(1, most // 100_000) * 100_000)
    )
    term = luck.choice(
        (1, 6, 11, 12, 13, 18, 24, 36, 60, luck.randrange(1, LONGEST.get(programme, 84) + 1))
    )
    return {
        "programme": programme,
        "principal": principal,
        "disbursed_on": started.isoformat(),
        "term_months": min(term, LONGEST.get(programme, 120), 132),
        "instalment_months": luck.choice((None, None, 1, 3, 6, 12)),
        "rate_ppm": luck.choice((None, None, None, luck.randrange(1, 200_000))),
        "session_day": luck.choice(
            (None, None, luck.randrange(1, 32), luck.choice((28, 29, 30, 31)))
        ),
        "target_group": "special" if programme in ("GQVL", "XKLD") and luck.random() < 0.5 else "",
        "channel": luck.choice((None, None, "group", "direct")),
        "events": [],
        "as_of": started.isoformat(),
    }


def _part(luck: random.Random, whole: int) -> int:
    """All of it, nearly all, or any part; 0 when there is nothing."""
    if whole < 1:
        return 0
    return luck.choice(
        (
            whole,
            max(1, whole - 1),
            luck.randrange(1, whole + 1),
            max(1, whole // 2),
            min(whole, 100_000),
        )
    )


def _day_after(luck: random.Random, start: date, end: date) -> date:
    """A day after start, at most the end; the ends often."""
    if end <= start:
        return start + DAY
    return luck.choice(
        (end, start + DAY, start + timedelta(luck.randrange(1, (end - start).days + 1)))
    )


def longest_extension(loan: Loan) -> date:
    return months_later(loan.first_final, 12 if loan.term <= 12 else loan.term // 2)


def propose(luck: random.Random, loan: Loan, kind: str) -> Event:
    """An event that is likely allowed today."""
    event: Event = {"on": loan.day.isoformat(), "kind": kind}
    if kind in ("interest", "write_off_interest"):
        event["amount"] = _part(luck, loan.due())
    elif kind in ("principal", "write_off"):
        event["amount"] = _part(luck, loan.balance)
        if kind == "write_off" and event["amount"] and luck.random() < 0.5:
            left = copy.deepcopy(loan)
            left.written_off += event["amount"]
            # A decision on principal alone has no interest: null.
            event["interest"] = _part(luck, left.due()) or None
    elif kind == "disbursement":
        room = (on_day(MOST, loan.programme, loan.day) or 10**9) - loan.disbursed
        event["amount"] = _part(luck, min(room, 40_000_000))
    elif kind == "reschedule":
        place = luck.randrange(len(loan.instalments))
        later = [i for i in loan.instalments if i.due_on > loan.instalments[place].due_on]
        after = (later or loan.instalments[-1:])[0]
        due = loan.instalments[place].due_on
        to = _day_after(luck, due, after.due_on)
        event |= {"due_on": due.isoformat(), "to": to.isoformat()}
    elif kind == "session_day":
        event["session_day"] = luck.choice((1, luck.randrange(1, 32), 29, 31))
        event["to"] = (loan.day + DAY * luck.choice((0, 1, luck.randrange(60)))).isoformat()
    elif kind == "extend":
        event["to"] = _day_after(luck, loan.final, longest_extension(loan)).isoformat()
    elif kind == "freeze":
        loss = luck.choice((None, 40, 79, 80, 100))
        years = 3 if loss is not None and loss < 80 else 5
        end = luck.choice(
            (months_later(loan.day, 12 * years), _day_after(luck, loan.day, loan.day + 300 * DAY))
        )
        event["to"] = end.isoformat()
        if loss is not None:
            event["loss_percent"] = loss
    elif kind == "rate":
        event["rate_ppm"] = luck.choice((54_000, 66_000, luck.randrange(1, 150_000)))
    return event


def next_day(luck: random.Random, loan: Loan) -> date:
    """Often a day about which the rules turn, else any."""
    turns = [loan.trigger(i) + DAY * luck.choice((0, 0, 1)) for i in loan.instalments]
    turns += [i.due_on for i in loan.instalments] + [f[1] + DAY for f in loan.freezes]
    turns = [d for d in turns if loan.day < d < loan.day + timedelta(1200)]
    if turns and luck.random() < 0.5:
        return luck.choice(turns[:4])
    return loan.day + timedelta(luck.choice((1, 30, 31, luck.randrange(1, 400))))


def _reverse(luck: random.Random, case: Case, on: date) -> Event | None:
    places = [i for i, e in enumerate(case["events"]) if e["on"] <= on.isoformat()]
    return {"on": on.isoformat(), "kind": "reverse", "of": luck.choice(places)} if places else None


def attempt(case: Case, loan: Loan, todays: list[Event]) -> Loan | None:
    """The loan after a day's events, in the order of the rules; None when one is refused."""
    if any(e["kind"] == "reverse" for e in todays):
        try:
            return fold(case | {"events": case["events"] + todays, "as_of": todays[0]["on"]})
        except Refused:
            return None
    after = copy.deepcopy(loan)
    try:
        for event in todays:
            apply(after, event)
    except Refused:
        return None
    return after


def walk(luck: random.Random, days: int) -> tuple[Case, Loan]:
    """A valid case and its loan, after so many days with events; the events in the order of the rules."""
    case = random_terms(luck)
    loan = opened(case)
    for _ in range(days):
        if luck.random() < 0.95:
            loan.walk_to(next_day(luck, loan))
        chosen = set(luck.choices(KINDS, k=luck.choice((1, 1, 1, 2, 3))))
        if "reverse" in chosen:
            chosen &= {"reverse", luck.choice(("reverse", "interest", "principal"))}
        for kind in sorted(chosen, key=lambda k: ORDER.index(k) if k in ORDER else -1):
            case_today = loan.day.isoformat()
            event = (
                _reverse(luck, case, loan.day) if kind == "reverse" else propose(luck, loan, kind)
            )
            todays = [e for e in case["events"] if e["on"] == case_today]
            if event is None or (todays and not _in_order(todays[-1]["kind"], kind)):
                continue
            if event.get("amount") == 0:
                continue
            after = attempt(case, loan, [event])
            if after is not None:
                case["events"].append(event)
                loan = after
    case["as_of"] = loan.day.isoformat()
    return case, loan


def _in_order(before: str, kind: str) -> bool:
    """May this kind follow on the same day, and stay in the order of the rules?"""
    if before == "reverse" or kind == "reverse":
        return False
    if before == kind:
        return kind in ("interest", "principal", "write_off", "write_off_interest", "disbursement")
    return ORDER.index(before) < ORDER.index(kind)


def shuffled(luck: random.Random, case: Case) -> Case:
    """The same events in another order of the list."""
    places = list(range(len(case["events"])))
    luck.shuffle(places)
    new_place = {old: new for new, old in enumerate(places)}
    events = [dict(case["events"][old]) for old in places]
    for event in events:
        if event["kind"] == "reverse":
            event["of"] = new_place.get(event["of"], event["of"])
    return case | {"events": events}


def random_case(luck: random.Random) -> Case:
    """A valid loan; as_of anywhere from the disbursement to years after everything."""
    case, loan = walk(luck, luck.randrange(0, 12))
    started = date.fromisoformat(case["disbursed_on"])
    end = loan.day + timedelta(luck.choice((0, 1, 30, luck.randrange(1500))))
    if luck.random() < 0.2:
        end = started + timedelta(luck.randrange((loan.day - started).days + 1))
    if luck.random() < 0.2:
        end = luck.choice([loan.trigger(i) + DAY * luck.choice((0, 1)) for i in loan.instalments])
    case["as_of"] = max(end, started).isoformat()
    return shuffled(luck, case)


Maker = Callable[[random.Random, Case, Loan], Event | None]


def _event(loan: Loan, kind: str, **rest: Any) -> Event:
    return {"on": loan.day.isoformat(), "kind": kind} | rest


def _reschedulable(loan: Loan) -> int | None:
    """The first instalment that could move today."""
    through = 0
    for place, instalment in enumerate(loan.instalments[:-1]):
        through += instalment.amount
        after = loan.instalments[place + 1]
        if (
            through > loan.gone
            and loan.trigger(instalment) >= loan.day
            and after.due_on > instalment.due_on
        ):
            return place
    return None


def miss_interest(luck: random.Random, case: Case, loan: Loan) -> Event:
    return _event(loan, "interest", amount=loan.due() + 1)


def miss_principal(luck: random.Random, case: Case, loan: Loan) -> Event:
    return _event(loan, luck.choice(("principal", "write_off")), amount=loan.balance + 1)


def miss_amount(luck: random.Random, case: Case, loan: Loan) -> Event:
    return _event(
        loan, luck.choice(("principal", "write_off", "interest", "disbursement")), amount=0
    )


def miss_before(luck: random.Random, case: Case, loan: Loan) -> Event:
    before = date.fromisoformat(case["disbursed_on"]) - DAY
    return _event(loan, "principal", amount=1) | {"on": before.isoformat()}


def miss_after_final(luck: random.Random, case: Case, loan: Loan) -> Event:
    loan.walk_to(loan.final + DAY)
    return _event(loan, "disbursement", amount=1)


def miss_no_instalment(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    day = loan.instalments[0].due_on + DAY
    if any(i.due_on == day for i in loan.instalments):
        return None
    return _event(loan, "reschedule", due_on=day.isoformat(), to=(day + DAY).isoformat())


def miss_final(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    others = [i.due_on for i in loan.instalments[:-1]]
    if loan.final in others or loan.final < loan.day:
        return None
    return _event(
        loan, "reschedule", due_on=loan.final.isoformat(), to=(loan.final + DAY).isoformat()
    )


def miss_beyond(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    place = _reschedulable(loan)
    if place is None:
        return None
    due, after = loan.instalments[place].due_on, loan.instalments[place + 1].due_on
    to = luck.choice((after + DAY, due, due - DAY))
    return _event(loan, "reschedule", due_on=due.isoformat(), to=to.isoformat())


def miss_reschedule_day(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    place = _reschedulable(loan)
    if place is None:
        return None
    due, after = loan.instalments[place].due_on, loan.instalments[place + 1].due_on
    loan.walk_to(loan.trigger(loan.instalments[place]) + DAY)
    return _event(loan, "reschedule", due_on=due.isoformat(), to=after.isoformat())


def miss_extend_day(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    if loan.final >= longest_extension(loan):
        return None
    to = longest_extension(loan)
    # A final day within a freeze counts as due on the freeze's last day.
    freeze = loan.frozen_on(loan.final)
    loan.walk_to((freeze[1] if freeze else loan.final) + DAY)
    return _event(loan, "extend", to=to.isoformat())


def miss_extend_length(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    if loan.final < loan.day:
        return None
    return _event(
        loan, "extend", to=luck.choice((longest_extension(loan) + DAY, loan.final)).isoformat()
    )


def miss_freeze_length(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    if loan.frozen_on(loan.day):
        return None
    loss, years = luck.choice(((None, 5), (80, 5), (79, 3), (40, 3)))
    event = _event(loan, "freeze", to=(months_later(loan.day, 12 * years) + DAY).isoformat())
    return event if loss is None else event | {"loss_percent": loss}


def miss_loss(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    if loan.frozen_on(loan.day):
        return None
    return _event(loan, "freeze", to=(loan.day + DAY).isoformat(), loss_percent=39)


def miss_frozen(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    freeze = loan.frozen_on(loan.day)
    if freeze is None:
        return None
    loan.walk_to(luck.choice((freeze[1], freeze[0], loan.day)))
    return _event(loan, "freeze", to=(loan.day + DAY).isoformat())


def miss_not_frozen(luck: random.Random, case: Case, loan: Loan) -> Event:
    freeze = loan.frozen_on(loan.day)
    if freeze is not None:
        loan.walk_to(freeze[1] + DAY)
    return _event(loan, "unfreeze")


def miss_reversed(luck: random.Random, case: Case, loan: Loan) -> Event | None:
    gone = [e["of"] for e in case["events"] if e["kind"] == "reverse"]
    return None if not gone else _event(loan, "reverse", of=luck.choice(gone))


def miss_no_event(luck: random.Random, case: Case, loan: Loan) -> Event:
    return _event(loan, "reverse", of=len(case["events"]) + 5)


MISSES: dict[Maker, str] = {
    miss_interest: "interest_above_due",
    miss_principal: "principal_above_balance",
    miss_amount: "amount_not_positive",
    miss_before: "before_disbursement",
    miss_after_final: "after_final_due",
    miss_no_instalment: "no_such_instalment",
    miss_final: "final_not_moved",
    miss_beyond: "beyond_next",
    miss_reschedule_day: "too_late",
    miss_extend_day: "too_late",
    miss_extend_length: "extension_too_long",
    miss_freeze_length: "freeze_too_long",
    miss_loss: "loss_too_small",
    miss_frozen: "already_frozen",
    miss_not_frozen: "not_frozen",
    miss_reversed: "already_reversed",
    miss_no_event: "no_such_event",
}


def bad_terms(luck: random.Random) -> tuple[Case, str]:
    """Terms that miss by one."""
    case = random_terms(luck)
    programme, started = case["programme"], date.fromisoformat(case["disbursed_on"])
    wrongs: list[tuple[str, dict[str, Any]]] = [
        ("as_of_before_disbursement", {"as_of": (started - DAY).isoformat()}),
        ("unknown_programme", {"programme": "HNX"}),
        ("amount_not_positive", {"principal": 0}),
    ]
    most = on_day(MOST, programme, started)
    if most is not None:
        wrongs.append(("above_maximum", {"principal": most + 1}))
    if programme in LONGEST:
        wrongs.append(("term_too_long", {"term_months": LONGEST[programme] + 1}))
    code, change = luck.choice(wrongs)
    return case | change, code


def near_miss(luck: random.Random) -> tuple[Case, str]:
    """A loan with one thing wrong, and the code it must be refused with."""
    if luck.random() < 0.1:
        return bad_terms(luck)
    while True:
        case, loan = walk(luck, luck.randrange(0, 8))
        loan.walk_to(loan.day + DAY)
        maker = luck.choice(list(MISSES))
        event = maker(luck, case, loan)
        if event is not None:
            case["events"].append(event)
            case["as_of"] = max(loan.day.isoformat(), event["on"], case["as_of"])
            return shuffled(luck, case), MISSES[maker]
