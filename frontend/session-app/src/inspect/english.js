// The English of the app of inspections, by the Vietnamese source.
import { ENGLISH } from "../english.js";

Object.assign(ENGLISH, {
  lead: "leader", member: "member", "Cuộc kiểm tra": "Inspection", "Kiểm tra tại cơ sở": "Inspections on site", "Cuộc kiểm tra của bạn": "Your inspections",
  "Không có cuộc kiểm tra nào bạn có trong đoàn sắp tới ngày.": "There is no inspection of these days with you on its team.", "Lấy gói kiểm tra": "Take the pack",
  "PIN của bạn cho cuộc kiểm tra này": "Your PIN for this inspection", "Mở cuộc kiểm tra": "Open", "Các phần của cuộc kiểm tra": "Parts of the inspection",
  "Có dòng chờ người lập kế hoạch kiểm tra xử lý.": "Lines wait for who plans inspections.", "Xóa cuộc kiểm tra khỏi máy": "Remove the inspection from the device",
  "đã ghi vào cuộc kiểm tra": "applied", "Hộ vay": "Borrowers", "Tổ": "Group", "Có": "Yes", "Không": "No", "Không áp dụng": "Does not apply",
  "cách trung tâm xã": "from the commune's centre", "sẽ được đánh dấu": "it will be marked", "Lấy vị trí": "Take the place", "Tồn tại, kiến nghị": "Findings", "Ghi tồn tại": "Write down a finding",
  "theo danh mục": "as the list says", "Nội dung kiểm tra": "Question", "Mức độ": "Severity", "Nhẹ": "Low", "Vừa": "Medium", "Nghiêm trọng": "High", "Tồn tại": "What is wrong", "Nguyên nhân": "Cause", "Kiến nghị": "Recommendation",
  "Người khắc phục": "Who remedies it", "Hạn khắc phục": "Until when", "Đã ghi tồn tại.": "The finding is written down.", "Ảnh": "Photos", "Đã ghi ảnh.": "The photo is kept.", "Ảnh, thu nhỏ trên máy": "Photo, shrunk on the device",
  "Nội dung ảnh": "What it shows", "Ghi ảnh": "Keep the photo", "Chương trình": "Programme", "Dư nợ theo sổ": "Balance by the book", "Lãi phải trả": "Interest due", "Số tiền vay": "Amount lent",
  "Giải ngân ngày": "Disbursed on", "Mục đích vay": "Purpose", "Kiểm tra trước ngày": "Inspect before", "Đúng quy định": "As it should be", "Có tồn tại": "Something is wrong", "Vắng mặt": "Absent", "trong mẫu": "in the sample",
  "chưa gặp": "not met", "Đã gặp": "Met", "cần gặp ít nhất": "to be met at least", "Câu hỏi chung, tồn tại, ảnh": "Questions, findings, photos", "Đã bắt đầu cuộc kiểm tra.": "The inspection has begun.", "Người cùng làm việc": "Present as witnesses",
  "Bắt đầu kiểm tra": "Begin", "Đã ghi trả lời.": "The answers are written down.", "Câu hỏi chung": "Questions", "Ghi trả lời": "Write down", "Đã ghi kết quả tại hộ.": "The result is written down.", "Kiểm tra tại hộ": "At the borrower's", "Kết quả": "Result",
  "Sử dụng đúng mục đích (đồng)": "Used rightly (dong)", "Sử dụng sai mục đích (đồng)": "Used wrongly (dong)", "Hộ nhận dư nợ": "The household accepts the balance of", "Khớp": "Agrees", "Không khớp": "Does not agree",
  "Dư nợ theo hộ, nếu không khớp (đồng)": "Balance by the household, if it does not agree (dong)", "Ghi chú": "Notes", "Người vay đã nghe đọc lại và xác nhận kết quả.": "The borrower heard the result read and confirms it.", "Người xác nhận": "Confirmed by",
  "Ghi kết quả": "Write down", "Trả lời mọi câu hỏi, hoặc ghi vắng mặt.": "Answer every question, or write down that nobody was there.", "Ghi dư nợ theo hộ khi không khớp.": "Write down the household's balance when it does not agree.",
  "Số dư không khớp là có tồn tại.": "A balance that does not agree is something wrong.", "Ghi tên người xác nhận.": "Write down who confirms.", "chưa trả lời": "not answered", "chưa ghi tồn tại": "no finding yet", "việc chưa xong.": "things are not done.",
  "Nhận xét, kết luận": "Conclusion", "Chốt, lập biên bản": "Seal: the minutes stand", "Số khế ước": "Contract number",
});
