"""Which parts of a mail are its words, and which are files? A walk over the parsed message.

Yields the body as segments in reading order (a plain and an HTML form of the same words belong
to one segment) and everything else as files. Forwarded mails stay one file. Decides nothing about
characters, quotes or kinds of mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from maildesk.errors import Unreadable
from maildesk.mail.content import decode_transfer
from maildesk.mail.headers import decode_value, parse_parameters
from maildesk.mail.limits import Limits
from maildesk.mail.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part that holds no parts. `name` is as the mail gives it (decoded, not yet safe)."""

    content_type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    encoding: str
    content_id: str | None
    payload: bytes
    skeleton: Skeleton
    related: bool = False
    defects: list[str] = field(default_factory=list)

    def chunks(self) -> Iterator[bytes]:
        """The decoded bytes in pieces; damage goes to `defects`."""
        return decode_transfer(self.encoding, self.skeleton.restore(self.payload), self._note)

    def read(self, most: int) -> tuple[bytes, bool]:
        """The first `most` bytes and whether that was all."""
        held: list[bytes] = []
        size = 0
        for chunk in self.chunks():
            held.append(chunk)
            size += len(chunk)
            if size > most:
                return b"".join(held)[:most], False
        return b"".join(held), True

    def _note(self, defect: str) -> None:
        if defect not in self.defects:
            self.defects.append(defect)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the body: its plain parts, its HTML parts, or both forms of the same words."""

    plain: tuple[Leaf, ...] = ()
    html: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A mail's parts: `top` is the mail's own type with its parameters."""

    top: str
    parameters: dict[str, str]
    segments: tuple[Segment, ...]
    files: tuple[Leaf, ...]


def walk(message: Message, skeleton: Skeleton, limits: Limits, prior: str) -> Outline:
    """The outline of a parsed message. Unreadable when parts or nesting go beyond the limits."""
    walker = _Walker(skeleton, limits, prior)
    top, parameters = walker.type_of(message)
    segments = walker.collect(message, 0)
    if not segments:
        named = [leaf for leaf in walker.files if _could_be_words(leaf)]
        segments = [_segment(leaf) for leaf in named[:1]]
    return Outline(top, parameters, tuple(segments), tuple(walker.files))


class _Walker:
    """The state of one walk: files found so far, parts counted."""

    def __init__(self, skeleton: Skeleton, limits: Limits, prior: str) -> None:
        self.skeleton = skeleton
        self.limits = limits
        self.prior = prior
        self.files: list[Leaf] = []
        self.count = 0

    def type_of(self, part: Message) -> tuple[str, dict[str, str]]:
        raw = _first(part, "content-type")
        if raw is None:
            return part.get_default_type(), {}
        content_type, parameters = parse_parameters(raw, prior=self.prior)
        content_type = self.skeleton.original_type(content_type)
        if content_type.count("/") != 1:
            content_type = "text/html" if content_type == "html" else "text/plain"
        return content_type, parameters

    def collect(
        self, part: Message, depth: int, *, body: bool = True, related: bool = False
    ) -> list[Segment]:
        """The body segments of `part`; its files are added. `body` False: all leaves are files."""
        self.count += 1
        if self.count > self.limits.parts:
            raise Unreadable(f"the mail has more than {self.limits.parts} parts")
        if depth > self.limits.depth:
            raise Unreadable(f"the mail is nested deeper than {self.limits.depth} levels")
        content_type, parameters = self.type_of(part)
        # Asking a leaf for its payload would decode it by a charset that may hold anything.
        children = part.get_payload() if part.is_multipart() else None
        if not isinstance(children, list):
            leaf = self._leaf(part, content_type, parameters, related)
            return self._place(leaf, body)
        parts = [child for child in children if isinstance(child, Message)]
        if not content_type.startswith("multipart/"):
            # A digest's member without a type of its own: the parser opened it, we keep it closed.
            self.files.append(self._closed(part, content_type))
            return []
        kind = content_type[10:]
        inside = depth + 1
        if kind == "alternative":
            return self._alternative(parts, inside, body)
        if kind == "related":
            return self._related(parts, parameters, inside, body)
        segments: list[Segment] = []
        for place, child in enumerate(parts):
            words = body and kind != "digest" and (kind != "report" or place == 0)
            segments += self.collect(child, inside, body=words)
        return segments

    def _alternative(self, parts: list[Message], depth: int, body: bool) -> list[Segment]:
        found = [seg for child in parts for seg in self.collect(child, depth, body=body)]
        plain = tuple(leaf for segment in found for leaf in segment.plain)
        html = tuple(leaf for segment in found for leaf in segment.html)
        return [Segment(plain, html)] if plain or html else []

    def _related(
        self, parts: list[Message], parameters: dict[str, str], depth: int, body: bool
    ) -> list[Segment]:
        start = parameters.get("start", "").strip("<> ")
        root = 0
        if start:
            ids = [(_first(child, "content-id") or "").strip("<> \t\r\n") for child in parts]
            root = ids.index(start) if start in ids else 0
        segments: list[Segment] = []
        for place, child in enumerate(parts):
            segments += self.collect(
                child, depth, body=body and place == root, related=place != root
            )
        return segments

    def _place(self, leaf: Leaf, body: bool) -> list[Segment]:
        """A leaf is words when it is text, not declared a file, and stands where words stand."""
        is_text = leaf.content_type in ("text/plain", "text/html") or (
            leaf.content_type.startswith("multipart/")
        )
        is_file = leaf.disposition == "attachment" or bool(leaf.name)
        if not body or not is_text or is_file:
            self.files.append(leaf)
            return []
        return [_segment(leaf)]

    def _leaf(
        self, part: Message, content_type: str, parameters: dict[str, str], related: bool
    ) -> Leaf:
        disposition = ""
        given: dict[str, str] = {}
        raw = _first(part, "content-disposition")
        if raw is not None:
            disposition, given = parse_parameters(raw, prior=self.prior)
        encoding = _first(part, "content-transfer-encoding") or ""
        content_id = (_first(part, "content-id") or "").strip("<> \t\r\n")
        if content_id:
            content_id = decode_value(content_id, prior=self.prior).text
        return Leaf(
            content_type=content_type,
            parameters=parameters,
            disposition=disposition,
            name=given.get("filename") or parameters.get("name") or "",
            encoding="" if content_type.startswith("multipart/") else encoding,
            content_id=content_id or None,
            payload=_payload(part),
            skeleton=self.skeleton,
            related=related,
        )

    def _closed(self, part: Message, content_type: str) -> Leaf:
        policy = part.policy.clone(max_line_length=0)
        data = b"".join(
            child.as_bytes(policy=policy) if isinstance(child, Message) else b""
            for child in part.get_payload()
        )
        return Leaf(content_type, {}, "", "", "", None, data, self.skeleton)


def _segment(leaf: Leaf) -> Segment:
    return Segment(html=(leaf,)) if leaf.content_type == "text/html" else Segment(plain=(leaf,))


def _could_be_words(leaf: Leaf) -> bool:
    return leaf.disposition != "attachment" and leaf.content_type in ("text/plain", "text/html")


def _first(part: Message, name: str) -> str | None:
    """The first raw value of a header, surrogates kept (`part[name]` would lose 8-bit bytes)."""
    return next((str(value) for key, value in part.raw_items() if key.lower() == name), None)


def _payload(part: Message) -> bytes:
    """A leaf's bytes before transfer decoding. Without that header the parser hands them out."""
    del part["content-transfer-encoding"]
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
