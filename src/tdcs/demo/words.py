"""What invented units say they did: plain administrative sentences with invented figures."""

from __future__ import annotations

from random import Random
from typing import Final

# path → sentences; {n}, {m}, {k} are small, middling and large counts, {p} a percentage, {ty} money in tỷ.
RESULTS: Final[dict[str, tuple[str, ...]]] = {
    "II.1.a": (
        "Đã tổ chức {n} hội nghị quán triệt với {k} lượt cán bộ, đảng viên, viên chức tham dự; "
        "100% chi bộ đưa nội dung tín dụng chính sách vào sinh hoạt.",
        "Ban hành {n} văn bản chỉ đạo, lồng ghép quán triệt tại {m} cuộc họp giao ban.",
    ),
    "II.1.b": (
        "Lồng ghép tuyên truyền tại {m} buổi sinh hoạt cộng đồng, {k} lượt người dự; cấp phát {k} tờ rơi.",
        "Phối hợp tuyên truyền trong {m} cuộc sinh hoạt chi, tổ hội; viết {n} tin trên trang thông tin.",
    ),
    "II.1.c": (
        "Đăng, phát {m} tin, bài, phóng sự về tín dụng chính sách; duy trì chuyên mục {n} kỳ mỗi tháng.",
    ),
    "II.2.a": (
        "Đã đưa chỉ tiêu tín dụng chính sách vào chương trình công tác năm và {n} nghị quyết chuyên đề.",
        "Giao chỉ tiêu dư nợ, nợ quá hạn đến từng ấp, khu phố; kiểm điểm hằng quý.",
    ),
    "II.2.b": (
        "Người đứng đầu chủ trì {n} cuộc họp chuyên đề, chỉ đạo xử lý {n} kiến nghị sau kiểm tra.",
    ),
    "II.2.c": (
        "Rà soát, bổ sung {k} đối tượng đủ điều kiện vay vốn; củng cố {n} Tổ xếp loại trung bình.",
        "Chỉ đạo rà soát nhu cầu vay vốn của {k} hộ; lồng ghép {n} mô hình giảm nghèo với vốn vay.",
    ),
    "II.2.d": (
        "Kiểm tra {m} lượt tại {n} Tổ TK&VV và {m} hộ vay; không phát hiện chiếm dụng vốn. "
        "Đã tự kiểm điểm, đánh giá năm.",
        "Tổ chức {n} đợt kiểm tra, giám sát; chấn chỉnh {n} tồn tại về lưu hồ sơ tại Tổ.",
    ),
    "II.3.a": (
        "Tham mưu chuyển {ty} tỷ đồng vốn ngân sách ủy thác sang NHCSXH, đạt {p}% kế hoạch năm.",
        "Trình HĐND bố trí {ty} tỷ đồng vốn ủy thác; đã chuyển đủ trong quý III.",
    ),
    "II.3.b": ("Rà soát {n} nguồn vốn an sinh xã hội, đề xuất chuyển {ty} tỷ đồng sang NHCSXH.",),
    "II.3.c": ("Kế hoạch tín dụng năm được giao bổ sung {ty} tỷ đồng; thực hiện đạt {p}%.",),
    "II.3.d": (
        "Tổ chức {n} lớp tập huấn kỹ thuật cho {k} lượt hộ vay; gắn {n} mô hình liên kết tiêu thụ.",
        "Phối hợp mở {n} lớp dạy nghề; {m} lao động có việc làm từ vốn vay.",
    ),
    "II.3.đ": (
        "Hoàn thành rà soát: {m} hộ nghèo, {m} hộ cận nghèo, {n} hộ mới thoát nghèo; danh sách đã gửi NHCSXH.",
        "Rà soát định kỳ và bổ sung {n} hộ phát sinh; cập nhật danh sách trên phần mềm.",
    ),
    "II.3.e": ("Chủ tịch UBND kiểm tra {n} Tổ; kiện toàn {n} Ban quản lý Tổ, thay {n} tổ trưởng.",),
    "II.3.g": (
        "Bố trí phòng làm việc, bảng công khai và lực lượng bảo vệ cho 12/12 phiên giao dịch.",
        "Sửa chữa Điểm giao dịch, lắp {n} camera; bảo đảm an toàn tuyệt đối các phiên giao dịch.",
    ),
    "II.3.h": (
        "Kiểm tra {m} Tổ và {k} hộ vay; tập huấn {n} lớp cho {k} cán bộ hội, tổ trưởng, trưởng ấp.",
    ),
    "II.3.i": (
        "Giải ngân kịp thời tại các phiên giao dịch xã; đối chiếu, phân loại nợ {m} lượt hộ; đôn đốc {n} khoản nợ đến hạn.",
    ),
    "II.3.k": ("Đề án giai đoạn 2026–2030 đã lấy ý kiến {m} đơn vị, trình UBND phê duyệt.",),
    "II.3.l": ("Kiện toàn {n} thành viên Ban đại diện; họp định kỳ 4 phiên, kiểm tra {n} đơn vị.",),
    "II.3.m": (
        "Tự kiểm tra {n} đợt; tập huấn {m} lượt cán bộ; {p}% giao dịch tại Điểm giao dịch xã.",
    ),
    "II.3.n": ("Phát động {n} đợt thi đua; khen thưởng {m} tập thể, cá nhân.",),
    "II.4.a": (
        "Vận động ủng hộ {ty} tỷ đồng quỹ Vì người nghèo; hỗ trợ {n} căn nhà đại đoàn kết.",
        "Tuyên truyền, vận động tại {m} khu dân cư; {n} doanh nghiệp tham gia hỗ trợ vốn.",
    ),
    "II.4.b": (
        "Bình xét công khai {m} hộ vay; kiểm tra 100% món vay mới trong 30 ngày; đôn đốc thu lãi đạt {p}%.",
        "Quản lý {n} Tổ, {k} hội viên vay vốn; kiện toàn {n} tổ trưởng; đôn đốc hội viên trả nợ đúng hạn.",
    ),
    "II.5.a": ("Đã sơ kết theo hướng dẫn; biểu dương {n} tập thể.",),
    "II.5.b": ("Góp ý {n} dự thảo văn bản; kiến nghị nâng mức cho vay đối với {n} chương trình.",),
}
GENERAL: Final = ("Đã triển khai theo kế hoạch; hoàn thành {p}% khối lượng công việc.",)

UNDERWAY: Final = (
    "Đang triển khai theo kế hoạch, đã thực hiện {p}% khối lượng.",
    "Đã hoàn thành bước rà soát; đang tổng hợp số liệu.",
    "Đang phối hợp với Phòng giao dịch để hoàn thiện số liệu.",
)

DIFFICULTIES: Final = (
    "Cán bộ phụ trách kiêm nhiệm nhiều việc, thay đổi sau sắp xếp đơn vị hành chính.",
    "Địa bàn rộng, một số ấp xa Điểm giao dịch nên việc đi lại của người vay còn khó khăn.",
    "Một số hộ vay đi làm ăn xa, việc thu lãi hằng tháng phải đôn đốc nhiều lần.",
    "Nguồn vốn ủy thác từ ngân sách chưa đáp ứng hết nhu cầu vay giải quyết việc làm.",
)
PROPOSALS: Final = (
    "Đề nghị tăng nguồn vốn cho vay hỗ trợ tạo việc làm.",
    "Đề nghị tập huấn nghiệp vụ cho tổ trưởng mới được kiện toàn.",
    "Đề nghị bố trí thêm Điểm giao dịch tại các ấp xa trung tâm.",
    "Không có kiến nghị.",
)


def fill(template: str, luck: Random) -> str:
    """One sentence with figures drawn from ``luck``."""
    return template.format(
        n=luck.randint(2, 9),
        m=luck.randint(12, 96),
        k=luck.randint(120, 980),
        p=luck.randint(86, 100),
        ty=f"{luck.randint(1, 24)},{luck.randint(0, 9)}",
    )


def result(path: str, luck: Random) -> str:
    """What a unit reports for the task at a path of the reference plan."""
    return fill(luck.choice(RESULTS.get(path, GENERAL)), luck)


def underway(luck: Random) -> str:
    """What a unit says while it is at work."""
    return luck.choice(UNDERWAY).format(p=luck.randint(35, 80))
