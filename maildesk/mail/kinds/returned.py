"""Which mail came back with a report? Its Message-ID, and where its copy begins in a text.

From the parts that hold it, else from the copy inside the words, else from the report's own
threading headers. Whether the mail is a report is `bounce`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from maildesk.mail.header.headers import find_ids
from maildesk.mail.parts.leaf import Leaf

_READ = 64 * 1024
_MOST_PARTS = 20
_COPIES = frozenset(
    {
        *("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"),
        *("message/rfc822-headers", "message/partial", "text/rfc822", "message/external-body"),
        *("message/rfc-822", "text/rfc822-header", "text/message-headers"),
    }
)
_MAYBE = frozenset({"text/plain", "application/octet-stream", "text/html", ""})
_ID = re.compile(
    rb"^[ \t>]{0,8}(?:message-id|original-message-id|x-original-message-id)[ \t]*:[ \t]*"
    rb"(?:\r?\n[ \t]+)?([^\r\n]{1,2000})",
    re.IGNORECASE | re.MULTILINE,
)
_CUT = re.compile(
    r"^[ \t]*(?:"
    r"-{2,80} ?(?:below this line|this is a copy|the header of the original|the body of the|"
    r"(?:original|returned|undelivered|unsent|start of|begin|message header|transcript follows|"
    r"forwarded|enclosed|included|copy of|failed|attached)[^\n]{0,60}(?:message|mail|header|"
    r"follow)|"
    r"(?:原始|原邮件|原郵件|原信|以下|退回)|original ?-)|"
    r"-{2,40} ?(?:message headers?|headers?|mail headers?)\b|"
    r"(?:the )?(?:original|your) (?:message|mail)(?:'s)? (?:headers?|text|content|body|follows|"
    r"was ?:|is included|is (?:below|attached|included))|"
    r"\*{3,} ?original|={3,} ?original|message headers? follows?|headers? of the original|"
    r"returned message follows|unsent message (?:follows|below)|"
    r"(?:原始邮件|原邮件|原郵件|原始郵件|原信件)(?:内容|內容|头|標頭|信息|如下|：|:)|"
    r">{0,3} ?(?:return-path|received|x-[a-z-]{1,40}|dkim-signature|message-id|mime-version) ?: ?\S"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
_FIELDS = re.compile(
    r"^[ \t>]{0,8}(received|from|message-id|mime-version|return-path|date|subject|content-type)"
    r"[ \t]{0,4}:[ \t]{0,9}\S",
    re.IGNORECASE | re.MULTILINE,
)


def is_copy(leaf: Leaf) -> bool:
    """Whether a part is the mail that came back, or its header."""
    return leaf.content_type in _COPIES


def find_cut(text: str) -> int:
    """Where the returned mail's copy begins; the text's length when it holds none."""
    found = _CUT.search(text)
    return found.start() if found else len(text)


def has_copy(text: str) -> bool:
    """Whether a text holds the header block of a mail: three fields that only mails have."""
    names = {match[1].lower() for match in _FIELDS.finditer(text[:_READ])}
    return bool(names & {"received", "message-id", "mime-version", "return-path"}) and (
        len(names) >= 3
    )


def find_original(files: Iterable[Leaf], text: str, headers: Mapping[str, str]) -> str | None:
    """The Message-ID of the returned mail, without `<>`."""
    maybe: list[Leaf] = []
    for place, leaf in enumerate(files):
        if place >= _MOST_PARTS:
            break
        if leaf.content_type in _COPIES:
            found = _find_id(leaf.read(_READ)[0])
            if found:
                return found
        elif leaf.content_type in _MAYBE or leaf.content_type.startswith("message/"):
            maybe.append(leaf)
    for leaf in maybe:
        found = _find_id(leaf.read(_READ)[0])
        if found:
            return found
    found = _find_id(text[:_READ].encode("utf-8", "replace"))
    if found:
        return found
    for name in ("in-reply-to", "references", "x-original-message-id"):
        ids = find_ids(headers[name]) if headers.get(name, "").strip() else ()
        if ids and "@" in ids[-1]:
            return ids[-1]
    return None


def _find_id(data: bytes) -> str | None:
    match = _ID.search(data)
    ids = find_ids(match[1].decode("utf-8", "replace")) if match else ()
    return ids[0] if ids else None
