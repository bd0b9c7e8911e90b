"""Mails that are odd in one way each, beside what a person reads in them.

`tests/corpus/**/<what-is-odd>.eml` stands beside its `.json`: those keys of `maildesk parse`
(DESIGN §10) that matter there. Expectations come from clients and RFCs, not from our reader.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import mailparser
import pytest

from maildesk.cli.parse import describe
from maildesk.errors import Unreadable
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.message import Address, Incoming
from maildesk.mail.parse import Limits, parse, parse_source

CORPUS = Path(__file__).parent.parent / "corpus"
NAMES = sorted(str(path.relative_to(CORPUS).with_suffix("")) for path in CORPUS.rglob("*.eml"))
COMPARED = {
    "kind", "message_id", "in_reply_to", "references", "subject", "from", "to", "cc", "date",
    "text", "reply", "quoted", "signature", "bounce", "defects",
}  # fmt: skip
# Blank lines, runs of blanks and rules say nothing about who wrote what.
WORDS = {"reply", "quoted", "signature"}
OTHERS = {
    "why", "status", "reason", "attachments", "encrypted", "defects_contain", "from_name",
    "reply_is_text",
}  # fmt: skip


@cache
def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPUS / f"{name}.json").read_text("utf-8"))
    return found


@cache
def read(name: str) -> Incoming:
    return parse(CORPUS / f"{name}.eml", DiscardingSink())


READABLE = [name for name in NAMES if expected(name).get("status", "ok") == "ok"]
REFUSED = [name for name in NAMES if expected(name).get("status", "ok") != "ok"]


def test_the_corpus_is_whole_and_says_what_is_odd() -> None:
    beside = sorted(
        str(path.relative_to(CORPUS).with_suffix("")) for path in CORPUS.rglob("*.json")
    )
    assert beside == NAMES
    assert len(NAMES) >= 300
    assert sum(name.startswith("chinese/") for name in NAMES) >= 60
    for name in NAMES:
        case = expected(name)
        assert case.keys() <= COMPARED | OTHERS, name
        assert len(case["why"]) >= 5, name
        assert name in REFUSED or {"kind", "attachments"} <= case.keys(), name
        assert name in REFUSED or case.keys() & {"reply", "reply_is_text"}, name


@pytest.mark.parametrize("name", READABLE)
def test_an_odd_mail_is_read_as_a_person_would(name: str) -> None:
    case, mail = expected(name), read(name)
    line = describe(CORPUS / f"{name}.eml", mail)
    for key in COMPARED & case.keys():
        if key in WORDS:
            assert squeeze(line[key]) == squeeze(case[key]), key
        elif key == "bounce" and case[key] is not None:
            assert line[key] is not None, key
            assert {part: line[key][part] for part in case[key]} == case[key], key
        else:
            assert line[key] == case[key], key
    assert len(line["attachments"]) == len(case["attachments"]), line["attachments"]
    for file, wanted in zip(line["attachments"], case["attachments"], strict=True):
        assert {key: file[key] for key in wanted} == wanted
    assert mail.encrypted == case.get("encrypted", False)
    if "from_name" in case:
        assert mail.sender is not None
        assert mail.sender.name == case["from_name"]
    if "reply_is_text" in case:
        assert mail.reply == mail.text
    for part in case.get("defects_contain", ()):
        assert any(part in defect for defect in mail.defects), mail.defects


def squeeze(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line.strip("-_ ") or line == "--"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_mail_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(name)
    assert expected(name).get("reason", str(refusal.value)) == str(refusal.value)


@pytest.mark.parametrize("name", READABLE)
def test_reply_history_and_signature_hold_every_line_of_the_text(name: str) -> None:
    mail = read(name)
    parts = "\n".join((mail.reply, mail.quoted, mail.signature))
    text = mail.text
    if "-----BEGIN PGP SIGNED" in text:  # its dash escapes are undone (RFC 9580 §7.2)
        text = text.replace("\n- -", "\n-")
    assert sorted(text.split()) == sorted(parts.split())


def test_history_is_kept_beside_the_reply() -> None:
    assert read("reply-gmail-zh").quoted.endswith("> 请重启电脑试试。\n> 谢谢")
    assert read("reply-below-the-quote").quoted.endswith("> Did you restart?")


def test_the_date_keeps_the_sender_s_offset() -> None:
    zone = timezone(timedelta(hours=8))
    date = read("lf-only-line-ends").date
    assert date == datetime(2026, 11, 20, 10, tzinfo=zone)
    assert date is not None
    assert date.utcoffset() == timedelta(hours=8)
    assert read("date-without-zone").date is None


@pytest.mark.parametrize(
    ("zone", "minutes"), [("+0545", 345), ("-0330", -210), ("+0000", 0), ("GMT", 0), ("+9900", 0)]
)
def test_any_offset_is_kept_and_an_impossible_one_harms_nobody(zone: str, minutes: int) -> None:
    raw = f"From: a@b.test\nDate: Fri, 20 Nov 2026 10:00:00 {zone}\n\nhi\n".encode()
    date = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits()).date
    assert date is not None
    assert date.utcoffset() == timedelta(minutes=minutes)


def test_broken_base64_in_a_name_costs_no_address() -> None:
    raw = b"From: =?utf-8?B?5omTa?= <a@b.test>\nTo: =?utf-8?B?Y?= <c@d.test>\n\nhi\n"
    mail = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())
    assert mail.sender == Address("打", "a@b.test")
    assert [person.email for person in mail.to] == ["c@d.test"]
    assert "from: an encoded word is damaged" in mail.defects


def test_an_image_the_html_points_at_is_inline_and_a_file_is_not() -> None:
    picture, file = read("inline-image-in-related").attachments
    assert (picture.inline, picture.content_id) == (True, "img1@x")
    assert (file.inline, file.content_id) == (False, None)


def test_all_to_headers_count_and_each_reference_once() -> None:
    assert [person.email for person in read("two-to-headers").to] == ["a@desk.test", "b@desk.test"]
    mail = read("references-with-duplicates-and-folds")
    assert mail.references == ("a@x", "b@x")
    assert mail.in_reply_to == ("b@x",)
    assert mail.message_id == "m1@corp.test"


def test_monitoring_is_ordinary_but_marked_as_generated() -> None:
    assert read("monitoring-auto-generated").auto_generated
    assert not read("suppress-header-from-a-person").auto_generated


def test_a_forwarded_mail_keeps_its_exact_bytes() -> None:
    raw = (CORPUS / "forwarded-mail-as-attachment.eml").read_bytes()
    start = raw.index(b"From: Li Na")
    inner = raw[start : raw.index(b"\r\n--b1--")]

    (file,) = read("forwarded-mail-as-attachment").attachments
    assert file.sha256 == hashlib.sha256(inner).hexdigest()
    assert file.content_type == "message/rfc822"


def test_headers_are_given_decoded_in_order_and_found_in_any_case() -> None:
    mail = read("gb2312-label-with-gbk-bytes")
    assert mail.header("SUBJECT") == "朱镕基 €"
    assert mail.headers[0][0] == "From"
    assert mail.header("content-type") == "text/plain; charset=gb2312"


@pytest.mark.parametrize("name", [name for name in READABLE if "/" not in name])
def test_addresses_and_dates_are_those_of_the_parser_of_record(name: str) -> None:
    full = mailparser.parse_from_file(str(CORPUS / f"{name}.eml"))
    mail = read(name)
    if not name.startswith(("raw-", "two-to", "starts-with")):
        assert [person.email for person in mail.to] == [address for _, address in full.to]
        people = [address for _, address in full.from_]
        assert ([mail.sender.email] if mail.sender else []) == people[:1]
    if not name.startswith(("starts-with", "date-in-iso")):
        assert (mail.date is None) == (full.date is None)
        assert mail.date is None or mail.date == full.date
