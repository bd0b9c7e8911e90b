"""The command line: one file per command group; heavy rooms are imported only when used."""

from __future__ import annotations

import importlib

import click

from maildesk import __version__

# name → (module holding a click command of that name, what `--help` says of it)
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("maildesk.cli.init", "Write a configuration to edit into a folder."),
    "check": ("maildesk.cli.check", "Try everything the daemon needs, and say what is wrong."),
    "run": ("maildesk.cli.run", "Run the daemon."),
    "demo": ("maildesk.cli.demo", "Show a whole desk at work, on this machine alone."),
    "status": ("maildesk.cli.status", "How every part is, and what waits."),
    "tickets": ("maildesk.cli.tickets", "List tickets, or show one with its history."),
    "ingest": ("maildesk.cli.ingest", "Take mails from files or standard input."),
    "parse": ("maildesk.cli.parse", "Print what is read from mail files, as JSON."),
    "explain": ("maildesk.cli.explain", "Why a mail became what it became."),
    "rules": ("maildesk.cli.rules", "Classification rules: try them."),
    "templates": ("maildesk.cli.templates", "Letters and pages: see what they look like."),
    "calendar": ("maildesk.cli.calendar", "Working time: how a due time comes about."),
    "report": ("maildesk.cli.report", "Figures of a day, a week or a month, and their tickets."),
    "knowledge": ("maildesk.cli.knowledge", "Articles: list, find, edit, publish; as files."),
    "simulate": ("maildesk.cli.simulate", "Which letters would leave, when, to whom and why."),
    "outbox": ("maildesk.cli.outbox", "Letters: what waits, what failed; try again."),
    "doorstep": ("maildesk.cli.doorstep", "Mails of strangers: list them, let one in."),
    "quarantine": ("maildesk.cli.quarantine", "Mails that could not be handled."),
    "audit": ("maildesk.cli.audit", "Prove against the server that no mail was lost."),
    "redecode": ("maildesk.cli.redecode", "Read the kept mails again with today's reader."),
    "upgrade": ("maildesk.cli.upgrade", "Bring the database to this version's schema."),
}


class Lazy(click.Group):
    """Loads a command's module only when that command is called, so `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: object = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, 1)
            hint = f" Did you mean {near[0]}?" if near else " See maildesk --help."
            ctx.fail(f"There is no command {name}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="maildesk")
def main() -> None:
    """A help desk that lives in a mailbox: mail in, ticket, answer out, nothing lost.

    \b
    First steps:
      maildesk demo              see a whole desk at work, nothing to set up
      maildesk init desk         write a configuration into the folder desk
      maildesk check             try it: mailbox, sending, database, rules
      maildesk run               go

    Exit codes: 0 done, 1 done but something is wrong, 2 wrong usage or configuration,
    75 try again later (ingest).
    """
