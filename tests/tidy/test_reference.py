"""Generated pages say what the code says."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools/reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", ["GLOSSARY.md", "docs/reference/permissions.md", "docs/reference/states.md"]
)
def test_the_page_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == _tool().pages()[name], "run `make docs`"


def test_the_glossary_has_every_model_state_verb_and_indicator() -> None:
    from django.apps import apps

    from tdcs.indicators.rules.definitions import catalogue

    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    own = [model for model in apps.get_models() if model.__module__.startswith("tdcs")]
    assert len(own) > 60
    wanted = [f"| {model.__name__} | {model._meta.verbose_name} |" for model in own]
    for file in sorted((ROOT / "src/tdcs").rglob("*.py")):
        if "migrations" not in file.parts:
            tree = tree_of(file)
            wanted += _verbs(file, tree)
    wanted += [f"`{code}` " for code in _codes_of_enumerations()]
    wanted += [f"| `{code}` | {one.name} |" for code, one in catalogue().items()]
    assert [part for part in wanted if part not in text] == [], "run `make docs`"


def _codes_of_enumerations() -> list[str]:
    """The code of each member of each enumeration of models, also when it is taken from the rules."""
    from django.db.models import TextChoices

    own = [one for one in TextChoices.__subclasses__() if one.__module__.startswith("tdcs")]
    assert len(own) > 30
    return [code for one in own for code in one.values]


def _verbs(file: Path, tree: ast.Module) -> list[str]:
    """The public functions of a room's services."""
    if "services" not in file.with_suffix("").parts:
        return []
    public = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"]
    return [f".{node.name}` |" for node in public]


def test_every_table_of_moves_and_every_state_has_its_place() -> None:
    import importlib

    from django.apps import apps

    shown = list(_tool().tables_of_moves().values())
    text = (ROOT / "docs/reference/states.md").read_text(encoding="utf-8")
    for file in sorted((ROOT / "src/tdcs").glob("*/states.py")):
        module = importlib.import_module(f"tdcs.{file.parent.name}.states")
        tables = {name: value for name, value in vars(module).items() if name.endswith("MOVES")}
        assert tables, file
        assert [name for name, table in tables.items() if table not in shown] == []
    with_state = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("tdcs")
        and any(field.name == "state" and field.choices for field in model._meta.fields)
    ]
    assert {"LoanApplication", "ChangeRequest", "Loan"} <= set(with_state)
    missing = [one for one in with_state if f"## {one}\n" not in text and f"| {one} |" not in text]
    assert missing == []


def test_every_command_stands_in_the_docs() -> None:
    from tdcs.cli.main import COMMANDS

    text = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`tdcs {name}" not in text] == []
