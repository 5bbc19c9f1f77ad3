"""Named invariants of the trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from tdcs.audit.models import AuditLine, ChainHead
from tdcs.audit.records import ONLY, RECORDS, UNTIED, digest_sql
from tdcs.audit.rules import GENESIS, line_hash
from tdcs.audit.services import chained_fields

# Of one table at most so many: a whole table exchanged is said in a few lines.
_SHOWN: Final = 20
_COMPARE: Final = """
    WITH noted AS (
        SELECT DISTINCT ON (row_id) row_id, op, digest FROM audit_recordchange
         WHERE relation = %s ORDER BY row_id, id DESC),
    there AS (SELECT r.id AS row_id, {digest} AS digest FROM {table} r WHERE {only})
    SELECT coalesce(n.row_id, t.row_id),
           CASE WHEN n.row_id IS NULL OR n.op = 'D' THEN 'forged'
                WHEN t.row_id IS NULL THEN 'gone' ELSE 'changed' END
      FROM noted n FULL JOIN there t ON t.row_id = n.row_id
     WHERE (n.row_id IS NULL AND t.row_id IS NOT NULL)
        OR (n.op = 'D' AND t.row_id IS NOT NULL)
        OR (n.op <> 'D' AND (t.row_id IS NULL OR t.digest <> n.digest))
     ORDER BY 1 LIMIT %s
"""
# Changes that no line of the trail answers for: neither of their transaction, nor one that sealed all before it.
_UNTIED: Final = """
    SELECT c.relation, c.row_id, c.op FROM audit_recordchange c
     WHERE c.op <> 'B' AND c.relation <> ALL(%s)
       AND c.id > coalesce((SELECT max((l.data ->> 'sealed_changes')::bigint) FROM audit_auditline l
                             WHERE l.data ? 'sealed_changes'), 0)
       AND NOT EXISTS (SELECT 1 FROM audit_auditline l WHERE l.xid = c.xid)
     ORDER BY c.id LIMIT %s
"""
_WORDS: Final = {
    "forged": "có trong bảng mà không có trong nhật ký thay đổi",
    "gone": "đã bị xóa ngoài hệ thống",
    "changed": "nội dung khác lần ghi cuối",
}


def chain_holds() -> Iterator[str]:
    """Every line's hash follows from its fields and the line before; the last one is the one the head names."""
    previous, count, last = GENESIS, 0, 0
    for line in AuditLine.objects.order_by("id").iterator(chunk_size=2000):
        if line.previous_hash != previous:
            yield f"dòng nhật ký {line.pk}: không nối với dòng trước"
        if line.hash != line_hash(chained_fields(line), line.previous_hash):
            yield f"dòng nhật ký {line.pk}: nội dung không khớp mã băm"
        previous, count, last = line.hash, count + 1, line.pk
    head = ChainHead.objects.first()
    if head is None and not count:
        return
    if head is None:
        yield "nhật ký không còn đầu chuỗi"
    elif (head.lines, head.last_line, head.hash) != (count, last, previous):
        yield (
            f"nhật ký có {count} dòng, dòng cuối {last}; đầu chuỗi ghi {head.lines} dòng, "
            f"dòng cuối {head.last_line}: đã mất {head.lines - count} dòng"
        )


def records_are_as_decided() -> Iterator[str]:
    """Each record that people decide on is what its last noted change left."""
    for table in RECORDS:
        sql = _COMPARE.format(table=table, digest=digest_sql(table), only=ONLY.get(table, "true"))
        with connection.cursor() as cursor:
            cursor.execute(sql, [table, _SHOWN])
            for row, kind in cursor.fetchall():
                yield f"{table} {row}: {_WORDS[kind]}"


def changes_have_their_line() -> Iterator[str]:
    """Each change of such a record belongs to the transaction of a line of the trail."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTIED, [list(UNTIED), _SHOWN])
        for table, row, op in cursor.fetchall():
            yield f"{table} {row}: thay đổi ({op}) không thuộc dòng nhật ký nào"


CHECKS = {
    "audit.chain_holds": chain_holds,
    "audit.records_are_as_decided": records_are_as_decided,
    "audit.changes_have_their_line": changes_have_their_line,
}
