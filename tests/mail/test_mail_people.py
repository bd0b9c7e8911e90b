"""Address headers as scripts, phones and people write them."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.header.people import recover, spell_out
from maildesk.mail.limits import Limits
from maildesk.mail.message import Address, Incoming
from maildesk.mail.parse import parse_source


def read(header: bytes) -> Incoming:
    raw = header + b"\nSubject: x\n\nhi\n"
    return parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())


@pytest.mark.parametrize(
    ("header", "name", "email"),
    [
        ("a@b.example", "", "a@b.example"),
        ("Doe, John <j@x.example>", "Doe, John", "j@x.example"),
        ("Müller, Jürgen (IT-3) <j@x.example>", "Müller, Jürgen (IT-3)", "j@x.example"),
        ("J. R. Doe <j@x.example>", "J. R. Doe", "j@x.example"),
        ("j@x.example (John Doe)", "John Doe", "j@x.example"),
        ("j@x.example. (Doe, John; house B)", "Doe, John; house B", "j@x.example"),
        ("<<a@b.example>>", "", "a@b.example"),
        ("Anna <a@b.example", "Anna", "a@b.example"),
        ('"Anna <a@b.example>', "Anna", "a@b.example"),
        ('Anna" <a@b.example>', "Anna", "a@b.example"),
        ('"a@b.example" <a@b.example>', "a@b.example", "a@b.example"),
        ("'a@b.example'", "", "a@b.example"),
        ("mailto:a@b.example", "", "a@b.example"),
        ("Anna <mailto:a@b.example>", "Anna", "a@b.example"),
        ("a@b.example.", "", "a@b.example"),
        ("a@b.example;", "", "a@b.example"),
        ("Anna <a@b.example>;", "Anna", "a@b.example"),
        ("王伟〈w@b.example〉", "王伟", "w@b.example"),
        ("《报》 <a@b.example>", "《报》", "a@b.example"),
        ("Anna <a＠b.example>", "Anna", "a@b.example"),
        ("Anna a@b.example", "Anna", "a@b.example"),
        ('"Anna" a@b.example', "Anna", "a@b.example"),
        ("Alert: Lift B <a@b.example>", "Alert: Lift B", "a@b.example"),
        ("Anna@Home <a@b.example>", "Anna@Home", "a@b.example"),
        ("<a@b.example> Anna", "Anna", "a@b.example"),
        ('Anna <"a b"@c.example>', "Anna", '"a b"@c.example'),
        ("Anna <a@bücher.example>", "Anna", "a@bücher.example"),
        ("Anna <a@@b.example>", "Anna", "a@b.example"),
        ("<@r.example:a@b.example>", "", "a@b.example"),
        ("=?utf-8?q?M=C3=BCller=2C_Anna?= <a@b.example>", "Müller, Anna", "a@b.example"),
        ('"=?utf-8?q?M=C3=BCller=2C_Anna?=" <a@b.example>', "Müller, Anna", "a@b.example"),
        ("=?utf-8?q?Anna?=<a@b.example>", "Anna", "a@b.example"),
        ("=?gb2312?B?tPI=?= =?GBK?B?06E=?= <a@b.example>", "打印", "a@b.example"),
        ("=?gb2312?B?6Ua78w==?= <a@b.example>", "镕惑", "a@b.example"),
        ("=?utf-8?q?Eva_=3Ce=40b=2Eexample=3E?=", "Eva", "e@b.example"),
        ("Team: a@b.example, c@d.example;", "", "a@b.example"),
    ],
)
def test_a_sender_is_found_however_he_is_written(header: str, name: str, email: str) -> None:
    assert read(b"From: " + header.encode()).sender == Address(name, email)


@pytest.mark.parametrize("header", ["undisclosed-recipients:;", "", "Support", "Anna <>", '"a"'])
def test_nobody_is_found_where_nobody_is_named(header: str) -> None:
    mail = read(b"From: " + header.encode())
    assert mail.sender is None
    assert "from: no address" in mail.defects


@pytest.mark.parametrize(
    ("header", "emails"),
    [
        (
            "a@x.example; Bo <b@x.example>;c@x.example",
            ["a@x.example", "b@x.example", "c@x.example"],
        ),
        ("Moss, Rita <r@x.example>, Bo <b@x.example>", ["r@x.example", "b@x.example"]),
        ("a@x.example c@x.example", ["a@x.example", "c@x.example"]),
        ("Anna <a@x.example>, ,, Bob <b@x.example>,", ["a@x.example", "b@x.example"]),
        ("王伟 〈w@x.example〉；李娜 <l@x.example>", ["w@x.example", "l@x.example"]),
        ("undisclosed-recipients:;", []),
    ],
)
def test_every_recipient_is_found(header: str, emails: list[str]) -> None:
    mail = read(b"From: a@b.example\nTo: " + header.encode())
    assert [person.email for person in mail.to] == emails


def test_the_first_of_two_from_headers_that_names_somebody_counts() -> None:
    assert read(b"From: Support\nFrom: Anna <a@b.example>").sender == Address("Anna", "a@b.example")


def test_what_was_recovered_says_so() -> None:
    assert "from: addresses recovered" in read(b"From: <<a@b.example>>").defects


PIECES = st.sampled_from(
    [
        "<",
        ">",
        '"',
        "(",
        ")",
        ",",
        ";",
        ":",
        "@",
        "\\",
        "a@b.example",
        "Anna ",
        "=?utf-8?q?",
        "?=",
        "〈",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_header_raises_and_every_address_is_one(header: str) -> None:
    for person in recover(spell_out(header, "gb18030")):
        assert "@" in person.email
        assert not set("<>,; ") & set(person.email) or person.email.startswith('"')


@pytest.mark.parametrize(
    "piece", ["<", '"', "(", "a@b.c,", "a@", "=?utf-8?q?a?= ", "a,", "a <a@b.c> ", "\\", "=?x?q?"]
)
def test_long_headers_cost_no_more_than_their_length(piece: str) -> None:
    header = piece * (300_000 // len(piece))
    begun = process_time()
    recover(spell_out(header, "gb18030"))
    assert process_time() - begun < 3


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x7f"])
def test_an_address_with_a_control_character_is_nobody_s(sign: str) -> None:
    raw = f'From: "a" <zh{sign}ang@corp.test>\nTo: b{sign}c <d@e.test>\n\nx\n'.encode()
    mail = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())
    assert mail.sender is None or mail.sender.email != "zhang@corp.test"
    assert mail.sender is None or mail.sender.email.isprintable()
    assert all(person.name.isprintable() and person.email.isprintable() for person in mail.to)
