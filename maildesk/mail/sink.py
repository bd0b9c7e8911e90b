"""Where attachment bytes go: a content-addressed folder, or nowhere.

`FolderSink` is both the daemon's blob folder and the reader child's: bytes are durable before
the name exists, so whoever reads a row naming a blob finds all of it. No database here.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from maildesk.mail.message import Stored


@dataclass(frozen=True, slots=True)
class DiscardingSink:
    """Hashes and counts, keeps nothing."""

    def save(self, chunks: Iterable[bytes]) -> Stored:
        digest = hashlib.sha256()
        size = 0
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
        return Stored(digest.hexdigest(), size)


@dataclass(frozen=True, slots=True)
class FolderSink:
    """Files at `folder/ab/cdef…` named by SHA-256. An existing blob is not written again."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where a blob of that hash lies or would lie."""
        return self.folder / sha256[:2] / sha256[2:]

    def save(self, chunks: Iterable[bytes]) -> Stored:
        """Write, fsync, rename, fsync the directory. OSError (full disk) goes to the caller."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        size = 0
        handle, name = tempfile.mkstemp(prefix=".new-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                stored = Stored(digest.hexdigest(), size)
                target = self.path(stored.sha256)
                if target.exists():
                    Path(name).unlink()
                    sync_folder(target.parent)  # whoever renamed it may not be there yet
                    return stored
                file.flush()
                os.fsync(file.fileno())
            if not target.parent.exists():
                target.parent.mkdir(exist_ok=True)
                sync_folder(self.folder)
            Path(name).replace(target)
            sync_folder(target.parent)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
        return stored


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in `folder` survive power loss."""
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
