"""Documents in the words of offices that do not exist, for the tests of both renderers."""

from __future__ import annotations

from datetime import date
from typing import Any

from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Annex,
    Article,
    Block,
    Bullets,
    Chart,
    Heading,
    OfficialDocument,
    Paragraph,
    Row,
    Run,
    Series,
    Signature,
    Table,
)

COLUMNS = (
    Column("STT", kind="ordinal"),
    Column("Đơn vị"),
    Column("Số nhiệm vụ", kind="integer"),
    Column("Hoàn thành", kind="integer", group="Kết quả"),
    Column("Quá hạn", kind="integer", group="Kết quả"),
    Column("Tỷ lệ", kind="percent"),
)


def unit_rows(count: int) -> list[tuple[Any, ...]]:
    return [
        (n, f"Ủy ban nhân dân xã Suối Mơ {n}", 24, 24 - n % 5, n % 5, (24 - n % 5) / 24 * 100)
        for n in range(1, count + 1)
    ]


def unit_table(count: int = 8, **more: Any) -> Table:
    rows = unit_rows(count)
    done, late = sum(row[3] for row in rows), sum(row[4] for row in rows)
    totals = (None, "Tổng cộng", 24 * count, done, late, done / (24 * count) * 100 if count else 0)
    return Table(COLUMNS, rows, caption="Kết quả theo đơn vị", totals=totals, **more)


CHARTS = (
    Chart(
        "hbar",
        "Cấp xã hoàn thành nhiều việc nhất",
        [
            "Sở, ban, ngành cấp tỉnh",
            "Mặt trận Tổ quốc và các tổ chức chính trị - xã hội các cấp",
            "Ủy ban nhân dân cấp xã",
            "Phòng giao dịch",
        ],
        [
            Series("Hoàn thành", [120, 80, 1450, 96]),
            Series("Sắp đến hạn", [30, 12, 400, 20]),
            Series("Quá hạn", [4, 0, 52, 1]),
        ],
        unit="nhiệm vụ",
        stacked=True,
    ),
    Chart(
        "line",
        "Tỷ lệ hoàn thành tăng đều qua ba năm",
        ["2022", "2023", "2024", "2025", "2026"],
        [
            Series("Cấp tỉnh", [61.5, 70, 82.4, 88, 91.2]),
            Series("Cấp xã", [40, None, 66, 79.5, 84]),
        ],
        unit="%",
        decimals=1,
    ),
    Chart(
        "bar",
        "Quý III có nhiều việc quá hạn nhất",
        ["Quý I", "Quý II", "Quý III", "Quý IV"],
        [Series("Năm 2025", [3, 5, 14, 2]), Series("Năm 2026", [2, 4, 9, 1])],
        unit="việc",
    ),
)


def report(**changes: Any) -> OfficialDocument:
    """A consolidated report with everything in it."""
    body: list[Block] = [
        Paragraph(
            "Thực hiện Kế hoạch số 01/KH-UBND ngày 05 tháng 01 năm 2024 của Ủy ban nhân dân tỉnh "
            "về tín dụng chính sách, Chi nhánh tổng hợp kết quả năm 2026 của các đơn vị như sau:"
        ),
        Heading(1, "Kết quả thực hiện"),
        Heading(2, "Công tác lãnh đạo, chỉ đạo"),
        Paragraph(
            (
                "Đến ngày 23/11/2026, ",
                Run("95/95 xã, phường", bold=True),
                " đã gửi báo cáo; ",
                Run("trong đó 12 đơn vị gửi sau thời hạn", italic=True),
                ".",
            )
        ),
        Bullets(
            (
                "Sở, ban, ngành: 20 đơn vị đã hoàn thành toàn bộ nhiệm vụ được giao, trong đó có những "
                "nhiệm vụ hoàn thành trước hạn;",
                "Cấp xã: 95 đơn vị.",
            )
        ),
        Bullets(("Trong đó phường: 23;", "Xã: 72."), level=2),
        Heading(3, "Kết quả theo đơn vị"),
        unit_table(),
        CHARTS[0],
        Heading(2, "Huy động nguồn lực"),
        Paragraph("Nguồn vốn ủy thác từ ngân sách địa phương đạt 1.234.567,8 triệu đồng."),
        CHARTS[1],
        CHARTS[2],
        Heading(1, "Tồn tại, kiến nghị"),
        Paragraph(
            "Đề nghị Ủy ban nhân dân tỉnh xem xét, chỉ đạo các đơn vị thực hiện đúng thời hạn."
        ),
    ]
    values: dict[str, Any] = {
        "parent_body": "Ngân hàng Chính sách xã hội",
        "issuer": "Chi nhánh tỉnh Suối Mơ",
        "number": 5,
        "symbol": "BC-NHCS",
        "place": "Suối Mơ",
        "issued_on": date(2026, 2, 5),
        "type_name": "BÁO CÁO",
        "subject": "Kết quả thực hiện Kế hoạch tín dụng chính sách xã hội trên địa bàn tỉnh năm 2026",
        "addressees": ["Ủy ban nhân dân tỉnh Suối Mơ"],
        "body": body,
        "signature": Signature("Phó Giám đốc", "Trần Thị Mơ", ["KT. Giám đốc"]),
        "recipients": [
            "Như trên",
            "Thường trực Tỉnh ủy (để báo cáo)",
            "Các sở, ban, ngành",
            "Ban Giám đốc",
        ],
        "filing": "VT, KHNV",
        "annexes": (
            Annex("Kết quả của từng đơn vị", (unit_table(40),)),
            Annex("Chi tiết theo lĩnh vực", (wide_table(),), landscape=True),
        ),
    }
    return OfficialDocument(**{**values, **changes})


def wide_table() -> Table:
    columns = [
        Column("STT", kind="ordinal"),
        Column("Nhiệm vụ"),
        Column("Đơn vị chủ trì"),
        Column("Thời hạn", kind="date"),
        Column("Kết quả"),
        Column("Kinh phí", kind="integer"),
    ]
    rows: list[Row | tuple[Any, ...]] = [Row(("I. Công tác chỉ đạo",), bold=True, span=True)]
    rows += [
        (
            n,
            "Tuyên truyền chủ trương, chính sách về tín dụng chính sách xã hội đến nhân dân",
            "Sở Nông nghiệp và Môi trường",
            date(2026, 12, n),
            "Đã tổ chức 12 lớp, 480 lượt người",
            n * 10**6,
        )
        for n in range(1, 9)
    ]
    return Table(columns, rows, unit="đồng", note="Ghi chú: kinh phí chưa quyết toán.")


def reminder(**changes: Any) -> OfficialDocument:
    """An official letter that reminds a unit of its report."""
    values: dict[str, Any] = {
        "parent_body": "Ngân hàng Chính sách xã hội",
        "issuer": "Chi nhánh tỉnh Suối Mơ",
        "symbol": "NHCS-KHNV",
        "place": "Suối Mơ",
        "year": 2026,
        "subject": "đôn đốc báo cáo kết quả thực hiện Kế hoạch năm 2026",
        "addressees": ["Ủy ban nhân dân xã Hang Đá", "Ủy ban nhân dân phường Bến Nước"],
        "body": [
            Paragraph("Đến ngày 23/11/2026, quý cơ quan còn các nhiệm vụ sau chưa có báo cáo:"),
            Table(
                (
                    Column("STT", kind="ordinal"),
                    Column("Nhiệm vụ"),
                    Column("Thời hạn", kind="date"),
                ),
                [
                    (1, "Bố trí ngân sách ủy thác", date(2026, 12, 15)),
                    (2, "Củng cố Tổ tiết kiệm và vay vốn", date(2026, 9, 30)),
                ],
            ),
            Paragraph("Đề nghị quý cơ quan gửi báo cáo trước ngày 15/12/2026. Trân trọng"),
        ],
        "signature": Signature("Giám đốc", "Lê Văn Suối"),
        "recipients": ["Như trên", "UBND tỉnh (để báo cáo)"],
        "filing": "VT, KHNV",
    }
    return OfficialDocument(**{**values, **changes})


def decision(**changes: Any) -> OfficialDocument:
    values: dict[str, Any] = {
        "issuer": "Ủy ban nhân dân tỉnh Suối Mơ",
        "number": 12,
        "symbol": "QĐ-UBND",
        "place": "Suối Mơ",
        "issued_on": date(2026, 11, 23),
        "type_name": "Quyết định",
        "subject": "Sửa đổi, bổ sung Kế hoạch số 01/KH-UBND",
        "authority": "Ủy ban nhân dân tỉnh Suối Mơ",
        "legal_bases": [
            "Căn cứ Luật Tổ chức chính quyền địa phương",
            "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020;",
            "Theo đề nghị của Giám đốc Chi nhánh Ngân hàng Chính sách xã hội tỉnh",
        ],
        "enacting": "Quyết định:",
        "body": [
            Article("Sửa đổi thời hạn của nhiệm vụ II.3.đ thành ngày 30 tháng 9 hằng năm."),
            Article("Quyết định có hiệu lực kể từ ngày ký.", title="Hiệu lực"),
        ],
        "signature": Signature(
            "Phó Chủ tịch", "Nguyễn Văn Đá", ["TM. Ủy ban nhân dân", "KT. Chủ tịch"]
        ),
        "recipients": ["Như Điều 2"],
        "filing": "VT",
    }
    return OfficialDocument(**{**values, **changes})
