"""Who may do what by a link: the signed tokens of the pages (DESIGN §9).

A token names one person, one ticket and one purpose, proves itself without a look-up and ends by
itself; an article's names the article alone. Whether the ticket still allows what it asks for is
decided when it is used, not here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

CONFIRM = "confirm"
"""The requester's page: solved, or still broken."""

ACTIONS = ("start", "ask", "solved", "assign")
"""The engineer's page, opened at one of its four actions: 接单 · 要信息 · 已解决 · 转派."""

_LETTERS = {CONFIRM: "c", "start": "s", "ask": "q", "solved": "d", "assign": "a"}
_ACTS = {letter: act for act, letter in _LETTERS.items()}
_CONFIRM_DAYS = 60
_ACTION_DAYS = 30
_MAC_BYTES = 16
_LONGEST = 2048
_SALT = b"maildesk.link"
_ARTICLE = b"maildesk.article"
_TOKEN = re.compile(r"[A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Link:
    """`act` is CONFIRM or one of ACTIONS; `person` the address key of whom the letter went to.

    `issued` is aware; a token keeps it to the second.
    """

    act: str
    desk: str
    ticket: int
    person: str
    issued: datetime

    @property
    def expires(self) -> datetime:
        days = _CONFIRM_DAYS if self.act == CONFIRM else _ACTION_DAYS
        return self.issued + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Expired:
    """A token of ours whose time is over."""

    link: Link


@dataclass(frozen=True, slots=True)
class Tampered:
    """No token of ours: damaged, cut off, made up, or signed with a key that is no longer ours."""


def sign(secret: bytes, link: Link) -> str:
    """The token, URL-safe, ending in a letter that no mail program cuts off as punctuation.

    Raises ValueError for an unknown act and for texts with a line break.
    """
    if link.act not in _LETTERS:
        raise ValueError(f"no page does {link.act!r}")
    issued = str(int(link.issued.timestamp()))
    fields = (_LETTERS[link.act], link.desk, str(link.ticket), link.person, issued)
    if any("\n" in field for field in fields):
        raise ValueError("a link's texts stand on one line")
    payload = base64.urlsafe_b64encode("\n".join(fields).encode()).rstrip(b"=")
    return _signer(secret).sign(payload).decode("ascii")


def read(secrets: bytes | Sequence[bytes], token: str, now: datetime) -> Link | Expired | Tampered:
    """What a token says. Never raises. Of several secrets any may have signed it (rotation)."""
    if len(token) > _LONGEST or not token.isascii():
        return Tampered()
    try:
        payload = _signer(secrets).unsign(token)
        link = _unpack(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    except (BadSignature, ValueError, KeyError, OverflowError):
        return Tampered()
    return link if now < link.expires else Expired(link)


def url(base_url: str, token: str) -> str:
    """The address a letter shows; one short path for every page."""
    return f"{base_url.rstrip('/')}/t/{token}"


def trim(token: str) -> str:
    """The token without what a mail program took along after it: 。 ） and the like."""
    found = _TOKEN.match(token)
    return found.group().rstrip("_.-") if found else ""


def article_url(base_url: str, secret: bytes, desk: str, number: str) -> str:
    """The address of an article's page. It ends never, and says nothing of who reads it."""
    if "\n" in desk + number:
        raise ValueError("a link's texts stand on one line")
    payload = base64.urlsafe_b64encode(f"{desk}\n{number}".encode()).rstrip(b"=")
    token = _signer(secret, _ARTICLE).sign(payload).decode("ascii")
    return f"{base_url.rstrip('/')}/k/{token}"


def read_article(secrets: Sequence[bytes], token: str) -> tuple[str, str] | None:
    """(desk, number) of an article's token; None: none of ours. Never raises."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        payload = _signer(secrets, _ARTICLE).unsign(token)
        desk, number = (
            base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)).decode().split("\n")
        )
    except (BadSignature, ValueError):
        return None
    return desk, number


def _unpack(payload: bytes) -> Link:
    letter, desk, ticket, person, issued = payload.decode().split("\n")
    return Link(_ACTS[letter], desk, int(ticket), person, datetime.fromtimestamp(int(issued), UTC))


class _ShortSeal(HMACAlgorithm):
    """Half of an HMAC-SHA256: still 128 bits to guess, and half as long in a letter."""

    def __init__(self) -> None:
        super().__init__(hashlib.sha256)

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:_MAC_BYTES]


def _signer(secrets: bytes | Sequence[bytes], salt: bytes = _SALT) -> Signer:
    keys = [secrets] if isinstance(secrets, bytes) else list(secrets)
    return Signer(
        keys,
        salt=salt,
        key_derivation="hmac",
        digest_method=hashlib.sha256,
        algorithm=_ShortSeal(),
    )
