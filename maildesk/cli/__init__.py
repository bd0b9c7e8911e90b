"""The command line: one file per command group; heavy rooms are imported only when used."""

from __future__ import annotations

import importlib
from typing import Any

import click

from maildesk import __version__

# name -> module holding a click command of that name (dashes become underscores)
COMMANDS: dict[str, str] = {
    "parse": "maildesk.cli.parse",
}


class Lazy(click.Group):
    """Loads a command's module only when that command is called, so `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: Any = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="maildesk")
def main() -> None:
    """A help desk that lives in a mailbox: mail in, ticket, answer out, nothing lost."""
