"""The kept raw mails read again by today's reader: what is stored of their words becomes better.

A journey of its own, started by hand. What a mail is, what was decided, numbers, events and letters
stay as they were; only words, subjects, names of files and a title taken from a subject change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maildesk.desk.charter import DeskConfig
from maildesk.desk.privacy.shield import hide_in_mail
from maildesk.errors import Transient, Unreadable
from maildesk.intake import Limits
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.isolate import parse_isolated
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse
from maildesk.store import words
from maildesk.store.blobs import Blobs
from maildesk.store.engine import Store
from maildesk.store.words import Change

_BATCH = 20  # mails of one transaction: few enough that nobody waits for it


@dataclass(frozen=True, slots=True)
class Reread:
    """One mail: by its ledger number and its ticket's, if any; `trouble` says why it stays."""

    sighting: int | None
    number: str | None
    change: Change
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Redecoder:
    """What reading again needs. `dry_run`: nothing is written, neither rows nor files."""

    store: Store
    blobs: Blobs
    desks: Mapping[str, DeskConfig]
    limits: Limits
    dry_run: bool = False

    def reread(
        self,
        since: datetime | None = None,
        only: Sequence[int] | None = None,
        tell: Callable[[int], None] = lambda count: None,
    ) -> Iterator[Reread]:
        """Every letter (received from `since` on, or of these ids), batch by batch.

        A batch is durable before its mails are told of; `tell` hears how many were read. Raises
        Transient when the database or the disk does not answer: what was told stays done.
        """
        after = done = 0
        while True:
            with self.store.read() as db:
                ids = words.list_ids(db, after, _BATCH, since, only)
                kept = words.read_kept(db, ids) if ids else []
            if not ids:
                return
            found = [self._compare(row, files) for row, files in kept]
            changes = [item.change for item in found if not item.change.is_empty]
            if changes and not self.dry_run:
                with self.store.write() as db:
                    words.rewrite(db, changes)
            yield from found
            done += len(ids)
            tell(done)
            after = ids[-1]

    def _compare(self, row: Any, files: Sequence[Mapping[str, Any]]) -> Reread:
        same = Change(row.id)
        desk = self.desks.get(row.desk_id) or next(iter(self.desks.values()))
        try:
            mail = hide_in_mail(self._read(row.raw_sha, keep=False), desk.privacy.hide)
            change = words.compare(row, files, mail, desk.language)
            if change.files is not None and not self.dry_run and self._lacks(mail):
                self._read(row.raw_sha, keep=True)  # a file is there before a row names it
        except FileNotFoundError:
            why = f"its raw mail {row.raw_sha[:12]}… is not there"
            return Reread(row.sighting, row.number, same, why)
        except (Transient, OSError):
            raise
        except Unreadable as fault:
            return Reread(row.sighting, row.number, same, f"it cannot be read now: {fault}")
        except Exception as fault:  # one bad mail never stops the others
            why = f"it cannot be read now: {type(fault).__name__}: {fault}"
            return Reread(row.sighting, row.number, same, why)
        return Reread(row.sighting, row.number, change)

    def _lacks(self, mail: Incoming) -> bool:
        return not all(self.blobs.file_path(item.sha256).exists() for item in mail.attachments)

    def _read(self, raw_sha: str, *, keep: bool) -> Incoming:
        """The mail as it is read today; `keep` its files, durably, else they are only hashed."""
        path, limits = self.blobs.raw_path(raw_sha), self.limits
        if path.stat().st_size > limits.worker_bytes:
            folder = self.blobs.files.folder if keep else None
            return parse_isolated(path, folder, seconds=limits.seconds, memory=limits.memory)
        return parse(path, self.blobs.files if keep else DiscardingSink())
