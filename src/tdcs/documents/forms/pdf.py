"""A form as PDF, by typst."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tdcs.documents.forms.filling import Context
from tdcs.documents.forms.layout import lay_out
from tdcs.documents.forms.model import Form
from tdcs.documents.official.typesetting import typeset


def render_pdf(form: Form, context: Context) -> bytes:
    """The form filled in; the same form and context give the same bytes."""
    made: bytes = typeset(
        "form.typ", lay_out(form, context), format="pdf", timestamp=stamp(context)
    )
    return made


def stamp(context: Context) -> datetime:
    """The file's own date is the day the form is made on (``on`` of the context), never the machine's."""
    day = context.get("on")
    day = day if isinstance(day, date) else date(2000, 1, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
