"""A letter as values: what parsing yields and what the desk may see of it.

Pure data. How the values come about is `mail.parse`'s question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Kind(StrEnum):
    """What sort of letter it is (RFC 3464, RFC 3834, RFC 2919, RFC 8098)."""

    ORDINARY = "ordinary"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of a header (RFC 5322 §3.4). `email` is as written, without `<>`."""

    name: str
    email: str

    @property
    def key(self) -> str:
        """The form addresses are compared in: lower case, `+tag` of the local part removed."""
        return address_key(self.email)


LONGEST_ADDRESS = 254
"""Characters of an address mail can be sent to (RFC 5321 §4.5.3.1.3 with its erratum 1690)."""


def is_usable(email: str) -> bool:
    """Whether mail could be sent there: both halves, and no longer than SMTP allows."""
    local, _, domain = email.rpartition("@")
    return bool(local and domain) and len(email) <= LONGEST_ADDRESS


def address_key(email: str) -> str:
    local, at, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with the letter; its bytes are in the sink under `sha256` (hex).

    `content_type` is what the mail says, `detected` what the bytes say where that differs.
    `decoration`: a logo, a line or a tracking pixel, kept but not worth showing.
    """

    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool
    content_id: str | None = None
    detected: str | None = None
    decoration: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report (RFC 3464): `status` like "5.1.1", `action` like "failed".

    `permanent`: trying again is of no use; False for a full mailbox, None where nobody said why.
    """

    status: str | None
    action: str | None
    recipients: tuple[str, ...]
    original_message_id: str | None = None
    permanent: bool | None = None


@dataclass(frozen=True, slots=True)
class Spooled:
    """A raw mail on disk: its hash (hex SHA-256), size in bytes, and where it lies."""

    sha256: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True)
class Stored:
    """What a sink answers for bytes it took: hex SHA-256 and size in bytes."""

    sha256: str
    size: int


class Sink(Protocol):
    """Takes a file's bytes in pieces, so that no attachment is ever whole in memory."""

    def save(self, chunks: Iterable[bytes]) -> Stored: ...


class Verdict(StrEnum):
    """What the receiving servers say of a sender."""

    PASS = "pass"
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Clue:
    """One piece of evidence about a sender, believed or not, with the reason."""

    source: str
    says: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Authenticity:
    """Whether a mail is from whom it says; a failure outweighs everything."""

    verdict: Verdict
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail that was read. Ids stand without `<>`; texts use `\\n`.

    `text` is the whole body, `reply` the newly written words, `quoted` the history below them,
    `signature` what was cut as such. `html` is the HTML source when there was one.
    `auto_generated` marks monitoring and the like (RFC 3834 `auto-generated`): a ticket, no answer.
    `encrypted`: its words cannot be read here (S/MIME, OpenPGP), only kept as a file.
    """

    kind: Kind
    message_id: str | None
    subject: str
    sender: Address | None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    text: str = ""
    reply: str = ""
    quoted: str = ""
    signature: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    bounce: Bounce | None = None
    auto_generated: bool = False
    encrypted: bool = False
    defects: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """The first header of that name, any case, decoded and unfolded; None when absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
