"""Run in a home of its own: extracts of two offices of a small synthetic province, as the core exports them, and their sums."""

FOLDER = "extracts"
SUMS = "sums.json"
OFFICES = ("004605", "005024")

# Lent by this system at a thousandth of the province's size; each office's files of two ends of months, traps included.
FILES = f"""
import json, os
from contextlib import nullcontext
from datetime import date
from pathlib import Path
import polars as pl
from tdcs.cli import setup
setup.run()
from tdcs.closing.queries import store
from tdcs.demo.extracts.figures import month_of
from tdcs.demo.extracts.province import Wanted, workbooks
from tdcs.demo.extracts.report_31 import report_31
from tdcs.demo.province import build
from tdcs.demo.province.calibration import Frame

setup.load_lending()
build.build(Frame(0.001, date(2026, 11, 23), 232), lambda words: nullcontext())
folder = Path(os.environ["TDCS_HOME"]) / {FOLDER!r}
folder.mkdir()
sums = {{}}
for day in store().month_ends()[-2:]:
    month = month_of(day)
    rows = report_31(month).filter(pl.col("office").is_in({OFFICES!r}))
    for name, content in workbooks(rows, month, Wanted()):
        (folder / f"{{day:%Y-%m}}-{{name}}").write_bytes(content)
    loans = rows.filter(pl.col("contract").is_not_null()).unique("contract")
    money = ("balance", "overdue", "arrears_in_time", "arrears_overdue")
    sums[day.isoformat()] = {{name: loans[name].sum() for name in money}} | {{
        "customers": loans.filter(pl.col("balance") > 0)["customer"].n_unique(),
        "offices": dict(loans.group_by("office").agg(pl.col("balance").sum()).iter_rows()),
    }}
(folder / {SUMS!r}).write_text(json.dumps(sums))
"""
