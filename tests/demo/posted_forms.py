"""The forms of a page, read as a browser without scripts reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_TEXT = {"text", "search", "url", "email", "tel", "number", "date"}


@dataclass
class Form:
    """A form that is posted: where to, what stands hidden in it, what may be typed, how many buttons send it."""

    action: str
    id: str
    draft: str
    multipart: bool
    hidden: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    buttons: int = 0
    # The button that sends a file, where it is not the form's own: its address, its name and value.
    file_action: str = ""
    file_button: dict[str, str] = field(default_factory=dict)

    @property
    def may_lose(self) -> bool:
        """Whether a file or a second button may take away what was typed."""
        return bool(self.typed) and (self.multipart or bool(self.files) or self.buttons > 1)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.elsewhere: list[tuple[str, str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = None
            if given.get("method", "").lower() == "post":
                multipart = given.get("enctype", "").startswith("multipart")
                self.open = Form(
                    given.get("action", ""),
                    given.get("id", ""),
                    given.get("data-draft", ""),
                    multipart,
                )
                self.forms.append(self.open)
        elif tag in ("input", "textarea", "button", "select"):
            if "form" in given:
                self.elsewhere.append((given["form"], tag, given))
            elif self.open is not None:
                _add(self.open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None

    def close(self) -> None:
        super().close()
        for of, tag, given in self.elsewhere:
            for form in self.forms:
                if form.id == of:
                    _add(form, tag, given)


def _add(form: Form, tag: str, given: dict[str, str]) -> None:
    name, kind = given.get("name", ""), given.get("type", "submit" if tag == "button" else "text")
    if tag == "button" or kind == "submit":
        # The buttons of the draft itself send nothing anywhere else.
        own = "data-draft-keep" in given or "data-draft-drop" in given
        form.buttons += kind == "submit" and not own
        if given.get("formenctype", "").startswith("multipart"):
            form.file_action, form.file_button = given["formaction"], {name: given.get("value", "")}
    elif not name or "disabled" in given or "readonly" in given:
        return
    elif kind == "hidden":
        form.hidden[name] = given.get("value", "")
    elif kind == "file":
        form.files.append(name)
    elif tag == "textarea" or (tag == "input" and kind in _TEXT):
        form.typed[name] = kind if tag == "input" else "textarea"


def forms_of(page: str) -> list[Form]:
    """Every form of a page that is posted."""
    reader = _Reader()
    reader.feed(re.sub(r"<script\b.*?</script>", "", page, flags=re.S))
    reader.close()
    return reader.forms


def words_for(form: Form) -> dict[str, str]:
    """Something typed into each field, different in each."""
    made = {"number": "7", "date": "2026-10-05"}
    return {
        name: made.get(kind, f"gõ dở {at}") for at, (name, kind) in enumerate(form.typed.items())
    }
