"""What a template may say: names of known tags, loops over known lists, conditions, filters. Everything else is refused by name.

The tree of the template is walked before anything runs; what is not named here as allowed is not allowed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from tdcs.core.errors import Refusal
from tdcs.core.text import fold
from tdcs.word_templates import errors
from tdcs.word_templates.filling.places import Place, PlacedLine
from tdcs.word_templates.filling.sandbox import FILTERS, LOOP, TESTS, environment
from tdcs.word_templates.filling.tags import NUMERIC, Tag

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
# docxtpl's signs for "this tag takes its whole paragraph, row, cell or run".
_WHOLE: Final = re.compile(r"\{%(?:p|tr|tc|r) ")
_QUOTES: Final = str.maketrans("“”‘’", "\"\"''")
# Filters of Jinja by which the inside of a value is reached.
_REACHING: Final = frozenset(
    {"attr", "map", "format", "groupby", "selectattr", "rejectattr", "select", "reject", "sort"}
    | {"unique", "sum", "min", "max", "xmlattr", "safe", "tojson", "pprint", "dictsort", "items"}
)
_INCLUDES: Final = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)
_MAKES: Final = (
    nodes.Macro, nodes.CallBlock, nodes.Assign, nodes.AssignBlock, nodes.With, nodes.FilterBlock, nodes.Scope,
    nodes.EvalContextModifier, nodes.ScopedEvalContextModifier,
)  # fmt: skip
_UNKNOWN: Final = Tag("", "unknown", "", "")
_LOOP: Final = Tag("loop", "loop", "", "")
_TEXT: Final = Tag("", "text", "", "")
_NUMBER: Final = Tag("", "number", "", "")
_MOST_CHARS: Final = 2_000_000


def linear(lines: Sequence[PlacedLine]) -> str:
    """The words of a part as a template in which line n is ``lines[n - 1]``."""
    return "\n".join(_plain(line.text) for line in lines)


def _plain(words: str) -> str:
    words = _WHOLE.sub("{% ", words)
    return _TAG.sub(lambda found: found[0].translate(_QUOTES), words)


def problems_of(
    lines: Sequence[PlacedLine], tags: Mapping[str, Tag]
) -> tuple[list[Refusal], frozenset[str]]:
    """Everything that is wrong with a part's tags, in order, and the names that it uses."""
    return _Reader(tags, lines).read(linear(lines))


def problems_of_xml(source: str, tags: Mapping[str, Tag], part: str) -> list[Refusal]:
    """The same of the XML that is going to run, in case it says more than its words do."""
    lines = [PlacedLine(Place(part, at), "") for at in range(1, source.count("\n") + 2)]
    return _Reader(tags, lines).read(source)[0]


class _Reader:
    def __init__(self, tags: Mapping[str, Tag], lines: Sequence[PlacedLine]) -> None:
        self.tags, self.lines = tags, lines
        self.found: list[Refusal] = []
        self.used: set[str] = set()

    def read(self, source: str) -> tuple[list[Refusal], frozenset[str]]:
        if len(source) > 20 * _MOST_CHARS:
            raise errors.TemplateTooHard
        try:
            tree = environment().parse(source)
            self.body(tree.body, dict(self.tags))
        except TemplateSyntaxError as wrong:
            self.found.append(self.syntax(wrong))
        except (RecursionError, MemoryError) as wrong:
            raise errors.TemplateTooHard from wrong
        return self.found, frozenset(self.used)

    def syntax(self, wrong: TemplateSyntaxError) -> Refusal:
        """Jinja refuses a filter or a statement that it does not know while it reads."""
        place, words = self.place(wrong.lineno), str(wrong.message or "")
        unknown = re.match(r"No filter named '(\w+)'", words)
        if unknown:
            return self.filter_wrong(unknown[1], self.near(wrong.lineno, unknown[1]), place)
        tag = self.near(wrong.lineno, _quoted(words))
        if re.search(r"unknown tag '(include|import|from|extends|block)'", words):
            return errors.TagIncludes(tag=tag, place=place)
        return errors.TagSyntaxWrong(tag=tag, place=place, why=_why(words))

    def filter_wrong(self, name: str, tag: str, place: Place) -> Refusal:
        if name in _REACHING:
            return errors.TagEscapes(tag=tag, place=place)
        return errors.TagFilterUnknown(name=name, tag=tag, place=place, known=", ".join(FILTERS))

    def place(self, line: int) -> Place:
        return self.lines[min(max(line, 1), len(self.lines)) - 1].place if self.lines else Place()

    def near(self, line: int, word: str = "") -> str:
        """The tag on a line in which a word stands; the first where none is named."""
        if not self.lines:
            return word
        text = self.lines[min(max(line, 1), len(self.lines)) - 1].text
        found = _TAG.findall(text) or [text.strip()[:80] or word]
        return str(next((one for one in found if word and word in one), found[0]))[:120]

    def say(self, kind: type[Refusal], node: nodes.Node, word: str = "") -> None:
        tag = self.near(node.lineno, word)
        self.found.append(kind(tag=tag, place=self.place(node.lineno)))

    # Statements

    def body(self, items: Sequence[nodes.Node], scope: dict[str, Tag]) -> None:
        for item in items:
            if isinstance(item, nodes.Output):
                for one in item.nodes:
                    if not isinstance(one, nodes.TemplateData):
                        self.printed(one, scope)
            elif isinstance(item, nodes.If):
                self.value(item.test, scope)
                self.body(item.body, scope)
                self.body(item.elif_, scope)
                self.body(item.else_, scope)
            elif isinstance(item, nodes.For):
                self.loop(item, scope)
            elif isinstance(item, _INCLUDES):
                self.say(errors.TagIncludes, item, _word_of(item))
            elif isinstance(item, _MAKES):
                self.say(errors.TagMacro, item, _word_of(item))
            else:
                self.say(errors.TagOperator, item)

    def loop(self, item: nodes.For, scope: dict[str, Tag]) -> None:
        if item.recursive:
            self.say(errors.TagMacro, item, "recursive")
            return
        inside = {**scope, "loop": _LOOP}
        if not isinstance(item.target, nodes.Name):
            self.say(errors.TagNoList, item)
            return
        of = self.value(item.iter, scope)
        if of.type == "list":
            inside[item.target.name] = Tag(item.target.name, "row", "", "", columns=of.columns)
        else:
            if of.type != "unknown" and not self.found_at(item.iter.lineno):
                self.say(errors.TagNoList, item)
            inside[item.target.name] = _UNKNOWN
        if item.test is not None:
            self.value(item.test, inside)
        self.body(item.body, inside)
        self.body(item.else_, scope)

    def found_at(self, line: int) -> bool:
        """Whether something of this line was refused already."""
        place = self.place(line)
        return any(one.params.get("place") == place for one in self.found)

    # Values

    def printed(self, node: nodes.Node, scope: Mapping[str, Tag]) -> None:
        of = self.value(node, scope)
        if of.type in ("list", "row", "loop"):
            self.say(errors.TagOperator, node, of.name)

    def value(self, node: nodes.Node, scope: Mapping[str, Tag]) -> Tag:
        """What an expression gives; what is wrong with it is noted."""
        if isinstance(node, nodes.Name):
            return self.name(node, scope)
        if isinstance(node, nodes.Getattr):
            return self.column(node, node.attr, scope)
        if isinstance(node, nodes.Getitem):
            named = isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)
            if named:
                return self.column(node, node.arg.value, scope)  # type: ignore[attr-defined]
            self.say(errors.TagEscapes, node, "[")
            return _UNKNOWN
        if isinstance(node, nodes.Const):
            return _NUMBER if isinstance(node.value, int) else _TEXT
        if isinstance(node, nodes.Filter):
            return self.filtered(node, scope)
        if isinstance(node, nodes.Call):
            self.call(node)
            return _UNKNOWN
        return self.joined(node, scope)

    def name(self, node: nodes.Name, scope: Mapping[str, Tag]) -> Tag:
        found = scope.get(node.name)
        if found is not None:
            if node.name in self.tags:
                self.used.add(node.name)
            return found
        if node.name.startswith("_"):
            self.say(errors.TagEscapes, node, node.name)
            return _UNKNOWN
        self.unknown(node, node.name, list(scope))
        return _UNKNOWN

    def unknown(self, node: nodes.Node, name: str, known: Sequence[str]) -> None:
        near = difflib.get_close_matches(fold(name), known, n=1, cutoff=0.0)
        self.found.append(
            errors.TagUnknown(
                tag=name, place=self.place(node.lineno), nearest=near[0] if near else "–"
            )
        )

    def column(
        self, node: nodes.Getattr | nodes.Getitem, name: str, scope: Mapping[str, Tag]
    ) -> Tag:
        of = self.value(node.node, scope)
        if of.type == "loop":
            if name in LOOP:
                return _NUMBER
            self.say(errors.TagEscapes, node, name)
            return _UNKNOWN
        if of.type == "row" and not name.startswith("_"):
            if name in of.columns:
                self.used.add(f"*.{name}")
                return of.columns[name]
            prefix = node.node.name if isinstance(node.node, nodes.Name) else ""
            self.unknown(node, f"{prefix}.{name}", [f"{prefix}.{one}" for one in of.columns])
            return _UNKNOWN
        if of.type != "unknown" or name.startswith("_"):
            self.say(errors.TagEscapes, node, name)
        return _UNKNOWN

    def filtered(self, node: nodes.Filter, scope: Mapping[str, Tag]) -> Tag:
        of = self.value(node.node, scope) if node.node is not None else _UNKNOWN
        place = self.place(node.lineno)
        if node.name not in FILTERS:
            self.found.append(
                self.filter_wrong(node.name, self.near(node.lineno, node.name), place)
            )
            return _UNKNOWN
        takes, gives, _work = FILTERS[node.name]
        plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        given = [one.value for one in node.args if isinstance(one, nodes.Const)]
        wanted = 1 if node.name in ("mac_dinh", "tong") else 0
        fits = plain and len(given) == len(node.args) == wanted
        if node.name == "tong" and of.type == "list":
            column = of.columns.get(str(given[0])) if given else None
            fits = fits and column is not None and column.type in NUMERIC
        if not fits or (takes and of.type not in (*takes, "unknown")):
            self.found.append(
                self.filter_wrong(node.name, self.near(node.lineno, node.name), place)
            )
            return _UNKNOWN
        if of.type in ("row", "loop") or (of.type == "list" and "list" not in takes):
            self.say(errors.TagOperator, node, node.name)
        return Tag("", gives, "", "") if gives else of

    def call(self, node: nodes.Call) -> None:
        """A function; a method of a value is an escape too, and told as what the person wrote."""
        target: Any = node.node
        if isinstance(target, nodes.Getattr):
            name = target.attr
            self.say(
                errors.TagEscapes if name.startswith("_") or name == "format" else errors.TagCalls,
                node,
                name,
            )
            return
        self.say(errors.TagCalls, node, target.name if isinstance(target, nodes.Name) else "(")

    def joined(self, node: nodes.Node, scope: Mapping[str, Tag]) -> Tag:
        """Comparisons, conditions, words put together, two numbers added."""
        if isinstance(node, nodes.Compare):
            self.value(node.expr, scope)
            for operand in node.ops:
                self.value(operand.expr, scope)
            return _NUMBER
        if isinstance(node, nodes.And | nodes.Or | nodes.Add | nodes.Sub):
            left, right = self.value(node.left, scope), self.value(node.right, scope)
            sum_ = isinstance(node, nodes.Add | nodes.Sub)
            if sum_ and any(one.type not in (*NUMERIC, "unknown") for one in (left, right)):
                self.say(errors.TagOperator, node)
            return Tag("", "money" if "money" in (left.type, right.type) else "number", "", "")
        if isinstance(node, nodes.Not):
            self.value(node.node, scope)
            return _NUMBER
        if isinstance(node, nodes.Concat):
            for one in node.nodes:
                self.printed(one, scope)
            return _TEXT
        if isinstance(node, nodes.CondExpr):
            self.value(node.test, scope)
            found = self.value(node.expr1, scope)
            if node.expr2 is not None:
                self.value(node.expr2, scope)
            return found
        if isinstance(node, nodes.Test) and node.name in TESTS and not node.args:
            self.value(node.node, scope)
            return _NUMBER
        self.say(errors.TagOperator, node)
        return _UNKNOWN


def _why(words: str) -> str:
    """What Jinja says of a template that it cannot read, in a phrase of core/phrases.py."""
    if words.startswith(("Unexpected end of template", "Missing end")):
        return "thiếu chỗ đóng khối"
    if "unknown tag 'end" in words or "unknown tag 'else" in words:
        return "đóng một khối chưa mở"
    if "unknown tag" in words:
        return "lệnh không có"
    return "sai cú pháp"


def _quoted(words: str) -> str:
    found = re.search(r"'([^']+)'", words)
    return found[1] if found else ""


def _word_of(node: nodes.Node) -> str:
    words: dict[type[nodes.Node], str] = {
        nodes.FromImport: "from",
        nodes.CallBlock: "call",
        nodes.Assign: "set",
        nodes.AssignBlock: "set",
        nodes.FilterBlock: "filter",
    }
    return words.get(type(node), type(node).__name__.lower())
