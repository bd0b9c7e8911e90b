"""What does one Received line claim: by whom, from whom and how (RFC 5321 §4.4)?

Only the claim is read. Whether the line is believed is `trust`'s question. The name after `from` is
whatever the client called itself, so an address the server noted always counts more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from maildesk.mail.header.fields import Shape, split

Ip = IPv4Address | IPv6Address

_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_IPV6 = re.compile(r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,45}")
_LABEL = re.compile(r"IPv6:", re.IGNORECASE)
_LOGIN = re.compile(r"\s*authenticated sender:\s*(\S{1,320})", re.IGNORECASE)
_LOCAL = re.compile(
    r"(?:^|,)\s*from\s", re.IGNORECASE
)  # (Postfix, from userid 33), (from www@host)
_AUTHENTICATED = frozenset({"esmtpa", "esmtpsa", "utf8smtpa", "utf8smtpsa"})  # RFC 3848, RFC 6531


@dataclass(frozen=True, slots=True)
class Hop:
    """One Received line. Names in lower case, "" when the line has none.

    `addresses` are all the client addresses it shows; `unclear` says that one could not be read.
    `local` says that the mail began on that host, handed in by a program. `login` is the name the
    client logged in with, where the server writes it.
    """

    by: str
    sender: str = ""
    addresses: tuple[Ip, ...] = ()
    unclear: bool = False
    protocol: str = ""
    login: str | None = None
    local: bool = False

    @property
    def authenticated(self) -> bool:
        """Whether the line says that the client logged in."""
        return self.login is not None or self.protocol.lower() in _AUTHENTICATED

    @property
    def shown_sender(self) -> str:
        """The client as a person would name it."""
        shown = [self.sender, *(f"[{address}]" for address in self.addresses)]
        return " ".join(part for part in shown if part) or "an unnamed client"


def read_hop(value: str) -> Hop:
    """The line's claims. Never raises; of what stands twice the first counts."""
    found: dict[str, str] = {}
    comments: list[str] = []
    client: list[str] = []  # the comments that stand before `by`
    logins: list[str] = []
    key: str | None = None
    for place, item in enumerate(split(value).items):
        word = item.text.lower()
        if item.shape is Shape.END:
            break
        if item.shape is Shape.COMMENT:
            login = _LOGIN.match(item.text)
            if login is not None:
                logins.append(login[1].strip("<>"))
            else:
                comments.append(item.text)
                client += [] if "by" in found else [item.text]
        elif key is not None:  # first, because a client may call itself "by"
            found.setdefault(key, item.text)
            key = None
        elif word in ("by", "with") or (word == "from" and place == 0):
            key = word
    sender = found.get("from", "")
    addresses, unclear = _find_addresses(" ".join([sender, *client]))
    return Hop(
        by=_tidy_host(found.get("by", "")),
        sender=_tidy_host(sender),
        addresses=addresses,
        unclear=unclear,
        protocol=found.get("with", ""),
        login=logins[0] if logins else None,
        local="from" not in found and any(map(_LOCAL.search, comments)),
    )


def _find_addresses(text: str) -> tuple[tuple[Ip, ...], bool]:
    """All addresses in the text, and whether something looked like one but is none."""
    text = _LABEL.sub(" ", text)
    candidates = _IPV4.findall(text)
    candidates += [part for part in _IPV6.findall(text) if part.count(":") > 1]
    found: list[Ip] = []
    unclear = False
    for candidate in candidates[:20]:
        try:
            address = ip_address(candidate.rstrip("."))
        except ValueError:
            unclear = True
            continue
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        found.append(mapped or address)
    return tuple(dict.fromkeys(found)), unclear or len(candidates) > 20


def _tidy_host(text: str) -> str:
    return text.strip("[]<>,").rstrip(".").lower()[:255]
