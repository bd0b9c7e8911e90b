"""A mail's files: bytes into the sink, safe names, inline or not.

What counts as a file is `structure`'s question; where bytes end up is the sink's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maildesk.mail import filename
from maildesk.mail.defects import Defects
from maildesk.mail.headers import decode_value
from maildesk.mail.message import Attachment, Sink
from maildesk.mail.structure import Leaf

_CID = re.compile(r"cid:([^\"'\s>)]{1,200})", re.IGNORECASE)
_SUBJECT = re.compile(rb"^subject:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)


def store(
    files: tuple[Leaf, ...], html: str, sink: Sink, prior: str, defects: Defects
) -> Iterator[Attachment]:
    """Save the files in order; `html` tells which of them it shows. OSError is the caller's."""
    shown = set(_CID.findall(html)) if html else set()
    for number, leaf in enumerate(files, 1):
        stored = sink.save(leaf.chunks())
        for defect in leaf.defects:
            defects.add(defect)
        name = filename.clean(leaf.name) if leaf.name else ""
        if leaf.name and not name:
            defects.add("attachment: name not usable")
        yield Attachment(
            filename=name or filename.invent(leaf.content_type, number, title=_title(leaf, prior)),
            content_type=leaf.content_type[:255],
            size=stored.size,
            sha256=stored.sha256,
            inline=_is_inline(leaf, shown),
            content_id=leaf.content_id,
        )


def _is_inline(leaf: Leaf, shown: set[str]) -> bool:
    """Shown within the text: an image said to be inline, or anything the HTML points at."""
    if leaf.content_id is not None and leaf.content_id in shown:
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
