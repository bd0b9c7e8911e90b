"""One mailbox over IMAP: wait for mail, list it, fetch its bytes, file it away.

The only door to imapclient. It knows nothing of ledgers or tickets, decides nothing about a mail
and never changes a flag by reading. One `ImapMailbox` belongs to one thread; only `interrupt` may
be called from another. After `Disconnected` the session is closed: `open` again after `backoff`
seconds. After `Refused` or `Withheld` it goes on.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from imapclient import DELETED, SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from maildesk.config.values import ImapAccount
from maildesk.errors import Withheld
from maildesk.wire import folder, idle, login
from maildesk.wire.envelope import (
    ITEMS,
    SLICE,
    Envelope,
    cut_mails,
    cut_uids,
    read_body,
    read_envelope,
)
from maildesk.wire.fault import Cause, Disconnected, Refused, explain, one_line
from maildesk.wire.folder import FolderState
from maildesk.wire.tls import make_context

__all__ = [
    "SLICE",
    "Cause",
    "Disconnected",
    "Envelope",
    "FolderState",
    "ImapMailbox",
    "Refused",
    "Withheld",
    "backoff",
]

_SEARCH_WINDOW = 50_000


def backoff(attempt: int, random: Callable[[], float]) -> float:
    """Seconds to wait before connection attempt `attempt` (0 = first retry), at most 300.

    `random` yields values in [0, 1); half of the delay is jitter, so that many mailboxes do not
    come back at the same moment.
    """
    return min(300.0, 2.0 ** min(attempt, 16)) * (0.5 + random() / 2)


class ImapMailbox:
    """A connection to one folder of one account; `refusals` holds UIDs the server keeps back.

    `read_only`: nothing there can be changed through it, not even by mistake.
    """

    def __init__(self, account: ImapAccount, *, read_only: bool = False) -> None:
        self._account = account
        self._read_only = read_only
        self._client: Any = None
        self._context: ssl.SSLContext | None = None
        self._folder = account.folder
        self._idles = False
        self._known = 0
        self._uidnext = 0
        self._stop = threading.Event()
        self.refusals: dict[int, str] = {}

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server says it can (after login), upper case; empty when not connected."""
        if self._client is None:
            return frozenset()
        return frozenset(name.decode("ascii", "replace") for name in self._client.capabilities())

    def open(self) -> FolderState:
        """Connect, secure, log in and select; `Disconnected` or `Refused` when that fails."""
        self.close()
        account = self._account
        with self._faults("connecting"):
            client = self._client = self._connect()
            # imaplib keeps a log of every answer otherwise: six to ten times slower.
            client._imap.debug = 0
            client.normalise_times = False
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if self._context is not None and account.security == "starttls":
                login.start_tls(client, self._context, self._place)
                client._set_read_timeout()
            login.log_in(client, account, self._place)
            login.say_who(client)
            self._folder, state = folder.select(
                client, account.folder, self._place, read_only=self._read_only
            )
        self._take_news(self._client)
        self._known, self._uidnext = state.exists, state.uidnext or 1 << 32
        self._idles = "IDLE" in self.capabilities
        if self._stop.is_set():
            self.close()
            raise Disconnected(f"{self._place}: interrupted")
        return state

    def search(self, after: int = 0) -> list[int]:
        """All UIDs above `after`, ascending. Flags play no part: mail read elsewhere is listed."""
        with self._faults("searching"):
            client = self._ready()
            self._take_news(client)
            # An answer line of a hundred thousand UIDs is more than imaplib reads.
            if min(self._known, max(self._uidnext - after, 0)) > _SEARCH_WINDOW:
                uids = self._search_windows(client)
                uids |= self._ask(client, f"UID {max(uids, default=0) + 1}:*")
            else:
                uids = self._ask(client, f"UID {after + 1}:*")
        # `n:*` names the last mail even when n lies beyond it (RFC 3501 §6.4.8).
        found = sorted(uid for uid in uids if uid > after)
        self._known = max(self._known, len(found))
        self._uidnext = max(self._uidnext, found[-1] + 1 if found else 0)
        return found

    def envelopes(self, uids: Sequence[int]) -> list[Envelope]:
        """Sizes, dates and ids of these mails, by UID; mails no longer there are left out."""
        result: list[Envelope] = []
        for batch in cut_uids(uids):
            with self._faults("listing mails"):
                answers = self._fetch(batch, ITEMS)
            result += [read_envelope(uid, answers[uid]) for uid in batch if uid in answers]
        return result

    def fetch(self, batch: Sequence[Envelope]) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The raw bytes of these mails, in order, as (UID, pieces).

        Small mails come many to a command, large ones in pieces of `SLICE`, so memory stays near
        1 MB. Consume the pieces of one mail before asking for the next. A mail that is gone is
        left out; one the server will not hand out is left out and named in `refusals`. The pieces
        of a large mail raise `Withheld` when it vanishes half-way; then go on with the next.
        """
        for group in cut_mails(batch):
            if group[0].size > SLICE:
                first = self._slice(group[0].uid, 0)
                if first is not None:
                    yield group[0].uid, self._slices(group[0].uid, first)
            else:
                for uid, raw in self._fetch_small([item.uid for item in group]):
                    yield uid, iter((raw,))

    def flag_seen(self, uids: Sequence[int]) -> None:
        """Mark these mails as read, as a courtesy to people who look into the mailbox."""
        for batch in cut_uids(uids):
            with self._faults("flagging mails"):
                self._writable().add_flags(batch, [SEEN], silent=True)

    def move(self, uids: Sequence[int], target: str) -> None:
        """Move these mails to folder `target`, created when missing; `/` stands for a level.

        Where the server knows neither MOVE nor UIDPLUS the originals stay, marked as deleted.
        """
        with self._faults(f"moving mails to {target}"):
            name = folder.name_folder(self._writable(), target)
            for batch in cut_uids(uids):
                folder.move(self._ready(), batch, name)

    def remove(self, uids: Sequence[int]) -> None:
        """Delete these mails for good; `Refused` where the server cannot delete single mails."""
        with self._faults("removing mails"):
            client = self._writable()
            if not client.has_capability("UIDPLUS"):
                # A plain EXPUNGE would also remove what people marked (RFC 4315 §2.1).
                raise Refused(f"{self._place}: the server has no UIDPLUS")
            for batch in cut_uids(uids):
                client.add_flags(batch, [DELETED], silent=True)
                client.uid_expunge(batch)

    def append(self, raw: bytes, when: datetime | None = None) -> None:
        """Put a mail into the selected folder, received at `when` (aware) or now."""
        with self._faults("storing a mail"):
            self._writable().append(self._folder, raw, (), when)

    def wait(self, seconds: float) -> bool:
        """Wait for news, at most `seconds` and `idle_seconds`; True = search now, False = quiet.

        True is a hint and False no promise: search after both. Without IDLE it is True after
        `poll_seconds`.
        """
        seconds = min(seconds, self._account.idle_seconds)
        with self._faults("waiting for mail"):
            client = self._ready()
            if self._take_news(client):
                return True
            if self._idles:
                try:
                    return idle.wait(client, seconds)
                except idle.IdleRefused:
                    self._idles = False
                finally:
                    # imaplib collects what nobody asks for, for as long as the session lasts.
                    client._imap.untagged_responses.clear()
        return not self._stop.wait(min(seconds, self._account.poll_seconds))

    def _take_news(self, client: Any) -> bool:
        """Whether the answer to an earlier command announced a mail; IDLE will not repeat it."""
        return client._imap.untagged_responses.pop("EXISTS", None) is not None

    def interrupt(self) -> None:
        """Make a blocked call of the owning thread end soon, for good; callable from any thread."""
        self._stop.set()
        client = self._client
        if client is not None:
            with suppress(OSError, AttributeError):
                idle.shut(client.socket())

    def close(self) -> None:
        """End the session; never raises."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(OSError, imaplib.IMAP4.error, ValueError, AttributeError):
            if not self._stop.is_set():
                client.socket().settimeout(2.0)
                client.logout()
                return
        with suppress(OSError, ValueError, AttributeError):
            client.shutdown()

    # Connecting

    @property
    def _place(self) -> str:
        return f"{self._account.host}:{self._account.port}"

    def _connect(self) -> Any:
        account = self._account
        if self._stop.is_set():
            raise Disconnected(f"{self._place}: interrupted")
        secure = account.security != "none"
        self._context = make_context(account.ca_file) if secure else None
        direct = account.security == "tls"
        try:
            return IMAPClient(
                account.host,
                account.port,
                ssl=direct,
                ssl_context=self._context if direct else None,
                timeout=SocketTimeout(account.connect_timeout, account.read_timeout),
            )
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            text = f"{self._place}: the server takes no connections now ({one_line(error)})"
            raise Disconnected(text, Cause.BUSY) from error

    # Reading

    def _ask(self, client: Any, criterion: str) -> set[int]:
        # Through imaplib, since imapclient gives up when the answer comes in several lines.
        kind, data = client._imap.uid("SEARCH", criterion)
        if kind != "OK":
            raise IMAPClientError(f"SEARCH failed: {one_line(data)}")
        return {int(word) for line in data if line for word in line.split()}

    def _search_windows(self, client: Any) -> set[int]:
        uids: set[int] = set()
        count = int(client.select_folder(self._folder, readonly=self._read_only)[b"EXISTS"])
        for first in range(1, count + 1, _SEARCH_WINDOW):
            uids |= self._ask(client, f"{first}:{min(first + _SEARCH_WINDOW - 1, count)}")
        return uids

    def _fetch(self, uids: Sequence[int], items: Sequence[str]) -> Any:
        client = self._ready()
        client._imap.untagged_responses.pop("FETCH", None)
        return client.fetch(uids, items)

    def _fetch_small(self, uids: list[int]) -> Iterator[tuple[int, bytes]]:
        answers: Any = {}
        with self._faults("fetching mails"):
            try:
                answers = self._fetch(uids, ["BODY.PEEK[]"])
            except (IMAPClientAbortError, ProtocolError):
                raise
            except IMAPClientError as error:
                # One mail the server cannot read spoils the command for all: ask one by one.
                if len(uids) == 1:
                    self.refusals[uids[0]] = one_line(error)
                    return
                answers = None
        if answers is None:
            for uid in uids:
                yield from self._fetch_small([uid])
            return
        for uid in uids:
            raw = read_body(answers.pop(uid, {}))
            if raw is not None:
                yield uid, raw

    def _slice(self, uid: int, offset: int) -> bytes | None:
        """The piece at `offset`, shorter than `SLICE` only at the end; None when it is gone."""
        with self._faults("fetching a large mail"):
            try:
                answers = self._fetch([uid], [f"BODY.PEEK[]<{offset}.{SLICE}>"])
            except (IMAPClientAbortError, ProtocolError):
                raise
            except IMAPClientError as error:
                self.refusals[uid] = one_line(error)
                return None
        return read_body(answers.get(uid, {}))

    def _slices(self, uid: int, first: bytes) -> Iterator[bytes]:
        # Until a short piece, since some servers' RFC822.SIZE is only an estimate.
        piece: bytes | None = first
        offset = 0
        while piece:
            yield piece
            offset += len(piece)
            if len(piece) < SLICE:
                return
            piece = self._slice(uid, offset)
        if piece is None:
            reason = self.refusals.get(uid, "it vanished meanwhile")
            raise Withheld(f"{self._place}: mail {uid} could not be read to its end: {reason}")

    # Faults

    def _ready(self) -> Any:
        if self._client is None:
            raise Disconnected(f"{self._place}: not connected")
        return self._client

    def _writable(self) -> Any:
        if self._read_only:
            raise Refused(f"{self._place}: it is opened for reading only")
        return self._ready()

    @contextmanager
    def _faults(self, doing: str) -> Iterator[None]:
        """Turn what the library raises into ours; after a broken conversation, close."""
        account = self._account
        try:
            yield
        except (Disconnected, Refused):
            if doing == "connecting":
                self.close()
            raise
        except (ssl.SSLError, OSError) as error:
            self._drop()
            raise explain(error, account.host, account.port, doing) from error
        except (IMAPClientAbortError, ProtocolError, ValueError) as error:
            self._drop()
            text = f"{self._place}: connection lost while {doing} ({one_line(error)})"
            raise Disconnected(text) from error
        except IMAPClientError as error:
            if doing == "connecting":
                self.close()
            text = f"{self._place}: refused while {doing}: {one_line(error)}"
            raise Refused(text) from error

    def _drop(self) -> None:
        """Forget a broken session without a word to the server."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, ValueError, AttributeError):
                client.shutdown()
