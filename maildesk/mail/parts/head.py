"""Where does a part's header end, and which fields stand in it, however it is broken?

A clean header (RFC 5322 §2.2, RFC 2045 §3) is taken apart in one go. In a broken one, lines that
are no field are weighed: a wrapped line joins its field, rubbish between fields is passed over, and
words that begin without an empty line are the body. Values stay raw; what they say is `headers`'
question.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass, field

Source = bytes | mmap.mmap

LONGEST_HEAD = 8 * 1024 * 1024
"""Bytes of a header that are looked at; what follows would be the body."""

_LONGEST = 512 * 1024  # characters of one value; an honest header has a thousandth of it
_MOST_LINES = 300_000  # of a broken header
_AHEAD = 50  # lines looked at to tell a broken line from the first line of the body
_BLANK = re.compile(rb"\n\r?\n")
_CLEAN = re.compile(r"(?:[!-9;-~]++:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)*+")
_FIELD = re.compile(r"([!-9;-~]++):[ \t]*+((?:[^\n]*+)(?:\n[ \t][^\n]*+)*+)")
_ONLY_BLANKS = re.compile(r"\n[ \t]++\r?(?:\n|$)")
_LINE = re.compile(r"([^\r\n]*+)(\r{0,3}\n|\r|$)")
_NAME = re.compile(r"([A-Za-z0-9_.-]++)[ \t]*+:[ \t]*+")
_ENVELOPE = re.compile(r">?From \S")
_PARAMETER = re.compile(r"[A-Za-z0-9*._-]{1,40}[ \t]*+=")
_PARAMETERS = frozenset({"content-type", "content-disposition"})
_PEOPLE = frozenset({"from", "to", "cc", "bcc", "reply-to", "sender"})
_IDS = frozenset({"references", "in-reply-to", "message-id"})
_KNOWN_NAMES = """
from to cc bcc subject date message-id in-reply-to references reply-to sender return-path received
delivered-to mime-version content-type content-transfer-encoding content-disposition content-id
content-description content-language content-location content-class content-md5 content-length
content-base content-duration user-agent organization organisation priority importance sensitivity
precedence keywords comments auto-submitted list-id list-unsubscribe list-unsubscribe-post
list-post list-help list-subscribe list-archive list-owner dkim-signature domainkey-signature
received-spf authentication-results arc-seal arc-message-signature arc-authentication-results
thread-topic thread-index errors-to disposition-notification-to return-receipt-to resent-from
resent-to resent-cc resent-date resent-message-id resent-sender feedback-id envelope-to
delivery-date status lines mailing-list accept-language autocrypt openpgp apparently-to
original-recipient final-recipient newsgroups path xref approved mail-followup-to
"""
_KNOWN = frozenset(_KNOWN_NAMES.split())
_MANY = frozenset({"received", "dkim-signature", "arc-seal", "delivered-to", "comments"})
_TRACE_NAMES = """
received dkim-signature domainkey-signature received-spf authentication-results arc-seal
arc-message-signature arc-authentication-results thread-index list-unsubscribe autocrypt
"""
_TRACE = frozenset(_TRACE_NAMES.split())
_BELIEVED = frozenset({"received", "received-spf", "authentication-results", "return-path"})
_OWN = ("x-mailer", "x-priority", "x-auto", "x-failed-recipients", "x-loop", "x-maildesk")


@dataclass(frozen=True, slots=True)
class Head:
    """The raw fields in order, folds kept, 8-bit bytes as surrogates; and where the body is."""

    fields: list[tuple[str, str]]
    body: int
    defects: tuple[str, ...] = ()


def read_head(source: Source, start: int, end: int, most: int) -> Head:
    """The header that begins at `start`; `most` fields are kept, and every important one."""
    if source[start : start + 1] == b"\n":
        return Head([], start + 1)
    if source[start : start + 2] == b"\r\n":
        return Head([], start + 2)
    found = _BLANK.search(source, start, min(end, start + LONGEST_HEAD))
    stop = found.start() + 1 if found else min(end, start + LONGEST_HEAD)
    text = source[start:stop].decode("ascii", "surrogateescape")
    after = found.end() if found else stop
    if not _is_clean(text):
        return _Broken(text, start, after, most).read()
    fields: list[tuple[str, str]] = []
    late: dict[str, tuple[str, str]] = {}
    defects: dict[str, None] = {}
    for match in _FIELD.finditer(text):
        name, value = match[1], match[2].rstrip("\r\n")
        if len(value) > _LONGEST:
            value = value[:_LONGEST]
            defects["header: a value too long, cut"] = None
        if len(fields) < most:
            fields.append((name, value))
        elif (low := name.lower()) in _KNOWN:
            late.setdefault(low, (name, value))
    if late or len(fields) >= most:
        defects[f"header: only the first {most} read"] = None
        seen = {name.lower() for name, _ in fields}
        fields += (item for low, item in late.items() if low not in seen)
    return Head(fields, after, tuple(defects))


def is_known(name: str) -> bool:
    """Whether mail programs write a field of that name."""
    low = name.lower()
    return low in _KNOWN or low.startswith(("x-", "content-", "list-", "resent-", "arc-"))


def _is_harmless(name: str) -> bool:
    """Whether a field tells about the letter itself, and nothing a server is believed for."""
    if name.startswith("x-"):
        return name.startswith(_OWN)
    return is_known(name) and not name.startswith("arc-") and name not in _BELIEVED


def _is_clean(text: str) -> bool:
    """Whether every line is a field or a fold of one, and every line end a usual one."""
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return False
    whole = text if text.endswith("\n") else text + "\n"
    return _ONLY_BLANKS.search(whole) is None and _CLEAN.fullmatch(whole) is not None


@dataclass(slots=True)
class _Field:
    """A field being read: where it begins in the text and its raw lines."""

    name: str
    start: int
    lines: list[str]


@dataclass(slots=True)
class _Broken:
    """The reading of a broken header, line by line. `after`: its body if all of it is header."""

    text: str
    start: int
    after: int
    most: int
    fields: list[_Field] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    defects: dict[str, None] = field(default_factory=dict)
    odd: bool = False  # servers may have read the lines from here on otherwise than we
    sure: int = 0  # up to there everything is header, whatever it looks like

    def read(self) -> Head:
        body = self._find_body()
        found = [
            (one.name, "\r\n".join(one.lines)[:_LONGEST].rstrip("\r\n")) for one in self.fields
        ]
        return Head(found, self.after if body is None else self.start + body, tuple(self.defects))

    def _find_body(self) -> int | None:
        position = 0
        for _ in range(_MOST_LINES):
            if position >= len(self.text):
                return None
            match = _LINE.match(self.text, position)
            if match is None:
                break
            line, offset, position = match[1], position, match.end()
            if not line.strip(" \t"):
                if line and self._folds_on(position):
                    self.odd = True
                    continue  # a fold of blanks only (RFC 5322 §4.2)
                if line:
                    self._note("header: blanks in the empty line after it")
                return position
            self.odd = self.odd or match[2] not in ("\n", "\r\n", "")
            if line[0] in " \t":
                self._fold(line)
            elif not self._take(line, offset, position):
                self._note("header: no empty line before the body")
                return self._give_back(offset)
        self._note("header: too long, the rest taken for the body")
        return position

    def _folds_on(self, position: int) -> bool:
        """Whether after a line of blanks comes more of the header, and not the body."""
        for _ in range(_AHEAD):
            match = _LINE.match(self.text, position)
            if match is None or not match[1].strip(" \t"):
                return False
            if match[1][0] not in " \t":
                name = _NAME.match(match[1])
                return name is not None and self._lacks(name[1].lower())
            position = match.end()
        return False

    def _fold(self, line: str) -> None:
        bare = line.lstrip(" \t")
        name = _NAME.match(bare)
        if self.fields:
            self.fields[-1].lines.append(line)
        elif name is not None and is_known(name[1]):
            self._note("header: begins with an indent")
            self._add(_Field(name[1], 0, [bare[name.end() :]]))
        else:
            self._note("header: begins with a continuation line")

    def _take(self, line: str, offset: int, following: int) -> bool:
        """Whether a line belongs to the header; if so, it is where it belongs."""
        name = _NAME.match(line)
        last = self.fields[-1] if self.fields else None
        if name is not None and (line[name.end(1)] == ":" or is_known(name[1])):
            if line[name.end(1)] != ":":
                self._note("header: blanks before a colon")
            self._add(_Field(name[1], offset, [line[name.end() :]]))
        elif _ENVELOPE.match(line):
            if offset:
                self._note("header: envelope line in the middle")
        elif last is not None and _is_wrapped(last, line):
            last.lines.append(" " + line)
            self._note("header: a wrapped line without its indent")
        elif offset < self.sure or self._goes_on(following):
            self._note("header: a line that is no header")
            if last is not None and _belongs(last):
                last.lines.append(" " + line)
        else:
            return False
        return True

    def _add(self, one: _Field) -> None:
        low = one.name.lower()
        if self.odd and not _is_harmless(low):
            # What a server would have removed from a clean header is evidence to nobody here.
            self.defects["header: evidence in a broken header, not believed"] = None
            return
        if len(self.fields) < self.most or (low in _KNOWN and low not in self.seen):
            self.fields.append(one)
        else:
            self.defects[f"header: only the first {self.most} read"] = None
        self.seen.add(low)

    def _goes_on(self, position: int) -> bool:
        """Whether a field follows soon that this header still lacks.

        A header quoted in the words repeats what this one has.
        """
        for _ in range(_AHEAD):
            match = _LINE.match(self.text, position)
            if match is None or not match[1].strip(" \t"):
                return False
            name = _NAME.match(match[1])
            if name is not None and match[1][name.end(1)] == ":" and self._lacks(name[1].lower()):
                self.sure = position
                return True
            position = match.end()
        return False

    def _lacks(self, name: str) -> bool:
        return is_known(name) and (name in _MANY or name.startswith("x-") or name not in self.seen)

    def _give_back(self, offset: int) -> int:
        """Where the words began: lines just above may only have looked like fields."""
        while len(self.fields) > 1 and not is_known(self.fields[-1].name):
            offset = self.fields.pop().start
        return offset

    def _note(self, defect: str) -> None:
        self.defects[defect] = None
        self.odd = True


def _is_wrapped(last: _Field, line: str) -> bool:
    """Whether a line is certainly the rest of the field above it."""
    name = last.name.lower()
    before = last.lines[-1].rstrip()
    if name in _PARAMETERS:
        return before.endswith(";") and _PARAMETER.match(line) is not None
    if name in _PEOPLE:
        return "@" in line and (before.endswith(",") or line.lstrip().startswith("<"))
    if name in _IDS:
        return line.startswith("<")
    return line.startswith("=?") and "?=" in line and before.endswith("?=")


def _belongs(last: _Field) -> bool:
    """Whether an odd line inside a header rather belongs to the field above than to nobody."""
    name = last.name.lower()
    return (
        name in _TRACE or name.startswith("x-") or (name == "subject" and len(last.lines[-1]) > 50)
    )
