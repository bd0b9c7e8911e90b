"""`maildesk audit`: prove against the server that no mail was lost."""

from __future__ import annotations

from pathlib import Path

import click

from maildesk.cli.setting import config_option, open_house


@click.command()
@config_option
@click.option("--hashes", is_flag=True, help="Read every raw mail again and compare its hash.")
def audit(config_file: Path, hashes: bool) -> None:
    """Compare each mailbox on its server with the ledger, and the ledger with the raw files.

    Exit code 0: nothing is missing. 1: something is lost, or a server could not be asked.
    """
    from maildesk.audit import compare
    from maildesk.errors import Transient
    from maildesk.wire.imap import ImapMailbox

    house = open_house(config_file)
    failed = False
    for mailbox in house.config.mailboxes:
        try:
            proof = compare(mailbox, house.store, house.intake.blobs, ImapMailbox, hashes=hashes)
        except Transient as fault:
            click.echo(f"✗ {mailbox.name}: {fault}")
            failed = True
            continue
        lost = [item for item in proof.findings if item.lost]
        failed = failed or bool(lost)
        click.echo(
            f"{'✗' if lost else '✓'} {mailbox.name}: {proof.on_server} mails on the server, "
            f"{proof.in_ledger} in the ledger, {proof.blobs} raw files; {len(lost)} lost, "
            f"{len(proof.findings) - len(lost)} still to do"
        )
        for item in proof.findings:
            click.echo(f"    {'LOST ' if item.lost else ''}{item.what}")
    raise SystemExit(1 if failed else 0)
