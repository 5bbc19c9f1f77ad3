"""Words and addresses of templates that are found once: the same as Django's, in each language, for each value."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import SafeString

from tdcs.core import law
from tdcs.web.templatetags import fixed_parts


def drawn(words: str, **given: object) -> str:
    return Template(words).render(Context(given))


def test_fixed_words_are_those_of_the_language() -> None:
    page = Template('{% translate "Thu nợ" %}/{% translate "Thu nợ" %}')
    found = {}
    for language in ("vi", "en", "vi", "en"):
        with translation.override(language):
            found[language] = page.render(Context())
            assert found[language] == "/".join([translation.gettext("Thu nợ")] * 2)
    assert found["vi"] != found["en"]


def test_words_that_are_not_fixed_are_found_anew() -> None:
    page = Template("{% translate word %}")
    with translation.override("en"):
        said = [page.render(Context({"word": word})) for word in ("Thu nợ", "Hồ sơ", "Thu nợ")]
        assert said[0] == said[2] == translation.gettext("Thu nợ") != said[1]
    assert drawn('{% translate "Thu nợ" as w %}[{{ w }}]') == "[Thu nợ]"
    assert drawn('{% translate "Thu nợ"|upper %}') == "THU NỢ"
    assert drawn('{% translate "a & b" %}') == "a & b"


def test_an_address_is_of_its_values_alone() -> None:
    page = Template("{% url 'loans:loan' pk %}")
    for pk in (1, 2, 1, SafeString("2")):
        assert page.render(Context({"pk": pk})) == reverse("loans:loan", args=[pk])
    assert drawn("{% url 'loans:loan' pk=7 %}") == reverse("loans:loan", args=[7])
    assert drawn("{% url 'loans:loan' 7 as a %}[{{ a }}]") == f"[{reverse('loans:loan', args=[7])}]"
    assert drawn("{% url 'nowhere' as a %}[{{ a }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        drawn("{% url 'loans:loan' 'words' %}")


def test_addresses_are_kept_by_type_too() -> None:
    fixed_parts._address.cache_clear()
    asked = ("loans:loan", None, "tdcs.project.urls", "/")
    with pytest.raises(NoReverseMatch):
        fixed_parts._address(*asked, True)
    assert fixed_parts._address(*asked, 1) == reverse("loans:loan", args=[1])
    with pytest.raises(NoReverseMatch):
        fixed_parts._address(*asked, True)


def test_a_part_is_drawn_once_for_a_key_and_a_language() -> None:
    page = Template('{% drawn_once key %}{% translate "Thu nợ" %} {{ words }}{% enddrawn_once %}')
    said = []
    for key, words, language in (
        ("a", "x", "vi"),
        ("a", "y", "vi"),
        ("b", "y", "vi"),
        ("a", "y", "en"),
    ):
        with translation.override(language):
            said.append(page.render(Context({"key": key, "words": words})).split()[-1])
    assert said == ["x", "x", "y", "y"]
    law.forget()
    assert page.render(Context({"key": "a", "words": "z"})).endswith("z")


def test_no_more_parts_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_parts, "_PARTS", 2)
    page = Template("{% drawn_once key %}{{ words }}{% enddrawn_once %}")
    for key in ("a", "b", "c"):
        page.render(Context({"key": key, "words": key}))
    assert page.render(Context({"key": "c", "words": "new"})) == "c"
    assert page.render(Context({"key": "a", "words": "new"})) == "new"
