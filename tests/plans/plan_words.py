"""The small plan of the stories, in our own words: one task for every kind of timing."""

from __future__ import annotations

SMALL_PLAN = """ỦY BAN NHÂN DÂN
TỈNH ĐỒNG NAI

Số: 77/KH-UBND

Đồng Nai, ngày 20 tháng 12 năm 2023

KẾ HOẠCH

Nâng cao hiệu quả tín dụng chính sách đến năm 2030

Thực hiện Quyết định số 05/QĐ-TTg ngày 04 tháng 01 năm 2023 của Thủ tướng Chính phủ, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU

1. Giao việc rõ đơn vị, rõ thời gian.

II. NHIỆM VỤ, GIẢI PHÁP

1. Nguồn vốn

a) Bố trí ngân sách ủy thác cho vay. Phấn đấu vốn địa phương chiếm 30% tăng trưởng dư nợ.
- Đơn vị chủ trì: Sở Tài chính.
- Đơn vị phối hợp: Chi nhánh NHCSXH tỉnh; Ủy ban nhân dân cấp huyện.
- Thời gian thực hiện: Hàng năm.

b) Lập đề án huy động vốn giai đoạn 2026 - 2030.
- Đơn vị thực hiện: Chi nhánh NHCSXH tỉnh.
- Thời gian thực hiện: Quý IV/2025.

2. Tổ chức cho vay

a) Rà soát đối tượng được vay trên địa bàn.
- Đơn vị thực hiện: Ủy ban nhân dân cấp huyện, cấp xã.
- Thời gian thực hiện: Thường xuyên, hàng năm.

b) Gắn khuyến nông với vốn vay.
- Đơn vị thực hiện: Sở Nông nghiệp và Phát triển nông thôn; Phòng Giao dịch NHCSXH cấp huyện.
- Thời gian thực hiện: Thường xuyên.

c) Kiểm kê hồ sơ vay vốn lưu tại đơn vị.
- Đơn vị thực hiện: Phòng Giao dịch NHCSXH cấp huyện.
- Thời gian hoàn thành: trước ngày 30/6/2026.

d) Duy trì tỷ lệ nợ quá hạn dưới 1%.
- Đơn vị chủ trì: Chi nhánh NHCSXH tỉnh.

đ) Sơ kết chính sách tín dụng ưu đãi.
- Đơn vị thực hiện: Chi nhánh NHCSXH tỉnh; Sở Tài chính.
- Thời gian thực hiện: Khi có chỉ đạo của NHCSXH Trung ương.

III. TỔ CHỨC THỰC HIỆN

1. Yêu cầu Sở Tài chính; Sở Nông nghiệp và Phát triển nông thôn; Chi nhánh NHCSXH tỉnh; Chủ tịch Ủy ban nhân dân cấp huyện xây dựng, ban hành kế hoạch cụ thể để tổ chức thực hiện. Định kỳ gửi kết quả về Chi nhánh NHCSXH tỉnh trước ngày 15 tháng 12 hàng năm để tổng hợp, báo cáo Ủy ban nhân dân tỉnh.

2. Giao Chi nhánh NHCSXH tỉnh theo dõi, đôn đốc việc triển khai Kế hoạch này; định kỳ hàng năm tổng hợp kết quả báo cáo Ủy ban nhân dân tỉnh.

Nơi nhận:
- Như trên;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Nguyễn Văn Mẫu
"""

# A yearly plan beside it: two tasks, its own report.
SECOND_PLAN = """ỦY BAN NHÂN DÂN
TỈNH ĐỒNG NAI

Số: 346/KH-UBND

Đồng Nai, ngày 15 tháng 01 năm 2026

KẾ HOẠCH

Thực hiện giảm nghèo bền vững năm 2026

Thực hiện Quyết định số 05/QĐ-TTg ngày 04 tháng 01 năm 2023 của Thủ tướng Chính phủ, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU

1. Giảm nghèo.

II. NHIỆM VỤ, GIẢI PHÁP

1. Rà soát, hỗ trợ

a) Lập danh sách hộ nghèo cần hỗ trợ sinh kế.
- Đơn vị thực hiện: Ủy ban nhân dân cấp xã.
- Thời gian hoàn thành: trước ngày 30/10/2026.

b) Bố trí kinh phí hỗ trợ sinh kế.
- Đơn vị chủ trì: Sở Tài chính.
- Thời gian thực hiện: Hàng năm.

III. TỔ CHỨC THỰC HIỆN

1. Yêu cầu Sở Tài chính; Chủ tịch Ủy ban nhân dân cấp xã tổ chức thực hiện. Định kỳ gửi kết quả về Chi nhánh NHCSXH tỉnh trước ngày 20 tháng 12 hàng năm để tổng hợp, báo cáo Ủy ban nhân dân tỉnh.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn Mẫu
"""
