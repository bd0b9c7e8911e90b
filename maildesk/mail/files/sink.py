"""Where attachment bytes go: a content-addressed folder, or nowhere.

`FolderSink` is both the daemon's blob folder and the reader child's: bytes are durable before
the name exists, so whoever reads a row naming a blob finds all of it. No database here.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from maildesk.mail.message import Stored

_MOST_OPEN = 64  # a mail may have thousands of files, a process not


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
    """Files at `folder/ab/cdef…` named by SHA-256. An existing blob is not written again.

    What is not in `folder` is read from the folder `below`, if there is one; written only here.
    """

    folder: Path
    below: Path | None = None

    def path(self, sha256: str) -> Path:
        """Where a blob of that hash lies or would lie."""
        own = self.folder / sha256[:2] / sha256[2:]
        if self.below is None or own.exists():
            return own
        there = self.below / sha256[:2] / sha256[2:]
        return there if there.exists() else own

    def save(self, chunks: Iterable[bytes]) -> Stored:
        """Write, fsync, rename, fsync the directory. OSError (full disk) goes to the caller."""
        with self.batch() as batch:
            stored = batch.save(chunks)
            batch.settle()
        return stored

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Several blobs made durable together; what was not settled is gone afterwards."""
        batch = Batch(self)
        try:
            yield batch
        finally:
            batch.drop()


class Batch:
    """Blobs written and not yet durable: `save` each, then `settle` all.

    Synced one after the other, the folders of all of them cost hardly more than one: the file
    system writes its journal once for all the new names.
    """

    def __init__(self, sink: FolderSink) -> None:
        self._sink = sink
        self._laid: list[tuple[int, Path, Path]] = []  # handle, its name for now, its name

    def save(self, chunks: Iterable[bytes]) -> Stored:
        """Write one blob, a `Sink`'s way. Nobody finds it before `settle`."""
        if len(self._laid) >= _MOST_OPEN:
            self.settle()
        digest = hashlib.sha256()
        size = 0
        handle, name = self._create()
        try:
            with os.fdopen(handle, "wb", closefd=False) as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
        except BaseException:
            _discard(handle, name)
            raise
        stored = Stored(digest.hexdigest(), size)
        self._laid.append((handle, name, self._sink.path(stored.sha256)))
        return stored

    def settle(self) -> None:
        """fsync every file, give it its name, fsync every folder. OSError: rely on none."""
        try:
            self._settle()
        finally:
            self.drop()

    def _settle(self) -> None:
        new = [item for item in self._laid if not item[2].exists()]
        for handle, _, _ in new:
            os.fsync(handle)
        for _, name, target in new:
            try:
                name.replace(target)
            except FileNotFoundError:
                target.parent.mkdir(exist_ok=True)
                sync_folder(self._sink.folder)
                name.replace(target)
        # Also where nothing was renamed: whoever did it before may not have come to this.
        for folder in {target.parent for _, _, target in self._laid}:
            sync_folder(folder)

    def drop(self) -> None:
        """Forget the names for now, and what was not settled with them."""
        while self._laid:
            handle, name, _ = self._laid.pop()
            _discard(handle, name)

    def _create(self) -> tuple[int, Path]:
        name = self._sink.folder / f".new-{secrets.token_hex(12)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            return os.open(name, flags, 0o600), name
        except FileNotFoundError:
            self._sink.folder.mkdir(parents=True, exist_ok=True)
            return os.open(name, flags, 0o600), name


def _discard(handle: int, name: Path) -> None:
    os.close(handle)
    with suppress(FileNotFoundError):
        name.unlink()


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in `folder` survive power loss."""
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
