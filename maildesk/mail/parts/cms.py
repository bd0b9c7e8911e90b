"""What does an S/MIME wrapper hold (RFC 5652, RFC 8551 §3)? Signed or packed content, or a secret.

Follows only the one path to the content, in DER as in BER with indefinite lengths and strings in
pieces, over as many bytes as there are. Believes no signature: who sent a mail is `trust`'s
question. Written here because the readers at hand build an object per piece: 20 MB of pieces of
one byte would take them minutes.
"""

from __future__ import annotations

import binascii
import zlib
from dataclasses import dataclass
from io import BytesIO

from maildesk.mail.parts.head import read_head

LARGEST = 48 * 1024 * 1024
"""Bytes of a wrapper that is opened; a larger one stays a file."""

_MOST_PIECES = 400_000
_DEEPEST = 6
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_SMIME_CT = bytes.fromhex("2a864886f70d01091001")
_SIGNED = _PKCS7 + b"\x02"
_COMPRESSED = _SMIME_CT + b"\x09"
_SECRET = frozenset({_PKCS7 + b"\x03", _PKCS7 + b"\x04", _PKCS7 + b"\x06", _SMIME_CT + b"\x17"})
_SEQUENCE, _OID, _FIRST = 0x30, 0x06, 0xA0  # `[0]`
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24


@dataclass(frozen=True, slots=True)
class Found:
    """`content` is what was signed; empty for a secret and for certificates alone."""

    content: bytes = b""
    encrypted: bool = False

    def looks_like_part(self) -> bool:
        """Whether the content is a MIME part, as in mail, and no signed document."""
        head = read_head(self.content[: 64 * 1024], 0, min(len(self.content), 64 * 1024), 200)
        return any(name.lower().startswith("content-") for name, _ in head.fields)


class _Broken(Exception):
    """The bytes end or are no BER."""


def open_message(data: bytes) -> Found | None:
    """The content of a ContentInfo; None when it is none or too broken. Never raises."""
    if data[:1] in (b"-", b"M"):
        data = _undo_armor(data)
    try:
        return _open(data)
    except (_Broken, zlib.error):
        return None


def _open(data: bytes) -> Found:
    begin, end = _enter(data, 0, len(data), _SEQUENCE)
    begin, stop = _enter(data, begin, end, _OID)
    kind = data[begin:stop]
    if kind in _SECRET:
        return Found(encrypted=True)
    if kind not in (_SIGNED, _COMPRESSED):
        raise _Broken
    begin, end = _enter(data, stop, end, _FIRST)
    begin, end = _enter(data, begin, end, _SEQUENCE)
    begin = _skip(data, begin, end, 0)  # the version
    begin = _skip(data, begin, end, 0)  # the algorithms
    begin, end = _enter(data, begin, end, _SEQUENCE)
    begin = _skip(data, begin, end, 0)  # the content's type
    if begin >= end or data[begin] != _FIRST:
        return Found()  # detached, or certificates alone
    begin, end = _enter(data, begin, end, _FIRST)
    content = _read_octets(data, begin, end)
    if kind == _COMPRESSED:
        unpacked = zlib.decompressobj().decompress(content, LARGEST)
        return Found(unpacked)
    return Found(content)


def _read_octets(data: bytes, begin: int, end: int) -> bytes:
    tag, start, stop, _ = _read_tag(data, begin, end)
    if tag == _OCTETS:
        return data[start:stop]
    if tag != _OCTETS_IN_PIECES:
        raise _Broken
    held = BytesIO()
    ends = [stop]
    position = start
    for _ in range(_MOST_PIECES):
        while ends and position >= ends[-1]:
            ends.pop()
        if not ends:
            break
        tag, start, stop, _ = _read_tag(data, position, ends[-1])
        position = start
        if tag == _OCTETS:
            held.write(data[start:stop])
            position = stop
        elif tag == _OCTETS_IN_PIECES and len(ends) < _DEEPEST:
            ends.append(stop)
        elif tag == 0 and start == stop:
            ends.pop()  # the end of an indefinite length
        else:
            break
    return held.getvalue()


def _enter(data: bytes, begin: int, end: int, wanted: int) -> tuple[int, int]:
    tag, start, stop, _ = _read_tag(data, begin, end)
    if tag != wanted:
        raise _Broken
    return start, stop


def _skip(data: bytes, begin: int, end: int, depth: int) -> int:
    """Where the value after this one begins."""
    _, start, stop, indefinite = _read_tag(data, begin, end)
    if not indefinite:
        return stop
    if depth > _DEEPEST:
        raise _Broken
    for _ in range(1000):
        if data[start : start + 2] == b"\x00\x00":
            return start + 2
        start = _skip(data, start, end, depth + 1)
    raise _Broken


def _read_tag(data: bytes, begin: int, end: int) -> tuple[int, int, int, bool]:
    """(tag, where its content begins, where that ends or must end at last, no length given)."""
    if begin + 2 > end:
        raise _Broken
    tag, length, start = data[begin], data[begin + 1], begin + 2
    if length == 0x80:
        return tag, start, end, True
    if length > 0x80:
        count = length - 0x80
        if count > 8 or start + count > end:
            raise _Broken
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    return tag, start, min(start + length, end), False


def _undo_armor(data: bytes) -> bytes:
    """The bytes of PEM, or of base64 that was encoded once too often."""
    lines = [line for line in data.split(b"\n") if not line.startswith(b"-----")]
    try:
        return binascii.a2b_base64(b"".join(lines))
    except binascii.Error:
        return data
