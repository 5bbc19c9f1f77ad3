"""What refusals of sessions fill into their sentences, with its English (see phrases.py)."""

from __future__ import annotations

from typing import Final

SESSIONS: Final[dict[str, str]] = {
    "khóa duyệt": "approval key",
    "đã đăng ký cho người khác": "is registered for somebody else",
    "quá nhiều khóa cho một gói": "too many keys for one pack",
    "phòng giao dịch không có khế ước này": "the office has no such loan",
    "không phải phiên của phòng giao dịch": "it is no session of the office",
    "không phải số tiền": "it is no amount",
    "phiên": "the session",
    "lãi": "interest",
    "gốc": "principal",
    "tiền gửi": "savings",
    "khóa ký": "signing key",
    "khóa mã hóa": "agreement key",
    "không hợp lệ, hoặc đã đăng ký": "is not valid, or registered already",
}
