"""The words of rich text as Outlook packs it into `winmail.dat` (MS-OXRTFCP, RTF 1.9).

Unpacks LZFu and reads the text: no fonts, tables or pictures. HTML wrapped in RTF (MS-OXRTFEX) is
read as the RTF that stands beside it. Broken input gives what was read so far.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

_LARGEST = 1536 * 1024  # bytes packed; a body of words has a hundredth of it
_MOST = 2 * 1024 * 1024  # bytes unpacked
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_PACKED, _PLAIN = b"LZFu", b"MELA"
_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
# Groups whose words nobody reads.
_ASIDE = frozenset(
    {
        *("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer"),
        *("headerl", "headerr", "headerf", "footerl", "footerr", "footerf", "filetbl", "xmlnstbl"),
        *("listtable", "listoverridetable", "rsidtbl", "generator", "themedata", "fldinst"),
    }
)
_SIGNS = {
    **{"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "tab": "\t"},
    **{"cell": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "bullet": "•"},
    **{"ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " "},
}

Spell = Callable[[bytes, int], str]
"""The characters of bytes in a Windows code page."""


def unpack_rtf(data: bytes) -> bytes:
    """The RTF inside PR_RTF_COMPRESSED; b"" when it is none."""
    if len(data) < 16:
        return b""
    _, size, kind, _ = struct.unpack_from("<II4sI", data)
    if kind == _PLAIN:
        return data[16 : 16 + min(size, _MOST)]
    if kind != _PACKED:
        return b""
    size = min(size, _MOST)
    out = bytearray(_START)
    place, stop = 16, min(len(data), _LARGEST)
    first = len(out)
    while place < stop and len(out) - first < size:
        flags = data[place]
        place += 1
        for bit in range(8):
            if place >= stop:
                break
            if not flags >> bit & 1:
                out.append(data[place])
                place += 1
                continue
            if place + 2 > stop:
                place = stop
                break
            pair = data[place] << 8 | data[place + 1]
            place += 2
            offset, length = pair >> 4, (pair & 15) + 2
            # The dictionary is the last 4096 bytes, as a ring; pointing at its end is the end.
            back = (len(out) - offset) & 4095
            if not back:
                return bytes(out[first : first + size])
            begin = len(out) - back
            if begin < 0:
                out += b" " * length
            elif back >= length:
                out += out[begin : begin + length]
            else:
                out += (out[begin:] * (length // back + 1))[:length]
    return bytes(out[first : first + size])


def read_rtf(data: bytes, spell: Spell) -> str:
    """The words of RTF. `spell` knows the code pages."""
    return _Reader(spell).read(data[:_MOST].decode("latin-1"))


class _Reader:
    def __init__(self, spell: Spell) -> None:
        self.spell = spell
        self.out: list[str] = []
        self.pending = bytearray()  # bytes of characters that may go on
        self.page = 1252
        self.fonts: dict[int, int] = {}
        self.aside = 0  # depth of the group that is passed over, 0: none
        self.depth = 0
        self.table = 0  # depth of the font table
        self.font = 0
        self.outer: list[tuple[int, int]] = []  # font and skips of the groups around
        self.skips = 1  # characters that stand for a \u one
        self.skip = 0
        self.fresh = False  # a group has just begun

    def read(self, text: str) -> str:
        for match in _TOKEN.finditer(text):
            word, number, hexed, sign, brace, plain = match.groups()
            if brace:
                self._settle()
                self._brace(brace)
            elif word:
                self._word(word, int(number) if number else None)
            elif hexed:
                self._octet(int(hexed, 16))
            elif sign:
                self._sign(sign)
            elif plain:
                self._plain(plain)
            if not brace:
                self.fresh = False
        self._settle()
        # Characters beyond the first plane were written in two halves.
        return "".join(self.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _brace(self, brace: str) -> None:
        self.skip = 0
        if brace == "{":
            self.depth += 1
            self.fresh = True
            self.outer.append((self.font, self.skips))
            return
        if self.outer:
            self.font, self.skips = self.outer.pop()
        if self.depth == self.aside:
            self.aside = 0
        if self.depth == self.table:
            self.table = 0
        self.depth -= 1
        self.fresh = False

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None and not self.aside:
            self._settle()
            self.out.append(chr(number & 0xFFFF))
            self.skip = self.skips
            return
        self._settle()
        if word == "ansicpg" and number:
            self.page = number
        elif word == "uc" and number is not None:
            self.skips = min(abs(number), 8)
        elif word == "fonttbl":
            self.table = self.depth
        elif word == "f" and number is not None:
            self.font = number
        elif word == "fcharset" and self.table and number is not None:
            self.fonts[self.font] = _CHARSETS.get(number, 0)
        if self.aside:
            return
        if self.fresh and word in _ASIDE:
            self.aside = self.depth
        elif word in _SIGNS:
            self.out.append(_SIGNS[word])

    def _octet(self, octet: int) -> None:
        if self.skip:
            self.skip -= 1
        elif not self.aside:
            self.pending.append(octet)

    def _sign(self, sign: str) -> None:
        if sign == "*" and self.fresh:
            self.aside = self.aside or self.depth
        elif self.aside:
            return
        elif sign == "~":
            self._plain(" ")
        elif sign in "{}\\":
            self._plain(sign)
        elif sign in "\r\n":
            self._settle()
            self.out.append("\n")
        elif sign == "_":
            self._plain("-")

    def _plain(self, text: str) -> None:
        if self.aside:
            return
        if self.skip:
            cut = min(self.skip, len(text))
            text, self.skip = text[cut:], self.skip - cut
        if self.pending and text:
            # The second byte of a Chinese character may be written plainly.
            self.pending += text[:1].encode("latin-1")
            text = text[1:]
            self._settle()
        elif not text.isascii():
            self.pending += text.encode("latin-1")
            self._settle()
            return
        self.out.append(text)

    def _settle(self) -> None:
        if self.pending:
            page = self.fonts.get(self.font, 0) or self.page
            self.out.append(self.spell(bytes(self.pending), page))
            self.pending.clear()


_CHARSETS = {
    **{128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255},
    **{178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250},
}
