"""Waiting for news on one IMAP connection (RFC 2177): only a hint, a SEARCH follows every wake-up.

imapclient's own `idle_check` misses what already lies in its buffer and spins on a closed peer, so
the waiting is done here, on the socket, with the client's `idle` and `idle_done` around it.
"""

from __future__ import annotations

import select
import socket
import ssl
from typing import Any

BLIND_SECONDS = 30.0
"""How long to wait at most where the client's read buffer cannot be looked into."""


class IdleRefused(Exception):
    """The server offers IDLE and then refuses it; poll instead."""


def wait(client: Any, seconds: float) -> bool:
    """Whether the server said anything within `seconds`; the client's errors mean: reconnect.

    `client` is a selected IMAPClient. A server may speak before its `+`, right behind it, in
    halves of lines, or not at all; each ends in a proper answer here or in an exception.
    """
    spoken = _begin(client)
    if not spoken:
        buffered = _peek(client)
        if buffered is None:
            seconds = min(seconds, BLIND_SECONDS)
        spoken = buffered or _poll(client, seconds)
    _, news = client.idle_done()
    return spoken or bool(news)


def _begin(client: Any) -> bool:
    """Send IDLE and read up to the `+`; whether something was said before it."""
    protocol = client._imap
    try:
        client.idle()
    except protocol.abort:
        raise
    except protocol.error:
        # imapclient gives up at the first line that is not the `+`. If it was news, the `+` is
        # still to come, and reading on keeps the session in step.
        while not _answered(client):
            if protocol._get_response() is None:
                return True
        raise IdleRefused from None
    return False


def _answered(client: Any) -> bool:
    return bool(client._imap.tagged_commands.get(client._idle_tag))


def _peek(client: Any) -> bool | None:
    """Whether answers lie in the client's buffer already; None when nobody can tell."""
    unread = getattr(client._imap, "_readbuf", None)
    sock = client.socket()
    if unread is not None:  # Python 3.14 keeps the buffer in a list beside the socket
        return bool(unread) or bool(isinstance(sock, ssl.SSLSocket) and sock.pending())
    file: Any = getattr(client._imap, "file", None)
    if not hasattr(file, "peek"):
        return None
    timeout = sock.gettimeout()
    sock.setblocking(False)
    try:
        return bool(file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        sock.settimeout(timeout)


def _poll(client: Any, seconds: float) -> bool:
    poller = select.poll()
    poller.register(client.socket().fileno(), select.POLLIN)
    return bool(poller.poll(max(0, int(seconds * 1000))))


def shut(sock: socket.socket) -> None:
    """Wake whoever waits on this socket in another thread: it meets an end of file."""
    try:
        # The plain socket's shutdown: the TLS one would also drop the session under its reader.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return
