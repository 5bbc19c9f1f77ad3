"""What a head's self-review is prefilled with: his unit's work, targets, findings, last year's promises; sessions to review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.boards.models import ConclusionSheet, OfficeHolding, SelfReview
from tdcs.boards.ports import faults_found
from tdcs.boards.queries.members import heads_of
from tdcs.boards.rules.settings import head_duties
from tdcs.boards.states import ReviewState
from tdcs.closing.queries import shown_day
from tdcs.core.text import by_name
from tdcs.documents import numbers
from tdcs.indicators import queries as indicators
from tdcs.organisations.models import Kind, Level, Organisation, OrganisationProfile, living_on
from tdcs.organisations.queries import names_on
from tdcs.outreach.models import RegisterRecord
from tdcs.plans.models import Plan
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.evidence import cited, of_year
from tdcs.plans.queries.in_force import plans_in_force
from tdcs.plans.queries.matrix import columns_of
from tdcs.plans.queries.obligations import frame_of_units
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.states import HELD

# Units whose head the plan holds to account.
_KINDS: Final = (
    Kind.PEOPLE_COMMITTEE,
    Kind.DEPARTMENT,
    Kind.BOARD,
    Kind.FRONT,
    Kind.MASS_ORGANISATION,
    Kind.VBSP_BRANCH,
    Kind.TRANSACTION_OFFICE,
)


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A unit and who answers for it today."""

    unit: int
    name: str
    holder: OfficeHolding | None


def head_rows(user: User, on: date) -> list[HeadRow]:
    """Every unit in scope that the plan names, with its head of the day; units without one first."""
    rows = Organisation.objects.on(on).filter(kind__in=_KINDS)
    seen = visible_organisations(user)
    rows = rows if seen is None else rows.filter(pk__in=seen)
    keys = set(rows.values_list("pk", flat=True))
    names, heads = names_on(on, keys), heads_of(keys, on)
    made = [HeadRow(key, names[key], heads.get(key)) for key in keys]
    return sorted(made, key=lambda row: (row.holder is not None, by_name(row.name)))


def holdings_of(unit: int) -> QuerySet[OfficeHolding]:
    """Everybody who held an office of a unit, the latest first."""
    return OfficeHolding.objects.filter(organisation=unit).order_by("office", "-starts_on")


@dataclass(frozen=True, slots=True)
class Given:
    """What the plan gives the head: one task or duty of his unit, and how it stands."""

    key: int
    path: str
    title: str
    standing: str
    due_on: date | None


def given_to(unit: int, year: int, on: date) -> list[Given]:
    """The unit's obligations of a year under the plans in force, late ones first."""
    plans = plans_in_force(on)
    if not plans:
        return []
    rows = frame_of_units(plans, year, [unit])
    titles = {column.key: column.title for column in columns_of(rows)}
    order = ("late", "soon", "on_time", "done_late", "done")
    found = [
        Given(key, path, titles.get(column, ""), standing, due)
        for key, path, column, standing, due in rows.select(
            "id", "path", "column", "standing", "due_on"
        ).iter_rows()
    ]
    return sorted(found, key=lambda one: (order.index(one.standing), one.path))


def prefilled(organisation: Organisation, year: int, on: date) -> dict[str, str]:
    """The four parts that nobody types: results, targets, findings, what followed from last year's."""
    plans = plans_in_force(on)
    return {
        "results": _results(organisation.pk, year, on, plans),
        "targets": _targets(organisation, year, on),
        "findings": _findings(organisation.pk, year),
        "followed": _followed(organisation.pk, year, on),
    }


def _results(unit: int, year: int, on: date, plans: Iterable[Plan]) -> str:
    given = given_to(unit, year, on)
    done = sum(one.standing in ("done", "done_late") for one in given)
    late = [one for one in given if one.standing == "late"]
    lines = [
        f"{head_duties()}.",
        f"- Được giao {len(given)} việc: {done} việc đã xong, {len(late)} việc quá hạn.",
    ]
    lines += [f"- Quá hạn: {one.path} {one.title}." for one in late]
    for plan in plans:
        counts: dict[str, list[str]] = cited_by_task(plan, unit, year)
        lines += [f"- {path}: {', '.join(said)}." for path, said in counts.items()]
    return "\n".join(lines)


def cited_by_task(plan: Plan, unit: int, year: int) -> dict[str, list[str]]:
    """Path of a task → what the unit recorded for it in a year, counted."""
    rows = of_year(plan, year, units={unit})
    found = cited(rows)
    version = plan.versions.filter(state=VersionState.PUBLISHED).first()
    if version is None:
        return {}
    paths = {str(task.lineage): task.path for task in version.tasks.order_by("position")}
    return {
        path: [str(one) for one in found[lineage]]
        for lineage, path in paths.items()
        if lineage in found
    }


def _targets(organisation: Organisation, year: int, on: date) -> str:
    """Targets of the part of the book for which the unit answers."""
    day = shown_day(min(on, date(year, 12, 31)))
    area = _area(organisation, on)
    if day is None or (organisation.level == Level.COMMUNE and area is None):
        return "Chưa có số liệu tín dụng của đơn vị."
    where = {"commune": frozenset({area})} if organisation.level == Level.COMMUNE and area else {}
    lines = []
    for line in indicators.targets(on=day, where=where):
        if line.value is None or line.target is None:
            continue
        said = "đạt" if line.met else "chưa đạt"
        lines.append(
            f"- {line.name}: {_worded(line.value, line.unit)}, mức giao {_worded(line.target, line.unit)}, {said}."
        )
    return "\n".join(lines) or "Chưa có chỉ tiêu nào có số liệu."


def _worded(value: int, unit: str) -> str:
    if unit == "ppm":
        # Parts per million as a percentage with two places, in whole numbers.
        hundredths = (value + 50) // 100
        return f"{hundredths // 100},{hundredths % 100:02d}%"
    return numbers.whole(value) + (" đồng" if unit == "dong" else "")


def _area(organisation: Organisation, on: date) -> int | None:
    rows = OrganisationProfile.objects.filter(living_on(on), organisation=organisation)
    return rows.values_list("area_id", flat=True).first()


def _findings(unit: int, year: int) -> str:
    """Difficulties raised, faults of internal control and of inspections in the year, settled or not."""
    rows = RegisterRecord.objects.filter(
        organisation=unit,
        register__in=("difficulties", "internal_control"),
        on__year=year,
        withdrawn_on=None,
    ).order_by("on", "pk")
    lines = [
        f"- {row.title} ({numbers.date_short(row.on)}): "
        + (f"xong ngày {numbers.date_short(row.ended_on)}." if row.ended_on else "chưa xong.")
        for row in rows
    ]
    for one in faults_found(unit, year):
        stands = (
            f"khắc phục ngày {numbers.date_short(one.closed_on)}"
            if one.closed_on
            else f"chưa khắc phục, hạn {numbers.date_short(one.due_on)}"
        )
        found = numbers.date_short(one.found_on)
        lines.append(f"- Kiểm tra, giám sát: {one.words} ({found}): {stands}.")
    return "\n".join(lines) or "Không có tồn tại, vướng mắc nào được ghi trong năm."


def _followed(unit: int, year: int, on: date) -> str:
    before = SelfReview.objects.filter(
        organisation=unit, year=year - 1, state=ReviewState.ISSUED
    ).first()
    if before is None:
        return f"Năm {year - 1} chưa có bản tự kiểm điểm."
    opened = RegisterRecord.objects.filter(
        organisation=unit, on__year=year - 1, withdrawn_on=None, ended_on=None
    ).filter(register__in=("difficulties", "internal_control"))
    lines = [f"Bản năm {year - 1} ({before.number}) cam kết:", before.measures.strip()]
    left = opened.count() + sum(
        one.closed_on is None or one.closed_on > on for one in faults_found(unit, year - 1)
    )
    lines.append(
        f"Tồn tại nêu trong năm {year - 1} đến nay còn {left} việc chưa xong."
        if left
        else f"Mọi tồn tại nêu trong năm {year - 1} đã xử lý xong."
    )
    return "\n".join(lines)


def visible_reviews(user: User) -> QuerySet[SelfReview]:
    """Self-reviews of the units in a person's scope."""
    rows, seen = SelfReview.objects.select_related("organisation"), visible_organisations(user)
    return rows if seen is None else rows.filter(organisation_id__in=seen)


def visible_sheets(user: User) -> QuerySet[ConclusionSheet]:
    """Conclusion sheets of the units in a person's scope."""
    rows = ConclusionSheet.objects.select_related("organisation", "session__point")
    seen = visible_organisations(user)
    return rows if seen is None else rows.filter(organisation_id__in=seen)


def sessions_without_sheet(user: User, on: date) -> list[TransactionSession]:
    """Sessions held in the last two months of which no conclusions were written."""
    rows = TransactionSession.objects.filter(
        state__in=HELD, held_on__lte=on, conclusion_sheet__isnull=True
    ).select_related("point")
    seen = visible_organisations(user)
    if seen is not None:
        rows = rows.filter(office_id__in=seen)
    return list(rows.order_by("-held_on", "pk")[:60])


def session_of(user: User, pk: int) -> TransactionSession | None:
    """A session of the offices in a person's scope."""
    rows, seen = TransactionSession.objects.select_related("point"), visible_organisations(user)
    rows = rows if seen is None else rows.filter(office_id__in=seen)
    return rows.filter(pk=pk).first()


def reviews_of(user: User, unit: Organisation) -> QuerySet[SelfReview]:
    """Self-reviews of one unit, the latest first."""
    return visible_reviews(user).filter(organisation=unit).order_by("-year")


def reviews_of_year(user: User, year: int) -> list[SelfReview]:
    """Self-reviews of a year in scope."""
    return list(visible_reviews(user).filter(year=year).order_by("organisation_id"))
