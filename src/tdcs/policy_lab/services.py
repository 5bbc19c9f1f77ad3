"""Try a draft and keep what it came to, at once or beside the requests; give a comparison up."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.closing.queries import store
from tdcs.closing.services.locking import law_hash
from tdcs.core import trail
from tdcs.jobs.kinds import Kind, Outcome, Task
from tdcs.jobs.models import Job, JobState
from tdcs.jobs.services import ask
from tdcs.policy_lab.errors import ComparisonExists, NotItsMaker
from tdcs.policy_lab.models import Comparison
from tdcs.policy_lab.queries.book import book_day
from tdcs.policy_lab.queries.comparing import try_overlay
from tdcs.policy_lab.queries.comparisons import as_kept
from tdcs.policy_lab.rules.overlay import laid_over
from tdcs.policy_lab.rules.reading import read

CODE: Final = "policy_comparison"
# Loans of a book on which a draft is tried within about a second (docs/reference/benchmarks.md).
AT_ONCE: Final = 60_000


def keep_comparison(*, text: bytes, by: User, on: date) -> Comparison:
    """The draft tried on the last closed day, kept under its name.

    Raises what reading and laying it over refuse (policy_lab/errors.py), and ComparisonExists.
    """
    overlay = read(text)
    _require_new_name(overlay.name)
    tried = try_overlay(overlay, on)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Comparison.objects.create(
                    name=overlay.name,
                    basis=overlay.basis,
                    overlay=text.decode("utf-8-sig"),
                    day=tried.day,
                    law_on=tried.at,
                    result=as_kept(tried),
                    law_hash=law_hash(),
                    by=by,
                    made_on=on,
                )
        except IntegrityError as twice:
            raise ComparisonExists(name=overlay.name) from twice
        data = {"name": overlay.name, "day": tried.day.isoformat(), "changes": len(overlay.changes)}
        trail.record(
            action="policy_lab.compare", subject=made, by=by, on=on, why=overlay.basis, data=data
        )
    return made


def compare_soon(*, text: bytes, by: User, on: date) -> Comparison | Job:
    """``keep_comparison`` at once on a small book, else as a job. What is wrong with the draft is refused at once.

    Raises what ``keep_comparison`` does, and TooManyJobs.
    """
    day = book_day(on)
    if store().manifest(day).rows <= AT_ONCE:
        return keep_comparison(text=text, by=by, on=on)
    overlay = read(text)
    laid_over(overlay, day)
    _require_new_name(overlay.name)
    return ask(
        kind=CODE,
        title=_("Thử nghiệm chính sách: %(name)s") % {"name": overlay.name},
        request=({}, text),
        by=by,
        on=on,
        key=f"{CODE} {hashlib.sha256(text).hexdigest()}",
    )


def end_comparison(*, comparison: Comparison, by: User, on: date) -> None:
    """Its maker gives it up; nothing happens when it was given up before. Raises NotItsMaker."""
    with transaction.atomic():
        kept = Comparison.objects.select_for_update().get(pk=comparison.pk)
        if kept.by_id != by.pk:
            raise NotItsMaker(name=kept.name)
        if kept.ended_on is not None:
            return
        kept.ended_on = on
        kept.save(update_fields=["ended_on"])
        trail.record(action="policy_lab.end", subject=kept, by=by, on=on)


def _require_new_name(name: str) -> None:
    """Before the work: raises ComparisonExists."""
    if Comparison.objects.filter(name=name, ended_on=None).exists():
        raise ComparisonExists(name=name)


def _run(task: Task) -> Outcome:
    return Outcome(subject=keep_comparison(text=task.content, by=task.by, on=task.on).pk)


def _page(job: Job) -> str | None:
    """Where an ended job goes on: the comparison; a refused one says why on its own page."""
    if job.state != JobState.DONE or job.subject_id is None:
        return None
    return reverse("policy_lab:show", args=[job.subject_id])


KIND: Final = Kind(code=CODE, run=_run, permission="policy_lab.change", seconds=300, page=_page)
