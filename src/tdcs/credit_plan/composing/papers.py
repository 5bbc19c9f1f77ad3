"""The branch's papers about a year's plan: the proposal to the centre, that to the People's Council, the draft resolution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.capital.models import Tier
from tdcs.core import law
from tdcs.credit_plan.queries.paper_figures import PlanFigures
from tdcs.credit_plan.queries.places import branch_on
from tdcs.credit_plan.queries.plans import Carries
from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Annex,
    Article,
    Block,
    Bullets,
    Heading,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
)
from tdcs.organisations.queries import profile_of
from tdcs.programmes.rules import documents

_MILLION: Final = 1_000_000
# Texts on which plans and entrusted capital rest (law/documents).
_BASES_CENTRE: Final = ("ND-06-2026", "QD-86-2014-NHCS", "CV-03-2026-HDQT", "CV-1151-2026")
_BASES_LOCAL: Final = ("ND-06-2026", "TT-11-2017-BTC", "TT-84-2025-BTC", "CT-39-2024")


@dataclass(frozen=True, slots=True)
class _Head:
    issuer: str
    parent: str
    symbol: str
    place: str


def _millions(dong: int) -> int:
    return _half_up(dong, _MILLION)


def _half_up(dividend: int, divisor: int) -> int:
    """Whole parts, halves up; amounts of papers are not negative."""
    return (2 * dividend + divisor) // (2 * divisor)


def _branch(on: date) -> _Head:
    profile = profile_of(branch_on(on), on)
    parent = profile_of(profile.parent_id, on).name if profile.parent_id else ""
    return _Head(profile.name, parent, profile.symbol, profile.place_name)


def _cited(codes: Sequence[str]) -> list[str]:
    known = documents()
    return [f"Căn cứ văn bản số {known[code].label}: {known[code].title}" for code in codes]


def to_centre(figures: PlanFigures, on: date) -> OfficialDocument:
    """TỜ TRÌNH to the General Director: what the province needs of central money, and from what it is reckoned."""
    head, year = _branch(on), figures.year
    central = sum(one.central for one in figures.programmes)
    return OfficialDocument(
        parent_body=head.parent,
        issuer=head.issuer,
        symbol=f"TTr-{head.symbol}",
        place=head.place,
        year=on.year,
        type_name="Tờ trình",
        subject=f"Về việc giao chỉ tiêu kế hoạch tín dụng năm {year}",
        addressees=("Tổng Giám đốc Ngân hàng Chính sách xã hội",),
        body=(
            *(Paragraph(words) for words in _cited(_BASES_CENTRE)),
            Paragraph(
                f"{head.issuer} tổng hợp nhu cầu vốn từ hộ, tổ tiết kiệm và vay vốn, xã, phường và các phòng giao dịch, "
                f"kính trình kế hoạch tín dụng năm {year} như sau:"
            ),
            Heading(1, "Tình hình đến ngày " + numbers.date_short(figures.day)),
            Paragraph(
                f"Tổng dư nợ {_words(figures.balance)}; nhu cầu vay vốn năm {year} qua khảo sát {_words(figures.need)}."
            ),
            Heading(1, f"Kế hoạch cho vay năm {year}"),
            _programme_table(figures),
            Heading(1, "Nguồn vốn"),
            _fund_table(figures.funds),
            Heading(1, "Kiến nghị"),
            Paragraph(
                f"Đề nghị giao chỉ tiêu cho vay năm {year} từ nguồn vốn trung ương {_words(central)}, trong đó bổ sung mới "
                f"{_words(sum(one.new for one in figures.of_tier(Tier.CENTRAL)))}."
            ),
        ),
        signature=Signature("Giám đốc"),
        recipients=("Như trên", "Ban đại diện Hội đồng quản trị (để báo cáo)"),
        filing="VT, KHNV",
        annexes=(_communes(figures),),
    )


def to_council(figures: PlanFigures, on: date) -> OfficialDocument:
    """TỜ TRÌNH (draft) of the People's Committee to the People's Council: local money to be entrusted in the year."""
    head, year, province = _branch(on), figures.year, law.province_name(on)
    added = sum(one.new for one in figures.of_tier(Tier.LOCAL))
    return OfficialDocument(
        issuer=f"Ủy ban nhân dân {province}",
        symbol="TTr-UBND",
        place=head.place,
        year=on.year,
        type_name="Tờ trình",
        subject=f"Về việc bố trí vốn ngân sách địa phương ủy thác qua Ngân hàng Chính sách xã hội năm {year} (dự thảo)",
        addressees=(f"Hội đồng nhân dân {province}",),
        body=(
            *(Paragraph(words) for words in _cited(_BASES_LOCAL)),
            Heading(1, "Sự cần thiết"),
            Paragraph(
                f"Nhu cầu vay vốn năm {year} qua khảo sát là {_words(figures.need)}; dư nợ đến ngày "
                f"{numbers.date_short(figures.day)} là {_words(figures.balance)}."
            ),
            Heading(1, "Kế hoạch cho vay và nguồn vốn"),
            _programme_table(figures),
            _fund_table(figures.of_tier(Tier.LOCAL)),
            Heading(1, "Đề nghị"),
            Paragraph(
                f"Bố trí {_words(added)} từ ngân sách địa phương để ủy thác qua {head.issuer} cho vay năm {year}; vốn thu hồi "
                "được cho vay quay vòng."
            ),
        ),
        signature=Signature("Chủ tịch", authority=("TM. Ủy ban nhân dân",)),
        recipients=("Như trên", head.issuer, "Sở Tài chính"),
        filing="VT",
        annexes=(_communes(figures),),
    )


def resolution(figures: PlanFigures, on: date) -> OfficialDocument:
    """NGHỊ QUYẾT (draft) of the People's Council on the local money entrusted in the year."""
    head, year, province = _branch(on), figures.year, law.province_name(on)
    local = figures.of_tier(Tier.LOCAL)
    lines = [f"{one.source.name}: {_words(one.new)}." for one in local if one.new]
    body: list[Block] = [
        Article(
            f"Bố trí {_words(sum(one.new for one in local))} vốn ngân sách địa phương ủy thác qua {head.issuer} để cho vay "
            f"người nghèo và các đối tượng chính sách khác trên địa bàn năm {year}"
            + (", gồm:" if lines else "."),
            title="Vốn ủy thác.",
        )
    ]
    if lines:
        body.append(Bullets(lines))
    body += [
        Article(
            f"Kế hoạch cho vay năm {year} từ nguồn vốn địa phương là "
            f"{_words(sum(one.local for one in figures.programmes))}, phân bổ cho các xã, phường theo Phụ lục.",
            title="Kế hoạch cho vay.",
        ),
        Article(
            f"Ủy ban nhân dân {province} tổ chức thực hiện; Thường trực Hội đồng nhân dân, các Ban và đại biểu Hội đồng "
            "nhân dân giám sát.",
            title="Tổ chức thực hiện.",
        ),
    ]
    return OfficialDocument(
        issuer=f"Hội đồng nhân dân {province}",
        symbol="NQ-HĐND",
        place=head.place,
        year=on.year,
        type_name="Nghị quyết",
        subject=f"Về vốn ngân sách địa phương ủy thác qua Ngân hàng Chính sách xã hội năm {year} (dự thảo)",
        authority=f"Hội đồng nhân dân {province}",
        legal_bases=_cited(_BASES_LOCAL),
        enacting="Quyết nghị",
        body=body,
        signature=Signature("Chủ tịch"),
        recipients=(f"Ủy ban nhân dân {province}", head.issuer, "Sở Tài chính"),
        filing="VT",
        annexes=(_communes(figures),),
    )


PAPERS: Final[dict[str, Callable[[PlanFigures, date], OfficialDocument]]] = {
    "to-trinh-trung-uong": to_centre,
    "to-trinh-hdnd": to_council,
    "nghi-quyet": resolution,
}


def _words(dong: int) -> str:
    return f"{numbers.whole(_millions(dong))} triệu đồng"


def _programme_table(figures: PlanFigures) -> Table:
    columns = (
        Column("TT", "ordinal", 1),
        Column("Chương trình", "text", 6),
        Column("Số hộ có nhu cầu", "integer", 2),
        Column("Nhu cầu", "integer", 2.4),
        Column("Dư nợ", "integer", 2.4),
        Column("Trung ương", "integer", 2.4, group="Kế hoạch cho vay"),
        Column("Địa phương", "integer", 2.4, group="Kế hoạch cho vay"),
    )
    rows = [
        (at, one.name, one.households, _millions(one.need), _millions(one.balance),
         _millions(one.central), _millions(one.local))
        for at, one in enumerate(figures.programmes, 1)
    ]  # fmt: skip
    sums = (
        None, "Cộng", sum(one.households for one in figures.programmes), _millions(figures.need),
        _millions(figures.balance), _millions(sum(one.central for one in figures.programmes)),
        _millions(sum(one.local for one in figures.programmes)),
    )  # fmt: skip
    return Table(
        columns, rows, caption="Kế hoạch theo chương trình", unit="triệu đồng", totals=sums
    )


def _fund_table(funds: Sequence[Carries]) -> Table:
    columns = (
        Column("TT", "ordinal", 1),
        Column("Nguồn vốn", "text", 6),
        Column("Chưa cho vay", "integer", 2.4),
        Column("Dự kiến thu nợ", "integer", 2.4),
        Column("Bổ sung mới", "integer", 2.4),
        Column("Kế hoạch cho vay", "integer", 2.4),
    )
    shown = [one for one in funds if one.able or one.planned]
    rows = [
        (at, one.source.name, _millions(one.free), _millions(one.maturing), _millions(one.new),
         _millions(one.planned))
        for at, one in enumerate(shown, 1)
    ]  # fmt: skip
    sums = (
        None, "Cộng", *(_millions(sum(getattr(one, name) for one in shown))
                        for name in ("free", "maturing", "new", "planned")),
    )  # fmt: skip
    return Table(columns, rows, caption="Cân đối nguồn vốn", unit="triệu đồng", totals=sums)


def _communes(figures: PlanFigures) -> Annex:
    columns = (
        Column("TT", "ordinal", 1),
        Column("Xã, phường", "text", 6),
        Column("Nhu cầu", "integer", 2.4),
        Column("Dư nợ", "integer", 2.4),
        Column("Trung ương", "integer", 2.4, group="Kế hoạch cho vay"),
        Column("Địa phương", "integer", 2.4, group="Kế hoạch cho vay"),
    )
    rows = [
        (at, one.name, _millions(one.need), _millions(one.balance), _millions(one.central),
         _millions(one.local))
        for at, one in enumerate(figures.communes, 1)
    ]  # fmt: skip
    sums = (
        None, "Cộng", *(_millions(sum(getattr(one, name) for one in figures.communes))
                        for name in ("need", "balance", "central", "local")),
    )  # fmt: skip
    title = f"Kế hoạch cho vay năm {figures.year} theo xã, phường"
    return Annex(title, (Table(columns, rows, unit="triệu đồng", totals=sums),))
