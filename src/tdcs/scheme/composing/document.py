"""A version as ĐỀ ÁN in the form of NĐ 30/2020: texts that people wrote, figures that it keeps, annexes, what changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tdcs.core import clock
from tdcs.documents import numbers
from tdcs.documents.official import (
    Block,
    Bullets,
    Heading,
    OfficialDocument,
    Paragraph,
    paragraphs,
)
from tdcs.plans.composing.framing import Letterhead, Paper, Signing, framed
from tdcs.plans.composing.letterheads import branch, issuer_name, letterhead
from tdcs.scheme.composing import annexes, charts, tables
from tdcs.scheme.models import SchemeVersion
from tdcs.scheme.rules import sections
from tdcs.scheme.rules.changes import Change, changes
from tdcs.scheme.rules.figures import Content, SchemeFigures, sums_of

_EMPTY: Final = "(Chưa có nội dung.)"


@dataclass(frozen=True, slots=True)
class Beside:
    """The earlier version that a document is compared with: its name, and what is another."""

    words: str
    changes: Sequence[Change]

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(one.path for one in self.changes)


def document(version: SchemeVersion) -> OfficialDocument:
    """The version as it leaves; a draft leaves room for number, day and name."""
    plan = version.scheme.plan
    day = version.issued_on or clock.today()
    signing = Signing(
        version.number, version.issued_on, version.signer, version.signer_title, day.year
    )
    head = letterhead(branch(plan, day), day)
    return composed(head, signing, version.content, beside_of(version), issuer_name(plan, day))


def beside_of(version: SchemeVersion) -> Beside | None:
    """What differs from the version that this one is compared with."""
    if version.against is None:
        return None
    before = version.against
    words = f"bản số {before.sequence} (số liệu ngày {numbers.date_short(before.figures_on)})"
    return Beside(words, changes(before.content["figures"], version.content["figures"]))


def composed(
    head: Letterhead, signing: Signing, content: Content, beside: Beside | None, addressee: str
) -> OfficialDocument:
    """The whole document from its content."""
    figures, texts = content["figures"], content["texts"]
    changed = beside.paths if beside else frozenset()
    behind = annexes.annexes(figures, changed)
    if beside and beside.changes:
        behind = (*behind, annexes.changes_annex(beside.changes, beside.words))
    made = framed(
        head,
        signing,
        paper=Paper(
            code="ĐA",
            type_name="Đề án",
            subject=content["name"],
            body=[
                *_opening(figures, texts, changed),
                *_goals_section(figures, texts, changed),
                *_money(figures, texts, changed),
                *_doing(figures, texts),
                Paragraph(
                    f"Trên đây là Đề án {content['name']}, {head.issuer} kính trình {addressee} xem xét, phê duyệt"
                ),
            ],
            recipients=(addressee, "Các sở, ngành liên quan", "UBND các xã, phường"),
            filing="VT, KHNV",
            annexes=behind,
        ),
    )
    return replace(made, legal_bases=content["bases"])


def _words(texts: dict[str, str], path: str, *, empty: str = "") -> list[Block]:
    said = texts.get(path, "").strip()
    return list(paragraphs(said)) if said else [Paragraph(empty)] if empty else []


def _opening(
    figures: SchemeFigures, texts: dict[str, str], changed: Collection[str]
) -> list[Block]:
    limits = _words(texts, sections.LIMITS, empty=_EMPTY)
    return [
        Heading(1, sections.TITLES[sections.NECESSITY]),
        *_words(texts, sections.NECESSITY, empty=_EMPTY),
        Heading(1, f"Kết quả thực hiện đến ngày {tables.day_of(figures)}"),
        Heading(2, "Kết quả đạt được"),
        *_words(texts, sections.RESULTS),
        *charts.results_chart(figures),
        tables.results_table(figures, changed),
        Heading(2, sections.TITLES[sections.LIMITS]),
        *limits,
    ]


def _goals_section(
    figures: SchemeFigures, texts: dict[str, str], changed: Collection[str]
) -> list[Block]:
    return [
        Heading(1, f"Mục tiêu giai đoạn {tables.span_of(figures)}"),
        *_words(texts, sections.OBJECTIVES, empty=_EMPTY),
        Paragraph(
            f"Theo kịch bản “{figures['scenario']['name']}” (căn cứ: {figures['scenario']['basis']}), các chỉ tiêu đến cuối "
            f"năm {figures['last']}:"
        ),
        Bullets(goals(figures)),
        tables.years_table(figures, changed),
    ]


def goals(figures: SchemeFigures) -> list[str]:
    """What the scheme aims at, in sentences made from its figures."""
    last, sums = figures["years"][-1], sums_of(figures)
    local = sums["province_added"] + sums["communes_added"]
    return [
        f"Tổng dư nợ đạt {numbers.money(last['closing'])}, bình quân mỗi năm tăng {numbers.ppm(figures['average_growth'])};",
        f"Tổng cho vay cả giai đoạn {numbers.money(sums['lent'])};",
        f"Vốn ngân sách địa phương đạt {numbers.money(last['province'] + last['communes'])}, bằng "
        f"{numbers.ppm(last['local_share'])} tổng dư nợ; cả giai đoạn bổ sung {numbers.money(local)}, trong đó "
        f"ngân sách cấp tỉnh {numbers.money(sums['province_added'])}, ngân sách cấp xã {numbers.money(sums['communes_added'])};",
        f"Tỷ lệ nợ quá hạn {numbers.ppm(last['overdue_share'])} tổng dư nợ.",
    ]


def _money(figures: SchemeFigures, texts: dict[str, str], changed: Collection[str]) -> list[Block]:
    return [
        Heading(1, "Nhu cầu vốn"),
        *_words(texts, sections.NEEDS),
        tables.needs_table(figures, changed),
        *charts.programmes_chart(figures),
        Heading(1, "Nguồn vốn"),
        *_words(texts, sections.CAPITAL),
        tables.capital_table(figures, changed),
        charts.capital_chart(figures),
    ]


def _doing(figures: SchemeFigures, texts: dict[str, str]) -> list[Block]:
    effects = _words(texts, sections.EFFECTS)
    return [
        Heading(1, sections.TITLES[sections.SOLUTIONS]),
        *_words(texts, sections.SOLUTIONS, empty=_EMPTY),
        Heading(1, sections.TITLES[sections.DUTIES]),
        *_words(texts, sections.DUTIES, empty=_EMPTY),
        *([tables.duties_table(figures)] if figures["duties"] else []),
        *([Heading(1, sections.TITLES[sections.EFFECTS]), *effects] if effects else []),
    ]
