"""What lies on an office's desk: decisions behind changed loans, requests that wait, applications on their way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import polars as pl

from tdcs.access.models import User
from tdcs.capital.queries import central
from tdcs.core.columns import months_later
from tdcs.demo.cast import cast
from tdcs.demo.province.calibration import MILLION, Frame
from tdcs.entrustment.models import GroupAccount, GroupMember, GroupProfile
from tdcs.households.models import EligibilitySpell
from tdcs.loans.models import ApplicationMove, ChangeRequest, Loan, LoanApplication, LoanEvent
from tdcs.loans.states import MOVES, LoanState
from tdcs.organisations.models import Organisation, living_on
from tdcs.organisations.services.bulk import append_rows
from tdcs.programmes.rules import default_spacing, terms_on

_CAUSES: Final = {
    "reschedule": ("Giá nông sản xuống, chưa bán được hàng", "Thu hoạch chậm do thời tiết"),
    "extend": ("Lao động chính ốm đau dài ngày", "Dịch bệnh trên đàn vật nuôi", "Mất mùa"),
    "freeze": ("Thiên tai (lốc xoáy, ngập lụt)", "Dịch tả lợn châu Phi", "Hỏa hoạn"),
    "write_off": (
        "Người vay chết, không còn tài sản",
        "Người vay mất tích theo quyết định của tòa án",
    ),
}
_FLOW: Final = ("appraise", "confirm", "check", "control", "approve", "sign")
_ASKED: Final = (
    ("NSVSMT", "rural_resident", "Xây công trình nước sạch, nhà vệ sinh"),
    ("GQVL", "worker", "Mở rộng chăn nuôi, trồng trọt"),
)


def _hands() -> dict[str, str]:
    """Who of the fixed cast takes which step in their office."""
    return {
        "apply": "demo-totruong",
        "appraise": "demo-totruong",
        "confirm": cast().commune_user,
        "check": "demo-tindung",
        "control": "demo-kiemsoat",
        "approve": "demo-giamdoc",
        "sign": "demo-tindung",
    }


def write_decisions() -> None:
    """A request and its decision behind every rescheduling, extension, freeze and write-off."""
    events = LoanEvent.objects.filter(kind__in=tuple(_CAUSES)).order_by("pk")
    fields = ("pk", "loan_id", "kind", "amount", "until_on", "due_on", "on")
    rows = []
    for key, loan, kind, amount, until, due, on in events.values_list(*fields):
        causes = _CAUSES[kind]
        loss = None
        if kind == "freeze":
            loss = 85 if (until - on).days > 1100 else 55
        rows.append(
            (
                loan,
                kind,
                amount,
                until,
                due,
                loss,
                causes[key % len(causes)],
                on - timedelta(days=5),
                on,
                key,
            )
        )
    names = ["loan_id", "kind", "amount", "until_on", "due_on", "loss_percent", "cause"]
    names += ["asked_on", "decided_on", "event_id"]
    if not rows:
        return
    table = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    number = pl.format("{}/QĐ-NHCS", pl.col("event_id") % 400 + 1)
    append_rows(
        ChangeRequest,
        table.with_columns(
            decision_number=number,
            state=pl.lit("approved"),
            words=pl.lit(""),
            id=pl.int_range(1, pl.len() + 1),
        ),
    )


def write_desk(frame: Frame) -> None:
    """In the cast's office: requests that wait for a decision and applications at every step of the flow."""
    office = Organisation.objects.get(code=cast().office)
    _leader(frame)
    _requests(frame, office)
    _applications(frame, office)


def _leader(frame: Frame) -> None:
    """The cast's group leader speaks for the largest group of her commune."""
    user = User.objects.filter(username="demo-totruong").first()
    profile = (
        GroupProfile.objects.filter(area__code=cast().commune, ends_on=None)
        .order_by("group_id")
        .first()
    )
    if user is not None and profile is not None:
        GroupAccount.objects.create(user=user, group=profile.group, starts_on=profile.starts_on)


def _requests(frame: Frame, office: Organisation) -> None:
    user = User.objects.filter(username="demo-tindung").first()
    soon = frame.on + timedelta(days=75)
    loans = Loan.objects.filter(
        office=office,
        state=LoanState.IN_TIME,
        channel="group",
        final_due_on__gt=frame.on,
        final_due_on__lt=soon,
    ).exclude(programme="HSSV")
    for at, loan in enumerate(loans.order_by("final_due_on", "pk")[:6]):
        due = loan.final_due_on
        ChangeRequest.objects.create(
            loan=loan,
            kind="extend",
            until_on=months_later(due, 6),
            cause=_CAUSES["extend"][at % 3],
            asked_on=frame.on - timedelta(days=at % 4 + 1),
            asked_by=user,
        )


def _applications(frame: Frame, office: Organisation) -> None:
    """Members of the office's groups who may borrow and owe nothing under the programme: two for each number of steps."""
    profiles = GroupProfile.objects.filter(living_on(frame.on), office=office)
    users = {
        name: User.objects.filter(username=name).first() for name in sorted(set(_hands().values()))
    }
    taken: set[int] = set()
    for programme, kind, purpose in _ASKED:
        members = GroupMember.objects.filter(
            ends_on=None,
            group__in=profiles.values("group"),
            household__spells__in=EligibilitySpell.objects.filter(living_on(frame.on), kind=kind),
        ).exclude(household__loans__in=Loan.objects.filter(programme=programme, balance__gt=0))
        members = members.select_related("household", "person", "group").distinct()
        chosen = [row for row in members.order_by("pk")[:40] if row.household_id not in taken]
        for row in chosen[: len(_FLOW) + 1]:
            steps = len(taken) % (len(_FLOW) + 1)
            taken.add(row.household_id)
            _application(frame, office, row, (programme, purpose), steps, users)


def _application(
    frame: Frame,
    office: Organisation,
    member: GroupMember,
    asked_for: tuple[str, str],
    steps: int,
    users: dict[str, User | None],
) -> None:
    programme, purpose = asked_for
    asked = frame.on - timedelta(days=steps + 3)
    law = terms_on(programme, asked)
    amount = (20 + member.pk % 5 * 5) * MILLION
    made = LoanApplication.objects.create(
        number="",
        household=member.household,
        borrower=member.person,
        group=member.group,
        office=office,
        source=central(asked),
        programme=programme,
        channel="group",
        amount=amount,
        approved_amount=amount if steps > _FLOW.index("approve") else None,
        term_months=60,
        instalment_months=default_spacing(programme, 60, "group", asked),
        purpose=purpose,
        asked_on=asked,
        made_by=users[_hands()["apply"]],
        law_hash=law.law_hash,
        state=MOVES[_FLOW[steps - 1]].target if steps else "draft",
    )
    made.number = f"HS{asked.year % 100:02d}{made.pk:08d}"
    made.save(update_fields=["number"])
    state = ""
    for number, verb in enumerate(("apply", *_FLOW[:steps])):
        target = MOVES[verb].target if verb in MOVES else "draft"
        on = asked + timedelta(days=number)
        ApplicationMove.objects.create(
            application=made,
            verb=verb,
            source=state,
            target=target,
            on=on,
            recorded_at=datetime.fromisoformat(f"{on} 10:00:00+07:00"),
            by=users[_hands()[verb]],
            data={"amount": amount},
        )
        state = target
