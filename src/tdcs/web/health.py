"""How the site is, part by part: for a watchman's machine and for people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.translation import gettext as _

from tdcs.closing.errors import SnapshotDamaged
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.core import clock
from tdcs.jobs import queries as jobs


class State(StrEnum):
    """How a part of the site is."""

    OK = "ok"
    WARNING = "warning"
    DOWN = "down"


# Below it a close may not find the room it needs; below the second nothing is sure to be written.
_LITTLE_SPACE: Final = 2 * 2**30
_NO_SPACE: Final = 200 * 2**20
# A close may wait over a weekend and a long holiday.
_LATE_CLOSE: Final = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the site, how it is, and a sentence that gives nothing away to strangers."""

    code: str
    name: str
    state: State
    words: str
    # Figures for a watchman's machine.
    more: Mapping[str, Any] = field(default_factory=dict)


def parts() -> list[Part]:
    """Every part. What needs the database is not asked while it is away."""
    database = _database()
    checks: list[Callable[[], Part]] = [_disk]
    if database.state == State.OK:
        checks += [_snapshots, _last_close, _jobs]
    return [database, *(check() for check in checks)]


def _database() -> Part:
    name = _("Cơ sở dữ liệu")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return Part("database", name, State.DOWN, _("Không trả lời."))
    return Part("database", name, State.OK, _("Trả lời."))


def _disk() -> Part:
    name, home = _("Đĩa"), Path(settings.HOME)
    try:
        free = shutil.disk_usage(home).free
    except OSError:
        return Part("disk", name, State.DOWN, _("Không đọc được."))
    if free < _NO_SPACE or not os.access(home, os.W_OK):
        return Part("disk", name, State.DOWN, _("Không còn chỗ để ghi."))
    if free < _LITTLE_SPACE:
        return Part("disk", name, State.WARNING, _("Sắp hết chỗ."))
    return Part("disk", name, State.OK, _("Còn chỗ."))


def _snapshots() -> Part:
    name = _("Số liệu ngày")
    try:
        kept = store()
        last = kept.latest()
        if last is not None:
            kept.manifest(last)
    except (SnapshotDamaged, OSError):
        return Part("snapshots", name, State.DOWN, _("Tệp của ngày khóa gần nhất bị hỏng."))
    return Part("snapshots", name, State.OK, _("Đọc được.") if last else _("Chưa có ngày nào."))


def _last_close() -> Part:
    name = _("Khóa sổ ngày")
    run = CloseRun.objects.order_by("-day").first()
    if run is None:
        return Part("last_close", name, State.OK, _("Chưa khóa ngày nào."))
    if run.state == CloseRun.State.FAILED:
        return Part("last_close", name, State.WARNING, _("Lần khóa gần nhất không thành."))
    if clock.today() - run.day > _LATE_CLOSE:
        return Part("last_close", name, State.WARNING, _("Đã lâu chưa khóa ngày."))
    return Part("last_close", name, State.OK, run.day.isoformat())


def _jobs() -> Part:
    """Work that runs outside requests: the queue of jobs, the close of a day."""
    name, now, queue = _("Việc chạy nền"), clock.now(), jobs.queue()
    counts = {
        "waiting": queue.waiting,
        "running": queue.running,
        "oldest_waiting": _moment(queue.oldest),
        "last_finished": _moment(queue.last_ended),
    }
    if jobs.is_stuck(queue, now):
        return Part("jobs", name, State.WARNING, _("Có việc chờ quá lâu."), counts)
    long_ago = now - timedelta(hours=6)
    if CloseRun.objects.filter(state=CloseRun.State.RUNNING, started_at__lt=long_ago).exists():
        return Part("jobs", name, State.WARNING, _("Có việc chạy quá lâu."), counts)
    words = _("Đang chờ %(waiting)d, đang chạy %(running)d.") % counts
    return Part("jobs", name, State.OK, words, counts)


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(clock.ZONE).isoformat() if at else None
