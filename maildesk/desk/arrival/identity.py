"""Is this the same letter? The three identities of a mail (DESIGN §3) as hashes.

The sighting is a row's key and the raw mail is its SHA-256; this module names the *letter*.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from maildesk.mail.message import Incoming, Kind

# Lines gateways and lists add on the way; the same letter has them in one mailbox only.
_BANNER = re.compile(
    r"^\W*(external( e-?mail)?|外部邮件|caution|注意)\b.{0,200}$|^\W*(external|外部邮件)\W*$",
    re.IGNORECASE,
)
_LIST_FOOTER = re.compile(r"^_{20,}\s*$|^-- \s*$")
_FOOTER_LINES = 8


def identify_letter(desk_id: str, mail: Incoming, raw_sha256: str) -> str:
    """The letter's fingerprint, hex. Without a Message-ID only the raw bytes identify it.

    Trace headers never enter; list footers, `[External]` tags and white space are ignored. The
    same Message-ID with really other content is another letter.
    """
    parts = [desk_id]
    if mail.message_id is None:
        parts.append(raw_sha256)
    else:
        sender = mail.sender.email.lower() if mail.sender else ""
        parts += [mail.message_id, sender, mail.header("Date") or "", _words(mail.reply)]
        parts += sorted(item.sha256 for item in mail.attachments)
        if mail.kind is not Kind.ORDINARY:
            # A list's copy is never answered; it must not stand for the request itself.
            parts.append(mail.kind.value)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def identify_sighting(message_id: str | None, date: str | None, size: int) -> str:
    """What lets a mail be known again under a new UIDVALIDITY, before it is fetched. Hex."""
    parts = ["no-id", str(size)] if message_id is None else [message_id]
    parts.append(date or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _words(text: str) -> str:
    lines = text.splitlines()
    for at in range(max(0, len(lines) - _FOOTER_LINES), len(lines)):
        if _LIST_FOOTER.match(lines[at]):
            lines = lines[:at]
            break
    kept = (line for line in lines if not _BANNER.match(line.strip()))
    return "".join(unicodedata.normalize("NFC", "".join(kept)).split())
