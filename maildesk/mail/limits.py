"""How much of one mail we are willing to read (DESIGN §12).

Plain numbers; who checks them is `mail.parse` and the rooms it calls. A mail beyond a hard limit
is Unreadable and goes to quarantine; a text beyond a soft one is cut with a defect, never lost:
the whole part is then kept as an attachment.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. Hard: mail, header, skeleton, parts, depth. Soft: text, html, headers."""

    mail_bytes: int = 200 * 1024 * 1024
    header_bytes: int = 1024 * 1024
    skeleton_bytes: int = 32 * 1024 * 1024
    parts: int = 2_000
    depth: int = 60
    text_bytes: int = 4 * 1024 * 1024
    html_bytes: int = 2 * 1024 * 1024
    headers: int = 2_000
    addresses: int = 5_000
    ids: int = 1_000
