"""Write the generated reference pages: `make docs`. A test fails when they are not current."""

from __future__ import annotations

import importlib.util
import inspect
import os
import pkgutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")


def pages() -> dict[str, str]:
    """Path under the repository → content."""
    from django.utils import translation

    with translation.override("vi"):
        return {
            "GLOSSARY.md": glossary(),
            "docs/reference/permissions.md": permissions(),
            "docs/reference/states.md": states(),
        }


def rooms() -> list[str]:
    """Django's apps of the project, the lowest floor first: the order of the import contract."""
    from django.apps import apps

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(
        one["layers"] for one in project["tool"]["importlinter"]["contracts"] if "layers" in one
    )
    floors = [
        part.strip().removeprefix("tdcs.") for line in reversed(layers) for part in line.split("|")
    ]
    names = {one.name.removeprefix("tdcs.") for one in apps.get_app_configs()}
    return [room for room in floors if room in names]


def glossary() -> str:
    """Every model, state, verb and indicator, by room."""
    out = [
        "# Glossary",
        "",
        "Made by `make docs` from the code and from `law/indicators`; Vietnamese is the source. Of each room: what it",
        "keeps (models), what those can be (states and kinds), what can be done (verbs: the public functions of its services).",
    ]
    for room in rooms():
        parts = [*_models(room), *_states(room), *_verbs(room)]
        if room == "indicators":
            parts += _indicators()
        if parts:
            out += ["", f"## {room}", *parts]
    return "\n".join([*out, ""])


def room_models(room: str) -> list[Any]:
    """The models of a room that the project itself wrote, by name."""
    from django.apps import apps

    found = (m for m in apps.get_app_config(room).get_models() if m.__module__.startswith("tdcs"))
    return sorted(found, key=lambda model: model.__name__)


def _models(room: str) -> Iterator[str]:
    rows = [
        _row(model.__name__, model._meta.verbose_name, _about(model)) for model in room_models(room)
    ]
    if rows:
        yield from ("", "| model | Vietnamese | what it is |", "|---|---|---|", *rows)


def choices(room: str) -> dict[str, Any]:
    """Every enumeration of a room: its name in the code → the class."""
    from django.db.models import Choices

    found: dict[str, Any] = {}
    for module in _modules(f"tdcs.{room}", ("models", "states", "permissions")):
        for holder in (module, *_classes(module)):
            prefix = "" if holder is module else f"{holder.__name__}."
            for name, one in vars(holder).items():
                own = inspect.isclass(one) and one.__module__ == module.__name__
                if own and issubclass(one, Choices):
                    found[f"{prefix}{name}"] = one
    return dict(sorted(found.items()))


def _states(room: str) -> Iterator[str]:
    found = choices(room)
    if found:
        yield from ("", "| what something can be | |", "|---|---|")
    for name, one in found.items():
        yield _row(name, "; ".join(f"`{item.value}` {item.label}" for item in one))


def verbs(room: str) -> dict[str, Any]:
    """Every public function of a room's services: `module.name` → the function."""
    found = {}
    for module in _modules(f"tdcs.{room}", ("services",)):
        short = module.__name__.removeprefix(f"tdcs.{room}.").removeprefix("services.")
        for name, one in vars(module).items():
            own = getattr(one, "__module__", "") == module.__name__ and name[0] != "_"
            if own and inspect.isfunction(inspect.unwrap(one)):
                found[f"{short}.{name}"] = one
    return dict(sorted(found.items()))


def _verbs(room: str) -> Iterator[str]:
    found = verbs(room)
    if found:
        yield from ("", "| verb | what it does |", "|---|---|")
    for name, one in found.items():
        yield _row(f"`{name}`", _about(one))


def _indicators() -> Iterator[str]:
    from tdcs.indicators.rules.definitions import catalogue

    yield from ("", "| indicator | Vietnamese | what it is |", "|---|---|---|")
    for one in catalogue().values():
        yield _row(f"`{one.code}`", one.name, f"{one.name_en}: {one.formula_en}")


def _modules(room: str, names: tuple[str, ...]) -> Iterator[ModuleType]:
    """A room's modules of these names; of a package its modules, too."""
    for name in names:
        if importlib.util.find_spec(f"{room}.{name}") is None:
            continue
        module = importlib.import_module(f"{room}.{name}")
        yield module
        for below in pkgutil.iter_modules(getattr(module, "__path__", ())):
            yield importlib.import_module(f"{module.__name__}.{below.name}")


def _classes(module: ModuleType) -> Iterator[type]:
    for one in vars(module).values():
        if inspect.isclass(one) and one.__module__ == module.__name__:
            yield one


def _about(one: Any) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(one) or "").partition("\n\n")[0].split())


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


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


def tables_of_moves() -> dict[str, dict[str, Any]]:
    """Model → its table of moves."""
    from tdcs.boards import states as boards
    from tdcs.capital import states as capital
    from tdcs.credit_plan import states as credit_plan
    from tdcs.group_results import states as group_results
    from tdcs.imports import states as imports
    from tdcs.loans import states as loans
    from tdcs.oversight import states as oversight
    from tdcs.plans import states as plans
    from tdcs.problem_loans import states as problem_loans
    from tdcs.reporting import states as reporting
    from tdcs.scheme import states as scheme
    from tdcs.transaction_points import states as points
    from tdcs.word_templates import states as word_templates

    return {
        "Obligation": plans.MOVES,
        "Plan": plans.PLAN_MOVES,
        "UnitReport": reporting.REPORT_MOVES,
        "SchemeVersion": scheme.SCHEME_MOVES,
        "LoanApplication": loans.MOVES,
        "ChangeRequest": loans.CHANGE_MOVES,
        "MoveRequest": loans.TRANSFER_MOVES,
        "Tranche": capital.MOVES,
        "BudgetEstimate": capital.ESTIMATE_MOVES,
        "BalanceConfirmation": capital.CONFIRMATION_MOVES,
        "OutsideFund": capital.OUTSIDE_MOVES,
        "CreditPlan": credit_plan.PLAN_MOVES,
        "OfficeRound": credit_plan.ROUND_MOVES,
        "Adjustment": credit_plan.ADJUSTMENT_MOVES,
        "HeirRequest": loans.HEIR_MOVES,
        "ExtractImport": imports.IMPORT_MOVES,
        "TransactionSession": points.SESSION_MOVES,
        "BoardMeeting": boards.MEETING_MOVES,
        "LogLine": points.LOG_MOVES,
        "ConsolidationCase": group_results.CASE_MOVES,
        "RiskRound": problem_loans.ROUND_MOVES,
        "InspectionProgramme": oversight.PROGRAMME_MOVES,
        "Inspection": oversight.INSPECTION_MOVES,
        "Finding": oversight.FINDING_MOVES,
        "ReconciliationCampaign": oversight.CAMPAIGN_MOVES,
        "ReconciliationCase": oversight.CASE_MOVES,
        "WordTemplate": word_templates.TEMPLATE_MOVES,
        "InspectionLine": oversight.FIELD_MOVES,
        "AuditQuery": oversight.AUDIT_QUERY_MOVES,
    }


def states() -> str:
    """The tables of moves, each with its diagram; then what every other model with a state can be."""
    tables = tables_of_moves()
    out = [
        "# States",
        "",
        "Made by `make docs`: first what has a table of moves (`states.py` of its room), then everything else with a state.",
    ]
    for title, moves in tables.items():
        out += ["", f"## {title}", *_moves(moves)]
    out += ["", "## Without a table of moves", "", "| model | states | moved by |", "|---|---|---|"]
    for room in rooms():
        for model in room_models(room):
            if model.__name__ not in tables and _state_field(model):
                out.append(_row(model.__name__, _labels(_state_field(model)), f"`{room}/services`"))
    return "\n".join([*out, ""])


def _state_field(model: Any) -> Any:
    return next((f for f in model._meta.fields if f.name == "state" and f.choices), None)


def _labels(field: Any) -> str:
    return "; ".join(f"`{value}` {label}" for value, label in field.choices)


def _moves(moves: dict[str, Any]) -> Iterator[str]:
    yield from ("", "| verb | label | from | to | permission |", "|---|---|---|---|---|")
    for verb, move in moves.items():
        sources = ", ".join(move.sources) or "(new)"
        yield _row(verb, move.label, sources, move.target, move.permission)
    yield from ("", "```mermaid", "stateDiagram-v2")
    for verb, move in moves.items():
        for source in move.sources or ("[*]",):
            yield f"    {source} --> {move.target}: {verb}"
    yield "```"


def main() -> None:
    import django

    django.setup()
    for name, content in pages().items():
        (ROOT / name).write_text(content, encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main()
