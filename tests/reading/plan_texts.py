"""Plans written by us in the forms that other provinces use; each with what must be read from it."""

from __future__ import annotations

LABELLED = """ỦY BAN NHÂN DÂN
TỈNH VĨNH LONG

Số: 45/KH-UBND
Vĩnh Long, ngày 05 tháng 3 năm 2024

KẾ HOẠCH
Phát triển kinh tế số trên địa bàn tỉnh năm 2024

Căn cứ Nghị quyết số 52-NQ/TW ngày 27 tháng 9 năm 2019 của Bộ Chính trị;
Căn cứ Luật Giao dịch điện tử ngày 22 tháng 6 năm 2023;

I. MỤC TIÊU
1. Tỷ trọng kinh tế số đạt 20%.

II. NHIỆM VỤ VÀ GIẢI PHÁP
1.1. Rà soát, nâng cấp hạ tầng số tại các trung tâm phục vụ hành chính công.
- Cơ quan chủ trì: Sở Thông tin và Truyền thông.
- Cơ quan phối hợp: Các sở, ban, ngành; UBND các huyện, thị xã, thành phố.
- Thời gian hoàn thành: Quý II/2024.
- Sản phẩm: Báo cáo kết quả rà soát.
1.2. Tổ chức tập huấn kỹ năng số cho ít nhất 1.200 lao động.
Chủ trì: Sở Lao động - Thương binh và Xã hội; phối hợp: Tỉnh Đoàn, Hội Liên hiệp Phụ nữ tỉnh
Lộ trình: 2024-2026
2.1. Hỗ trợ doanh nghiệp nhỏ đưa sản phẩm lên sàn thương mại điện tử.
- Đơn vị chủ trì: Sở Công Thương, Bưu điện tỉnh
- Thời hạn: trước ngày 30/11/2024

III. TỔ CHỨC THỰC HIỆN
1. Các sở, ban, ngành và UBND cấp huyện xây dựng kế hoạch cụ thể, báo cáo kết quả về Sở Thông tin và Truyền thông trước ngày 10 tháng 12 hằng năm.
2. Sở Thông tin và Truyền thông theo dõi, đôn đốc, tổng hợp báo cáo Ủy ban nhân dân tỉnh.

Nơi nhận:
- Như trên;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Trần Văn An
"""

AGENCIES = """UBND TỈNH LẠNG SƠN
Số: 112/KH-UBND
Lạng Sơn, ngày 12 tháng 01 năm 2026

KẾ HOẠCH
Phòng cháy, chữa cháy rừng mùa khô 2026

I. MỤC ĐÍCH, YÊU CẦU
1. Chủ động phòng ngừa, giảm thiệt hại.

II. NỘI DUNG
1. Tuyên truyền, phổ biến pháp luật.
2. Kiểm tra, rà soát các khu vực trọng điểm.

III. TỔ CHỨC THỰC HIỆN
1. Sở Nông nghiệp và Môi trường
a) Chủ trì hướng dẫn các địa phương xây dựng phương án chữa cháy rừng trong quý I/2026.
b) Tổng hợp kết quả, báo cáo UBND tỉnh trước ngày 20/12/2026.
2. Công an tỉnh: Chỉ đạo lực lượng cảnh sát phòng cháy thường trực 24/24 giờ.
3. Sở Tài chính
- Tham mưu bố trí kinh phí thực hiện.
- Hướng dẫn thanh quyết toán.
4. UBND các xã, phường
Duy trì lực lượng tuần tra, canh gác lửa rừng.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Nông Thị Hà
"""

SIGNED_FIRST = """ỦY BAN NHÂN DÂN
THÀNH PHỐ CẦN THƠ
Số: 07/KH-UBND
Cần Thơ, ngày 9 tháng 2 năm 2026
KẾ HOẠCH
Cải cách hành chính năm 2026
Ủy ban nhân dân thành phố ban hành Kế hoạch với các nhiệm vụ tại Phụ lục kèm theo.
Nơi nhận:
- Bộ Nội vụ;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lê Quang Mạnh

PHỤ LỤC
I. NHIỆM VỤ CẢI CÁCH THỂ CHẾ
1. Rà soát văn bản quy phạm pháp luật.
Đơn vị thực hiện: Sở Tư pháp.
Thời gian thực hiện: Hằng năm.
2. Đánh giá tác động thủ tục hành chính.
Đơn vị thực hiện: Văn phòng UBND thành phố; UBND các xã, phường.
Thời gian: Thường xuyên.
"""

NO_ROMAN = """UBND TỈNH NGHỆ AN
Số 4336kh ubnd
Nghệ An, ngày 2 tháng 4 năm 2025

KẾ HOẠCH
Nâng cao chất lượng giáo dục vùng khó khăn

1. Bổ sung trang thiết bị dạy học cho các trường vùng khó khăn.
Cơ quan chủ trì: Sở GD&ĐT; cơ quan phối hợp: Sở Tài chính, UBND cấp xã.
Thời gian: Năm 2025
2. Bồi dưỡng giáo viên.
Cơ quan chủ trì: Sở GD&ĐT
Thời gian: Hè hằng năm
"""

LETTERED_LABELS = """ỦY BAN NHÂN DÂN TỈNH QUẢNG NAM
Số: 3456 /KH-UBND
Quảng Nam, ngày 1 tháng 7 năm 2024
KẾ HOẠCH
Triển khai Đề án chuyển đổi số ngành giáo dục
I. Mục đích
Nâng cao chất lượng.
II. Nội dung thực hiện
1. Hạ tầng
1.1. Trang bị máy tính cho trường học
a) Nội dung: Trang bị 2.000 máy tính cho 150 trường.
b) Đơn vị chủ trì: Sở Giáo dục và Đào tạo.
c) Đơn vị phối hợp: Sở Tài chính, UBND các huyện, thị xã, thành phố.
d) Thời gian thực hiện: Năm 2024 - 2025.
1.2. Kết nối internet (Sở Thông tin và Truyền thông chủ trì, phối hợp UBND các xã; thời gian: Quý IV/2024).
III. Tổ chức thực hiện
1. Sở Giáo dục và Đào tạo theo dõi, đôn đốc, tổng hợp báo cáo UBND tỉnh.
CHỦ TỊCH
Lê Văn Dũng
"""

CAPITALS = """UBND TỈNH AN GIANG
Số: 231/KH-UBND
An Giang, ngày 05 tháng 5 năm 2025
KẾ HOẠCH
Thực hiện Chỉ thị số 39-CT/TW
A. MỤC TIÊU
1. Vốn ủy thác địa phương chiếm 15% tổng nguồn vốn.
B. NHIỆM VỤ
I. TĂNG CƯỜNG LÃNH ĐẠO
1. Đưa tín dụng chính sách vào chương trình công tác.
C. TỔ CHỨC THỰC HIỆN
1. Ngân hàng Chính sách xã hội chi nhánh tỉnh
- Chủ trì, phối hợp với các sở, ngành tham mưu triển khai Kế hoạch; tổng hợp báo cáo UBND tỉnh trước ngày 15/12 hằng năm.
2. Đề nghị Ủy ban MTTQ Việt Nam tỉnh và các tổ chức chính trị - xã hội tỉnh
Tăng cường giám sát, phản biện xã hội.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Hồ Văn Mừng
"""
