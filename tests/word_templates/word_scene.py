"""Who appears in the stories of templates, and a template as it is brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from grounds import Ground
from lending_cast import key, lend, make_bank, make_household, person, savings_of
from oversight_cast import TODAY, Union, draft_of

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation
from tdcs.oversight.models import Inspection
from tdcs.oversight.services.inspecting import prepare_inspection, start
from tdcs.word_templates.models import WordTemplate
from tdcs.word_templates.services.changing import GivenFile, NewTemplate, add_template


@dataclass(frozen=True)
class Scene:
    """Who works with templates here, and the records from which they are filled in."""

    planner: User
    officer: User
    teller: User
    leader: User
    other: User
    loan: Loan
    inspection: Inspection
    union: Union


def make_scene() -> Scene:
    """The bank and its group with a loan, the inspection that runs, a branch, another office."""
    bank = make_bank()
    body = Organisation.objects.get(code="hoi-phu-nu@n26227")
    household = make_household(bank.group)
    savings_of(household, bank)
    loan = lend(bank, household, on=date(2026, 11, 3), amount=20_000_000)
    union = Union(
        body=body,
        clerk=person("hoi-phu-nu", "unit_clerk", body),
        head=person("chu-tich-hoi", "leader", body),
        bank=bank,
        loan=loan,
    )
    made = prepare_inspection(draft=draft_of(union), by=union.clerk, on=TODAY)
    inspection = start(
        inspection=made, witnesses="Trưởng ấp 1", by=union.clerk, on=TODAY, key="scene"
    )
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    elsewhere = Organisation.objects.get(code="nhcsxh-pgd@004607")
    return Scene(
        planner=person("ke-hoach", "branch_planner", branch),
        officer=bank.officer,
        teller=bank.teller,
        leader=bank.leader,
        other=person("pgd-khac", "loan_officer", elsewhere),
        loan=loan,
        inspection=inspection,
        union=union,
    )


SCENE = Ground(make_scene, TODAY)


def keep(scene: Scene, kind: str, content: bytes, *, title: str = "Mẫu thử") -> WordTemplate:
    """A template that the branch brings."""
    return add_template(
        new=NewTemplate(title, kind),
        file=GivenFile("mau.docx", content),
        by=scene.planner,
        on=clock.today(),
        key=key(),
    )
