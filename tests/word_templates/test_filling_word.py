"""Templates filled in, and every way out of them refused by name."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from jinja2.exceptions import SecurityError, UndefinedError
from made_docx import changed, docx, words_of

from tdcs.core.errors import Refusal
from tdcs.documents import errors as files
from tdcs.word_templates import errors
from tdcs.word_templates.filling import apart, rendering, sandbox
from tdcs.word_templates.filling.tags import KINDS, example_of, tags_of

LOAN = tags_of("loan")
GROUP = tags_of("group")


def faults(*paragraphs: str, kind: str = "group", **more: Any) -> list[Refusal]:
    return rendering.check(docx(*paragraphs, **more), tags_of(kind)).problems


def one(*paragraphs: str, kind: str = "group", **more: Any) -> Refusal:
    found = faults(*paragraphs, kind=kind, **more)
    assert len(found) == 1, found
    return found[0]


def filled(content: bytes, kind: str = "loan", **values: Any) -> list[str]:
    record = example_of(kind) | values
    return words_of(rendering.fill(content, tags_of(kind), [record], joined=False)[0])


def test_values_are_written_as_papers_write_them() -> None:
    """Dong with dots and in words, days as dd/mm/yyyy and in words, nothing of none."""
    content = docx(
        "Ông/bà {{ ten_kh }} vay {{ muc_vay }} đồng ({{ muc_vay|bang_chu }})",
        "Ngày {{ ngay_vay }}, {{ ngay_dh|ngay_chu }}, tháng {{ ngay_vay|thang }}; {{ sdt|mac_dinh('…') }}",
        "{% if no_qh > 0 %}Có nợ quá hạn{% else %}Không có nợ quá hạn{% endif %}",
    )
    words = filled(content, muc_vay=51_000_005, ngay_vay=date(2026, 2, 5), sdt=None)
    assert words[0] == (
        "Ông/bà Nguyễn Thị Hoa vay 51.000.005 đồng (Năm mươi mốt triệu không trăm linh năm đồng)"
    )
    assert words[1] == "Ngày 05/02/2026, ngày 05 tháng 6 năm 2028, tháng 02/2026; …"
    assert words[2] == "Không có nợ quá hạn"


def test_rows_of_a_list_become_rows_of_a_table() -> None:
    table = [
        ["TT", "Tên", "Dư nợ"],
        ["{%tr for k in ds_kh %}", "", ""],
        ["{{ loop.index }}", "{{ k.ten_kh }}", "{{ k.du_no }}"],
        ["{%tr endfor %}", "", ""],
        ["", "Cộng {{ ds_kh|dem }}", "{{ ds_kh|tong('du_no') }}"],
    ]
    rows = [
        {**example_of("group")["ds_kh"][0], "ten_kh": name, "du_no": owed}
        for name, owed in (("Hoa", 1_000_000), ("Mai", 2_500_000))
    ]
    words = filled(docx("Danh sách", table=table), "group", ds_kh=rows)
    assert words[4:] == [
        "1",
        "Hoa",
        "1.000.000",
        "2",
        "Mai",
        "2.500.000",
        "",
        "Cộng 2",
        "3.500.000",
    ]


def test_a_tag_that_word_split_over_runs_is_one_tag() -> None:
    content = changed(
        docx("X{{ ten_kh }}Y"),
        {},
        replace=("{{ ten_kh }}", "{</w:t></w:r><w:r><w:t>{ ten_</w:t></w:r><w:r><w:t>kh }}"),
    )
    assert filled(content)[0] == "XNguyễn Thị HoaY"


def test_headers_and_footers_are_filled_in() -> None:
    words = filled(docx("a", header="{{ ten_pgd }}", footer="In ngày {{ ngay_in }}"))
    assert words == ["a", "Phòng giao dịch Định Quán", "In ngày 23/11/2026"]


def test_a_value_is_never_read_as_a_tag_or_as_xml() -> None:
    """Data that looks like a template, like XML, or hides signs stays words."""
    words = filled(docx("{{ ten_kh }}"), ten_kh="{{ muc_vay }}<w:p/>&amp;\x00\x07\u202eA")
    assert words == ["{{ muc_vay }}<w:p/>&amp;A"]


def test_an_unknown_tag_is_told_with_its_place_and_the_nearest() -> None:
    found = faults(
        "{{ ten_pgd }}",
        "Họ tên {{ tên_to }}",
        table=[["a", "b"], ["{% for k in ds_kh %}{{ k.du_noo }}{% endfor %}", "{{ so_tvv }}"]],
    )
    told = [(type(f), f.params["tag"], str(f.params["place"]), f.params["nearest"]) for f in found]
    assert told == [
        (errors.TagUnknown, "tên_to", "đoạn 2", "ten_to"),
        (errors.TagUnknown, "k.du_noo", "bảng 1, dòng 2, cột 1", "k.du_no"),
        (errors.TagUnknown, "so_tvv", "bảng 1, dòng 2, cột 2", "so_tv"),
    ]
    assert "table 1, row 2, column 2" in found[2].sentence("en")


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("{{ ''.__class__ }}", errors.TagEscapes),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", errors.TagEscapes),
        ("{{ ten_to.__class__ }}", errors.TagEscapes),
        ("{{ ten_to.upper }}", errors.TagEscapes),
        ("{{ ten_to['__class__'] }}", errors.TagEscapes),
        ("{{ ds_kh[0] }}", errors.TagEscapes),
        ("{{ ten_to|attr('__class__') }}", errors.TagEscapes),
        ("{{ ds_kh|map(attribute='__class__')|join }}", errors.TagEscapes),
        ("{{ '{0.__class__}'.format(ten_to) }}", errors.TagEscapes),
        ("{{ '%s'|format(ten_to) }}", errors.TagEscapes),
        ("{{ ten_to|safe }}", errors.TagEscapes),
        ("{{ __import__ }}", errors.TagEscapes),
        ("{{ self.__init__ }}", errors.TagUnknown),
        ("{% for k in ds_kh %}{{ loop.__class__ }}{% endfor %}", errors.TagEscapes),
        ("{% for k in ds_kh %}{{ k.__class__ }}{% endfor %}", errors.TagEscapes),
        ("{% for k in ds_kh %}{{ k.items }}{% endfor %}", errors.TagUnknown),
        ("{{ '%s' % ten_to }}", errors.TagOperator),
        ("{{ 'a' * 1000000000 }}", errors.TagOperator),
        ("{{ 9 ** 99999 }}", errors.TagOperator),
        ("{{ ds_kh }}", errors.TagOperator),
        ("{{ ten_to + ten_xa }}", errors.TagOperator),
        ("{% for i in range(10**6) %}x{% endfor %}", errors.TagCalls),
        ("{{ lipsum(n=1000) }}", errors.TagCalls),
        ("{{ cycler('a') }}", errors.TagCalls),
        ("{% for k in ds_kh %}{{ loop.cycle('a', 'b') }}{% endfor %}", errors.TagCalls),
        ("{% for k in ds_kh recursive %}{{ k.stt }}{% endfor %}", errors.TagMacro),
        ("{% macro m() %}{{ m() }}{% endmacro %}", errors.TagMacro),
        ("{% set x = ten_to %}", errors.TagMacro),
        ("{% filter upper %}a{% endfilter %}", errors.TagMacro),
        ("{% include 'a' %}", errors.TagIncludes),
        ("{% import 'a' as b %}", errors.TagIncludes),
        ("{% from 'a' import b %}", errors.TagIncludes),
        ("{% extends 'a' %}", errors.TagIncludes),
        ("{% block a %}{% endblock %}", errors.TagIncludes),
        ("{% for c in 'abc' %}{{ c }}{% endfor %}", errors.TagNoList),
        ("{% for c in ten_to %}x{% endfor %}", errors.TagNoList),
        ("{% for a, b in ds_kh %}x{% endfor %}", errors.TagNoList),
        ("{{ ten_to|lower }}", errors.TagFilterUnknown),
        ("{{ ten_to|bang_chu }}", errors.TagFilterUnknown),
        ("{{ ds_kh|tong('ten_kh') }}", errors.TagFilterUnknown),
        ("{{ ten_to", errors.TagSyntaxWrong),
        ("{% for k in ds_kh %}", errors.TagSyntaxWrong),
        ("{% while true %}", errors.TagSyntaxWrong),
        ("{{ ten_to|upper }}", errors.TagFilterUnknown),
    ],
)
def test_ways_out_are_refused_by_name(words: str, refusal: type[Refusal]) -> None:
    found = faults("ok", words)
    assert found and type(found[0]) is refusal, found
    assert found[0].params["place"].paragraph == 2
    for language in ("vi", "en"):
        assert found[0].sentence(language) and found[0].next_step(language)


def test_a_tag_hidden_from_the_words_is_found_in_what_runs() -> None:
    """A tag in an attribute of the XML is no word of the document, and is refused all the same."""
    content = changed(docx("abc"), {}, replace=("<w:body>", '<w:body w:rsid="{{ x.__class__ }}">'))
    found = rendering.check(content, GROUP).problems
    assert [type(one) for one in found] == [errors.TagUnknown, errors.TagEscapes]


def test_the_sandbox_itself_gives_no_way_out() -> None:
    """Without the walk of the tree, the environment refuses too."""
    env = sandbox.environment()
    for words in (
        "{{ ''.__class__ }}",
        "{{ x.items() }}",
        "{{ x['keys'] }}",
        "{{ x.pop }}",
        "{{ l[0] }}",
    ):
        with pytest.raises((SecurityError, UndefinedError)):
            env.from_string(words).render(x={"a": 1}, l=[1])


def test_nested_loops_of_a_million_rows_are_stopped() -> None:
    rows = [example_of("group")["ds_kh"][0]] * 100
    content = docx(
        "a",
        "{% for a in ds_kh %}{% for b in ds_kh %}{% for c in ds_kh %}.{% endfor %}{% endfor %}{% endfor %}",
    )
    with pytest.raises(errors.TooManyRows) as told:
        filled(content, "group", ds_kh=rows)
    assert str(told.value.params["place"]) == "đoạn 2"


def test_a_loop_to_the_bound_runs_and_one_row_more_does_not() -> None:
    content = docx("{% for a in ds_kh %}{% endfor %}")
    row = example_of("group")["ds_kh"][0]
    filled(content, "group", ds_kh=[row] * sandbox.MOST_ROWS)
    with pytest.raises(errors.TooManyRows):
        filled(content, "group", ds_kh=[row] * (sandbox.MOST_ROWS + 1))


def test_what_fails_while_filling_in_is_told_with_tag_and_place() -> None:
    with pytest.raises(errors.TagValueWrong) as told:
        filled(docx("a", "b {{ muc_vay|bang_chu }}"), muc_vay="không rõ")
    assert told.value.params["tag"] == "{{ muc_vay|bang_chu }}"
    assert str(told.value.params["place"]) == "đoạn 2"
    assert "không phải số" in str(told.value)


_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"'
    ' Target="{}" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "http://evil.example/x.dotm"),
        ("image", "\\\\10.0.0.1\\share\\a.png"),
        ("hyperlink", "https://example.org"),
        ("oleObject", "file:///etc/passwd"),
    ],
)
def test_links_outwards_are_refused(kind: str, target: str) -> None:
    content = changed(
        docx("a"), {"word/_rels/settings.xml.rels": _RELS.format(kind, target).encode()}
    )
    with pytest.raises(errors.TemplateReachesOut) as told:
        rendering.check(content, GROUP)
    assert target in str(told.value)


def test_macros_and_objects_are_refused() -> None:
    with pytest.raises(errors.TemplateHasMacro):
        rendering.check(changed(docx("a"), {"word/vbaProject.bin": b"x"}), GROUP)
    with pytest.raises(errors.TemplateHasObject):
        rendering.check(changed(docx("a"), {"word/embeddings/oleObject1.bin": b"x"}), GROUP)
    with pytest.raises(errors.TemplateHasObject):
        rendering.check(
            changed(docx("a"), {}, replace=("<w:body>", "<w:body><w:altChunk/>")), GROUP
        )


_ENTITY = '<?xml version="1.0"{}?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    "name", ["word/document.xml", "word/header7.xml", "docProps/core.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_they_stand(name: str, encoding: str) -> None:
    words = _ENTITY.format(f' encoding="{encoding}"').encode(encoding)
    with pytest.raises(errors.TemplateHasEntities):
        rendering.check(changed(docx("a"), {name: words}), GROUP)


def test_billion_laughs_is_refused() -> None:
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    words = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{inner}]><x>&a9;</x>'
    with pytest.raises(errors.TemplateHasEntities):
        rendering.check(changed(docx("a"), {"word/document.xml": words.encode()}), GROUP)


def _field(*pieces: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in pieces)
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


@pytest.mark.parametrize(
    ("pieces", "taken"),
    [
        ((" PAGE ",), True),
        ((" NUM", "PAGES  "), True),
        ((" DDEAUTO c:\\\\x",), False),
        (
            (
                " INCLUDE",
                "PICTURE http://x",
            ),
            False,
        ),
        ((" INCLUDETEXT x",), False),
        ((" QUOTE 68 68 69",), False),
        ((" {{ ten_to }} ",), False),
        ((" MERGEFIELD a",), False),
    ],
)
def test_fields_that_reach_out_are_refused(pieces: tuple[str, ...], taken: bool) -> None:
    content = changed(docx("a"), {}, replace=("<w:body>", f"<w:body>{_field(*pieces)}"))
    if taken:
        assert not rendering.check(content, GROUP).problems
        return
    with pytest.raises(errors.TemplateFieldRefused):
        rendering.check(content, GROUP)


def test_bombs_and_other_files_are_refused() -> None:
    with pytest.raises(files.DocumentBomb):
        rendering.check(changed(docx("a"), {"word/media/a.bin": b"0" * (60 * 2**20)}), GROUP)
    with pytest.raises(files.DocumentBomb):
        rendering.check(changed(docx("a"), {f"word/a{n}.txt": b"" for n in range(500)}), GROUP)
    with pytest.raises(files.FileTooLarge):
        rendering.check(b"PK" + b"0" * (6 * 2**20), GROUP)
    with pytest.raises(files.EmptyFile):
        rendering.check(b"", GROUP)
    with pytest.raises(files.UnknownFormat):
        rendering.check(b"%PDF-1.7", GROUP)
    with pytest.raises(files.BrokenFile):
        rendering.check(docx("a")[:900], GROUP)
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as book:
        book.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(files.UnknownFormat):
        rendering.check(kept.getvalue(), GROUP)


def test_many_records_become_one_document() -> None:
    content = docx("Gửi {{ ten_kh }}", footer="{{ ten_cn }}")
    records = [example_of("loan") | {"ten_kh": name} for name in ("Hoa", "Mai", "Lan")]
    (made,) = rendering.fill(content, LOAN, records, joined=True)
    words = [one for one in words_of(made) if one.startswith("Gửi")]
    assert words == ["Gửi Hoa", "Gửi Mai", "Gửi Lan"]


def test_a_header_of_one_record_is_not_joined() -> None:
    content = docx("a", header="{{ ten_kh }}")
    with pytest.raises(errors.JoinedHeaderDiffers) as told:
        rendering.fill(content, LOAN, [example_of("loan")] * 2, joined=True)
    assert "ten_kh" in str(told.value)


@pytest.mark.usefixtures("fresh_children")
def test_apart_it_is_the_same() -> None:
    """Through the guarded process: what is used, every problem with its place, a filled file, a refusal by its class."""
    found = apart.check_apart(docx("{{ ten_kh }}", "{{ x.y }}"), "loan")
    assert found.used == ["ten_kh"]
    assert str(found.problems[0].params["place"]) == "đoạn 2"
    (made,) = apart.fill_apart(docx("{{ ngay_vay }}"), "loan", [example_of("loan")])
    assert words_of(made) == ["05/06/2025"]
    with pytest.raises(errors.TemplateHasMacro):
        apart.check_apart(changed(docx("a"), {"word/vbaProject.bin": b"x"}), "loan")


def test_time_and_memory_end() -> None:
    """What needs longer than its bounds is stopped by name."""
    content = docx("{% if ten_to %}" * 400 + "a" + "{% endif %}" * 400)
    with pytest.raises(errors.TemplateTooHard):
        apart.check_apart(content, "group", apart.Bounds(seconds=0, mib=1024))
    with pytest.raises(errors.TemplateTooHard):
        apart.check_apart(docx("a"), "group", apart.Bounds(seconds=10, mib=40))


@pytest.mark.parametrize("kind", KINDS)
def test_every_tag_has_words_and_an_example_that_can_be_filled_in(kind: str) -> None:
    tags = tags_of(kind)
    lines = []
    for tag in tags.values():
        assert tag.vi and tag.en and tag.type in ("text", "money", "number", "date", "list")
        if tag.type == "list":
            columns = "".join("{{ k." + name + " }} " for name in tag.columns)
            lines.append("{% for k in " + tag.name + " %}" + columns + "{% endfor %}")
        else:
            lines.append("{{ " + tag.name + " }}")
    content = docx(*lines)
    assert not rendering.check(content, tags).problems
    filled(content, kind)
