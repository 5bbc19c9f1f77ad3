"""A campaign is opened with the loans that it asks about; signed results come in, singly or as a file; cases are decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.errors import BadRow
from tdcs.core.text import squash
from tdcs.loans.queries.sheets import lines_of
from tdcs.organisations.models import Kind, Organisation
from tdcs.organisations.queries import profile_of
from tdcs.oversight.errors import (
    CampaignThere,
    CampaignUnfinished,
    DecidedByExaminer,
    NoInspectingBody,
    NothingToReconcile,
    OversightFieldWrong,
    ResultsWrong,
)
from tdcs.oversight.models import (
    CaseStep,
    ReconciledLoan,
    ReconciliationCampaign,
    ReconciliationCase,
)
from tdcs.oversight.queries.book import book_of
from tdcs.oversight.queries.reconciling import (
    NOT_REVIEWED,
    last_whole,
    loans_owing,
    results_before,
)
from tdcs.oversight.queries.scope import acts_for
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.sampling import draw, with_risk
from tdcs.oversight.services.moving import note, require_step, require_words
from tdcs.oversight.states import CAMPAIGN_MOVES, CASE_MOVES, CaseState

# The result of a borrower who was not met.
ABSENT = "04"


@dataclass(frozen=True, slots=True)
class SignedResult:
    """What came back for a loan: figures that the borrower signed (none when he was not met), the result, a case's kind.

    ``row``: where it stands in a file.
    """

    number: str
    result: str
    principal: int | None = None
    interest: int | None = None
    savings: int | None = None
    signed_on: date | None = None
    kind: str = ""
    words: str = ""
    row: int = 0


def open_campaign(*, office: Organisation, year: int, by: User, on: date) -> ReconciliationCampaign:
    """The loans of an office by the rhythm of the law's data: all, or a share drawn by risk with the year as the seed.

    Raises NoInspectingBody, OversightFieldWrong, CampaignThere, NothingToReconcile.
    """
    name = profile_of(office, on).name
    if office.kind != Kind.TRANSACTION_OFFICE or not acts_for(by, office):
        raise NoInspectingBody(unit=name)
    if year != on.year:
        raise OversightFieldWrong(field="năm", why="chỉ năm nay")
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=office.pk)
        if ReconciliationCampaign.objects.filter(office=office, year=year).exists():
            raise CampaignThere(office=name, year=year)
        percent = settings.reconciled_percent(year, last_whole(office.pk, year))
        keys = _drawn(office, year, percent, by, on)
        if not keys:
            raise NothingToReconcile(office=name)
        made = ReconciliationCampaign.objects.create(
            office=office, year=year, percent=percent, as_of=on, made_by=by
        )
        before = results_before(office.pk, year)
        ReconciledLoan.objects.bulk_create(
            [
                ReconciledLoan(
                    campaign=made,
                    loan_id=line.loan,
                    bank_principal=line.balance,
                    bank_interest=line.interest_due,
                    bank_savings=line.savings,
                    result=NOT_REVIEWED,
                    before=before.get(line.loan, ""),
                )
                for line in lines_of(loans_owing(keys), on)
            ],
            batch_size=2_000,
        )
        note(made, "open_campaign", by=by, on=on, year=year, percent=percent, loans=len(keys))
    return made


def _drawn(office: Organisation, year: int, percent: int, by: User, on: date) -> list[int]:
    rows = book_of(by, on).loans
    rows = rows.filter((pl.col("office") == office.pk) & (pl.col("balance") > 0))
    size = -(-len(rows) * percent // 100)
    risky = with_risk(rows, settings.large_from())
    return draw(risky, settings.risks(), size, year)["loan"].to_list()


def record_results(
    *, campaign: ReconciliationCampaign, rows: Sequence[SignedResult], by: User, on: date
) -> int:
    """Results come in, all or none: each bad row is named. A difference opens a case of its kind, an absent borrower one too.

    Raises ResultsWrong, OversightStep, NoInspectingBody.
    """
    with transaction.atomic():
        held = _locked(campaign, by, on)
        require_step(held, "close", CAMPAIGN_MOVES)
        found = held.lines.select_for_update(of=("self",)).select_related("loan")
        lines = {line.loan.number: line for line in found}
        faults = ((one, _fault(one, lines, on)) for one in rows)
        wrong = [BadRow(one.row, why, name=one.number) for one, why in faults if why]
        wrong += _twice(rows)
        if wrong:
            raise ResultsWrong(wrong)
        for one in rows:
            _write(lines[one.number], one, by, on)
        note(held, "record_results", by=by, on=on, rows=len(rows))
    return len(rows)


def _twice(rows: Sequence[SignedResult]) -> list[BadRow]:
    seen: set[str] = set()
    wrong = []
    for one in rows:
        if one.number in seen:
            wrong.append(BadRow(one.row, "ghi hai lần", name=one.number))
        seen.add(one.number)
    return wrong


def _fault(one: SignedResult, lines: Mapping[str, ReconciledLoan], on: date) -> str:
    """What is wrong with a row; "" when nothing is."""
    line = lines.get(one.number)
    codes = {row["code"] for row in settings.results()} - {NOT_REVIEWED}
    told = (one.principal, one.interest, one.savings)
    if line is None:
        return "không có trong đợt đối chiếu"
    if one.result not in codes:
        return "mã kết quả không có trong danh mục"
    if one.result == ABSENT:
        return (
            "không gặp được thì không có số liệu người vay ký"
            if any(value is not None for value in told)
            else ""
        )
    if one.signed_on is None or None in told:
        return "thiếu số liệu người vay ký hoặc ngày ký"
    if one.signed_on > on or one.signed_on < line.campaign.as_of:
        return "ngày ký ngoài thời gian đối chiếu"
    if any(value is not None and value < 0 for value in told):
        return "số tiền âm"
    differs = told != (line.bank_principal, line.bank_interest, line.bank_savings)
    if differs and one.kind not in ReconciliationCase.Kind.values:
        return "có chênh lệch nhưng chưa ghi loại chênh lệch"
    return ""


def _write(line: ReconciledLoan, one: SignedResult, by: User, on: date) -> None:
    line.told_principal, line.told_interest, line.told_savings = (
        one.principal,
        one.interest,
        one.savings,
    )
    line.result, line.words = one.result, squash(one.words)[:300]
    line.signed_on = None if one.result == ABSENT else one.signed_on
    line.by = by
    line.save()
    kind = ReconciliationCase.Kind.ABSENT if one.result == ABSENT else one.kind
    if line.differs or one.result == ABSENT:
        case, made = ReconciliationCase.objects.get_or_create(line=line, defaults={"kind": kind})
        if made:
            _step(case, "raise", "", line.words or str(case.get_kind_display()), by=by, on=on)


def _step(
    case: ReconciliationCase, verb: str, source: str, words: str, *, by: User, on: date
) -> None:
    CaseStep.objects.create(
        case=case,
        verb=verb,
        source=source,
        target=case.state,
        on=on,
        recorded_at=clock.now(),
        by=by,
        words=words[:500],
    )


def move_case(
    *, case: ReconciliationCase, verb: str, words: str, by: User, on: date
) -> ReconciliationCase:
    """A case is examined, then decided by another. Raises OversightStep, OversightReasonMissing, DecidedByExaminer,
    NoInspectingBody."""
    said = require_words(words)
    with transaction.atomic():
        row = ReconciliationCase.objects.select_for_update().get(pk=case.pk)
        _require_office(row.line.campaign, by, on)
        move = require_step(row, verb, CASE_MOVES)
        if move.target == CaseState.DECIDED and row.steps.filter(verb="examine", by=by).exists():
            raise DecidedByExaminer
        source, row.state = row.state, move.target
        row.save(update_fields=["state"])
        _step(row, verb, source, said, by=by, on=on)
        note(row, f"{verb}_case", by=by, on=on, why=said)
    return row


def close_campaign(
    *, campaign: ReconciliationCampaign, by: User, on: date
) -> ReconciliationCampaign:
    """Every loan has its result. Raises OversightStep, CampaignUnfinished, NoInspectingBody."""
    with transaction.atomic():
        row = _locked(campaign, by, on)
        move = require_step(row, "close", CAMPAIGN_MOVES)
        left = row.lines.filter(result=NOT_REVIEWED).count()
        if left:
            raise CampaignUnfinished(count=left)
        row.state, row.closed_on = move.target, on
        row.save(update_fields=["state", "closed_on"])
        note(row, "close_campaign", by=by, on=on)
    return row


def _require_office(campaign: ReconciliationCampaign, by: User, on: date) -> None:
    if not acts_for(by, campaign.office_id):
        raise NoInspectingBody(unit=profile_of(campaign.office_id, on).name)


def _locked(campaign: ReconciliationCampaign, by: User, on: date) -> ReconciliationCampaign:
    row = ReconciliationCampaign.objects.select_for_update().get(pk=campaign.pk)
    _require_office(row, by, on)
    return row
