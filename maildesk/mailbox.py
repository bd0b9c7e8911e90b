"""What reading a mailbox asks of a mail server, and which mails are fetched together.

Shapes only: `wire.imap` is the real server, tests have one in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

# Mails that share one ledger commit: few enough that an acknowledgement is quick in a backlog.
_BATCH = 50
_BATCH_BYTES = 4 * 1024 * 1024


class Envelope(Protocol):
    """A mail on the server before it is fetched."""

    @property
    def uid(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def internaldate(self) -> datetime: ...
    @property
    def message_id(self) -> str | None: ...
    @property
    def date(self) -> str | None: ...


class FolderState(Protocol):
    @property
    def uidvalidity(self) -> int: ...
    @property
    def uidnext(self) -> int: ...
    @property
    def exists(self) -> int: ...


class Mailbox(Protocol):
    """A folder on a mail server; `wire.imap.ImapMailbox` is the real one. Raises Transient."""

    @property
    def capabilities(self) -> frozenset[str]: ...
    def open(self) -> FolderState: ...
    def search(self, after: int = 0) -> list[int]: ...
    def envelopes(self, uids: Sequence[int]) -> Sequence[Any]: ...
    def fetch(self, batch: Sequence[Any]) -> Iterator[tuple[int, Iterator[bytes]]]: ...
    def flag_seen(self, uids: Sequence[int]) -> None: ...
    def move(self, uids: Sequence[int], target: str) -> None: ...
    def wait(self, seconds: float) -> bool: ...
    def interrupt(self) -> None: ...
    def close(self) -> None: ...


def cut(envelopes: Sequence[Envelope], suspects: Mapping[int, int]) -> Iterator[list[Envelope]]:
    """Mails to fetch together. Each one that may break the connection comes alone, at the end."""
    batch: list[Envelope] = []
    size = 0
    apart = sorted((env for env in envelopes if env.uid in suspects), key=lambda e: suspects[e.uid])
    for env in envelopes:
        if env.uid in suspects:
            continue
        if batch and (len(batch) >= _BATCH or size + env.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(env)
        size += env.size
    if batch:
        yield batch
    for env in apart:
        yield [env]
