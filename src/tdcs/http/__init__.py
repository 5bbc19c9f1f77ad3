"""How pages answer: refusals as messages, exports as files, numbers and days from forms.

Owns: what every room's handlers share. Not: any page, any domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any, Final, Literal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.core import amounts, clock, law
from tdcs.core.errors import Refusal
from tdcs.core.typed import parse_day as parse_day
from tdcs.core.typed import parse_int as parse_int
from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.forms import Form, render_docx, render_pdf
from tdcs.documents.official import OfficialDocument, to_docx, to_pdf
from tdcs.documents.paper import Paper, table_to_pdf
from tdcs.documents.xlsx_out import table_to_csv, table_to_xlsx
from tdcs.organisations.queries import profile_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A request that no browser sent: a background job asks a page for its export (jobs/exports.py).
JOB = "tdcs.job"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a list leaves as: for who goes on calculating, and to print.
FORMATS: Final = ("xlsx", "csv", "pdf")


def show_error(request: HttpRequest, refusal: Refusal) -> None:
    """A refusal in the reader's language, with what to do next."""
    language = get_language() or "vi"
    words = refusal.sentence(language)
    step = refusal.next_step(language)
    messages.error(request, f"{words}\n{step}".strip())
    request.refusal_shown = True  # type: ignore[attr-defined]


def refusing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A handler whose refusals become a message on the page it came from."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            if request.META.get(JOB):
                # No page to go back to: the job is refused with these words.
                raise
            show_error(request, refusal)
            return back(request)

    return answered


def back(request: HttpRequest, fallback: str = "/") -> HttpResponseRedirect:
    """To the page named by the form, or the one it came from; never off this site."""
    for target in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if target and url_has_allowed_host_and_scheme(target, {request.get_host()}):
            return HttpResponseRedirect(target)
    return HttpResponseRedirect(fallback)


def show_success(request: HttpRequest, words: str) -> None:
    """Say that something worked."""
    messages.success(request, words)
    mark_taken(request)


def mark_taken(request: HttpRequest) -> None:
    """What was typed has been taken: no draft of it is kept (drafts/marking.py)."""
    request.typed_taken = True  # type: ignore[attr-defined]


def mark_held(request: HttpRequest) -> None:
    """The button did only a part (it saved the rows, nothing is issued): the rest of what was typed stays."""
    request.typed_held = True  # type: ignore[attr-defined]


def parse_decimal(words: str | None) -> Decimal | None:
    """A figure typed as 1.234.567,8 (or 1234567.8); None when empty or no figure (core/amounts.py)."""
    try:
        return amounts.figure(words or "")
    except amounts.NotAnAmount:
        return None


def official(document: OfficialDocument, fmt: str, name: str) -> HttpResponse:
    """An official document as a file."""
    if fmt == "docx":
        return attachment(to_docx(document), DOCX, f"{name}.docx")
    if fmt == "pdf":
        return attachment(to_pdf(document), "application/pdf", f"{name}.pdf")
    raise Http404(fmt)


def printed(form: Form, context: Mapping[str, Any], fmt: str, name: str) -> HttpResponse:
    """A form filled in as a file; it holds personal data, so no cache keeps it."""
    if fmt not in ("docx", "pdf"):
        raise Http404(fmt)
    content = render_docx(form, context) if fmt == "docx" else render_pdf(form, context)
    answer = attachment(content, DOCX if fmt == "docx" else "application/pdf", f"{name}.{fmt}")
    answer["Cache-Control"] = "no-store"
    return answer


def paper(
    request: HttpRequest, title: str, *, on: date | None = None, signers: tuple[str, ...] = ()
) -> Paper:
    """What stands around a list on paper: its name, the person's unit, the day of its figures, who prints it."""
    today, moment = clock.today(), clock.now()
    user = request.user
    holding = user.holding() if isinstance(user, User) else None
    unit = profile_of(holding.organisation_id, today).short_name if holding else ""
    name = user.full_name if isinstance(user, User) else ""
    return Paper(
        title=title,
        unit=unit,
        day=_("Số liệu ngày %(day)s") % {"day": f"{on or today:%d/%m/%Y}"},
        printed=_("Người in: %(name)s, %(moment)s")
        % {"name": name, "moment": f"{moment:%H:%M %d/%m/%Y}"},
        printed_at=moment,
        page_word=_("Trang"),
        signers=signers,
        place_and_day=place_and_day(),
        sign_word=_("(Ký, ghi rõ họ tên)"),
        empty=_("Không có số liệu."),
    )


def place_and_day() -> str:
    """ "Hòa An, ngày 23 tháng 11 năm 2026": above whoever signs last."""
    today = clock.today()
    words = {
        "place": law.province_name(today, "en"),
        "day": today.day,
        "month": today.month,
        "year": today.year,
    }
    return _("%(place)s, ngày %(day)d tháng %(month)d năm %(year)d") % words


def sheet(
    fmt: str,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    around: Paper | None = None,
) -> HttpResponse:
    """What a table shows, as .xlsx, .csv or, with what stands ``around`` it, as PDF on A4. Raises TooLongForPaper."""
    # A totals row may stop before the last column.
    lines = [(*row, *[None] * (len(header) - len(row))) for row in rows]
    columns = [_column(words, [line[at] for line in lines]) for at, words in enumerate(header)]
    if fmt == "csv":
        return attachment(table_to_csv(columns, lines), "text/csv; charset=utf-8", f"{name}.csv")
    if fmt == "pdf" and around is not None:
        answer = attachment(table_to_pdf(around, columns, lines), "application/pdf", f"{name}.pdf")
        answer["Cache-Control"] = "no-store"
        return answer
    title = around.title if around else name
    return attachment(
        table_to_xlsx(title, columns, lines, as_of=clock.today()), XLSX, f"{name}.xlsx"
    )


def _column(words: str, cells: list[Cell]) -> Column:
    kind = _kind(cells)
    # A ratio has as many decimals in a file as on the page it comes from.
    places = numbers.PERCENT_PLACES if kind == "decimal" and words.endswith("(%)") else None
    return Column(words, kind, decimals=places)


def _kind(cells: list[Cell]) -> Literal["text", "integer", "decimal", "date"]:
    """The kind of a column by what stands in it."""
    there = [cell for cell in cells if cell is not None and cell != ""]
    if there and all(isinstance(cell, date) for cell in there):
        return "date"
    if there and all(isinstance(cell, int) for cell in there):
        return "integer"
    if there and all(isinstance(cell, int | Decimal) for cell in there):
        return "decimal"
    return "text"


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to be saved, never shown in the page."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
