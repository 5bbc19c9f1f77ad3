"""Bodies of the province: those that go on from the part whose name it keeps, and those of the parts joined in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tdcs.organisations.packaged import MERGER, START
from tdcs.organisations.standard.place import BodyEntry, Place, Span
from tdcs.organisations.standard.rows import Heir, Profile, Rows

# Stand under nobody in the province.
_TOP = ("tinh-uy", "hdnd", "ubnd")


def add(rows: Rows, place: Place) -> None:
    for body in bodies(place, place.home):
        _home(rows, place, body)
    for part in place.joined:
        for body in _of_joined(place, part):
            _joined(rows, place, part, body)


def bodies(place: Place, part: str) -> Iterator[BodyEntry]:
    """The provincial bodies of standard.yaml that a part has, in the order of the file."""
    variant = place.variant(part)
    left_out = {*place.own.get("without", ()), *variant.get("without", ())}
    extra = set(variant.get("with", ()))
    for body in place.standard["provincial"]:
        optional = bool(body.get("only_variants"))
        if body["type"] not in left_out and (not optional or body["type"] in extra):
            yield body


def _of_joined(place: Place, part: str) -> list[BodyEntry]:
    found = {body["type"]: body for body in bodies(place, part)}
    wanted = place.own.get("joined")
    return list(found.values()) if wanted is None else [found[t] for t in wanted if t in found]


def _life(body: BodyEntry, last: date | None) -> tuple[date, date | None]:
    ends = [day for day in (body.get("until"), last) if day is not None]
    return body.get("since", START), min(ends, default=None)


def _home(rows: Rows, place: Place, body: BodyEntry) -> None:
    start, end = _life(body, None)
    code = rows.unit(f"{body['type']}@{place.home}", body["kind"], "province", start, end)
    parent = "" if body["type"] in _TOP else f"{body.get('parent', 'ubnd')}@{place.home}"
    made = [
        profile._replace(organisation=code, parent=parent)
        for span in place.spans
        for profile in _named(body, span, start, end)
    ]
    rows.profiles += _joined_days(made) if body["kind"] == "press" else made
    _succeed(rows, place, place.home, body)


def _named(body: BodyEntry, span: Span, start: date, end: date | None) -> Iterator[Profile]:
    """The profile within a span of the province's names; two where the body itself was renamed meanwhile."""
    earlier = body.get("before")
    for words, since, until in (
        (earlier, start, earlier["until"] if earlier else None),
        (body, earlier["until"] if earlier else start, end),
    ):
        if words is None:
            continue
        first = max(since, span.starts_on)
        last = min((day for day in (until, span.ends_on) if day), default=None)
        if last is None or first < last:
            fill = span.words()
            name = str(words["name"]).format(**fill)
            short = str(words.get("short", words["name"])).format(**fill)
            symbol = str(words["symbol"]).format(initials=initials(span.name))
            yield Profile("", name, short, symbol, span.name, "", span.area, first, last)


def initials(name: str) -> str:
    """ "Bà Rịa - Vũng Tàu" → "BRVT"."""
    return "".join(word[0] for word in name.split() if word[0].isalpha())


def _joined_days(made: list[Profile]) -> list[Profile]:
    """Profiles that follow each other and say the same are one."""
    found: list[Profile] = []
    for one in made:
        if found and found[-1][:7] == one[:7]:
            found[-1] = found[-1]._replace(ends_on=one.ends_on)
        else:
            found.append(one)
    return found


def _succeed(rows: Rows, place: Place, part: str, body: BodyEntry) -> None:
    """Who goes on where a body ends before the province does."""
    until = body.get("until")
    if until is None or (part != place.home and until >= MERGER):
        return
    for heir in body.get("into", ()):
        share, note = heir.get("share", "whole"), heir.get("note", "")
        row = Heir("", "", until, share, heir.get("takes", True), "", note)
        rows.part_heir(f"{body['type']}@{part}", f"{heir['type']}@{part}", row)


def _joined(rows: Rows, place: Place, part: str, body: BodyEntry) -> None:
    """A body of a province that was joined in: it ended with it, and the body of the same kind goes on."""
    span = place.part_span(part)
    start, end = _life(body, MERGER)
    code = rows.unit(f"{body['type']}@{part}", body["kind"], "province", start, end)
    parent = "" if body["type"] in _TOP else f"ubnd@{part}"
    for each in place.part_spans(part):
        for one in _named(body, each, start, end):
            name, short = (
                words if span.name in words else f"{_bare(words, each)} {each.word} {each.name}"
                for words in (one.name, one.short_name)
            )
            rows.profiles.append(
                one._replace(
                    organisation=code, name=name, short_name=short, symbol="", parent=parent
                )
            )
    if end is not None and end < MERGER:
        _succeed(rows, place, part, body)
        return
    into = (
        place.variant(place.home)
        .get("instead", {})
        .get(body["type"], [body.get("joined_into", body["type"])])
    )
    for type_ in into:
        share = "whole" if len(into) == 1 else "named"
        note = "" if len(into) == 1 else "theo lĩnh vực, chưa xác nhận"
        rows.part_heir(code, f"{type_}@{place.home}", Heir("", "", MERGER, share, True, "", note))


def _bare(words: str, span: Span) -> str:
    """ "UBMTTQ tỉnh" → "UBMTTQ": the kind of province is said again with its name."""
    return words.removesuffix(f" {span.word}")
