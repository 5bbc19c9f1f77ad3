"""What the documentation names exists: files, links, commands with their options, `make` targets, variables, names in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tdcs.cli.main import COMMANDS, main

REPO = Path(__file__).resolve().parents[2]
# The changelog speaks of what was; LICENSE is not ours.
PAGES = sorted(
    file
    for file in (*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md"))
    if file.name != "CHANGELOG.md"
)
# Where a path that a page names may begin.
ROOTS = ("", "src", "src/tdcs", "docs", "law", "tests")
_PATH = re.compile(
    r"(?<![\w./-])([\w*.-]+(?:/[\w*.-]+)+\.(?:py|md|yaml|csv|html|css|js|toml|txt|in|typ|webp)|[\w-]+(?:/[\w-]+)*/)(?![\w/])"
)
# A file by its name alone: it lies somewhere.
_BARE = re.compile(r"(?<![\w./<-])([\w-]+\.(?:py|yaml|csv|html|css|toml))(?![\w/.])")
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"`([^`\n]+)`|^ {4}(\S.*)$", re.MULTILINE)
_NAMES = re.compile(r"`([\w/-]+\.py)`\s\(((?:`\w+`(?:, )?)+)\)")
_VARIABLE = re.compile(r"\bTDCS_[A-Z_]+\b")
_WORD = re.compile(r"^[a-z][a-z-]*$")
# A page may name a file that a recipe makes, as <this>, or what is made while it runs.
MADE = {"var/", "files/scans/"}


def _codes(page: Path) -> list[str]:
    """What stands in backticks or in an indented block."""
    text = page.read_text(encoding="utf-8")
    return [one or block for one, block in _CODE.findall(text)]


def _ids(page: Path) -> str:
    return str(page.relative_to(REPO))


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_files_that_are_named_exist(page: Path) -> None:
    codes = [code for code in _codes(page) if "<" not in code]
    named = {found for code in codes for found in _PATH.findall(code)}
    gone = [one for one in named - MADE if not _exists(one)]
    gone += [one for code in codes for one in _BARE.findall(code) if not _found(one)]
    assert sorted(gone) == []


def _exists(path: str) -> bool:
    return any(any((REPO / root).glob(path.rstrip("/"))) for root in ROOTS)


def _found(path: str) -> list[Path]:
    """The files that a path or a bare name may mean."""
    if "/" in path:
        return [one for root in ROOTS for one in (REPO / root).glob(path)]
    top = [REPO / path] if (REPO / path).exists() else []
    return top + [
        one for part in ("src", "law", "tests", "tools") for one in (REPO / part).rglob(path)
    ]


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_names_behind_a_file_are_in_it(page: Path) -> None:
    """`room/file.py` (`name`, `name`): the names that a page gives to a file are there."""
    text = page.read_text(encoding="utf-8")
    gone = []
    for path, names in _NAMES.findall(text):
        source = "".join(one.read_text(encoding="utf-8") for one in _found(path))
        gone += [f"{path} {one}" for one in re.findall(r"`(\w+)`", names) if one not in source]
    assert gone == []


def _commands(code: str) -> list[list[str]]:
    """The words after each `tdcs` of a code: up to a comment, a pipe or another command."""
    parts = re.split(r"(?:^|[|;&·]|&& )\s*tdcs ", code.partition(" #")[0])[1:]
    return [part.split() for part in parts]


def _missing(words: list[str]) -> str:
    """What of a command line does not exist; empty when all of it does."""
    command: click.Command | None = main
    context = click.Context(main)
    at = 0
    while isinstance(command, click.Group) and at < len(words) and _WORD.match(words[at]):
        found = command.get_command(context, words[at])
        if found is None and not command.invoke_without_command:
            return " ".join(words[: at + 1])
        if found is None:
            break
        command, at = found, at + 1
    assert command is not None
    known = {one for param in command.params for one in (*param.opts, *param.secondary_opts)}
    known |= {"--help"}
    options = re.findall(r"--[a-z][a-z-]*", " ".join(words[at:]))
    return " ".join(one for one in options if one not in known)


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_commands_that_are_named_exist(page: Path) -> None:
    lines = [words for code in _codes(page) for words in _commands(code)]
    assert [(words, gone) for words in lines if (gone := _missing(words))] == []


def test_a_command_that_is_not_there_is_found() -> None:
    assert _missing(["law", "show", "HN", "--on", "2026-01-01"]) == ""
    assert _missing(["law", "shew", "HN"]) == "law shew"
    assert _missing(["close", "--day", "DAY", "--thorough"]) == "--thorough"
    assert _missing(["nothing"]) == "nothing"


def _leaves(
    command: click.Command, words: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something by itself, with what it is called by."""
    if not isinstance(command, click.Group) or (words and command.invoke_without_command):
        yield " ".join(words), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, name
            yield from _leaves(found, (*words, name))


def test_every_command_has_one_row_with_its_options() -> None:
    page = (REPO / "docs/reference/commands.md").read_text(encoding="utf-8")
    rows = " ".join(re.findall(r"^\| (`.*?) \| ", page, re.MULTILINE))
    named = re.findall(r"`tdcs ([a-z -]+?)(?=`| [^a-z])([^`]*)", rows)
    leaves = dict(_leaves(main))
    assert sorted(call for call, _ in named) == sorted(leaves)
    unnamed = {
        call: lacking
        for call, words in named
        if (
            lacking := [
                one.opts[0]
                for one in leaves[call].params
                if isinstance(one, click.Option) and not _names(one, words)
            ]
        )
    }
    assert unnamed == {}


def _names(option: click.Option, words: str) -> bool:
    """Whether the words of a row have an option, or what turns it off."""
    return not {*option.opts, *option.secondary_opts}.isdisjoint(
        re.findall(r"--[a-z][a-z-]*", words)
    )


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_targets_of_make_exist(page: Path) -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        found
        for code in _codes(page)
        for found in re.findall(r"(?:^|[;&·] ?)make ([a-z]+)\b", code)
    }
    assert named - targets == set()


def _variables(folder: str) -> set[str]:
    files = (f for f in (REPO / folder).rglob("*") if f.suffix in (".py", ".yaml"))
    return {one for f in files for one in _VARIABLE.findall(f.read_text(encoding="utf-8"))}


def test_variables_are_those_of_the_code() -> None:
    run = (REPO / "docs/how-to/run.md").read_text(encoding="utf-8")
    code = _variables("src")
    # Part of the settings, not of the environment, is read under the same name.
    assert sorted(code - set(_VARIABLE.findall(run))) == [], "say it in docs/how-to/run.md"
    makefile = set(_VARIABLE.findall((REPO / "Makefile").read_text(encoding="utf-8")))
    named = {one for page in PAGES for one in _VARIABLE.findall(page.read_text(encoding="utf-8"))}
    assert sorted(named - code - makefile) == []


def test_every_page_is_found_from_the_index() -> None:
    index = (REPO / "docs/index.md").read_text(encoding="utf-8")
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    for folder in ("how-to", "reference", "rules", "explanation", "decisions", "tutorials"):
        assert f"{folder}/" in index, folder
    for page in ("architecture.md", "index.md"):
        assert f"docs/{page}" in readme, page


def test_the_picture_of_the_house_has_every_room() -> None:
    page = (REPO / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = [one.parent.name for one in (REPO / "src/tdcs").glob("*/__init__.py")]
    assert len(rooms) > 15
    assert [room for room in sorted(rooms) if f"| `{room}` |" not in page] == []


def test_every_command_has_help() -> None:
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None, name
        assert command.help, name


def test_pictures_are_small_and_shown() -> None:
    pictures = sorted((REPO / "docs/pictures").iterdir())
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    assert len(pictures) >= 8
    assert [one.name for one in pictures if one.stat().st_size > 150_000] == []
    assert [one.name for one in pictures if f"docs/pictures/{one.name}" not in readme] == []
