"""Every table of records on screen leaves as a file: workbook, CSV, A4."""

from __future__ import annotations

import re
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src/tdcs"
TEMPLATES = {
    str(file.relative_to(SRC)).partition("/templates/")[2]: file.read_text(encoding="utf-8")
    for file in SRC.glob("*/templates/**/*.html")
}
_INCLUDED = re.compile(r'{%\s*include\s+"([^"]+)"')
_FILE = re.compile(r"{% exports\b|{% query export='xlsx'")
_TABLE = re.compile(r"{% data_table\b[^%]*%}|<table\b[^>]*>")

# A page on which something is filled in, chosen or confirmed: what it shows is not written yet, or stands on the page behind it.
TYPED = "một bước của biểu mẫu"
NO_FILE = {
    "entrustment/admit.html": TYPED,
    "households/import.html": TYPED,
    "ledger/enter.html": TYPED,
    "ledger/request.html": TYPED,
    "loans/application_choose.html": TYPED,
    "loans/applications_bulk.html": TYPED,
    "loans/applications_bulk_done.html": TYPED,
    "loans/collect_confirm.html": TYPED,
    "loans/collect_done.html": TYPED,
    "loans/meeting_new.html": TYPED,
    "loans/sheet_reverse.html": TYPED,
    "outreach/import.html": TYPED,
    "plans/publish.html": TYPED,
    "plans/report_form.html": TYPED,
    "plans/review.html": TYPED,
    "plans/review_pile.html": TYPED,
    "policy_lab/draft.html": TYPED,
    "setup/first_run.html": TYPED,
    "setup/offices.html": TYPED,
    "word_templates/add.html": TYPED,
    "word_templates/change.html": TYPED,
    "plans/periodic_preview.html": "a paper before it is issued: it leaves as Word and PDF",
    "plans/report_preview.html": "a paper before it is issued: it leaves as Word and PDF",
    "scheme/version.html": "the tables of a paper, which leaves as Word and PDF",
    "web/styles.html": "samples, no records",
    "web/health.html": "what a machine asks; read by an operator, also as JSON",
}


def _with_parts(name: str) -> str:
    """A template's text with that of each part that it includes, once."""
    wanted, seen = [name], dict[str, str]()
    while wanted:
        part = wanted.pop()
        if part in TEMPLATES and part not in seen:
            seen[part] = TEMPLATES[part]
            wanted += _INCLUDED.findall(seen[part])
    return "\n".join(seen.values())


def without_a_file(text: str) -> int:
    """Tables of a page for which it offers no file: each ``exports`` serves one that has no name of its own."""
    unnamed = [one for one in _TABLE.findall(text) if "name=" not in one]
    return max(0, len(unnamed) - len(_FILE.findall(text)))


def _pages() -> dict[str, str]:
    whole = {name: _with_parts(name) for name, text in TEMPLATES.items() if "{% extends" in text}
    return {name: text for name, text in whole.items() if _TABLE.search(text)}


def test_every_table_on_screen_has_its_file() -> None:
    pages = _pages()
    assert len(pages) > 100
    missing = {name: n for name, text in pages.items() if (n := without_a_file(text))}
    assert {name: n for name, n in missing.items() if name not in NO_FILE} == {}
    assert sorted(set(NO_FILE) - set(missing)) == [], "has its file, or is gone: no exception"


def test_the_finder_counts_what_has_no_file() -> None:
    assert without_a_file("{% data_table %}{% enddata_table %}") == 1
    assert without_a_file('{% exports %}{% data_table "" columns="loans" %}') == 0
    assert without_a_file('{% data_table "" name="moves" %}{% data_table %}') == 1
    assert without_a_file('<table class="stack">{% exports table="a" look="chip" %}<table>') == 1
