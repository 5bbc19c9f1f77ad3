"""Templates and versions as pages show them."""

from __future__ import annotations

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.core.remembered import remembered
from tdcs.core.text import fold
from tdcs.word_templates import store
from tdcs.word_templates.filling.tags import Tag, tags_of
from tdcs.word_templates.models import TemplateKind, WordTemplate, WordTemplateVersion
from tdcs.word_templates.states import TemplateState

# What a person must be allowed to read, to fill a template of the kind.
READS = {
    TemplateKind.LOAN.value: "loans.view",
    TemplateKind.GROUP.value: "entrustment.view",
    TemplateKind.COMMUNE.value: "indicators.view",
    TemplateKind.UNIT.value: "indicators.view",
    TemplateKind.INSPECTION.value: "oversight.view",
}


def kinds_for(user: User) -> list[tuple[str, str]]:
    """The kinds whose records a person may read."""
    return [(str(code), str(label)) for code, label in TemplateKind.choices if user.may(READS[str(code)])]  # fmt: skip


def templates_for(
    user: User, *, kind: str = "", words: str = "", withdrawn: bool = False
) -> list[tuple[WordTemplate, WordTemplateVersion]]:
    """Templates of the kinds that a person may read, each with the version in use."""
    seen = [code for code, _label in kinds_for(user) if kind in ("", code)]
    rows = WordTemplate.objects.filter(kind__in=seen)
    if not withdrawn:
        rows = rows.filter(state=TemplateState.IN_USE)
    asked = fold(words).split()
    found = [row for row in rows if all(one in fold(row.title) for one in asked)]
    newest = WordTemplateVersion.objects.filter(template__in=found).select_related("made_by")
    last = {row.template_id: row for row in newest.order_by("number")}
    return [(row, last[row.pk]) for row in found]


def titles_for(user: User, kind: str) -> tuple[tuple[int, str], ...]:
    """Key and title of the templates in use of a kind, for the page of a record; nothing for who may not read the kind."""
    return _titles(kind) if user.may(READS[kind]) else ()


@remembered
def _titles(kind: str) -> tuple[tuple[int, str], ...]:
    rows = WordTemplate.objects.filter(kind=kind, state=TemplateState.IN_USE)
    return tuple(rows.values_list("pk", "title"))


def template_for(user: User, pk: int) -> WordTemplate | None:
    """A template of a kind that the person may read."""
    kinds = [code for code, _label in kinds_for(user)]
    return WordTemplate.objects.filter(pk=pk, kind__in=kinds).first()


def versions_of(template: WordTemplate) -> QuerySet[WordTemplateVersion]:
    """Its versions, the newest first."""
    return template.versions.select_related("made_by", "again").order_by("-number")


def version_in_use(template: WordTemplate) -> WordTemplateVersion:
    """The newest version."""
    return versions_of(template)[0]


def version_of(template: WordTemplate, number: int) -> WordTemplateVersion | None:
    """One version by its number."""
    return versions_of(template).filter(number=number).first()


def file_of(version: WordTemplateVersion) -> bytes:
    """The file of a version. Raises FileChanged."""
    return store.get(version.sha256, version.file_name)


def all_versions() -> QuerySet[WordTemplateVersion]:
    """Every version of every template."""
    return WordTemplateVersion.objects.select_related("template")


def find_tags(kind: str, words: str) -> list[Tag]:
    """The tags of a kind whose name, meaning or columns have all the words, without accents."""
    asked = fold(words).split()
    return [
        tag
        for tag in tags_of(kind).values()
        if all(one in _said(tag) for one in asked)
    ]  # fmt: skip


def _said(tag: Tag) -> str:
    inside = " ".join(f"{one.name} {one.vi} {one.en}" for one in tag.columns.values())
    return fold(f"{tag.name} {tag.vi} {tag.en} {inside}")


def uses_secrets(kind: str, used: list[str]) -> bool:
    """Whether a template shows identity numbers or telephones, when they may be shown."""
    return secrets_in(kind, used) != (frozenset(), frozenset())


def secrets_in(kind: str, used: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The masked tags that a template uses: plain ones, and lists with such a column."""
    tags = tags_of(kind)
    names = set(used)
    plain = {name for name, tag in tags.items() if tag.secret and name in names}
    lists = {
        name
        for name, tag in tags.items()
        if name in names
        and any(one.secret and f"*.{one.name}" in names for one in tag.columns.values())
    }
    return frozenset(plain), frozenset(lists)
