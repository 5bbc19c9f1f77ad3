"""A template filled in from one record or from many, with a line of the trail that counts the identity numbers on them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import fold
from tdcs.households.services.unmasking import require_below_limit
from tdcs.word_templates.composing.values import Values, numbers_in, values_of
from tdcs.word_templates.errors import NothingChosen, TemplateWithdrawn, TooManyChosen
from tdcs.word_templates.filling.apart import fill_apart
from tdcs.word_templates.models import WordTemplate, WordTemplateVersion
from tdcs.word_templates.queries.records import sees
from tdcs.word_templates.queries.templates import READS, file_of, secrets_in, version_in_use
from tdcs.word_templates.states import TemplateState

MOST_IN_ZIP: Final = 2_000
MOST_JOINED: Final = 300
# Records that one process fills in: enough that its start does not count, few enough that progress is seen.
_AT_ONCE: Final = 25
Progress = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class RecordList:
    """The records of a list; ``joined``: one document of them all; ``full``: identity numbers are written out."""

    keys: Sequence[int]
    joined: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled document, or many in one file."""

    name: str
    content: bytes


def fill_one(
    *,
    template: WordTemplate,
    record: int,
    version: WordTemplateVersion | None = None,
    full: bool = False,
    by: User,
    on: date,
) -> Filled:
    """The template filled in from a record that the person sees; ``version``: another than the one in use (a trial).

    Raises PermissionDenied, TemplateWithdrawn, TooMuchSeen, and what filling in raises.
    """
    used = _asked(template, version, full, by)
    if not sees(by, template.kind, record, on):
        raise PermissionDenied(READS[template.kind])
    values = values_of(template.kind, record, used=used.used, by=by, on=on, full=full)
    count = _numbers(used, [values], full)
    if count:
        require_below_limit(by, on, more=count)
    (content,) = fill_apart(file_of(used), template.kind, [values])
    with transaction.atomic():
        _line(template, used, by, on, {"record": record, "records": 1, "numbers": count})
    return Filled(f"{_slug(template.title)}-{record}.docx", content)


def fill_list(
    *,
    template: WordTemplate,
    records: RecordList,
    by: User,
    on: date,
    progress: Progress | None = None,
) -> Filled:
    """The template filled in from each record, in a zip or one after another in one document.

    A record out of the person's scope is refused, not left out. Raises PermissionDenied, TemplateWithdrawn, NothingChosen,
    TooManyChosen, TooMuchSeen, and what filling in raises.
    """
    keys, joined, full = records.keys, records.joined, records.full
    used = _asked(template, None, full, by)
    most = MOST_JOINED if joined else MOST_IN_ZIP
    if not keys:
        raise NothingChosen
    if len(keys) > most:
        raise TooManyChosen(count=len(keys), most=most)
    say = progress or (lambda percent, words: None)
    values: list[Values] = []
    for at, record in enumerate(keys):
        if not sees(by, template.kind, record, on):
            raise PermissionDenied(READS[template.kind])
        values.append(values_of(template.kind, record, used=used.used, by=by, on=on, full=full))
        if at % _AT_ONCE == 0:
            say(50 * at // len(keys), f"{at}/{len(keys)}")
    count = _numbers(used, values, full)
    if count:
        require_below_limit(by, on, more=count)
    content = file_of(used)
    if joined:
        say(60, "")
        (made,) = fill_apart(content, template.kind, values, joined=True)
    else:
        made = _zipped(template, list(zip(keys, values, strict=True)), content, say)
    with transaction.atomic():
        _line(template, used, by, on, {"records": len(keys), "numbers": count})
    return Filled(f"{_slug(template.title)}.{'docx' if joined else 'zip'}", made)


def _asked(
    template: WordTemplate, version: WordTemplateVersion | None, full: bool, by: User
) -> WordTemplateVersion:
    """The version that is filled in, when the person may have it so."""
    if not by.may(READS[template.kind]):
        raise PermissionDenied(READS[template.kind])
    if full and not by.may("households.unmask"):
        raise PermissionDenied("households.unmask")
    if template.state != TemplateState.IN_USE:
        raise TemplateWithdrawn(title=template.title)
    return version or version_in_use(template)


def _numbers(used: WordTemplateVersion, values: Sequence[Values], full: bool) -> int:
    """How many identity numbers and telephones are written out."""
    if not full:
        return 0
    plain, lists = secrets_in(used.template.kind, used.used)
    return sum(numbers_in(one, plain, lists) for one in values)


def _zipped(
    template: WordTemplate, records: list[tuple[int, Values]], content: bytes, say: Progress
) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as packed:
        for start, some in _slices(records):
            made = fill_apart(content, template.kind, [values for _key, values in some])
            for at, ((key, values), one) in enumerate(zip(some, made, strict=True), start + 1):
                packed.writestr(f"{at:04d}-{_name_of(values, key)}.docx", one)
            say(
                50 + 49 * (start + len(some)) // len(records), f"{start + len(some)}/{len(records)}"
            )
    return kept.getvalue()


def _slices(
    records: list[tuple[int, Values]],
) -> Iterator[tuple[int, list[tuple[int, Values]]]]:
    for start in range(0, len(records), _AT_ONCE):
        yield start, records[start : start + _AT_ONCE]


def _name_of(values: Values, key: int) -> str:
    """By what a person finds the file of a record: its number or code."""
    for name in ("so_ku", "so_kt", "ma_to", "ten_pgd", "ten_xa"):
        if values.get(name):
            return _slug(str(values[name]))
    return str(key)


def _slug(words: str) -> str:
    kept = "".join(one if one.isalnum() else "-" for one in fold(words))
    return "-".join(filter(None, kept.split("-")))[:60] or "mau"


def _line(
    template: WordTemplate,
    version: WordTemplateVersion,
    by: User,
    on: date,
    data: dict[str, int],
) -> None:
    """Who filled in what, and how many identity numbers stood on it; never the numbers."""
    trail.record(
        action="word_templates.fill",
        subject=template,
        by=by,
        on=on,
        data={"version": version.number, "identity_numbers": data["numbers"] > 0, **data},
    )
