"""`maildesk check`: prints what `checkup` finds, a line each; decides nothing itself."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from maildesk.cli.setting import config_option

_SIGNS = {"good": ("✓", "green"), "care": ("!", "yellow"), "bad": ("✗", "red")}


@click.command()
@config_option
@click.option("--no-mail", is_flag=True, help="Do not let the desks write to themselves.")
@click.option(
    "--patience",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="Seconds to wait for the desks' own letters.",
)
def check(config_file: Path, no_mail: bool, patience: float) -> None:
    """Try everything: configuration, rules, letters, data, database, pages, mailboxes, SMTP.

    Each desk then writes to itself and looks for its letters, which are removed again. Signs:
    ✓ works, ! works but look at it, ✗ does not work. Exit codes: 0 nothing is ✗; 1 something is.

    \b
    Examples:
      maildesk check
      maildesk check --no-mail
    """
    from maildesk.checkup import Verdict, examine

    line = _ProgressLine()
    counts = dict.fromkeys(Verdict, 0)
    findings = examine(
        config_file,
        os.environ,
        now=lambda: datetime.now(UTC),
        mail=not no_mail,
        progress=line.show,
        patience=patience,
    )
    for finding in findings:
        line.clear()
        counts[finding.verdict] += 1
        sign, colour = _SIGNS[finding.verdict]
        click.echo(f"{click.style(sign, fg=colour)} {finding.item}: {finding.text}")
        if finding.remedy:
            click.echo(f"    → {finding.remedy}")
    line.clear()
    if counts[Verdict.BAD]:
        click.echo(f"\n{counts[Verdict.BAD]} to put right before maildesk can run.")
        sys.exit(1)
    hint = f"; {counts[Verdict.CARE]} to look at (!)" if counts[Verdict.CARE] else ""
    click.echo(f"\nReady{hint}. Next: maildesk run --config {config_file}")


class _ProgressLine:
    """What is being waited for, on a terminal only, overwritten by what comes next."""

    def __init__(self) -> None:
        self._shown = 0

    def show(self, text: str) -> None:
        if sys.stderr.isatty():
            self.clear()
            click.echo(f"… {text}", nl=False, err=True)
            self._shown = 1

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = 0
