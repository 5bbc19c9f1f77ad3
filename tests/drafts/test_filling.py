"""A form filled with what was typed, and only with that."""

from __future__ import annotations

import pytest

from tdcs.drafts.filling import _Form, digest_of, filled, typed_fields

FORM = """<form method="post"><input type="hidden" name="seen" value="a@1">
<label for="w">Lời văn &amp; số liệu</label>
<textarea id="w" name="words" rows="6">cũ &lt;b&gt;</textarea>
<input name="percent" type="number" value="10"><input type="file" name="file">
<input type="checkbox" name="box" value="1" checked><input type="checkbox" name="box" value="2">
<input type="radio" name="which" value="x" checked><input type="radio" name="which" value="y">
<input type="password" name="secret" value="">
<select name="kind"><option value="">–</option><option value="a" selected>A &amp; B</option><option>C</option></select>
<button name="verb" value="save">Lưu</button></form>"""


def test_what_stands_in_a_form_is_read_as_a_browser_would_send_it() -> None:
    assert typed_fields(FORM) == {
        "words": ["cũ <b>"],
        "percent": ["10"],
        "box": ["1"],
        "which": ["x"],
        "kind": ["a"],
    }


def test_every_kind_of_field_takes_what_was_typed() -> None:
    typed = {
        "words": ['dòng 1\n</textarea><script>"&amp;'],
        "percent": ['5"5'],
        "box": ["2"],
        "which": ["y"],
        "kind": ["C"],
    }
    again = filled(FORM, typed)
    assert typed_fields(again) == typed
    assert "<script>" not in again


def test_hidden_fields_files_and_passwords_stay_as_the_server_made_them() -> None:
    again = filled(FORM, {"seen": ["b@2"], "secret": ["mật khẩu"], "file": ["x"], "verb": ["drop"]})
    assert 'value="a@1"' in again
    assert "mật khẩu" not in again
    assert '<button name="verb" value="save">' in again


def test_a_field_that_was_not_sent_stays_and_a_box_that_was_not_ticked_is_not() -> None:
    read = typed_fields(filled(FORM, {"percent": ["20"]}))
    assert read["words"] == ["cũ <b>"]
    assert "box" not in read


def test_fields_of_one_name_are_filled_in_their_order() -> None:
    rows = '<form><input name="who" value="1"><input name="who" value="2"><input name="who"></form>'
    assert typed_fields(filled(rows, {"who": ["a", "b"]})) == {"who": ["a", "b", ""]}


def test_a_form_without_a_draft_is_the_same_form() -> None:
    assert typed_fields(filled(FORM, typed_fields(FORM))) == typed_fields(FORM)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": ["1"], "b": ["2"]}, {"b": ["2"], "a": ["1"]}, True),
        ({"a": ["1"]}, {"a": ["2"]}, False),
        ({"a": ["1"]}, {"a": ["1", ""]}, False),
    ],
)
def test_a_digest_tells_whether_a_form_shows_something_else(
    one: dict[str, list[str]], other: dict[str, list[str]], same: bool
) -> None:
    assert (digest_of(one) == digest_of(other)) is same
    assert digest_of(one, "s") != digest_of(one)


def test_fields_are_found_wherever_a_page_may_hide_them() -> None:
    page = """<!-- <input name="old" value="1"> --><table><tr><td title="a > b <input name='no'>">
<INPUT name="a" value="x > &lt;y&gt;"></td><td><input name='b' value='2'/></td></tr></table>
<textarea name="words">\n&lt;input name=&quot;no&quot;> 5 &gt; 3</textarea>
<select name="s"><option>một &amp; hai<option value="2" selected>hai</select><p>5 < 6</p>
<select name="by_word"><option>A<option selected>B\n</select>
<input type="checkbox" name="t" value="1" checked>"""
    assert typed_fields(page) == {
        "a": ["x > <y>"],
        "b": ["2"],
        "words": ['<input name="no"> 5 > 3'],
        "s": ["2"],
        "by_word": ["B"],
        "t": ["1"],
    }
    # Tags are left out to save time: a reading of every tag finds the same.
    for text in (page, FORM):
        reader = _Form()
        reader.feed(text)
        reader.close()
        assert typed_fields(text) == reader.found


def test_plain_fields_are_read_as_the_others_are() -> None:
    plain = '<input type="text" name="savings-7" value="1&quot;0&amp;" inputmode="numeric" aria-label="a > b">'
    assert typed_fields(plain) == {"savings-7": ['1"0&']}
    # Of one name in fields of two kinds the order counts, as a browser sends them.
    other = '<input name="savings-7" value="first">'
    assert typed_fields(other + plain) == {"savings-7": ["first", '1"0&']}
    assert typed_fields(plain + other + plain)["savings-7"] == ['1"0&', "first", '1"0&']
    assert typed_fields(
        '<input type="text" name="a" value="1" disabled><textarea name="b">x</textarea>'
    ) == {
        "a": ["1"],
        "b": ["x"],
    }
