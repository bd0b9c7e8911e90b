"""The bytes inside a part: transfer encodings undone piece by piece, flowed text rejoined.

Everything streams, so an attachment costs its slices, not its size. Damage is repaired where it can
be and noted as a defect; nothing here raises for bad input. Characters are `charset`'s question.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterable, Iterator

_PARAGRAPH = re.compile(rb"\n[ \t\r]*+\n")
# No word anybody wrote: a digit, a sign, or a capital within.
_REAL = re.compile(rb"(?=.*?(?:[0-9+/=]|[a-z][A-Z]))[A-Za-z0-9+/]++={0,2}")
_TAIL = re.compile(rb"\n(?=[-_*=]{8}|[^\s]{1,80}[ \t]+[^\s])")
_USUAL = frozenset({"base64", "quoted-printable", "7bit", "8bit", "binary", ""})
_SPACE = b" \t\r\n\x0b\x0c"
_NOT_BASE64 = bytes(
    byte
    for byte in range(256)
    if byte not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ "
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BLANKS_AFTER = re.compile(rb"=[ \t]++(?=\r?\n|\Z)")
_PADDING = re.compile(rb"=+")

Note = Callable[[str], None]


def decode_transfer(encoding: str, pieces: Iterable[bytes], note: Note) -> Iterator[bytes]:
    """Undo a Content-Transfer-Encoding (RFC 2045 §6); `note` takes defects. Unknown: unchanged."""
    name = _name_encoding(encoding)
    if name in ("", "7bit", "8bit", "binary"):
        return iter(pieces)
    if name == "base64":
        return _decode_base64(pieces, note)
    if name == "quoted-printable":
        return _decode_quoted(pieces)
    if name in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _decode_uu(pieces, note)
    if name not in ("7-bit", "8-bit", "none"):
        note("transfer encoding: unknown, bytes kept as they are")
    return iter(pieces)


def _name_encoding(value: str) -> str:
    """The first word of the header, without quotes, comments and what else stands around it."""
    if value in _USUAL:
        return value
    words = re.split(r"[\s;,(]", value.strip(" \t\r\n\"';"), maxsplit=1)
    name = words[0].strip("\"'").lower().replace("_", "-")
    return "quoted-printable" if name in ("quotedprintable", "quoted", "qp") else name


def is_clear(sample: bytes) -> bool:
    """Whether the first bytes of what is said to be base64 are clear text: blanks within lines,
    signs that mean nothing there, and no paragraph of base64 above them."""
    first = _PARAGRAPH.split(sample.lstrip(), maxsplit=1)[0].translate(None, _SPACE)
    if len(first) >= 8 and len(first) % 4 == 0 and _REAL.fullmatch(first):
        return False
    blanks = signs = 0
    for line in sample.split(b"\n"):
        bare = line.strip()
        blanks += bare.count(b" ")
        signs += len(bare.translate(None, _BASE64))
    written = blanks or not sample.isascii()
    return bool(written) and blanks + signs >= 3 and (blanks + signs) * 8 > len(sample)


def join_flowed(text: str, *, delsp: bool) -> str:
    """format=flowed (RFC 3676 §4): soft line breaks undone, stuffing removed, quoting kept."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        signature = bare == "-- "
        flows = bare.endswith(" ") and not signature
        body = bare[:-1] if flows and delsp else bare
        if open_depth == depth and not signature:
            out.append(body)
        else:
            if out:
                out.append("\n")
            out.append(">" * depth + (" " if depth else "") + body)
        open_depth = depth if flows else None
    return "".join(out)


def _decode_base64(pieces: Iterable[bytes], note: Note) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        data = rest + piece.translate(None, _SPACE)
        usable = len(data) - len(data) % 4
        try:
            decoded, rest = binascii.a2b_base64(data[:usable], strict_mode=True), data[usable:]
        except binascii.Error:
            tail = _find_tail(piece)
            if tail is not None:
                note("base64: clear text after it left out")
                data = rest + piece[:tail].translate(None, _SPACE)
            clean = data.translate(_URL_SAFE).translate(None, _NOT_BASE64)
            if len(clean) != len(data):
                note("base64: foreign characters skipped")
            decoded, rest = _decode_segments(clean, note)
            yield decoded
            if tail is not None:
                break
            continue
        yield decoded
    rest = rest.translate(_URL_SAFE).translate(None, _NOT_BASE64).rstrip(b"=")
    if rest:
        note("base64: cut off")
    decoded, _ = _decode_segments(rest + b"=", note)  # the padding makes it a whole segment
    yield decoded


def _find_tail(piece: bytes) -> int | None:
    """Where clear text goes on: a list's footer, put behind by a server that did not look."""
    found = _TAIL.search(piece)
    if found is None:
        return None
    words = piece[found.start() : found.start() + 1024].lstrip(b"\r\n\t -_*=")
    return found.start() if is_clear(words) else None


def _decode_segments(data: bytes, note: Note) -> tuple[bytes, bytes]:
    """Base64 with padding inside (several encodings glued together) -> (bytes, undecoded rest)."""
    if data.count(b"=") > max(20_000, len(data) // 64):
        note("base64: padding inside")
        data = data.replace(b"=", b"")  # nobody glued that many encodings together
    decoded: list[bytes] = []
    segments = _PADDING.split(data)
    last = segments.pop()
    for segment in segments:
        usable = segment[: len(segment) - (len(segment) % 4 == 1)]
        decoded.append(binascii.a2b_base64(usable + b"=" * (-len(usable) % 4)))
    if segments and last:
        note("base64: padding inside")
    usable = len(last) - len(last) % 4
    decoded.append(binascii.a2b_base64(last[:usable]))
    return b"".join(decoded), last[usable:]


def _decode_quoted(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for block in _cut_at_lines(pieces):
        if b"= " in block or b"=\t" in block:
            block = _BLANKS_AFTER.sub(b"=", block)  # noqa: PLW2901 - the same without its fault
        yield binascii.a2b_qp(block)


def _decode_uu(pieces: Iterable[bytes], note: Note) -> Iterator[bytes]:
    begun = False
    for block in _cut_at_lines(pieces):
        for line in block.splitlines():
            if not begun:
                begun = line.startswith(b"begin ")
                continue
            if line.strip() in (b"end", b"`", b""):
                continue
            try:
                yield binascii.a2b_uu(line)
            except binascii.Error:
                # Some encoders pad lines wrongly; the length byte tells what is meant.
                size = ((line[0] - 32) & 63) * 4 // 3 + 2
                try:
                    yield binascii.a2b_uu(line[:size])
                except binascii.Error:
                    note("uuencode: damaged line skipped")
    if not begun:
        note("uuencode: no begin line")


def _cut_at_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks that end with a newline, the last one excepted."""
    held: list[bytes] = []
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if not cut:
            held.append(piece)
            continue
        held.append(piece[:cut])
        yield b"".join(held)
        held = [piece[cut:]]
    last = b"".join(held)
    if last:
        yield last
