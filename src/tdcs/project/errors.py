"""Refusals of the installation."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class HomeNotOurs(Refusal):
    code = "home_not_ours"
    vi = "Không ghi được {file}: thư mục dữ liệu thuộc người dùng khác của máy này."
    en = "{file} cannot be written: the data folder belongs to another user of this machine."
    next_step_vi = "Chọn thư mục của mình bằng TDCS_HOME, hoặc chạy bằng đúng người dùng."
    next_step_en = "Choose a folder of your own with TDCS_HOME, or run as its user."
