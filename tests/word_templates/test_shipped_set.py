"""Each template of the set that ships, filled in from one office's book, and the values read back."""

from __future__ import annotations

import pytest
from made_docx import words_of
from word_scene import Scene

from tdcs.core import clock
from tdcs.households.queries.scope import communes_in_scope
from tdcs.word_templates.composing.shipped import built, recipes
from tdcs.word_templates.composing.values import values_of
from tdcs.word_templates.filling import rendering
from tdcs.word_templates.filling.tags import KINDS, tags_of
from tdcs.word_templates.models import WordTemplate
from tdcs.word_templates.queries.records import find
from tdcs.word_templates.services.shipping import add_shipped, shipped_missing

pytestmark = pytest.mark.django_db

# What must stand in each; the loan is of 20 million, paid out on 3/11/2026, in the group of bà Hoa.
READ_BACK = {
    "phieu-thong-tin-mon-vay": ("Lê Thị Hoa", "20.000.000", "Hai mươi triệu đồng", "03/11/2026", "Trong hạn"),
    "thong-bao-no-den-han": ("Lê Thị Hoa", "20.000.000", "Đề nghị ông (bà) thu xếp"),
    "01-xln": ("Lê Thị Hoa", "20.000.000", "đến ngày ..../..../......"),
    "02-xln": ("Lê Thị Hoa", "Hai mươi triệu đồng"),
    "04-xln": ("xã La Ngà", "0 đồng (0,00%)"),
    "05-xln": ("quá hạn 0 đồng",),
    "13-xln": ("Lê Thị Hoa", "dư nợ gốc 20.000.000"),
    "14-xln": ("Lê Thị Hoa", "dư nợ gốc 20.000.000"),
    "bb-xac-minh-no": ("Lê Thị Hoa", "dư nợ 20.000.000 đồng"),
    "mau-16td": ("Tổ bà Hoa", "16/TD", "Trưởng đoàn"),
    "mau-06td": ("Lê Thị Hoa", "1 hộ trong danh sách", "20.000.000"),
    "mau-06atd": ("Lê Thị Hoa", "dư nợ 20.000.000 đồng"),
    "mau-15td": ("Lê Thị Hoa", "20.000.000"),
    "bien-ban-kiem-tra": ("23 tháng 11 năm 2026", "Không có tồn tại."),
    "01-kh": ("1 tổ, 1 hộ vay, dư nợ 20.000.000 đồng", "Tổ bà Hoa"),
    "ke-hoach-kt": ("1 tổ, 1 hộ vay, dư nợ 20.000.000 đồng", "Tổ bà Hoa"),
    "04-bc-th": ("20.000.000 đồng, tăng 20.000.000 đồng trong tháng", "cuối năm 2025"),
    "bao-cao-thang": ("20.000.000 đồng, tăng 20.000.000 đồng trong tháng",),
    "lich-tuan": ("dư nợ 20.000.000 đồng",),
    "to-trinh-khtd": ("dư nợ 20.000.000 đồng",),
    "thong-bao-ket-luan-giao-ban": ("THÁNG 11/2026", "Tổng dư nợ 20.000.000 đồng", "Hội Phụ nữ 0"),
    "giao-ban-xa": ("1 hộ, 1 tổ", "Hội Liên hiệp Phụ nữ", "100,00%", "4606001"),
    "danh-sach-to": ("TỔ TK&VV BÀ HOA (4606001)", "Lê Thị Hoa", "Cộng 1 món"),
    "ke-hoach-tra-no-to": ("TỔ BÀ HOA",),
}  # fmt: skip


def record_of(scene: Scene, kind: str) -> int:
    if kind == "loan":
        return scene.loan.pk
    if kind == "group":
        return scene.union.bank.group.pk
    if kind == "inspection":
        return scene.inspection.pk
    if kind == "unit":
        return scene.union.bank.office.pk
    return next(key for key, name in communes_in_scope(scene.planner) if name.endswith("La Ngà"))


def test_every_template_of_the_set_says_what_the_book_says(scene: Scene) -> None:
    on = clock.today()
    assert set(READ_BACK) == set(recipes())
    for code, recipe in recipes().items():
        tags, content = tags_of(recipe.kind), built(recipe)
        used = rendering.check(content, tags)
        assert not used.problems, (code, used.problems)
        record = record_of(scene, recipe.kind)
        values = values_of(recipe.kind, record, used=used.used, by=scene.planner, on=on)
        (made,) = rendering.fill(content, tags, [values], joined=False)
        words = "\n".join(words_of(made)).lower()
        for said in READ_BACK[code]:
            assert said.lower() in words, (code, said, words)
        assert "{{" not in words and "{%" not in words
        assert len(content) < 60_000


def test_every_tag_has_a_value_and_what_a_template_does_not_name_costs_nothing(
    scene: Scene,
) -> None:
    on = clock.today()
    for kind in KINDS:
        record = record_of(scene, kind)
        tags = tags_of(kind)
        values = values_of(kind, record, used=set(tags), by=scene.planner, on=on)
        assert set(values) == set(tags)
        for name, tag in tags.items():
            if tag.type == "list":
                assert all(set(row) == set(tag.columns) for row in values[name])
        bare = values_of(kind, record, used=(), by=scene.planner, on=on)
        assert set(bare) == set(tags)


def test_the_figures_of_a_place(scene: Scene) -> None:
    on = clock.today()
    key = record_of(scene, "commune")
    values = values_of("commune", key, used=set(tags_of("commune")), by=scene.planner, on=on)
    assert values["tong_du_no"] == values["cho_vay_thang"] == 20_000_000
    assert values["chenh_lech_dau_nam"] == 20_000_000 and values["pct_dau_nam"] == "–"
    assert values["mon_3m_tong"] == 0 and values["mon_amber_tong"] == 0
    assert [row["ten"] for row in values["bang_hoi"]] == ["Hội Liên hiệp Phụ nữ"]
    assert values["bang_to"][0]["du_no"] == 20_000_000
    later = on.replace(month=2, day=3).replace(year=2027)
    for day, silent in ((later, 0), (later.replace(day=4), 1)):
        found = values_of("commune", key, used=(), by=scene.planner, on=day)
        assert found["mon_3m_tong"] == found["mon_3m_hpn"] == silent, day
    assert found["cho_vay_nam"] == 0 and found["chenh_lech_dau_nam"] == 0


def test_the_set_is_taken_in_once(scene: Scene) -> None:
    assert shipped_missing() == len(recipes())
    assert len(add_shipped(by=scene.planner, on=clock.today())) == len(recipes())
    assert not add_shipped(by=scene.planner, on=clock.today()) and not shipped_missing()
    assert WordTemplate.objects.count() == len(recipes())


def test_choosing_a_record_of_each_kind(scene: Scene) -> None:
    on = clock.today()
    asked = {"loan": "hoa", "group": "ba hoa", "commune": "la nga", "unit": "dinh quan"}
    for kind, words in asked.items():
        assert record_of(scene, kind) in {one.key for one in find(scene.planner, kind, words, on)}
        assert not find(scene.planner, kind, "khong co ai nhu the", on)
    assert [one.key for one in find(scene.union.clerk, "inspection", "", on)] == [
        scene.inspection.pk
    ]
