"""How much of one mail we are willing to read (DESIGN §12).

Plain numbers; who checks them is `mail.parse` and the rooms it calls. A mail that is too large is
Unreadable and goes to quarantine. Beyond every other limit the reader stops with a defect, and
what it did not read is kept whole as an attachment, never lost.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, everything else counted."""

    mail_bytes: int = 200 * 1024 * 1024
    parts: int = 2_000
    depth: int = 60
    text_bytes: int = 4 * 1024 * 1024
    html_bytes: int = 2 * 1024 * 1024
    headers: int = 2_000
    addresses: int = 5_000
    ids: int = 1_000
