"""The demo's mail server: what comes by SMTP lands in mailboxes that can be read over IMAP.

As at a company: 550 for nobody, a delivery report for a full mailbox, and each Received line says
who logged in. Whoever did not counts as the Internet, since on the loopback, where all this
happens, addresses tell nobody apart. Without TLS or spam filter. The only door to aiosmtpd.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import format_datetime, make_msgid
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from maildesk.demo.mailboxes import Mailboxes

LOOPBACK = "127.0.0.1"
OUTSIDE = "203.0.113.25"  # an address of nobody (RFC 5737), noted for whoever did not log in


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail put into a mailbox; `at` is time.monotonic() of that moment."""

    sender: str
    recipient: str
    raw: bytes
    at: float

    @property
    def head(self) -> Message:
        return BytesHeaderParser().parsebytes(self.raw)

    @property
    def message_id(self) -> str:
        """Without `<>`."""
        return str(self.head["Message-ID"] or "").strip().strip("<>")


class MailServer:
    """Both servers in one thread of their own.

    `accounts`: address → password; the address is the IMAP user. `aliases`: other addresses of an
    account. `full`: accounts that take no more mail, whose senders get a delivery report.
    """

    def __init__(
        self,
        domain: str,
        accounts: Mapping[str, str],
        aliases: Mapping[str, str],
        full: frozenset[str] = frozenset(),
    ) -> None:
        self.domain = domain
        self.accounts = dict(accounts)
        self.aliases = dict(aliases)
        self.full = full
        self.imap_port = 0
        self.smtp_port = 0
        self.deliveries: list[Delivery] = []
        self._news = threading.Condition()
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._mailboxes = Mailboxes(domain, accounts)
        self._thread = threading.Thread(target=self._run, name="demo servers", daemon=True)

    def start(self) -> None:
        """Listen on free ports, named in `imap_port` and `smtp_port`. Raises OSError."""
        self._thread.start()
        self._ready.wait()
        if self._fault is not None:
            raise OSError(f"the demo's mail server did not start: {self._fault}")

    def stop(self) -> None:
        if self._loop is not None and self._over is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(5)

    def put(self, address: str, raw: bytes, when: datetime) -> None:
        """Lay a mail into a mailbox as if it had come at `when`."""
        assert self._loop is not None
        work = self._mailboxes.append(address, raw, when)
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def wait_for(self, wanted: Callable[[Delivery], bool], seconds: float) -> Delivery | None:
        """The first delivery that is wanted, as soon as it is there; None after `seconds`."""

        def find() -> Delivery | None:
            return next((item for item in self.deliveries if wanted(item)), None)

        with self._news:
            self._news.wait_for(lambda: find() is not None, seconds)
            return find()

    def owner(self, address: str) -> str | None:
        """The account an address belongs to, None for nobody."""
        key = address.lower()
        key = self.aliases.get(key, key)
        return key if key in self.accounts else None

    def lets_in(self, login: str, password: str) -> bool:
        """Whether somebody has that account and password."""
        return self.accounts.get(login.lower()) == password

    async def receive(
        self, sender: str, recipients: list[str], raw: bytes, client: str, login: str | None
    ) -> None:
        """Deliver a mail that SMTP has taken to each of its recipients.

        `client` is what the sender's computer calls itself, `login` who logged in, None: nobody.
        """
        known, protocol = f"(Authenticated sender: {login})", "ESMTPA"
        if login is None:
            known, protocol = f"([{OUTSIDE}])", "ESMTP"
        raw = self._stamp(f"from {client} {known} ", protocol) + raw
        for recipient in recipients:
            account = self.owner(recipient)
            if account in self.full and sender:
                await self._deliver("", sender, self._report(sender, recipient, raw))
            else:
                await self._deliver(sender, recipient, raw)

    async def _deliver(self, sender: str, recipient: str, raw: bytes) -> None:
        account = self.owner(recipient)
        if account is None:
            return
        now = datetime.now(UTC)
        way = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n"
        stamped = way.encode() + raw
        await self._mailboxes.append(account, stamped, now)
        with self._news:
            self.deliveries.append(Delivery(sender, recipient.lower(), stamped, time.monotonic()))
            self._news.notify_all()

    def _stamp(self, whence: str, protocol: str) -> bytes:
        now = format_datetime(datetime.now(UTC))
        line = f"Received: {whence}by mail.{self.domain}\r\n with {protocol}; {now}\r\n"
        return line.encode("ascii", "replace")

    def _run(self) -> None:
        # Both libraries log what a client does wrong; a client that leaves is no news here.
        for name in ("pymap", "mail", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            asyncio.run(self._serve())
        except BaseException as fault:  # told by `start`, in the caller's thread
            self._fault = fault
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda loop, context: None)
        servers = [await self._mailboxes.listen(LOOPBACK), await self._listen_smtp()]
        self.imap_port, self.smtp_port = (item.sockets[0].getsockname()[1] for item in servers)
        self._ready.set()
        await self._over.wait()
        for server in servers:
            server.close()

    async def _listen_smtp(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(
                _Postman(self),
                hostname=f"mail.{self.domain}",
                ident="maildesk demo",
                enable_SMTPUTF8=True,
                authenticator=self._authenticate,
                auth_require_tls=False,
                loop=loop,
            ),
            LOOPBACK,
            0,
        )

    def _authenticate(
        self, _smtp: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        login, password = given.login.decode(), given.password.decode()
        return AuthResult(success=self.lets_in(login, password), handled=False, auth_data=login)

    def _report(self, sender: str, recipient: str, raw: bytes) -> bytes:
        """The delivery report (RFC 3464) a mail server writes for a full mailbox."""
        host = f"mail.{self.domain}"
        head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace")
        report = _REPORT.format(
            host=host,
            sender=sender,
            recipient=recipient,
            date=format_datetime(datetime.now(UTC)),
            message_id=make_msgid(domain=host),
            head=head,
        )
        return self._stamp("", "LMTP") + report.replace("\n", "\r\n").encode()


_REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@{host}>
To: {sender}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=utf-8

<{recipient}>: the mailbox is full; your mail was not delivered.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--cut
Content-Type: text/rfc822-headers

{head}

--cut--
"""


class _Postman:
    """What aiosmtpd asks: may this sender write, may this recipient have mail, take this mail."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(  # noqa: N802 - the name aiosmtpd calls
        self, _smtp: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        login = session.auth_data
        if login is not None and self._server.owner(address or "") != login.lower():
            return f"553 5.7.1 <{address}>: {login} may not send as somebody else"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _smtp: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self._server.owner(address) is None:
            return f"550 5.1.1 <{address}>: nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _smtp: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        sender, raw = envelope.mail_from or "", bytes(envelope.content)
        client = session.host_name or "unknown"
        recipients = list(envelope.rcpt_tos)
        await self._server.receive(sender, recipients, raw, client, session.auth_data)
        return "250 OK"
