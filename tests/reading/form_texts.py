"""Plans of our own making in forms that ministries, schools, party committees and communes use."""

from __future__ import annotations

SCHOOL = """UBND TỈNH THANH SƠN
TRƯỜNG CAO ĐẲNG Y TẾ THANH SƠN
Số: 118/KH-CĐYT                     Thanh Sơn, ngày 4 tháng 9 năm 2025

KẾ HOẠCH
Công tác học sinh, sinh viên năm học 2025 - 2026

I. Mục đích, yêu cầu
Nâng cao chất lượng.

II. Nội dung và phân công
1. Phòng Đào tạo
1.1. Xây dựng thời khóa biểu học kỳ I, hoàn thành trước ngày 10/9/2025.
1.2. Chủ trì, phối hợp với Khoa Điều dưỡng tổ chức hội thi tay nghề trong tháng 3/2026.
2. Khoa Điều dưỡng, Khoa Dược
Bố trí giảng viên hướng dẫn thực tập lâm sàng.
3. Tổ Bảo vệ: trực 24/24 giờ tại cổng trường.
4. Trạm Y tế Trường: khám sức khỏe đầu khóa, chậm nhất ngày 30 tháng 10 năm 2025.
5. Phòng Khảo thí

III. Chế độ báo cáo
Các đơn vị gửi báo cáo về Phòng Đào tạo trước ngày 20 tháng cuối mỗi quý.

Trên đây là Kế hoạch công tác học sinh, sinh viên của Trường./.

HIỆU TRƯỞNG
(Ký, đóng dấu)

PGS.TS. Trần Hữu Phước
"""

PARTY = """BAN CHẤP HÀNH ĐẢNG BỘ TỈNH             ĐẢNG CỘNG SẢN VIỆT NAM
        LẠC HỒNG
           *                            Lạc Hồng, ngày 02 tháng 3 năm 2026
   Số 45-CTr/TU

                        CHƯƠNG TRÌNH HÀNH ĐỘNG
            thực hiện Nghị quyết số 68-NQ/TW của Bộ Chính trị

I- MỤC TIÊU
1- Đến năm 2030, có 30.000 doanh nghiệp.

II- TỔ CHỨC THỰC HIỆN
1- Giao Đảng ủy Ủy ban nhân dân tỉnh cụ thể hóa Chương trình, trình Ban Thường vụ trong tháng 4/2026.
2- Ban Nội chính Tỉnh ủy phối hợp với Đảng ủy Công an tỉnh rà soát án kinh tế; định kỳ hằng quý.
3- Văn phòng Tỉnh ủy theo dõi, đôn đốc, báo cáo Ban Thường vụ trước ngày 15 tháng 12 hằng năm.

Nơi nhận:                                T/M TỈNH ỦY
- Ban Bí thư (b/c),                          BÍ THƯ
- Lưu VPTU.
                                        Bùi Thị Minh Hòa
"""

DIRECTIVE = """ỦY BAN NHÂN DÂN
TỈNH PHƯỚC LONG
Số: 19/CT-UBND
Phước Long, ngày 5 tháng 5 năm 2026
CHỈ THỊ
Về tăng cường phòng, chống đuối nước trẻ em

Chủ tịch UBND tỉnh yêu cầu các sở, ngành, địa phương thực hiện tốt các nội dung sau:
1. Sở Y tế:
- Chủ trì, phối hợp với Sở Giáo dục và Đào tạo mở 50 lớp dạy bơi an toàn, xong trước 30/8/2026.
2. Ban Quản lý Khu du lịch hồ Suối Giai: cắm biển cảnh báo quanh hồ xong trước 30/5/2026.
3. Yêu cầu Giám đốc các sở, Thủ trưởng các ban, ngành nghiêm túc thực hiện Chỉ thị này; báo cáo kết quả về Sở Y tế trước ngày 30 tháng 11 hằng năm.
CHỦ TỊCH

K'Sor Phước
"""

BARS = """CỤC HÀNG HẢI VÀ ĐƯỜNG THỦY
CẢNG VỤ HÀNG HẢI KIM GIANG
Số: 77/KH-CVHHKG
Kim Giang, ngày 20 tháng 01 năm 2026
KẾ HOẠCH
Tăng cường bảo đảm an toàn hàng hải năm 2026

II. PHÂN CÔNG THỰC HIỆN

STT | Nội dung | Bộ phận chủ trì | Bộ phận phối hợp | Hạn hoàn thành
1 | Kiểm tra 45 phương tiện | Phòng Thanh tra - An toàn | Phòng Pháp chế | 31/3/2026
2 | Lắp đặt phao tiêu luồng Cửa Đại | Đại diện Cảng vụ tại Cửa Đại | | Quý III/2026
3 | Diễn tập cứu nạn | Phòng Thanh tra - An toàn | Đồn Biên phòng Cửa Đại; Công ty CP Cảng Kim Giang | Tháng 9

KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Lê Tự Cường
"""

PERSONS = """UBND HUYỆN TÂN PHƯỚC
PHÒNG NỘI VỤ
Số:
21/KH-PNV
Tân Phước, ngày l0 tháng
O2 năm 2024

KẾ HOẠCH
Thi đua khen thưởng năm 2024

Il. NHIỆM VỤ
1) Phát động phong trào thi đua yêu nước
   Phụ trách: Đ/c Trần Thị Lan - Phó Trưởng phòng
   Tham gia:
   + UBND các xã, thị trấn;
   + Hội đồng Thi đua - Khen thưởng huyện.
   Thời hạn: trong tháng 02
TRƯỞNG PHÒNG
Ngô Đình Nam
"""
