"""Hostile and huge mails cost little and stop nobody."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from maildesk.errors import Transient, Unreadable
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.isolate import parse_isolated
from maildesk.mail.message import Incoming
from maildesk.mail.parse import Limits, parse

HEAD = b"From: a@b.test\nTo: desk@desk.test\nSubject: s\nMIME-Version: 1.0\n"
GB = 1024 * 1024 * 1024


def read(folder: Path, raw: bytes, **limits: int) -> Incoming:
    path = folder / "mail.eml"
    path.write_bytes(raw)
    return parse(path, DiscardingSink(), limits=Limits(**limits))


def multipart(parts: int) -> bytes:
    body = b"".join(b"--b\nContent-Type: text/plain\n\nx%d\n" % n for n in range(parts))
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + body + b"--b--\n"


def nested(depth: int) -> bytes:
    lines = (
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    return HEAD + b"".join(lines) + b"\nhi\n"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x00" * 100, "the file is empty"),
        (b"\x00" * 100_000, "this is no mail: only blanks"),
        (b"just words\n\nand more\n", "this is no mail: it has none of a mail's headers"),
    ],
    ids=["nul", "many nul", "words"],
)
def test_a_mail_beyond_the_limits_is_refused_with_its_reason(
    tmp_path: Path, raw: bytes, reason: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(tmp_path, raw)
    assert str(refusal.value).startswith(reason)


@pytest.mark.parametrize(
    ("raw", "words", "files", "defect"),
    [
        (multipart(10_000), "x0\n\nx1\n\nx2", 1, "structure: more than 2000 parts"),
        (nested(100), "", 1, "structure: nested too deeply"),
        (nested(2_000), "", 1, "structure: nested too deeply"),
        (HEAD + b"X: " + b"y" * 2_000_000 + b"\n\nhi\n", "hi", 0, "header: a value too long"),
    ],
    ids=["parts", "deep", "deeper", "header"],
)
def test_beyond_the_limits_the_rest_is_kept_and_the_defect_named(
    tmp_path: Path, raw: bytes, words: str, files: int, defect: str
) -> None:
    mail = read(tmp_path, raw)
    assert mail.text.startswith(words)
    assert len(mail.attachments) == files
    assert any(found.startswith(defect) for found in mail.defects), mail.defects


def test_the_size_limit_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="more than the 10 allowed"):
        read(tmp_path, HEAD + b"\nhi\n", mail_bytes=10)


def test_many_addresses_headers_and_references_are_read(tmp_path: Path) -> None:
    people = b", ".join(b"User %d <u%d@x.test>" % (n, n) for n in range(5_000))
    long = b"X-Long: " + b"a" * 200_000 + b"\nReferences:" + b" <a@b>" * 1000 + b"\n"
    mail = read(tmp_path, b"From: a@b.test\nTo: " + people + b"\n" + long + b"\nhi\n")
    assert len(mail.to) == 5_000
    assert mail.references == ("a@b",)
    assert len(mail.header("x-long") or "") == 200_000


def test_a_text_beyond_the_limit_is_cut_and_kept_whole_as_a_file(tmp_path: Path) -> None:
    mail = read(tmp_path, HEAD + b"\n" + b"words \n" * 1000, text_bytes=700)
    assert mail.text == "\n".join(["words"] * 100)
    assert [file.size for file in mail.attachments] == [7000]
    assert "text: too long, cut here and kept whole as an attachment" in mail.defects


def test_sixty_megabytes_cost_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    line = base64.b64encode(bytes(57)) + b"\r\n"
    with path.open("wb") as file:
        file.write(HEAD.replace(b"\n", b"\r\n"))
        file.write(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\n")
        file.write(b"Content-Type: application/x-big; name=big\r\n")
        file.write(b"Content-Transfer-Encoding: base64\r\n\r\n")
        for _ in range(800):
            file.write(line * 1000)
        file.write(b"--b--\r\n")
    program = (
        "import json, sys, tracemalloc\n"
        "from pathlib import Path\n"
        "from maildesk.mail.parse import parse\n"
        "from maildesk.mail.files.sink import DiscardingSink\n"
        "tracemalloc.start()\n"
        "mail = parse(Path(sys.argv[1]), DiscardingSink())\n"
        "peak = tracemalloc.get_traced_memory()[1]\n"
        "print(json.dumps([mail.text, mail.attachments[0].size, peak]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, check=True
    )
    text, size, peak = json.loads(done.stdout)
    assert path.stat().st_size > 60_000_000
    assert (text, size) == ("words", 57 * 800_000)
    assert peak < 8_000_000


def test_a_child_reads_the_same_and_leaves_the_files_in_the_folder(tmp_path: Path) -> None:
    corpus = Path(__file__).parent.parent / "corpus"
    for name in ("inline-image-in-related", "bounce-postfix-dsn", "gb2312-label-with-gbk-bytes"):
        path = corpus / f"{name}.eml"
        folder = tmp_path / name
        mail = parse_isolated(path, folder, seconds=30, memory=GB)
        assert mail == parse(path, DiscardingSink())
        hashes = {file.sha256 for file in mail.attachments}
        found = {file.parent.name + file.name for file in folder.rglob("*") if file.is_file()}
        assert found == hashes


def test_a_child_s_refusal_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(b"just words\n\nand more\n")
    with pytest.raises(Unreadable, match="none of a mail's headers"):
        parse_isolated(path, None, seconds=30, memory=GB)


def test_a_slow_child_is_killed_and_named(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(HEAD + b"\nhi\n")
    with pytest.raises(Unreadable, match=r"longer than 0\.01 seconds"):
        parse_isolated(path, None, seconds=0.01, memory=GB)


def test_a_child_that_needs_too_much_memory_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(HEAD + b"\n" + b"--x\n" * 5_000_000)
    with pytest.raises(Unreadable, match="needs more than"):
        parse_isolated(path, None, seconds=60, memory=20 * 1024 * 1024)


def test_a_file_that_is_gone_is_no_fault_of_the_mail(tmp_path: Path) -> None:
    with pytest.raises(Transient, match="No such file"):
        parse_isolated(tmp_path / "none.eml", None, seconds=30, memory=GB)
