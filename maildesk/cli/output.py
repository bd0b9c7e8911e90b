"""Where a command writes to: a file, or standard output, texts and bytes alike."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import click

output_option: Callable[[Any], Any] = click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write into FILE; else to standard output.",
)


@contextmanager
def open_text(output: Path | None) -> Iterator[TextIO]:
    """A file, or standard output; line ends are written as they are given."""
    if output is None:
        stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield stream
            stream.flush()
        finally:
            stream.detach()
        return
    with _create(output).open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def open_bytes(output: Path | None) -> Iterator[BinaryIO]:
    """A file, or standard output where that is no terminal."""
    if output is None:
        if sys.stdout.isatty():
            raise click.UsageError("a workbook is no text: give -o FILE")
        yield sys.stdout.buffer
        return
    with _create(output).open("wb") as file:
        yield file


def _create(output: Path) -> Path:
    """The file, which can be written to; else one clear line and exit code 1."""
    try:
        output.open("ab").close()
    except OSError as fault:
        click.echo(f"{output}: {fault.strerror}", err=True)
        raise SystemExit(1) from fault
    return output
