"""What a page of indicators was asked for: everything is in the address, and nothing reaches beyond the person's scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Literal

from django.http import Http404, QueryDict

from tdcs.access.gate import PersonRequest
from tdcs.closing.queries import shown_day
from tdcs.core import clock
from tdcs.http import parse_day
from tdcs.indicators.queries import catalogue, values, visible_where

Units = Literal["then", "today"]

# From the province to the loan; what follows the last of them is the loans themselves.
WAY: Final = ("office", "commune", "group")
_PLACES: Final = (*WAY, "mass", "union")
# Every key by which figures may be cut, with the type of its ids in the address.
CUTS: Final[dict[str, Callable[[str], Any]]] = {
    "office": int,
    "commune": int,
    "group": int,
    "programme": str,
    "source": int,
    "union": str,
    "mass": int,
    "local": {"0": False, "1": True}.get,
}


@dataclass(frozen=True)
class RequestParams:
    """``chosen``: key → the one id in the address. ``where``: what values() is asked, scope and choice together."""

    on: date
    against: date | None
    code: str
    chosen: dict[str, Any]
    where: dict[str, frozenset[Any]]
    units: Units
    by: str
    scope: dict[str, frozenset[Any]] = field(default_factory=dict)

    @property
    def next_key(self) -> str:
        """The key of the rows one click below; empty where the loans themselves are next."""
        fixed = [at for at, key in enumerate(WAY) if key in self.chosen]
        start = fixed[-1] + 1 if fixed else 1 if "office" in self.scope else 0
        if not fixed and "commune" in self.scope:
            start = WAY.index("group")
        return WAY[start] if start < len(WAY) else ""

    def address(self, **changes: Any) -> str:
        """The query that asks the same with changes; None takes a filter away."""
        params = QueryDict(mutable=True)
        kept: dict[str, Any] = {key: _written(value) for key, value in self.chosen.items()}
        kept |= {
            "code": self.code,
            "by": self.by,
            "units": self.units if self.units != "then" else "",
        }
        if self.on_asked:
            kept["on"] = self.on.isoformat()
        if self.against_asked and self.against:
            kept["against"] = self.against.isoformat()
        kept |= {key: _written(value) for key, value in changes.items()}
        for key, value in kept.items():
            if value not in (None, ""):
                params[key] = str(value)
        return f"?{params.urlencode()}" if params else "?"

    on_asked: bool = False
    against_asked: bool = False


def _written(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def read_request_params(
    request: PersonRequest, *, codes: tuple[str, ...], code: str
) -> RequestParams | None:
    """The address as a question about a closed day; None while no day is closed.

    404 for a unit outside the person's scope, for an id that is none, and for a person without any scope.
    """
    scope = {key: frozenset(ids) for key, ids in visible_where(request.user).items()}
    if not all(scope.values()):
        raise Http404("scope")
    get, today = request.GET, clock.today()
    asked_day = parse_day(get.get("on"))
    on = shown_day(min(asked_day or today, today)) or shown_day(today)
    if on is None:
        return None
    asked_against = parse_day(get.get("against"))
    # Without a choice: the last closed day of the month before.
    against = shown_day(asked_against or on.replace(day=1) - timedelta(days=1))
    chosen = _chosen(get)
    where: dict[str, frozenset[Any]] = dict(scope)
    for key, value in chosen.items():
        if key in scope and value not in scope[key]:
            raise Http404(key)
        where[key] = frozenset({value})
    if scope and any(key in chosen and key not in scope for key in _PLACES):
        _lends_there(on, where)
    wanted, by = get.get("code", ""), get.get("by", "")
    # An indicator that knows no such key cannot be asked inside it: no access by source of capital.
    known = wanted in codes and set(where) <= set(catalogue()[wanted].keys)
    return RequestParams(
        on=on,
        against=against if against and against < on else None,
        code=wanted if known else code,
        chosen=chosen,
        where=where,
        units="today" if get.get("units") == "today" else "then",
        by=by if by in CUTS else "",
        scope=scope,
        on_asked=asked_day is not None,
        against_asked=asked_against is not None,
    )


def _lends_there(on: date, where: dict[str, frozenset[Any]]) -> None:
    """404 when a restricted person names a unit in which nothing of the own scope was lent, whatever the programme asked."""
    places = {key: ids for key, ids in where.items() if key in _PLACES}
    found = values(on=on, codes=["outstanding", "loans"], where=places)
    if not any(found["value"].to_list()):
        raise Http404("scope")


def _chosen(get: QueryDict) -> dict[str, Any]:
    chosen = {}
    for key, read in CUTS.items():
        words = get.get(key, "").strip()
        if not words:
            continue
        try:
            chosen[key] = read(words)
        except ValueError as wrong:
            raise Http404(key) from wrong
        if chosen[key] is None or (isinstance(chosen[key], int) and not -1 <= chosen[key] < 2**63):
            raise Http404(key)
    return chosen
