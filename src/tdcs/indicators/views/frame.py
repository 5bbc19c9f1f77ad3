"""What every page of indicators shows around its answer: the way down, the filters, the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from tdcs.indicators import queries
from tdcs.indicators.views.cells import askable, lines, names_of
from tdcs.indicators.views.request_params import WAY, RequestParams

KEY_NAMES: Final = {
    "office": gettext_noop("Phòng giao dịch"),
    "commune": gettext_noop("Xã, phường"),
    "group": gettext_noop("Tổ TK&VV"),
    "programme": gettext_noop("Chương trình"),
    "source": gettext_noop("Nguồn vốn"),
    "union": gettext_noop("Hội, đoàn thể"),
    "mass": gettext_noop("Hội, đoàn thể cơ sở"),
    "local": gettext_noop("Cấp nguồn vốn"),
}
# Keys with a filter of their own on every page.
FILTERS: Final = ("programme", "source")
# The first column of tables by a key, when it is said of many.
MANY: Final = {
    "office": gettext_noop("phòng giao dịch"),
    "commune": gettext_noop("xã, phường"),
    "group": gettext_noop("tổ"),
    "programme": gettext_noop("chương trình"),
    "source": gettext_noop("nguồn vốn"),
    "union": gettext_noop("hội, đoàn thể"),
    "mass": gettext_noop("hội, đoàn thể cơ sở"),
    "local": gettext_noop("cấp nguồn vốn"),
}


def named(definition: Any) -> str:
    """An indicator's name in the reader's language."""
    return str(definition.name_en if (get_language() or "vi").startswith("en") else definition.name)


def explained(definition: Any) -> str:
    """Its formula in the reader's language."""
    english = (get_language() or "vi").startswith("en")
    return str(definition.formula_en if english else definition.formula)


def frame(asked: RequestParams, page: str, key: str = "") -> dict[str, Any]:
    """shown_day for base.html, crumbs, choices of the filters; ``key``: by which the page divides."""
    catalogue = queries.catalogue()
    return {
        "asked": asked,
        "shown_day": asked.on,
        "page_url": reverse(page),
        "not_reported": unreported(asked),
        "crumbs": crumbs(asked),
        "place_name": place_name(asked),
        "definition": catalogue[asked.code],
        "code_name": named(catalogue[asked.code]),
        "codes": [
            (code, named(one)) for code, one in catalogue.items() if askable(asked, one, key)
        ],
        "choices": _choices(asked),
        "kept": [
            (k, int(v) if isinstance(v, bool) else v)
            for k, v in asked.chosen.items()
            if k not in FILTERS
        ],
    }


def unreported(asked: RequestParams) -> list[tuple[str, str]]:
    """(indicator, why) of what extracts cannot give, where the figures asked for come from extracts alone."""
    catalogue = queries.catalogue()
    english = (get_language() or "vi").startswith("en")
    found = queries.not_reported(asked.on, asked.where)
    return [(named(catalogue[code]), en if english else vi) for code, (vi, en) in found.items()]


def crumbs(asked: RequestParams) -> list[tuple[str, str]]:
    """(name, address) of what lies above the place asked, from the whole to the place itself."""
    page = reverse("indicators:overview")
    way = [(_whole(asked), page + asked.address(**dict.fromkeys(WAY)))]
    for at, key in enumerate(WAY):
        if key in asked.chosen:
            below = dict.fromkeys(WAY[at + 1 :])
            way.append((_name(asked, key), page + asked.address(**below)))
    return way


def place_name(asked: RequestParams) -> str:
    """What is looked at: the province, an office, a commune, a group."""
    chosen = [key for key in WAY if key in asked.chosen]
    return _name(asked, chosen[-1]) if chosen else _whole(asked)


def _whole(asked: RequestParams) -> str:
    for key, ids in asked.scope.items():
        found = names_of(key, sorted(ids), asked)
        if len(found) == 1:
            return next(iter(found.values()))
        return _("Phạm vi của bạn")
    return _("Toàn tỉnh")


def _name(asked: RequestParams, key: str) -> str:
    value = asked.chosen[key]
    return names_of(key, [value], asked).get(value, str(value))


def _choices(asked: RequestParams) -> list[tuple[str, str, list[tuple[Any, str, bool]]]]:
    """(key, title, its ids with names and whether chosen) of the filters that are not places."""
    found = []
    for key in FILTERS:
        open_ = replace(asked, where=_without(asked, key))
        ids: Sequence[Any] = list(lines(open_, key, ["outstanding"]))
        names: Mapping[Any, str] = names_of(key, ids, asked)
        chosen = asked.chosen.get(key)
        options = [(i, names.get(i, str(i)), chosen == i) for i in ids]
        rows = sorted(options, key=lambda row: (row[1], str(row[0])))
        if len(rows) > 1 or key in asked.chosen:
            found.append((key, _(KEY_NAMES[key]), rows))
    return found


def _without(asked: RequestParams, key: str) -> dict[str, frozenset[Any]]:
    return {k: ids for k, ids in asked.where.items() if k != key or k in asked.scope}
