"""Files that stand uuencoded in the middle of a plain text (POSIX uuencode).

Believed only where everything fits: a `begin` line, a line of data whose length byte is right, and
an `end` or the end of the text. Whoever only writes about `begin 644` keeps his words. yEnc and
others are left alone.
"""

from __future__ import annotations

import binascii
import re

from maildesk.mail.parts.leaf import Leaf, make_file

_BEGIN = re.compile(r"^begin[ \t]+[0-7]{3,4}[ \t]+(\S[^\n]{0,254})$", re.MULTILINE)
_DATA = re.compile(r"[ -`]{1,90}")
_MOST = 200  # files of one text


def take_out(text: str) -> tuple[str, list[Leaf]]:
    """The text without its uuencoded files, and the files. Unchanged where there are none."""
    if "begin " not in text and "begin\t" not in text:
        return text, []
    kept: list[str] = []
    files: list[Leaf] = []
    done = 0
    for match in _BEGIN.finditer(text):
        if match.start() < done:
            continue
        if len(files) >= _MOST:
            break
        found = _read_file(text, match.end() + 1)
        if found is None:
            continue
        data, stop, damaged = found
        leaf = make_file(match[1].strip(), data)
        if damaged:
            leaf.defects.append("uuencode: damaged line skipped")
        files.append(leaf)
        kept.append(text[done : match.start()])
        done = stop
    if not files:
        return text, []
    kept.append(text[done:])
    return "".join(kept), files


def _read_file(text: str, position: int) -> tuple[bytes, int, bool] | None:
    """(bytes, where the text goes on, damaged) of the file whose data begins at `position`."""
    pieces: list[bytes] = []
    wrong = 0
    while position < len(text):
        stop = text.find("\n", position)
        stop = len(text) if stop < 0 else stop
        if stop - position > 200:
            return None
        line = text[position:stop].rstrip("\r")
        following = min(stop + 1, len(text))
        if line.strip() == "end":
            believed = pieces and wrong <= len(pieces) // 4
            return (b"".join(pieces), following, bool(wrong)) if believed else None
        if _BEGIN.match(line):
            return None  # the file before it never ended
        piece = _decode_line(line)
        if piece is None:
            wrong += 1
            if not pieces or wrong > 5 + len(pieces) // 20:
                return None  # these are words
        elif piece:
            pieces.append(piece)
        position = following
    # Cut off at the end of the text: believed when nothing but data stood there.
    return (b"".join(pieces), len(text), True) if pieces and not wrong else None


def _decode_line(line: str) -> bytes | None:
    """The bytes of a line, b"" for an empty one, None when it is no such line."""
    bare = line.rstrip()
    if bare in ("", "`"):
        return b""
    if _DATA.fullmatch(line) is None:
        return None
    size = (ord(line[0]) - 32) & 63
    full = (size + 2) // 3 * 4
    # Blanks at the end may be lost, a checksum or some filling may stand there.
    if not size or len(bare) - 1 > full + 4 or len(line) - 1 < size * 4 // 3 - 8:
        return None
    body = line[1 : 1 + full].ljust(full)
    try:
        return binascii.a2b_uu(line[0] + body)
    except binascii.Error:
        return None
