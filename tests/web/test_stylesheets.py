"""Stylesheets are one small file when collected, and many readable ones before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from tdcs.web.stylesheets import Collected, bundled, minified

ENTRY = "tdcs/tdcs.css"


def _read(name: str) -> str:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_text(encoding="utf-8")


def test_what_is_imported_stands_in_its_layer_with_its_own_addresses() -> None:
    files = {
        "a/main.css": '@layer base, print;\n@import url("css/x.css") layer(base);\np { color: red }\n',
        "a/css/x.css": "b { src: url(../fonts/f.woff2) }\n",
    }
    assert bundled("a/main.css", files.__getitem__) == (
        "@layer base, print;\n@layer base {\nb { src: url(fonts/f.woff2) }\n}\np { color: red }\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/* why */\na > b {\n  color: red;\n}\n", "a > b{color: red}"),
        ('a::before { content: ": ; , {  }"; }', 'a::before{content: ": ; , {  }"}'),
        ("@media (max-width: 900px) {\n  a,\n  b {\n    margin: 0 1px;\n  }\n}", "@media (max-width: 900px){a,b{margin: 0 1px}}"),
        ("a { width: calc(1px + 2px); }", "a{width: calc(1px + 2px)}"),
        (".x :not(.y) { top: 0; }", ".x :not(.y){top: 0}"),
    ],
)  # fmt: skip
def test_minified_keeps_what_counts(before: str, after: str) -> None:
    assert minified(before) == after
    assert minified(after) == after


def test_every_file_of_the_look_is_imported_into_a_layer_that_is_declared() -> None:
    entry = _read(ENTRY)
    declared = re.search(r"@layer ([\w, ]+);", entry)
    assert declared
    layers = declared[1].split(", ")
    assert layers == ["reset", "base", "layout", "components", "pages", "print"]
    imported = re.findall(r'@import url\("css/([\w-]+\.css)"\) layer\((\w+)\);', entry)
    folder = Path(str(finders.find(ENTRY))).parent / "css"
    assert sorted(name for name, _ in imported) == sorted(f.name for f in folder.glob("*.css"))
    assert {layer for _, layer in imported} == set(layers)


@pytest.mark.parametrize(
    "name",
    [
        "plans/work.css",
        "plans/reports.css",
        "plans/review.css",
        "loans/sheet.css",
        "indicators/dashboard.css",
    ],
)
def test_a_stylesheet_of_a_room_stays_in_the_layers_of_pages(name: str) -> None:
    # Rules outside every layer would win over all the others.
    text = re.sub(r"/\*.*?\*/", "", _read(name), flags=re.S)
    heads = re.findall(r"^(\S[^{}\n]*?) \{$", text, re.M)
    assert heads
    assert set(heads) <= {"@layer pages", "@layer print"}


def test_collected_is_one_file_without_comments(tmp_path: Path) -> None:
    storage: Any = Collected(location=str(tmp_path), base_url="/static/")
    top = Path(str(finders.find(ENTRY))).parents[1]
    source = FileSystemStorage(location=str(top))
    names = [
        str(f.relative_to(top)) for f in top.rglob("*") if f.suffix in (".css", ".woff2", ".svg")
    ]
    for name in names:
        with source.open(name) as file:
            storage.save(name, file)
    for _, _, processed in storage.post_process({name: (source, name) for name in names}):
        assert not isinstance(processed, Exception), processed
    hashed = storage.stored_name(ENTRY)
    css = (tmp_path / hashed).read_text(encoding="utf-8")
    assert "@import" not in css
    assert "/*" not in css.replace("/*#", "")
    assert "@layer reset,base,layout,components,pages,print;" in css
    fonts = re.findall(r"url\(\"?(fonts/[^)\"]+)\"?\)", css)
    assert len(fonts) == 8
    assert all((tmp_path / "tdcs" / font).exists() for font in fonts)
    assert (tmp_path / f"{hashed}.gz").stat().st_size < 12_000
