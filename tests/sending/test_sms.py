"""How long a message is, when it may leave, which templates are refused: both sides of each bound."""

from __future__ import annotations

from datetime import datetime

import pytest

from tdcs.core import clock
from tdcs.sending.errors import TemplateWrong
from tdcs.sending.models import MessageKind
from tdcs.sending.rules.sms import is_quiet, measured
from tdcs.sending.texts import bounds, filled, template_of, templates


@pytest.mark.parametrize(
    ("text", "letters", "parts", "encoding"),
    [
        ("", 0, 1, "GSM"),
        ("a" * 160, 160, 1, "GSM"),
        ("a" * 161, 161, 2, "GSM"),
        ("a" * 306, 306, 2, "GSM"),
        ("a" * 307, 307, 3, "GSM"),
        ("€" * 80, 160, 1, "GSM"),
        ("€" * 81, 162, 2, "GSM"),
        ("a" * 152 + "€" + "a" * 152, 306, 3, "GSM"),  # the sign is not cut in two
        ("ạ" * 70, 70, 1, "Unicode"),
        ("ạ" * 71, 71, 2, "Unicode"),
        ("ạ" * 134, 134, 2, "Unicode"),
        ("ạ" * 135, 135, 3, "Unicode"),
        ("a" * 69 + "ạ", 70, 1, "Unicode"),
        ("😀" * 35, 70, 1, "Unicode"),
        ("😀" * 36, 72, 2, "Unicode"),
    ],
)
def test_length(text: str, letters: int, parts: int, encoding: str) -> None:
    found = measured(text)
    assert (found.letters, found.parts, found.encoding) == (letters, parts, encoding)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(19, 59, False), (20, 0, True), (3, 0, True), (6, 59, True), (7, 0, False)],
)
def test_quiet_hours(hour: int, minute: int, quiet: bool) -> None:
    assert is_quiet(datetime(2026, 11, 23, hour, minute, tzinfo=clock.ZONE), 20, 7) is quiet


def test_quiet_hours_within_one_day() -> None:
    hours = [h for h in range(24) if is_quiet(datetime(2026, 11, 23, h, tzinfo=clock.ZONE), 12, 14)]
    assert hours == [12, 13]


@pytest.mark.parametrize(
    "text", ["{amount}", "{name!r}", "{name:>9}", "{}", "{name.phone}", "{name"]
)
def test_a_template_with_another_placeholder_is_refused(text: str) -> None:
    with pytest.raises(TemplateWrong):
        template_of("due_soon", {"title": "x", "placeholders": ["name"], "text": text})


def test_every_kind_has_a_text_that_fits() -> None:
    assert set(templates()) == set(MessageKind.values)
    values = {"name": "Nguyen Thi Hoang Anh", "day": "28/11/2026", "days": "5", "group": "4606001"}
    for kind in templates():
        found = measured(filled(kind, values))
        assert found.encoding == "GSM" and found.parts <= bounds().most_parts
    with pytest.raises(TemplateWrong):
        filled("due_soon", {"name": "x"})
