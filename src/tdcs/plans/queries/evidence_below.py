"""Records that rooms below the plan keep, as evidence for its tasks: poverty, needs, capital, sessions, lending."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import polars as pl
from django.db import connection
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_noop as n

from tdcs.capital.models import FundReceipt, OutsideStep, Pledge
from tdcs.credit_plan.models import CreditPlan
from tdcs.entrustment.models import BoardMember, GroupProfile
from tdcs.households.models import NeedSurvey, PovertyReview
from tdcs.loans.models import AppraisalMeeting
from tdcs.loans.states import EventKind
from tdcs.organisations.models import Kind, Level, OrganisationProfile, living_on
from tdcs.plans.ports import EvidenceKind, RecordsAsked, addresses, frame
from tdcs.policy_lab.models import Comparison
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.states import HELD

_MILLION = 1_000_000


def _committees(day: date) -> dict[int, int]:
    """Area → its People's Committee."""
    rows = OrganisationProfile.objects.filter(
        living_on(day),
        organisation__kind=Kind.PEOPLE_COMMITTEE,
        organisation__level=Level.COMMUNE,
        area__isnull=False,
    )
    return dict(rows.values_list("area_id", "organisation_id"))


def within(rows: list[tuple[Any, ...]], asked: RecordsAsked) -> pl.DataFrame:
    """Records as columns, of the units asked for."""
    made = frame(rows)
    return made if asked.units is None else made.filter(pl.col("unit").is_in(list(asked.units)))


def _reviews(asked: RecordsAsked) -> pl.DataFrame:
    """A review counts on the day of its decision; one that waits for it, on the day on which it was submitted."""
    units, page = _committees(asked.until), addresses("households:review")
    rows = PovertyReview.objects.filter(area__in=units).exclude(state=PovertyReview.State.DRAFT)
    told = [
        (row.pk, units[row.area_id], row.decision_on or row.submitted_on, row.year, page(row.pk))
        for row in rows.order_by("pk")
    ]
    return within(
        [
            (key, unit, day, f"Rà soát hộ nghèo, hộ cận nghèo năm {year}", at)
            for key, unit, day, year, at in told
            if day is not None and asked.since <= day < asked.until
        ],
        asked,
    )


def _surveys(asked: RecordsAsked) -> pl.DataFrame:
    """A survey counts on the day on which it was closed; an open one, on the day on which the last need was told."""
    units, page = _committees(asked.until), addresses("households:survey")
    rows = NeedSurvey.objects.filter(area__in=units).annotate(last=Max("needs__told_on"))
    told = [
        (row.pk, units[row.area_id], row.closed_on or row.last, row.year, page(row.pk))
        for row in rows.order_by("pk")
    ]
    return within(
        [
            (key, unit, day, f"Khảo sát nhu cầu vốn năm {year}", at)
            for key, unit, day, year, at in told
            if day is not None and asked.since <= day < asked.until
        ],
        asked,
    )


def _receipts(asked: RecordsAsked) -> pl.DataFrame:
    page = addresses("capital:source")
    rows = FundReceipt.objects.filter(
        on__gte=asked.since, on__lt=asked.until, reverses=None, reversed_by=None
    ).select_related("source", "contract")
    return within(
        [
            (
                row.pk,
                (row.contract and row.contract.owner_id) or row.office_id,
                row.on,
                f"{row.words or row.source}: {row.amount // _MILLION:,} triệu đồng".replace(
                    ",", "."
                ),
                page(row.source_id),
            )
            for row in rows
        ],
        asked,
    )


def _outside(asked: RecordsAsked) -> pl.DataFrame:
    steps = OutsideStep.objects.filter(on__gte=asked.since, on__lt=asked.until)
    page, branch = reverse("capital:register"), branch_on(asked.until)
    return within(
        [
            (
                row.pk,
                row.fund.owner_id or branch,
                row.on,
                f"{row.fund.name}: {row.words or row.letter}",
                page,
            )
            for row in steps.select_related("fund")
        ],
        asked,
    )


def _pledges(asked: RecordsAsked) -> pl.DataFrame:
    rows = Pledge.objects.filter(pledged_on__gte=asked.since, pledged_on__lt=asked.until)
    page, branch = reverse("capital:campaigns"), branch_on(asked.until)
    told = rows.values_list("pk", "pledged_on", "donor", "campaign__name")
    return within(
        [(key, branch, day, f"{name}: {donor}", page) for key, day, donor, name in told], asked
    )


def branch_on(day: date) -> int:
    """The bank's branch of the province, which keeps the books of capital."""
    rows = OrganisationProfile.objects.filter(living_on(day), organisation__kind=Kind.VBSP_BRANCH)
    return rows.values_list("organisation_id", flat=True).order_by("organisation_id").first() or 0


def _credit_plans(asked: RecordsAsked) -> pl.DataFrame:
    page, branch = addresses("credit_plan:plan"), branch_on(asked.until)
    rows = CreditPlan.objects.filter(opened_on__gte=asked.since, opened_on__lt=asked.until)
    return within(
        [
            (
                row.pk,
                branch,
                row.approved_on or row.submitted_on or row.opened_on,
                f"Kế hoạch tín dụng năm {row.year}",
                page(row.year),
            )
            for row in rows
        ],
        asked,
    )


def _sessions(asked: RecordsAsked) -> pl.DataFrame:
    page = addresses("points:session")
    rows = TransactionSession.objects.filter(
        held_on__gte=asked.since, held_on__lt=asked.until, state__in=HELD
    )
    if asked.units is not None:
        rows = rows.filter(office_id__in=asked.units)
    told = rows.values_list("pk", "office_id", "held_on", "point__code")
    return frame(
        (key, office, day, f"Phiên giao dịch tại điểm {point}", page(key))
        for key, office, day, point in told
    )


def _group_boards(asked: RecordsAsked) -> pl.DataFrame:
    page = addresses("entrustment:group")
    rows = list(
        BoardMember.objects.filter(starts_on__gte=asked.since, starts_on__lt=asked.until)
        .order_by("pk")
        .values_list("pk", "group_id", "starts_on", "post")
    )
    groups = GroupProfile.objects.filter(group_id__in={row[1] for row in rows}).order_by(
        "starts_on"
    )
    named = {
        group: (unit, name)
        for group, unit, name in groups.values_list("group_id", "mass_organisation_id", "name")
    }
    words = dict(BoardMember.Post.choices)
    return within(
        [
            (
                key,
                named[group][0],
                day,
                f"Tổ {named[group][1]}: cử {words[post].lower()}",
                page(group),
            )
            for key, group, day, post in rows
            if group in named
        ],
        asked,
    )


def _appraisals(asked: RecordsAsked) -> pl.DataFrame:
    """Meetings at which a group chose who borrows, by the mass organisation behind the group."""
    page = addresses("loans:meeting")
    rows = list(
        AppraisalMeeting.objects.filter(on__gte=asked.since, on__lt=asked.until, undone_on=None)
        .order_by("pk")
        .values_list("pk", "group_id", "on")
    )
    groups = GroupProfile.objects.filter(group_id__in={row[1] for row in rows}).order_by(
        "starts_on"
    )
    named = {
        group: (unit, name)
        for group, unit, name in groups.values_list("group_id", "mass_organisation_id", "name")
    }
    return within(
        [
            (key, named[group][0], day, f"Tổ {named[group][1]}: họp bình xét", page(key))
            for key, group, day in rows
            if group in named
        ],
        asked,
    )


_MONTHS = """
    SELECT l.office_id, date_trunc('month', e.on)::date, count(*), sum(e.amount), max(e.on)
    FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
    WHERE e.kind = %(kind)s AND e.on >= %(since)s AND e.on < %(until)s
      AND (%(all)s OR l.office_id = ANY(%(units)s))
    GROUP BY 1, 2 ORDER BY 2, 1
"""


def _lending(asked: RecordsAsked) -> pl.DataFrame:
    """One row an office and month: single loans are too many to be records of a task."""
    params: dict[str, str | date | bool | list[int]] = {
        "kind": EventKind.DISBURSEMENT.value,
        "since": asked.since,
        "until": asked.until,
        "all": asked.units is None,
        "units": list(asked.units or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, params)
        found = cursor.fetchall()
    page = reverse("loans:loans")
    return frame(
        (
            office * 10_000 + month.year % 100 * 100 + month.month,
            office,
            last,
            f"Tháng {month:%m/%Y}: {count} lượt giải ngân, {int(amount) // _MILLION} triệu đồng",
            page,
        )
        for office, month, count, amount, last in found
    )


def _drafts(asked: RecordsAsked) -> pl.DataFrame:
    page, branch = addresses("policy_lab:show"), branch_on(asked.until)
    rows = Comparison.objects.filter(made_on__gte=asked.since, made_on__lt=asked.until)
    return within(
        [
            (key, branch, day, name, page(key))
            for key, day, name in rows.values_list("pk", "made_on", "name")
        ],
        asked,
    )


KINDS: Final[tuple[EvidenceKind, ...]] = (
    EvidenceKind(
        code="households.review",
        name=n("Rà soát hộ nghèo, hộ cận nghèo"),
        measure="đợt rà soát hộ nghèo, hộ cận nghèo",
        page="households:reviews",
        permission="households.view",
        words=(
            "rà soát, xác định chính xác hộ nghèo",
            "điều tra, rà soát",
            "bình xét, xác định đối tượng",
            "rà soát hộ nghèo",
        ),
        rows=_reviews,
    ),
    EvidenceKind(
        code="households.survey",
        name=n("Khảo sát nhu cầu vốn"),
        measure="đợt khảo sát nhu cầu vốn",
        page="households:surveys",
        permission="households.view",
        words=("bổ sung đối tượng đủ điều kiện vay vốn", "kế hoạch tài chính, tín dụng", "nhu cầu"),
        rows=_surveys,
    ),
    EvidenceKind(
        code="capital.receipt",
        name=n("Vốn nhận vào nguồn"),
        measure="lần nhận vốn vào nguồn",
        page="capital:overview",
        permission="capital.view",
        words=(
            "cân đối ngân sách",
            "huy động các nguồn lực",
            "huy động nguồn vốn",
            "huy động, quản lý",
        ),
        rows=_receipts,
    ),
    EvidenceKind(
        code="capital.outside",
        name=n("Nguồn vốn đề xuất chuyển sang tín dụng chính sách"),
        measure="bước xử lý nguồn vốn đề xuất chuyển",
        page="capital:register",
        permission="capital.view",
        words=("tập trung nguồn vốn", "tập trung các nguồn vốn", "chuyển sang nhcsxh"),
        rows=_outside,
    ),
    EvidenceKind(
        code="capital.pledge",
        name=n("Đăng ký đóng góp vốn"),
        measure="khoản đăng ký đóng góp vốn",
        page="capital:campaigns",
        permission="capital.view",
        words=("vận động ủng hộ", "ủng hộ các nguồn quỹ", "nguồn vốn từ các quỹ"),
        rows=_pledges,
    ),
    EvidenceKind(
        code="credit_plan.plan",
        name=n("Kế hoạch tín dụng năm"),
        measure="kế hoạch tín dụng",
        page="credit_plan:list",
        permission="credit_plan.view",
        words=("kế hoạch tài chính, tín dụng", "kế hoạch tín dụng"),
        rows=_credit_plans,
    ),
    EvidenceKind(
        code="points.session",
        name=n("Phiên giao dịch đã tổ chức"),
        measure="phiên giao dịch xã",
        page="points:calendar",
        permission="points.view",
        words=("phiên giao dịch", "điểm giao dịch xã"),
        rows=_sessions,
    ),
    EvidenceKind(
        code="entrustment.board",
        name=n("Cử, kiện toàn ban quản lý tổ"),
        measure="lần cử, kiện toàn ban quản lý tổ",
        page="entrustment:list",
        permission="entrustment.view",
        words=(
            "kiện toàn kịp thời ban quản lý tổ",
            "kiện toàn ban quản lý tổ",
            "các nội dung được ủy thác",
            "chất lượng hoạt động tổ",
            "chất lượng hoạt động của các tổ",
        ),
        rows=_group_boards,
    ),
    EvidenceKind(
        code="loans.appraisal",
        name=n("Họp bình xét cho vay của tổ"),
        measure="cuộc họp bình xét",
        page="loans:applications",
        permission="loans.view",
        words=("bình xét công khai", "bình xét, xác định đối tượng"),
        rows=_appraisals,
    ),
    EvidenceKind(
        code="loans.lending",
        name=n("Giải ngân của tháng theo phòng giao dịch"),
        measure="tháng có giải ngân",
        page="loans:loans",
        permission="loans.view",
        words=("các chương trình tín dụng",),
        rows=_lending,
    ),
    EvidenceKind(
        code="policy_lab.draft",
        name=n("Dự thảo chính sách đã thử nghiệm"),
        measure="dự thảo chính sách được thử nghiệm",
        page="policy_lab:overview",
        permission="policy_lab.view",
        words=(
            "hoàn thiện chính sách",
            "hoàn thiện cơ chế, chính sách",
            "chính sách tín dụng ưu đãi đối với người nghèo",
        ),
        rows=_drafts,
    ),
)


def kinds() -> Iterator[EvidenceKind]:
    """What the rooms below keep, with the words of tasks that it serves."""
    yield from KINDS
