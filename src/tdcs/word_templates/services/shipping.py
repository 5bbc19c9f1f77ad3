"""The set of templates that ships, taken in: what is there already, under whatever name it bears now, stays as it is."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.access.models import User
from tdcs.word_templates.composing.shipped import built, recipes
from tdcs.word_templates.models import WordTemplate
from tdcs.word_templates.services.changing import GivenFile, NewTemplate, add_template

_KEY: Final = "word-template-shipped-{}"


def add_shipped(*, by: User | None, on: date) -> list[WordTemplate]:
    """Every template of the set that is not there yet. Raises TemplateNameTaken where the branch has one of the name."""
    there = set(WordTemplate.objects.exclude(shipped="").values_list("shipped", flat=True))
    return [
        add_template(
            new=NewTemplate(recipe.title, recipe.kind, code),
            file=GivenFile(f"{code}.docx", built(recipe)),
            by=by,
            on=on,
            key=_KEY.format(code),
        )
        for code, recipe in recipes().items()
        if code not in there
    ]


def shipped_missing() -> int:
    """How many templates of the set are not there."""
    there = WordTemplate.objects.exclude(shipped="").values_list("shipped", flat=True)
    return len(set(recipes()) - set(there))
