"""What a letter of ours looks like on the wire: `Outgoing` to finished bytes.

Built directly, since the standard library's `EmailMessage` costs more than everything else an
acknowledgement needs together. The bytes depend on the values alone, so a letter sent twice is
the same letter. It decides no wording and no recipient. A letter with files is written with room
for them, which `enclosure` fills.

A header can carry nothing but its own value: control characters, line separators and bidirectional
overrides are removed before anything is encoded, whoever wrote the text.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

from maildesk.mail.message import Address, Attachment
from maildesk.mail.proof.ids import MARK

AutoSubmitted = Literal["auto-replied", "auto-generated"]

FILES = "=_files."
"""How the boundary begins beside which there is room for files."""

_LINE = 76  # columns of a folded header or a base64 line (RFC 2045 §6.8, RFC 2047 §2)
_WORD = 75  # characters of one encoded word (RFC 2047 §2)
_WORD_FRAME = len("=?utf-8?B??=")

# C0 and C1 controls, line separators, bidirectional embeddings, overrides and isolates.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_NEEDS_ENCODING = re.compile(r"[^\x20-\x7e]|=\?")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_DOT_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_PLAIN_EMAIL = re.compile(_DOT_ATOM + r"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NOT_LOCAL = re.compile(r"""[\s"\\<>@,;:()\[\]]+""")
_NOT_DOMAIN = re.compile(r"[^A-Za-z0-9.:\[\]-]+")
_MSG_ID = re.compile(r"[!-;=?-~]{1,900}")  # printable ASCII without blanks and angle brackets
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,40}")
# What a plain 7bit body may not hold: controls, "From " at a line start (mailbox files change it),
# and lines beyond RFC 5322 §2.1.1.
_NOT_7BIT = re.compile(r"[^\t\n\x20-\x7e]|^From |[^\n]{998}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter to one recipient. Ids stand without `<>`; `date` is aware; texts use `\\n`.

    `auto_submitted` is None on a human's words (RFC 3834 §5); `bulk` marks reports. `mark` is
    `ids.mark` of the desk. `headers` are further ones, ASCII names. `files` are not written, only
    the room for them.
    """

    message_id: str
    from_: Address
    to: Address
    subject: str
    text: str
    date: datetime
    mark: str
    html: str | None = None
    references: tuple[str, ...] = ()
    in_reply_to: str | None = None
    auto_submitted: AutoSubmitted | None = None
    bulk: bool = False
    reply_to: Address | None = None
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[Attachment, ...] = ()


def compose(letter: Outgoing) -> bytes:
    """The letter as RFC 5322 bytes with CRLF; equal values give equal bytes.

    Bodies end in exactly one line end. An id in `references` that no header can hold is left out.
    Raises ValueError for a naive date, an unusable Message-ID or an unusable header name.
    """
    if letter.date.tzinfo is None:
        raise ValueError("a letter's date needs its time zone")
    if not is_id(letter.message_id):
        raise ValueError(f"not a Message-ID: {letter.message_id!r}")
    lines = [
        _write_address("From", letter.from_),
        _write_address("To", letter.to),
    ]
    if letter.reply_to is not None:
        lines.append(_write_address("Reply-To", letter.reply_to))
    lines.append(_write_text("Subject", letter.subject))
    lines.append(f"Date: {format_datetime(letter.date)}")
    lines.append(f"Message-ID: <{letter.message_id}>")
    if letter.in_reply_to is not None and is_id(letter.in_reply_to):
        lines.append(f"In-Reply-To: <{letter.in_reply_to}>")
    references = _write_references(letter.references)
    if references:
        lines.append(references)
    if letter.auto_submitted is not None:
        lines.append(f"Auto-Submitted: {letter.auto_submitted}")
        lines.append("X-Auto-Response-Suppress: All")
    if letter.bulk:
        lines.append("Precedence: bulk")
    lines.append(_write_text(MARK, letter.mark))
    for name, value in letter.headers:
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"not a header name: {name!r}")
        lines.append(_write_text(name, value))
    lines.append("MIME-Version: 1.0")
    lines.append(_write_bodies(letter))
    return "\r\n".join(lines).encode("utf-8", "replace")


def is_id(text: str) -> bool:
    """Whether it can stand between `<>` in a header (RFC 5322 §3.6.4, a little wider)."""
    return _MSG_ID.fullmatch(text) is not None


def clean_header(value: str) -> str:
    """A header's value as it will be read: one line, nothing invisible that changes its reading."""
    return _UNPRINTABLE.sub(" ", value).strip(" ")


def clean_body(text: str) -> str:
    """A body as it will be read, with `\\n`: exactly one line end at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


def encode_words(value: str, column: int) -> list[str]:
    """Encoded words (RFC 2047) of whole characters, the first of them starting at `column`.

    All of the value is encoded: between encoded words blanks vanish, beside plain ones Outlook
    and QQ disagree about them.
    """
    words: list[str] = []
    room = _room(_LINE - column)
    data = value.encode("utf-8", "replace")
    start = 0
    while start < len(data):
        end = min(start + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1  # back to where a character begins
        encoded = binascii.b2a_base64(data[start:end], newline=False).decode("ascii")
        words.append(f"=?utf-8?B?{encoded}?=")
        start, room = end, _room(_WORD)
    return words


def _write_text(name: str, value: str) -> str:
    """An unstructured header (RFC 5322 §3.6.5): plain when it can be, else encoded words."""
    clean = clean_header(value)
    if not _NEEDS_ENCODING.search(clean):
        if len(name) + 2 + len(clean) <= _LINE:
            return f"{name}: {clean}".rstrip()
        if "  " not in clean:
            folded = _fold(f"{name}:", clean.split(" "))
            if folded is not None:
                return folded
    return f"{name}: " + "\r\n ".join(encode_words(clean, len(name) + 2))


def _write_address(name: str, address: Address) -> str:
    email = f"<{_clean_email(address.email)}>"
    words = _write_phrase(clean_header(address.name), len(name) + 2)
    head = f"{name}: " + "\r\n ".join(words)
    if not words:
        return f"{name}: {email}"
    last = len(words[-1]) + (1 if len(words) > 1 else len(name) + 2)
    return head + (" " if last + 1 + len(email) <= _LINE else "\r\n ") + email


def _write_phrase(name: str, column: int) -> list[str]:
    """A display name (RFC 5322 §3.2.5) as the lines it takes."""
    if not name:
        return []
    if len(name) <= _LINE - column - 8 and not _NEEDS_ENCODING.search(name):
        if _ATOMS.fullmatch(name) and "  " not in name:
            return [name]
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        if len(escaped) + 2 <= _LINE - column:
            return [f'"{escaped}"']
    # Encoded words may not stand inside quotes (RFC 2047 §5), and a quoted name that must be
    # folded is what clients read worst; so both cases are encoded.
    return encode_words(name, column)


def _room(columns: int) -> int:
    """How many bytes one encoded word of so many columns holds; always a whole character."""
    return max((min(columns, _WORD) - _WORD_FRAME) // 4 * 3, 4)


def _fold(head: str, words: list[str]) -> str | None:
    """The words on lines of at most 76 columns, or None when one word alone is longer."""
    lines, line = [], head
    for word in words:
        if len(line) + 1 + len(word) <= _LINE:
            line = f"{line} {word}"
        elif line == head or 1 + len(word) > _LINE:
            return None
        else:
            lines.append(line)
            line = f" {word}"
    return "\r\n".join([*lines, line])


def _write_references(references: tuple[str, ...]) -> str:
    usable = [f"<{ref}>" for ref in references if is_id(ref)]
    if not usable:
        return ""
    lines, line = [], "References:"
    for ref in usable:
        if len(line) + 1 + len(ref) > _LINE and line != "References:":
            lines.append(line)
            line = f" {ref}"
        else:
            line = f"{line} {ref}"
    return "\r\n".join([*lines, line])


def _clean_email(email: str) -> str:
    if _PLAIN_EMAIL.fullmatch(email):
        return email
    local, _, domain = _UNPRINTABLE.sub("", email).strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            domain = domain.encode("ascii", "ignore").decode("ascii")
    # Only now: IDNA folds full-width brackets and commas to the ones that end an address.
    domain = _NOT_DOMAIN.sub("", domain)
    if local.startswith('"') and local.endswith('"') and len(local) > 2:
        local = local[1:-1].replace("\\", "").replace('"', "")
        return f'"{local}"@{domain}'
    return f"{_NOT_LOCAL.sub('', local)}@{domain}"


def _write_bodies(letter: Outgoing) -> str:
    words = _write_words(letter)
    if not letter.files:
        return words
    boundary = _choose_boundary(FILES, letter.message_id, words)
    return (
        f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n\r\n'
        f"--{boundary}\r\n{words}\r\n"
        f"--{boundary}--\r\n"
    )


def _write_words(letter: Outgoing) -> str:
    if letter.html is None:
        return _write_part("plain", letter.text)
    parts = (_write_part("plain", letter.text), _write_part("html", letter.html))
    boundary = _choose_boundary("=_", letter.message_id, *parts)
    return (
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
        f"--{boundary}\r\n{parts[0]}\r\n"  # the line end before a boundary is its own
        f"--{boundary}\r\n{parts[1]}\r\n"
        f"--{boundary}--\r\n"
    )


def _choose_boundary(start: str, seed: str, *parts: str) -> str:
    """A boundary that stands in none of the parts; base64 never holds the `=_` it starts with."""
    while True:
        boundary = start + hashlib.sha256(seed.encode("ascii")).hexdigest()[:32]
        if not any(boundary in part for part in parts):
            return boundary
        seed += "+"


def _write_part(subtype: str, body: str) -> str:
    clean = clean_body(body)
    if not _NOT_7BIT.search(clean):
        return (
            f"Content-Type: text/{subtype}; charset=us-ascii\r\n"
            "Content-Transfer-Encoding: 7bit\r\n\r\n" + clean.replace("\n", "\r\n")
        )
    # Line ends of text are CRLF before base64 too (RFC 2049 §4).
    data = clean.replace("\n", "\r\n").encode("utf-8", "replace")
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n" + _wrap_base64(data)
    )


def _wrap_base64(data: bytes) -> str:
    text = binascii.b2a_base64(data, newline=False).decode("ascii")
    return "".join(f"{text[at : at + _LINE]}\r\n" for at in range(0, len(text), _LINE))
