"""Why a site does not start, each with the setting to change; a digest that is none."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class KeyMissing(Refusal):
    code = "key_missing"
    vi = "Chưa đặt TDCS_SECRET_KEY cho hệ thống mở ra ngoài máy này."
    en = "TDCS_SECRET_KEY is not set for a site that others than this machine reach."
    next_step_vi = "Đặt TDCS_SECRET_KEY bằng một chuỗi ngẫu nhiên ít nhất {least} ký tự."
    next_step_en = "Set TDCS_SECRET_KEY to a random text of at least {least} characters."


class KeyWeak(Refusal):
    code = "key_weak"
    vi = "TDCS_SECRET_KEY dễ đoán hoặc ngắn: ai đoán được khóa thì giả được phiên đăng nhập."
    en = "TDCS_SECRET_KEY is short or easily guessed: who guesses it can forge sessions."
    next_step_vi = "Đặt một chuỗi ngẫu nhiên ít nhất {least} ký tự, không dùng lại ở nơi khác."
    next_step_en = "Set a random text of at least {least} characters that is used nowhere else."


class AnyHost(Refusal):
    code = "any_host"
    vi = "TDCS_HOSTS nhận mọi tên máy ({hosts})."
    en = "TDCS_HOSTS accepts every host name ({hosts})."
    next_step_vi = "Ghi đúng tên miền của hệ thống, cách nhau bằng dấu phẩy."
    next_step_en = "Name the site's own domains, separated by commas."


class DebugOn(Refusal):
    code = "debug_on"
    vi = "TDCS_DEBUG=1: trang lỗi cho người ngoài thấy mã nguồn và cấu hình."
    en = "TDCS_DEBUG=1: error pages show source and settings to strangers."
    next_step_vi = "Bỏ TDCS_DEBUG."
    next_step_en = "Remove TDCS_DEBUG."


class DemoOpen(Refusal):
    code = "demo_open"
    vi = "TDCS_DEMO=1: vai trình diễn cho bất kỳ ai đăng nhập không cần mật khẩu."
    en = "TDCS_DEMO=1: demonstration roles let anybody sign in without a password."
    next_step_vi = "Bỏ TDCS_DEMO, hoặc chỉ mở trên 127.0.0.1."
    next_step_en = "Remove TDCS_DEMO, or serve on 127.0.0.1 only."


class DayFixed(Refusal):
    code = "day_fixed"
    vi = "TDCS_TODAY={day}: sổ sách đứng yên ở một ngày."
    en = "TDCS_TODAY={day}: the books stand on one day for ever."
    next_step_vi = "Bỏ TDCS_TODAY; ngày cố định chỉ dành cho trình diễn và diễn tập."
    next_step_en = "Remove TDCS_TODAY; a fixed day is for demonstrations and rehearsals."


class PlainHttp(Refusal):
    code = "plain_http"
    vi = "Hệ thống mở ra ngoài máy này mà không qua HTTPS: mật khẩu đi trên mạng không mã hóa."
    en = "The site is open beyond this machine without HTTPS: passwords travel unencrypted."
    next_step_vi = "Đặt một proxy kết thúc TLS phía trước và TDCS_HTTPS=1."
    next_step_en = "Put a proxy that ends TLS before it and set TDCS_HTTPS=1."


class ResultDaysWrong(Refusal):
    code = "result_days_wrong"
    vi = "TDCS_RESULT_DAYS={days}: không phải số ngày từ 1 trở lên."
    en = "TDCS_RESULT_DAYS={days}: not a number of days from 1 up."
    next_step_vi = "Đặt số ngày giữ kết quả của việc chạy nền (7 khi không đặt)."
    next_step_en = "Set for how many days results of background jobs are kept (7 when not set)."


class JobsWait(Refusal):
    code = "jobs_wait"
    vi = "{count} việc chạy nền đang chờ, lâu nhất từ {since}: không có tiến trình nào chạy chúng."
    en = "{count} background jobs wait, the oldest since {since}: nothing runs them."
    next_step_vi = (
        "Chạy `tdcs serve` (tự khởi động tiến trình này) hoặc `tdcs jobs work`; xem nhật ký."
    )
    next_step_en = "Run `tdcs serve` (which starts the worker) or `tdcs jobs work`; read the log."


class NobodyNamed(Refusal):
    code = "nobody_named"
    vi = "Chưa có tài khoản “{given}” để làm việc này."
    en = "There is no account “{given}” to do this."
    next_step_vi = "Ghi --as TÀI-KHOẢN, là tên đăng nhập của người làm."
    next_step_en = "Give --as USER, the user name of whoever does it."


class NotADay(Refusal):
    code = "not_a_day"
    vi = "“{given}” không phải là ngày."
    en = "“{given}” is not a day."
    next_step_vi = "Viết ngày dạng 2026-01-31 hoặc 31/01/2026."
    next_step_en = "Write a day as 2026-01-31 or 31/01/2026."


class DigestUnreadable(Refusal):
    code = "digest_unreadable"
    vi = "Tệp {file} không phải bản tổng hợp do “tdcs digest” lập."
    en = "{file} is no digest that `tdcs digest` made."
    next_step_vi = "Chọn đúng tệp đã in hoặc gửi đi; kiểm tra tệp không bị cắt."
    next_step_en = "Choose the file that was printed or mailed, and check that it is whole."
