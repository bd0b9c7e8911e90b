"""`maildesk parse FILE…`: what does maildesk read in these mails? One JSON line per mail.

Reads, prints, changes nothing. A mail that crashes the reader or hangs is reported as quarantined
and the next one is read: thousands may be given at once.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from maildesk.errors import Transient, Unreadable
from maildesk.mail.files.sink import DiscardingSink, FolderSink
from maildesk.mail.isolate import parse_isolated
from maildesk.mail.message import Address, Incoming, Kind, Sink
from maildesk.mail.parse import parse as parse_mail

LARGE = 5 * 1024 * 1024  # bytes; above, a process of its own reads the mail
SECONDS = 20.0
MEMORY = 1024 * 1024 * 1024
# Readers that split lines as Unicode does must not see more than one a mail.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@click.command(name="parse")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--save",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep attachments in DIR, named by their SHA-256; without it they are only hashed.",
)
@click.option("--prior", default="gb18030", show_default=True, help="Charset of unlabelled text.")
def parse(files: tuple[Path, ...], save: Path | None, prior: str) -> None:
    """Read raw mails and print one JSON object per mail, a line each.

    Exit code 0, also when mails are quarantined; 1 when a file could not be opened.

    \b
    Examples:
      maildesk parse mail.eml
      maildesk parse archive/*.eml > mails.jsonl
    """
    failed = False
    out = sys.stdout.buffer
    for path in files:
        try:
            line = _line(path, save, prior)
        except (OSError, Transient) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else None
            click.echo(f"maildesk parse: {path}: {reason or fault}", err=True)
            failed = True
            continue
        text = json.dumps(line, ensure_ascii=False).translate(_LINE_ENDS)
        out.write(text.encode("utf-8", "replace") + b"\n")
        if len(files) < 100:
            out.flush()
    out.flush()
    if failed:
        raise SystemExit(1)


def _line(path: Path, save: Path | None, prior: str) -> dict[str, Any]:
    try:
        return describe(path, _read(path, save, prior))
    except (OSError, Transient):
        raise
    except Unreadable as fault:
        return _refusal(path, str(fault))
    except Exception as fault:  # the edge of this journey: one mail never stops the others
        return _refusal(path, f"the reader failed: {type(fault).__name__}: {fault}")


def _read(path: Path, save: Path | None, prior: str) -> Incoming:
    if path.stat().st_size > LARGE:
        return parse_isolated(path, save, seconds=SECONDS, memory=MEMORY, prior=prior)
    sink: Sink = DiscardingSink() if save is None else FolderSink(save)
    with _limited(SECONDS):
        return parse_mail(path, sink, prior=prior)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt what takes too long; only the main thread of a POSIX process can."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise Unreadable(f"reading the mail took longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def describe(path: Path, mail: Incoming) -> dict[str, Any]:
    """A mail that was read as `parse` prints it: the keys of DESIGN §10, in its order."""
    return {
        "file": str(path),
        "status": "ok",
        "reason": None,
        "kind": mail.kind.value,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "subject": mail.subject,
        "from": _person(mail.sender) if mail.sender else None,
        "to": [_person(person) for person in mail.to],
        "cc": [_person(person) for person in mail.cc],
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "reply": mail.reply,
        "quoted": mail.quoted,
        "signature": mail.signature,
        "html_present": mail.html is not None,
        "attachments": [
            {
                "filename": file.filename,
                "content_type": file.content_type,
                "size": file.size,
                "sha256": file.sha256,
                "inline": file.inline,
            }
            for file in mail.attachments
        ],
        "bounce": None
        if mail.bounce is None
        else {
            "status": mail.bounce.status,
            "action": mail.bounce.action,
            "recipients": list(mail.bounce.recipients),
        },
        "defects": list(mail.defects),
    }


def _refusal(path: Path, reason: str) -> dict[str, Any]:
    """A quarantined mail has the same keys, empty."""
    blank = Incoming(kind=Kind.ORDINARY, message_id=None, subject="", sender=None)
    return describe(path, blank) | {"status": "quarantined", "reason": reason}


def _person(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.email}
