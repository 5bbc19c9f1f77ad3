"""Files in and out: text, .docx, PDF in as typed rows and text; official .docx, PDF, workbooks out.

Owns: readers, official documents, fonts. Not: any domain; it does not know what a plan is.
"""

from pathlib import Path


def fonts_folder() -> Path:
    """Where the fonts that ship lie."""
    return Path(__file__).parent / "fonts"
