"""Found a scheme, change it, write its texts, compose versions, submit, return and issue them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import trail
from tdcs.core.text import nfc, squash
from tdcs.letters.models import About
from tdcs.letters.services.entering import Sent, enter_sent
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.letterheads import branch
from tdcs.plans.errors import Stale
from tdcs.plans.models import Plan
from tdcs.plans.services.issuing import require_signed, write_signed
from tdcs.programmes.rules.lawbook import documents
from tdcs.scheme.errors import (
    BasisUnknown,
    NotItsApprover,
    NotTheLatest,
    OwnVersion,
    ReturnUnexplained,
    SchemeExists,
    SchemeIncomplete,
    SchemeUnnamed,
    SumsDisagree,
    VersionElsewhere,
    VersionWaits,
)
from tdcs.scheme.models import Scheme, SchemeText, SchemeVersion
from tdcs.scheme.queries.figures import Wanted, content_of, require_possible
from tdcs.scheme.queries.schemes import compared_with, latest
from tdcs.scheme.rules.figures import digest_of, mismatches
from tdcs.scheme.rules.sections import SECTIONS, missing
from tdcs.scheme.states import SCHEME_MOVES

_LONGEST_NAME: Final = 300
_LONGEST_TEXT: Final = 60_000
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class SchemeDraft:
    """What a person chooses for a scheme. ``bases``: codes of the legal library."""

    name: str
    first_year: int
    last_year: int
    plan: Plan
    scenario: str
    bases: Sequence[str]
    commune_share: int | None = None


def found_scheme(*, draft: SchemeDraft, by: User | None, on: date) -> Scheme:
    """A new scheme with empty texts.

    Raises SchemeUnnamed, SchemeExists, BasisUnknown, and what the scenario refuses: NoMonthClosed, ScenarioGone, AssumptionWrong,
    PeriodOutside.
    """
    made = Scheme(made_on=on, by=by)
    _fill(made, draft, on)
    with transaction.atomic():
        _save(made)
        SchemeText.objects.bulk_create(
            SchemeText(scheme=made, path=one.path, title=one.title, position=at)
            for at, one in enumerate(SECTIONS)
        )
        trail.record(action="scheme.found", subject=made, by=by, on=on, data=_chosen(made))
    return made


def change_scheme(
    *, scheme: Scheme, draft: SchemeDraft, revision: int | None, by: User | None, on: date
) -> Scheme:
    """Other years, another scenario, other bases. Raises what ``found_scheme`` raises, and Stale."""
    with transaction.atomic():
        row = Scheme.objects.select_for_update().get(pk=scheme.pk)
        if row.revision != revision:
            raise Stale
        _fill(row, draft, on)
        row.revision += 1
        _save(row)
        trail.record(action="scheme.change", subject=row, by=by, on=on, data=_chosen(row))
    return row


def _fill(scheme: Scheme, draft: SchemeDraft, on: date) -> None:
    name = squash(draft.name)
    if not name or len(name) > _LONGEST_NAME:
        raise SchemeUnnamed
    codes = list(dict.fromkeys(draft.bases))
    if strangers := [code for code in codes if code not in documents()]:
        raise BasisUnknown(listed=", ".join(strangers[:_SHOWN]))
    wanted = Wanted(
        draft.first_year, draft.last_year, draft.scenario, draft.commune_share, draft.plan
    )
    require_possible(wanted, on)
    scheme.name, scheme.plan = name, draft.plan
    scheme.first_year, scheme.last_year = draft.first_year, draft.last_year
    scheme.scenario, scheme.bases = draft.scenario, codes
    scheme.commune_share = draft.commune_share


def _save(scheme: Scheme) -> None:
    try:
        with transaction.atomic():
            scheme.save()
    except IntegrityError as twice:
        raise SchemeExists(name=scheme.name) from twice


def _chosen(scheme: Scheme) -> dict[str, object]:
    return {
        "years": f"{scheme.first_year}-{scheme.last_year}",
        "scenario": scheme.scenario,
        "bases": list(scheme.bases),
        "commune_share": scheme.commune_share,
    }


def save_text(
    *, text: SchemeText, words: str, revision: int | None, by: User | None, on: date
) -> SchemeText:
    """The words of one section. Raises Stale; the same words pass."""
    with transaction.atomic():
        row = SchemeText.objects.select_for_update().get(pk=text.pk)
        said = nfc(words.replace("\r\n", "\n")).strip()[:_LONGEST_TEXT]
        if said == row.words:
            return row
        if row.revision != revision:
            raise Stale
        row.words, row.revision = said, row.revision + 1
        row.save(update_fields=["words", "revision"])
        data = {"section": row.path, "revision": row.revision}
        trail.record(action="scheme.write", subject=row.scheme, by=by, on=on, data=data)
    return row


def compose(*, scheme: Scheme, by: User | None, on: date) -> SchemeVersion:
    """The document of today as a version that keeps what it says; the version that is there when nothing is different.

    Raises VersionWaits, SumsDisagree, and what the figures refuse (NoMonthClosed, TooFewMonths, ScenarioGone, PeriodOutside,
    YearNotClosed).
    """
    content = content_of(scheme, on)
    if wrong := mismatches(content["figures"]):
        raise SumsDisagree(what="; ".join(wrong[:_SHOWN]))
    digest = digest_of(content)
    with transaction.atomic():
        Scheme.objects.select_for_update().get(pk=scheme.pk)
        before = latest(scheme)
        if before is not None and before.digest == digest:
            return before
        if before is not None and before.state == SchemeVersion.State.SUBMITTED:
            raise VersionWaits(sequence=before.sequence)
        made = SchemeVersion.objects.create(
            scheme=scheme,
            sequence=before.sequence + 1 if before else 1,
            content=content,
            digest=digest,
            against=compared_with(scheme),
            figures_on=date.fromisoformat(content["figures"]["base"]),
            composed_on=on,
            composed_by=by,
        )
        data = {"sequence": made.sequence, "digest": digest, "figures_on": made.figures_on}
        trail.record(action="scheme.compose", subject=made, by=by, on=on, data=data)
    return made


def submit(*, version: SchemeVersion, by: User | None, on: date) -> SchemeVersion:
    """The newest version goes to whoever approves. Raises VersionElsewhere, NotTheLatest, SchemeIncomplete (all at once)."""
    with transaction.atomic():
        row = _locked(version, "submit")
        last = latest(row.scheme)
        if last is not None and last.pk != row.pk:
            raise NotTheLatest(sequence=row.sequence, latest=last.sequence)
        if gaps := missing(row.content["texts"], row.content["bases"]):
            raise SchemeIncomplete(listed="; ".join(gaps))
        row.submitted_on, row.submitted_by, row.returned_why = on, by, ""
        return _moved(row, "submit", by, on)


def recall(*, version: SchemeVersion, by: User | None, on: date) -> SchemeVersion:
    """Taken back before it was decided. Raises VersionElsewhere."""
    with transaction.atomic():
        row = _locked(version, "recall")
        row.submitted_on = row.submitted_by = None
        return _moved(row, "recall", by, on)


def return_version(*, version: SchemeVersion, why: str, by: User, on: date) -> SchemeVersion:
    """Sent back with a reason. Raises VersionElsewhere, NotItsApprover, OwnVersion, ReturnUnexplained."""
    reason = squash(why)[:300]
    if not reason:
        raise ReturnUnexplained
    with transaction.atomic():
        row = _locked(version, "return")
        _require_approver(row, by, on)
        row.submitted_on = row.submitted_by = None
        row.returned_why = reason
        return _moved(row, "return", by, on, reason)


def issue(*, version: SchemeVersion, signing: Signing, by: User, on: date) -> SchemeVersion:
    """Approved by a second person, with number, day and signer; it stands in the registers of letters and does not change.

    Raises VersionElsewhere, NotItsApprover, OwnVersion, AnswerIncomplete.
    """
    require_signed(signing)
    with transaction.atomic():
        row = _locked(version, "issue")
        _require_approver(row, by, on)
        write_signed(row, signing, on)
        row.approved_by = by
        _moved(row, "issue", by, on)
        enter_sent(
            letter=Sent(
                kind="Đề án",
                number=row.number,
                dated_on=row.issued_on or on,
                subject=row.content["name"],
                about=About.SCHEME,
                about_key=row.pk,
                origin=f"scheme.version:{row.pk}",
            ),
            sender=branch(row.scheme.plan, on),
            recipients=[row.scheme.plan.issuer_id],
            by=by,
            on=on,
        )
    return row


def _locked(version: SchemeVersion, verb: str) -> SchemeVersion:
    rows = SchemeVersion.objects.select_for_update(of=("self",)).select_related("scheme__plan")
    row = rows.get(pk=version.pk)
    if row.state not in SCHEME_MOVES[verb].sources:
        raise VersionElsewhere(sequence=row.sequence, state=row.get_state_display())
    return row


def _require_approver(row: SchemeVersion, by: User, on: date) -> None:
    """Somebody of the branch or of the plan's issuer, and neither who composed it nor who submitted it."""
    home = own_organisation(by)
    heads = {branch(row.scheme.plan, on).pk, row.scheme.plan.issuer_id}
    if home is None or home.pk not in heads or not by.may("scheme.approve"):
        raise NotItsApprover
    if by.pk in (row.composed_by_id, row.submitted_by_id):
        raise OwnVersion


def _moved(
    row: SchemeVersion, verb: str, by: User | None, on: date, why: str = ""
) -> SchemeVersion:
    row.state = SCHEME_MOVES[verb].target
    row.save()
    data = {"sequence": row.sequence, "digest": row.digest, "number": row.number}
    trail.record(action=f"scheme.{verb}", subject=row, by=by, on=on, why=why, data=data)
    return row
