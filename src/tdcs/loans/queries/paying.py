"""What borrowers paid, whoever tells it: parts of questions over ``loans_loanevent e``, for the kinds of ``loans/states.py``.

An office that follows extracts has no payments by day: an event of its extract says by how much a sum moved, is dated the day
of the extract and names the loan's last transaction ("Ngày giao dịch gần nhất") in ``due_on``.
"""

from __future__ import annotations

from typing import Final

# The day of an event's money: of the extract's last transaction where it names one, not after the extract.
PAID_ON: Final = 'least(e.due_on, e."on")'
# A book of record that began on an extract tells anew, as events of its own, what the extracts had told: counted once.
# One condition, so that the database joins the few such loans once and asks for none of them by itself.
TOLD_ONCE: Final = """NOT EXISTS (
    SELECT FROM loans_loan n WHERE n.id = e.loan_id AND n.record_from IS NOT NULL AND e."on" < n.record_from
       AND NOT starts_with(e.kind, 'reported_'))"""
