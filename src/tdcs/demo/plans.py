"""The plans beside the reference one: invented, set as .docx like a real document, read back by the reader of plans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from tdcs.access.models import User
from tdcs.core import clock, law
from tdcs.demo import life, reports
from tdcs.documents.official import (
    Block,
    Bullets,
    Heading,
    OfficialDocument,
    Paragraph,
    Signature,
    to_docx,
)
from tdcs.organisations.queries import profile_of
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.models import Obligation, ObligationState, Plan
from tdcs.plans.services.deriving import follow_successions
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.publishing import Terms, publish
from tdcs.plans.services.relating import Related

_FILE: Final = Path(__file__).parent / "data" / "more-plans.yaml"
_HEAD: Final = re.compile(r"(?P<mark>[IVX]+|\d+)\. (?P<words>.*)", re.DOTALL)
# A plan is read and published in the week after it was signed.
_AFTER: Final = timedelta(days=5)


def sample(file: Path) -> bytes:
    """The plan that ships, issued by the installation's province as it was called then: its file names it {province}."""
    on = date(2023, 9, 29)
    word, name = (
        law.province_name(on).rsplit(law.province_name(on, "en"), 1)[0].strip(),
        law.province_name(on, "en"),
    )
    words = file.read_text(encoding="utf-8")
    return words.format(province=name, PROVINCE=f"{word} {name}".upper()).encode()


def publish_beside(first: Plan, *, on: date, changes: tuple[date, ...], by: User) -> list[Plan]:
    """Import and publish each plan that was issued by a day, beside the first one."""
    made = []
    for row in yaml.safe_load(_FILE.read_text(encoding="utf-8")):
        day = row["issued_on"] + _AFTER
        if day > on or day.year != on.year:
            continue
        with clock.fixed_today(day):
            plan = _publish(first, row, day, by)
        for change in changes:
            if day < change <= on:
                with clock.fixed_today(change):
                    follow_successions(plan=plan, on=change, by=None)
        made.append(plan)
    return made


def _publish(first: Plan, row: Mapping[str, Any], day: date, by: User) -> Plan:
    name = f"ke-hoach-{row['number'].replace('/', '-').lower()}.docx"
    version = import_document(content=as_docx(first, row), filename=name, by=by, on=day)
    publish(
        version=version,
        first_year=row["issued_on"].year,
        last_year=row["issued_on"].year,
        terms=Terms(
            field=row["field"],
            reports_with=first if row["reported_together"] else None,
            related=(Related(first, row["relation"]),),
        ),
        by=by,
        on=day,
    )
    return Plan.objects.get(pk=version.plan_id)


def as_docx(first: Plan, row: Mapping[str, Any]) -> bytes:
    """The plan as the office of the People's Committee would have set it."""
    number, _, symbol = row["number"].partition("/")
    return to_docx(
        OfficialDocument(
            issuer=profile_of(first.issuer, row["issued_on"]).name,
            subject=row["subject"],
            place=law.province_name(row["issued_on"], "en"),
            type_name="Kế hoạch",
            number=number,
            symbol=symbol,
            issued_on=row["issued_on"],
            body=(
                Paragraph(
                    f"Thực hiện {'; '.join(row['bases'])}, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:"
                ),
                *_blocks(row["body"]),
            ),
            signature=Signature("Chủ tịch", row["signer"], ("TM. Ủy ban nhân dân",)),
            recipients=("Như trên",),
            filing="VT",
        )
    )


def _blocks(body: str) -> Iterator[Block]:
    for line in body.splitlines():
        head = _HEAD.fullmatch(line)
        if head:
            mark, words = head["mark"], head["words"]
            yield Heading(1 if mark.isalpha() else 2, words, number=f"{mark}.")
        elif line.startswith("- "):
            yield Bullets((line[2:],))
        else:
            yield Paragraph(line)


def live(plan: Plan, *, until: date, seed: int) -> None:
    """What units did about a plan up to a day; a plan that is reported with another has no reports of its own."""
    rows = Obligation.objects.filter(plan=plan).exclude(
        state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN)
    )
    mine = rows.select_related("holder", "task", "duty").exclude(duty__kind="yearly_report")
    life.live(mine.exclude(duty__kind="own_plan"), until=until, seed=seed)
    if plan.reports_with_id is None:
        reports.write(plan, until.year, until=until, seed=seed)
    else:
        _stand_as_their_reports(plan, until.year)


def _stand_as_their_reports(plan: Plan, year: int) -> None:
    """The duty to report of a plan that is reported with another stands as the duty of that plan."""
    duties = Obligation.objects.filter(year=year, duty__kind="yearly_report")
    same = {row.holder_id: row for row in duties.filter(plan=plan.reports_with_id)}
    fields = ("state", "percent", "submitted_on", "closed_on", "touched_at")
    rows = [row for row in duties.filter(plan=plan) if row.holder_id in same]
    for row in rows:
        for name in fields:
            setattr(row, name, getattr(same[row.holder_id], name))
    update_rows(rows, fields)
