"""Forms out of YAML: every key is known or the file is refused, with the place of the fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast, get_args

from tdcs.core import law
from tdcs.documents.columns import Kind
from tdcs.documents.forms.model import (
    Beside,
    Block,
    Checks,
    Entry,
    Form,
    FormColumn,
    Listing,
    PrintedLine,
    Role,
    Signatures,
    Signer,
)

_FOLDER: Final = "forms"
_ROLES: Final = get_args(Role)
_KINDS: Final = get_args(Kind)
_KEYS: Final = {
    "number",
    "title",
    "subtitle",
    "basis",
    "confirmed",
    "subjects",
    "paper",
    "header",
    "parent",
    "issuer",
    "reference",
    "place",
    "size",
    "blocks",
}


class FormFault(ValueError):
    """A file of law/forms that cannot be read as a form."""


@law.remembered
def forms() -> Mapping[str, Form]:
    """Every form of law/forms by its number, such as "01/TD"."""
    files = sorted((law.path(_FOLDER)).glob("*.yaml"))
    found = [read_form(law.load(f"{_FOLDER}/{file.name}"), file.name) for file in files]
    return {form.number: form for form in found}


def form_at(slug: str) -> Form | None:
    """The form by its number as an address writes it: "01-TD", "HDTD"."""
    return {address_of(form.number): form for form in forms().values()}.get(slug)


def address_of(number: str) -> str:
    """ "01/TD" → "01-TD"; plain letters, so that file names and addresses need no escapes."""
    return number.replace("/", "-").replace("Đ", "D")


def read_form(data: Mapping[str, Any], name: str = "") -> Form:
    """One form. Raises FormFault."""
    _only(data, _KEYS, name)
    paper, header = data.get("paper", "portrait"), data.get("header", "nation")
    if paper not in ("portrait", "landscape") or header not in ("nation", "issuer"):
        raise FormFault(f"{name}: paper {paper!r}, header {header!r}")
    return Form(
        number=data["number"],
        title=data["title"],
        subtitle=data.get("subtitle", ""),
        basis=data["basis"],
        confirmed=data["confirmed"],
        subjects=tuple(data["subjects"]),
        paper=paper,
        header=header,
        parent=data.get("parent", ""),
        issuer=data.get("issuer", ""),
        reference=data.get("reference", ""),
        place=data.get("place", ""),
        size=float(data.get("size", 13)),
        blocks=tuple(
            _entry(block, f"{name}, khối {n}") for n, block in enumerate(data["blocks"], 1)
        ),
    )


def _entry(data: Mapping[str, Any], where: str) -> Entry:
    rest = {key: value for key, value in data.items() if key != "when"}
    if len(rest) != 1:
        raise FormFault(f"{where}: {sorted(rest)}")
    [(kind, value)] = rest.items()
    return Entry(_block(kind, value, where), data.get("when", ""))


def _block(kind: str, value: Any, where: str) -> Block:
    if kind in _ROLES:
        return PrintedLine(cast(Role, kind), value)
    if kind == "beside":
        return _read_beside(value, where)
    if kind == "checks":
        _only(value, {"label", "value", "choices", "stacked"}, where)
        choices = tuple((str(key), words) for key, words in value["choices"].items())
        return Checks(value["label"], value["value"], choices, value.get("stacked", False))
    if kind == "table":
        return _listing(value, where)
    if kind == "signatures":
        return Signatures(tuple(_signer(one, where) for one in value))
    raise FormFault(f"{where}: {kind}")


def _read_beside(value: Any, where: str) -> Beside:
    """A list of templates of equal shares, or a list of {share: template}."""
    if all(isinstance(one, str) for one in value):
        return Beside(tuple(value), (1 / len(value),) * len(value))
    shares = [next(iter(one)) for one in value]
    if abs(sum(shares) - 100) > 0.01:
        raise FormFault(f"{where}: tổng độ rộng {sum(shares)}")
    return Beside(tuple(next(iter(one.values())) for one in value), tuple(s / 100 for s in shares))


def _listing(value: Mapping[str, Any], where: str) -> Listing:
    _only(value, {"rows", "columns", "total", "least", "empty"}, where)
    return Listing(
        rows=value["rows"],
        columns=tuple(_column(one, where) for one in value["columns"]),
        total=value.get("total", ""),
        least=value.get("least", 0),
        empty=value.get("empty", "Không có số liệu."),
    )


def _column(value: Mapping[str, Any], where: str) -> FormColumn:
    _only(value, {"title", "key", "kind", "total", "group", "width"}, where)
    if value.get("kind", "text") not in _KINDS:
        raise FormFault(f"{where}: {value['kind']}")
    if not isinstance(value["key"], str):  # YAML reads on, no and yes as truth values
        raise FormFault(f"{where}: {value['key']}")
    return FormColumn(**value)


def _signer(value: Mapping[str, Any], where: str) -> Signer:
    _only(value, {"title", "under", "name", "before"}, where)
    return Signer(**value)


def _only(data: Mapping[str, Any], known: set[str], where: str) -> None:
    if strange := set(data) - known:
        raise FormFault(f"{where}: {sorted(strange)}")
