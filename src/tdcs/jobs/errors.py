"""Refusals of background jobs."""

from tdcs.core.errors import Refusal


class TooManyJobs(Refusal):
    code = "too_many_jobs"
    vi = "Bạn đang có {count} việc chưa chạy xong; nhiều nhất {most} việc cùng lúc."
    en = "You have {count} jobs that are not finished; at most {most} at a time."
    next_step_vi = "Chờ một việc xong rồi yêu cầu lại (trang “Việc đang chạy”)."
    next_step_en = "Wait until one has ended, then ask again (page “Running jobs”)."


class JobTooLong(Refusal):
    code = "job_too_long"
    vi = "Việc chạy quá {seconds} giây nên đã dừng."
    en = "The job ran for more than {seconds} seconds and was stopped."
    next_step_vi = "Lọc bớt dữ liệu hoặc tách nhỏ tệp rồi làm lại."
    next_step_en = "Narrow the data or split the file, then ask again."


class JobTooLarge(Refusal):
    code = "job_too_large"
    vi = "Việc cần hơn {mib} MB bộ nhớ nên đã dừng."
    en = "The job needed more than {mib} MB of memory and was stopped."
    next_step_vi = "Lọc bớt dữ liệu hoặc tách nhỏ tệp rồi làm lại."
    next_step_en = "Narrow the data or split the file, then ask again."


class JobBroke(Refusal):
    code = "job_broke"
    vi = "Việc không thành vì lỗi của hệ thống (việc số {job})."
    en = "The job failed through an error of the system (job {job})."
    next_step_vi = "Làm lại; nếu vẫn lỗi, báo quản trị hệ thống số của việc này."
    next_step_en = "Try again; if it fails again, tell the administrator the number of this job."


class JobKeptFalling(Refusal):
    code = "job_kept_falling"
    vi = "Việc bị cắt ngang {attempts} lần nên không chạy lại nữa (việc số {job})."
    en = "The job was cut short {attempts} times and is not tried again (job {job})."
    next_step_vi = "Làm lại; nếu vẫn lỗi, báo quản trị hệ thống số của việc này."
    next_step_en = "Try again; if it fails again, tell the administrator the number of this job."


class NoLongerAllowed(Refusal):
    code = "no_longer_allowed"
    vi = "Vai trò của bạn không còn quyền làm việc này."
    en = "Your role may no longer do this."
    next_step_vi = "Hỏi quản trị hệ thống về vai trò của bạn."
    next_step_en = "Ask the administrator about your role."


class NothingMade(Refusal):
    code = "nothing_made"
    vi = "Trang không cho ra tệp nào."
    en = "The page gave no file."
    next_step_vi = "Mở lại trang, xem lại bộ lọc rồi xuất lại."
    next_step_en = "Open the page again, look at its filters, then export again."


class NoRoom(Refusal):
    code = "no_room"
    vi = "Máy chủ không còn chỗ để ghi kết quả."
    en = "The server has no room left to write the result."
    next_step_vi = "Báo quản trị hệ thống dọn đĩa, rồi làm lại."
    next_step_en = "Tell the administrator to free disk space, then ask again."
