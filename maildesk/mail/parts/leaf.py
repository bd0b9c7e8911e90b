"""One part that holds no parts, and the stretches of words parts make up.

A leaf names its bytes instead of holding them, so that an attachment costs its slices. Which leaves
are words and which are files is `structure`'s question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from maildesk.mail.parts.content import decode_transfer, is_clear
from maildesk.mail.parts.head import Source

SLICE = 256 * 1024
_SAMPLE = 1024


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part that holds no parts. `name` is as the mail gives it (decoded, not yet safe)."""

    content_type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    encoding: str
    content_id: str | None
    source: Source
    begin: int
    end: int
    related: bool = False
    location: str | None = None  # what HTML may name it by instead of its id (RFC 2557)
    defects: list[str] = field(default_factory=list)

    def chunks(self) -> Iterator[bytes]:
        """The decoded bytes in pieces; damage goes to `defects`."""
        encoding = self.encoding
        if "base64" in encoding.lower() and is_clear(self.peek_raw(_SAMPLE)):
            self._note("base64: said so, but is clear text")
            encoding = ""
        return decode_transfer(encoding, self._slices(), self._note)

    def read(self, most: int) -> tuple[bytes, bool]:
        """The first `most` bytes and whether that was all."""
        held = BytesIO()
        for chunk in self.chunks():
            held.write(chunk)
            if held.tell() > most:
                return held.getvalue()[:most], False
        return held.getvalue(), True

    def peek(self) -> bytes:
        """The first bytes, decoded: enough to see what they are. Leaves no defects."""
        raw = self.peek_raw(_SAMPLE)
        return b"".join(decode_transfer(self.encoding, [raw], lambda _: None))

    def peek_raw(self, size: int) -> bytes:
        return self.source[self.begin : min(self.end, self.begin + size)]

    def _slices(self) -> Iterator[bytes]:
        for offset in range(self.begin, self.end, SLICE):
            yield self.source[offset : min(offset + SLICE, self.end)]

    def _note(self, defect: str) -> None:
        if defect not in self.defects:
            self.defects.append(defect)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the body: its plain parts, its HTML parts, or both forms of the same words."""

    plain: tuple[Leaf, ...] = ()
    html: tuple[Leaf, ...] = ()
    rich: tuple[Leaf, ...] = ()  # forms nobody needs where another one is there


def make_text(text: str, content_type: str = "text/plain") -> Leaf:
    """Words that were found inside something else, as if they had come as a part."""
    return make_bytes(text.encode("utf-8", "replace"), content_type, {"charset": "utf-8"})


def make_bytes(data: bytes, content_type: str, parameters: dict[str, str]) -> Leaf:
    """The same for bytes whose characters the parameters tell."""
    return Leaf(content_type, parameters, "", "", "", None, data, 0, len(data))


def make_file(name: str, data: bytes, begin: int = 0, end: int | None = None) -> Leaf:
    """A file that was found inside something else: `begin` to `end` of `data`."""
    content_type = guess_type(name)
    stop = len(data) if end is None else end
    return Leaf(content_type, {}, "attachment", name, "", None, data, begin, stop)


def guess_type(name: str) -> str:
    """The type a file's name speaks of."""
    import mimetypes

    known, packed = mimetypes.guess_type(name, strict=False)
    return known if known and not packed else "application/octet-stream"
