"""Whom does an address header name, where it keeps to no grammar?

The parser of record decides first; here its food is prepared (encoded words become quoted strings,
so that no character of theirs looks like structure), and what it gives up on is read as a person
would. Linear, never raises. What the desk makes of several senders is not decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from maildesk.mail.header.headers import decode_value
from maildesk.mail.message import Address

_WORD = r"=\?[^?\s]{0,80}\?(?:[bB]\?[^?]*+|[qQ]\?(?:[^?=]|=(?!\?)|\?(?!=))*+)\?="
_RUN = re.compile(rf"{_WORD}(?:\s*+{_WORD})*+")
_PIECE = re.compile(r'[<>()\\",;:]|[^<>()\\",;:]+')
_WIDE = str.maketrans("＠＜＞；，：﹤﹥", "@<>;,:<>")
_WIDE_SIGNS = re.compile("[＠＜＞；﹤﹥]")
# Brackets of Chinese input methods around an address; around anything else they are a title's.
_WIDE_ANGLE = re.compile(
    "[〈《＜]([^〈〉《》＜＞<>@＠]{1,300}[@＠][^〈〉《》＜＞<>@＠]{1,300})[〉》＞]\\s*[；，]?"
)
# An address as mail servers take it; letters of all scripts (RFC 6531).
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@]{1,128}@[^\s<>()\[\]\\,;:\"'@/]{1,255}")
_WHOLE = re.compile(
    r"(?:\"[^\"]{1,128}\"|[^\s<>()\[\]\\,;:\"@]{1,128})@(?:[^\s<>()\[\]\\,;:\"@]{1,255}|\[[^\]\s]{1,80}\])"
)
_MAILTO = re.compile(r"\s*(?:mailto|smtp|e-?mail)\s*:\s*", re.IGNORECASE)
_ODD = re.compile(r"^['\"`]|['\"`.;,]$|[<>〈〉＜＞＠]|\s$")
_QUOTES = "\"'`“”‘’ \t\r\n"
_LONGEST = 1_000_000


def spell_out(raw: str, prior: str) -> str:
    """An address header whose encoded words stand as quoted strings, decoded by our own ladder."""
    if not raw.isascii():
        raw = _WIDE_ANGLE.sub(_narrow, raw)
    if "=?" not in raw:
        return raw
    out: list[str] = []
    position = 0
    quoted = False
    for match in _RUN.finditer(raw):
        gap = raw[position : match.start()]
        quoted ^= gap.count('"') % 2 == 1
        text = decode_value(match[0], prior=prior).text
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        out += gap, text if quoted else f'"{text}"'
        position = match.end()
        if not quoted and raw[position : position + 1].isalnum():
            out.append(" ")
    out.append(raw[position:])
    return "".join(out)


def _narrow(found: re.Match[str]) -> str:
    return f"<{found[1].translate(_WIDE).strip()}>" + ("," if found[0][-1] in "；，" else "")


def is_odd(people: list[tuple[str, str]]) -> bool:
    """Whether what the parser of record found cannot be meant so."""
    return any(_ODD.search(address) for _, address in people)


def recover(text: str) -> tuple[Address, ...]:
    """The people an address header names, by the addresses in it and the words beside them."""
    if _WIDE_SIGNS.search(text):
        text = _WIDE_ANGLE.sub(_narrow, text).translate(_WIDE)
    found: list[Address] = []
    waiting: list[str] = []  # "Moss" of "Moss, Rita <…>"
    for item in _Reader(text[:_LONGEST]).items:
        name, addresses = item.read()
        if not addresses:
            waiting = [*waiting[-3:], name] if name and item.words else []
            continue
        if waiting and item.angle is not None:
            name = ", ".join((*waiting, name)) if name else ", ".join(waiting)
        waiting = []
        found += (Address(name if place == 0 else "", one) for place, one in enumerate(addresses))
    if not found:
        # The address stands inside quotes, its name with it.
        bare = text.replace('"', " ").replace("\\", " ")
        return recover(bare) if bare != text and "@" in bare else ()
    return tuple(found)


@dataclass(slots=True)
class _Item:
    """What stands between two separators: words, comments, and what was in angle brackets."""

    words: list[str] = field(default_factory=list)
    angle: str | None = None
    behind: list[str] = field(default_factory=list)  # what follows the brackets
    comments: list[str] = field(default_factory=list)

    def read(self) -> tuple[str, list[str]]:
        """The name and the addresses."""
        phrase = " ".join("".join(self.words).split())
        if self.angle is not None:
            address = _clean_address(self.angle)
            if address:
                name = phrase or " ".join("".join(self.behind).split())
                return name.strip(_QUOTES if "'" not in name.strip("'") else " "), [address]
        rest = _MAILTO.sub(" ", phrase)
        addresses = list(dict.fromkeys(map(_clean_address, _ADDRESS.findall(rest))))
        addresses = [address for address in addresses if address]
        if not addresses:
            return phrase.strip(_QUOTES), []
        name = rest
        for address in addresses[:1]:
            name = name.partition(address)[0]
        if ":" in name and not name.partition(":")[2].strip():
            name = ""  # the label of a group
        if not name.strip(_QUOTES) and self.comments:
            name = " ".join("".join(self.comments).split())
        return name.strip(_QUOTES + "<>-"), addresses


class _Reader:
    """Cuts a header at its separators. A quote or bracket that never closes is only a character."""

    def __init__(self, text: str) -> None:
        self.items: list[_Item] = []
        self._item = _Item()
        self._angle: list[str] | None = None
        self._quoted = self._escaped = False
        self._depth = 0
        pieces = _PIECE.findall(text)
        last = {sign: _last(pieces, sign) for sign in '")>'}
        for place, piece in enumerate(pieces):
            if self._escaped:
                self._escaped = False
                self._add(piece)
            elif piece == "\\" and (self._quoted or self._depth):
                self._escaped = True
            elif self._quoted or self._depth:
                self._take_inside(piece)
            else:
                self._take(piece, place, last)
        self._close()
        self._end()

    def _take_inside(self, piece: str) -> None:
        """In quotes or a comment, where separators are characters."""
        if self._quoted:
            if piece == '"':
                self._quoted = False
                return
        elif piece in "()":
            self._depth += 1 if piece == "(" else -1
            self._item.comments.append(" ")
        else:
            self._item.comments.append(piece)
        self._add(piece)

    def _take(self, piece: str, place: int, last: dict[str, int]) -> None:
        if piece == '"' and self._angle is None:
            self._quoted = last['"'] > place  # one left over opens nothing
        elif piece == "(" and self._angle is None:
            self._depth = int(last[")"] > place)
            self._add(piece)
        elif piece == "<":
            self._angle = []
        elif piece == ">":
            self._close()
        elif piece in ",;" and (self._angle is None or last[">"] < place):
            self._close()
            self._end()
        else:
            self._add(piece)

    def _add(self, piece: str) -> None:
        if self._angle is not None:
            self._angle.append(piece)
        elif self._item.angle is None:
            self._item.words.append(piece)
        elif _ADDRESS.search(piece):  # the next person, without a separator
            self._end()
            self._item.words.append(piece)
        else:
            self._item.behind.append(piece)

    def _close(self) -> None:
        if self._angle:
            if self._item.angle is not None and _clean_address(self._item.angle):
                self._end()
            self._item.angle = "".join(self._angle)
        self._angle = None

    def _end(self) -> None:
        self.items.append(self._item)
        self._item = _Item()


def _last(pieces: list[str], sign: str) -> int:
    for place in range(len(pieces) - 1, -1, -1):
        if pieces[place] == sign:
            return place
    return -1


def _clean_address(text: str) -> str:
    """A usable address out of what stands for one; empty when there is none."""
    bare = _MAILTO.sub("", text.strip(), count=1).strip("'` \t\r\n.;,")
    bare = re.sub(r"@{2,}", "@", bare)
    if bare.startswith("@") and ":" in bare:  # an obsolete route (RFC 5322 §4.4)
        bare = bare.rpartition(":")[2].strip()
    if _WHOLE.fullmatch(bare):
        return bare
    bare = bare.replace('"', "")
    found = _ADDRESS.search(bare) or _ADDRESS.search("".join(bare.split()))
    return found[0].strip("'.") if found else ""
