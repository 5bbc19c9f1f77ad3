"""Refusals of accounts and roles."""

from tdcs.core.errors import Refusal


class NameTaken(Refusal):
    code = "name_taken"
    vi = "Tên đăng nhập “{username}” đã có hoặc không hợp lệ (3–60 chữ thường, số, dấu chấm, gạch)."
    en = "User name “{username}” is taken or not valid (3–60 lower-case letters, digits, dots, dashes)."
    next_step_vi = "Chọn tên đăng nhập khác."
    next_step_en = "Choose another user name."


class PasswordWeak(Refusal):
    code = "password_weak"
    vi = "Mật khẩu chưa đủ mạnh: {why}"
    en = "The password is too weak: {why}"
    next_step_vi = "Đặt mật khẩu khác, dài hơn và khó đoán hơn."
    next_step_en = "Choose another password, longer and harder to guess."


class RoleUnknown(Refusal):
    code = "role_unknown"
    vi = "Vai trò hoặc đơn vị không hợp lệ."
    en = "The role or the unit is not valid."
    next_step_vi = "Chọn vai trò, và một đơn vị hợp với vai trò ấy."
    next_step_en = "Choose a role, and a unit that fits it."
