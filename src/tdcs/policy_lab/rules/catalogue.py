"""The values of the law that a draft may change: those on which a figure of the comparison depends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Final

from tdcs.core import law
from tdcs.core.basis import Basis, without_basis
from tdcs.households.rules import INDICATORS
from tdcs.loans.rules.accrual import MOST_OVERDUE_PERCENT, MOST_PRINCIPAL, MOST_RATE_PPM
from tdcs.programmes.rules import cite_basis, programmes
from tdcs.programmes.rules.figures import Figure, figures
from tdcs.programmes.rules.showing import LABELS, percent, shared_label

PPM_UNIT: Final = "phần triệu/năm"
DONG: Final = "đồng"
DONG_A_MONTH: Final = "đồng/người/tháng"
PROGRAMMES, LINES = "parameters/programmes.yaml", "parameters/poverty_lines.yaml"
LOANS = "parameters/loans.yaml"
# Terms in months, fees in parts per million a month: far beyond any law, so that only slips of the hand are refused.
_MOST_MONTHS: Final = 600
_MOST_MULTIPLE: Final = 1_000
_MOST_FEE_PPM: Final = 20_000
_MOST_LINE: Final = 10**9
ROLES: Final = ("kinds", "also", "not_kinds")
_ROLE_LABELS: Final = {
    "kinds": "Diện được vay",
    "also": "Điều kiện kèm theo",
    "not_kinds": "Diện không được vay",
}
_PLACES: Final = {"rural": "nông thôn", "urban": "thành thị"}
_LINE_LABELS: Final = {"poor": "Chuẩn nghèo, cận nghèo", "average": "Chuẩn mức sống trung bình"}
_STANDARDS: Final = {"national": "trung ương", "local": "địa phương"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How a value is written (the first is the usual key), its unit, and between which amounts it can lie.

    ``reaches``: a row of it may reach loans that run. ``signed``: the day on which a loan was signed decides which row
    holds for it, so that a row of the past still counts.
    """

    keys: tuple[str, ...]
    unit: str
    least: int
    most: int
    reaches: bool = False
    signed: bool = False


_RATE: Final = Bounds(("ppm", "multiple"), PPM_UNIT, 0, MOST_RATE_PPM, reaches=True, signed=True)
_BY_NAME: Final[tuple[tuple[str, Bounds], ...]] = (
    ("*.rate", _RATE),
    ("*.overdue_rate", Bounds(("ppm", "multiple"), PPM_UNIT, 0, MOST_RATE_PPM, signed=True)),
    ("*.maximum", Bounds(("value",), DONG, 1, MOST_PRINCIPAL)),
    ("*.term", Bounds(("months",), "tháng", 1, _MOST_MONTHS)),
    ("*.regime", Bounds(("value",), "", 0, 1, signed=True)),
    ("overdue_percent", Bounds(("value",), "", 0, MOST_OVERDUE_PERCENT, reaches=True, signed=True)),
    ("missed_instalment_overdue", Bounds(("value",), "", 0, 1, signed=True)),
    ("commission_interest_ppm", Bounds(("value",), "", 0, _MOST_FEE_PPM)),
    ("entrustment_fee_ppm", Bounds(("value",), "", 0, _MOST_FEE_PPM)),
    ("lines.*.*.poor", Bounds(("value",), DONG_A_MONTH, 1, _MOST_LINE)),
    ("lines.*.*.average", Bounds(("value",), DONG_A_MONTH, 1, _MOST_LINE)),
    ("lines.*.deprivations", Bounds(("value",), "", 0, INDICATORS)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the law as it holds on a day; ``path`` says where in ``file``. Of who qualifies, ``kinds`` holds the list."""

    figure: str
    file: str
    path: tuple[str | int, ...]
    label: str
    group: str
    bounds: Bounds
    amount: int
    key: str
    unit: str
    basis: str
    kinds: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The value as a person says it."""
        if self.key == "kinds":
            return ", ".join(kind_name(kind) for kind in self.kinds) or "không có"
        if self.key == "multiple":
            return f"{self.amount}% lãi suất hộ nghèo"
        if self.unit == PPM_UNIT:
            return percent(self.amount)
        grouped = f"{self.amount:,}".replace(",", ".")
        return f"{grouped} {self.unit}".strip()


@without_basis("liệt kê các con số của luật mà phép so sánh dùng tới")
def changeable(day: date) -> dict[str, Entry]:
    """Every value that a draft may change, by its name, as it stands on a day."""
    found: dict[str, Entry] = {}
    for figure in figures():
        bounds = bounds_of(figure.series) if _measured(figure) else None
        if bounds is not None and _holds(figure, day):
            found[figure.series] = _entry(figure, bounds)
    for code, one in programmes().items():
        for role, kinds in (("kinds", one.kinds), ("also", one.also), ("not_kinds", one.not_kinds)):
            name = f"{code}.{role}"
            label = f"{_ROLE_LABELS[role]}"
            found[name] = Entry(
                name, PROGRAMMES, (code, role), label, one.short,
                Bounds(("kinds",), "", 0, 0), 0, "kinds", "", _doors_basis(), kinds,
            )  # fmt: skip
    return found


def known_names() -> frozenset[str]:
    """Every figure of the law by its name, changeable here or not."""
    return frozenset(figure.series for figure in figures())


def bounds_of(series: str) -> Bounds | None:
    """How a value of that name is written; None for one that no figure of the comparison depends on."""
    return next((bounds for name, bounds in _BY_NAME if fnmatchcase(series, name)), None)


def limits_of(bounds: Bounds, key: str) -> tuple[int, int]:
    """Between which amounts a value lies, by how it is written: a multiple is percent of the poor-household rate."""
    return (0, _MOST_MULTIPLE) if key == "multiple" else (bounds.least, bounds.most)


def kind_name(kind: str) -> str:
    """A kind of eligibility as screens call it."""
    known = law.load("parameters/eligibility.yaml")["kinds"]
    return str(known[kind]["name"]) if kind in known else kind


def known_kinds() -> frozenset[str]:
    """Codes of every kind of eligibility."""
    return frozenset(law.load("parameters/eligibility.yaml")["kinds"])


def _measured(figure: Figure) -> bool:
    """Limits of parts of a loan and a province's own rows bear names of the same shape; they are not tried."""
    in_file = figure.file in (
        PROGRAMMES,
        LINES,
        LOANS,
    )
    return in_file and "limits" not in figure.path and figure.path[-1] not in ("binding", "overdue")


def _holds(figure: Figure, day: date) -> bool:
    since = figure.since is None or figure.since <= day
    return since and (figure.until is None or day < figure.until)


def _entry(figure: Figure, bounds: Bounds) -> Entry:
    label, group = _label(figure)
    key = str(figure.path[-1])
    unit = str(figure.row.get("unit") or "") or bounds.unit
    usual = key if key in bounds.keys else bounds.keys[0]
    return Entry(
        figure.series, figure.file, figure.path, label, group, bounds, figure.value, usual, unit,
        _basis(figure.row),
    )  # fmt: skip


def _label(figure: Figure) -> tuple[str, str]:
    """(name of the value, of what it is)."""
    names = figure.series.split(".")
    if figure.file == PROGRAMMES:
        one = programmes()[names[0]]
        special = one.groups[names[1]][0] if len(names) > 2 else ""
        return LABELS[names[-1]], f"{one.short} ({special})" if special else one.short
    if figure.file == LINES:
        standard = f"Chuẩn {_STANDARDS.get(names[1], names[1])}"
        if names[-1] == "deprivations":
            return "Số chỉ số thiếu hụt từ đó là nghèo", standard
        return f"{_LINE_LABELS[names[-1]]}, {_PLACES[names[2]]}", standard
    return shared_label(names[0]), "Quy định chung"


def _basis(row: Any) -> str:
    """The text behind a row: dated rows name it themselves, lines under ``basis``."""
    held = row.get("basis") or row
    return cite_basis(Basis(held.get("document", ""), held.get("article", "")))


def _doors_basis() -> str:
    """Who qualifies stands in each programme's text; the common one is that of the rule itself."""
    return cite_basis(Basis("ND-78-2002", ""))


def groups_of(entries: dict[str, Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """(of what, its values) in the law's order."""
    held: dict[str, list[Entry]] = {}
    for entry in entries.values():
        held.setdefault(entry.group, []).append(entry)
    yield from held.items()
