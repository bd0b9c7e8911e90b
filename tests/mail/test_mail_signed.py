"""Signed words are read, encrypted ones are known as such, and armor is nobody's words."""

from __future__ import annotations

import base64
import random
import time
import zlib

import pytest

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse_source
from maildesk.mail.parts.cms import open_message
from maildesk.mail.parts.openpgp import is_sealed, strip_armor

TOP = b"From: a@b.test\nSubject: s\nMIME-Version: 1.0\n"
PKCS7 = bytes.fromhex("06092a864886f70d0107")
SIGNED, ENVELOPED, PLAIN = PKCS7 + b"\x02", PKCS7 + b"\x03", PKCS7 + b"\x01"
AUTH_ENVELOPED = bytes.fromhex("060b2a864886f70d0109100117")
COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")
PART = b"Content-Type: text/plain; charset=utf-8\r\n\r\nsigned words\r\n"
ENCRYPTED = "encrypted: cannot be read here"
SIGNATURE = (
    "-----BEGIN PGP SIGNATURE-----\nVersion: GnuPG v2\n\niQEzBAEBCAAdFiEE\n=abcd\n"
    "-----END PGP SIGNATURE-----"
)
CLEAR = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nThe door is shut.\n- - a dash\n\nAnn\n"
    + SIGNATURE
)


def der(tag: int, *values: bytes) -> bytes:
    body = b"".join(values)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + body


def ber(tag: int, *values: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(values) + b"\0\0"


def in_pieces(content: bytes, size: int) -> bytes:
    pieces = (content[start : start + size] for start in range(0, len(content), size))
    return ber(0x24, *(der(0x04, piece) for piece in pieces))


def sign(octets: bytes, wrap: object = der) -> bytes:
    write = ber if wrap is ber else der
    algorithms = write(0x31, write(0x30, bytes.fromhex("0609608648016503040201")))
    content = write(0x30, PLAIN, write(0xA0, octets) if octets else b"")
    return write(
        0x30, SIGNED, write(0xA0, write(0x30, b"\x02\x01\x01", algorithms, content, der(0x31)))
    )


def envelope(kind: bytes = ENVELOPED) -> bytes:
    return der(0x30, kind, der(0xA0, der(0x30, b"\x02\x01\x00", der(0x31))))


def mail(data: bytes, head: str = "application/pkcs7-mime; name=smime.p7m") -> Incoming:
    raw = TOP + f"Content-Type: {head}\n".encode() + b"Content-Transfer-Encoding: base64\n\n"
    return read(raw + base64.encodebytes(data))


def read(raw: bytes) -> Incoming:
    return parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())


@pytest.mark.parametrize(
    "data",
    [
        sign(der(0x04, PART)),
        sign(in_pieces(PART, 10), ber),
        sign(ber(0x24, in_pieces(PART[:20], 7), in_pieces(PART[20:], 7)), ber),
        sign(der(0x24, der(0x04, PART[:9]), der(0x04, PART[9:]))),
        sign(der(0x04, PART))[:-4],
        base64.encodebytes(sign(der(0x04, PART))),
        b"-----BEGIN PKCS7-----\n" + base64.encodebytes(sign(der(0x04, PART))) + b"-----END P",
    ],
    ids=["der", "ber", "nested pieces", "definite pieces", "cut off", "base64 twice", "pem"],
)  # fmt: skip
def test_what_is_only_signed_is_read_and_kept(data: bytes) -> None:
    found = mail(data)
    assert found.text == "signed words"
    assert [file.filename for file in found.attachments] == ["smime.p7m"]
    assert not found.encrypted


def test_the_files_of_a_signed_mail_stand_before_their_wrapper() -> None:
    part = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n"
        b"--b\nContent-Type: application/pdf; name=f.pdf\n\nPDF\n--b--\n"
    )
    found = mail(sign(der(0x04, part)), "application/octet-stream; name=SMIME.P7M")
    assert found.text == "words"
    assert [file.filename for file in found.attachments] == ["f.pdf", "SMIME.P7M"]


def test_a_mail_signed_twice_is_read() -> None:
    inner = b"Content-Type: application/pkcs7-mime\n\n" + sign(der(0x04, PART))
    assert mail(sign(der(0x04, inner))).text == "signed words"


def test_a_mail_signed_without_end_is_left() -> None:
    part = PART
    for _ in range(30):
        part = b"Content-Type: application/pkcs7-mime\n\n" + sign(der(0x04, part))
    assert mail(sign(der(0x04, part))).text == ""


def test_packed_content_is_unpacked_and_never_without_end() -> None:
    def pack(data: bytes) -> bytes:
        content = der(0x30, PLAIN, der(0xA0, der(0x04, zlib.compress(data))))
        body = der(0x30, b"\x02\x01\x00", der(0x30), content)
        return der(0x30, COMPRESSED, der(0xA0, body))

    assert mail(pack(PART)).text == "signed words"
    found = open_message(pack(bytes(300_000_000)))
    assert found is not None
    assert len(found.content) < 60_000_000


def test_a_signed_document_is_a_file() -> None:
    raw = (
        TOP + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee file\n--b\n"
        b"Content-Type: application/pkcs7-mime; name=invoice.xml.p7m\n\n"
        + sign(der(0x04, b"<?xml version='1.0'?><a/>"))
        + b"\n--b--\n"
    )
    found = read(raw)
    assert (found.text, found.encrypted) == ("see file", False)
    assert [file.filename for file in found.attachments] == ["invoice.xml.p7m"]


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (envelope(), "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"),
        (envelope(), "application/x-pkcs7-mime"),
        (envelope(), "application/octet-stream; name=smime.p7m"),
        (envelope(AUTH_ENVELOPED), "application/pkcs7-mime; name=smime.p7m"),
        (b"broken", "application/pkcs7-mime; smime-type=enveloped-data"),
    ],
)
def test_a_secret_is_known_and_kept(data: bytes, head: str) -> None:
    found = mail(data, head)
    assert found.encrypted
    assert ENCRYPTED in found.defects
    assert (found.text, len(found.attachments)) == ("", 1)


def test_pgp_mime_is_a_secret_also_where_exchange_took_its_wrapper() -> None:
    parts = (
        b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
        b"--b\nContent-Type: application/octet-stream; name=encrypted.asc\n\n"
        b"-----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----\n--b--\n"
    )
    for kind in (b"multipart/encrypted; protocol=x", b"multipart/mixed"):
        found = read(TOP + b"Content-Type: " + kind + b"; boundary=b\n\n" + parts)
        assert (found.text, found.encrypted) == ("", True)
        assert [file.filename for file in found.attachments] == ["encrypted.asc"]


def test_an_inline_secret_is_known_and_stays_the_text() -> None:
    armor = "-----BEGIN PGP MESSAGE-----\n\nhF4D\n=68D6\n-----END PGP MESSAGE-----"
    found = read(TOP + b"\n" + armor.encode())
    assert (found.text, found.encrypted) == (armor, True)
    assert ENCRYPTED in found.defects
    found = read(TOP + b"\nWhat is this?\n\n" + armor.encode())
    assert not found.encrypted
    assert not is_sealed(armor + "\n" + "words " * 100)
    assert is_sealed(armor[:40])


def test_a_detached_signature_is_a_file_and_its_words_are_the_body() -> None:
    for kind, name in (("pgp-signature", "signature.asc"), ("pkcs7-signature", "smime.p7s")):
        raw = (
            TOP + b"Content-Type: multipart/signed; boundary=b\n\n--b\n\nwords\n--b\n"
            b"Content-Type: application/" + f"{kind}; name={name}\n\nxyz\n--b--\n".encode()
        )
        found = read(raw)
        assert found.text == "words"
        assert [file.filename for file in found.attachments] == [name]
        assert not found.encrypted


def test_armor_is_taken_from_a_clear_signed_text() -> None:
    words, armor = strip_armor(CLEAR)
    assert words == "The door is shut.\n- a dash\n\nAnn"
    assert armor.split("\n")[:2] == ["-----BEGIN PGP SIGNED MESSAGE-----", "Hash: SHA512"]
    assert armor.endswith(SIGNATURE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no armor", "no armor"),
        ("above\n" + CLEAR + "\n\nbelow", "above\nThe door is shut.\n- a dash\n\nAnn\n\nbelow"),
        (CLEAR.replace("-----END PGP SIGNATURE-----", ""), "The door is shut.\n- a dash\n\nAnn"),
        (CLEAR.split("-----BEGIN PGP SIGNATURE")[0], None),
        ("\n".join("> " + line for line in CLEAR.split("\n")), None),
        ("I wrote -----BEGIN PGP SIGNED MESSAGE----- once", None),
        (SIGNATURE, None),
    ],
    ids=["none", "around", "no end", "no signature", "quoted", "spoken of", "alone"],
)
def test_only_whole_armor_is_taken(text: str, words: str | None) -> None:
    assert strip_armor(text)[0] == (text if words is None else words)


def test_damaged_wrappers_cost_nothing() -> None:
    rnd = random.Random(3)
    for whole in (sign(der(0x04, PART)), sign(in_pieces(PART, 3), ber), envelope()):
        for size in range(len(whole)):
            open_message(whole[:size])
            broken = bytearray(whole)
            for _ in range(3):
                broken[rnd.randrange(len(whole))] = rnd.randrange(256)
            open_message(bytes(broken))


@pytest.mark.parametrize(
    "data",
    [
        sign(ber(0x24, b"\x04\x01a" * 5_000_000), ber),
        sign(ber(0x24, b"\x04\x00" * 5_000_000), ber),
        b"\x30\x80" * 5_000_000,
        b"\x30\x80" + SIGNED + b"\xa0\x80" + b"\x30\x80" + b"\x31\x80" * 5_000_000,
        b"\x24\x80" * 5_000_000,
        sign(b"\x24\x80" * 5_000_000, ber),
        sign(b"\x24\x80\x00\x00" * 3_000_000, ber),
    ],
    ids=["bytes", "nothing", "sequences", "sets", "strings", "deep", "ends"],
)
def test_hostile_wrappers_take_no_time(data: bytes) -> None:
    begun = time.process_time()
    open_message(data)
    assert time.process_time() - begun < 3


def test_a_mail_under_microsoft_s_rights_is_a_secret_although_it_has_words() -> None:
    raw = (
        TOP + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nA protected message.\n--b\n"
        b"Content-Type: application/x-microsoft-rpmsg-message; name=message.rpmsg\n\nv\n--b--\n"
    )
    found = read(raw)
    assert (found.text, found.encrypted) == ("A protected message.", True)
    assert [file.filename for file in found.attachments] == ["message.rpmsg"]
