"""What budgets, donors and other funds did in the demonstration: estimates, signed balances, the register, a campaign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.capital.models import BudgetEstimate, CapitalSource, FundingContract, Tier
from tdcs.capital.queries.budgets import last_quarter
from tdcs.capital.services import budgets, register
from tdcs.capital.services.receipts import Money
from tdcs.capital.services.register import CampaignPlan, Found
from tdcs.capital.services.splitting import split_interest
from tdcs.capital.states import EstimateState
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.demo.cast import cast
from tdcs.organisations.models import Organisation

MILLION: Final = 1_000_000
_BASIS: Final = "Kế hoạch rà soát nguồn vốn có tính chất an sinh xã hội; CT 39-CT/TW"
# Name, kind, who keeps it, size in millions, how far it went: steps with letter and answer.
_OUTSIDE: Final = (
    ("Quỹ hỗ trợ nông dân cấp tỉnh", "fund", "Hội Nông dân tỉnh", 42_000, ("propose",)),
    (
        "Quỹ Vì người nghèo, phần cho vay",
        "security",
        "Ủy ban MTTQ Việt Nam tỉnh",
        8_500,
        ("propose", "agree"),
    ),
    (
        "Quỹ quốc gia về việc làm cũ, phần địa phương",
        "security",
        "Sở Nội vụ",
        15_200,
        ("propose", "agree", "move"),
    ),
    (
        "Quỹ hỗ trợ phụ nữ phát triển",
        "fund",
        "Hội Liên hiệp Phụ nữ tỉnh",
        6_300,
        ("propose", "refuse"),
    ),
    ("Quỹ bảo trợ trẻ em", "security", "Sở Y tế", 2_100, ()),
)
_ANSWERS: Final = {
    "propose": "Đề nghị chuyển vốn sang ủy thác cho vay",
    "agree": "Nhất trí chuyển trong năm",
    "refuse": "Điều lệ quỹ không cho phép, để lại tự quản lý",
}
_DONORS: Final = (
    ("Công ty CP Cao su Đồng Phú", 200),
    ("Liên đoàn Lao động tỉnh", 120),
    ("Hội Doanh nhân trẻ", 80),
    ("Công ty TNHH Bao bì Long Thành", 50),
)


def write(*, on: date, scale: float) -> None:
    """All of it, through the services; what a day's book refuses is left out."""
    with transaction.atomic(), clock.fixed_today(on):
        local = list(CapitalSource.objects.filter(tier=Tier.LOCAL).order_by("pk"))
        finance = User.objects.filter(username="demo-vonngansach").first()
        planner = User.objects.get(username="demo-kehoach")
        if not local or finance is None:
            return
        _budgets(local, finance, planner, on)
        _register(local[0], planner, on, scale)
        _campaign(local[0], planner, on, scale)


def _budgets(local: list[CapitalSource], finance: User, planner: User, on: date) -> None:
    """This year's estimates behind its decisions, next year's that wait; the last quarter signed by both, by one, or drawn up."""
    for at, source in enumerate(local[:4]):
        amount = 20_000 * MILLION if at == 0 else 500 * MILLION
        budgets.estimate(
            source=source,
            year=on.year + 1,
            amount=amount,
            words="Bổ sung vốn ủy thác theo mục tiêu tăng trưởng tín dụng 10%",
            by=finance,
            on=on,
        )
    for contract in FundingContract.objects.filter(source__in=local, starts_on__year=on.year):
        BudgetEstimate.objects.create(
            source=contract.source,
            year=on.year,
            amount=contract.amount,
            words="Bổ sung vốn ủy thác trong năm",
            made_on=date(on.year - 1, 11, 20),
            made_by=finance,
            state=EstimateState.RESOLVED,
            contract=contract,
        )
    year, quarter = last_quarter(on)
    for at, source in enumerate(local[:6]):
        made = budgets.draw_confirmation(
            source=source, year=year, quarter=quarter, by=planner, on=on
        )
        if at < 4:
            budgets.sign_for_bank(confirmation=made, by=planner, on=on)
        if at < 2:
            budgets.sign_for_budget(confirmation=made, by=finance, on=on)
    branch = Organisation.objects.get(code=cast().body("nhcsxh-chi-nhanh"))
    for past in (on.year - 2, on.year - 1):
        _unless_refused(
            split_interest,
            source=local[0],
            year=past,
            office=branch,
            by=None,
            on=on,
            key=f"demo-split-{past}",
        )


def _sized(millions: int, scale: float) -> int:
    """Dong, as large as the part of the province that is built."""
    return max(round(millions * scale), 5) * MILLION


def _register(source: CapitalSource, planner: User, on: date, scale: float) -> None:
    branch = Organisation.objects.get(code=cast().body("nhcsxh-chi-nhanh"))
    for at, (name, kind, owner, size, steps) in enumerate(_OUTSIDE):
        found = Found(name, kind, owner, _sized(size, scale), _BASIS)
        row = register.list_fund(found=found, by=planner, on=on - timedelta(days=200 - at))
        for number, verb in enumerate(steps):
            day = on - timedelta(days=120 - 30 * number)
            if verb == "move":
                money = Money(source, branch, _sized(size // 2, scale), words=name)
                register.move_fund(fund=row, money=money, by=None, on=on, key=f"demo-fund-{row.pk}")
                continue
            letter = f"{40 + at}/{'NHCS-KHNV' if verb == 'propose' else 'CV'}"
            register.step_fund(
                fund=row, verb=verb, letter=letter, words=_ANSWERS[verb], by=planner, on=day
            )


def _campaign(source: CapitalSource, planner: User, on: date, scale: float) -> None:
    branch = Organisation.objects.get(code=cast().body("nhcsxh-chi-nhanh"))
    made = register.start_campaign(
        plan=CampaignPlan(
            name=f"Chung tay vì người nghèo {on.year}",
            basis="KH 77-KH/TU; Kế hoạch vận động của Ban đại diện HĐQT",
            source=source,
            starts_on=date(on.year, 10, 1),
            ends_on=date(on.year + 1, 1, 1),
            target=_sized(1_000, scale),
        ),
        by=planner,
        on=on,
    )
    if not made.starts_on <= on < made.ends_on:
        return
    for at, (donor, amount) in enumerate(_DONORS):
        row = register.pledge(
            campaign=made, donor=donor, amount=_sized(amount, scale), by=planner, on=on
        )
        if at < 2:
            register.receive_pledge(
                pledge=row, office=branch, by=None, on=on, key=f"demo-pledge-{row.pk}"
            )


def _unless_refused(deed: Callable[..., object], **given: Any) -> None:
    """A year in which a source earned nothing has nothing to share."""
    try:
        with transaction.atomic():
            deed(**given)
    except Refusal:
        return
