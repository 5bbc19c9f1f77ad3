"""Stylesheets as they leave the server: one file without comments and blanks, from many that people read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);\n?')
_URL = re.compile(r"url\((?![\"']?(?:data:|/|#))([^)\"']+)\)")
# Strings stay as they are; comments and blanks that no browser needs go.
_PARTS = re.compile(r"(\"[^\"\n]*\"|'[^'\n]*')|(/\*.*?\*/)|\s*([{};,])\s*|(\s+)", re.S)

Read = Callable[[str], str]


def bundled(name: str, read: Read) -> str:
    """The stylesheet with each ``@import url("…") layer(…)`` replaced by what it names."""
    here = posixpath.dirname(name)

    def inlined(found: re.Match[str]) -> str:
        path = found[1]
        text = bundled(posixpath.normpath(posixpath.join(here, path)), read)
        folder = posixpath.dirname(path)
        text = _URL.sub(lambda url: f"url({_joined(folder, url[1])})", text)
        return f"@layer {found[2]} {{\n{text}}}\n"

    return _IMPORT.sub(inlined, read(name))


def minified(css: str) -> str:
    """Without comments, indents and blanks beside braces, semicolons and commas."""

    def short(found: re.Match[str]) -> str:
        text, comment, sign, _ = found.groups()
        return text or sign or ("" if comment else " ")

    return _PARTS.sub(short, css).replace(";}", "}").strip()


class Collected(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Our own stylesheets are bundled and minified before they get their hashed names."""

    # A script that another imports is imported by its hashed name.
    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            # Read before any is replaced: a copy collected earlier may be minified already.
            ours = [name for name in paths if name.endswith(".css") and ".min." not in name]
            made = {name: bundled(name, lambda one: _source(paths, one)) for name in ours}
            for name, css in made.items():
                self._write(name, minified(css))
            paths = paths | {name: (self, name) for name in ours}
        yield from super().post_process(paths, dry_run, **options)

    def _write(self, name: str, css: str) -> None:
        Path(self.path(name)).write_text(css, encoding="utf-8")


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _source(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode("utf-8"))
