"""Was any mail lost? The server's mailbox against the ledger, and the ledger against the blobs.

Reads only; whoever doubts promise 1 runs it at any time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from maildesk.config.values import MailboxConfig
from maildesk.mailbox import Mailbox
from maildesk.store import inbox, ledger
from maildesk.store.blobs import Blobs
from maildesk.store.engine import Store

_CHUNK = 1024 * 1024
# A raw file is written before its row; after a crash the next rounds write the row.
_ROW_WITHIN = 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; `lost` tells a loss from work still to come."""

    what: str
    lost: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared, and what was found."""

    on_server: int
    in_ledger: int
    blobs: int
    findings: tuple[Finding, ...]


def compare(
    config: MailboxConfig,
    store: Store,
    blobs: Blobs,
    connect: Callable[[Any], Mailbox],
    *,
    hashes: bool = False,
) -> Proof:
    """Compare one mailbox. `hashes` re-reads every raw mail. Raises Transient: not reachable."""
    mailbox = connect(config.imap)
    try:
        state = mailbox.open()
        uids = mailbox.search()
    finally:
        mailbox.close()
    with store.read() as db:
        rows = ledger.ledger_of(db, config.name)
    findings: list[Finding] = []
    known = {row.uid for row in rows if row.uidvalidity == state.uidvalidity}
    findings += [
        Finding(f"UID {uid} is on the server and not in the ledger yet", lost=False)
        for uid in uids
        if uid not in known
    ]
    findings += _judge(rows, blobs, hashes)
    kept = sum(1 for row in rows if row.raw_sha)
    return Proof(len(uids), len(rows), kept, tuple(findings))


def compare_kept(store: Store, blobs: Blobs, *, hashes: bool = False) -> Proof:
    """What no mailbox tells: mails by `maildesk ingest`, raw files no row names, attachments."""
    with store.read() as db:
        rows = ledger.ledger_of(db, inbox.INGEST)
        raws, files = ledger.named_blobs(db)
    findings = list(_judge(rows, blobs, hashes))
    count = 0
    for sha, path in blobs.list_raws():
        count += 1
        if sha not in raws:
            old = time.time() - path.stat().st_mtime > _ROW_WITHIN
            findings.append(Finding(f"no row of the ledger names the raw file {path}", lost=old))
    for sha in sorted(files):
        path = blobs.file_path(sha)
        if not path.exists():
            findings.append(Finding(f"the attachment {path} is missing", lost=True))
        elif hashes and _hash(path) != sha:
            findings.append(Finding(f"the attachment {path} was changed", lost=True))
    return Proof(0, len(rows), count, tuple(findings))


def _judge(rows: list[Any], blobs: Blobs, hashes: bool) -> Iterator[Finding]:
    for row in rows:
        if row.state == "spooled":
            yield Finding(f"mail {row.id} is kept and not decided yet", lost=False)
        elif row.outcome is None:
            yield Finding(f"mail {row.id} has no outcome", lost=True)
        if row.raw_sha is None:
            continue
        path = blobs.raw_path(row.raw_sha)
        if not path.exists():
            yield Finding(f"mail {row.id}: its raw file {path} is missing", lost=True)
        elif hashes and _hash(path) != row.raw_sha:
            yield Finding(f"mail {row.id}: its raw file {path} was changed", lost=True)


def _hash(path: Any) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
