"""Inspections of the demonstration: the office's and a union's programmes, some held, findings closed, open and late."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Final

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.core import clock
from tdcs.demo import people
from tdcs.demo.cast import cast
from tdcs.entrustment.models import GroupProfile, SavingsGroup
from tdcs.organisations.models import Kind, Organisation, living_on
from tdcs.oversight.models import Inspection
from tdcs.oversight.queries.inspections import borrowers_of
from tdcs.oversight.queries.own_work import own_work_in_group
from tdcs.oversight.rules.settings import Checklist, checklists, households_to_visit
from tdcs.oversight.services import findings, inspecting, programmes, reconciling
from tdcs.oversight.services.findings import FindingDraft, Proof
from tdcs.oversight.services.inspecting import InspectionDraft, Seen
from tdcs.oversight.services.programmes import Planned, SampleAsked
from tdcs.oversight.services.reconciling import SignedResult
from tdcs.oversight.states import FindingState

# So many borrowers of the office have answered.
_TOLD: Final = 40
_SINCE: Final = date(2025, 7, 1)
# Days before today on which a group was inspected; a bad answer of each, and how far its finding went.
_HELD: Final = (
    (60, "books", FindingState.CLOSED),
    (45, "savings", FindingState.ANSWERED),
    (30, "books", FindingState.OPEN),
    (12, "", ""),
)
_WORDS: Final = {
    "books": ("Thiếu biên lai thu lãi tháng 8", "Tổ trưởng chưa lưu đủ biên lai", "Bổ sung, lưu theo tháng"),
    "savings": ("Nhiều tổ viên không gửi tiền 3 tháng liền", "Chưa vận động thường xuyên", "Họp tổ, vận động từng hộ"),
}  # fmt: skip


def make(*, on: date, seed: int) -> None:
    """A union of the cast's commune inspects its groups over the last two months, one inspection is open today."""
    found = _bodies(on)
    if not found:
        return
    body, groups = found
    luck = Random(f"{seed}:oversight")
    clerk = _person("demo-hoi", people.name_of(luck), Role.UNIT_CLERK, body)
    head = _person("demo-chutichhoi", people.name_of(luck), Role.LEADER, body)
    groups = [one for one in groups if not own_work_in_group(clerk, one)]
    owner = User.objects.get(username="demo-tindung")
    with clock.fixed_today(on - timedelta(70)):
        day = on - timedelta(70)
        row = programmes.open_programme(
            body=body,
            year=day.year,
            words="Kiểm tra 100% tổ, 100% món vay mới trong thời hạn.",
            by=clerk,
            on=day,
        )
        plans = [
            programmes.plan_inspection(
                programme=row,
                planned=Planned(max(1, (on - timedelta(back)).month), "16-TD", group=group),
                by=clerk,
                on=day,
            )
            for (back, _, _), group in zip(_HELD, cycle(groups), strict=False)
        ]
        programmes.submit(programme=row, by=clerk, on=day)
        programmes.approve(programme=row, words="Nhất trí", by=head, on=day)
    for (back, item, state), planned in zip(_HELD, plans, strict=False):
        day = on - timedelta(back)
        with clock.fixed_today(day):
            draft = InspectionDraft(
                body=body,
                planned=Planned(planned.month, "16-TD", group=planned.group),
                due_on=day,
                lead=clerk,
                of=planned,
            )
            made = inspecting.prepare_inspection(draft=draft, by=clerk, on=day)
            _hold(made, item, state, clerk, owner, day)
    with clock.fixed_today(on):
        asked = SampleAsked("Kiểm tra đột xuất quý IV", 20261123, 30)
        programmes.draw_sample(
            programme=row, asked=asked, by=clerk, on=on, key=f"demo-sample-{row.pk}"
        )
        if groups:
            planned_today = Planned(on.month, "16-TD", group=groups[-1], surprise=True)
            draft = InspectionDraft(body=body, planned=planned_today, due_on=on, lead=clerk)
            inspecting.prepare_inspection(draft=draft, by=clerk, on=on)


def reconcile(*, on: date) -> None:
    """The cast's office reconciles in public: most borrowers agree, one difference is examined, one borrower is not there."""
    day, head = on - timedelta(40), User.objects.get(username="demo-kiemsoat")
    office = Organisation.objects.get(code=cast().office)
    with clock.fixed_today(day):
        made = reconciling.open_campaign(office=office, year=day.year, by=head, on=day)
    signed = day + timedelta(5)
    lines = list(made.lines.select_related("loan").order_by("loan__number")[:_TOLD])
    rows = [
        SignedResult(
            number=line.loan.number,
            result="01",
            principal=line.bank_principal - (2_000_000 if at == 1 else 0),
            interest=line.bank_interest,
            savings=line.bank_savings,
            signed_on=signed,
            kind="unbooked" if at == 1 else "",
            words="Có biên lai chưa ghi sổ" if at == 1 else "",
        )
        for at, line in enumerate(lines[1:], 1)
    ]
    rows += [SignedResult(one.loan.number, "04", words="Đi làm ăn xa") for one in lines[:1]]
    with clock.fixed_today(signed):
        reconciling.record_results(campaign=made, rows=rows, by=head, on=signed)
        case = made.lines.filter(case__kind="unbooked").first()
        if case is not None:
            reconciling.move_case(
                case=case.case,
                verb="examine",
                words="Đã đối chiếu biên lai với tổ trưởng",
                by=head,
                on=signed,
            )


def _bodies(on: date) -> tuple[Organisation, list[SavingsGroup]] | None:
    """The mass organisation of the cast's commune with the most groups, and its groups by code."""
    committee = Organisation.objects.get(code=cast().committee)
    area = committee.profiles.filter(living_on(on)).values("area")
    profiles = GroupProfile.objects.filter(living_on(on), living_on(on, "group__"), area__in=area)
    units: dict[int, list[SavingsGroup]] = {}
    for row in profiles.select_related("group").order_by("group__code"):
        units.setdefault(row.mass_organisation_id, []).append(row.group)
    there = Organisation.objects.filter(pk__in=units, kind=Kind.MASS_ORGANISATION)
    body = max(there, key=lambda one: (len(units[one.pk]), -one.pk), default=None)
    return (body, units[body.pk]) if body is not None else None


def _person(username: str, name: str, role: Role, unit: Organisation) -> User:
    made = User(username=username, full_name=name)
    made.set_unusable_password()
    made.save()
    since = max(_SINCE, unit.starts_on)
    RoleHolding.objects.create(user=made, role=role, organisation=unit, starts_on=since)
    return made


def _hold(row: Inspection, item: str, state: str, clerk: User, owner: User, day: date) -> None:
    """One inspection from start to minutes, its finding as far as it went."""
    inspecting.start(
        inspection=row,
        witnesses="Trưởng ấp, tổ trưởng",
        by=clerk,
        on=day,
        key=f"demo-start-{row.pk}",
    )
    own, asked = checklists()["16-TD"], checklists()["06-TD"]
    borrowers = borrowers_of(row, day)
    for one in borrowers[: households_to_visit(len(borrowers), day)]:
        seen = Seen(one.line.loan, one.line.balance, "good", _good(asked))
        key = f"demo-visit-{row.pk}-{one.line.loan}"
        inspecting.record_visit(inspection=row, seen=seen, by=clerk, on=day, key=key)
    answers = _good(own) | ({item: "no"} if item else {})
    key = f"demo-answers-{row.pk}"
    inspecting.answer_checklist(inspection=row, answers=answers, by=clerk, on=day, key=key)
    if item:
        words, cause, recommendation = _WORDS[item]
        draft = FindingDraft(item, words, cause, recommendation, owner, day + timedelta(20))
        key = f"demo-raise-{row.pk}"
        found = findings.raise_finding(inspection=row, draft=draft, by=clerk, on=day, key=key)
        if state in (FindingState.CLOSED, FindingState.ANSWERED):
            proof = Proof("Đã bổ sung, lưu tại tổ")
            findings.answer(finding=found, proof=proof, by=owner, on=day + timedelta(10))
        if state == FindingState.CLOSED:
            findings.close(
                finding=found, proof=Proof("Đã xem lại sổ sách"), by=clerk, on=day + timedelta(15)
            )
    inspecting.finish(
        inspection=row,
        conclusion="Tổ hoạt động nền nếp, sử dụng vốn đúng mục đích.",
        by=clerk,
        on=day,
        key=f"demo-finish-{row.pk}",
    )


def _good(checklist: Checklist) -> dict[str, str]:
    return {item.code: "no" if item.bad == "yes" else "yes" for item in checklist.items}
