"""Deadlines as an iCalendar file (RFC 5545): an all-day event each, cancelled when it falls away, with the ladder's alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from tdcs.plans.queries.feeds import Deadline
from tdcs.plans.rules.timeliness import LADDER

# When a day of the ladder begins for an office; an event of a whole day begins at midnight.
_MORNING: Final = timedelta(hours=8)
# How often a calendar should ask again.
_OFTEN: Final = timedelta(hours=6)


def calendar_of(
    deadlines: Iterable[Deadline], *, name: str, host: str, url: Callable[[int], str]
) -> bytes:
    """The file. ``host`` makes the identities unique in the world, ``url`` gives the page of an obligation."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//TDCS//Deadlines//VI")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _OFTEN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for one in deadlines:
        calendar.add_component(_event(one, host, url(one.obligation)))
    return bytes(calendar.to_ical())


def _event(one: Deadline, host: str, address: str) -> Event:
    event = Event()
    event.add("uid", f"obligation-{one.obligation}@{host}")
    event.add("dtstamp", one.changed_at.astimezone(UTC))
    event.add("last-modified", one.changed_at.astimezone(UTC))
    event.add("sequence", one.sequence)
    event.add("dtstart", one.on)
    event.add("dtend", one.on + timedelta(days=1))
    event.add("summary", f"{one.title} ({one.plan})")
    event.add("status", "CANCELLED" if one.gone else "CONFIRMED")
    # A deadline takes nobody's time.
    event.add("transp", "TRANSPARENT")
    event.add("url", address)
    if not one.gone and not one.done:
        for step in LADDER:
            event.add_component(_alarm(step, one.title))
    return event


def _alarm(step: int, title: str) -> Alarm:
    """A day of the ladder in the morning; what is late rings as long as it is not reported."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=step) + _MORNING)
    words = f"còn {-step} ngày" if step < 0 else f"quá hạn {step} ngày"
    alarm.add("description", f"{title}: {words}")
    return alarm
