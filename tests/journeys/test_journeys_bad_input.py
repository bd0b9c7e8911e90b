"""Whatever arrives has exactly one outcome, and the mail behind it is answered all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import raw_mail
from worlds import World

CORPUS = sorted((Path(__file__).parent.parent / "corpus").rglob("*.eml"))
HEAD = b"From: x@corp.test\r\nTo: desk@corp.test\r\nMessage-ID: <bad@corp.test>\r\nSubject: bad\r\n"


def many_parts(count: int) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * count + b"--b--"


def deep(levels: int) -> bytes:
    raw = HEAD
    for at in range(levels):
        raw += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (at, at)
    return raw + b"\r\nx\r\n"


def big(megabytes: int) -> bytes:
    line = b"QUJD" * 18 + b"\r\n"
    return (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n'
        + b"\r\nsee the file\r\n--b\r\nContent-Type: application/zip; name=x.zip\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + line * (megabytes * 1024 * 1024 // len(line))
        + b"\r\n--b--\r\n"
    )


BAD: dict[str, bytes] = {
    "empty": b"",
    "only-blank-lines": b"\r\n\r\n\r\n",
    "not-a-mail": bytes(range(256)) * 20,
    "truncated-in-the-header": HEAD[:40],
    "truncated-in-a-part": big(1)[:200_000],
    "eight-bit-garbage": HEAD + b"\r\n" + bytes(range(128, 256)) * 50,
    "nul-bytes-everywhere": HEAD.replace(b"bad\r", b"b\0ad\r") + b"\r\na\0b\0\r\n",
    "ten-thousand-parts": many_parts(10_000),
    "a-thousand-levels": deep(1000),
    "sixty-megabytes": big(60),
    "a-message-id-of-10-kb": HEAD.replace(b"bad@", b"b" * 10_000 + b"@") + b"\r\nx\r\n",
    "thousands-of-references": HEAD
    + b"References: "
    + b"\r\n ".join(b"<r%d@x>" % at for at in range(5000))
    + b"\r\n\r\nx\r\n",
    "five-thousand-recipients": HEAD.replace(
        b"To: desk", b"To: " + b"".join(b"u%d@corp.test,\r\n " % at for at in range(5000)) + b"desk"
    )
    + b"\r\nx\r\n",
    "a-subject-with-a-hundred-numbers": HEAD
    + b"Subject: "
    + b" ".join(b"[IT-20261120-%04d]" % at for at in range(100))
    + b"\r\n\r\nx\r\n",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_mail_has_one_outcome_and_blocks_nobody(world: World, name: str) -> None:
    world.mailbox.arrive(BAD[name])
    world.receive(raw_mail())
    outcomes = [row[0] for row in world.rows("SELECT outcome FROM sightings ORDER BY id")]
    assert len(outcomes) == 2
    assert outcomes[0] in ("opened", "quarantined", "doorstep", "ignored")
    assert outcomes[1] == "opened"
    assert len(world.transport.letters("zhang@corp.test")) == 1
    if outcomes[0] == "quarantined":
        assert len(world.transport.letters("wang@corp.test")) == 1


def test_every_mail_of_the_corpus_has_one_outcome(make_world: Callable[..., World]) -> None:
    world = make_world(accept_from=("*",))
    world.start()
    mails = CORPUS[::3]  # of every sort some; all of them cost a minute
    for file in mails:
        world.mailbox.arrive(file.read_bytes())
    for _ in range(3):
        world.run()
    assert len(mails) >= 300
    assert world.value("SELECT count(*) FROM sightings WHERE state='filed'") == len(mails)
    assert world.value("SELECT count(*) FROM sightings WHERE outcome IS NULL") == 0
    assert world.value("SELECT count(*) FROM sightings WHERE trouble IS NOT NULL") == 0
