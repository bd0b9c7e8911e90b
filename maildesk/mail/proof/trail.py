"""Where in a mail did our own servers write, and where could the sender?

The Received lines from the top down are a chain: each is believed as long as every one above it was
written by a trusted host that had the mail from a trusted host. What the headers in between say is
not read here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from maildesk.mail.proof.hops import Hop, Ip, read_hop

_MOST = 100  # headers of evidence that are kept


@dataclass(frozen=True, slots=True)
class Line:
    """A header of evidence, name in lower case. `doubt` says why it is not believed, or is "".

    `edge` is set directly below the line with which the mail came in, where our server and the
    sender may both have written; it says where the mail came from.
    """

    name: str
    value: str
    doubt: str
    edge: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The evidence in its order; the believed Received lines, newest first; the next one below."""

    lines: tuple[Line, ...]
    hops: tuple[Hop, ...]
    rest: Hop | None


def follow(
    headers: Sequence[tuple[str, str]], wanted: Collection[str], trusted: tuple[str, ...]
) -> Trail:
    """The headers named in `wanted` (lower case) with their places. Never raises; linear."""
    hosts = _read_hosts(trusted)
    lines: list[Line] = []
    hops: list[Hop] = []
    rest: Hop | None = None
    edge = doubt = ""
    for key, value in headers:
        name = key.lower()
        if name in wanted and len(lines) < _MOST:
            lines.append(Line(name, value, doubt, edge))
        if name != "received" or rest is not None:
            continue
        hop = read_hop(value)
        if edge or not hosts.hold_name(hop.by):
            rest = hop
            doubt = f"it stands below a Received line of {hop.by or 'an unnamed host'}"
            doubt += f", and {edge}" if edge else ", which is not a trusted host"
            continue
        hops.append(hop)
        if hop.local:
            edge = f"a program on {hop.by} made the mail"
        elif not hosts.hold_client(hop):
            edge = f"the mail came to {hop.by} from {hop.shown_sender}, which is not a trusted host"
    if not hops:
        missing = "the mail's newest Received line is not of a trusted host"
        lines = [replace(line, doubt=line.doubt or missing) for line in lines]
    return Trail(tuple(lines), tuple(hops), rest)


def matches(pattern: str, name: str) -> bool:
    """`mx.corp.example`, `.corp.example` for all below it, or a name with one `*`; lower case."""
    if not pattern or not name:
        return False
    if pattern.startswith("."):
        return name.endswith(pattern) and len(name) > len(pattern)
    head, star, tail = pattern.partition("*")
    if not star:
        return name == pattern
    return len(name) >= len(pattern) and name.startswith(head) and name.endswith(tail)


@dataclass(frozen=True, slots=True)
class _Hosts:
    names: tuple[str, ...]
    networks: tuple[IPv4Network | IPv6Network, ...]

    def hold_name(self, host: str) -> bool:
        """Whether the host is one of them; some call themselves by their address."""
        try:
            return self.hold_address(ip_address(host.removeprefix("ipv6:")))
        except ValueError:
            return any(matches(name, host) for name in self.names)

    def hold_address(self, address: Ip) -> bool:
        return any(address in network for network in self.networks)

    def hold_client(self, hop: Hop) -> bool:
        """Whether the line's client is trusted. Its name counts only when there is no address:
        it is what the client calls itself."""
        if hop.unclear:
            return False
        if hop.addresses:
            return all(
                address.is_loopback or address.is_link_local or self.hold_address(address)
                for address in hop.addresses
            )
        return not hop.sender or self.hold_name(hop.sender)


@lru_cache(maxsize=64)
def _read_hosts(trusted: tuple[str, ...]) -> _Hosts:
    names: list[str] = []
    networks: list[IPv4Network | IPv6Network] = []
    for entry in trusted:
        try:
            networks.append(ip_network(entry, strict=False))
        except ValueError:
            names.append(entry.lower())
    return _Hosts(tuple(names), tuple(networks))
