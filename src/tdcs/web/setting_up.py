"""A province is set up from the first-run page: what it would bring, and the job that does it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.urls import reverse

from tdcs.access.models import User
from tdcs.access.services import seat_founders
from tdcs.capital import services as capital
from tdcs.core import law
from tdcs.core.text import fold
from tdcs.jobs.kinds import Kind, Outcome, Task
from tdcs.jobs.models import OPEN_STATES, Job, JobState
from tdcs.jobs.queries import jobs_of
from tdcs.jobs.services import ask
from tdcs.ledger import services as ledger
from tdcs.organisations import packaged, seed
from tdcs.organisations.models import Level
from tdcs.organisations.packaged import PackagedProvince
from tdcs.organisations.services.provinces import set_up_province
from tdcs.organisations.standard import units_of

CODE: Final = "organisations.set_up"


@dataclass(frozen=True, slots=True)
class Brings:
    """One level of what a province would bring: areas and units that live on the day, and those of before."""

    level: str
    areas: int
    units: int
    before: int


def found(words: str, on: date) -> list[PackagedProvince]:
    """Provinces whose name, or a name joined into them, holds the words without accents."""
    key = fold(words)
    return [
        one
        for one in packaged.provinces(on)
        if key in fold(" ".join((one.full_name(), *one.predecessors)))
    ]


def brings(province: PackagedProvince, on: date) -> list[Brings]:
    """By level; saves nothing."""
    rows = units_of(province, seed.own_of(province.slug))
    units = list(rows.units.values())
    lives = Counter(u.level for u in units if _on_day(u.starts_on, u.ends_on, on))
    areas = Counter(a.level for a in rows.areas if _on_day(a.starts_on, a.ends_on, on))
    every = Counter(u.level for u in units)
    shown = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
    return [
        Brings(str(level.label), areas[level], lives[level], every[level] - lives[level])
        for level in shown
    ]


def _on_day(starts_on: date, ends_on: date | None, on: date) -> bool:
    return starts_on <= on and (ends_on is None or ends_on > on)


def ask_to_set_up(*, slug: str, by: User, on: date) -> Job:
    """In the background: the largest province takes seconds. Raises ProvinceUnknown, ProvinceMerged, TooManyJobs."""
    province = packaged.find(slug, on)
    params = {"slug": province.slug}
    return ask(kind=CODE, title=province.full_name(), request=(params, b""), by=by, on=on, key=CODE)


@dataclass(frozen=True, slots=True)
class SetUpAsked:
    """The person's last request: whether it is under way, why it was refused."""

    title: str
    is_open: bool
    why: str


def last_asked(person: User, language: str) -> SetUpAsked | None:
    """How far the setting up is; the page of jobs needs a role, which comes with the province."""
    job = jobs_of(person).filter(kind=CODE).order_by("-pk").first()
    if job is None:
        return None
    key = "en" if language.startswith("en") else "vi"
    return SetUpAsked(job.title, job.state in OPEN_STATES, job.refusal.get(key, ""))


def _run(task: Task) -> Outcome:
    with transaction.atomic():
        set_up_province(slug=task.params["slug"], by=task.by, on=task.on)
        ledger.load_chart()
        capital.load()
        seat_founders(on=task.on)
    return Outcome()


def _page(job: Job) -> str | None:
    done = job.state == JobState.DONE and law.chosen_province()
    return reverse("setup:offices") if done else None


KIND: Final = Kind(code=CODE, run=_run, permission=CODE, seconds=120, mib=1024, page=_page)
