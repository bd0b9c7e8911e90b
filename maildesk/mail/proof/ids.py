"""Which letters are ours, for which ticket and for whom: signed Message-IDs and the own mark.

A Message-ID carries its facts in base32 and an HMAC over them and the domain, so that an id met
in References proves itself without a look-up (DESIGN §7, §8). It does not decide what a proved id
allows, and it keeps no list of ids: `message_ids` in the store does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from maildesk.mail.message import address_key

MARK = "X-Maildesk"
"""The header every letter of ours carries, for clients and servers that rewrite Message-IDs."""

_LETTER = 1  # the first byte of a payload says what it is
_ANCHOR = 2
_LETTER_BYTES = 7
_PERSON_BYTES = 5
_MAC_BYTES = 10
_MAX_TICKET = 1 << 63

_ID = re.compile(r"md\.([a-z2-7]{2,48})\.([a-z2-7]{16})@([a-z0-9.-]{1,253})")
_OWN_MARK = re.compile(r"([a-z2-7]{16})\.([a-z2-7]{16})")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class OurId:
    """What one of our ids says. An anchor has `letter` 0 and `person` "": it is for nobody.

    `letter` is `letter_number` of the letter's key, `ticket` the ticket's row (0: none),
    `person` a short hash of the recipient's address key.
    """

    letter: int
    ticket: int
    person: str


def mint(secret: bytes, *, letter_key: str, ticket: int, recipient: str, domain: str) -> str:
    """The Message-ID of a letter, without `<>` (RFC 5322 §3.6.4); equal facts give an equal id.

    `letter_key` is any string unique to the letter. Raises ValueError for a ticket below 0 or
    beyond 63 bits, and for a domain no Message-ID can hold.
    """
    number = letter_number(letter_key).to_bytes(_LETTER_BYTES, "big")
    person = _hash_person(recipient)
    return _sign_id(secret, bytes((_LETTER,)) + number + person + _pack_ticket(ticket), domain)


def anchor(secret: bytes, ticket: int, domain: str) -> str:
    """The one id every letter of a ticket names first in References, without `<>`.

    It keeps the conversation together in clients when the letters a person has seen differ.
    """
    return _sign_id(secret, bytes((_ANCHOR,)) + _pack_ticket(ticket), domain)


def read(secret: bytes | Sequence[bytes], message_id: str) -> OurId | None:
    """What an id of ours says, or None: not ours, damaged or forged. Never raises.

    Several secrets may be given, so that ids minted before a rotation still prove themselves.
    """
    match = _ID.fullmatch(message_id)
    if match is None:
        return None
    payload, seal, domain = match.groups()
    signed = f"id:{payload}@{domain}"
    if not any(hmac.compare_digest(seal, seal_text(key, signed)) for key in each_secret(secret)):
        return None
    return _unpack(_decode(payload))


def is_for(our: OurId, address: str) -> bool:
    """Whether the letter was sent to this address (any case, any +tag)."""
    return our.person == _encode(_hash_person(address))


def letter_number(letter_key: str) -> int:
    """The number a letter's key becomes inside its id, 56 bits: compare it with `OurId.letter`."""
    digest = hashlib.sha256(letter_key.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:_LETTER_BYTES], "big")


def mark(secret: bytes, desk_id: str) -> str:
    """The value of the `MARK` header of this desk's letters."""
    digest = hashlib.sha256(desk_id.encode("utf-8", "surrogatepass")).digest()
    desk = _encode(digest[:_MAC_BYTES])
    return f"{desk}.{seal_text(secret, f'mark:{desk}')}"


def is_our_mark(secrets: bytes | Sequence[bytes], value: str) -> bool:
    """Whether a `MARK` header was written by a desk, any desk, that knows one of these secrets."""
    match = _OWN_MARK.fullmatch(value.strip())
    if match is None:
        return False
    desk, seal = match.groups()
    return any(
        hmac.compare_digest(seal, seal_text(key, f"mark:{desk}")) for key in each_secret(secrets)
    )


def _sign_id(secret: bytes, payload: bytes, domain: str) -> str:
    text, host = _encode(payload), _fold_host(domain)
    return f"md.{text}.{seal_text(secret, f'id:{text}@{host}')}@{host}"


def seal_text(secret: bytes, signed: str) -> str:
    """The MAC of an ASCII text, 80 bits as 16 characters a-z2-7. Begin the text with what it is."""
    # The text is signed, not the bytes it decodes to: base32 has spare bits at its end, and a
    # changed character there must be refused too.
    return _encode(hmac.digest(secret, signed.encode("ascii"), "sha256")[:_MAC_BYTES])


def each_secret(secret: bytes | Sequence[bytes]) -> Sequence[bytes]:
    """One secret or several, as several."""
    return (secret,) if isinstance(secret, bytes) else secret


def _pack_ticket(ticket: int) -> bytes:
    if not 0 <= ticket < _MAX_TICKET:
        raise ValueError(f"a ticket's row is between 0 and 2^63, not {ticket}")
    return ticket.to_bytes((ticket.bit_length() + 7) // 8, "big")


def _unpack(payload: bytes) -> OurId | None:
    kind, rest = payload[:1], payload[1:]
    if kind == bytes((_ANCHOR,)):
        return OurId(0, int.from_bytes(rest, "big"), "")
    if kind != bytes((_LETTER,)) or len(rest) < _LETTER_BYTES + _PERSON_BYTES:
        return None
    person_end = _LETTER_BYTES + _PERSON_BYTES
    return OurId(
        int.from_bytes(rest[:_LETTER_BYTES], "big"),
        int.from_bytes(rest[person_end:], "big"),
        _encode(rest[_LETTER_BYTES:person_end]),
    )


def _hash_person(address: str) -> bytes:
    key = address_key(address).encode("utf-8", "surrogatepass")
    return hashlib.sha256(b"person:" + key).digest()[:_PERSON_BYTES]


def _encode(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


def _decode(text: str) -> bytes:
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))


@lru_cache(maxsize=64)
def _fold_host(domain: str) -> str:
    host = domain.strip().rstrip(".").lower()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")  # a UnicodeError is a ValueError
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise ValueError(f"no domain for a Message-ID: {domain!r}")
    return host
