"""Refusals of the installation."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class HomeNotOurs(Refusal):
    code = "home_not_ours"
    vi = "Không ghi được {file}: thư mục dữ liệu thuộc người dùng khác của máy này."
    en = "{file} cannot be written: the data folder belongs to another user of this machine."
    next_step_vi = "Chọn thư mục của mình bằng TDCS_HOME, hoặc chạy bằng đúng người dùng."
    next_step_en = "Choose a folder of your own with TDCS_HOME, or run as its user."


class DataOfAnotherUser(Refusal):
    code = "data_of_another_user"
    vi = "{file} không thuộc người dùng {user} của PostgreSQL nên không khởi động được."
    en = "{file} does not belong to PostgreSQL's user {user}, which cannot start on it."
    next_step_vi = "Chép thư mục bằng cp -a, hoặc chạy: chown -R {user} {file}"
    next_step_en = "Copy the folder with cp -a, or run: chown -R {user} {file}"


class DatabaseNotStarted(Refusal):
    code = "database_not_started"
    vi = "Cơ sở dữ liệu không khởi động được; lý do nằm ở cuối tệp {file}."
    en = "The database did not start; the reason stands at the end of {file}."
    next_step_vi = "Đọc cuối tệp ấy (thường là hết chỗ trên đĩa hay tệp bị hỏng), sửa rồi chạy lại."
    next_step_en = (
        "Read the end of that file (often a full disk or a damaged file), mend it, start again."
    )
