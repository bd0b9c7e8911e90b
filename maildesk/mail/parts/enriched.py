"""The words of text/enriched (RFC 1896) and of its forerunner text/richtext (RFC 1341 §7.1.3).

Works on bytes, since both are ASCII around words of any charset that holds ASCII. Commands are
dropped, not drawn; line ends mean what they mean there.
"""

from __future__ import annotations

import re

LARGEST = 4 * 1024 * 1024
"""Bytes that are read; nobody wrote more in this form."""

_PARAMETER = re.compile(rb"<param>[^<]{0,500}</param>", re.IGNORECASE)
_COMMENT = re.compile(rb"<comment>[^<]{0,2000}</comment>", re.IGNORECASE)
_COMMAND = re.compile(rb"<(/?[A-Za-z][A-Za-z0-9-]{0,59})>")
_LINE_ENDS = re.compile(rb"(?:\r?\n)+")
_BREAKS = frozenset({b"nl", b"np", b"paragraph", b"/paragraph"})


def strip_enriched(data: bytes) -> bytes:
    """One line end is a blank, n of them are n - 1; `<<` is `<`."""
    data = _PARAMETER.sub(b"", data)
    pieces = (_COMMAND.sub(b"", piece) for piece in data.split(b"<<"))
    return _LINE_ENDS.sub(_fold, b"<".join(pieces))


def strip_richtext(data: bytes) -> bytes:
    """Line ends are blanks, `<nl>` ends a line, `<lt>` is `<`."""
    data = _COMMENT.sub(b"", data)
    data = _LINE_ENDS.sub(b" ", data)
    return _COMMAND.sub(_spell, data)


def _fold(match: re.Match[bytes]) -> bytes:
    count = match[0].count(b"\n")
    return b" " if count == 1 else b"\n" * (count - 1)


def _spell(match: re.Match[bytes]) -> bytes:
    name = match[1].lower()
    if name == b"lt":
        return b"<"
    return b"\n" if name in _BREAKS else b""
