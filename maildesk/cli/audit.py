"""`maildesk audit`: prove against the server that no mail was lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import config_option, open_memory

if TYPE_CHECKING:
    from maildesk.audit import Proof


@click.command()
@config_option
@click.option("--hashes", is_flag=True, help="Read every raw mail again and compare its hash.")
def audit(config_file: Path, hashes: bool) -> None:
    """Compare each mailbox on its server with the ledger, and the ledger with the raw files.

    Exit code 0: nothing is missing. 1: something is lost, or a server could not be asked.

    \b
    Examples:
      maildesk audit
      maildesk audit --hashes
    """
    from maildesk.audit import compare, compare_kept
    from maildesk.errors import Transient
    from maildesk.wire.imap import ImapMailbox

    memory = open_memory(config_file)
    failed = False
    for mailbox in memory.config.mailboxes:
        try:
            proof = compare(mailbox, memory.store, memory.blobs, ImapMailbox, hashes=hashes)
        except Transient as fault:
            click.echo(f"✗ {mailbox.name}: {fault}")
            failed = True
            continue
        about = (
            f"{mailbox.name}: {proof.on_server} mails on the server, {proof.in_ledger} in the "
            f"ledger, {proof.blobs} raw files"
        )
        failed = _report(about, proof) or failed
    proof = compare_kept(memory.store, memory.blobs, hashes=hashes)
    about = f"kept: {proof.blobs} raw files in all, {proof.in_ledger} mails by ingest"
    failed = _report(about, proof) or failed
    raise SystemExit(1 if failed else 0)


def _report(about: str, proof: Proof) -> bool:
    """Print what was compared and found; whether anything is lost."""
    lost = sum(item.lost for item in proof.findings)
    todo = len(proof.findings) - lost
    click.echo(f"{'✗' if lost else '✓'} {about}; {lost} lost, {todo} still to do")
    for item in proof.findings:
        click.echo(f"    {'LOST ' if item.lost else ''}{item.what}")
    return lost > 0
