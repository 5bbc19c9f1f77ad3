"""A report on a draft tried: what it changes, whom it touches, with the table, the chart and what was assumed."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Block,
    Bullets,
    Chart,
    Heading,
    OfficialDocument,
    Paragraph,
    Series,
    Signature,
    Table,
)
from tdcs.organisations.queries import profile_of
from tdcs.policy_lab.composing.words import ASSUMED, MEASURE_NAMES
from tdcs.policy_lab.queries.comparisons import Shown
from tdcs.policy_lab.rules.summing import SumLine, measure_of

_MILLION: Final = 1_000_000
_BARS: Final = 12


def report(view: Shown, *, unit: int | None, on: date) -> OfficialDocument:
    """BÁO CÁO of a unit (None: of nobody's) on a day."""
    kept = view.kept
    profile = profile_of(unit, on) if unit else None
    parent = profile_of(profile.parent_id, on).name if profile and profile.parent_id else ""
    return OfficialDocument(
        parent_body=parent,
        issuer=profile.name if profile else "",
        symbol=f"BC-{profile.symbol}" if profile else "BC",
        place=profile.place_name if profile else "",
        issued_on=on,
        type_name="BÁO CÁO",
        subject=f"kết quả thử nghiệm dự thảo “{kept.name}” trên sổ tín dụng chính sách",
        body=[*_draft(view), *_effects(view), *_tables(view), *_assumed()],
        signature=Signature(title="Giám đốc"),
        recipients=("Như trên",),
        filing="VT",
    )


def _draft(view: Shown) -> list[Block]:
    columns = (
        Column("TT", "ordinal", 1),
        Column("Giá trị", "text", 5),
        Column("Hiện hành", "text", 5),
        Column("Dự thảo", "text", 4),
        Column("Từ ngày", "text", 2.4),
    )
    rows = [
        (
            at,
            f"{one.group}: {one.label}",
            f"{one.before} ({one.basis_before})",
            one.after,
            one.starts_on,
        )
        for at, one in enumerate(view.changes, 1)
    ]
    bases = list(dict.fromkeys(one.basis for one in view.changes))
    return [
        Heading(1, "Nội dung dự thảo"),
        Paragraph(
            f"Dự thảo (căn cứ: {view.kept.basis}) thay đổi {len(rows)} giá trị của luật đang áp dụng như sau:"
        ),
        Table(columns, rows, caption="Các giá trị thay đổi"),
        *([Bullets([f"Căn cứ đề xuất: {words}" for words in bases])] if bases else []),
    ]


def _effects(view: Shown) -> list[Block]:
    kept, total = view.kept, view.total()
    of = total.of
    day, at = numbers.date_short(kept.day), numbers.date_short(kept.law_on)
    said = [
        f"Lãi phát sinh một năm {_moved(total.interest)}: hiện hành {_dong(of['interest_before'])}, "
        f"theo dự thảo {_dong(of['interest_after'])}.",
        f"{numbers.whole(view.gaining_households)} hộ vay trả lãi ít hơn, {numbers.whole(view.losing_households)} "
        f"hộ trả nhiều hơn; được lợi {_dong(of['gain'])}, bị thiệt {_dong(of['loss'])} một năm.",
        f"Nợ quá hạn {_moved(total.overdue)}.",
        f"Hợp đồng mới như 12 tháng qua: lãi một năm {_moved(total.new_interest)}; vượt mức tối đa mới "
        f"{_dong(of['cut'])}; được vay thêm {_dong(of['room'])}.",
        f"Hoa hồng và phí ủy thác một năm {_moved(total.paid)}.",
        f"Ngân sách bù thêm một năm: {_dong(of['cost'])}, trong đó nguồn địa phương {_dong(of['cost_local'])}.",
        f"Hộ mới đủ điều kiện vay: {numbers.whole(of['newly_eligible'])} lượt hộ và chương trình; không còn đủ điều "
        f"kiện: {numbers.whole(of['no_longer'])}.",
    ]
    return [
        Heading(1, "Tác động"),
        Paragraph(
            f"Thử trên {numbers.whole(of['loans'])} món vay, dư nợ {_dong(of['outstanding'])}, số liệu ngày {day}; so "
            f"sánh theo luật có hiệu lực ngày {at}."
        ),
        Bullets(said),
    ]


def _tables(view: Shown) -> list[Block]:
    found: list[Block] = []
    measure = measure_of(view.total())
    for key, name in (("programme", "chương trình"), ("status", "diện của hộ")):
        rows = [(words, line) for words, line in view.lines(key, {}) if line.moved]
        found.append(_table(rows, view.total(), name))
        if key == "programme" and (bars := [row for row in rows if row[1].measure(measure)]):
            found.append(_chart(bars[:_BARS], measure))
    communes = [row for row in view.lines("commune", {}) if row[1].moved][:_BARS]
    found.append(_table(communes, None, "xã, phường chịu tác động nhiều nhất"))
    return found


def _table(rows: list[tuple[str, SumLine]], total: SumLine | None, name: str) -> Table:
    columns = (
        Column("TT", "ordinal", 1),
        Column(name.capitalize(), "text", 5),
        Column("Dư nợ", "integer", 2.4),
        Column("Lãi một năm, chênh lệch", "integer", 2.4),
        Column("Nợ quá hạn, chênh lệch", "integer", 2.4),
        Column("Ngân sách bù thêm", "integer", 2.4),
        Column("Hộ mới đủ điều kiện", "integer", 2),
    )
    return Table(
        columns,
        [(at, words, *_cells(line)) for at, (words, line) in enumerate(rows, 1)],
        caption=f"Tác động theo {name}",
        unit="triệu đồng; lượt hộ",
        totals=(None, "Cộng", *_cells(total)) if total else None,
        empty="Không có thay đổi.",
    )


def _cells(line: SumLine) -> tuple[int, ...]:
    of = line.of
    return (
        _millions(of["outstanding"]), _millions(line.interest), _millions(line.overdue),
        _millions(of["cost"]), of["newly_eligible"],
    )  # fmt: skip


def _chart(rows: list[tuple[str, SumLine]], measure: str) -> Chart:
    households = measure == "doors"
    values = [line.measure(measure) for _words, line in rows]
    return Chart(
        kind="hbar",
        title=f"{MEASURE_NAMES[measure]}: chênh lệch theo chương trình",
        categories=[words for words, _line in rows],
        series=[Series("Chênh lệch", values if households else [_millions(v) for v in values])],
        unit="lượt hộ" if households else "triệu đồng",
    )


def _assumed() -> list[Block]:
    return [Heading(1, "Cách tính và giả định"), Bullets(list(ASSUMED))]


def _millions(dong: int) -> int:
    """Rounded half away from zero, so that a gain and a loss look alike."""
    half = _MILLION // 2
    return (abs(dong) + half) // _MILLION * (1 if dong >= 0 else -1)


def _dong(amount: int) -> str:
    return f"{numbers.whole(amount)} đồng"


def _moved(amount: int) -> str:
    if not amount:
        return "không đổi"
    return f"{'tăng' if amount > 0 else 'giảm'} {_dong(abs(amount))}"
