"""Builds the demonstration: real units, the plan, three reporting years, one of them running.

Every step stands on its own day, so that units, deadlines and reorganisations meet as they did.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection, transaction

from tdcs.access.models import User
from tdcs.audit import versions
from tdcs.audit.models import AuditLine
from tdcs.audit.services import note_as_loaded, sealed
from tdcs.closing.queries import store
from tdcs.core import clock, law, trail
from tdcs.demo import (
    auditing,
    boards,
    capital,
    credit_plans,
    groups,
    life,
    outreach,
    oversight,
    people,
    plans,
    policy,
    problem_loans,
    reports,
    scheme,
    sessions,
    word_templates,
)
from tdcs.demo.cast import cast
from tdcs.demo.cast import data as cast_data
from tdcs.demo.province import build as province
from tdcs.demo.province.calibration import Frame
from tdcs.indicators.services import prepare_days
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import Resolver, UnitRef, province_of
from tdcs.organisations.services.provinces import set_up_province
from tdcs.plans.composing.framing import Signing
from tdcs.plans.models import Obligation, ObligationState, Plan, UnitPlan
from tdcs.plans.models.plan import VersionState
from tdcs.plans.services import amendments, directives, unit_plans
from tdcs.plans.services.amendments import ProposalDraft
from tdcs.plans.services.deriving import follow_successions, open_year
from tdcs.plans.services.directives import DirectiveDraft
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.publishing import Terms, publish
from tdcs.reporting.services import consolidation, years

Step = Callable[[str], AbstractContextManager[None]]

# Tables of these rooms hold the credit side.
CREDIT = (
    "oversight",
    "capital",
    "closing",
    "credit",
    "entrustment",
    # group_results_…
    "group",
    "households",
    "imports",
    "indicators",
    "ledger",
    "loans",
    # problem_loans_…, transaction_points_…, word_templates_…
    "problem",
    "transaction",
    "word",
)

FIRST, LAST = 2024, 2030
SAMPLE = Path(__file__).parent / "data" / "ke-hoach-mau.txt"
# The days on which units changed: open matters follow their unit.
CHANGES = (date(2025, 3, 1), date(2025, 7, 1), date(2026, 4, 30))


def is_built(*, on: date, seed: int, scale: float) -> bool:
    """Whether this demonstration is in the database already."""
    return _matches(_built(), _mark(on, seed, str(scale)))


def scale_there(*, on: date, seed: int) -> str:
    """At which scale this demonstration is in the database; "" where it is not."""
    built = _built()
    scale = str(built.get("scale", ""))
    return scale if _matches(built, _mark(on, seed, scale)) else ""


def _built() -> Mapping[str, Any]:
    """The mark of the demonstration that was built last; empty where none was."""
    last = AuditLine.objects.filter(action="demo.build").order_by("-id").first()
    return last.data if last else {}


def _matches(built: Mapping[str, Any], wanted: Mapping[str, str | int]) -> bool:
    other = built.get("province", "") == _other_province()
    return other and wanted.items() <= built.items()


def _mark(on: date, seed: int, scale: str) -> dict[str, str | int]:
    other = _other_province()
    named = {"province": other} if other else {}
    return {"on": on.isoformat(), "seed": seed, "scale": scale, **named}


def _other_province() -> str:
    """The province that is chosen, where it is not the demonstration's own."""
    chosen = law.chosen_province()
    return "" if chosen == cast_data()["province"] else chosen


def build(
    *,
    on: date,
    seed: int,
    scale: float,
    plan_file: Path | None,
    step: Step,
    province_slug: str = "",
) -> None:
    """Build from an empty database; an earlier demonstration is emptied first. ``scale`` 1 is the whole province of
    borrowers, 0 none. ``province_slug``: another province than the installation's."""
    with step("dọn dữ liệu cũ / empty"):
        _empty()
    with step("đơn vị thật / real units"):
        set_up_province(slug=province_slug or law.province(), by=None, on=on)
        people.create(since=date(2023, 9, 1), seed=seed)
    if scale:
        drawn = province.build(Frame(scale, on, seed), step, _report_seconds)
        with step("điểm giao dịch, phiên / transaction points, sessions"), transaction.atomic():
            sessions.write(drawn)
        with step("chỉ tiêu cuối năm / indicators of the years' ends"):
            # Reports of these years cite access to credit, which is counted ahead.
            prepare_days(days=[day for day in store().days() if (day.month, day.day) == (12, 31)])
    planner = User.objects.get(username="demo-kehoach")
    with step("đọc và công bố kế hoạch / read and publish the plan"):
        plan = _publish(plan_file, planner)
    for year in range(FIRST, on.year + 1):
        with step(f"năm {year} / year {year}"), transaction.atomic():
            _year(plan, year, on=on, seed=seed, by=planner)
    with step("hai kế hoạch khác / two plans beside it"), transaction.atomic():
        for other in plans.publish_beside(plan, on=on, changes=CHANGES, by=planner):
            with clock.fixed_today(on):
                plans.live(other, until=on, seed=seed)
    with step("việc giao thêm, kế hoạch đơn vị, kiến nghị / assigned tasks, unit plans, proposals"):
        _extras(plan, on=on, seed=seed, by=planner)
    if scale:
        with step("ngân sách ủy thác, vận động / budgets, campaigns"):
            capital.write(on=on, scale=scale)
        with step("kế hoạch tín dụng năm / yearly credit plans"), transaction.atomic():
            credit_plans.write(on=on, seed=seed, by=planner)
        with step("cảnh báo sớm, hộ nợ có vấn đề / early warnings, problem loans"):
            problem_loans.write(on=on)
    with step("một dự thảo được thử / a draft of the law is tried"):
        policy.try_a_draft(by=planner, on=on)
    if scale:
        with step("đề án / scheme"), transaction.atomic():
            scheme.make(plan, on=on, by=planner)
        with step("kiểm tra, giám sát / inspections"), transaction.atomic():
            _oversight(on, seed)
    with step("phong trào, ban đại diện / movement, boards"), transaction.atomic():
        with clock.fixed_today(on):
            outreach.write(on=on, seed=seed)
        outreach.train(on=on, seed=seed, by=planner)
        boards.write(on=on, seed=seed, by=planner)
        groups.write(plan, on=on, by=planner)
        outreach.confirm(by=planner, on=on)
    with transaction.atomic(), clock.fixed_today(on):
        note_as_loaded()
        versions.note_all()
        trail.record(
            action="demo.build",
            subject="demo",
            by=None,
            on=on,
            # Invented rows are loaded at once, without a line each: this one answers for all of them.
            data=_mark(on, seed, str(scale))
            | {"sealed_changes": sealed(), "days_as_built": _days()},
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _oversight(on: date, seed: int) -> None:
    oversight.make(on=on, seed=seed)
    oversight.reconcile(on=on)
    auditing.make(on=on)


def _days() -> dict[str, str]:
    """The digests of the closed days: most have no run of their own."""
    kept = store()
    return {day.isoformat(): kept.manifest(day).digest for day in kept.days()}


def _report_seconds(seconds: Mapping[str, float]) -> None:
    """Where the time of the longest step went."""
    for name, spent in seconds.items():
        print(f"    {name}: {spent:.1f} s", file=sys.stderr)


def _empty() -> None:
    """Empty every table of ours; only a demonstration database is ever emptied."""
    if not Organisation.objects.exists():
        return
    if Plan.objects.exists() and not User.objects.filter(username="demo-kehoach").exists():
        raise RuntimeError("this database holds no demonstration: it is not emptied")
    _truncate(
        "scheme",
        "boards",
        "outreach",
        "letters",
        "plans",
        "organisations",
        "access",
        "audit",
        "axes",
        "mfa",
        "account",
        *CREDIT,
    )
    # Snapshots belong to the books that are gone.
    shutil.rmtree(store().root, ignore_errors=True)


# Ledger and trail refuse to be emptied; a demonstration's are, with the refusal back in force at once.
_GUARDED = {
    "audit_auditline": "audit_no_truncate",
    "audit_recordchange": "audit_change_no_truncate",
    "ledger_journalentry": "ledger_entry_no_truncate",
    "ledger_posting": "ledger_posting_no_truncate",
}


def _truncate(*rooms: str) -> None:
    there = connection.introspection.table_names()
    # Versions stay: a worker that runs must not take new data for what it knows.
    there = [t for t in there if t not in ("audit_dataversion", "audit_datachange")]
    tables = [t for t in there if t.split("_")[0] in rooms or t == "django_session"]
    guarded = {table: name for table, name in _GUARDED.items() if table in tables}
    names = ", ".join(f'"{table}"' for table in tables)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, trigger in guarded.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        for table, trigger in guarded.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def _publish(plan_file: Path | None, by: User) -> Plan:
    day = date(2023, 10, 16)
    with clock.fixed_today(day):
        source = plan_file or SAMPLE
        content = plan_file.read_bytes() if plan_file else plans.sample(SAMPLE)
        version = import_document(content=content, filename=source.name, by=by, on=day)
        publish(
            version=version,
            first_year=FIRST,
            last_year=LAST,
            terms=Terms(field="Tín dụng chính sách"),
            by=by,
            on=day,
        )
    return version.plan


def _year(plan: Plan, year: int, *, on: date, seed: int, by: User) -> None:
    end = min(on, date(year + 1, 1, 12))
    with clock.fixed_today(date(year, 1, 2)):
        open_year(plan=plan, year=year, by=by, on=date(year, 1, 2))
    for day in CHANGES:
        if day.year == year and day <= on:
            with clock.fixed_today(day):
                follow_successions(plan=plan, on=day, by=None)
    with clock.fixed_today(end):
        rows = Obligation.objects.filter(plan=plan, year=year).exclude(
            state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN)
        )
        mine = rows.select_related("holder", "task", "duty").exclude(duty__kind="yearly_report")
        life.live(mine.exclude(duty__kind="own_plan"), until=end, seed=seed)
        reports.write(plan, year, until=end, seed=seed)
        if year < on.year:
            consolidation.draft(plan=plan, year=year, by=by, on=end)
            years.close_year(plan=plan, year=year, by=by, on=end)


def _extras(plan: Plan, *, on: date, seed: int, by: User) -> None:
    with transaction.atomic(), clock.fixed_today(on):
        _assigned(plan, on=on, seed=seed, by=by)
        _unit_plans(plan, on=on, seed=seed, by=by)
        _proposals(plan, on=on)
        word_templates.make(on=on, by=by)


def _assigned(plan: Plan, *, on: date, seed: int, by: User) -> None:
    """Tasks by hand over the running year: two of them overdue for some, one not yet due."""
    year = on.year
    resolver = Resolver(province=province_of(plan.issuer, plan.issued_on), on=on)
    communes = resolver.resolve(UnitRef("ubnd", ("commune",)))
    offices = resolver.resolve(UnitRef("nhcsxh-pgd"))
    given = (
        (
            "Rà soát nhu cầu vay vốn giải quyết việc làm quý III",
            "quarter",
            date(year, 7, 1),
            date(year, 10, 10),
            communes,
            "Nhu cầu vốn",
            "triệu đồng",
        ),
        (
            "Báo cáo kết quả phiên giao dịch xã tháng 10",
            "month",
            date(year, 10, 1),
            date(year, 11, 5),
            offices,
            "Số phiên đã tổ chức",
            "phiên",
        ),
        (
            "Số lớp tập huấn tổ trưởng đã mở trong năm",
            "year",
            date(year, 1, 1),
            date(year, 12, 10),
            offices,
            "Số lớp",
            "lớp",
        ),
    )
    for title, period, start, due, who, label, unit in given:
        with clock.fixed_today(start):
            made = directives.assign(
                plan=plan,
                draft=DirectiveDraft(
                    title=title,
                    text="",
                    period=period,
                    period_start=start,
                    due_on=due,
                    asks_words=True,
                    asks_figure=True,
                    asks_file=False,
                    figure_label=label,
                    figure_unit=unit,
                ),
                organisations=list(Organisation.objects.filter(pk__in=who)),
                by=by,
                on=start,
            )
        rows = made.obligations.select_related("holder", "task", "duty", "directive")
        life.live(rows, until=on, seed=seed, neglect=life.SMALL_NEGLECT)


def _unit_plans(plan: Plan, *, on: date, seed: int, by: User) -> None:
    """The cast's commune and two departments issued their own plans this year."""
    luck = Random(f"{seed}:unit-plans")
    at = cast()
    departments = (at.body("so-tai-chinh"), at.body("so-nong-nghiep-va-moi-truong"))
    for code in (at.committee, *departments):
        unit = Organisation.objects.get(code=code)
        made: UnitPlan = unit_plans.open_unit_plan(
            plan=plan, organisation=unit, year=on.year, by=by, on=on
        )
        unit_plans.save(
            unit_plan=made,
            rows=[
                {**row, "who": luck.choice(("Văn phòng", "Phòng Kinh tế", "Công chức phụ trách"))}
                for row in made.words
            ],
            by=by,
            on=on,
        )
        issued_on = date(on.year, 2, luck.randint(3, 27))
        unit_plans.issue(
            unit_plan=made,
            signing=Signing(f"{luck.randint(15, 90)}/KH", issued_on, people.name_of(luck)),
            by=by,
            on=issued_on,
        )
        _begun(made, luck, on)


def _begun(made: UnitPlan, luck: Random, on: date) -> None:
    """Some tasks of the unit's plan are done, some under way."""
    person = User.objects.filter(holdings__organisation=made.organisation).first()
    for task in made.tasks.all():
        if (percent := luck.choice((0, 40, 70, 100, 100))) > 0:
            unit_plans.report_task_progress(task=task, percent=percent, words="", by=person, on=on)


def _proposals(plan: Plan, *, on: date) -> None:
    """One proposal that waits for the branch."""
    unit = Organisation.objects.get(code=cast().committee)
    version = plan.versions.get(state=VersionState.PUBLISHED)
    task = version.tasks.get(path="II.3.đ")
    amendments.propose(
        plan=plan,
        organisation=unit,
        draft=ProposalDraft(
            kind="change",
            task=task,
            section_path=task.section_path,
            text=task.text,
            timing="Hoàn thành trước ngày 30/11 hằng năm",
            reason="Kết quả rà soát cần có trước khi lập kế hoạch tín dụng năm sau.",
        ),
        by=User.objects.get(username=cast().commune_user),
        on=on,
    )
