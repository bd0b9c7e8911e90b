"""How is a mail built? The tree of its parts over the raw bytes, however its seams are sewn.

Parts are messages as the standard library knows them, so that the parser of record reads the same
tree we walk; bodies are not copied but named by where they lie. Boundaries that are wrong, missing,
nested in themselves or never closed are repaired and noted. What the parts mean is `structure`'s
question. Linear: nesting is limited, and so are the bytes looked at again in it.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.errors import (
    CloseBoundaryNotFoundDefect,
    MultipartInvariantViolationDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import Message

from maildesk.mail.defects import Defects
from maildesk.mail.header.headers import parse_parameters, to_bytes
from maildesk.mail.limits import Limits
from maildesk.mail.parts.head import Source, read_head

_LONG = (
    200  # a boundary has 70 characters at most (RFC 2046 §5.1.1); longer ones are compared apart
)
_PATIENCE = 5  # how often every byte may be looked at on average, beyond `_FREE`
_LINE_COST = 100  # what looking at one line by hand costs, in bytes a search gets over
_FREE = 64 * 1024 * 1024
_RAW_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"]*+)"|([^;\r\n]*+))', re.IGNORECASE)
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*+")|\([^()"]*+\)')
_REST = re.compile(rb"(--)?[ \t]*+(?:\r{0,3}\n|\r|\Z)")
_GLUED = re.compile(rb"--(?![A-Za-z0-9'()+_,./:=?-])")
_GUESS = re.compile(
    rb"[\r\n]--([^\r\n]{1,200}?)[ \t]*\r{0,3}[\r\n]"
    rb"(?=(?i:content-(?:type|transfer-encoding|disposition|id|description)|mime-version)[ \t]*:)"
)
_FIELD_AHEAD = re.compile(rb"(?i:content-[a-z-]{2,30}|mime-version)[ \t]*:")


class Part(Message):
    """A part: its raw fields, its type, and the bytes `begin` to `end` of `source` as its body.

    `parts` None: it holds no parts. `sealed`: it does, but nobody looks into it any more.
    """

    source: Source
    begin: int
    end: int
    mime: str
    parameters: dict[str, str]
    parts: list[Part] | None
    sealed: bool

    def __init__(self, source: Source, begin: int, end: int) -> None:
        super().__init__()
        self.source = source
        self.begin = begin
        self.end = end
        self.mime = "text/plain"
        self.parameters = {}
        self.parts = None
        self.sealed = False

    def first(self, name: str) -> str | None:
        """The first raw value of a header, surrogates kept (`self[name]` would lose 8-bit)."""
        return next((str(value) for key, value in self.raw_items() if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class _Seam:
    """A delimiter line: where it and the line end before it begin, where the next line begins."""

    before: int
    after: int
    closing: bool


def grow(source: Source, start: int, limits: Limits, prior: str, defects: Defects) -> Part:
    """The tree of the mail that begins at `start`. Beyond the limits parts stay closed."""
    return _Grower(source, limits, prior, defects).plant(start, len(source))


class _Grower:
    def __init__(self, source: Source, limits: Limits, prior: str, defects: Defects) -> None:
        self.source = source
        self.limits = limits
        self.prior = prior
        self.defects = defects
        self.count = 0
        self.spent = 0
        self.budget = _FREE + _PATIENCE * len(source)

    def plant(self, start: int, end: int) -> Part:
        part = self._read_part(start, end, "text/plain")
        if part.mime.startswith("multipart/"):
            self._open(part, 0)
        elif part.first("content-type") is None:
            # Some scripts forget to say that they wrote parts.
            near = self.source[part.begin : min(part.begin + 1024, end)]
            if b"--" in near and (boundary := self._guess(part.begin, part.begin + 1024)):
                seams = self._find_seams(boundary, part.begin, end)
                if seams and seams[-1].closing:
                    part.mime = "multipart/mixed"
                    self.defects.add("structure: parts nobody announced")
                    self._fill(part, seams, 0, 0, boundary)
        return part

    def _read_part(self, start: int, end: int, default: str) -> Part:
        head = read_head(self.source, start, end, self.limits.headers)
        part = Part(self.source, min(head.body, end), end)
        types: list[str] = []
        for name, value in head.fields:
            part.set_raw(name, value)
            if len(name) == 12 and name.lower() == "content-type":
                types.append(value)
        for defect in head.defects:
            self.defects.add(defect)
        part.mime = default
        if types:
            part.mime, part.parameters = self._choose_type(types, part)
        return part

    def _choose_type(self, values: list[str], part: Part) -> tuple[str, dict[str, str]]:
        """The first type; of several rather one whose parts are there, or at least a type."""
        found = [parse_parameters(_drop_comments(value), prior=self.prior) for value in values]
        if len(found) > 1:
            self.defects.add("structure: several types, one chosen")
            for mime, parameters in found:
                boundary = to_bytes(parameters.get("boundary", ""))[:_LONG]
                if mime.startswith("multipart/") and boundary:
                    near = self.source[part.begin : min(part.begin + 4096, part.end)]
                    if b"--" + boundary in near:
                        return mime, parameters
            found.sort(key=lambda one: one[0].count("/") != 1)
        mime, parameters = found[0]
        if mime.count("/") != 1 or mime.startswith("/") or mime.endswith("/"):
            if mime not in ("text", "plain", "html", ""):
                self.defects.add("structure: not a type")
            mime = "text/html" if mime == "html" else "text/plain"
        return mime, parameters

    def _open(self, part: Part, depth: int) -> None:
        """Give a multipart its parts; without any it stays as it is, all its bytes the body."""
        if depth >= self.limits.depth:
            self.defects.add("structure: nested too deeply, the rest kept as one file")
            part.sealed = True
            return
        boundaries = self._name_boundaries(part)
        closing: list[_Seam] = []
        for boundary in boundaries:
            seams = self._find_seams(boundary, part.begin, part.end)
            if any(not seam.closing for seam in seams):
                self._fill(part, seams, 0, depth, boundary)
                return
            closing = closing or seams
        if not boundaries:
            part.defects.append(NoBoundaryInMultipartDefect())
        guessed = self._guess(part.begin, part.end)
        if guessed is not None:
            seams = self._find_seams(guessed, part.begin, part.end)
            if seams:
                self.defects.add("structure: boundary wrong, found in the body")
                self._fill(part, seams, 0, depth, guessed)
                return
        if closing:
            blank = not self.source[part.begin : min(closing[0].before, part.begin + 4096)].strip()
            if blank:
                part.begin = min(closing[0].after, part.end)
            else:
                part.end = closing[0].before
        elif boundaries:
            part.defects.append(StartBoundaryNotFoundDefect())
        part.defects.append(MultipartInvariantViolationDefect())

    def _name_boundaries(self, part: Part) -> list[bytes]:
        """What the boundary may be: as written, and as the parameter rules understand it."""
        found: dict[bytes, None] = {}
        raw = _RAW_BOUNDARY.search(part.first("content-type") or "")
        if raw is not None:
            written = to_bytes(raw[1] if raw[1] is not None else raw[2])
            found[
                re.sub(rb"[\r\n]", b"", written).strip(b"\"'" if raw[1] is None else b"").strip()
            ] = None
        found[part.parameters.get("boundary", "").strip().encode("utf-8", "replace")] = None
        return [boundary for boundary in found if boundary]

    def _fill(self, part: Part, seams: Sequence[_Seam], place: int, depth: int, name: bytes) -> int:
        """Read the parts between the seams from `place` on; where it ended.

        A member that declares the boundary it stands in holds the members after it.
        """
        part.parts = []
        default = "message/rfc822" if part.mime == "multipart/digest" else "text/plain"
        closed = False
        while place < len(seams):
            seam = seams[place]
            if seam.closing:
                closed = True
                if not part.parts or not self._starts_part(seams, place + 1):
                    place += 1
                    break
                place += 1
                continue
            closed = False
            end = seams[place + 1].before if place + 1 < len(seams) else part.end
            self.count += 1
            if self.count > self.limits.parts:
                self.defects.add(
                    f"structure: more than {self.limits.parts} parts, the rest kept as one file"
                )
                rest = Part(self.source, seam.after, part.end)
                rest.mime, rest.sealed = "multipart/mixed", True
                self._attach(part, rest)
                return len(seams)
            child = self._read_part(seam.after, max(end, seam.after), default)
            self._attach(part, child)
            place += 1
            if child.mime.startswith("multipart/"):
                same = child.begin >= child.end and name in self._name_boundaries(child)
                if same and depth + 1 < self.limits.depth:
                    self.defects.add("structure: a boundary used twice")
                    child.end = part.end
                    place = self._fill(child, seams, place, depth + 1, name)
                else:
                    self._open(child, depth + 1)
        if not closed:
            part.defects.append(CloseBoundaryNotFoundDefect())
        return place

    def _starts_part(self, seams: Sequence[_Seam], place: int) -> bool:
        """Whether after the end comes one more part all the same, and not just words about it."""
        if place >= len(seams) or seams[place].closing:
            return False
        after = seams[place].after
        return _FIELD_AHEAD.match(self.source, after, min(after + 64, len(self.source))) is not None

    @staticmethod
    def _attach(part: Part, child: Part) -> None:
        part.attach(child)
        if part.parts is not None:
            part.parts.append(child)

    def _find_seams(self, boundary: bytes, begin: int, end: int) -> list[_Seam]:
        """All lines that are this delimiter. None beyond the bytes worth looking at again."""
        self.spent += end - begin
        if self.spent > self.budget:
            self.defects.add("structure: too tangled to be taken apart")
            return []
        seams: list[_Seam] = []
        source = self.source
        for start in self._find_lines(b"--" + boundary[:_LONG], begin, end):
            after = start + 2 + len(boundary)
            self.spent += _LINE_COST
            if self.spent > self.budget:
                break
            if len(boundary) > _LONG and not self._is_long(boundary, start, end):
                continue
            rest = _REST.match(source, after, end)
            if rest is None:
                # A footer glued to the end of the mail.
                if _GLUED.match(source, after, end) is None:
                    continue
                seams.append(_Seam(self._line_end(start, begin), after + 2, True))
                continue
            seams.append(_Seam(self._line_end(start, begin), rest.end(), rest[1] is not None))
            if len(seams) > 4 * self.limits.parts:
                break
        return seams

    def _find_lines(self, needle: bytes, begin: int, end: int) -> Iterator[int]:
        """Where lines begin with `needle`. The body's own first line follows a line end, too."""
        for line_end in (b"\n", b"\r"):
            found = False
            for start in self._find_all(line_end + needle, max(begin - 1, 0), end):
                found = True
                yield start + 1
            if found:
                return

    def _find_all(self, needle: bytes, begin: int, end: int) -> Iterator[int]:
        source = self.source
        if isinstance(source, mmap.mmap):
            # A map's own search is naive; the pattern machine finds a literal in linear time.
            for match in re.compile(re.escape(needle)).finditer(source, begin, end):
                yield match.start()
            return
        start = source.find(needle, begin, end)
        while start >= 0:
            yield start
            start = source.find(needle, start + len(needle), end)

    def _is_long(self, boundary: bytes, start: int, end: int) -> bool:
        """Compare a boundary beyond reason only where the line is as long as it must be."""
        stop = self.source.find(b"\n", start, min(end, start + len(boundary) + 64))
        stop = min(end, start + len(boundary) + 64) if stop < 0 else stop
        if stop - start < len(boundary) + 2:
            return False
        return self.source[start + 2 : start + 2 + len(boundary)] == boundary

    def _line_end(self, start: int, begin: int) -> int:
        """Where the line end before a delimiter begins: it belongs to the delimiter."""
        if start > begin and self.source[start - 1] in b"\n":
            start -= 1
            if start > begin and self.source[start - 1] in b"\r":
                start -= 1
        elif start > begin:
            start -= 1
        return start

    def _guess(self, begin: int, end: int) -> bytes | None:
        """The boundary of the first line that looks like one and has a field below it."""
        self.spent += end - begin
        if self.spent > self.budget:
            return None
        found = _GUESS.search(self.source, max(begin - 1, 0), min(end, len(self.source)))
        return found[1].rstrip(b" \t") if found else None


def _drop_comments(raw: str) -> str:
    """A Content-Type without comments (RFC 2045 §5.1). Brackets of a file name are none."""
    if "(" not in raw or "name" in raw.lower():
        return raw
    return _COMMENT.sub(lambda match: match[1] or "", raw)
