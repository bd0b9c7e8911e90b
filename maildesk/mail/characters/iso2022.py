"""Text that changes its character set by escape sequences (ISO 2022): Japanese, Korean, Chinese.

Python's codecs stop at NEC's and IBM's characters, half-width kana and a missing designation, which
all occur in mail. Here escapes only cut the text into runs; each run is read by the codec for its
set, with the high bit put in where that needs it. Linear; what means nothing becomes U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Read = Callable[[bytes, str], str]
"""Bytes in one codec to text, U+FFFD for what means nothing."""

_ESCAPE = re.compile(rb"(\x1b(?:\$[()*+]?[@-~]|[()*+\-./][@-~]|&@|N|O)|[\x0e\x0f])")
_MOST_RUNS = 100_000  # beyond, Python's own codec has to do
_HIGH = bytes(byte | 0x80 if byte > 0x20 else byte for byte in range(256))
# Escape sequence -> how the bytes after it are read: a codec for their high-bit form, "" for ASCII.
_JAPANESE = {
    b"\x1b(B": "",
    b"\x1b(J": "",
    b"\x1b(H": "",
    b"\x1b(I": "kana",
    b"\x1b$@": "euc_jp",
    b"\x1b$B": "euc_jp",
    b"\x1b$(@": "euc_jp",
    b"\x1b$(B": "euc_jp",
    b"\x1b$(D": "jisx0212",
    b"\x1b$(O": "euc_jis_2004",
    b"\x1b$(Q": "euc_jis_2004",
    b"\x1b$(P": "jisx0213-2",
    b"\x1b$A": "gb18030",
    b"\x1b$(A": "gb18030",
    b"\x1b$(C": "cp949",
}


def read_japanese(data: bytes, read: Read) -> str:
    """ISO-2022-JP with all its extensions, vendors' characters and 8-bit half-width kana."""
    if _count_runs(data) > _MOST_RUNS:
        return data.decode("iso2022_jp_ext", "replace")
    text: list[str] = []
    mode = before = ""
    for place, piece in enumerate(_ESCAPE.split(data)):
        if place % 2:
            if piece == b"\x0e":
                before, mode = mode, "kana"
            elif piece == b"\x0f":
                mode = before
            else:
                mode = _JAPANESE.get(piece, mode)
            continue
        # A line begins in ASCII (RFC 1468): whoever forgot to return did so at its end.
        for number, line in enumerate(piece.split(b"\n")):
            if number:
                text.append("\n")
                mode = ""
            text.append(_read_run(line, mode, read))
    return "".join(text)


def read_korean(data: bytes, read: Read) -> str:
    """ISO-2022-KR (RFC 1557); its designation at the beginning may be missing."""
    return _read_shifted(data, {b"\x1b$)C": "cp949"}, "cp949", read)


def read_chinese(data: bytes, read: Read) -> str:
    """ISO-2022-CN (RFC 1922) as far as GB 2312 goes; the planes of CNS 11643 stay unread."""
    designations = {b"\x1b$)A": "gb18030", b"\x1b$)G": "cns", b"\x1b$)E": "cns"}
    return _read_shifted(data, designations, "gb18030", read)


READERS: dict[str, Callable[[bytes, Read], str]] = {
    "iso2022_jp": read_japanese,
    "iso2022_kr": read_korean,
    "iso2022_cn": read_chinese,
}


def _count_runs(data: bytes) -> int:
    return sum(map(data.count, (b"\x1b", b"\x0e", b"\x0f", b"\n")))


def _read_shifted(data: bytes, designations: dict[bytes, str], shifted: str, read: Read) -> str:
    if _count_runs(data) > _MOST_RUNS:
        return data.decode("iso2022_kr", "replace")
    text: list[str] = []
    out = False
    for place, piece in enumerate(_ESCAPE.split(data)):
        if place % 2:
            out = {b"\x0e": True, b"\x0f": False}.get(piece, out)
            shifted = designations.get(piece, shifted)
            continue
        for number, line in enumerate(piece.split(b"\n")):
            if number:
                text.append("\n")
                out = False
            text.append(_read_run(line, shifted if out else "", read))
    return "".join(text)


def _read_run(run: bytes, mode: str, read: Read) -> str:
    if not run:
        return ""
    if mode == "":
        # Half-width kana may stand here with their high bit on, as in Shift_JIS.
        return run.decode("ascii") if run.isascii() else read(run, "cp932")
    if mode == "kana":
        return read(run.translate(_HIGH), "cp932")
    if mode == "cns":
        return "\ufffd" * (len(run) // 2)
    if mode in ("jisx0212", "jisx0213-2"):
        return _read_second_plane(run, "euc_jp" if mode == "jisx0212" else "euc_jis_2004")
    return read(run.translate(_HIGH), mode)


def _read_second_plane(run: bytes, codec: str) -> str:
    high = run.translate(_HIGH)
    pairs = (high[place : place + 2] for place in range(0, len(high), 2))
    return b"".join(b"\x8f" + pair for pair in pairs).decode(codec, "replace")
