"""The mail without its weight: bodies cut out, so that parsers see a few kilobytes.

Two lossless substitutions before anything is parsed: a body that no boundary line can be part of
becomes a short token, and `message/…` types become leaves, so that a forwarded mail stays one
attachment with its exact bytes. `restore` gives the original bytes of any payload back, so a wrong
guess here costs speed, never content. What the mail means is `structure`'s question.
"""

from __future__ import annotations

import mmap
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

SLICE = 256 * 1024
_WORTH = 400  # bytes a body must have before cutting it out pays
# Drawn anew by every process: no sender can put a token of ours into a mail.
MARK = "mdk" + secrets.token_hex(8)
_TOKEN = re.compile(f"{MARK}h(\\d+)h|x{MARK}/t(\\d+)".encode())
_BLANK = re.compile(rb"\n\r?\n")
_TRIGGER = re.compile(
    rb"\n(?i:content-(?:transfer-encoding|type)):[ \t]*(?:\r?\n[ \t]+)?((?i:message/[a-z0-9.+-]+))?"
)

Source = bytes | mmap.mmap


@dataclass(frozen=True, slots=True)
class Skeleton:
    """`text` is what parsers read (ASCII with surrogateescape); tokens in it stand for bytes."""

    text: str
    source: Source
    holes: tuple[tuple[int, int], ...]
    types: tuple[str, ...]

    def restore(self, payload: bytes) -> Iterator[bytes]:
        """The original bytes of a payload of `text`, in slices of at most SLICE."""
        position = 0
        for match in _TOKEN.finditer(payload):
            if match.start() > position:
                yield payload[position : match.start()]
            if match[1] is not None:
                start, end = self.holes[int(match[1])]
                for offset in range(start, end, SLICE):
                    yield self.source[offset : min(offset + SLICE, end)]
            else:
                yield self.types[int(match[2])].encode()
            position = match.end()
        if position < len(payload):
            yield payload[position:]

    def original_type(self, content_type: str) -> str:
        """`message/rfc822` for the token that stands for it; any other type unchanged."""
        prefix = f"x{MARK}/t"
        if not content_type.startswith(prefix):
            return content_type
        number = content_type[len(prefix) :]
        return self.types[int(number)].lower() if number.isdigit() else content_type


def build(source: Source, start: int = 0) -> Skeleton:
    """Cut the bodies out of a raw mail. Linear: every byte is looked at a constant number of times.

    A body reaches from the empty line after a header to the next line that starts with `--`: no
    boundary can lie inside it, whatever the boundaries are. `start` is where the header begins.
    """
    size = len(source)
    pieces: list[bytes] = []
    holes: list[tuple[int, int]] = []
    types: list[str] = []
    copied = position = start
    blank = _find_blank(source, start)
    in_header = True
    while True:
        trigger = _TRIGGER.search(source, position, blank if in_header else size)
        if trigger is not None:
            position = trigger.end()
            if trigger[1] is not None:
                pieces += source[copied : trigger.start(1)], f"x{MARK}/t{len(types)}".encode()
                types.append(trigger[1].decode("ascii"))
                copied = position
            if not in_header and blank < position:
                blank = _find_blank(source, position)
            in_header = True
            continue
        if not in_header or blank >= size:
            break
        end = source.find(b"\n--", blank - 1)
        end = size if end < 0 else end
        if end > blank and source[end - 1 : end] == b"\r":
            end -= 1
        if end - blank >= _WORTH:
            pieces += source[copied:blank], f"{MARK}h{len(holes)}h".encode()
            holes.append((blank, end))
            copied = position = end
        else:
            position = blank - 1
        in_header = False
    pieces.append(source[copied:size])
    text = b"".join(pieces).decode("ascii", "surrogateescape")
    return Skeleton(text, source, tuple(holes), tuple(types))


def find_header_end(source: Source, start: int) -> int:
    """Where the mail's own header ends; the size when it never does. CR-only files included."""
    end = _find_blank(source, start)
    if end == len(source) and source.find(b"\n", start) < 0:
        bare = source.find(b"\r\r", start)
        return bare if bare >= 0 else end
    return end


def _find_blank(source: Source, start: int) -> int:
    """Where the body after the next empty line begins; the size when there is none."""
    match = _BLANK.search(source, start)
    return match.end() if match else len(source)
