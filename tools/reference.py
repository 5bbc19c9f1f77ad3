"""Write the generated reference pages: `make docs`. A test fails when they are not current."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")

ROOMS = (
    "organisations",
    "access",
    "audit",
    "ledger",
    "households",
    "entrustment",
    "capital",
    "programmes",
    "loans",
    "closing",
    "indicators",
    "plans",
)


def pages() -> dict[str, str]:
    """Path under the repository → content."""
    return {
        "GLOSSARY.md": glossary(),
        "docs/reference/permissions.md": permissions(),
        "docs/reference/states.md": states(),
    }


def glossary() -> str:
    """Every model with the Vietnamese word it stands for, and its fields' words."""
    from django.apps import apps

    out = ["# Glossary", "", "Made by `make docs` from the models; Vietnamese is the source.", ""]
    for room in ROOMS:
        out += [f"## {room}", "", "| code | Vietnamese | what it is |", "|---|---|---|"]
        for model in sorted(apps.get_app_config(room).get_models(), key=lambda m: m.__name__):
            if model.__module__.startswith("tdcs"):
                about = (model.__doc__ or "").strip().splitlines()[0].replace("|", "/")
                out.append(f"| {model.__name__} | {model._meta.verbose_name} | {about} |")
        out.append("")
    return "\n".join(out)


def permissions() -> str:
    """The permission table."""
    from tdcs.access.conflicts import CONFLICTS
    from tdcs.access.permissions import MFA_ROLES, PERMISSIONS, Role
    from tdcs.access.scopes import CASE_DUTIES, scope_of

    out = [
        "# Permissions",
        "",
        "Role × action × scope. How far an action reaches:",
        "",
        "| scope | reaches |",
        "|---|---|",
        "| site | no unit is asked |",
        "| province | every unit |",
        "| unit | the own unit, those below, and those it continues |",
        "| cases | households, groups, loans of the own commune or office; units of the province read figures only, unless below |",
        "| kept | the communes that the own People's Committee or bank office keeps |",
        "| committee | the own commune's People's Committee alone |",
        "| office | the own office's cases and books; at the branch, all |",
        "| group | the own savings-and-credit group |",
        "",
        "| permission | " + " | ".join(Role.values) + " |",
        "|---" * (len(Role) + 1) + "|",
    ]
    for name in PERMISSIONS:
        out.append(f"| {name} | " + " | ".join(scope_of(role, name) or "" for role in Role) + " |")
    out += [
        "",
        "## Units of the province that read single cases",
        "",
        "| unit | reads |",
        "|---|---|",
    ]
    out += [f"| {unit} | {', '.join(sorted(what))} |" for unit, what in CASE_DUTIES.items()]
    out += ["", "## Conflicts of duty over one file", "", "| act | not by who did |", "|---|---|"]
    out += [f"| {act} | {', '.join(sorted(barred))} |" for act, barred in CONFLICTS.items()]
    second = ", ".join(str(role) for role in Role if role in MFA_ROLES)
    out += ["", "## A second factor is demanded of", "", f"{second}."]
    return "\n".join([*out, ""])


def states() -> str:
    """The moves of obligations and reports, as tables and diagrams."""
    from tdcs.plans.states import MOVES
    from tdcs.reporting.states import REPORT_MOVES

    out = ["# States"]
    for title, moves in (("Obligation", MOVES), ("UnitReport", REPORT_MOVES)):
        out += [
            "",
            f"## {title}",
            "",
            "| verb | label | from | to | permission |",
            "|---|---|---|---|---|",
        ]
        out += [
            f"| {verb} | {m.label} | {', '.join(m.sources)} | {m.target} | {m.permission} |"
            for verb, m in moves.items()
        ]
        out += ["", "```mermaid", "stateDiagram-v2"]
        out += [
            f"    {source} --> {m.target}: {verb}"
            for verb, m in moves.items()
            for source in m.sources
        ]
        out += ["```"]
    return "\n".join([*out, ""])


def main() -> None:
    import django

    django.setup()
    for name, content in pages().items():
        (ROOT / name).write_text(content, encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main()
