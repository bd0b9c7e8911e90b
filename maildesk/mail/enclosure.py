"""Files that go with a letter: the finished letter and its files' bytes become what is sent.

`compose` writes a letter that leaves room for files; here the room is filled, each time with the
same bytes, so that an outbox row stays small. How many bytes may travel is the caller's question.

A name beyond plain ASCII is written three times, because no single form is read by all: as RFC 2231
`filename*` for whoever keeps to the standards, and as encoded words in `filename` and in the type's
`name`, which RFC 2047 §5 forbids and Outlook (over POP and IMAP), Foxmail and QQ Mail understand
alone. The standard form comes first and is never cut into pieces: Python reads only the first, and
QQ Mail shows a name in pieces as `tcmime.….bin`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from urllib.parse import quote

from maildesk.errors import MaildeskError
from maildesk.mail.compose import FILES, encode_words, is_id
from maildesk.mail.files import filename
from maildesk.mail.message import Attachment

OpenFile = Callable[[str], Iterable[bytes]]
"""A file's bytes in pieces, by its hex SHA-256; FileNotFoundError when it is not kept."""

_LINE_BYTES = 57  # what a base64 line of 76 columns holds (RFC 2045 §6.8)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._()+,@-](?:[A-Za-z0-9 ._()+,@-]{0,58}[A-Za-z0-9._()+,@-])?")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,99}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}")
_OPAQUE = "application/octet-stream"


class Incomplete(MaildeskError):
    """A file of the letter is gone or damaged. Half a letter must not leave."""


def assemble(data: bytes, files: Sequence[Attachment], open_file: OpenFile) -> bytes:
    """The letter `compose` wrote, with its files in order; equal values give equal bytes.

    No line of a file can look like the boundary: base64 has neither `-` nor `_`. Raises Incomplete
    when a file is not there whole, or `data` leaves no room for files; any other OSError of
    `open_file` is the caller's.
    """
    if not files:
        return data
    body, ending = _split(data)
    delimiter = ending[:-4] + b"\r\n"
    letter = BytesIO()
    letter.write(body)
    for number, item in enumerate(files, 1):
        letter.write(delimiter)
        letter.write(_write_head(item, number).encode("ascii"))
        _pour(letter, item, open_file)
    letter.write(ending)
    return letter.getvalue()


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Everything before the closing boundary line, and that line."""
    start = data.rfind(b"\r\n--" + FILES.encode("ascii"), 0, -2) + 2
    ending = data[start:]
    if start < 2 or not ending.endswith(b"--\r\n") or b"\n" in ending[:-1]:
        raise Incomplete("the letter was written without room for files")
    return data[:start], ending


def _write_head(item: Attachment, number: int) -> str:
    kind = item.content_type.lower()
    # These may not be encoded (RFC 2046 §5), and a reader would look for parts inside them.
    if not _TYPE.fullmatch(kind) or kind.startswith(("message/", "multipart/")):
        kind = _OPAQUE
    name = filename.clean(item.filename) or filename.invent(item.content_type.lower(), number)
    if _PLAIN_NAME.fullmatch(name):
        for_type, for_disposition = f'\r\n name="{name}"', f'\r\n filename="{name}"'
    else:
        for_type = f'\r\n name="{_encode_name(name, " name=")}"'
        for_disposition = (
            f"\r\n filename*=utf-8''{quote(name, safe='')};"
            f'\r\n filename="{_encode_name(name, " filename=")}"'
        )
    lines = [
        f"Content-Type: {kind};{for_type}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {'inline' if item.inline else 'attachment'};{for_disposition}",
    ]
    if item.inline and item.content_id and is_id(item.content_id):
        lines.append(f"Content-ID: <{item.content_id}>")
    return "\r\n".join(lines) + "\r\n\r\n"


def _encode_name(name: str, before: str) -> str:
    return "\r\n ".join(encode_words(name, len(before) + 2))  # the quotes take two columns


def _pour(letter: BytesIO, item: Attachment, open_file: OpenFile) -> None:
    """Write a file as lines of base64, and hold it against its hash."""
    digest = hashlib.sha256()
    rest = b""
    try:
        for chunk in open_file(item.sha256):
            digest.update(chunk)
            rest += chunk
            whole = len(rest) - len(rest) % _LINE_BYTES
            letter.write(_encode_lines(rest[:whole]))
            rest = rest[whole:]
    except FileNotFoundError:
        raise Incomplete(f"its file {item.filename!r} is not there any more") from None
    letter.write(_encode_lines(rest) or b"\r\n")
    if digest.hexdigest() != item.sha256:
        raise Incomplete(f"its file {item.filename!r} is damaged")


def _encode_lines(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
