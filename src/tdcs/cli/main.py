"""`tdcs`: one command per service; a command's own module is imported only when it is called."""

from __future__ import annotations

import importlib
from typing import Any, Final

import click

from tdcs import __version__
from tdcs.core.errors import Refusal

# name → (module, attribute, one line of help)
COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "plan": ("tdcs.cli.plan", "plan", "Read, import and follow the plan."),
    "law": ("tdcs.cli.law", "law", "The law as dated data: show, check."),
    "loan": ("tdcs.cli.loan", "loan", "What a loan owes on a day."),
    "session": ("tdcs.cli.session", "session", "Sessions of transaction points: test vectors."),
    "import": ("tdcs.cli.extracts", "import_", "Extracts of the bank's core into the register."),
    "reconcile": ("tdcs.cli.reconcile", "reconcile", "Extracts of one office and day compared."),
    "close": ("tdcs.cli.close", "close", "Close a day of the book."),
    "replay": ("tdcs.cli.close", "replay", "All events from nothing, compared with the closes."),
    "indicators": ("tdcs.cli.indicators", "indicators", "Values of indicators by keys."),
    "forecast": ("tdcs.cli.forecast", "forecast", "The book to a year's end, by scenario."),
    "policy": ("tdcs.cli.policy", "policy", "A draft of the law tried on the book."),
    "scheme": ("tdcs.cli.scheme", "scheme", "The scheme (đề án) as a document: build, changes."),
    "sheet": ("tdcs.cli.sheet", "sheet", "Standard sheets as workbooks."),
    "verify": ("tdcs.cli.verify", "verify", "Prove every invariant."),
    "digest": ("tdcs.cli.digest", "digest", "Where every chain stands, signed."),
    "person": ("tdcs.cli.person", "person", "Accounts."),
    "serve": ("tdcs.cli.serve", "serve", "Serve the site."),
    "jobs": ("tdcs.cli.jobs", "jobs", "Background jobs: the worker, old results."),
    "doctor": ("tdcs.cli.doctor", "doctor", "What keeps the site from being served."),
    "demo": ("tdcs.cli.demo", "demo", "Build the demonstration province, then serve."),
    "sql": ("tdcs.cli.sql", "sql", "A question in SQL over the closed days."),
    "warn": ("tdcs.cli.warn", "warn", "Early warnings by the last closed day."),
    "bench": ("tdcs.cli.bench", "bench", "The project's own benchmarks."),
    "province": ("tdcs.cli.province", "province", "Set up any province of the country."),
    "migrate": ("tdcs.cli.setup", "migrate", "Bring the database up to date and load the units."),
}


class Lazy(click.Group):
    """A group whose commands are imported on use: `tdcs plan parse` needs neither Django nor a database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        found = getattr(importlib.import_module(module), attribute)
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """A refusal is a sentence, never a traceback."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(f"{refusal}\n{refusal.next_step()}".strip()) from refusal

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in COMMANDS.items()])


@click.command(cls=Lazy)
@click.version_option(__version__, prog_name="tdcs")
def main() -> None:
    """TDCS: policy credit of a province, from the signed plan to the proved figure."""


if __name__ == "__main__":
    main()
