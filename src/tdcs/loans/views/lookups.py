"""The loan or the group of an address, for who may see it; anybody else gets "not found"."""

from __future__ import annotations

from django.http import Http404

from tdcs.access.gate import PersonRequest
from tdcs.entrustment.models import SavingsGroup
from tdcs.loans.models import Loan
from tdcs.loans.queries.scope import lending_group, visible_loan


def loan_or_404(request: PersonRequest, pk: int) -> Loan:
    """A loan in the person's scope."""
    loan = visible_loan(request.user, pk)
    if loan is None:
        raise Http404(pk)
    return loan


def group_or_404(request: PersonRequest, pk: int) -> SavingsGroup:
    """A group whose collection sheet the person may see."""
    group = lending_group(request.user, pk)
    if group is None:
        raise Http404(pk)
    return group
