"""Mails made to hurt: each is read, or refused in one sentence, in 5 s and within 1 GB.

The limits are asserted with slack for slow machines. What a typical mail costs is the benchmark's
question.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from maildesk.errors import Unreadable
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.parse import parse

TOP = b"From: a@b.test\nTo: desk@desk.test\nSubject: s\nMIME-Version: 1.0\n"
PLAIN = TOP + b"Content-Type: text/plain; charset=utf-8\n\n"
HTML = TOP + b"Content-Type: text/html; charset=utf-8\n\n"
MIXED = TOP + b"Content-Type: multipart/mixed; boundary=b\n\n"
BINARY = TOP + b"Content-Type: application/x-junk; name=junk\nContent-Transfer-Encoding: base64\n\n"
MB = 1024 * 1024
SECONDS = 5.0 * 3
MEMORY = 1024 * MB


def nest(depth: int, *, closed: bool) -> bytes:
    opened = (
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    ends = (b"--b%d--\n" % n for n in range(depth - 1, -1, -1)) if closed else ()
    return TOP + b"".join(opened) + b"\nhi\n" + b"".join(ends)


def spread(count: int) -> bytes:
    parts = (b"--b\nContent-Type: text/plain\n\nx%d\n" % n for n in range(count))
    return MIXED + b"".join(parts) + b"--b--\n"


def bound(boundary: bytes, body: bytes) -> bytes:
    return TOP + b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\n\n' + body


def people(header: bytes, unit: bytes, count: int) -> bytes:
    return TOP.replace(b"To: desk@desk.test\n", b"") + header + b": " + unit * count + b"\n\nhi\n"


MAILS: dict[str, Callable[[], bytes]] = {
    "depth 1,000": lambda: nest(1_000, closed=True),
    "depth 100,000, never closed": lambda: nest(100_000, closed=False),
    "20,000 parts": lambda: spread(20_000),
    "500,000 parts": lambda: spread(500_000),
    "20,000 encoded words": lambda: TOP + b"X-A:" + b"\n =?utf-8?q?a?=" * 20_000 + b"\n\nhi\n",
    "20,000 encoded words in From": lambda: people(b"From", b"\n =?utf-8?b?5omT?=", 20_000),
    "20,000 encoded names": lambda: people(b"To", b"\n =?utf-8?b?5omT?= <a@b.test>,", 20_000),
    "200,000 quoted lines": lambda: PLAIN + b"> quoted line\n" * 200_000,
    "quotes in quotes": lambda: PLAIN + b">" * 100_000 + b"\n" + b">>>>>>>>> a\n" * 100_000,
    "one line of 20 MB": lambda: PLAIN + b"a" * 20 * MB,
    "one line of words, 20 MB": lambda: PLAIN + b"a b, c. " * (20 * MB // 8),
    "one line of HTML, 20 MB": lambda: HTML + b"<b>a</b> " * (20 * MB // 9),
    "half a million <": lambda: HTML + b"<" * 500_000,
    "half a million < as text": lambda: PLAIN + b"<" * 500_000,
    "400,000 open elements": lambda: HTML + b"<div>" * 400_000,
    "100,000 headers": lambda: (
        TOP + b"".join(b"X-H%d: v\n" % n for n in range(100_000)) + b"\nhi\n"
    ),
    "100,000 To headers": lambda: TOP + b"To: a@b.test\n" * 100_000 + b"\nhi\n",
    "100,000 Received headers": lambda: TOP + b"Received: from a by b; x\n" * 100_000 + b"\nhi\n",
    "2,500,000 empty headers": lambda: TOP + b"a:\n" * 2_500_000,
    "a header of nothing but rubbish": lambda: TOP + b"rubbish\n" * 1_000_000,
    "rubbish between headers": lambda: TOP + (b"j\n" * 40 + b"x-a: b\n") * 80_000,
    "a header of carriage returns": lambda: TOP + b"X: a" + b"\r" * 8 * MB + b"\n\nhi\n",
    "a header of blanks": lambda: TOP + b"X: a\n" + b" \n" * 2_000_000 + b"\nhi\n",
    "a type of brackets": lambda: TOP + b"Content-Type: a/b" + b"(" * 500_000 + b"\n\nhi\n",
    "a type of semicolons": lambda: TOP + b"Content-Type: a/b" + b"; a" * 160_000 + b"\n\nhi\n",
    "a boundary of 1 MB": lambda: bound(b"b" * MB, (b"--" + b"b" * MB + b"\n\nhi\n") * 3),
    "a boundary of dashes": lambda: bound(b"-" * 100, b"-" * 20 * MB + b"\nhi\n"),
    "lines that are nearly the boundary": lambda: MIXED + b"--bb\n" * 4_000_000,
    "5,000,000 delimiters": lambda: MIXED + b"--b\n" * 5_000_000,
    "delimiters of all levels": lambda: nest(60, closed=False) + b"--b59\n--b0x\n" * 1_000_000,
    "100 MB of junk as base64": lambda: BINARY + b"!@#=,;-_" * (100 * MB // 8),
    "50 MB of padding": lambda: BINARY + b"=" * 50 * MB,
    "50 MB of short base64": lambda: BINARY + b"QQ==\n" * (10 * MB),
    "20 MB of equals signs": lambda: (
        TOP + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"= " * 10 * MB
    ),
    "20 MB of line ends": lambda: TOP + b"\n" + b"\n" * 20 * MB,
    "20 MB of carriage returns": lambda: TOP + b"\n" + b"\r" * 20 * MB,
    "20 MB of NUL": lambda: TOP + b"\n" + b"\0" * 20 * MB,
    "addresses of brackets": lambda: people(b"To", b"(", 500_000),
    "addresses of quotes": lambda: people(b"To", b'"', 500_000),
    "addresses of commas": lambda: people(b"To", b",", 500_000),
    "addresses of <": lambda: people(b"To", b"<", 500_000),
    "addresses of @": lambda: people(b"To", b"a@", 250_000),
    "addresses of colons": lambda: people(b"To", b"a:", 250_000),
    "36,000 addresses": lambda: people(b"To", b"a <a@b.test>, ", 36_000),
    "references of <": lambda: people(b"References", b"<", 500_000),
    "a date of digits": lambda: people(b"Date", b"1 ", 250_000),
    "begin without end": lambda: PLAIN + b"begin 644 x\n#86)C\n" * 200_000,
}


@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_mail_costs_little(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(MAILS[name]())
    begun = time.process_time()
    try:
        parse(path, DiscardingSink())
    except Unreadable as refusal:
        assert 10 < len(str(refusal)) < 200
    assert time.process_time() - begun < SECONDS


MEASURE = """
import json, resource, sys, tracemalloc
from pathlib import Path
from maildesk.mail.parse import parse
from maildesk.mail.files.sink import DiscardingSink
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
tracemalloc.start()
mail = parse(Path(sys.argv[1]), DiscardingSink())
print(json.dumps([len(mail.attachments), tracemalloc.get_traced_memory()[1]]))
"""


def peak(path: Path) -> tuple[int, int]:
    """(attachments, most bytes held beyond the mapped file) of a reading in 1 GB."""
    command = [sys.executable, "-c", MEASURE, str(path), str(MEMORY)]
    done = subprocess.run(command, capture_output=True, check=True)
    found, most = json.loads(done.stdout)
    return found, most


def lines_of_base64(size: int) -> bytes:
    return (base64.b64encode(bytes(57)) + b"\r\n") * (size // 78)


@pytest.mark.parametrize("kind", ["file", "text", "no line ends", "winmail", "many files", "deep"])
def test_fifty_megabytes_are_not_held_twice(kind: str, tmp_path: Path) -> None:
    data = lines_of_base64(50 * MB)
    if kind == "text":
        raw = PLAIN + b"words and more of them\r\n" * (50 * MB // 24)
    elif kind == "no line ends":
        raw = BINARY + data.replace(b"\r\n", b"")
    elif kind == "winmail":
        head = base64.b64encode(bytes.fromhex("789f3e22") + bytes(53)) + b"\r\n"
        raw = BINARY.replace(b"x-junk", b"ms-tnef") + head + data
    elif kind == "many files":
        raw = MIXED + (b"--b\n" + BINARY[len(TOP) :] + data[: 50 * 1024]) * 1000 + b"--b--\n"
    elif kind == "deep":
        raw = nest(20, closed=False)[:-4] + BINARY[len(TOP) :] + data
    else:
        raw = BINARY + data
    path = tmp_path / "mail.eml"
    path.write_bytes(raw)
    size = len(raw)
    del raw, data
    found, most = peak(path)
    assert found >= 1
    assert most < 1.2 * size


@pytest.mark.parametrize("name", ["500,000 parts", "20 MB of line ends", "5,000,000 delimiters"])
def test_hostile_mails_stay_within_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(MAILS[name]())
    assert peak(path)[1] < 300 * MB
