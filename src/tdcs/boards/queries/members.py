"""Boards of a day, their seats, and who sits in them: the holder of the office on that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.boards.models import BoardSeat, OfficeHolding
from tdcs.core.text import by_name
from tdcs.organisations.models import Kind, Level, Organisation, OrganisationProfile, living_on
from tdcs.organisations.queries import names_on, profile_of


@dataclass(frozen=True, slots=True)
class Member:
    """A seat and who sits in it; without a holder the office is vacant."""

    seat: BoardSeat
    unit: str
    holder: OfficeHolding | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A board in the list."""

    board: int
    name: str
    level: str
    seats: int
    vacant: int


def boards_on(day: date) -> QuerySet[Organisation]:
    """Boards of the province and of communes that live on a day."""
    return Organisation.objects.on(day).filter(
        kind=Kind.BOARD, level__in=(Level.PROVINCE, Level.COMMUNE)
    )


def visible_boards(user: User, day: date) -> QuerySet[Organisation]:
    """The boards that a person may see: of the own scope, and the board of the own commune."""
    rows, seen = boards_on(day), visible_organisations(user)
    if seen is None:
        return rows
    areas = OrganisationProfile.objects.filter(
        living_on(day), organisation_id__in=seen, organisation__level=Level.COMMUNE
    ).exclude(area=None)
    mine = OrganisationProfile.objects.filter(
        living_on(day), organisation__kind=Kind.BOARD, area__in=areas.values("area")
    )
    seated = BoardSeat.objects.filter(living_on(day), organisation_id__in=seen)
    keys = {*seen, *mine.values_list("organisation_id", flat=True)}
    return rows.filter(pk__in=keys | set(seated.values_list("board_id", flat=True)))


def members_of(board: Organisation | int, day: date) -> list[Member]:
    """Seats of a board on a day with their holders, the head first."""
    key = board if isinstance(board, int) else board.pk
    seats = list(BoardSeat.objects.filter(living_on(day), board=key).order_by("role", "pk"))
    holders = {
        (row.organisation_id, row.office): row
        for row in OfficeHolding.objects.filter(
            living_on(day), organisation__in={seat.organisation_id for seat in seats}
        )
    }
    names = names_on(day, {seat.organisation_id for seat in seats})
    return [
        Member(seat, names[seat.organisation_id], holders.get((seat.organisation_id, seat.office)))
        for seat in seats
    ]


def board_rows(user: User, day: date) -> list[BoardRow]:
    """Every board that a person may see, the province's first, then by name."""
    boards = list(visible_boards(user, day))
    names = names_on(day, {board.pk for board in boards})
    seats = BoardSeat.objects.filter(living_on(day), board__in=boards)
    held = set(
        OfficeHolding.objects.filter(living_on(day)).values_list("organisation_id", "office")
    )
    counts: dict[int, list[int]] = {}
    for board, unit, office in seats.values_list("board_id", "organisation_id", "office"):
        count = counts.setdefault(board, [0, 0])
        count[0] += 1
        count[1] += (unit, office) not in held
    made = [
        BoardRow(board.pk, names[board.pk], board.level, *counts.get(board.pk, [0, 0]))
        for board in boards
    ]
    return sorted(made, key=lambda row: (row.level != Level.PROVINCE, by_name(row.name)))


def area_of_board(board: Organisation | int, day: date) -> int | None:
    """The area for which a board works."""
    return profile_of(board, day).area_id


def head_of(organisation: int, day: date) -> OfficeHolding | None:
    """Who is the head of a unit on a day."""
    return OfficeHolding.objects.filter(
        living_on(day), organisation=organisation, office="head"
    ).first()


def heads_of(units: set[int], day: date) -> dict[int, OfficeHolding]:
    """Heads of units on a day."""
    rows = OfficeHolding.objects.filter(living_on(day), organisation__in=units, office="head")
    return {row.organisation_id: row for row in rows}
