"""What commands and pages tell of a programme: each figure in words, with its period, basis, source and certainty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, TypedDict

from tdcs.core import law
from tdcs.core.dated import Parameter, Value
from tdcs.core.errors import NoParametersOnDay
from tdcs.programmes.rules.lawbook import cite, documents
from tdcs.programmes.rules.overlays import CENTRAL, laid_over, own_limits
from tdcs.programmes.rules.shared import all_shared
from tdcs.programmes.rules.terms import REGIME_UNIT, Programme, programme, programmes, terms_on

LABELS: Final = {
    "rate": "Lãi suất",
    "maximum": "Mức vay tối đa",
    "term": "Thời hạn tối đa",
    "monthly": "Mức vay mỗi tháng, mỗi người học",
    "regime": "Kỳ không trả đúng hạn",
    "overdue_rate": "Lãi suất nợ quá hạn",
}
# Shared figures that say how any loan runs; the rest belong to groups, inspection, review.
# The words of core.dated.CERTAINTIES as screens print them.
CERTAINTY_WORDS: Final = {
    "law text": "theo văn bản luật",
    "public page": "theo trang công khai",
    "practice": "theo thực tế nghiệp vụ",
    "unverified": "chưa kiểm chứng",
}
_OF_A_LOAN: Final = (
    "overdue_percent",
    "missed_instalment_overdue",
    "instalment_rounding",
    "extension_short_months",
    "extension_long_percent",
    "freeze_months_below_80",
    "freeze_months_from_80",
)


FigureRow = TypedDict(
    "FigureRow",
    {
        "label": str,
        "target_group": str,
        "value": int,
        "unit": str,
        "words": str,
        "multiple_percent": int | None,
        "from": str,
        "to": str | None,
        "document": str,
        "document_number": str,
        "document_title": str,
        "article": str,
        "basis": str,
        "source": str,
        "no_article": str,
        "certainty": str,
        "certainty_words": str,
        "verified": bool,
        "reach": str,
    },
)


class SummaryRow(TypedDict):
    """A programme's main figures on a day; None where it does not lend or the law sets none."""

    programme: str
    name: str
    channel: str
    in_force: bool
    rate_ppm: int | None
    maximum: int | None
    max_term_months: int | None


class ShownProgramme(TypedDict):
    """A programme's parameters on a day, as commands print them."""

    programme: str
    name: str
    on: str
    target_group: str
    channel: str
    kinds: list[str]
    rate_ppm: int
    overdue_rate_ppm: int
    maximum: int | None
    max_term_months: int | None
    instalment_months: int | None
    overdue_regime: str
    target_groups: dict[str, str]
    also: list[str]
    not_kinds: list[str]
    figures: list[FigureRow]
    shared: list[FigureRow]
    law_hash: str


def percent(ppm: int) -> str:
    """83820 → "8,382%/năm"."""
    whole, rest = divmod(ppm, 10_000)
    tail = f"{rest:04d}".rstrip("0")
    return f"{whole},{tail}%/năm" if tail else f"{whole}%/năm"


def words_of(value: Value) -> str:
    """The value as a person says it: a rate in percent, money in full dong, else number and unit."""
    if value.unit == "phần triệu/năm":
        share = f" ({value.multiple}% lãi suất hộ nghèo)" if value.multiple else ""
        return percent(value.amount) + share
    if value.unit == REGIME_UNIT:
        return "chuyển quá hạn ngày hôm sau" if value.amount else "dồn vào kỳ sau"
    grouped = f"{value.amount:,}".replace(",", ".")
    return f"{grouped} {value.unit}".strip()


def shared_label(name: str) -> str:
    """The Vietnamese name of a shared figure."""
    label = law.load("parameters/names.yaml").get(name)
    return str(label or name)


def summary(on: date) -> list[SummaryRow]:
    """Every programme with whether it lends on a day and its main figures."""
    rows = []
    for code, one in programmes().items():
        try:
            terms = terms_on(code, on)
        except NoParametersOnDay:
            terms = None
        rows.append(
            SummaryRow(
                programme=code,
                name=one.name,
                channel=one.channel,
                in_force=terms is not None,
                rate_ppm=terms.rate_ppm if terms else None,
                maximum=terms.maximum if terms else None,
                max_term_months=terms.max_term_months if terms else None,
            )
        )
    return rows


def shown(
    code: str, on: date, target_group: str = "", *, province: str = "", tier: str = CENTRAL
) -> ShownProgramme:
    """A programme's parameters on a day. Raises UnknownProgramme, UnknownProvince, NoParametersOnDay."""
    one = programme(code)
    terms = terms_on(code, on, target_group, province=province, tier=tier)
    figures = [
        figure_row(label, key, value)
        for label, key, parameter in series(one, province, tier)
        if (not target_group or key in ("", target_group))
        and (value := parameter.find(on)) is not None
    ]
    held = {name: all_shared()[name].find(on) for name in _OF_A_LOAN}
    return {
        "programme": code,
        "name": one.name,
        "on": on.isoformat(),
        "target_group": target_group,
        "channel": one.channel,
        "kinds": list(one.kinds),
        "rate_ppm": terms.rate_ppm,
        "overdue_rate_ppm": (terms.overdue_base_ppm or terms.rate_ppm)
        * terms.overdue_percent
        // 100,
        "maximum": terms.maximum,
        "max_term_months": terms.max_term_months,
        "instalment_months": one.spacing,
        "overdue_regime": terms.regime,
        "target_groups": {key: name for key, (name, _) in one.groups.items()},
        "also": list(one.also),
        "not_kinds": list(one.not_kinds),
        "figures": figures,
        "shared": [
            figure_row(shared_label(name), "", value) for name, value in held.items() if value
        ],
        "law_hash": terms.law_hash,
    }


def series(
    one: Programme, province: str = "", tier: str = CENTRAL
) -> Iterator[tuple[str, str, Parameter]]:
    """Every figure of a programme over time: label, target group, parameter; its own first."""
    for key, own in (("", one.figures), *((key, own) for key, (_, own) in one.groups.items())):
        for name, label in LABELS.items():
            found = laid_over(province, tier, (one.code, key), name, own.get(name))
            if found is not None and (name in own or not key):
                yield label, key, found
    for name in dict.fromkeys((*one.limits, *own_limits(province, tier, one.code))):
        limit = laid_over(province, tier, (one.code, ""), name, one.limits.get(name))
        if limit is not None:
            yield name, "", limit


def figure_row(label: str, target_group: str, value: Value) -> FigureRow:
    """One dated value as commands print it."""
    text = documents().get(value.document)
    return {
        "label": label,
        "target_group": target_group,
        "value": value.amount,
        "unit": value.unit,
        "words": words_of(value),
        "multiple_percent": value.multiple,
        "from": value.starts_on.isoformat(),
        "to": value.ends_on.isoformat() if value.ends_on else None,
        "document": value.document,
        "document_number": text.number if text else "",
        "document_title": text.title if text else "",
        "article": value.article,
        "basis": cite(value),
        "source": value.source,
        "no_article": value.no_article,
        "certainty": value.certainty,
        "certainty_words": CERTAINTY_WORDS[value.certainty],
        "verified": value.verified,
        "reach": value.reach,
    }


def months(number: int) -> str:
    """120 → "120 tháng"."""
    return f"{number} tháng"


def kind_names(kinds: Iterable[str]) -> list[str]:
    """Kinds of eligibility as screens call them."""
    known = law.load("parameters/eligibility.yaml")["kinds"]
    return [str(known[kind]["name"]) for kind in kinds]


def regime_on(one: Programme, on: date) -> str:
    """How a missed instalment of a loan made on a day counts: "instalment" or "final"; "" where the law is silent."""
    try:
        return terms_on(one.code, on).regime
    except NoParametersOnDay:
        return ""
