"""Refusals of accounts and roles."""

from tdcs.core.errors import Refusal


class NameTaken(Refusal):
    code = "name_taken"
    vi = "Tên đăng nhập “{username}” đã có hoặc không hợp lệ (3–60 chữ thường, số, dấu chấm, gạch)."
    en = "User name “{username}” is taken or not valid (3–60 lower-case letters, digits, dots, dashes)."


class PasswordWeak(Refusal):
    code = "password_weak"
    vi = "Mật khẩu chưa đủ mạnh: {why}"
    en = "The password is too weak: {why}"


class RoleUnknown(Refusal):
    code = "role_unknown"
    vi = "Vai trò hoặc đơn vị không hợp lệ."
    en = "The role or the unit is not valid."
