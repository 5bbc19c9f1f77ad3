"""The movement in the demonstration: lines of every register through its service, which kinds count for the plans' tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.demo.cast import cast
from tdcs.loans.models import Loan
from tdcs.organisations.models import Kind, Organisation
from tdcs.outreach.queries.classes import boards_to_call
from tdcs.outreach.rules.registers import Register, registers
from tdcs.outreach.services import classes
from tdcs.outreach.services.classes import Called, ClassPlan, Sitting
from tdcs.outreach.services.commending import propose
from tdcs.outreach.services.records import Typed, add_record
from tdcs.plans.queries.in_force import plans_in_force
from tdcs.plans.services.serving import confirm_proposals

_FILE: Final = Path(__file__).parent / "data" / "outreach.yaml"
_LINK: Final = "https://tinchinhsach.example.vn"
_BEHIND: Final = 3
# Months of the classes, how many people are called in all, and the share of them who came.
_CLASSES: Final = (3, 6, 9)
_CALLED: Final = 90
_CAME: Final = 0.9
_ANY: Final = (Kind.PEOPLE_COMMITTEE, Kind.DEPARTMENT, Kind.VBSP_BRANCH, Kind.TRANSACTION_OFFICE)


def write(*, on: date, seed: int) -> None:
    """Lines of the year up to a day; what has no unit in this province is left out."""
    luck = Random(f"{seed}:outreach")
    told: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    loans = list(Loan.objects.order_by("pk").values_list("number", flat=True)[:200])
    for code, lines in told.items():
        register = registers()[code]
        units = _units(register, on)
        if not units:
            continue
        for number in range(lines["lines"]):
            row = dict(lines["rows"][number % len(lines["rows"])])
            if code == "good_models" and len(loans) >= _BEHIND:
                row["loans"] = ", ".join(luck.sample(loans, _BEHIND))
            _line(register, units[number % len(units)], row, number, on=on, luck=luck)


def confirm(*, by: User, on: date) -> None:
    """The planner confirms what the words of the tasks propose, for every plan in force; figures propose commendations."""
    for plan in plans_in_force(on):
        confirm_proposals(plan=plan, by=by, on=on)
    nominate(by=by, on=on)


def nominate(*, by: User, on: date) -> None:
    """Whom the figures of the year propose for commendation; the decision waits."""
    with clock.fixed_today(on):
        propose(year=on.year, by=by, on=on)


def _units(register: Register, on: date) -> Sequence[Organisation]:
    kinds = register.who or _ANY
    rows = Organisation.objects.on(on).filter(kind__in=kinds).order_by("pk")
    found = list(rows)
    Random(register.code).shuffle(found)
    return found


def _line(
    register: Register,
    unit: Organisation,
    row: dict[str, Any],
    number: int,
    *,
    on: date,
    luck: Random,
) -> None:
    title = row.pop("title")
    first = max(date(on.year, 1, 8), unit.starts_on)
    day = first + timedelta(days=luck.randrange(max(1, (on - first).days)))
    typed = Typed(
        day=day,
        title=title,
        values=row,
        url="" if register.proof == "none" else f"{_LINK}/tin/{number + 1}",
    )
    try:
        add_record(register=register, organisation=unit, typed=typed, by=None, on=on)
    except Refusal:
        # The same title on the same day of the same unit, by chance.
        return


def train(*, on: date, seed: int, by: User) -> None:
    """Classes of the year for the boards of groups, held by the bank's branch; most who were called came."""
    luck = Random(f"{seed}:classes")
    branch = Organisation.objects.get(code=cast().body("nhcsxh-chi-nhanh"))
    people = boards_to_call(by, on)[:_CALLED]
    for at, month in enumerate(_CLASSES):
        day = date(on.year, month, 14)
        mine = people[at :: len(_CLASSES)]
        if day >= on or not mine:
            continue
        with clock.fixed_today(day):
            made = classes.set_up_class(
                organisation=branch,
                plan=ClassPlan(
                    title=f"Tập huấn ban quản lý tổ, đợt {at + 1}",
                    audience="group_boards",
                    programme="Bình xét cho vay; thu lãi, tiền gửi; ghi chép; đôn đốc trả nợ.",
                    sittings=[
                        Sitting(
                            on=day,
                            starts_at=time(8),
                            ends_at=time(11),
                            place="Hội trường UBND",
                            topic="Nghiệp vụ của ban quản lý tổ",
                        )
                    ],
                ),
                by=by,
                on=day,
            )
            called = [Called(name, role, unit, person) for person, name, role, unit in mine]
            classes.call(training_class=made, people=called, by=by, on=day)
            session = made.sessions.get()
            for one in made.attendees.order_by("pk"):
                if luck.random() < _CAME:
                    classes.check_in(session=session, code=one.code, by=None, on=day)
                    classes.evaluate(
                        attendee=one, grade=luck.randint(3, 5), remark="", by=None, on=day
                    )
