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
    from tdcs.access.permissions import PERMISSIONS, Role

    out = [
        "# Permissions",
        "",
        "| permission | " + " | ".join(Role.values) + " |",
        "|---" * (len(Role) + 1) + "|",
    ]
    for name, roles in PERMISSIONS.items():
        out.append(
            f"| {name} | " + " | ".join("●" if role in roles else "" for role in Role) + " |"
        )
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
