"""Nothing typed is lost: every form with a file or a second button, on every page that a role can reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve
from link_walk import Walk
from posted_forms import Form, forms_of, words_for

import tdcs
from tdcs.access.models import User
from tdcs.demo.people import roles
from tdcs.drafts.models import Draft

PACKAGE = Path(tdcs.__file__).parent
_BLOCK = re.compile(r"{% drafted .*?{% enddrafted %}", re.S)
_FORM = re.compile(r"<form\b.*?</form>", re.S)
_BUTTON = re.compile(r"<button\b(?![^>]*type=\"button\")")
_WORDS = re.compile(
    r"<textarea|{% form_field|<input(?![^>]*type=\"(?:hidden|file|checkbox|radio|submit)\")"
)
# A page that another page posts to cannot be opened again; its form has one main button and no file.
_NO_PAGE_OF_ITS_OWN = {"loans/applications_bulk.html"}
# A form on a file of its own that its page keeps where it may be typed in.
_KEPT_BY_ITS_PAGE = {"plans/_unit_plan_form.html"}


def test_every_form_with_a_file_or_a_second_button_keeps_drafts() -> None:
    bare = []
    for file in sorted(PACKAGE.glob("*/templates/**/*.html")):
        name = str(file.relative_to(file.parents[1]))
        text = file.read_text()
        for form in _FORM.findall(_BLOCK.sub("", text)):
            several = "multipart" in form or len(_BUTTON.findall(form)) > 1
            if 'method="post"' in form and several and _WORDS.search(form):
                bare.append(name)
    assert set(bare) - _NO_PAGE_OF_ITS_OWN - _KEPT_BY_ITS_PAGE == set()


def _browser(name: str) -> Client:
    client = Client(raise_request_exception=True)
    person = User.objects.get(username=name)
    client.force_login(person, backend="tdcs.access.backends.AccountBackend")
    return client


def _lost(client: Client, page: str, form: Form) -> list[str]:
    """Fields that do not stand on the page again: after "Lưu nháp", and after a file that is refused."""
    # Identity numbers are never kept, by design (drafts/services.py).
    typed = {name: said for name, said in words_for(form).items() if "identity" not in name}
    sent = form.hidden | typed
    head = {"Referer": f"http://testserver{page}"}
    client.post("/ban-nhap/giu/", sent, headers=head)
    lost = [f"nháp: {name}" for name in _missing(client, page, form, typed)]
    if form.files:
        client.post("/ban-nhap/bo/", sent, headers=head)
        bad = {name: SimpleUploadedFile("x.exe", b"MZ\x90\x00") for name in form.files}
        address = form.file_action or form.action or page
        client.post(address, sent | form.file_button | bad, headers=head)
        lost += [f"tệp bị từ chối: {name}" for name in _missing(client, page, form, typed)]
    client.post("/ban-nhap/bo/", sent, headers=head)
    return lost


def _missing(client: Client, page: str, form: Form, typed: dict[str, str]) -> list[str]:
    text = client.get(page, follow=True).content.decode()
    if f'data-draft="{form.draft}"' not in text:
        return ["không còn biểu mẫu"]
    block = text[text.index(f'data-draft="{form.draft}"') :]
    block = block[: block.index("</form>")]
    inside = {name: words for name, words in typed.items() if f'name="{name}"' in block}
    return [name for name, words in inside.items() if words not in block]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["demo-langa"], id="a commune's clerk"),
        pytest.param(list(roles("dong-nai")), id="everybody", marks=pytest.mark.soak),
    ],
)
def test_what_was_typed_stands_on_every_page_again(
    names: list[str], walked: Callable[[str], Walk]
) -> None:
    bare, lost, tried = [], [], set()
    for name in names:
        client = _browser(name)
        for page, text in walked(name).pages:
            for form in forms_of(text):
                route = resolve(page.partition("?")[0]).route
                if form.may_lose and not form.draft:
                    bare.append((name, page, form.action))
                kind = form.draft.partition(":")[0]
                if form.draft and form.typed and (name, kind, route) not in tried:
                    tried.add((name, kind, route))
                    lost += [(name, page, form.draft, what) for what in _lost(client, page, form)]
    assert bare == []
    assert not lost, "\n".join(map(str, lost))
    kinds = {kind for _name, kind, _route in tried}
    assert len(kinds) >= 5 * min(len(names), 3), sorted(kinds)
    assert not Draft.objects.exists()
