"""`maildesk demo`: a whole desk at work on this machine, with its own mail servers."""

from __future__ import annotations

import importlib.util
import os
import sys

import click

_NEEDED = ("pymap", "aiosmtpd")


@click.command()
@click.option("--exit", "leave", is_flag=True, help="End after the tour instead of staying up.")
@click.option("--fast", is_flag=True, help="Without pauses for reading.")
def demo(leave: bool, fast: bool) -> None:
    """Show a whole desk at work: mails in, tickets, answers out. Nothing to set up.

    Starts an IMAP and an SMTP server on this machine, a desk in a temporary folder and the real
    daemon, lets people write to it, and shows what happens and why. Then it stays up, for a mail
    client or the other commands, until Ctrl-C. Chinese where LANG is zh, else English.

    Exit codes: 0 everything shown really happened; 1 something did not; 2 an extra is missing;
    130 interrupted before the end of the tour.

    \b
    Examples:
      maildesk demo
      LANG=en_US.UTF-8 maildesk demo
    """
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        click.echo("The demo needs its mail servers: pip install 'maildesk[demo]'", err=True)
        raise SystemExit(2)
    from maildesk.demo.stage import run_demo

    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")  # a terminal that cannot show Chinese still shows the rest
    raise SystemExit(run_demo(sys.stdout, os.environ, stay=not leave, fast=fast))
