"""Files that are no plan, or were made to hurt: one clear refusal each, within bounds of time."""

from __future__ import annotations

import copy
import io
import time
import zipfile
from collections.abc import Callable

import docx
import pytest
import typst
from case_files import file_of

from tdcs.core.errors import Refusal
from tdcs.documents import errors, fonts_folder
from tdcs.documents.reading import read
from tdcs.plans.reading import read_plan
from tdcs.plans.reading.errors import TwoPlans

PLAN = file_of("nhcsxh-chi-nhanh", "txt").decode()


def _workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


def _long_table(rows: int) -> bytes:
    file = docx.Document()
    table = file.add_table(rows=1, cols=3)._tbl
    first = table.tr_lst[0]
    table.extend(copy.deepcopy(first) for _ in range(rows - 1))
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def _other_signs() -> bytes:
    """What a font with a wrong map gives: every letter another sign."""
    signs = "".join(
        chr(0x410 + ord(sign) * 7 % 60) if sign.isalpha() else sign for sign in PLAN[:2000]
    )
    words = signs.replace("#", "").replace("@", "").replace("*", "").replace("_", "")
    source = f'#set text(font: "Be Vietnam Pro")\n{words}'.replace("$", "").replace("<", "")
    return typst.compile(source.encode(), font_paths=[str(fonts_folder())])


ENGLISH = "1. The department of health shall prepare the report for the committee by June.\n" * 20


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (_workbook, errors.UnknownFormat),
        (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, errors.UnknownFormat),
        (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 50, errors.UnknownFormat),
        (lambda: _long_table(5001), errors.TableTooLong),
        (lambda: typst.compile(b"#for i in range(400) [a #pagebreak()]"), errors.TooManyPages),
        (lambda: f"{PLAN}\n\n{file_of('tp-chi-thi-ngap', 'txt').decode()}".encode(), TwoPlans),
        (ENGLISH.encode, errors.NotVietnamese),
        (_other_signs, errors.FontMapWrong),
        (lambda: typst.compile(b"#rect(width: 5cm, height: 5cm)"), errors.ScanWithoutText),
    ],
    ids=["workbook", "png", "jpeg", "rows", "pages", "two plans", "English", "font map", "scan"],
)
def test_a_wrong_file_is_refused_with_its_own_reason(
    make: Callable[[], bytes], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        read_plan(make())


def test_a_table_of_five_thousand_rows_is_still_read() -> None:
    assert len(read(_long_table(5000)).tables[0].rows) == 5000


def test_a_decision_with_its_plan_is_one_document() -> None:
    assert read_plan(file_of("bo-an-toan-lao-dong", "txt")).number == "612/QĐ-BNV"


@pytest.mark.parametrize(
    "noise",
    [
        "(" * 100_000 + "x" + ")" * 100_000,
        "-" * 1_000_000,
        "- " * 500_000,
        "(chủ trì " * 50_000,
        "Sở Y tế, " * 50_000,
        "1/2" * 100_000,
    ],
    ids=["brackets", "dashes", "spaced dashes", "open brackets", "units", "days"],
)
def test_hostile_text_is_read_in_bounded_time(noise: str) -> None:
    start = time.process_time()
    plan = read_plan(PLAN.replace("Bố trí đủ", noise).encode())
    assert len(plan.tasks) >= 6
    # Measured at 1.4 s; a pattern that backtracks takes minutes.
    assert time.process_time() - start < 5


def test_numbered_lines_behind_the_signature_are_said() -> None:
    plan = read_plan(f"{PLAN}\n7. Sở Y tế chủ trì mua thêm máy thở.\n".encode())
    assert plan.aside[-1] == (
        "Sau chữ ký còn 1 dòng đánh số chưa đọc: “7. Sở Y tế chủ trì mua thêm máy thở.”."
    )
