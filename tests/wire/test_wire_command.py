"""What goes onto an SMTP connection for a letter, whatever is in it."""

from __future__ import annotations

import re
import smtplib

from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.wire.command import write_data, write_envelope

PIECES = st.sampled_from([b"a", b".", b"..", b"\r", b"\n", b"\r\n", b"\r\n.", "中".encode()])


@given(st.lists(PIECES).map(b"".join) | st.binary())
@example(b".")
@example(b"\r\n.\r\n")
def test_the_data_can_never_end_the_letter_early(data: bytes) -> None:
    written = write_data(data)
    assert written.endswith(b"\r\n")
    assert b"\r\n.\r\n" not in b"\r\n" + written
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", written)


@given(st.lists(PIECES).map(b"".join))
def test_the_data_is_what_the_standard_library_would_send(data: bytes) -> None:
    expected = smtplib._quote_periods(smtplib._fix_eols(data.decode()).encode())  # type: ignore[attr-defined]
    if not expected.endswith(b"\r\n"):
        expected += b"\r\n"
    assert write_data(data) == expected


@given(st.text(), st.text(), st.integers(0, 2_000_000), st.booleans(), st.booleans())
def test_an_envelope_is_one_line_with_one_address_or_is_refused(
    sender: str, recipient: str, size: int, seven_bit: bool, able: bool
) -> None:
    offered = {"size": "1000000", "8bitmime": ""} | ({"smtputf8": ""} if able else {})
    refusal, mail, rcpt = write_envelope(offered, sender, recipient, size, seven_bit)
    if refusal:
        assert (mail, rcpt) == ((), ())
        return
    for words, address in ((mail, sender), (rcpt, recipient)):
        line = b" ".join(words)
        assert not re.search(rb"[\x00-\x1f\x7f]", line)
        assert line.count(b"<") == line.count(b">") == 1
        assert b"<" + address.encode() + b">" in line
    assert size <= 1_000_000
    assert able or (sender + recipient).isascii()
