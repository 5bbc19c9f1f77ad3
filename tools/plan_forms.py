"""Facts read of each kind of form, as the table of docs/explanation/plan-forms.md: ``python tools/plan_forms.py FORMS``.

FORMS is the folder of cases with ``expected.json``, ``deadlines.json`` and ``score.py``; each document is read in this process.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tdcs.core.errors import Refusal
from tdcs.plans.reading import read_plan

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "plan-forms.md"
OPENS, CLOSES = "<!-- table -->", "<!-- /table -->"
KINDS = {
    "00-minimal": "one fault in a plan of one task",
    "01-agencies": "headings of agencies that no catalogue knows",
    "02-tables": "PDF tables with and without rules; tables of spaces and tabs",
    "03-columns": "persons, header of two rows, merged cells, rows that go on",
    "04-annex-and-agencies": "agencies and an annex together",
    "05-sentences": "assignment inside the sentence",
    "06-numbering": "numbering of many styles, none, damaged",
    "07-encodings": "TCVN3, VNI, NFD",
    "08-issuers": "party, ministry, department, district, commune, decision, directive",
    "09-scans": "line numbers, page heads, cut words, recognition errors",
    "10-deadlines": "times of many spellings in plans",
    "11-targets": "figures with unit, comparison and base",
    "12-no-plans": "documents to refuse",
    "deadlines.json": "spellings of one deadline",
}


def _read(_command: list[str], path: Path) -> tuple[dict[str, Any], str]:
    try:
        return json.loads(json.dumps(read_plan(path).as_json())), ""
    except Refusal:
        return {}, "refused"


def table(forms: Path) -> str:
    """Rows of kind, facts hit, total, invented."""
    sys.path.insert(0, str(forms))
    score = importlib.import_module("score")
    vars(score)["read"] = _read
    sheets: dict[str, list[Any]] = defaultdict(list)
    expected = json.loads((forms / "expected.json").read_text(encoding="utf-8"))
    for name, wanted in expected.items():
        kind = name.split("/")[0]
        sheets[kind].append(score.score_document(name, wanted, *_read([], forms / name)))
    with tempfile.TemporaryDirectory() as scratch:
        entries = json.loads((forms / "deadlines.json").read_text(encoding="utf-8"))
        for number, entry in enumerate(entries, 1):
            made = score.score_deadline([], Path(scratch), number, entry)
            sheets["deadlines.json"].append(made)
    rows = ["| kind of form | facts hit | total | invented |", "|---|---:|---:|---:|"]
    for kind, found in sheets.items():
        one = score.joined(kind, found)
        rows.append(f"| {KINDS.get(kind, kind)} | {one.hit} | {one.total} | {one.extra} |")
    whole = score.joined("ALL", [sheet for found in sheets.values() for sheet in found])
    rows.append(
        f"| **all** (F1 {score.f1(whole):.3f}) | {whole.hit} | {whole.total} | {whole.extra} |"
    )
    return "\n".join(rows)


def main() -> int:
    forms = Path(sys.argv[1])
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(OPENS)
    _, _, after = rest.partition(CLOSES)
    PAGE.write_text(f"{before}{OPENS}\n{table(forms)}\n{CLOSES}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
