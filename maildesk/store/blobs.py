"""Bytes by their hash: raw mails and attachments, durable before any row names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from maildesk.mail.files.sink import Batch, FolderSink
from maildesk.mail.message import Spooled

_CHUNK = 1024 * 1024


class Blobs:
    """Two folders of content-addressed files below the data folder: `raw/` and `files/`.

    `below` is another data folder, read for what this one lacks and never written to.
    """

    def __init__(self, data: Path, below: Path | None = None) -> None:
        self.data = data
        self.raw = FolderSink(data / "raw", below / "raw" if below else None)
        self.files = FolderSink(data / "files", below / "files" if below else None)

    def spool(self, chunks: Iterable[bytes]) -> Spooled:
        """Keep a raw mail: file and folder are fsynced when this returns. OSError: disk trouble."""
        stored = self.raw.save(chunks)
        return Spooled(stored.sha256, stored.size, self.raw.path(stored.sha256))

    def spool_together(self) -> AbstractContextManager[Batch]:
        """The same for many: `save` each, then `settle` all; what was not settled is dropped."""
        return self.raw.batch()

    def list_raws(self) -> Iterator[tuple[str, Path]]:
        """(hash, file) of every raw mail kept."""
        for file in sorted(self.raw.folder.glob("[0-9a-f][0-9a-f]/*")):
            yield file.parent.name + file.name, file

    def raw_path(self, sha256: str) -> Path:
        return self.raw.path(sha256)

    def file_path(self, sha256: str) -> Path:
        return self.files.path(sha256)

    def read_file(self, sha256: str) -> Iterator[bytes]:
        """An attachment's bytes in pieces. FileNotFoundError: it is not kept."""
        with self.file_path(sha256).open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
