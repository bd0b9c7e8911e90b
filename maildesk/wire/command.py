"""What is said to an SMTP server about a letter: MAIL, RCPT and the bytes after DATA.

Pure: addresses, bytes and the server's extensions in, command words out. An address that could
smuggle anything else onto a command line is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Words = tuple[bytes, ...]

_LINE_END = re.compile(rb"\r\n|\r|\n")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")


def is_word(text: str) -> bool:
    """Whether the text is safe inside a command: no blank, control character, `<` or `>`."""
    return _UNSAFE.search(text) is None


def write_envelope(
    offered: Mapping[str, str], sender: str, recipient: str, size: int = 0, seven_bit: bool = True
) -> tuple[str, Words, Words]:
    """Why the letter cannot be offered to this server (or ""), and the MAIL and RCPT commands.

    `offered` are the server's extensions, lower case, with their parameters; `size` is in bytes;
    an empty `sender` is the null sender (RFC 5321 §4.5.5). SIZE: RFC 1870, BODY: RFC 6152,
    SMTPUTF8: RFC 6531.
    """
    for address in (sender, recipient):
        if not is_word(address):
            return f"{address!r} is not an address", (), ()
    if not recipient:
        return "the letter has no recipient", (), ()
    options: list[bytes] = []
    if size and "size" in offered:
        limit = offered["size"]
        if limit.isdigit() and 0 < int(limit) < size:
            return f"the letter has {size} bytes, the server takes {limit}", (), ()
        options.append(b"SIZE=%d" % size)
    if not seven_bit and "8bitmime" in offered:
        options.append(b"BODY=8BITMIME")
    if not (sender.isascii() and recipient.isascii()):
        if "smtputf8" not in offered:
            foreign = recipient if sender.isascii() else sender
            return f"the server cannot take the non-ASCII address {foreign}", (), ()
        options.append(b"SMTPUTF8")
    mail = (b"MAIL", b"FROM:<" + sender.encode() + b">", *options)
    return "", mail, (b"RCPT", b"TO:<" + recipient.encode() + b">")


def write_data(data: bytes) -> bytes:
    """The letter as DATA wants it: CRLF line ends, dots doubled at line starts, no final dot."""
    ends = data.count(b"\r\n")
    if ends != data.count(b"\n") or ends != data.count(b"\r"):
        data = _LINE_END.sub(b"\r\n", data)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    if data.startswith(b"."):
        data = b"." + data
    return data.replace(b"\r\n.", b"\r\n..")
