"""Whatever the application offers a person to open does open: every role's links, in both languages, on the demonstration."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from foreign_words import foreign
from link_walk import Walk, browser_of, followed, links_of, walk

from tdcs.access.models import User
from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.demo.auditing import AUDITOR
from tdcs.demo.people import roles

# What only auditors and administrators read: digests, files of the law and of the documentation, commands.
MARKS = re.compile(
    r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{12,}\b|\b[\w./-]+\.(?:yaml|md)\b|\bdocs/"
    r"|\btdcs [a-z]+\b|\btdcs\.[a-z]+|(?<![\w&])#\d+"
)
NAMES = [*roles("dong-nai"), AUDITOR]
# Strings that stand in Vietnamese on English pages yet; the number only falls.
STILL = 13


def _marks(pages: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where the words of a page hold a mark that is not for who works with it."""
    found = []
    for address, text in pages:
        bare = re.sub(r"(?s)<(script|style|textarea)\b.*?</\1>|<[^>]*>", " ", text)
        found += [(address, hit[0]) for hit in MARKS.finditer(html.unescape(bare))]
    return found


def test_marks_are_seen_in_words_and_not_in_attributes() -> None:
    page = """<a href="#12" data-x="0123456789ab">vay</a> số 105000000012, <code>docs/rules/loan.md</code>
        mã 0f3a9c27b1de, việc #123, law/parameters/loans.yaml"""
    assert [hit for _, hit in _marks([("/", page)])] == [
        "docs/rules/loan.md", "0f3a9c27b1de", "#123", "law/parameters/loans.yaml"
    ]  # fmt: skip


def test_the_cast_has_every_role() -> None:
    # An engaged auditor has his role by the engagement, as long as it lasts.
    assert set(roles("dong-nai").values()) | {Role.ENGAGED_AUDITOR} == set(Role)


def _in_english(name: str, addresses: list[str]) -> Walk:
    """Pages that this person may open, in English."""
    client, made = browser_of(name, "en"), Walk()
    for address in addresses:
        answer = followed(client, address)
        if answer.status_code != 200:
            made.refused.append(("", address, answer.status_code))
        elif answer.streaming:
            answer.getvalue()
        elif answer["Content-Type"].startswith("text/html"):
            made.pages.append((address, answer.content.decode()))
    return made


def test_every_link_offered_to_a_role_opens(walked: Callable[[str], Walk]) -> None:
    """Every role walks (link_walk.Others); each route is opened in English too, by the first role that came to it.

    `make soak`: every page in English by each role, and in Vietnamese with its filters and files.

    No word of the one language stands on a page of the other.
    """
    refused, marks, opened, words = [], [], {}, dict[tuple[str, str], str]()
    translated = set[str]()
    for name in NAMES:
        found = walked(name)
        role = User.objects.get(username=name).holding().role
        if role not in PERMISSIONS["audit.view"] | {Role.ENGAGED_AUDITOR}:
            marks += [(name, *one) for one in _marks(found.pages)]
        refused += [(name, "vi", *one) for one in found.refused]
        opened[name] = found.opened.total()
        # Each role's own home is another page.
        new = {route for route in found.addresses if route not in translated or route == ""}
        translated |= new
        english = _in_english(
            name, [found.addresses[route] for route in found.addresses if route in new]
        )
        refused += [(name, "en", *one) for one in english.refused]
        for language, made in (("vi", found), ("en", english)):
            for address, text in made.pages:
                for piece in foreign(text, language):
                    words.setdefault((language, piece), f"{name} {address}")
    assert refused == []
    assert marks == []
    assert [piece for language, piece in words if language == "vi"] == []
    assert len(words) <= STILL, "\n".join(f"{piece} | {at}" for (_, piece), at in words.items())
    # The walk went somewhere: from home into the rooms of the role.
    assert min(opened.values()) > 10, opened
    assert len(translated) > 150, len(translated)


def test_words_of_the_other_language_are_seen_and_what_is_marked_is_left_out() -> None:
    page = """<html lang="{}"><p>{}</p><p title="{}">232/KH-UBND</p><b lang="vi">Quá hạn</b>
        <button lang="en">Overdue loans</button><textarea>Quá hạn, overdue</textarea></html>"""
    assert foreign(page.format("vi", "Two-Factor Authentication", "xã Long Phước"), "vi") == [
        "Two-Factor Authentication"
    ]
    assert foreign(page.format("en", "Loans · Quá hạn", "Cho vay hộ nghèo"), "en") == [
        "Loans · Quá hạn",
        "Cho vay hộ nghèo",
    ]
    assert foreign(page.format("en", "Nguyễn Thị Lành", "xã Tân Tiến"), "en") == []
    assert foreign(page.format("vi", "IY7B7HKZH2WOX2O6END5MRT56BBNATQZ", "END"), "vi") == ["END"]


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_every_link_offered_in_english_opens(name: str, demonstration: None) -> None:
    found = walk(browser_of(name, "en"), times=2)
    assert found.refused == []
    words = {piece for _, text in found.pages for piece in foreign(text, "en")}
    assert len(words) <= STILL, words


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_every_filter_and_file_opens_too(name: str, demonstration: None) -> None:
    assert walk(browser_of(name, "vi"), everything=True).refused == []


def test_links_are_read_as_a_browser_reads_them() -> None:
    page = """<a href="/vay/">a</a><a href="?page=2#x">b</a><a href="https://example.vn/">c</a>
        <a href="#top">d</a><div hx-get="/chi-tieu/trang-dau/" hx-trigger="load"></div>
        <input hx-get="/goi-y/" hx-trigger="change"><a href="//example.vn/">e</a><a href="/vay/">f</a>"""
    assert links_of("/ho/", page) == ["/vay/", "/ho/?page=2", "/ho/", "/chi-tieu/trang-dau/"]
