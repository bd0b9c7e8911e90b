"""The mailboxes of the demo, kept in memory and reachable over IMAP. The only door to pymap.

Who may write into them is `servers`' question. No TLS: it listens on the loopback only.
"""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from proxyprotocol.result import ProxyResultUnknown
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event, Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.selected import SelectedMailbox
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash


class Mailboxes:
    """One INBOX per account (address → password). Used from one event loop."""

    def __init__(self, domain: str, accounts: Mapping[str, str]) -> None:
        self._accounts = dict(accounts)
        self._config = _Config(domain)
        self._login = Login(self._config)

    async def listen(self, host: str) -> asyncio.Server:
        """Serve IMAP on a free port of `host`. Raises OSError."""
        self._config.apply_context()
        passwords = Passwords(self._config)
        for account, password in self._accounts.items():
            hashed = await passwords.hash_password(password)
            await self._identify(account).set(UserMetadata(self._config, account, password=hashed))
            self._config.set_cache[account] = (_Folders(), FilterSet())
        server = IMAPServer(self._login, self._config)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # Awaited here: a task nobody holds, as pymap's own start makes it, may be collected
            # in the middle of a session.
            about = SocketInfo.get(writer, ProxyResultUnknown(), unique_id=uuid4().bytes)
            await server(reader, writer, about)

        return await asyncio.start_server(serve, host, 0)

    async def append(self, account: str, raw: bytes, when: datetime) -> None:
        """Put a mail into an account's INBOX; whoever waits there in IDLE is told."""
        async with self._identify(account).new_session() as session:
            await session.append_messages("INBOX", [AppendMessage(raw, when, frozenset())])

    def _identify(self, account: str) -> Identity:
        return Identity(account, self._login, None, frozenset())


class _Config(Config):
    def __init__(self, domain: str) -> None:
        super().__init__(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=None,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=False,
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            # The passwords are printed on the screen: half a million rounds would protect nothing.
            hash_context=BuiltinHash(rounds=1),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        self._domain = domain

    @property
    def greeting(self) -> bytes:
        """Asks no name server what this host is called: that can take seconds."""
        return f"mail.{self._domain} ready".encode()


class _Inbox(MailboxData):
    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        """Tells at once what came before IDLE began; pymap alone would wait for the next mail."""
        if selected.mod_sequence != self._mod_sequences.highest:
            wait_on = None
        return await super().update_selected(selected, wait_on=wait_on)


class _Folders(MailboxSet):
    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Inbox(self._content_cache, self._thread_cache)
