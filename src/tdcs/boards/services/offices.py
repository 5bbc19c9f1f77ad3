"""Who holds an office from a day on; seats of a board by the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import may_see
from tdcs.boards.errors import HolderDayWrong, HolderIncomplete, NoBoard, NotOwnBoard
from tdcs.boards.models import BoardSeat, Office, OfficeHolding
from tdcs.boards.rules.settings import SeatRule, seats_of
from tdcs.core import trail
from tdcs.core.text import nfc, squash
from tdcs.organisations.models import (
    Kind,
    Level,
    Organisation,
    OrganisationProfile,
    ServedArea,
    living_on,
)
from tdcs.organisations.queries import names_on, profile_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who takes an office, from which day, by which decision."""

    full_name: str
    title: str
    since: date | None
    office: str = Office.HEAD
    basis: str = ""


def appoint(
    *, organisation: Organisation, holder: Holder, by: User | None, on: date
) -> OfficeHolding:
    """The office passes to a person; whoever held it ends on that day. Raises HolderIncomplete, HolderDayWrong, NotOwnBoard."""
    if by is not None and not may_see(by, organisation):
        raise NotOwnBoard(unit=names_on(on, {organisation.pk})[organisation.pk])
    needed = (
        (squash(holder.full_name), "họ và tên"),
        (squash(holder.title), "chức vụ"),
        (holder.since, "ngày giữ chức"),
        (holder.office in Office.values, "vị trí"),
    )
    missing = [words for value, words in needed if not value]
    if missing or holder.since is None:
        raise HolderIncomplete(what=", ".join(missing))
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        last = (
            OfficeHolding.objects.filter(organisation=organisation, office=holder.office)
            .order_by("-starts_on")
            .first()
        )
        if last is not None:
            if holder.since <= last.starts_on:
                raise HolderDayWrong(day=holder.since, before=last.starts_on, name=last.full_name)
            if last.ends_on is None or last.ends_on > holder.since:
                last.ends_on = holder.since
                last.save(update_fields=["ends_on"])
        made = OfficeHolding.objects.create(
            organisation=organisation,
            office=holder.office,
            full_name=nfc(squash(holder.full_name))[:120],
            title=nfc(squash(holder.title))[:120],
            basis=squash(holder.basis)[:120],
            starts_on=holder.since,
            made_by=by,
        )
        trail.record(
            action="boards.appoint",
            subject=made,
            by=by,
            on=on,
            data={"since": holder.since.isoformat(), "before": last.full_name if last else ""},
        )
    return made


def seat_board(*, board: Organisation, by: User | None, on: date) -> int:
    """Give a board the seats that the law names for its level; those that are there stay. Returns how many were added.

    Raises NoBoard, NoParametersOnDay before the decree.
    """
    if board.kind != Kind.BOARD or board.level not in (Level.PROVINCE, Level.COMMUNE):
        raise NoBoard(unit=names_on(on, {board.pk})[board.pk])
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=board.pk)
        there = set(
            BoardSeat.objects.filter(living_on(on), board=board).values_list(
                "organisation_id", "office"
            )
        )
        added = 0
        for rule in seats_of(board.level, on):
            unit = _unit(rule, board, on)
            if unit is None or (unit, rule.office) in there:
                continue
            BoardSeat.objects.create(
                board=board,
                organisation_id=unit,
                office=rule.office,
                role=rule.role,
                words=rule.words,
                basis=rule.document,
                starts_on=on,
            )
            added += 1
        if added:
            trail.record(action="boards.seat", subject=board, by=by, on=on, data={"seats": added})
    return added


def _unit(rule: SeatRule, board: Organisation, on: date) -> int | None:
    """The unit whose office has the seat; none where the installation has no such unit."""
    area = profile_of(board, on).area_id
    if rule.place == "office":
        rows = ServedArea.objects.filter(living_on(on), area=area)
        return rows.values_list("office_id", flat=True).first()
    profiles = OrganisationProfile.objects.filter(
        living_on(on), organisation__type=rule.unit, organisation__level=board.level
    ).filter(living_on(on, "organisation__"))
    if board.level == Level.COMMUNE:
        profiles = profiles.filter(area=area)
    return profiles.order_by("organisation_id").values_list("organisation_id", flat=True).first()
