"""Refusals of the close: what happened, what stays as it was, what to do next."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class SnapshotMissing(Refusal):
    code = "snapshot_missing"
    vi = "Chưa có số liệu chốt của ngày {day}."
    en = "There is no snapshot of {day}."
    next_step_vi = "Khóa sổ ngày đó (tdcs close --day) hoặc chọn một ngày đã khóa sổ."
    next_step_en = "Close that day (tdcs close --day) or choose a day that is closed."


class SnapshotDamaged(Refusal):
    """A file of a snapshot is not what the close wrote."""

    code = "snapshot_damaged"
    vi = "Tệp {file} của số liệu chốt ngày {day} bị hỏng: {detail}."
    en = "File {file} of the snapshot of {day} is damaged: {detail}."
    next_step_vi = (
        "Dựng lại ngày đó từ các sự kiện (tdcs replay --to) hoặc lấy lại tệp từ bản sao lưu."
    )
    next_step_en = "Build that day again from the events (tdcs replay --to) or restore the file."


class SnapshotOfAnotherBook(Refusal):
    """The store holds days of another database, or of another seed of the demonstration."""

    code = "snapshot_of_another_book"
    vi = "Số liệu chốt ngày {day} thuộc sổ khác ({found}), không phải sổ này ({book})."
    en = "The snapshot of {day} belongs to another book ({found}), not to this one ({book})."
    next_step_vi = (
        "Kiểm tra thư mục số liệu chốt của hệ thống; không trộn hai sổ trong một thư mục."
    )
    next_step_en = "Check the folder of snapshots; two books never share one."


class StoreBusy(Refusal):
    code = "store_busy"
    vi = "Một lần khóa sổ khác đang ghi số liệu chốt."
    en = "Another close is writing snapshots."
    next_step_vi = "Đợi lần đó xong rồi làm lại."
    next_step_en = "Wait until it has ended, then try again."


class StoreFull(Refusal):
    """The disk, the quota or the limit of a file's size is used up."""

    code = "store_full"
    vi = "Hết chỗ khi ghi số liệu chốt ngày {day}; các ngày đã khóa sổ còn nguyên."
    en = "No space left while writing the snapshot of {day}; closed days are intact."
    next_step_vi = "Giải phóng dung lượng đĩa rồi khóa sổ lại."
    next_step_en = "Free space on the disk, then close again."


class StoreNotWritten(Refusal):
    """The system refused a write for another reason than space."""

    code = "store_not_written"
    vi = "Không ghi được số liệu chốt ngày {day}: {detail}. Các ngày đã khóa sổ còn nguyên."
    en = "The snapshot of {day} could not be written: {detail}. Closed days are intact."
    next_step_vi = "Kiểm tra quyền ghi và ổ đĩa của thư mục số liệu chốt rồi khóa sổ lại."
    next_step_en = "Check the folder of snapshots and its disk, then close again."


class SqlNotRead(Refusal):
    code = "sql_not_read"
    vi = "Chỉ nhận một câu lệnh SELECT trên số liệu chốt; không ghi, không đặt cấu hình."
    en = "One SELECT over the snapshots is taken; nothing that writes or sets."
    next_step_vi = "Viết lại thành một câu SELECT trên snapshot, sums, days."
    next_step_en = "Write one SELECT over snapshot, sums, days."


class SqlRefused(Refusal):
    code = "sql_refused"
    vi = "Câu lệnh SQL không chạy được: {words}"
    en = "The SQL could not be run: {words}"
    next_step_vi = "Sửa câu lệnh; các bảng là snapshot, sums, days."
    next_step_en = "Correct it; the tables are snapshot, sums, days."
