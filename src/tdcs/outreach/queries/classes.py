"""Classes as a person may see them; who was there; which people of an audience are trained, by commune."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core.text import by_name
from tdcs.entrustment.models import BoardMember, GroupProfile
from tdcs.organisations.models import AreaProfile, living_on
from tdcs.outreach.models import Attendee, CheckIn, ClassSession, TrainingClass
from tdcs.outreach.rules.training import Audience, Hours, audiences, meet, trained_since


def visible_classes(user: User) -> QuerySet[TrainingClass]:
    """Classes held by the units in a person's scope, and those to which people of these units were called."""
    rows, seen = TrainingClass.objects.select_related("organisation"), visible_organisations(user)
    if seen is None:
        return rows
    called = Attendee.objects.filter(unit_id__in=seen).values("training_class")
    return rows.filter(organisation_id__in=seen) | rows.filter(pk__in=called)


def hours_of(session: ClassSession) -> Hours:
    """When a session takes place."""
    return Hours(session.on, session.starts_at, session.ends_at)


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody who is called to two sessions at one hour."""

    name: str
    other: TrainingClass
    on: date

    def __str__(self) -> str:
        return f"{self.name} (lớp “{self.other}”)"


def clashes(training_class: TrainingClass, keys: dict[str, str], hours: list[Hours]) -> list[Clash]:
    """People (key → name) who are called to another class at one of these hours."""
    days = {one.on for one in hours}
    rows = ClassSession.objects.filter(
        on__in=days, training_class__attendees__key__in=keys, training_class__cancelled_why=""
    ).exclude(training_class=training_class)
    found: dict[tuple[str, int], Clash] = {}
    for session in rows.select_related("training_class").distinct():
        if not any(meet(hours_of(session), one) for one in hours):
            continue
        here = Attendee.objects.filter(training_class=session.training_class, key__in=keys)
        for key in here.values_list("key", flat=True):
            found[key, session.training_class_id] = Clash(
                keys[key], session.training_class, session.on
            )
    return sorted(found.values(), key=lambda one: (one.on, by_name(one.name)))


def session_by_code(code: str) -> ClassSession | None:
    """The session whose QR code was read."""
    rows = ClassSession.objects.select_related("training_class")
    return rows.filter(code=code.strip().upper()).first()


def attendance(training_class: TrainingClass) -> list[tuple[Attendee, list[bool]]]:
    """Each attendee, and for each session whether he was there."""
    sessions = list(training_class.sessions.values_list("pk", flat=True))
    there = set(
        CheckIn.objects.filter(session__in=sessions).values_list("attendee_id", "session_id")
    )
    return [
        (one, [(one.pk, session) in there for session in sessions])
        for one in training_class.attendees.select_related("unit")
    ]


@dataclass(frozen=True, slots=True)
class Trained:
    """People of an audience in a commune: how many there are, how many are trained."""

    commune: str
    people: int
    trained: int


def group_boards_trained(on: date) -> list[Trained]:
    """Members of the boards of groups by commune: all who serve on a day, and those trained lately enough."""
    audience = audiences()["group_boards"]
    members = dict(BoardMember.objects.filter(living_on(on)).values_list("person_id", "group_id"))
    areas = dict(GroupProfile.objects.filter(living_on(on)).values_list("group_id", "area_id"))
    names = dict(
        AreaProfile.objects.filter(living_on(on), area__in=set(areas.values())).values_list(
            "area_id", "full_name"
        )
    )
    trained = set(_trained(audience, on).values_list("attendee__person_id", flat=True))
    counts: dict[str, list[int]] = {}
    for person, group in members.items():
        count = counts.setdefault(names.get(areas.get(group, 0), ""), [0, 0])
        count[0] += 1
        count[1] += person in trained
    made = [Trained(name, *count) for name, count in counts.items()]
    return sorted(made, key=lambda row: (row.trained * 1_000 // row.people, by_name(row.commune)))


def trained_by_audience(on: date) -> list[tuple[Audience, int]]:
    """How many different people of each audience were trained lately enough."""
    return [
        (one, _trained(one, on).values("attendee__key").distinct().count())
        for one in audiences().values()
    ]


def _trained(audience: Audience, on: date) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(
        session__training_class__audience=audience.code,
        session__on__gte=trained_since(audience, on),
        session__on__lte=on,
    )


def boards_to_call(user: User, on: date) -> list[tuple[int, str, str, int]]:
    """Members of the boards of groups in a person's scope: person, name, post, the mass organisation behind the group."""
    seen = visible_organisations(user)
    groups = GroupProfile.objects.filter(living_on(on))
    if seen is not None:
        groups = groups.filter(office_id__in=seen) | groups.filter(mass_organisation_id__in=seen)
    units = dict(groups.values_list("group_id", "mass_organisation_id"))
    rows = BoardMember.objects.filter(living_on(on), group__in=units).select_related("person")
    return [
        (row.person_id, row.person.full_name, row.get_post_display(), units[row.group_id])
        for row in rows.order_by("pk")
    ]


def check_ins_of(session: ClassSession) -> list[str]:
    """Names of who has checked in, the latest first."""
    rows = session.check_ins.select_related("attendee").order_by("-at", "-pk")
    return [row.attendee.full_name for row in rows]


def visible_sessions(user: User) -> QuerySet[ClassSession]:
    """Sessions of the classes in a person's scope."""
    rows = ClassSession.objects.select_related("training_class")
    return rows.filter(training_class__in=visible_classes(user))


def class_rows(user: User) -> list[tuple[TrainingClass, int, int, int]]:
    """Classes with their sessions, people called, and people who came to any session."""
    rows = (
        visible_classes(user)
        .distinct()
        .annotate(
            sittings=Count("sessions", distinct=True),
            called=Count("attendees", distinct=True),
            came=Count("attendees__check_ins__attendee", distinct=True),
        )
    )
    return [(row, row.sittings, row.called, row.came) for row in rows.order_by("-pk")[:200]]
