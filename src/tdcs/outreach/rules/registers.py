"""Registers as law/registers.yaml defines them, and whether what was typed is a record of one. Knows no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from tdcs.core import law
from tdcs.core.amounts import NotAnAmount, dong
from tdcs.core.basis import without_basis
from tdcs.core.text import fold, nfc, squash
from tdcs.documents.reading.cells import day_of

_FILE: Final = "registers.yaml"
TYPES: Final = frozenset(
    {"text", "long", "count", "money", "date", "link", "choice", "loans", "draft"}
)
PROOFS: Final = frozenset({"link", "file", "either", "none"})
_LONGEST: Final = {"text": 300, "long": 4_000, "link": 500}
_MOST: Final = 10**15
# Kept as JSON: words, a whole number, a day as 2026-11-23, numbers of contracts.
Stored = str | int | list[str] | None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a record says besides what, who and when."""

    code: str
    name: str
    type: str
    required: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A sum of one field over the records of a period."""

    code: str
    name: str
    sum: str


@dataclass(frozen=True, slots=True)
class Register:
    """A register: who keeps it, what its records say, for which tasks it is proposed."""

    code: str
    group: str
    name: str
    measure: str
    title: str
    who: tuple[str, ...]
    serves: tuple[str, ...]
    proof: str
    fields: tuple[Field, ...]
    counts: tuple[Count, ...] = ()
    ends: str = ""

    def field(self, code: str) -> Field:
        """One of its fields. Raises KeyError."""
        return {field.code: field for field in self.fields}[code]

    def kept_by(self, kind: str) -> bool:
        """Whether units of a kind keep it."""
        return not self.who or kind in self.who


@law.remembered
def registers() -> dict[str, Register]:
    """Every register by its code, in the order of the file. Raises ValueError for an entry that contradicts itself."""
    found = {}
    for row in law.load(_FILE):
        made = _register(row)
        if made.code in found:
            raise ValueError(f"law/{_FILE}: two registers are called {made.code}")
        found[made.code] = made
    return found


def _register(row: Mapping[str, Any]) -> Register:
    fields = tuple(
        Field(
            one["code"],
            one["name"],
            one["type"],
            bool(one.get("required", False)),
            tuple(one.get("options", ())),
        )
        for one in row["fields"]
    )
    counts = tuple(Count(one["code"], one["name"], one["sum"]) for one in row.get("counts", ()))
    made = Register(
        code=row["code"],
        group=row["group"],
        name=row["name"],
        measure=row["measure"],
        title=row["title"],
        who=tuple(row.get("who", ())),
        serves=tuple(row["serves"]),
        proof=row["proof"],
        fields=fields,
        counts=counts,
        ends=row.get("ends", ""),
    )
    _require_sense(made)
    return made


def _require_sense(made: Register) -> None:
    types = {field.code: field.type for field in made.fields}
    wrong = [field.code for field in made.fields if field.type not in TYPES]
    wrong += [
        field.code for field in made.fields if (field.type == "choice") != bool(field.options)
    ]
    wrong += [one.code for one in made.counts if types.get(one.sum) not in ("count", "money")]
    if made.ends and types.get(made.ends) != "date":
        wrong.append(made.ends)
    if wrong or made.proof not in PROOFS or len(types) != len(made.fields):
        raise ValueError(f"law/{_FILE}: {made.code} contradicts itself: {', '.join(wrong)}")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field: its name, and why."""

    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.field}: {self.why}"


@without_basis("sổ theo dõi nội bộ; nội dung từng sổ ở law/registers.yaml")
def read_values(
    register: Register, typed: Mapping[str, object], on: date
) -> tuple[dict[str, Stored], list[Wrong]]:
    """What was typed as it is kept, and everything that is wrong with it; a field left empty is kept as None."""
    values: dict[str, Stored] = {}
    wrong: list[Wrong] = []
    for field in register.fields:
        given = typed.get(field.code)
        try:
            value = _value(field, given)
        except ValueError as refused:
            wrong.append(Wrong(field.name, str(refused)))
            continue
        if field.required and value in (None, "", []):
            wrong.append(Wrong(field.name, "chưa ghi"))
        values[field.code] = value
    ended = values.get(register.ends) if register.ends else None
    if isinstance(ended, str) and date.fromisoformat(ended) > on:
        wrong.append(Wrong(register.field(register.ends).name, "ngày chưa đến"))
    return values, wrong


def _value(field: Field, given: object) -> Stored:
    words = "" if given is None else nfc(str(given)).strip()
    if not words:
        return None
    if field.type in ("count", "money"):
        return _whole(field, given, words)
    if field.type == "date":
        day = day_of(given if isinstance(given, date) else words)
        if day is None:
            raise ValueError("ghi ngày dạng 23/11/2026")
        return day.isoformat()
    if field.type == "loans":
        return sorted(set(words.replace(";", ",").replace(",", " ").split()))
    return _worded(field, words)


def _whole(field: Field, given: object, words: str) -> int:
    try:
        if isinstance(given, Decimal) and given != given.to_integral_value():
            raise NotAnAmount(words)
        amount = int(given) if isinstance(given, int | Decimal) else dong(words)
    except NotAnAmount:
        raise ValueError("ghi bằng chữ số, ví dụ 1.250") from None
    if amount is None or not 0 <= amount < _MOST:
        raise ValueError("số không hợp lệ")
    return amount


def _worded(field: Field, words: str) -> Stored:
    if field.type == "choice":
        for option in field.options:
            if fold(option) == fold(words):
                return option
        raise ValueError(f"chọn một trong: {', '.join(field.options)}")
    if field.type == "link" and not words.startswith(("http://", "https://")):
        raise ValueError("liên kết phải bắt đầu bằng http:// hoặc https://")
    if field.type == "draft":
        if not words.isdecimal():
            raise ValueError("chọn một dự thảo của phòng thử nghiệm chính sách")
        return int(words)
    kept = words if field.type == "long" else squash(words)
    if len(kept) > _LONGEST.get(field.type, 300):
        raise ValueError(f"dài quá {_LONGEST[field.type]} ký tự")
    return kept


def total(register: Register, code: str, rows: Sequence[Mapping[str, Stored]]) -> int:
    """One of a register's sums over records."""
    summed = {one.code: one.sum for one in register.counts}[code]
    return sum(value for row in rows if isinstance(value := row.get(summed), int))
