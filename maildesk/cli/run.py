"""`maildesk run`: the daemon in the foreground; systemd or a container keeps it there."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from maildesk.cli.setting import config_option, read_config, read_day


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
@click.option("--log-json", is_flag=True, help="Log JSON objects instead of lines.")
@click.option("--verbose", "-v", is_flag=True, help="Log tracebacks of failures as well.")
def run(
    config_file: Path,
    only: str | None,
    import_since: datetime | None,
    log_json: bool,
    verbose: bool,
) -> None:
    """Run the daemon until SIGTERM or Ctrl-C.

    \b
    Examples:
      maildesk run
      maildesk run --config /etc/maildesk/maildesk.toml --log-json
      maildesk run --import-since 2026-11-01
      maildesk run --only delivery,clock
      maildesk run --only web
    """
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
        Daemon(config, parts, import_since).run()
    except (ConfigFault, Transient) as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(2) from fault
