"""What the room keeps."""

from tdcs.transaction_points.models.devices import (
    Device,
    LogLine,
    MemberKey,
    Pack,
    SignedLine,
    TakenAlong,
)
from tdcs.transaction_points.models.money import (
    BankCredit,
    LeaderReceipt,
    ReceiptNote,
    TransferAccount,
)
from tdcs.transaction_points.models.sessions import (
    CashCount,
    CashHandover,
    GroupAtPoint,
    SessionEntry,
    SessionMove,
    TeamMember,
    TransactionSession,
)

__all__ = [
    "BankCredit",
    "CashCount",
    "CashHandover",
    "Device",
    "GroupAtPoint",
    "LeaderReceipt",
    "LogLine",
    "MemberKey",
    "Pack",
    "ReceiptNote",
    "SessionEntry",
    "SessionMove",
    "SignedLine",
    "TakenAlong",
    "TeamMember",
    "TransactionSession",
    "TransferAccount",
]
