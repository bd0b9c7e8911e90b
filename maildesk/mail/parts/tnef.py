"""What is in Outlook's `winmail.dat` (TNEF, MS-OXTNEF)? Its files, and the mail's body.

Reads the attributes for names, bytes, text, HTML and rich text, and passes over everything else.
Written here because the library at hand trusts the counts in the file: one number makes it loop
for hours. Here counts are limits, never promises; a damaged file gives what was read so far.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from maildesk.mail.characters.charset import decode
from maildesk.mail.parts.leaf import Leaf, guess_type, make_bytes, make_text
from maildesk.mail.parts.rtf import read_rtf, unpack_rtf

LARGEST = 64 * 1024 * 1024
"""Bytes of a wrapper that is opened; a larger one stays a file."""

SIGNATURE = bytes.fromhex("789f3e22")

_MOST_ATTRIBUTES = 20_000
_MOST_PROPERTIES = 5_000
_MOST_VALUES = 1_000
_MOST_FILES = 500
_DEEPEST = 3
# Attributes, by the lower half of their ids.
_SUBJECT, _BODY, _TITLE, _DATA, _MAPI = 0x8004, 0x800C, 0x8010, 0x800F, 0x9003
_REND, _FILE_MAPI, _CODEPAGE, _TRANSPORT_NAME = 0x9002, 0x9005, 0x9007, 0x9001
# Properties.
_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML, _P_CPID, _P_CODEPAGE = (
    *(0x0037, 0x1000, 0x1009, 0x1013),
    *(0x3FDE, 0x3FFD),
)
_P_DATA, _P_SHORT, _P_METHOD, _P_LONG, _P_SHOWN, _P_TYPE, _P_ID = (
    *(0x3701, 0x3704, 0x3705, 0x3707, 0x3001),
    *(0x370E, 0x3712),
)
_FIXED = {
    **{0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8},
    **{0x40: 8, 0x48: 16, 0x00: 4, 0x01: 4},
}
_STRING, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_EMBEDDED = 5  # an attached mail, as one more TNEF


@dataclass(slots=True)
class Unpacked:
    """Files in order, and the body in its best form: none or one leaf."""

    files: list[Leaf] = field(default_factory=list)
    body: list[Leaf] = field(default_factory=list)
    damaged: bool = False


@dataclass(slots=True)
class _File:
    """A file being read; `data` says where its bytes lie."""

    title: str = ""
    long: str = ""
    content_type: str = ""
    content_id: str = ""
    data: tuple[int, int] | None = None
    inner: tuple[int, int] | None = None


def unpack(data: bytes, prior: str = "gb18030") -> Unpacked | None:
    """The files and words; None when it is no TNEF. Never raises."""
    if not data.startswith(SIGNATURE):
        return None
    return _Reader(data, prior).read(6, len(data), 0)


@dataclass(frozen=True, slots=True)
class _Property:
    """The first value of a property: `begin` to `end`."""

    number: int
    kind: int
    begin: int
    end: int


class _Reader:
    """One wrapper, the mails inside it included."""

    def __init__(self, data: bytes, prior: str) -> None:
        self.data = data
        self.prior = prior
        self.attributes = 0
        self.count = 0

    def read(self, begin: int, end: int, depth: int) -> Unpacked:
        found = Unpacked()
        page = 0
        mail: dict[int, _Property] = {}
        body: tuple[int, int] | None = None
        files: list[_File] = []
        for level, number, start, stop in self._walk(begin, end, found):
            if level == 1:
                if number == _CODEPAGE and stop - start >= 4:
                    page = self._number(start)
                elif number == _BODY:
                    body = (start, stop)
                elif number == _MAPI:
                    for item in self._properties(start, stop):
                        mail.setdefault(item.number, item)
                continue
            if number == _REND or not files:
                self.count += 1
                if self.count > _MOST_FILES:
                    found.damaged = True
                    break
                files.append(_File())
            self._fill(files[-1], number, start, stop, page)
        found.body = self._choose_body(mail, body, page)
        for file in files:
            self._settle(file, found, depth)
        return found

    def _walk(self, begin: int, end: int, found: Unpacked) -> Iterator[tuple[int, int, int, int]]:
        """(level, id, begin, end) of the attributes. The last one may be cut off."""
        while begin + 9 <= end:
            self.attributes += 1
            level = self.data[begin]
            number, size = struct.unpack_from("<HxxI", self.data, begin + 1)
            start = begin + 9
            if level not in (1, 2) or self.attributes > _MOST_ATTRIBUTES:
                # Some pad the end.
                found.damaged = bool(self.data[begin : min(end, begin + 4096)].strip(b"\x00"))
                return
            stop = start + size
            yield level, number, start, min(stop, end)
            if stop > end:
                found.damaged = True
                return
            begin = stop + 2  # the sum is not worth checking: what else would we do?

    def _fill(self, file: _File, number: int, start: int, stop: int, page: int) -> None:
        if number == _DATA:
            file.data = (start, stop)
        elif number in (_TITLE, _TRANSPORT_NAME):
            file.title = file.title or self._spell(self.data[start:stop], page)
        elif number == _FILE_MAPI:
            self._fill_from(file, {p.number: p for p in self._properties(start, stop)}, page)

    def _fill_from(self, file: _File, found: dict[int, _Property], page: int) -> None:
        for number in (_P_SHOWN, _P_SHORT, _P_LONG):
            if number in found:
                file.long = self._text(found[number], page) or file.long
        if _P_TYPE in found:
            file.content_type = self._text(found[_P_TYPE], page).lower()
        if _P_ID in found:
            file.content_id = self._text(found[_P_ID], page).strip("<> ")
        if _P_DATA in found:
            item = found[_P_DATA]
            method = found.get(_P_METHOD)
            embedded = method is not None and self._number(method.begin) == _EMBEDDED
            # An object begins with the id of its interface.
            start = min(item.begin + (16 if item.kind == _OBJECT else 0), item.end)
            if embedded and self.data.startswith(SIGNATURE, start, item.end):
                file.inner = (start, item.end)
            else:
                file.data = file.data or (start, item.end)

    def _settle(self, file: _File, found: Unpacked, depth: int) -> None:
        name = (file.long or file.title).strip("\x00 ")
        if file.inner is not None:
            if depth < _DEEPEST:
                inner = self.read(file.inner[0] + 6, file.inner[1], depth + 1)
                for leaf in inner.body:
                    ending = ".html" if leaf.content_type == "text/html" else ".txt"
                    found.files.append(_as_file(leaf, (name or "message") + ending))
                found.files += inner.files
                found.damaged = found.damaged or inner.damaged
            return
        if file.data is None:
            return
        content_type = file.content_type if file.content_type.count("/") == 1 else guess_type(name)
        found.files.append(
            Leaf(
                *(content_type, {}, "attachment", name, "", file.content_id or None),
                *(self.data, file.data[0], file.data[1]),
            )
        )

    def _choose_body(
        self, mail: dict[int, _Property], body: tuple[int, int] | None, page: int
    ) -> list[Leaf]:
        """Plain text, else HTML, else rich text. Empty forms are none."""
        page = self._page(mail, _P_CODEPAGE) or page
        if _P_BODY in mail:
            text = self._text(mail[_P_BODY], page)
            if text.strip("\x00\r\n\t "):
                return [make_text(text)]
        if body is not None:
            data = self.data[body[0] : body[1]].rstrip(b"\x00")
            if data.strip():
                return [make_bytes(data, "text/plain", {"charset": _name_page(page)})]
        if _P_HTML in mail:
            item = mail[_P_HTML]
            label = _name_page(self._page(mail, _P_CPID) or page)
            parameters = {"charset": label} if label else {}
            return [make_bytes(self.data[item.begin : item.end], "text/html", parameters)]
        if _P_RTF in mail:
            item = mail[_P_RTF]
            text = read_rtf(unpack_rtf(self.data[item.begin : item.end]), self._spell)
            if text.strip():
                return [make_text(text)]
        return []

    def _page(self, mail: dict[int, _Property], number: int) -> int:
        item = mail.get(number)
        return self._number(item.begin) if item is not None and item.kind == 0x03 else 0

    def _properties(self, begin: int, end: int) -> Iterator[_Property]:
        """The properties between two places, as far as they can be followed."""
        if begin + 4 > end:
            return
        count = self._number(begin)
        place = begin + 4
        for _ in range(min(count, _MOST_PROPERTIES)):
            if place + 4 > end:
                return
            kind, number = struct.unpack_from("<HH", self.data, place)
            place += 4
            if number >= 0x8000:
                place = self._skip_name(place, end)
            several, kind = kind & 0x1000, kind & 0xEFFF
            size = _FIXED.get(kind)
            values = 1
            if size is None and kind not in (_STRING, _UNICODE, _OBJECT, _BINARY):
                return
            if several or size is None:
                values = self._number(place)
                place += 4
            if values > _MOST_VALUES or place > end:
                return
            for turn in range(values):
                start, stop, place = self._value(place, end, size)
                if turn == 0 and start <= end:
                    yield _Property(number, kind, start, stop)
                if place > end:
                    return

    def _value(self, place: int, end: int, size: int | None) -> tuple[int, int, int]:
        """(begin, end, where the next value begins) of a value; padded to four bytes."""
        if size is None:
            if place + 4 > end:
                return end + 1, end + 1, end + 1
            size = self._number(place)
            place += 4
        return place, min(place + size, end), place + (size + 3) // 4 * 4

    def _skip_name(self, place: int, end: int) -> int:
        """A named property's set, and its number or name."""
        if place + 24 > end:
            return end
        if self._number(place + 16) == 0:
            return place + 24
        return place + 24 + (self._number(place + 20) + 3) // 4 * 4

    def _text(self, item: _Property, page: int) -> str:
        data = self.data[item.begin : item.end]
        if item.kind == _UNICODE:
            return data.decode("utf-16-le", "replace").rstrip("\x00")
        if item.kind == _STRING:
            return self._spell(data, page)
        return ""

    def _spell(self, data: bytes, page: int) -> str:
        return decode(data.rstrip(b"\x00"), _name_page(page) or None, prior=self.prior).text

    def _number(self, place: int) -> int:
        return int.from_bytes(self.data[place : place + 4], "little")


def _as_file(leaf: Leaf, name: str) -> Leaf:
    return Leaf(
        *(leaf.content_type, leaf.parameters, "attachment", name, "", None),
        *(leaf.source, leaf.begin, leaf.end),
    )


def _name_page(page: int) -> str:
    """The charset label of a Windows code page."""
    if page in _PAGES:
        return _PAGES[page]
    if 28591 <= page <= 28606:
        return f"iso-8859-{page - 28590}"
    return f"cp{page}" if page else ""


_PAGES = {
    **{932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5", 1200: "utf-16-le"},
    **{20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp"},
    **{50221: "iso-2022-jp", 50222: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr"},
    **{52936: "hz-gb-2312", 54936: "gb18030", 65000: "utf-7", 65001: "utf-8"},
}
