"""Outgoing letters: what we wrote is what two independent readers find."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default

import mailparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.compose import Outgoing, clean_body, clean_header, compose
from maildesk.mail.message import Address

LETTER = Outgoing(
    message_id="md.abcdef.ghijkl@corp.test",
    from_=Address("IT服务台", "desk@corp.test"),
    to=Address("张敏", "zhang.min@corp.test"),
    subject="【已受理】打印机卡纸 [IT-20261120-0001]",
    text="张敏您好，您的问题已受理。\n\nIT服务台\n",
    html="<p>张敏您好，您的问题<b>已受理</b>。</p>\n",
    date=datetime(2026, 11, 20, 15, 30, 5, tzinfo=timezone(timedelta(hours=8))),
    mark="aaaa.bbbb",
    references=("anchor@corp.test", "first@mail.corp.test"),
    in_reply_to="first@mail.corp.test",
    auto_submitted="auto-replied",
)


def read(letter: Outgoing) -> EmailMessage:
    return message_from_bytes(compose(letter), policy=default)


def content(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def header_lines(raw: bytes) -> list[str]:
    return raw.partition(b"\r\n\r\n")[0].decode("utf-8").split("\r\n")


def test_the_standard_library_reads_every_field() -> None:
    message = read(LETTER)
    assert message["Subject"] == LETTER.subject
    assert message["From"].addresses[0].display_name == "IT服务台"
    assert message["From"].addresses[0].addr_spec == "desk@corp.test"
    assert message["To"].addresses[0].display_name == "张敏"
    assert message["To"].addresses[0].addr_spec == "zhang.min@corp.test"
    assert message["Date"].datetime == LETTER.date
    assert message["Message-ID"] == "<md.abcdef.ghijkl@corp.test>"
    assert message["In-Reply-To"] == "<first@mail.corp.test>"
    assert message["References"] == "<anchor@corp.test> <first@mail.corp.test>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Maildesk"] == "aaaa.bbbb"
    assert message["MIME-Version"] == "1.0"
    assert message["Precedence"] is None
    assert message["Reply-To"] is None
    assert message.get_content_type() == "multipart/alternative"
    assert content(message, "plain") == LETTER.text
    assert content(message, "html") == LETTER.html
    assert not any(part.defects for part in message.walk())


def test_mailparser_reads_every_field() -> None:
    mail = mailparser.parse_from_bytes(compose(LETTER))
    assert mail.subject == LETTER.subject
    assert mail.from_ == [("IT服务台", "desk@corp.test")]
    assert mail.to == [("张敏", "zhang.min@corp.test")]
    assert mail.message_id == "<md.abcdef.ghijkl@corp.test>"
    assert mail.date.replace(tzinfo=UTC) == LETTER.date
    assert [clean_body(text) for text in mail.text_plain] == [LETTER.text]
    assert [clean_body(text) for text in mail.text_html] == [LETTER.html]
    assert not mail.has_defects


@given(
    subject=st.text(max_size=160),
    name=st.text(max_size=90),
    text=st.text(max_size=160),
    html=st.none() | st.text(max_size=160),
)
def test_any_words_come_out_as_they_went_in(
    subject: str, name: str, text: str, html: str | None
) -> None:
    letter = replace(
        LETTER, subject=subject, to=Address(name, LETTER.to.email), text=text, html=html
    )
    raw = compose(letter)
    message = message_from_bytes(raw, policy=default)
    assert message["Subject"] == clean_header(subject)
    assert message["To"].addresses[0].addr_spec == "zhang.min@corp.test"
    assert content(message, "plain") == clean_body(text)
    if html is not None:
        assert content(message, "html") == clean_body(html)
    older = message_from_bytes(raw, policy=compat32)
    assert str(make_header(decode_header(older["Subject"]))) == clean_header(subject)
    phrase = re.sub(r"\s*<zhang\.min@corp\.test>$", "", older["To"])
    decoded = str(make_header(decode_header(phrase)))
    if decoded.startswith('"') and not clean_header(name).startswith('"'):
        decoded = re.sub(r"\\(.)", r"\1", decoded[1:-1])
    elif phrase.startswith('"'):
        decoded = re.sub(r"\\(.)", r"\1", phrase[1:-1])
    assert decoded == clean_header(name)
    assert all(len(line) <= 76 for line in header_lines(raw))


@given(st.text(min_size=1, max_size=160))
def test_encoded_words_hold_whole_characters_and_at_most_75_columns(subject: str) -> None:
    raw = compose(replace(LETTER, subject=subject + "卡"))
    words = re.findall(r"=\?utf-8\?B\?[^?]*\?=", "\n".join(header_lines(raw)))
    assert words
    for word in words:
        assert len(word) <= 75
        assert decode_header(word)[0][0].decode("utf-8")


@pytest.mark.parametrize(
    "evil",
    [
        "x\r\nBcc: all@corp.test",
        "x\nBcc: all@corp.test",
        "x\rBcc: all@corp.test",
        "x\r\n\r\nbody",
        "x\x00\x0b\x0c\x1c\x85\u2028\u2029Bcc: all@corp.test",
        "卡\r\nBcc: all@corp.test",
    ],
)
def test_no_field_can_bring_in_another_header(evil: str) -> None:
    letter = replace(
        LETTER,
        subject=evil,
        from_=Address(evil, evil),
        to=Address(evil, f"{evil}@corp.test"),
        reply_to=Address(evil, f"a@{evil}"),
        references=(evil, "good@corp.test"),
        in_reply_to=evil,
        mark=evil,
        headers=(("X-Note", evil),),
    )
    raw = compose(letter)
    message = message_from_bytes(raw, policy=compat32)
    assert {name.lower() for name in message} == {
        *("from", "to", "reply-to", "subject", "date", "message-id", "references", "x-maildesk"),
        *("auto-submitted", "x-auto-response-suppress", "x-note", "mime-version", "content-type"),
    }
    assert message["References"] == "<good@corp.test>"
    assert all(byte >= 0x20 for line in header_lines(raw) for byte in line.encode())


@given(name=st.text(max_size=60), email=st.text(max_size=60))
def test_an_address_stays_one_address(name: str, email: str) -> None:
    raw = compose(replace(LETTER, to=Address(name, email)))
    line = next(
        part for part in re.split(r"\r\n(?! )", raw.decode("utf-8")) if part.startswith("To:")
    )
    unquoted = re.sub(r'"(?:[^"\\]|\\.)*"', "", line[3:])
    assert unquoted.count("<") == unquoted.count(">") == 1
    assert "," not in unquoted
    assert ";" not in unquoted


@pytest.mark.parametrize(
    ("email", "written"),
    [
        ("a.b+c@corp.test", "<a.b+c@corp.test>"),
        ("张敏@公司.中国", "<张敏@xn--55qx5d.xn--fiqs8s>"),
        ('"zhang min"@corp.test', '<"zhang min"@corp.test>'),
        ("a@b>, <evil@corp.test", "<abevil@corp.test>"),
        ("a@corp.test＞，＜evil.test", "<a@corp.testevil.test>"),
    ],
)
def test_addresses_are_written_so_that_servers_take_them(email: str, written: str) -> None:
    assert f"To: {written}\r\n".encode() in compose(replace(LETTER, to=Address("", email)))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Zhang Min", "To: Zhang Min <z@corp.test>"),
        ("Zhang, Min", 'To: "Zhang, Min" <z@corp.test>'),
        ('The "Boss" \\', 'To: "The \\"Boss\\" \\\\" <z@corp.test>'),
        ("=?utf-8?B?eA==?=", "To: =?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?= <z@corp.test>"),
    ],
)
def test_names_are_plain_when_they_can_be(name: str, written: str) -> None:
    raw = compose(replace(LETTER, to=Address(name, "z@corp.test")))
    assert f"{written}\r\n".encode() in raw


def test_an_english_subject_stays_readable_in_the_raw_letter() -> None:
    raw = compose(replace(LETTER, subject="[Received] Printer jam [IT-20261120-0001]"))
    assert b"Subject: [Received] Printer jam [IT-20261120-0001]\r\n" in raw


def test_a_long_english_subject_is_folded_at_blanks() -> None:
    subject = "[Received] " + "printer jam again " * 8 + "[IT-20261120-0001]"
    raw = compose(replace(LETTER, subject=subject))
    assert b"=?" not in raw.partition(b"Date:")[0].partition(b"Subject:")[2]
    assert read(replace(LETTER, subject=subject))["Subject"] == subject


def test_plain_ascii_words_travel_unencoded() -> None:
    raw = compose(replace(LETTER, text="Hello,\nall done.", html=None))
    assert raw.endswith(
        b"Content-Type: text/plain; charset=us-ascii\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n\r\nHello,\r\nall done.\r\n"
    )


@pytest.mark.parametrize("text", ["x" * 998, "one\nFrom two", "nul \x00", "您好"])
def test_words_a_server_might_change_travel_in_base64_lines_of_76(text: str) -> None:
    raw = compose(replace(LETTER, text=text, html=None))
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"Content-Transfer-Encoding: base64" in head
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert content(read(replace(LETTER, text=text, html=None)), "plain") == clean_body(text)


def test_a_body_cannot_hold_the_boundary() -> None:
    boundary = re.search(rb'boundary="([^"]+)"', compose(LETTER))
    assert boundary is not None
    text = f"--{boundary[1].decode()}--\nstill here\n"
    assert content(read(replace(LETTER, text=text)), "plain") == text


def test_every_line_ends_in_crlf_and_equal_letters_are_equal_bytes() -> None:
    raw = compose(LETTER)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert raw == compose(replace(LETTER))


def test_a_humans_words_carry_no_automatic_marks_and_reports_are_bulk() -> None:
    human = read(replace(LETTER, auto_submitted=None))
    assert human["Auto-Submitted"] is None
    assert human["X-Auto-Response-Suppress"] is None
    report = read(replace(LETTER, auto_submitted="auto-generated", bulk=True))
    assert report["Auto-Submitted"] == "auto-generated"
    assert report["Precedence"] == "bulk"


def test_replies_can_be_led_to_a_plus_address() -> None:
    message = read(replace(LETTER, reply_to=Address("IT服务台", "desk+t7@corp.test")))
    assert message["Reply-To"].addresses[0].addr_spec == "desk+t7@corp.test"


def test_many_references_are_folded_and_all_read() -> None:
    references = tuple(f"part-{at}.of.a.long.conversation@mail.corp.test" for at in range(40))
    letter = replace(LETTER, references=references)
    assert read(letter)["References"].split() == [f"<{ref}>" for ref in references]
    assert all(len(line) <= 76 for line in header_lines(compose(letter)))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(LETTER, date=datetime(2026, 11, 20)),  # noqa: DTZ001
        replace(LETTER, message_id="a b@corp.test"),
        replace(LETTER, message_id="a\r\nBcc: x@corp.test"),
        replace(LETTER, headers=(("Bcc: x\r\nX", "y"),)),
    ],
)
def test_what_no_letter_can_hold_is_refused(wrong: Outgoing) -> None:
    with pytest.raises(ValueError):
        compose(wrong)
