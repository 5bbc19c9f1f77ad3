"""Templates taken, changed, withdrawn: nothing with a fault in it is kept, and no version is ever lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.documents.accepting import plain_title
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.word_templates import store
from tdcs.word_templates.errors import (
    SameFile,
    TemplateFaulty,
    TemplateNameMissing,
    TemplateNameTaken,
    TemplateStateWrong,
    TemplateWhyMissing,
)
from tdcs.word_templates.filling.apart import Report, check_apart
from tdcs.word_templates.filling.rendering import check
from tdcs.word_templates.filling.tags import KINDS, tags_of
from tdcs.word_templates.models import WordTemplate, WordTemplateVersion
from tdcs.word_templates.states import TEMPLATE_MOVES, TemplateState

_FIRST_WHY: Final = "Phiên bản đầu"


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """What a template is called and of what it is filled in; ``shipped``: its code in the set that ships."""

    title: str
    kind: str
    shipped: str = ""


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as a person gave it."""

    name: str
    content: bytes


def check_file(*, file: GivenFile, kind: str) -> Report:
    """Everything that is wrong with a file as a template of a kind. Raises what makes the file itself refused."""
    return check_apart(file.content, kind)


def add_template(
    *, new: NewTemplate, file: GivenFile, by: User | None, on: date, key: str
) -> WordTemplate:
    """A new template. Raises TemplateNameMissing, TemplateNameTaken, TemplateFaulty, and what makes the file refused."""
    name, kind = squash(new.title)[:160], new.kind
    if not name or kind not in KINDS:
        raise TemplateNameMissing
    report = _own(file, kind) if new.shipped else _sound(file, kind)

    def work(operation: Operation) -> dict[str, int]:
        if WordTemplate.objects.filter(kind=kind, title__iexact=name).exists():
            raise TemplateNameTaken(title=name)
        made = WordTemplate.objects.create(title=name, kind=kind, shipped=new.shipped)
        _keep(made, (file, report), _FIRST_WHY, by, on)
        _line("add", made, by, on, _FIRST_WHY)
        return {"template": made.pk}

    asked = {"title": name, "kind": kind, "size": len(file.content)}
    done = idempotent(key=key, action="word_templates.add", request=asked, by=by, on=on, work=work)
    return WordTemplate.objects.get(pk=done["template"])


def add_version(
    *, template: WordTemplate, file: GivenFile, why: str, by: User, on: date, key: str
) -> WordTemplateVersion:
    """A new version of a template. Raises TemplateWhyMissing, TemplateStateWrong, SameFile, TemplateFaulty, and what makes
    the file refused."""
    reason = _reason(why)
    report = _sound(file, template.kind)

    def work(operation: Operation) -> dict[str, int]:
        row = _in_use(template)
        last = row.versions.order_by("-number")[0]
        made = _keep(row, (file, report), reason, by, on)
        if made.sha256 == last.sha256:
            raise SameFile(number=last.number)
        _line("change", row, by, on, reason, number=made.number)
        return {"version": made.pk}

    asked = {"template": template.pk, "size": len(file.content), "why": reason}
    done = idempotent(
        key=key, action="word_templates.change", request=asked, by=by, on=on, work=work
    )
    return WordTemplateVersion.objects.get(pk=done["version"])


def go_back(
    *,
    template: WordTemplate,
    version: WordTemplateVersion,
    why: str,
    by: User,
    on: date,
    key: str,
) -> WordTemplateVersion:
    """An earlier version again, as a new one. Raises TemplateWhyMissing, TemplateStateWrong, SameFile, TemplateFaulty."""
    reason = _reason(why)
    file = GivenFile(version.file_name, store.get(version.sha256, version.file_name))
    report = _sound(file, template.kind)

    def work(operation: Operation) -> dict[str, int]:
        row = _in_use(template)
        last = row.versions.order_by("-number")[0]
        if last.sha256 == version.sha256:
            raise SameFile(number=last.number)
        made = _keep(row, (file, report), reason, by, on, again=version)
        _line("go_back", row, by, on, reason, number=made.number, again=version.number)
        return {"version": made.pk}

    asked = {"template": template.pk, "version": version.number, "why": reason}
    done = idempotent(
        key=key, action="word_templates.go_back", request=asked, by=by, on=on, work=work
    )
    return WordTemplateVersion.objects.get(pk=done["version"])


def withdraw(*, template: WordTemplate, why: str, by: User, on: date) -> WordTemplate:
    """The template is filled in no more; its versions stay. Raises TemplateWhyMissing, TemplateStateWrong."""
    return _moved("withdraw", template, why, by, on)


def bring_back(*, template: WordTemplate, why: str, by: User, on: date) -> WordTemplate:
    """A withdrawn template is in use again. Raises TemplateWhyMissing, TemplateStateWrong."""
    return _moved("bring_back", template, why, by, on)


def _moved(verb: str, template: WordTemplate, why: str, by: User, on: date) -> WordTemplate:
    reason = _reason(why)
    move = TEMPLATE_MOVES[verb]
    with transaction.atomic():
        row = WordTemplate.objects.select_for_update().get(pk=template.pk)
        if row.state not in move.sources:
            raise TemplateStateWrong(title=row.title, state=row.get_state_display())
        row.state = move.target
        row.save(update_fields=["state"])
        _line(verb, row, by, on, reason)
    return row


def _in_use(template: WordTemplate) -> WordTemplate:
    row = WordTemplate.objects.select_for_update().get(pk=template.pk)
    if row.state != TemplateState.IN_USE:
        raise TemplateStateWrong(title=row.title, state=row.get_state_display())
    return row


def _own(file: GivenFile, kind: str) -> Report:
    """The package's own recipes need no process apart: a file that a person gave never comes here."""
    found = check(file.content, tags_of(kind))
    if found.problems:
        raise TemplateFaulty(problems=found.problems)
    return Report(sorted(found.used), [])


def _sound(file: GivenFile, kind: str) -> Report:
    report = check_apart(file.content, kind)
    if report.problems:
        raise TemplateFaulty(problems=report.problems)
    return report


def _reason(why: str) -> str:
    reason = squash(why)[:300]
    if not reason:
        raise TemplateWhyMissing
    return reason


def _keep(
    template: WordTemplate,
    brought: tuple[GivenFile, Report],
    why: str,
    by: User | None,
    on: date,
    again: WordTemplateVersion | None = None,
) -> WordTemplateVersion:
    file, report = brought
    last = template.versions.order_by("-number").first()
    return WordTemplateVersion.objects.create(
        template=template,
        number=last.number + 1 if last else 1,
        file_name=plain_title(file.name, "mau.docx"),
        sha256=store.put(file.content),
        size=len(file.content),
        used=report.used,
        why=why,
        again=again,
        made_by=by,
        made_on=on,
        made_at=clock.now(),
    )


def _line(
    verb: str, template: WordTemplate, by: User | None, on: date, why: str, **data: int
) -> None:
    trail.record(
        action=f"word_templates.{verb}", subject=template, by=by, on=on, why=why, data=dict(data)
    )
