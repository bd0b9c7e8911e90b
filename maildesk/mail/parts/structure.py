"""Which parts of a mail are its words, and which are files? A walk over the tree of its parts.

Yields the body as segments in reading order (a plain and an HTML form of the same words belong
to one segment) and everything else as files. Forwarded mails stay one file; signed wrappers and
Outlook's `winmail.dat` are opened. Decides nothing about characters, quotes or kinds of mail.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass, replace

from maildesk.mail.defects import Defects
from maildesk.mail.header.headers import decode_value, parse_parameters
from maildesk.mail.limits import Limits
from maildesk.mail.parts import cms, enriched, tnef
from maildesk.mail.parts.leaf import Leaf as Leaf
from maildesk.mail.parts.leaf import Segment as Segment
from maildesk.mail.parts.leaf import make_bytes
from maildesk.mail.parts.tree import Part, grow

ENCRYPTED = "encrypted: cannot be read here"

_PLAIN = frozenset(
    {"text/plain", "text/markdown", "text/x-markdown", "text/text", "text/ascii", "text/x-plain"}
)
_RICH = {
    "text/enriched": enriched.strip_enriched,
    "text/richtext": enriched.strip_richtext,
}
_FORMS = frozenset({"text/x-amp-html", "text/watch-html", *_RICH})
_SEALS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_OPAQUE = frozenset({"application/octet-stream", "application/x-octet-stream", "", "text/plain"})
_DATA_NAMES = """
text/calendar text/x-vcalendar text/vcard text/x-vcard text/directory text/rtf text/csv text/xml
text/css text/javascript text/rfc822-headers text/tab-separated-values
"""
_DATA = frozenset(_DATA_NAMES.split())
_PAGE = (b"<!doctype html", b"<html")
_MOST_OPENED = 10  # wrappers of one mail that are looked into


@dataclass(frozen=True, slots=True)
class Outline:
    """A mail's parts: `top` is the mail's own type with its parameters.

    `spare` are words that count only where the mail has none: the body inside `winmail.dat`.
    """

    top: str
    parameters: dict[str, str]
    segments: tuple[Segment, ...]
    files: tuple[Leaf, ...]
    spare: tuple[Segment, ...] = ()
    encrypted: bool = False


def walk(root: Part, limits: Limits, prior: str, defects: Defects) -> Outline:
    """The outline of a mail's tree."""
    walker = _Walker(limits, prior, defects)
    found = walker.collect(root, form=True)
    files = walker.list_files()
    if not found:
        hidden = next((leaf for leaf in files if _could_be_words(leaf)), None)
        if hidden is not None:
            found = [_segment(hidden)]
            if not hidden.name or not hidden.disposition:
                files = [leaf for leaf in files if leaf is not hidden]  # nobody meant a file
    return Outline(
        root.mime,
        root.parameters,
        tuple(_speak(segment) for segment in found),
        tuple(files),
        tuple(walker.spare),
        walker.encrypted,
    )


class _Walker:
    """The state of one walk: files found so far, what was opened."""

    def __init__(self, limits: Limits, prior: str, defects: Defects) -> None:
        self.limits = limits
        self.prior = prior
        self.defects = defects
        self.files: list[Leaf] = []
        self.spare: list[Segment] = []
        self.encrypted = False
        self.opened = 0

    def collect(
        self, part: Part, *, body: bool = True, related: bool = False, form: bool = False
    ) -> list[Segment]:
        """The body segments of `part`; its files are added.

        `body` False: all leaves are files. `form`: it is the whole mail or one form of it.
        """
        parts = part.parts
        if parts is None:
            return self._place(self._read_leaf(part, related), body and not part.sealed, form)
        kind = part.mime[10:]
        if kind == "alternative":
            return self._read_alternative(parts, body)
        if kind == "related":
            return self._read_related(parts, part.parameters, body)
        if kind == "encrypted":
            self._seal()
            body = False
        elif kind.endswith("appledouble"):
            # The other half, the resource fork, says nothing outside a Macintosh.
            parts = [one for one in parts if one.mime != "application/applefile"] or parts
        segments: list[Segment] = []
        for place, child in enumerate(parts):
            words = body and kind != "digest" and (kind != "report" or place == 0)
            segments += self.collect(child, body=words)
        return segments

    def list_files(self) -> list[Leaf]:
        """The files; the version note of OpenPGP (RFC 3156 §4) is none where the message is."""
        notes = [leaf for leaf in self.files if leaf.content_type == "application/pgp-encrypted"]
        others = [leaf for leaf in self.files if leaf.content_type != "application/pgp-encrypted"]
        if notes and others:
            self._seal()  # also where Exchange has turned the wrapper into `mixed`
            return others
        return self.files

    def _read_alternative(self, parts: list[Part], body: bool) -> list[Segment]:
        found = [
            segment for child in parts for segment in self.collect(child, body=body, form=True)
        ]
        plain = tuple(leaf for segment in found for leaf in segment.plain)
        html = tuple(leaf for segment in found for leaf in segment.html)
        rich = tuple(leaf for segment in found for leaf in segment.rich)
        if plain or html:
            return [Segment(plain, html)]
        return [Segment(rich=rich[:1])] if rich else []

    def _read_related(
        self, parts: list[Part], parameters: dict[str, str], body: bool
    ) -> list[Segment]:
        start = parameters.get("start", "").strip("<> ")
        root = 0
        if start:
            ids = [(child.first("content-id") or "").strip("<> \t\r\n") for child in parts]
            root = ids.index(start) if start in ids else 0
        elif parts and not parts[0].mime.startswith(("text/", "multipart/")):
            # Some put the pictures first and name no root.
            kinds = [child.mime.startswith(("text/", "multipart/")) for child in parts]
            root = kinds.index(True) if True in kinds else 0
        segments: list[Segment] = []
        for place, child in enumerate(parts):
            segments += self.collect(child, body=body and place == root, related=place != root)
        return segments

    def _place(self, leaf: Leaf, body: bool, form: bool) -> list[Segment]:
        """A leaf is words when it is text, not declared a file, and stands where words stand."""
        kind = leaf.content_type
        named = bool(leaf.name) and not (form and not leaf.disposition)
        is_file = not body or leaf.disposition == "attachment" or named
        if not is_file and kind == "text/html":
            return [Segment(html=(leaf,))]
        if not is_file and (kind in _PLAIN or kind.startswith("multipart/")):
            if _is_page(leaf):
                self.defects.add("structure: HTML labelled as something else")
                return [Segment(html=(replace(leaf, content_type="text/html"),))]
            return [Segment(plain=(leaf,))]
        if not is_file and kind in _FORMS:
            return [Segment(rich=(leaf,))]
        segments: list[Segment] = []
        if kind in _SEALS or (kind in _OPAQUE and leaf.name.lower().endswith(".p7m")):
            segments = self._open_seal(leaf, body, form)
        elif kind in _TNEF or (kind in _OPAQUE and _is_tnef(leaf)):
            if self._open_tnef(leaf):
                return []
        elif kind == "application/x-microsoft-rpmsg-message":
            self._seal()
        self.files.append(leaf)
        return segments

    def _open_seal(self, leaf: Leaf, body: bool, form: bool) -> list[Segment]:
        """What an S/MIME wrapper holds (RFC 8551 §3.5): a whole part when it is only signed."""
        self.opened += 1
        if self.opened > _MOST_OPENED:
            return []
        data, complete = leaf.read(cms.LARGEST)
        found = cms.open_message(data) if complete else None
        if found is None:
            label = leaf.parameters.get("smime-type", "").lower()
            if label.endswith("enveloped-data"):
                self._seal()
            elif body:
                self.defects.add("signed: cannot be opened")
            return []
        if found.encrypted:
            if form or leaf.name.lower() in ("", "smime.p7m"):
                self._seal()
            return []
        if not found.looks_like_part():
            return []  # a signed document, not a signed mail
        inner = grow(found.content, 0, self.limits, self.prior, self.defects)
        return self.collect(inner, body=body)

    def _open_tnef(self, leaf: Leaf) -> bool:
        """Outlook's own wrapper: its files are the mail's, its body speaks if nobody else does.

        Whether that was all of it: then nobody needs the wrapper, which the raw mail keeps.
        """
        self.opened += 1
        if self.opened > _MOST_OPENED:
            return False
        data, complete = leaf.read(tnef.LARGEST)
        found = tnef.unpack(data, self.prior) if complete else None
        if found is None:
            return False
        if found.damaged:
            self.defects.add("winmail: damaged, read as far as it goes")
        self.files += found.files
        self.spare += [_segment(one) for one in found.body]
        return not found.damaged and bool(found.files or found.body)

    def _seal(self) -> None:
        self.encrypted = True
        self.defects.add(ENCRYPTED)

    def _read_leaf(self, part: Part, related: bool) -> Leaf:
        disposition = ""
        given: dict[str, str] = {}
        encoding = ""
        content_id: str | None = None
        location: str | None = None
        for key, raw in part.raw_items():
            if not key.startswith(("C", "c")):
                continue
            name, value = key.lower(), str(raw)
            if name == "content-disposition" and not disposition:
                disposition, given = parse_parameters(value, prior=self.prior)
            elif name == "content-transfer-encoding" and not encoding:
                encoding = value
            elif name == "content-id" and content_id is None:
                bare = value.strip("<> \t\r\n")
                content_id = decode_value(bare, prior=self.prior).text if bare else None
            elif name == "content-location" and location is None:
                location = "".join(value.split()) or None
        return Leaf(
            content_type=part.mime,
            parameters=part.parameters,
            disposition=disposition,
            name=given.get("filename") or part.parameters.get("name") or "",
            encoding="" if part.sealed else encoding,
            content_id=content_id,
            source=part.source,
            begin=part.begin,
            end=part.end,
            related=related,
            location=location,
        )


def _speak(segment: Segment) -> Segment:
    """A segment in forms everybody reads."""
    if not segment.rich:
        return segment
    leaf = segment.rich[0]
    strip = _RICH.get(leaf.content_type)
    if strip is None:
        return Segment(html=(replace(leaf, content_type="text/html"),))
    data, _ = leaf.read(enriched.LARGEST)
    return Segment(plain=(make_bytes(strip(data), "text/plain", leaf.parameters),))


def _segment(leaf: Leaf) -> Segment:
    return Segment(html=(leaf,)) if leaf.content_type == "text/html" else Segment(plain=(leaf,))


def _could_be_words(leaf: Leaf) -> bool:
    """Whether a file may be what somebody wrote, where nothing else is."""
    kind = leaf.content_type
    if leaf.disposition == "attachment" and leaf.name:
        return False
    return kind in ("text/plain", "text/html") or (
        # An unknown kind of text is plain text (RFC 2046 §4.1.4).
        kind.startswith("text/") and not leaf.name and kind not in _DATA
    )


def _is_page(leaf: Leaf) -> bool:
    """Whether a text that is said to be plain begins as HTML must."""
    start = leaf.peek_raw(120)
    if "base64" in leaf.encoding.lower():
        clean = start.translate(None, b" \r\n\t")
        try:
            start = binascii.a2b_base64(clean[: len(clean) - len(clean) % 4])
        except binascii.Error:
            return False
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE)


def _is_tnef(leaf: Leaf) -> bool:
    return leaf.name.lower() in ("winmail.dat", "win.dat") or leaf.peek().startswith(tnef.SIGNATURE)
