"""A person's work goes to another: for good from a day on (hand-over), or from a day to a day (substitute).

Decisions of duty stay with the person who acts: a substitute signs with the own name, and the trail says for whom.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.errors import HandOverRefused, SubstituteRefused
from tdcs.access.models import HandOver, RoleHolding, Substitution, User
from tdcs.access.ports import moved_with_work
from tdcs.core import clock, trail


def hand_over(*, old: User, new: User, from_day: date, words: str, by: User, on: date) -> HandOver:
    """From ``from_day`` on the successor holds the role; the old access ends that day. Raises HandOverRefused.

    Drafts and notices move when the day has come: at once, or by ``settle``.
    """
    with transaction.atomic():
        people = User.objects.select_for_update().filter(pk__in=[old.pk, new.pk]).order_by("pk")
        list(people)
        held = _require(old, new, from_day, words, by, on)
        there = RoleHolding.objects.on(from_day).filter(user=new).first()
        held.ends_on = from_day
        held.save(update_fields=["ends_on"])
        if there is None:
            RoleHolding.objects.create(
                user=new, role=held.role, organisation=held.organisation, starts_on=from_day
            )
        made = HandOver.objects.create(
            old=old,
            new=new,
            role=held.role,
            organisation=held.organisation,
            on=from_day,
            words=words.strip()[:300],
            by=by,
            made_at=clock.now(),
        )
        data = {"to": new.username, "role": held.role, "from_day": from_day}
        trail.record(action="access.hand_over", subject=old, by=by, on=on, why=words, data=data)
        settle(on=on, by=by)
    made.refresh_from_db()
    return made


def settle(*, on: date, by: User | None) -> int:
    """Moves drafts and notices of every hand-over whose day has come; run again, it moves nothing. Returns how many."""
    with transaction.atomic():
        rows = list(
            HandOver.objects.select_for_update(of=("self",))
            .filter(moved_at=None, on__lte=on)
            .select_related("old", "new")
            .order_by("pk")
        )
        for row in rows:
            row.moved = {
                room: move(row.old, row.new) for room, move in moved_with_work.parts().items()
            }
            row.moved_at = clock.now()
            row.save(update_fields=["moved", "moved_at"])
            trail.record(
                action="access.move_work",
                subject=row.old,
                by=by,
                on=on,
                data={"to": row.new.username, **row.moved},
            )
    return len(rows)


def name_substitute(
    *, absent: User, substitute: User, days: tuple[date, date], words: str, by: User, on: date
) -> Substitution:
    """Somebody works for an absent person from the first day up to, not including, the second. Raises SubstituteRefused."""
    first, end = days
    why = ""
    if not by.may("access.manage"):
        why = "chỉ quản trị hệ thống cử người làm thay"
    elif absent.pk == substitute.pk:
        why = "người làm thay phải là người khác"
    elif not words.strip():
        why = "chưa ghi lý do"
    elif first < on or end <= first:
        why = "ngày bắt đầu không trước hôm nay, ngày kết thúc sau ngày bắt đầu"
    elif not substitute.is_active:
        why = "tài khoản người làm thay đang khóa"
    elif RoleHolding.objects.on(first).filter(user=absent).first() is None:
        why = "người vắng mặt không có vai trò vào ngày bắt đầu"
    elif Substitution.objects.filter(absent=absent, starts_on__lt=end, ends_on__gt=first).exists():
        why = "trong những ngày ấy đã có người làm thay"
    if why:
        raise SubstituteRefused(why=why)
    with transaction.atomic():
        made = Substitution.objects.create(
            absent=absent,
            substitute=substitute,
            starts_on=first,
            ends_on=end,
            words=words.strip()[:300],
            by=by,
        )
        data = {"substitute": substitute.username, "from": first, "to": end}
        trail.record(action="access.substitute", subject=absent, by=by, on=on, why=words, data=data)
    return made


def end_substitution(*, substitution: Substitution, by: User, on: date) -> None:
    """The absent person is back: it ends today, or never begins. Raises SubstituteRefused."""
    if not by.may("access.manage"):
        raise SubstituteRefused(why="chỉ quản trị hệ thống cho thôi làm thay")
    with transaction.atomic():
        row = Substitution.objects.select_for_update(of=("self",)).get(pk=substitution.pk)
        if row.ends_on is not None and row.ends_on <= on:
            raise SubstituteRefused(why="việc làm thay này đã hết")
        data = {"substitute": row.substitute.username, "to": on}
        trail.record(action="access.end_substitution", subject=row.absent, by=by, on=on, data=data)
        if row.starts_on >= on:
            row.delete()
        else:
            row.ends_on = on
            row.save(update_fields=["ends_on"])


def act_for(*, substitution: Substitution, by: User, on: date) -> None:
    """Leaves a line when somebody begins to work for another. Raises SubstituteRefused."""
    if substitution.substitute_id != by.pk or not substitution.holds_on(on):
        raise SubstituteRefused(why="bạn không được cử làm thay người này hôm nay")
    with transaction.atomic():
        trail.record(action="access.act_for", subject=substitution.absent, by=by, on=on)


def _require(old: User, new: User, from_day: date, words: str, by: User, on: date) -> RoleHolding:
    """The role that is handed over. Raises HandOverRefused."""
    rows = RoleHolding.objects.on(from_day).filter(user=old).select_related("organisation")
    held: RoleHolding | None = rows.first()
    why = ""
    if not by.may("access.manage"):
        why = "chỉ quản trị hệ thống lập bàn giao"
    elif old.pk == new.pk:
        why = "người nhận phải là người khác"
    elif not words.strip():
        why = "chưa ghi lý do"
    elif from_day < on:
        why = f"ngày {from_day:%d/%m/%Y} đã qua"
    elif not new.is_active:
        why = "tài khoản người nhận đang khóa"
    elif held is None:
        why = "người giao không có vai trò vào ngày bàn giao"
    elif held.starts_on >= from_day:
        why = "người giao mới nhận vai trò từ ngày ấy"
    elif _holds_another(new, held, from_day):
        why = "người nhận đang giữ vai trò khác từ ngày ấy"
    if why or held is None:
        raise HandOverRefused(why=why)
    return held


def _holds_another(new: User, held: RoleHolding, from_day: date) -> bool:
    """The successor holds another role on or after the day; the very same role without an end is fine."""
    rows = RoleHolding.objects.filter(user=new).exclude(ends_on__lte=from_day)
    same = (held.role, held.organisation_id)
    return any(
        (row.role, row.organisation_id) != same
        or row.starts_on > from_day
        or row.ends_on is not None
        for row in rows
    )
