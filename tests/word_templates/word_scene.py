"""Who appears in the stories of templates, and a template as it is brought."""

from __future__ import annotations

from dataclasses import dataclass

from lending_cast import key
from oversight_cast import Union

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.loans.models import Loan
from tdcs.oversight.models import Inspection
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


def keep(scene: Scene, kind: str, content: bytes, *, title: str = "Mẫu thử") -> WordTemplate:
    """A template that the branch brings."""
    return add_template(
        new=NewTemplate(title, kind),
        file=GivenFile("mau.docx", content),
        by=scene.planner,
        on=clock.today(),
        key=key(),
    )
