"""Warnings of the demonstration's last closed day, households that are followed, a round that waits for its decision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.core.months import month_end
from tdcs.demo.cast import cast
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation
from tdcs.problem_loans.models import EarlyWarning, ProblemDossier
from tdcs.problem_loans.services.dossiers import (
    ContactDraft,
    DossierDraft,
    open_dossier,
    record_contact,
)
from tdcs.problem_loans.services.rounds import CaseDraft, add_case, open_round, submit_round
from tdcs.problem_loans.services.warning import note, raise_warnings

# Cause, situation, what came of the visit, what was promised, next step.
_STORIES: Final = (
    (
        "illness",
        "Chồng nằm viện từ tháng 7, vợ nuôi hai con nhỏ, vườn tiêu chưa thu",
        "Hộ nhận nợ, hẹn trả dần sau vụ tiêu",
        500_000,
        "Đến nhà sau ngày thu tiêu",
    ),
    (
        "prices",
        "Đàn heo bán lỗ, đang tái đàn ba con",
        "Hộ hứa trả lãi từ tiền bán heo đầu tháng",
        300_000,
        "Gọi điện nhắc trước phiên giao dịch",
    ),
    (
        "gone",
        "Vắng nhà từ tháng 8, hàng xóm cho biết đi làm ở Bình Dương",
        "Gặp mẹ của người vay, xin được số điện thoại mới",
        0,
        "Lập biên bản xác minh cùng công an xã",
    ),
    (
        "losses",
        "Ao cá bị lũ cuốn, mất toàn bộ cá giống",
        "Hộ đề nghị khoanh nợ, có xác nhận của UBND xã",
        0,
        "Hoàn thiện hồ sơ 01/XLN, 02/XLN",
    ),
)


def write(*, on: date) -> None:
    """All of it, through the services."""
    office = Organisation.objects.get(code=cast().office)
    held = RoleHolding.objects.on(on).filter(organisation=office, role=Role.LOAN_OFFICER)
    first = held.select_related("user").order_by("user__username").first()
    with transaction.atomic(), clock.fixed_today(on):
        try:
            raise_warnings(by=None, on=on)
        except Refusal:
            # No day is closed in a demonstration without a book.
            return
    if first is None:
        return
    with transaction.atomic():
        households = _warned(office, first.user, on)
        dossiers = _dossiers(households, first.user, on)
        _round(dossiers, office, first.user, on)


def _warned(office: Organisation, officer: User, on: date) -> list[int]:
    """Notes on some of the office's warnings; its households that are silent, then others of it that owe."""
    rows = EarlyWarning.objects.filter(office=office).order_by("-level", "pk")
    with clock.fixed_today(on):
        for at, row in enumerate(rows[:3]):
            note(
                warning=row,
                words="Đã gặp tổ trưởng, đối chiếu sổ",
                next_step="" if at else "Họp Ban quản lý tổ",
                next_on=None if at else on,
                by=officer,
                on=on,
            )
    silent = list(rows.filter(household__isnull=False).values_list("household", flat=True))
    owing = Loan.objects.filter(office=office, balance__gt=0).order_by("-state", "pk")
    more = owing.exclude(household__in=silent).values_list("household", flat=True)[:50]
    return list(dict.fromkeys([*silent, *more]))[: len(_STORIES)]


def _dossiers(households: list[int], officer: User, on: date) -> list[ProblemDossier]:
    made: list[ProblemDossier] = []
    for household, (cause, situation, words, promised, step) in zip(
        households, _STORIES, strict=False
    ):
        loan = Loan.objects.filter(household=household, balance__gt=0).select_related("household")[
            0
        ]
        begin = on - timedelta(days=45)
        with clock.fixed_today(begin):
            draft = DossierDraft(
                household=loan.household,
                cause=cause,
                situation=situation,
                responsible=officer,
                next_step="Đến nhà",
                next_on=begin + timedelta(days=7),
            )
            row = open_dossier(draft=draft, by=officer, on=begin)
        met = begin + timedelta(days=6)
        with clock.fixed_today(met):
            contact = ContactDraft(
                way="visit",
                met="Người vay" if promised else "Người nhà",
                words=words,
                next_step=step,
                next_on=on + timedelta(days=2 * len(made) - 2) if made else on,
                latitude=11_190_000 + 1_000 * len(made),
                longitude=107_350_000,
                promised=promised,
                promised_on=on - timedelta(days=10) if promised else None,
            )
            record_contact(dossier=row, contact=contact, by=officer, on=met)
        made.append(row)
    return made


def _round(dossiers: list[ProblemDossier], office: Organisation, officer: User, on: date) -> None:
    """The households that lost what they had invested, for a year's freeze; submitted, the decision waits."""
    with clock.fixed_today(on):
        risk_round = open_round(office=office, by=officer, on=on)
        for row in dossiers[-2:]:
            loan = Loan.objects.filter(household=row.household, balance__gt=0)[0]
            case = CaseDraft(
                loan=loan,
                measure="freeze",
                cause=row.situation,
                capital=2 * loan.balance,
                loss=loan.balance * 5 // 4,
                minutes_on=on - timedelta(days=10),
                until_on=month_end(on, 12),
            )
            add_case(risk_round=risk_round, case=case, by=officer, on=on)
        try:
            with transaction.atomic():
                submit_round(risk_round=risk_round, by=officer, on=on)
        except Refusal:
            # What the rules of loans refuse stays in the open round for the officer to see to.
            return
