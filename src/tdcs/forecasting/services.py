"""Keep a scenario, give one up."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.db import IntegrityError, transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.forecasting.errors import (
    AssumptionWrong,
    NotItsAuthor,
    ScenarioExists,
    ScenarioIncomplete,
)
from tdcs.forecasting.models import Scenario
from tdcs.forecasting.rules.assumptions import Assumptions, faults


def keep_scenario(*, name: str, assumed: Assumptions, basis: str, by: User, on: date) -> Scenario:
    """The assumptions under a name. Raises ScenarioIncomplete, ScenarioExists, AssumptionWrong."""
    name, basis = squash(name), squash(basis)
    if not name or not basis or len(name) > 120 or len(basis) > 300:
        raise ScenarioIncomplete
    if wrong := faults(assumed, on.year):
        raise AssumptionWrong(wrong)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Scenario.objects.create(
                    name=name, assumed=asdict(assumed), basis=basis, by=by, made_on=on
                )
        except IntegrityError as twice:
            raise ScenarioExists(name=name) from twice
        data = {"name": name, **asdict(assumed)}
        trail.record(action="forecasting.keep", subject=made, by=by, on=on, why=basis, data=data)
    return made


def end_scenario(*, scenario: Scenario, by: User, on: date) -> None:
    """Its author gives it up; nothing happens when it was given up before. Raises NotItsAuthor."""
    with transaction.atomic():
        kept = Scenario.objects.select_for_update().get(pk=scenario.pk)
        if kept.by_id != by.pk:
            raise NotItsAuthor(name=kept.name)
        if kept.ended_on is not None:
            return
        kept.ended_on = on
        kept.save(update_fields=["ended_on"])
        trail.record(action="forecasting.end", subject=kept, by=by, on=on)
