"""Scanned papers of a loan: received, handed out, taken back, by the verbs of the households room."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.households.services.scans import (
    HandedOut,
    Paper,
    hand_out,
    receive,
    require,
    take_back,
)
from tdcs.loans.errors import LoanOutside
from tdcs.loans.models import Loan, LoanScan
from tdcs.loans.queries.scope import visible_loans


def add_scan(*, loan: Loan, paper: Paper, by: User | None, on: date) -> LoanScan:
    """Keeps a paper of a loan; the same bytes are kept once.

    Raises FileRefused, FieldWrong, DayOutside, NotAllowed, LoanOutside.
    """
    require(by, "loans.scan", "Lưu giấy tờ quét của khoản vay")
    with transaction.atomic():
        row = Loan.objects.select_for_update().get(pk=loan.pk)
        _require_seen(row, by, on)
        made = LoanScan(loan=row, kind=paper.kind)
        return receive(made, owner=row, room="loans", paper=paper, by=by, on=on)


def read_scan(*, scan: LoanScan, by: User, on: date) -> HandedOut:
    """The file, with a line in the trail. Raises FileChanged, ScanGone, NotAllowed, LoanOutside."""
    require(by, "loans.read_scan", "Xem giấy tờ quét của khoản vay")
    _require_seen(scan.loan, by, on)
    return hand_out(scan, owner=scan.loan, room="loans", by=by, on=on)


def take_scan_back(*, scan: LoanScan, why: str, by: User | None, on: date) -> None:
    """Marks a paper as taken back; its bytes stay. Raises ReasonMissing, ScanGone, NotAllowed, LoanOutside."""
    require(by, "loans.scan", "Gỡ giấy tờ quét của khoản vay")
    _require_seen(scan.loan, by, on)
    take_back(scan, owner=scan.loan, room="loans", why=why, by=by, on=on)


def _require_seen(loan: Loan, by: User | None, on: date) -> None:
    if by is not None and not visible_loans(by, on).filter(pk=loan.pk).exists():
        raise LoanOutside(number=loan.number)
