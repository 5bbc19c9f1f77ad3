"""Which field a key that nobody knows was meant to be: a slip of the hand must not turn into a silent default."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache


def meant_name(key: object, known: Collection[str]) -> str | None:
    """The known name that ``key`` looks like, or None when it looks like none (an id, a note).

    Alike: the same but for case and separators ("sessionDay"), one letter off in a name of 4 to 7 letters, two in a
    longer one ("sesion_day"), or a first word left alone ("rate" for rate_ppm).
    """
    return _meant(str(key), tuple(known))


@lru_cache(maxsize=10_000)
def _meant(key: str, known: tuple[str, ...]) -> str | None:
    plain = _plain(key)
    ranked = sorted((_distance(plain, _plain(name)), name) for name in known)
    distance, nearest = ranked[0]
    if distance <= min(len(plain), len(_plain(nearest))) // 4 and distance <= 2:
        return nearest
    return next((name for name in known if name.startswith(f"{key.lower()}_")), None)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _distance(one: str, other: str) -> int:
    """Letters to put in, take out or change."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, row[0] = row[0], at
        for place, against in enumerate(other, start=1):
            changed = before + (letter != against)
            before = row[place]
            row[place] = min(changed, row[place] + 1, row[place - 1] + 1)
    return row[-1]
