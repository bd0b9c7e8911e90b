"""`maildesk run`: the daemon in the foreground; systemd or a container keeps it there."""

from __future__ import annotations

import gc
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import config_option, read_config, read_day, say_moment, zone_of
from maildesk.cli.storyline import say_day, write_line, write_summary

if TYPE_CHECKING:
    from maildesk.config.values import Config
    from maildesk.simulation.story import Line


@click.command()
@config_option
@click.option(
    "--only",
    metavar="PARTS",
    help="Run only these parts, comma separated: intake, delivery, clock, web. Default: all.",
)
@click.option(
    "--import-since",
    metavar="DAY",
    callback=read_day,
    help="Also answer mails that were in the mailbox before the first start, from that day on. "
    "Without it, what was there is recorded and left alone.",
)
@click.option(
    "--shadow",
    is_flag=True,
    help="Read and decide, but send nothing and change nothing in the mailbox: print each letter "
    "it would have sent, and at the end how many.",
)
@click.option("--log-json", is_flag=True, help="Log JSON objects instead of lines.")
@click.option("--verbose", "-v", is_flag=True, help="Log tracebacks of failures as well.")
def run(
    config_file: Path,
    only: str | None,
    import_since: datetime | None,
    shadow: bool,
    log_json: bool,
    verbose: bool,
) -> None:
    """Run the daemon until SIGTERM or Ctrl-C.

    With --shadow beside whoever answers the mailbox today: it opens it for reading only, never
    connects to the mail server that sends, serves no pages, and keeps what it learns in
    data/shadow/ (remove that folder and it begins anew). Letters go to standard output, the log to
    standard error.

    Exit codes: 0 stopped; 2 wrong usage or configuration, or the database is away at the start.

    \b
    Examples:
      maildesk run
      maildesk run --config /etc/maildesk/maildesk.toml --log-json
      maildesk run --import-since 2026-11-01
      maildesk run --only delivery,clock
      maildesk run --only web
      maildesk run --shadow > letters.txt
    """
    gc.disable()  # hardly anything made while starting is garbage: the daemon sweeps when it stands
    click.get_current_context().call_on_close(gc.enable)

    from maildesk import journal
    from maildesk.daemon import PARTS, Daemon
    from maildesk.errors import ConfigFault, Transient

    parts = tuple(item.strip() for item in only.split(",")) if only else PARTS
    for part in parts:
        if part not in PARTS:
            raise click.BadParameter(f"there is no part {part!r}; parts are {', '.join(PARTS)}")
    os.umask(0o077)
    journal.start_logging(as_json=log_json, level="DEBUG" if verbose else "INFO")
    config = read_config(config_file)
    try:
        if shadow:
            gc.enable()
            _run_shadow(config, parts if only else None, import_since)
        else:
            Daemon(config, parts, import_since).run()
    except (ConfigFault, Transient) as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(2) from fault


def _run_shadow(
    config: Config, parts: tuple[str, ...] | None, import_since: datetime | None
) -> None:
    from maildesk.desk.arrival.directory import Directory
    from maildesk.simulation.shadow import PARTS, begin_shadow, run_shadow

    if parts is not None and not set(parts) <= set(PARTS):
        raise click.BadParameter(f"a shadow has only these parts: {', '.join(PARTS)}")
    days: list[str] = []

    def tell(line: Line) -> None:
        zone = zone_of(config, line.desk)
        if (day := say_day(line.at, zone)) not in days[-1:]:
            days.append(day)
            click.echo(day)
        for written in write_line(line, zone):
            click.echo(written)

    shadow = begin_shadow(config, lambda at, desk: say_moment(at, zone_of(config, desk)), tell)
    run_shadow(config, shadow, parts or PARTS, import_since)
    for written in write_summary([*shadow.told, *shadow.waiting], Directory(config.people)):
        click.echo(written)
