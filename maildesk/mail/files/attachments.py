"""A mail's files: bytes into the sink, safe names, true types, inline or not, decoration or not.

What counts as a file is `structure`'s question; where bytes end up is the sink's. A file is read
once: what its first bytes tell is seen while they pass by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from maildesk.mail.defects import Defects
from maildesk.mail.files import filename, sniff
from maildesk.mail.files.decoration import Scene
from maildesk.mail.header.headers import decode_value
from maildesk.mail.message import Attachment, Sink
from maildesk.mail.parts.structure import Leaf

_SUBJECT = re.compile(rb"^subject:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)


def store(
    files: tuple[Leaf, ...], html: str, sink: Sink, prior: str, defects: Defects
) -> Iterator[Attachment]:
    """Save the files in order; `html` tells which of them it shows. OSError is the caller's."""
    named = any(leaf.content_id or leaf.location for leaf in files)
    scene = Scene(html if named else "")
    for number, leaf in enumerate(files, 1):
        passed = bytearray()
        stored = sink.save(_watch(leaf.chunks(), passed))
        head = bytes(passed)
        for defect in leaf.defects:
            defects.add(defect)
        name = filename.clean(leaf.name) if leaf.name else ""
        if leaf.name and not name:
            defects.add("attachment: name not usable")
        detected = sniff.detect(head, leaf.content_type, name)
        kind = detected or leaf.content_type
        inline = _is_inline(leaf, kind, scene)
        yield Attachment(
            filename=name or _invent(leaf, detected, number, prior),
            content_type=leaf.content_type[:255],
            size=stored.size,
            sha256=stored.sha256,
            inline=inline,
            content_id=leaf.content_id,
            detected=detected,
            decoration=kind.startswith("image/")
            and inline
            and scene.is_decoration(leaf.content_id, stored.size, sniff.measure(head)),
        )


def _watch(chunks: Iterable[bytes], head: bytearray) -> Iterator[bytes]:
    """The chunks as they are; `head` takes what is looked at."""
    for chunk in chunks:
        if len(head) < sniff.LOOKED_AT:
            head += chunk[: sniff.LOOKED_AT - len(head)]
        yield chunk


def _invent(leaf: Leaf, detected: str | None, number: int, prior: str) -> str:
    """A nameless file is called after its type: what it says it is, unless it says nothing."""
    opaque = leaf.content_type == "application/octet-stream"
    kind = detected if opaque and detected else leaf.content_type
    return filename.invent(kind, number, title=_title(leaf, prior))


def _is_inline(leaf: Leaf, kind: str, scene: Scene) -> bool:
    """Shown within the text: an image said to be inline, or anything the HTML points at."""
    if scene.shows(leaf.content_id) or (
        leaf.location is not None and kind.startswith("image/") and scene.names(leaf.location)
    ):
        return True
    if not leaf.content_type.startswith("image/"):
        return False
    related = leaf.related and leaf.content_id is not None and leaf.disposition != "attachment"
    return leaf.disposition == "inline" or related


def _title(leaf: Leaf, prior: str) -> str:
    """The subject of a forwarded mail, for its file name."""
    if leaf.content_type not in ("message/rfc822", "message/global"):
        return ""
    head = re.split(rb"\r?\n\r?\n", leaf.read(64 * 1024)[0], maxsplit=1)[0]
    match = _SUBJECT.search(head)
    if match is None:
        return ""
    return decode_value(match[1].decode("utf-8", "surrogateescape"), prior=prior).text
