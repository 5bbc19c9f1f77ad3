"""Write docs/reference/indicators.md from law/indicators: `python tools/indicators.py`. A test fails when it is not current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
PAGE = "docs/reference/indicators.md"
_BETTER = {"up": "higher", "down": "lower", None: ""}


def pages() -> dict[str, str]:
    """Path under the repository → content."""
    return {PAGE: "\n".join(_lines()) + "\n"}


def _lines() -> Iterator[str]:
    from tdcs.indicators.rules.definitions import KEYS, catalogue

    yield "# Indicators"
    yield ""
    yield "Made by `make docs` from `law/indicators`; how they are computed: [rules/indicators.md](../rules/indicators.md)."
    yield "A share is in parts per million; a target holds until it is replaced."
    yield ""
    yield "| code | name | formula | numerator | denominator | unit | better | basis | target | divided by |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for one in catalogue().values():
        keys = "all" if one.keys == KEYS else ", ".join(one.keys)
        yield _row(
            f"`{one.code}`",
            f"{one.name} ({one.name_en})",
            one.formula_en,
            _terms(one.numerator),
            _terms(one.denominator),
            one.unit,
            _BETTER[one.direction],
            one.basis,
            "; ".join(map(_target, one.targets)),
            keys,
        )
    notes = [one for one in catalogue().values() if one.note_en]
    yield ""
    yield "## Notes"
    yield ""
    yield from (f"- `{one.code}`: {one.note_en}" for one in notes)


def _terms(terms: tuple[object, ...]) -> str:
    from tdcs.indicators.rules.definitions import Term

    words = ""
    for term in terms:
        assert isinstance(term, Term)
        sign = "−" if term.sign < 0 else "+"
        moment = "" if term.moment == "day" else f"@{term.moment}"
        words += f" {sign} {'local.' if term.local else ''}{term.measure}{moment}"
    return f"`{words.removeprefix(' + ').strip()}`" if words else ""


def _target(target: object) -> str:
    from tdcs.indicators.rules.definitions import Target

    assert isinstance(target, Target)
    bound = "at least" if target.at_least is not None else "below"
    until = f" to {target.ends_on}" if target.ends_on else ""
    about = f" (about: {target.tolerance:,} below still keep it)" if target.tolerance else ""
    return f"{bound} {target.bound:,}{about} from {target.starts_on}{until}, {target.basis}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


if __name__ == "__main__":
    for path, content in pages().items():
        (ROOT / path).write_text(content, encoding="utf-8")
        print(path)
