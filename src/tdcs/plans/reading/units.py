"""From words to units: the longest name of the catalogue at each place, then its levels or its place.

Only words that stand in the document make a unit; what the catalogue does not know stays words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tdcs.core import law
from tdcs.core.text import fold
from tdcs.organisations import catalogue
from tdcs.plans.reading.model import UnitWords
from tdcs.plans.reading.vocabulary import (
    CITIES,
    FILLERS,
    HEADS,
    JOINTS,
    LEVEL_WORDS,
    PLACE_WORDS,
    SHORT,
    Token,
    run,
    tokens_of,
)

# A list of units is shorter; what is longer is noise.
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class _Hit:
    entry: catalogue.Entry
    first: int
    after: int


@law.remembered
def find_units(words: str) -> tuple[UnitWords, ...]:
    """Every unit named in the words, in order; unrecognised stretches come back without a unit."""
    tokens = tokens_of(words[:_LONGEST])
    found: list[UnitWords] = []
    loose_from = at = 0
    depth_class = False
    head = ""
    last: catalogue.Entry | None = None
    while at < len(tokens):
        if tokens[at].folded == "(" and depth_class:
            # "(Hội Nông dân, Hội Phụ nữ …)" after a class explains who it is.
            at = loose_from = _closing(tokens, at)
            continue
        hit = _longest(tokens, at) or (_shared(tokens, at, head) if head else None)
        if hit is None and last and tokens[at - 1].folded in JOINTS and _place(tokens, at)[0]:
            # "UBND thành phố Biên Hòa, thành phố Long Khánh": the unit is said once.
            hit = _Hit(last, at, at)
        if hit is None:
            at += 1
            continue
        found.extend(_loose(words, tokens[loose_from:at], after_name=last is not None))
        if hit.entry.is_class and _is_list_head(tokens, hit):
            head, at = _head_of(tokens, at) or head, hit.after
            loose_from = at
            continue
        levels, area, qualifier, after = _narrow(tokens, hit.after, hit.entry)
        base = UnitWords(
            words=words[tokens[at].start : tokens[after - 1].end],
            unit=hit.entry.code,
            name=hit.entry.name,
            area=area,
            qualifier=qualifier,
        )
        found.extend(replace(base, levels=(level,)) for level in levels or ())
        if not levels:
            found.append(base)
        head = _head_of(tokens, at) or head
        depth_class = hit.entry.is_class
        last = hit.entry
        at = loose_from = after
    found.extend(_loose(words, tokens[loose_from:], after_name=last is not None))
    return _distinct(found)


def _is_list_head(tokens: list[Token], hit: _Hit) -> bool:
    """ "Các Sở: Tài chính, Y tế": the class only opens a list of its members."""
    after = hit.after
    return after < len(tokens) and tokens[after].folded == ":" and _head_of(tokens, hit.first) != ""


@law.remembered
def _names() -> dict[str, list[tuple[tuple[str, ...], catalogue.Entry, bool]]]:
    """Names by their first token, longest first; the flag says the name needs NHCSXH beside it."""
    names: dict[str, list[tuple[tuple[str, ...], catalogue.Entry, bool]]] = {}
    for entry in catalogue.entries().values():
        pairs = [(name, False) for name in (entry.name, *entry.aliases)]
        for name, bare in [*pairs, *((name, True) for name in entry.bare)]:
            parts = tuple(t.folded for t in tokens_of(name) if t.folded not in "-–,;:/().")
            names.setdefault(parts[0], []).append((parts, entry, bare))
    for row in names.values():
        row.sort(key=lambda item: -len(item[0]))
    return names


def _longest(tokens: list[Token], at: int, parts_before: tuple[str, ...] = ()) -> _Hit | None:
    first = parts_before[0] if parts_before else tokens[at].folded
    for parts, entry, bare in _names().get(first, ()):
        if bare and not any(token.folded == "nhcsxh" for token in tokens):
            continue
        rest = parts[len(parts_before) :]
        if parts[: len(parts_before)] != parts_before or not rest:
            continue
        after = run(tokens, at, rest)
        if after and _whole(tokens, at, after):
            return _Hit(entry, at, after)
    return None


def _whole(tokens: list[Token], at: int, after: int) -> bool:
    """A one-token name of lower case inside a sentence is a common word, not a name ("báo", "thuế")."""
    return after - at > 1 or len(tokens[at].folded) > 3 or tokens[at].raw[:1].isupper()


def _shared(tokens: list[Token], at: int, head: str) -> _Hit | None:
    """ "các Sở: Tài chính, Y tế": the head noun is said once."""
    if at == 0 or tokens[at - 1].folded not in JOINTS or not tokens[at].raw[:1].isupper():
        return None
    return _longest(tokens, at, tuple(head.split()))


def _head_of(tokens: list[Token], at: int) -> str:
    words = [token.folded for token in tokens[at : at + 3]]
    if words[:1] == ["cac"]:
        words = words[1:]
    for head in HEADS:
        if " ".join(words).startswith(head + " ") or words[:1] == [head]:
            return head
    return ""


def _narrow(
    tokens: list[Token], at: int, entry: catalogue.Entry
) -> tuple[list[str], str, str, int]:
    """Levels, place and qualifier that follow a name; the index after them."""
    levels: list[str] = []
    qualifier = ""
    area, level, at = _place(tokens, at)
    if level:
        levels.append(level)
    while not area:
        step = at
        while (
            levels and step < len(tokens) and tokens[step].folded in {",", "va", "/", "-", "–", ";"}
        ):
            step += 1
        more, after = _level(tokens, step, listed=step > at)
        if not after:
            break
        levels.extend(one for one in more if one not in levels)
        at = after
    at, qualifier = _qualifier(tokens, at)
    if qualifier and not levels:
        more, after = _level(
            tokens, at + (at < len(tokens) and tokens[at].folded == "o"), listed=False
        )
        if after:
            levels, at = list(more), after
    if entry.fixed_level:
        levels = levels[:0] if len(levels) != 1 else levels
    elif levels and entry.levels and not entry.open_class:
        levels = [one for one in levels if one in entry.levels] or levels
    return levels, area, qualifier, at


def _level(tokens: list[Token], at: int, *, listed: bool) -> tuple[tuple[str, ...], int]:
    """One level phrase at ``at``; ``listed``: after a comma a bare word counts only when "cấp" precedes it."""
    words = [token.folded for token in tokens[at : at + 8]]
    text = " ".join(words) + " "
    if text.startswith("o "):
        return _level(tokens, at + 1, listed=listed) if len(words) > 1 else ((), 0)
    for phrase, levels in (
        ("cac cap ", ("province", "district", "commune")),
        ("ba cap ", ("province", "district", "commune")),
        ("cap tinh ", ("province",)),
        ("cap huyen ", ("district",)),
        ("cap xa ", ("commune",)),
        ("cap thanh pho ", ("province",)),
        ("cap co so ", ("commune",)),
        ("cac huyen , thi xa , thanh pho ", ("district",)),
        ("cac huyen , thanh pho , thi xa ", ("district",)),
        ("cac huyen , thi xa va thanh pho ", ("district",)),
        ("cac quan , huyen , thi xa ", ("district",)),
        ("cac quan , huyen ", ("district",)),
        ("cac huyen , thanh pho ", ("district",)),
        ("cac huyen va thanh pho ", ("district",)),
        ("huyen , thi xa , thanh pho ", ("district",)),
        ("huyen , thanh pho ", ("district",)),
        ("cac huyen ", ("district",)),
        ("cac xa , phuong , thi tran ", ("commune",)),
        ("cac xa , phuong va thi tran ", ("commune",)),
        ("xa , phuong , thi tran ", ("commune",)),
        ("cac xa , thi tran ", ("commune",)),
        ("cac xa , phuong , dac khu ", ("commune",)),
        ("cac xa , phuong ", ("commune",)),
        ("cac phuong , xa ", ("commune",)),
        ("xa , phuong ", ("commune",)),
        ("cac xa ", ("commune",)),
    ):
        if text.startswith(phrase):
            return levels, at + len(phrase.split())
    if words and words[0] in LEVEL_WORDS and (not listed or _ends(tokens, at + 1)):
        return (LEVEL_WORDS[words[0]],), at + 1
    if words[:2] == ["thanh", "pho"] and not listed and _ends(tokens, at + 2):
        return ("province",), at + 2
    if words[:2] == ["trung", "uong"]:
        return ("central",), at + 2
    return (), 0


def _ends(tokens: list[Token], at: int) -> bool:
    return at >= len(tokens) or tokens[at].folded in JOINTS or tokens[at].folded == ")"


def _place(tokens: list[Token], at: int) -> tuple[str, str, int]:
    """A named place at ``at`` ("huyện Định Quán"): its name, level and the index after; else "", "", at."""
    for words, level in PLACE_WORDS:
        after = run(tokens, at, tuple(words.split()), signs="")
        if not after:
            continue
        end = after
        while end < len(tokens) and end - after < 4 and _proper(tokens[end], first=end == after):
            end += 1
        if end == after:
            continue
        name = " ".join(token.raw for token in tokens[after:end])
        if level == "province" or (words == "thanh pho" and fold(name) in CITIES):
            return "", "province", end
        return name, level, end
    return "", "", at


def _proper(token: Token, *, first: bool) -> bool:
    known = token.folded in ("nhcsxh", "ubnd", "mttq", "hdqt", "bdd", "ctxh")
    return not known and (token.raw[:1].isupper() or (token.raw.isdigit() and not first))


def _qualifier(tokens: list[Token], at: int) -> tuple[int, str]:
    words = [token.folded for token in tokens[at : at + 3]]
    if words[:2] == ["lien", "quan"]:
        return at + 2, "liên quan"
    if words == ["co", "lien", "quan"]:
        return at + 3, "liên quan"
    return at, ""


def _closing(tokens: list[Token], at: int) -> int:
    for index in range(at, len(tokens)):
        if tokens[index].folded == ")":
            return index + 1
    return len(tokens)


def _loose(words: str, tokens: list[Token], *, after_name: bool) -> list[UnitWords]:
    """What stands between two names: nothing, fillers, or words that name somebody unknown."""
    found: list[UnitWords] = []
    for number, stretch in enumerate(_stretches(tokens)):
        if number == 0 and after_name and all(token.raw[:1].isupper() for token in stretch):
            # "Đài PT-TH Hòa An": the place right behind a name belongs to it.
            continue
        if all(token.folded in FILLERS or token.folded.isdigit() for token in stretch):
            continue
        found.extend(_fuzzy(words, stretch))
    return found


def _stretches(tokens: list[Token]) -> list[list[Token]]:
    stretches: list[list[Token]] = [[]]
    for token in tokens:
        if token.folded in {",", ";", ":", "(", ")", "+", "/"}:
            stretches.append([])
        elif token.folded not in {"-", "–", "."}:
            stretches[-1].append(token)
    return stretches


def _fuzzy(words: str, stretch: list[Token]) -> list[UnitWords]:
    """A name with words glued or one letter wrong, when exactly one long name is that near; else the words."""
    said = UnitWords(words=words[stretch[0].start : stretch[-1].end])
    for count in range(min(len(stretch), 12), 0, -1):
        key = "".join(re.sub(r"[^a-z0-9]", "", token.folded) for token in stretch[:count])
        if len(key) < 8:
            continue
        near = {
            entry.code: entry
            for size in (len(key) - 1, len(key), len(key) + 1)
            for end in ("^" + key[:4], key[-4:] + "$")
            for name, entry in _squashed().get((size, end), ())
            if _near(key, name)
        }
        if len(near) == 1:
            entry = next(iter(near.values()))
            levels, area, qualifier, after = _narrow(stretch, count, entry)
            if any(token.folded not in FILLERS for token in stretch[after:]):
                # "Chi cục Thủy sản" is not "Chi cục Thuế" with a slip: more of the name follows.
                continue
            made = replace(said, unit=entry.code, name=entry.name, area=area, fuzzy=True)
            made = replace(made, qualifier=qualifier)
            return [replace(made, levels=(level,)) for level in levels] or [made]
    return [said]


@law.remembered
def _squashed() -> dict[tuple[int, str], list[tuple[str, catalogue.Entry]]]:
    """Long names without spaces, by their length and either end: one slip leaves one of the ends as it is."""
    names: dict[tuple[int, str], list[tuple[str, catalogue.Entry]]] = {}
    for entry in catalogue.entries().values():
        for name in (entry.name, *entry.aliases):
            for form in {name, _written_out(name)}:
                key = re.sub(r"[^a-z0-9]", "", fold(form))
                if len(key) >= 8:
                    names.setdefault((len(key), "^" + key[:4]), []).append((key, entry))
                    names.setdefault((len(key), key[-4:] + "$"), []).append((key, entry))
    return names


def _written_out(name: str) -> str:
    """The name with its first short form written long, as a glued line would hold it."""
    folded = f" {fold(name)} "
    for long, short in SHORT:
        folded = folded.replace(f" {short} ", f" {long} ")
    return folded.strip()


def _near(one: str, other: str) -> bool:
    """Equal but for one letter put in, left out or changed; short names must be equal."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or len(other) < 12:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at:] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
    )


def _distinct(found: list[UnitWords]) -> tuple[UnitWords, ...]:
    seen: set[tuple[object, ...]] = set()
    kept = []
    for unit in found:
        key = (
            (unit.unit, unit.levels, fold(unit.area), unit.qualifier)
            if unit.unit
            else (unit.words,)
        )
        if key not in seen:
            seen.add(key)
            kept.append(unit)
    return tuple(kept)
