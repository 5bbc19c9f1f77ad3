"""Which records people decide on, and which of their fields: what the database notes of every change (migration 0118).

A record is compared with its last noted change, and each change with the chain: it belongs to the transaction of an audit
line. Fields that follow from others (balances, counts) are left out: they have checks of their own.
"""

from __future__ import annotations

from typing import Final

# Table → the fields under the digest. Moments are left out: their text hangs on the session's time zone.
RECORDS: Final[dict[str, tuple[str, ...]]] = {
    "loans_loan": (
        "number",
        "application_id",
        "household_id",
        "borrower_id",
        "group_id",
        "office_id",
        "source_id",
        "programme",
        "target_group",
        "channel",
        "principal",
        "rate_ppm",
        "term_months",
        "instalment_months",
        "disbursed_on",
        "law_hash",
    ),
    "loans_loanapplication": (
        "household_id",
        "borrower_id",
        "programme",
        "amount",
        "approved_amount",
        "forgone",
        "state",
        "made_by_id",
    ),
    "loans_loanscan": ("loan_id", "sha256", "removed_why"),
    "households_eligibilityspell": (
        "household_id",
        "person_id",
        "kind",
        "starts_on",
        "ends_on",
        "decision_number",
        "decision_on",
        "review_id",
    ),
    "households_householdscan": ("household_id", "sha256", "removed_why"),
    "plans_obligation": (
        "holder_id",
        "state",
        "percent",
        "words",
        "figure",
        "submitted_on",
        "closed_on",
    ),
    "plans_evidence": ("obligation_id", "sha256", "url", "removed_why"),
    "plans_unitreport": ("state", "number", "signer", "submitted_on", "accepted_on"),
    "plans_reportsection": ("report_id", "path", "words"),
    "plans_consolidatedsection": ("report_id", "path", "words"),
    "plans_unitplan": ("state", "number", "issued_on", "words", "sha256"),
    "closing_closerun": ("day", "state", "digest", "previous"),
    "ledger_entryrequest": (
        "kind",
        "state",
        "book_id",
        "subject",
        "words",
        "lines",
        "amount",
        "asked_by_id",
        "decided_by_id",
    ),
    "ledger_journalentry": ("book_id", "number", "on", "template", "words", "by_id", "hash"),
    "access_roleholding": ("user_id", "role", "organisation_id", "starts_on", "ends_on"),
    "access_handover": ("old_id", "new_id", "role", "organisation_id", "on", "words", "by_id"),
    "access_substitution": (
        "absent_id",
        "substitute_id",
        "starts_on",
        "ends_on",
        "words",
        "by_id",
    ),
    "plans_planrelation": (
        "plan_id",
        "other_id",
        "kind",
        "since",
        "lineages",
        "by_id",
        "undone_on",
    ),
    "loans_appraisalmeeting": (
        "group_id",
        "on",
        "chair_id",
        "secretary_id",
        "witness_post",
        "witness",
        "present",
        "members",
        "made_by_id",
        "undone_on",
        "undone_why",
    ),
    "loans_appraisalcase": (
        "meeting_id",
        "application_id",
        "agree",
        "against",
        "chosen",
        "amount",
        "words",
    ),
}
# Noted from migration 0120 on: their tables did not stand yet at 0118.
SINCE_0120: Final = (
    "access_handover",
    "access_substitution",
    "plans_planrelation",
    "loans_appraisalmeeting",
    "loans_appraisalcase",
)
# Only these rows of a table are noted: entries by templates are proved by the records that made them.
ONLY: Final[dict[str, str]] = {
    "ledger_journalentry": "r.template = 'manual'",
    "closing_closerun": "r.state = 'done'",
}
# Written before the audit line of their work, in transactions of their own: compared, not tied to a line.
UNTIED: Final = frozenset({"closing_closerun"})


def digest_sql(table: str, alias: str = "r") -> str:
    """The digest of a row's fields as the database computes it."""
    pairs = ", ".join(f"'{name}', {alias}.\"{name}\"" for name in RECORDS[table])
    return f"encode(sha256(convert_to(jsonb_build_object({pairs})::text, 'UTF8')), 'hex')"
