"""Who wrote a mail that cannot be read, and about what: the head alone, as far as it goes."""

from __future__ import annotations

from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

_HEAD = 64 * 1024


def peek(path: Path) -> tuple[str, str]:
    """(sender, subject), either "" when it cannot be told. Never raises."""
    try:
        with path.open("rb") as file:
            head = BytesHeaderParser(policy=policy.default).parsebytes(file.read(_HEAD))
        return str(head.get("From", ""))[:200], str(head.get("Subject", ""))[:200]
    except Exception:  # whatever made the mail unreadable may be in its head
        return "", ""
