"""Mails of the corpus, damaged in every way: what does the reader make of them?

`python tests/mutate.py SECONDS [FIRST]` reads damaged mails for that long, from number FIRST on,
and names those that make it fail or hang; the same number is the same mail. The tests draw from
the same mails.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from maildesk.cli.parse import describe
from maildesk.errors import Unreadable
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse_source

CORPUS = sorted((Path(__file__).parent / "corpus").rglob("*.eml"))
SECONDS = 5.0
SCRAPS = (
    b"", b"\n", b"\r", b"\r\n\r\n", b" ", b"\0", b"--", b"\n--b\n", b"\n--b--\n", b"=", b"==\n",
    b"\xff\xfe", b"\xe9", b"\x1b$B", b"=?utf-8?b?", b"?=", b'"', b"(", b"<", b";", b":", b"\\",
    b"\nContent-Type: multipart/mixed; boundary=b\n\n", b"\nContent-Type: message/rfc822\n\n",
    b"\nContent-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22", b"\nbegin 644 x\n#86)C\nend\n",
    b"\nContent-Transfer-Encoding: base64\n", b"\nContent-Type: application/pkcs7-mime\n\n0\x80",
    b"\nFrom: a@b.c\n", b"\n> ", b"<div>", b"\n-----Original Message-----\n",
)  # fmt: skip


def look(raw: bytes) -> Incoming | None:
    """What is read, None when it is refused. AssertionError when it took long or is no text."""
    begun = time.process_time()
    try:
        mail = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())
    except Unreadable as refusal:
        assert str(refusal)
        return None
    finally:
        assert time.process_time() - begun < SECONDS
    line = describe(Path("mail.eml"), mail)
    json.dumps(line).encode()
    json.dumps(line, ensure_ascii=False).encode()  # no lone surrogates
    return mail


def flip(raw: bytes, rnd: Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(rnd.choice((1, 1, 3, 20))):
        changed[rnd.randrange(len(raw))] = rnd.randrange(256)
    return bytes(changed)


def cut(raw: bytes, rnd: Random) -> bytes:
    start = rnd.randrange(len(raw))
    return raw[:start] + raw[start + rnd.choice((1, 2, 10, 1000, len(raw))) :]


def insert(raw: bytes, rnd: Random) -> bytes:
    start = rnd.randrange(len(raw) + 1)
    return raw[:start] + rnd.choice(SCRAPS) * rnd.choice((1, 1, 2, 50)) + raw[start:]


def repeat(raw: bytes, rnd: Random) -> bytes:
    lines = raw.split(b"\n")
    place = rnd.randrange(len(lines))
    stretch = lines[place : place + rnd.choice((1, 1, 5, 40))]
    return b"\n".join([*lines[:place], *stretch * rnd.choice((2, 2, 30)), *lines[place:]])


def swap(raw: bytes, rnd: Random) -> bytes:
    lines = raw.split(b"\n")
    first, second = rnd.randrange(len(lines)), rnd.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def shuffle_boundaries(raw: bytes, rnd: Random) -> bytes:
    lines = raw.split(b"\n")
    places = [place for place, line in enumerate(lines) if line.startswith(b"--")]
    moved = rnd.sample(places, len(places))
    for place, source in zip(places, [lines[one] for one in moved], strict=True):
        lines[place] = source
    return b"\n".join(lines)


def reline(raw: bytes, rnd: Random) -> bytes:
    bare = raw.replace(b"\r\n", b"\n")
    return bare.replace(b"\n", rnd.choice((b"\n", b"\r", b"\r\n", b"\r\r\n", b"\n\n", b" \n")))


CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    flip, flip, cut, insert, insert, repeat, swap, shuffle_boundaries, reline
)  # fmt: skip


def mutate(rnd: Random) -> bytes:
    """A mail of the corpus, damaged in a few ways."""
    raw = rnd.choice(CORPUS).read_bytes()
    for _ in range(rnd.choice((1, 1, 2, 3, 8))):
        raw = rnd.choice(CHANGES)(raw or b"\n", rnd)
    return raw[: 1024 * 1024]


def main(seconds: float, first: int) -> int:
    """How many mails failed. Prints each with its number."""
    number, failed = first, 0
    slowest = (0.0, first)
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        raw = mutate(Random(number))
        start = time.process_time()
        try:
            look(raw)
        except Exception as fault:  # whatever it is, it is what we look for
            failed += 1
            print(f"mail {number}: {type(fault).__name__}: {fault}")
        slowest = max(slowest, (time.process_time() - start, number))
        number += 1
    count = number - first
    print(f"{count} mails, {failed} failed; mail {slowest[1]} took longest, {slowest[0]:.2f} s")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
