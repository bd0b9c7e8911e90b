"""`maildesk rules lint`: rules that cannot work, or that no mail ever met."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.rules.sets import load_sets, say_which, take_options
from maildesk.cli.setting import read_since

if TYPE_CHECKING:
    from maildesk.cli.rules.hits import Counted


@click.command()
@take_options
@click.option(
    "--since",
    callback=read_since,
    metavar="TIME",
    help="Hits since when: 90d, 12w or 2026-11-01. Default: since the first mail.",
)
def lint(
    config_file: Path | None,
    folder: Path | None,
    profile_name: str | None,
    since: datetime | None,
) -> None:
    """Look for rules that can never do what they say.

    unreachable (a rule before it always stops), contradictory (the same words, another result, the
    same weight), always blocked (each word brings a word of `none`), shadowed, duplicate, a word
    that cannot count. With a configuration also which rules no mail has matched yet.
    Exit codes: 0 no problem (remarks may be there); 1 a rule cannot work; 2 a file is wrong.

    \b
    Examples:
      maildesk rules lint
      maildesk rules lint --since 90d
      maildesk rules lint --rules rules
    """
    from maildesk.desk.rules import lint as linting

    click.echo(f"looking at {say_which(config_file, folder)}", err=True)
    failed = False
    for loaded in load_sets(config_file, folder, profile_name):
        remarks = linting.lint(loaded.rules)
        for remark in remarks:
            click.echo(str(remark))
        problems = sum(remark.kind in linting.PROBLEMS for remark in remarks)
        found = f"{problems} problems, {len(remarks) - problems} remarks"
        click.echo(f"profile {loaded.profile.id}: {len(loaded.rules)} rules: {found}")
        failed = failed or bool(problems)
    if loaded.config is not None and folder is None:
        counted = _count(loaded.config.file, since)
        if counted is not None and counted.mails:
            for rule in loaded.rules:
                if rule.id not in counted.hits:
                    why = f"none of {counted.mails} mails matched it"
                    click.echo(f"{rule.file}:{rule.line}: {rule.id}: never hit: {why}")
    if failed:
        raise SystemExit(1)


def _count(config_file: Path, since: datetime | None) -> Counted | None:
    """None where what is kept is closed to whoever writes the rules; that is no fault of theirs."""
    from maildesk.cli.rules.hits import count_hits
    from maildesk.cli.setting import open_memory

    try:
        return count_hits(open_memory(config_file).store, since)
    except SystemExit:
        click.echo("so it was not looked for rules that no mail has matched", err=True)
        return None
