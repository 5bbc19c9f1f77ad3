"""The decision that recognises a commune's list, with the list as its annex (.docx, PDF)."""

from __future__ import annotations

from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.official import (
    Annex,
    Article,
    Block,
    OfficialDocument,
    Signature,
    Table,
)
from tdcs.households.models import PovertyReview
from tdcs.households.queries.reviews import (
    ListRow,
    Summary,
    default_effective_on,
    list_rows,
    summary,
)
from tdcs.households.queries.scope import area_names
from tdcs.households.standards import CHANGE_NAMES, RESULT_NAMES
from tdcs.organisations.models import Organisation, OrganisationProfile, living_on

_COLUMNS = (
    Column("TT", "ordinal", 1),
    Column("Mã hộ", "text", 2.2),
    Column("Chủ hộ", "text", 4),
    Column("Ấp, khu phố", "text", 3),
    Column("Thu nhập đầu người (đồng/tháng)", "integer", 2.6),
    Column("Số chỉ số thiếu hụt", "integer", 1.6),
    Column("Năm trước", "text", 2.6),
    Column("Biến động", "text", 2.8),
)
_BASES = (
    "Luật Tổ chức chính quyền địa phương",
    "Quyết định số 24/2021/QĐ-TTg của Thủ tướng Chính phủ quy định quy trình rà soát hộ nghèo, hộ cận nghèo hằng năm",
)


def committee_of(review: PovertyReview) -> Organisation | None:
    """The People's Committee that decides: the one of the commune on the review's day."""
    rows = Organisation.objects.filter(kind="people_committee", profiles__area=review.area)
    found: Organisation | None = rows.order_by("-starts_on", "pk").first()
    return found


def decision_document(review: PovertyReview) -> OfficialDocument:
    """The decision: numbered when approved, with room for the number before that."""
    day = review.decision_on or review.submitted_on or review.area.starts_on
    unit = committee_of(review)
    profile = (
        OrganisationProfile.objects.filter(living_on(day), organisation=unit).first()
        if unit
        else None
    )
    commune = area_names({review.area_id}, day)[review.area_id]
    number, slash, symbol = review.decision_number.partition("/")
    told = summary(review)
    return OfficialDocument(
        issuer=profile.name if profile else f"Ủy ban nhân dân {commune}",
        number=number.strip() or None,
        symbol=symbol if slash else f"QĐ-{profile.symbol if profile else 'UBND'}",
        place=profile.place_name if profile else commune,
        issued_on=review.decision_on,
        year=review.year,
        type_name="Quyết định",
        subject=f"Công nhận kết quả rà soát hộ nghèo, hộ cận nghèo năm {review.year} của {commune}",
        authority=f"Chủ tịch Ủy ban nhân dân {commune}",
        legal_bases=_BASES,
        enacting="Quyết định:",
        body=_articles(review, told, commune),
        signature=Signature(title="Chủ tịch"),
        recipients=("Như Điều 3", "UBND cấp trên (để báo cáo)", "Phòng giao dịch NHCSXH"),
        filing="VT",
        annexes=_annexes(review),
    )


def _articles(review: PovertyReview, told: Summary, commune: str) -> tuple[Block, ...]:
    counts = told.results
    start = review.effective_on or default_effective_on(
        review.year, review.decision_on or review.area.starts_on
    )
    return (
        Article(
            f"Công nhận {numbers.whole(counts.get('poor', 0))} hộ nghèo, "
            f"{numbers.whole(counts.get('near_poor', 0))} hộ cận nghèo của {commune} "
            f"theo kết quả rà soát năm {review.year}; {numbers.whole(told.escaped)} hộ thoát nghèo, "
            "thoát cận nghèo (danh sách kèm theo)."
        ),
        Article(f"Danh sách được áp dụng từ {numbers.date_words(start)}."),
        Article(
            "Văn phòng HĐND và UBND, các phòng chuyên môn, trưởng các ấp, khu phố và các hộ có tên "
            "chịu trách nhiệm thi hành Quyết định này."
        ),
    )


def _annexes(review: PovertyReview) -> tuple[Annex, ...]:
    made = []
    for code, title in (
        ("poor", "Danh sách hộ nghèo"),
        ("near_poor", "Danh sách hộ cận nghèo"),
        ("escaped", "Danh sách hộ thoát nghèo, thoát cận nghèo"),
    ):
        rows = [(at, *row) for at, row in enumerate(map(_row, list_rows(review, code)), 1)]
        table = Table(_COLUMNS, rows, empty="Không có hộ nào.")
        made.append(Annex(f"{title} năm {review.year}", (table,), landscape=True))
    return tuple(made)


def _row(row: ListRow) -> tuple[Cell, ...]:
    line, face = row["line"], row["face"]
    return (
        line.household.code,
        face.head,
        face.hamlet,
        line.income_per_head,
        line.deprivations,
        RESULT_NAMES.get(line.before, line.before),
        CHANGE_NAMES.get(line.change, line.change),
    )


SHEET_HEADER = (
    "Mã hộ",
    "Chủ hộ",
    "Ấp, khu phố",
    "Thu nhập đầu người (đồng/tháng)",
    "Số chỉ số thiếu hụt",
    "Ngày rà soát",
    "Kết quả",
    "Chuẩn",
    "Năm trước",
    "Biến động",
    "Căn cứ",
    "Ghi chú",
)


def sheet_rows(rows: list[ListRow]) -> list[tuple[Cell, ...]]:
    """The list as a workbook holds it; its headings are those that the import reads."""
    out: list[tuple[Cell, ...]] = []
    for row in rows:
        line, face = row["line"], row["face"]
        measured = line.income_per_head is not None
        out.append(
            (
                line.household.code,
                face.head,
                face.hamlet,
                line.income_per_head,
                line.deprivations if measured else None,
                line.measured_on,
                RESULT_NAMES[line.result],
                line.get_standard_display() if measured else "",
                RESULT_NAMES.get(line.before, line.before),
                CHANGE_NAMES[line.change],
                line.basis,
                line.note,
            )
        )
    return out
