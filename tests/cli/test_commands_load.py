"""Every command can be asked for its help before Django is set up."""

import subprocess
import sys

from tdcs.cli.main import COMMANDS

_LOAD = """
import click
from tdcs.cli.main import COMMANDS, main

context = click.Context(main)
for name in COMMANDS:
    command = main.get_command(context, name)
    assert command is not None, name
    assert command.get_help(click.Context(command)), name
    print(name)
"""


def test_each_command_loads_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == list(COMMANDS)
