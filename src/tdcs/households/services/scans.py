"""Scanned papers: received, handed out, taken back. The loans room keeps its own by the same verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import models, transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.documents.accepting import SCANS, accept, download_name, plain_title
from tdcs.documents.errors import FileChanged
from tdcs.households.errors import (
    FieldWrong,
    NotAllowed,
    OutsideYourArea,
    ReasonMissing,
    ScanGone,
)
from tdcs.households.models import Household, HouseholdScan, Scan
from tdcs.households.queries.scans import folder
from tdcs.households.queries.scope import changeable_households, visible_households
from tdcs.households.services.checking import locked, not_future

AnyScan = TypeVar("AnyScan", bound=Scan)


@dataclass(frozen=True, slots=True)
class Paper:
    """What is sent in: the bytes and what a person says of them."""

    kind: str
    title: str
    dated_on: date
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file as it leaves: its name and its bytes, proved."""

    name: str
    content: bytes


def add_scan(*, household: Household, paper: Paper, by: User | None, on: date) -> HouseholdScan:
    """Keeps a paper of a household; the same bytes are kept once.

    Raises FileRefused, FieldWrong, DayOutside, NotAllowed, OutsideYourArea, HouseholdEnded.
    """
    require(by, "households.scan", "Lưu giấy tờ quét của hộ")
    with transaction.atomic():
        row = locked(household, by=by, on=on)
        made = HouseholdScan(household=row, kind=paper.kind)
        return receive(made, owner=row, room="households", paper=paper, by=by, on=on)


def read_scan(*, scan: HouseholdScan, by: User, on: date) -> HandedOut:
    """The file, with a line in the trail. Raises FileChanged, ScanGone, NotAllowed, OutsideYourArea."""
    require(by, "households.read_scan", "Xem giấy tờ quét của hộ")
    if not visible_households(by, on).filter(pk=scan.household_id).exists():
        raise OutsideYourArea
    return hand_out(scan, owner=scan.household, room="households", by=by, on=on)


def take_scan_back(*, scan: HouseholdScan, why: str, by: User | None, on: date) -> None:
    """Marks a paper as taken back; its bytes stay. Raises ReasonMissing, ScanGone, NotAllowed, OutsideYourArea."""
    require(by, "households.scan", "Gỡ giấy tờ quét của hộ")
    if by is not None and not changeable_households(by, on).filter(pk=scan.household_id).exists():
        raise OutsideYourArea
    take_back(scan, owner=scan.household, room="households", why=why, by=by, on=on)


def require(by: User | None, permission: str, deed: str) -> None:
    """Raises NotAllowed unless the person's role carries the permission."""
    if by is not None and not by.may(permission):
        raise NotAllowed(deed=deed)


def receive(
    made: AnyScan, *, owner: models.Model, room: str, paper: Paper, by: User | None, on: date
) -> AnyScan:
    """Fills a scan of an owner that the caller has locked, keeps its bytes, and leaves the trail line.

    The same bytes of the same owner, not taken back, are answered with what is there.
    """
    kinds: dict[str, object] = dict(type(made).Kind.choices)
    if paper.kind not in kinds:
        raise FieldWrong(field="Loại giấy tờ", why="chưa chọn")
    not_future(paper.dated_on, on)
    what = accept(paper.content, SCANS)
    there = _same(made, owner, what.sha256)
    if there is not None:
        return there
    made.title = plain_title(paper.title or paper.filename, str(kinds[paper.kind]))
    made.dated_on, made.by, made.at = paper.dated_on, by, clock.now()
    made.sha256, made.ending, made.size = what.sha256, what.ending, what.size
    written = folder().put(paper.content, what)
    made.save(force_insert=True)
    trail.record(
        action=f"{room}.add_scan",
        subject=owner,
        by=by,
        on=on,
        data={
            "scan": made.pk,
            "kind": paper.kind,
            "title": made.title,
            "sha256": what.sha256,
            "written": written,
        },
    )
    return made


def _same(made: AnyScan, owner: models.Model, sha256: str) -> AnyScan | None:
    rows = owner.scans.filter(sha256=sha256, removed_at=None)  # type: ignore[attr-defined]
    found: AnyScan | None = rows.first()
    return found


def hand_out(scan: Scan, *, owner: models.Model, room: str, by: User, on: date) -> HandedOut:
    """The bytes under the scan's title, compared with their digest; the trail says who took them."""
    if scan.removed_at is not None:
        raise ScanGone(title=scan.title)
    try:
        content = folder().get(scan.sha256, scan.ending, scan.title)
    except FileChanged as changed:
        # Noted on its own: the refusal that follows undoes nothing.
        with transaction.atomic():
            trail.record(
                action=f"{room}.file_changed",
                subject=owner,
                by=by,
                on=on,
                why=str(changed.params["why"]),
                data={"scan": scan.pk, "title": scan.title, "sha256": scan.sha256},
            )
        raise
    with transaction.atomic():
        trail.record(
            action=f"{room}.read_scan",
            subject=owner,
            by=by,
            on=on,
            data={"scan": scan.pk, "title": scan.title},
        )
    return HandedOut(download_name(scan.title, scan.ending, "giay-to"), content)


def take_back(
    scan: Scan, *, owner: models.Model, room: str, why: str, by: User | None, on: date
) -> None:
    """Marks a scan with moment, person and reason."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        held = type(scan)._default_manager.select_for_update().get(pk=scan.pk)
        if held.removed_at is not None:
            raise ScanGone(title=held.title)
        held.removed_at, held.removed_by, held.removed_why = clock.now(), by, squash(why)[:300]
        held.save(update_fields=["removed_at", "removed_by", "removed_why"])
        trail.record(
            action=f"{room}.take_scan_back",
            subject=owner,
            by=by,
            on=on,
            why=squash(why),
            data={"scan": held.pk, "title": held.title},
        )
