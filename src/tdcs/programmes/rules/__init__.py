"""What the law lends on a day: terms of a programme, spacing of instalments, who may borrow. Needs no database."""

from tdcs.programmes.rules.eligibility import eligible, eligible_household, judge_under
from tdcs.programmes.rules.lawbook import cite, cite_basis, documents
from tdcs.programmes.rules.running import RateChange, running_changes
from tdcs.programmes.rules.shared import shared
from tdcs.programmes.rules.terms import (
    Programme,
    Terms,
    default_spacing,
    programme,
    programmes,
    terms_on,
    terms_table,
)

__all__ = [
    "Programme",
    "RateChange",
    "Terms",
    "cite",
    "cite_basis",
    "default_spacing",
    "documents",
    "eligible",
    "eligible_household",
    "judge_under",
    "programme",
    "programmes",
    "running_changes",
    "shared",
    "terms_on",
    "terms_table",
]
