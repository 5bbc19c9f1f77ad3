"""LibreOffice as a reader of what the product writes: all files printed by one process, or the test is skipped."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pypdfium2

SOFFICE = shutil.which("soffice") or ""


def printed(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """The words of each file as LibreOffice printed it; a file that it could not open has none."""
    source, out = folder / "in", folder / "out"
    source.mkdir()
    for name, content in files.items():
        (source / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(out)]
    paths = sorted(str(one) for one in source.iterdir())
    subprocess.run(
        [*command, *paths], check=True, capture_output=True, timeout=60 + 10 * len(paths)
    )
    return {name: _words((out / name).with_suffix(".pdf")) for name in files}


def _words(file: Path) -> str:
    if not file.exists():
        return ""
    pdf = pypdfium2.PdfDocument(file)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()
