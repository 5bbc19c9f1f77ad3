"""Components write what the stylesheets expect, and escape what they are given."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.template import engines


def _made(source: str, **context: Any) -> str:
    text = engines["django"].from_string(source).render(context)
    return re.sub(r">\s+|\s+<", lambda m: m[0].strip(), " ".join(text.split()))


def test_an_empty_state_says_what_may_be_done() -> None:
    assert _made('{% empty_state "Trống" %}') == '<div class="empty"><b>Trống</b></div>'
    assert _made('{% empty_state "Trống" "Chọn khác." url="/to/" link="Bỏ lọc" %}') == (
        '<div class="empty"><b>Trống</b>Chọn khác.<a href="/to/">Bỏ lọc</a></div>'
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% empty_state evil %}",
        '{% breadcrumb evil "web:home" %}',
        "{% state evil evil %}",
        "{% figure_box evil evil evil mark=evil exact=evil %}",
        "{% panel evil id=evil %}{{ evil }}{% endpanel %}",
        "{% data_table evil %}{{ evil }}{% enddata_table %}",
        "{% toolbar %}{{ evil }}{% endtoolbar %}",
        '{% choice_filter evil "n" pairs evil %}',
        "{% search_filter evil evil %}",
        "{% figures %}{{ evil }}{% endfigures %}",
        "{% form_panel evil action=evil confirm=evil %}{{ evil }}{% endform_panel %}",
        "{% meter parts evil %}",
    ],
)
def test_what_is_given_is_escaped_once(source: str) -> None:
    evil = '"><script>'
    made = _made(source, evil=evil, parts=[(evil, 1)], pairs=[(evil, evil)])
    assert "<script" not in made
    assert "&quot;&gt;&lt;script&gt;" in made
    assert "&amp;" not in made


@pytest.mark.parametrize("chosen", [None, "", 7])
def test_a_filter_marks_what_was_chosen_and_begins_with_all(chosen: Any) -> None:
    made = _made(
        '{% choice_filter "Phòng" "office" offices chosen %}',
        offices=[(6, "Định Quán"), (7, "Tân Phú")],
        chosen=chosen,
    )
    mark = " selected" if chosen else ""
    assert made == (
        '<label>Phòng<select name="office"><option value="">Tất cả</option>'
        f'<option value="6">Định Quán</option><option value="7"{mark}>Tân Phú</option></select></label>'
    )
    assert ">Toàn tỉnh<" in _made('{% choice_filter "Phòng" "o" offices 6 every="Toàn tỉnh" %}')


def test_a_search_keeps_its_words_and_says_where_it_looks() -> None:
    assert _made('{% search_filter "Hoa" "tên, mã hộ" %}') == (
        '<label class="grow">Tìm<input type="search" name="q" value="Hoa" placeholder="tên, mã hộ"></label>'
    )


def test_a_panel_holds_a_table_that_holds_rows() -> None:
    made = _made(
        '{% panel "Tên" flush=True id="x" %}{% data_table %}<tr></tr>{% enddata_table %}{% endpanel %}'
    )
    assert made == (
        '<section class="panel flush" id="x"><h2>Tên</h2>'
        '<div class="scroll"><table class="stack"><tr></tr></table></div></section>'
    )


def test_a_figure_is_a_link_where_it_opens_its_rows() -> None:
    assert _made('{% figure_box "Nợ" 5 mark="late" %}') == (
        '<div class="late"><span>Nợ</span><b>5</b></div>'
    )
    assert _made('{% figure_box "Nợ" 5 "lượt" url="/vay/" %}') == (
        '<a href="/vay/"><span>Nợ</span><b>5</b><span>lượt</span></a>'
    )


def test_a_field_says_when_it_may_stay_empty_and_why_it_was_refused() -> None:
    class Asked(forms.Form):
        must = forms.CharField(label="Tên", help_text="Như căn cước.")
        may = forms.CharField(label="Ghi chú", required=False)

    form = Asked({})
    must = _made("{% form_field field %}", field=form["must"])
    may = _made("{% form_field field %}", field=form["may"])
    assert "không bắt buộc" not in must
    assert 'class="errorlist"' in must
    assert '<p class="h">Như căn cước.</p>' in must
    assert "không bắt buộc" in may
    assert 'class="h"' not in may
    assert "không bắt buộc" not in _made("{% form_field field optional=False %}", field=form["may"])


def test_a_form_carries_its_token() -> None:
    made = _made('{% form_panel "Lưu" %}x{% endform_panel %}', csrf_token="t0ken")
    assert 'name="csrfmiddlewaretoken" value="t0ken"' in made
    assert '<button class="btn main">Lưu</button>' in made


def test_a_meter_is_as_wide_as_its_parts() -> None:
    made = _made("{% meter parts %}", parts=[("done", 62.5), ("late", 37.5)])
    assert re.findall(r'class="(\w+)" style="width:([\d.]+)%"', made) == [
        ("done", "62.50"),
        ("late", "37.50"),
    ]
