"""Headers and boundaries broken in every way, and parts that are words, files or neither."""

from __future__ import annotations

import base64

import pytest

from maildesk.errors import Unreadable
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse_source

TOP = b"From: a@b.test\nTo: desk@desk.test\nSubject: s\nMIME-Version: 1.0\n"
MIXED = TOP + b"Content-Type: multipart/mixed; boundary=b\n\n"
FILE = (
    b"--b\nContent-Type: application/pdf; name=f.pdf\nContent-Transfer-Encoding: base64\n\nUERG\n"
)


def read(raw: bytes, **limits: int) -> Incoming:
    return parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits(**limits))


def names(mail: Incoming) -> list[str]:
    return [file.filename for file in mail.attachments]


def said(mail: Incoming, defect: str) -> bool:
    return any(found.startswith(defect) for found in mail.defects)


@pytest.mark.parametrize(
    ("head", "defect"),
    [
        (b"this is no header\n", "header: a line that is no header"),
        (b"two lines\nof rubbish, really\n", "header: a line that is no header"),
        (b"X-Odd : value\n", "header: blanks before a colon"),
        (b">From someone Fri Nov 20\n", "header: envelope line in the middle"),
        (b"From someone Fri Nov 20 10:00:00 2026\n", "header: envelope line in the middle"),
        (b"Received: from a\nby b with SMTP\n", "header: a line that is no header"),
        (b"X-Long: one\n \t\n two\n", ""),
        (b"X-Long: one\r\n two\r\n", ""),
    ],
)
def test_a_broken_line_costs_only_itself(head: bytes, defect: str) -> None:
    raw = b"From: a@b.test\n" + head + b"Subject: Door\nContent-Type: text/html\n\n<p>hi</p>\n"
    mail = read(raw)
    assert (mail.subject, mail.text) == ("Door", "hi")
    assert mail.sender is not None
    assert said(mail, defect)


@pytest.mark.parametrize("top", [b"From a@b Fri Nov 20 10:00:00 2026\n", b">From a@b Fri\n", b"\n"])
def test_an_envelope_line_before_the_header_is_no_header(top: bytes) -> None:
    mail = read(top + b"Subject: Door\n\nhi\n")
    assert (mail.subject, mail.text) == ("Door", "hi")


def test_a_header_that_begins_with_a_fold_goes_on() -> None:
    mail = read(b"X: y\n" + b"Subject: Door\n\nhi\n")
    assert mail.subject == "Door"
    mail = read(b"\n  left over\nSubject: Door\n\nhi\n")
    assert mail.subject == "Door"


@pytest.mark.parametrize(
    ("wrapped", "header", "value"),
    [
        (b"To: a@b.test,\nc@d.test\n", "to", "a@b.test, c@d.test"),
        (b"References: <a@b>\n<c@d>\n", "references", "<a@b> <c@d>"),
        (
            b"Content-Type: text/plain;\ncharset=utf-8\n",
            "content-type",
            "text/plain; charset=utf-8",
        ),
        (b"Subject: =?utf-8?Q?Door_?=\n=?utf-8?Q?five?=\n", "subject", "Door five"),
    ],
)
def test_a_line_wrapped_without_indent_joins_its_field(
    wrapped: bytes, header: str, value: str
) -> None:
    mail = read(wrapped + b"Date: Fri, 20 Nov 2026 10:00:00 +0000\n\nhi\n")
    assert mail.header(header) == value
    assert mail.date is not None
    assert mail.text == "hi"


def test_words_that_begin_without_an_empty_line_are_words() -> None:
    mail = read(TOP + b"Hello desk,\nplease open the door.\n\nBye\n")
    assert mail.text == "Hello desk,\nplease open the door.\n\nBye"
    assert said(mail, "header: no empty line before the body")


def test_words_that_look_like_a_field_are_given_back() -> None:
    mail = read(TOP + b"Hello: I am new here\nand the door is shut.\n")
    assert mail.text == "Hello: I am new here\nand the door is shut."


def test_a_header_quoted_in_words_without_an_empty_line_is_no_header() -> None:
    raw = TOP + b"Hello desk,\n-----Original Message-----\nFrom: x@y.test\nSubject: old\n\nword\n"
    mail = read(raw)
    assert mail.subject == "s"
    assert "Hello desk," in mail.text
    assert "Subject: old" in mail.text


def test_blanks_in_the_empty_line_end_the_header() -> None:
    mail = read(TOP + b" \t\nHello desk,\nbye\n")
    assert mail.text == "Hello desk,\nbye"


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\r\r\n", b"\n"])
def test_all_line_ends_are_lines(end: bytes) -> None:
    raw = MIXED + b"--b\n\nfirst\nsecond\n" + FILE + b"--b--\n"
    mail = read(raw.replace(b"\n", end))
    assert mail.text == "first\nsecond"
    assert [(file.filename, file.size) for file in mail.attachments] == [("f.pdf", 3)]


def test_mixed_line_ends_are_lines() -> None:
    head, _, body = MIXED.partition(b"Content")
    raw = (
        head.replace(b"\n", b"\r\n") + b"Content" + body + b"--b\r\n\r\nwords\n" + FILE + b"--b--\r"
    )
    mail = read(raw)
    assert (mail.text, names(mail)) == ("words", ["f.pdf"])


def test_a_mail_saved_as_unicode_text_is_read() -> None:
    mail = read(b"\xff\xfe" + "Subject: Tür\r\n\r\n门坏了\r\n".encode("utf-16-le"))
    assert (mail.subject, mail.text) == ("Tür", "门坏了")


def test_nul_bytes_between_the_parts_harm_nothing() -> None:
    mail = read(MIXED + b"--b\n\nwo\x00rds\x00\n" + FILE + b"--b--\n\x00\x00")
    assert (mail.text, names(mail)) == ("words", ["f.pdf"])


@pytest.mark.parametrize(
    ("parameter", "boundary"),
    [
        (b"=_next=part", b"=_next=part"),
        (b"a:b/c", b"a:b/c"),
        (b"----_=_NextPart 1", b"----_=_NextPart 1"),
        (b'"with (brackets) and ; in it"', b"with (brackets) and ; in it"),
        (b'"trailing blank "', b"trailing blank"),
        (b"'single'", b"single"),
        (b'"\xe9t\xe9"', b"\xe9t\xe9"),
        (b'"wrong"', b"right"),
        (b'""', b"right"),
        (b'"' + b"x" * 400 + b'"', b"x" * 400),
        (b"*0=ab;\n boundary*1=cd", b"abcd"),
    ],
)
def test_any_boundary_is_found(parameter: bytes, boundary: bytes) -> None:
    equals = b"" if parameter.startswith(b"*") else b"="
    head = TOP + b"Content-Type: multipart/mixed; boundary" + equals + parameter + b"\n\n"
    raw = head + b"preamble\n--b\nContent-Type: text/plain\n\nwords\n" + FILE + b"--b-- \t\nend\n"
    mail = read(raw.replace(b"--b", b"--" + boundary))
    assert (mail.text, names(mail)) == ("words", ["f.pdf"])


def test_no_boundary_at_all_is_found_too() -> None:
    body = b"--b\nContent-Type: text/plain\n\nwords\n" + FILE + b"--b--\n"
    for head in (b"Content-Type: multipart/mixed\n", b""):
        mail = read(TOP + head + b"\n" + body)
        assert (mail.text, names(mail)) == ("words", ["f.pdf"])


def test_a_text_that_only_shows_a_boundary_stays_a_text() -> None:
    words = "look:\n--b\nContent-Type: text/plain\n\nodd"
    assert read(TOP + b"\n" + words.encode()).text == words
    labelled = TOP + b"Content-Type: text/plain\n\n" + words.encode() + b"\n--b--"
    assert read(labelled).text == words + "\n--b--"


def test_blanks_after_a_delimiter_and_a_footer_glued_to_the_last_one_do_no_harm() -> None:
    mail = read(MIXED + b"--b  \t\n\nwords\n" + FILE + b"--b--<p>scanned</p>\n")
    assert (mail.text, names(mail)) == ("words", ["f.pdf"])
    assert mail.attachments[0].size == 3


def test_one_boundary_may_begin_with_the_other() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=bb\n\n--bb\n\nplain\n--bb\n"
    inner += b"Content-Type: text/html\n\n<p>html</p>\n--bb--\n"
    mail = read(MIXED + b"--b\n" + inner + FILE + b"--b--\n")
    assert (mail.text, names(mail)) == ("plain", ["f.pdf"])


def test_a_boundary_used_for_two_levels_nests() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\n"
    inner += b"Content-Type: text/html\n\n<p>html</p>\n--b--\n"
    mail = read(MIXED + b"--b\n" + inner + FILE + b"--b--\n")
    assert (mail.text, names(mail)) == ("plain", ["f.pdf"])
    assert said(mail, "structure: a boundary used twice")


def test_parts_after_the_end_are_parts_only_with_a_field() -> None:
    whole = MIXED + b"--b\n\nwords\n--b--\n"
    assert names(read(whole + FILE)) == ["f.pdf"]
    assert read(whole + b"--b\njust words about it\n").text == "words"


def test_a_missing_end_costs_nothing() -> None:
    mail = read(MIXED + b"--b\n\nwords\n" + FILE)
    assert (mail.text, names(mail)) == ("words", ["f.pdf"])
    assert said(mail, "structure: end boundary missing")


@pytest.mark.parametrize(
    "label",
    [b"multipart/mixed; boundary=none", b"multipart/mixed", b"text", b"plain", b"garbage", b"",
     b"/", b"text/", b"multipart/", b"TEXT/PLAIN", b"text/markdown", b"text/plain (words)"],
)  # fmt: skip
def test_words_under_any_label_are_words(label: bytes) -> None:
    mail = read(TOP + b"Content-Type: " + label + b"\n\nwords\nhere\n")
    assert (mail.text, names(mail)) == ("words\nhere", [])


def test_words_around_the_end_of_nothing_are_words() -> None:
    assert read(MIXED + b"--b--\nwords\n").text == "words"
    assert read(MIXED + b"words\n--b--\n").text == "words"


@pytest.mark.parametrize("first", [b"html", b"text/html", b"text/html charset=utf-8"])
def test_html_is_html_however_briefly_it_is_said(first: bytes) -> None:
    assert read(TOP + b"Content-Type: " + first + b"\n\n<p>a</p><p>b</p>").text == "a\n\nb"


@pytest.mark.parametrize("encoding", [b"7bit", b"base64", b"quoted-printable"])
def test_plain_text_that_begins_as_a_page_is_one(encoding: bytes) -> None:
    page = b"<!DOCTYPE html><html><body><p>a</p><p>b</p></body></html>"
    data = base64.encodebytes(page) if encoding == b"base64" else page
    head = TOP + b"Content-Type: text/plain\nContent-Transfer-Encoding: " + encoding + b"\n\n"
    assert read(head + data).text == "a\n\nb"
    assert read(TOP + b"\n<p>is no page</p>").text == "<p>is no page</p>"


def test_of_two_types_the_one_with_parts_is_meant() -> None:
    head = TOP + b"Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n\n"
    mail = read(head + b"--b\n\nwords\n" + FILE + b"--b--\n")
    assert (mail.text, names(mail)) == ("words", ["f.pdf"])
    head = TOP + b"Content-Type: odd\nContent-Type: text/html\n\n"
    assert read(head + b"<p>hi</p>").text == "hi"


@pytest.mark.parametrize("kind", [b"text/x-amp-html", b"text/watch-html", b"text/enriched"])
def test_a_form_nobody_needs_is_neither_words_nor_file(kind: bytes) -> None:
    head = MIXED.replace(b"mixed", b"alternative")
    form = b"--b\nContent-Type: " + kind + b"\n\n<p>other</p>\n"
    mail = read(head + b"--b\n\nwords\n" + form + b"--b--\n")
    assert (mail.text, names(mail)) == ("words", [])
    assert read(head + form + b"--b--\n").text == "other"


def test_enriched_and_rich_text_are_words_without_their_commands() -> None:
    raw = TOP + b"Content-Type: text/enriched\n\n<bold>Door</bold> <<five\nis\n\nshut<nofill>.\n"
    assert read(raw).text == "Door <five is\nshut."
    raw = TOP + b"Content-Type: text/richtext\n\n<bold>Door</bold> <lt>five<nl>is\nshut.\n"
    assert read(raw).text == "Door <five\nis shut."


def test_a_named_form_of_the_words_is_words() -> None:
    head = MIXED.replace(b"mixed", b"alternative")
    mail = read(
        head + b"--b\nContent-Type: text/plain; name=body.txt\n\nplain\n"
        b"--b\nContent-Type: text/html; name=body.html\n\n<p>html</p>\n--b--\n"
    )
    assert (mail.text, names(mail)) == ("plain", [])


def test_the_data_of_an_appledouble_file_is_the_file() -> None:
    fork = b"--c\nContent-Type: application/applefile; name=f.pdf\n\n\x00\x05\x16\x07\n"
    data = b"--c\nContent-Type: application/pdf; name=f.pdf\n\nPDF\n"
    wrap = b"--b\nContent-Type: multipart/appledouble; boundary=c\n\n"
    words = MIXED + b"--b\n\nwords\n"
    mail = read(words + wrap + fork + data + b"--c--\n--b--\n")
    assert [(file.filename, file.content_type) for file in mail.attachments] == [
        ("f.pdf", "application/pdf")
    ]
    mail = read(words + wrap + fork + b"--c--\n--b--\n")
    assert [file.content_type for file in mail.attachments] == ["application/applefile"]


@pytest.mark.parametrize("kind", [b"message/partial; id=1; number=1", b"message/external-body"])
def test_other_messages_stay_files(kind: bytes) -> None:
    mail = read(MIXED + b"--b\n\nwords\n--b\nContent-Type: " + kind + b"\n\nA: b\n\nx\n--b--\n")
    assert (mail.text, len(mail.attachments)) == ("words", 1)


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "7bit", "lying base64"])
def test_a_mail_within_is_decoded_and_stays_one_file(encoding: str) -> None:
    inner = b"Subject: inner\nFrom: a@b.test\n\nwords = more\n"
    data = inner
    if encoding == "base64":
        data = base64.encodebytes(inner)
    elif encoding == "quoted-printable":
        data = inner.replace(b"=", b"=3D")
    head = b"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: "
    label = encoding.removeprefix("lying ").encode()
    mail = read(MIXED + b"--b\n\nwords\n" + head + label + b"\n\n" + data + b"\n--b--\n")
    assert [(f.filename, f.size) for f in mail.attachments] == [("inner.eml", len(inner))]


def test_a_calendar_alone_is_told_and_kept() -> None:
    raw = (
        TOP + b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\n\n"
        b"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Berlin\nBEGIN:STANDARD\n"
        b"DTSTART:19701025T030000\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
        b"SUMMARY;LANGUAGE=de:T\xc3\xbcr\\, Raum\n  5\n"
        b'DTSTART;TZID="W. Europe: Standard":20261120T100000\nDTEND:20261120T103000Z\n'
        b"ORGANIZER;CN=Ann:mailto:ann@b.test\nLOCATION:Hall\\; east\n"
        b"DESCRIPTION:one\\ntwo\nBEGIN:VALARM\nDESCRIPTION:beep\nEND:VALARM\n"
        b"END:VEVENT\nEND:VCALENDAR\n"
    )
    mail = read(raw)
    assert mail.text.split("\n") == [
        "SUMMARY Tür, Raum 5",
        "DTSTART 2026-11-20 10:00 W. Europe: Standard – 2026-11-20 10:30 UTC",
        "LOCATION Hall; east",
        "ORGANIZER Ann <ann@b.test>",
        "DESCRIPTION one",
        "two",
    ]
    assert names(mail) == ["attachment-1.ics"]
    words = MIXED + b"--b\n\nwords\n--b\nContent-Type: text/calendar\n\nBEGIN:VEVENT\n--b--\n"
    assert read(words).text == "words"


def test_what_lies_beyond_the_limits_is_one_file() -> None:
    mail = read(MIXED + b"--b\n\none\n--b\n\ntwo\n--b\n\nthree\n--b\n\nfour\n--b--\n", parts=2)
    assert (mail.text, len(mail.attachments)) == ("one\n\ntwo", 1)
    assert mail.attachments[0].size == len(b"\nthree\n--b\n\nfour\n--b--\n")
    assert said(mail, "structure: more than 2 parts")


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (b" base64 ", "words"),
        (b'"base64"', "words"),
        (b"BASE64; x=y", "words"),
        (b"base64 (so to say)", "words"),
    ],
)
def test_a_transfer_encoding_may_be_dressed(label: bytes, words: str) -> None:
    raw = TOP + b"Content-Transfer-Encoding: " + label + b"\n\n" + base64.b64encode(b"words")
    assert read(raw).text == words


def test_clear_text_under_a_base64_label_is_clear_text() -> None:
    words = "The door is shut, please open it. 请开门。"
    raw = TOP + b"Content-Transfer-Encoding: base64\n\n" + words.encode()
    assert read(raw).text == words


def test_a_footer_behind_base64_is_no_part_of_it() -> None:
    footer = b"\n_______________________________________________\nOps mailing list\nops@b.test\n"
    for words in (b"some words", b"the words", b"the word"):
        raw = TOP + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(words) + footer
        mail = read(raw)
        assert mail.text == words.decode()
        assert said(mail, "base64: clear text after it left out")


def test_a_header_that_is_indented_is_one() -> None:
    mail = read(b"  Subject: Door\n\nhi\n")
    assert (mail.subject, mail.text) == ("Door", "hi")


@pytest.mark.parametrize("kind", [b"text/unknown", b"text/iso-8859-1", b"text/x-log"])
def test_an_unknown_kind_of_text_is_words_where_nothing_else_is(kind: bytes) -> None:
    assert read(TOP + b"Content-Type: " + kind + b"\n\nwords").text == "words"
    mail = read(MIXED + b"--b\n\nwords\n--b\nContent-Type: " + kind + b"\n\nmore\n--b--\n")
    assert (mail.text, len(mail.attachments)) == ("words", 1)


def test_a_body_said_to_be_a_file_is_words_where_nothing_else_is() -> None:
    head = b"Content-Type: text/plain\nContent-Disposition: attachment"
    mail = read(TOP + head + b"\n\nwords")
    assert (mail.text, names(mail)) == ("words", [])
    mail = read(TOP + head + b"; filename=log.txt\n\nwords")
    assert (mail.text, names(mail)) == ("", ["log.txt"])


def test_pictures_may_stand_before_the_page_that_shows_them() -> None:
    mail = read(
        MIXED.replace(b"mixed", b"related")
        + b"--b\nContent-Type: image/png; name=a.png\nContent-ID: <x>\n\npng\n"
        b"--b\nContent-Type: text/html\n\n<p>hi</p><img src='cid:x'>\n--b--\n"
    )
    assert (mail.text.partition("\n")[0], names(mail)) == ("hi", ["a.png"])


def test_a_file_of_outlook_is_named_as_what_it_is() -> None:
    with pytest.raises(Unreadable, match=r"Outlook's own \(\.msg\)"):
        read(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000))


@pytest.mark.parametrize(
    "odd",
    [
        "rubbish\n{}: x",
        "X-A : b\n{}: x",
        "{} : x",
        "X-A: b\r{}: x",
        "X-A: b\n \t\n{}: x",
        "From a@b\n{}: x",
        ">From a@b\n{}: x",
    ],
)
@pytest.mark.parametrize(
    "name", ["Authentication-Results", "Received", "X-MS-Exchange-Organization-AuthAs", "X-Inside"]
)
def test_evidence_a_server_may_have_overlooked_is_not_evidence(odd: str, name: str) -> None:
    raw = "X-B: c\nFrom: a@b.test\n" + odd.format(name) + "\nSubject: s\n\nhi\n"
    mail = read(raw.encode())
    assert (mail.header("subject"), mail.text) == ("s", "hi")
    assert mail.header(name) is None
    assert mail.header("x-b") == "c"
