"""The casts of the plans and of the loans room."""

from __future__ import annotations

import sys
from pathlib import Path

for _folder in ("plans", "loans"):
    sys.path.append(str(Path(__file__).resolve().parents[1] / _folder))

from plan_fixtures import cast, django_db_setup, draft, plan, signed_in  # noqa: E402, F401
