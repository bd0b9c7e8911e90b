"""Which mail is being handled right now: a note that outlives the process.

A mail that kills the process must be counted, its innocent neighbours of the same batch must not,
and a commit per mail only for that would cost more than deciding it. A process that dies leaves
what it wrote in the page cache, so the note needs no fsync; power loss is not a mail's doing.
"""

from __future__ import annotations

import os
from pathlib import Path


class InHand:
    """One mailbox's note: a small file beside the blobs."""

    def __init__(self, data: Path, mailbox: str) -> None:
        safe = "".join(char if char.isalnum() else f"_{ord(char):x}_" for char in mailbox)
        self._path = data / f"in-hand-{safe}"
        self._file = -1

    def left(self) -> int | None:
        """The ledger id a former run died over, or None."""
        try:
            text = self._path.read_text(encoding="ascii").strip()
        except OSError:
            return None
        return int(text) if text.isdigit() else None

    def take(self, sighting: int) -> None:
        """Note the mail before anything is tried with it."""
        self._write(f"{sighting:<20d}")

    def release(self) -> None:
        """Nothing is in hand."""
        self._write(" " * 20)

    def _write(self, text: str) -> None:
        if self._file < 0:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.pwrite(self._file, text.encode("ascii"), 0)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
