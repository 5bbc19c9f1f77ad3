"""What changed between two texts, word by word."""

from __future__ import annotations

from difflib import SequenceMatcher


def words_changed(before: str, after: str) -> list[tuple[str, str]]:
    """Runs of words with "same", "del" or "ins", in reading order."""
    old, new = before.split(), after.split()
    runs: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("same", " ".join(old[a:b])))
            continue
        if a < b:
            runs.append(("del", " ".join(old[a:b])))
        if c < d:
            runs.append(("ins", " ".join(new[c:d])))
    return runs
