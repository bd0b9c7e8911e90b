"""What proves in plain text that we wrote to this person: tokens in letters, and one-time codes.

A token says which ticket the letter was about, how its answer is to be relayed and on which day it
left; it stands in the footer and as the tag of a plus-address, since some clients send no
References. A one-time code releases one draft. What either allows, and for how long, is not decided
here, and neither is kept: both are computed again when they come back.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from maildesk.mail.message import address_key
from maildesk.mail.proof.ids import each_secret, seal_text

RELAYS = "rvn"
"""An answer goes to the requester, to a vendor, or is an internal note."""

_MOST = 20  # candidates of one text; each costs a MAC
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SEAL = 12  # characters, 60 bits
_MAX_TICKET = 1 << 63
_MAX_DAY = 36**4
_TOKEN = re.compile(
    rf"(?<![a-z0-9])([{RELAYS}])([0-9a-z]{{1,13}})-([0-9a-z]{{1,4}})-([a-z2-7]{{{_SEAL}}})(?![a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else on paper
_ONCE = re.compile(
    rf"(?<![\w-])([{_ALPHABET}]{{4}})-([{_ALPHABET}]{{4}})(?![\w-])", re.ASCII | re.IGNORECASE
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"))


@dataclass(frozen=True, slots=True)
class Token:
    """`relay` is one of RELAYS, `ticket` its row, `day` when the letter left (see `day_of`)."""

    relay: str
    ticket: int
    day: int


def mint(secret: bytes, *, relay: str, ticket: int, address: str, day: int) -> str:
    """The token of a letter to `address`: small letters, digits and hyphens, such as
    `r15-f9o-k7q4m2xdpa2c`. ValueError for a relay, ticket or day no token can hold."""
    if relay not in tuple(RELAYS) or not 0 <= ticket < _MAX_TICKET or not 0 <= day < _MAX_DAY:
        raise ValueError(f"no token for relay {relay!r}, ticket {ticket}, day {day}")
    facts = f"{relay}{_write(ticket)}-{_write(day)}"
    return f"{facts}-{_seal(secret, facts, address)}"


def find(text: str) -> tuple[str, ...]:
    """What looks like tokens in a text, in order, each once, at most 20. Linear."""
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(text.translate(_DASHES)):
        found[match[0].lower()] = None
        if len(found) == _MOST:
            break
    return tuple(found)


def read(secret: bytes | Sequence[bytes], token: str, addresses: Iterable[str]) -> Token | None:
    """What a token says if it was minted for one of these addresses, else None. Never raises.

    Several secrets may be given, so that tokens minted before a rotation still prove themselves.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    relay, ticket, day, given = (part.lower() for part in match.groups())
    facts = f"{relay}{ticket}-{day}"
    people = list(addresses)
    keys = each_secret(secret)
    if not any(
        hmac.compare_digest(given, _seal(key, facts, one)) for key in keys for one in people
    ):
        return None
    return Token(relay, int(ticket, 36), int(day, 36))


def day_of(moment: datetime) -> int:
    """Days from 1970-01-01 to an aware moment, in UTC."""
    return int(moment.timestamp() // 86_400)


def mint_once(secret: bytes, draft: int, address: str) -> str:
    """The code that releases a draft for one person, to be typed or sent back: `K7Q4-9FXM`."""
    digest = hmac.digest(secret, _say_once(draft, address), "sha256")
    number = int.from_bytes(digest, "big")
    signs = []
    for _ in range(8):
        number, place = divmod(number, len(_ALPHABET))
        signs.append(_ALPHABET[place])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def find_once(text: str) -> tuple[str, ...]:
    """What looks like one-time codes in a text, in order, each once, at most 20. Linear."""
    found: dict[str, None] = {}
    for match in _ONCE.finditer(text.translate(_DASHES)):
        found[match[0].upper()] = None
        if len(found) == _MOST:
            break
    return tuple(found)


def is_once(secret: bytes | Sequence[bytes], code: str, draft: int, address: str) -> bool:
    """Whether the code is the one of this draft and person, in time that tells nothing."""
    given = code.translate(_DASHES).strip().upper().encode("utf-8", "surrogatepass")
    fits = [
        hmac.compare_digest(given, mint_once(key, draft, address).encode())
        for key in each_secret(secret)
    ]
    return any(fits)


def _seal(secret: bytes, facts: str, address: str) -> str:
    return seal_text(secret, f"token:{facts}:{_hash(address)}")[:_SEAL]


def _say_once(draft: int, address: str) -> bytes:
    return f"once:{draft}:{_hash(address)}".encode("ascii")


def _hash(address: str) -> str:
    # The whole hash, since anybody may choose an address; and no address can look like a fact.
    return hashlib.sha256(address_key(address).encode("utf-8", "surrogatepass")).hexdigest()


def _write(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
