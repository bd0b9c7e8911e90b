"""One letter, one answer: hands finished bytes to the SMTP server and says what became of them.

The only door to aiosmtplib. Connections are kept and shared by concurrent sends. The phases of a
letter are driven one by one, because only that tells "certainly not sent" from "perhaps sent".
Nothing here retries a letter, knows a ticket or changes the bytes, but for line ends and dots.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from maildesk.config.values import SmtpAccount
from maildesk.wire.answer import Answer, Phase, Reply, judge
from maildesk.wire.command import is_word, write_data, write_envelope
from maildesk.wire.fault import Refused, explain, one_line
from maildesk.wire.tls import make_context

__all__ = ["Answer", "Phase", "Reply", "SmtpTransport"]

IDLE_LIMIT = 30.0
"""Seconds a kept connection may lie unused; servers close theirs after a few minutes."""

_PROBE_AFTER = 5.0
_PROBE_SECONDS = 5.0
_MAILS_PER_CONNECTION = 100
_PIECE = 64 * 1024


@dataclass(slots=True)
class _Link:
    """A connection: the letters it carried, since when it is unused, what is left to clean up."""

    client: aiosmtplib.SMTP
    letters: int = 0
    since: float = 0.0
    dirty: bool = False
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class _Progress:
    """How far a letter got; what an error means depends on it."""

    phase: Phase = "connect"
    link: _Link | None = None
    kept: bool = False


class SmtpTransport:
    """Sends letters through one account, over at most `account.connections` connections.

    `hostname` is what we call ourselves in EHLO. Belongs to one event loop; `close` in the same.
    """

    def __init__(self, account: SmtpAccount, hostname: str | None = None) -> None:
        self._account = account
        self._hostname = _choose_name(hostname)
        self._gate = asyncio.Semaphore(max(1, account.connections))
        self._idle: list[_Link] = []
        self._quitting: set[asyncio.Task[None]] = set()
        self._context: ssl.SSLContext | None = None

    async def send(self, sender: str, recipient: str, data: bytes) -> Reply:
        """Hand over one letter to one recipient within `account.timeout` seconds, waiting included.

        `sender` may be empty (`<>`). Never raises for reasons of network or server. The answer is
        `UNKNOWN` exactly if the final dot may have reached the server and no answer came back.
        """
        progress = _Progress()
        try:
            async with asyncio.timeout(self._account.timeout), self._gate:
                return await self._send(progress, sender, recipient, data)
        except TimeoutError:
            return self._lost(progress, f"no answer within {self._account.timeout:g} s")
        finally:
            # Still held: the conversation was left in the middle, so nobody may go on with it.
            if progress.link is not None:
                progress.link.client.close()

    async def probe(self, sender: str) -> Reply:
        """Connect, secure, log in and name `sender`, without a letter; for `maildesk check`.

        Phase `mail` with code 250 means all of that worked. Raises as little as `send`.
        """
        progress = _Progress()
        try:
            async with asyncio.timeout(self._account.timeout), self._gate:
                try:
                    link = await self._take(progress)
                    progress.phase = "mail"
                    refusal, mail, _ = write_envelope(
                        link.client.esmtp_extensions, sender, "postmaster"
                    )
                    if refusal:
                        self._keep(progress, dirty=False)
                        return Reply(Answer.ACCOUNT, None, refusal, "mail")
                    answer = await link.client.execute_command(*mail, timeout=None)
                except (aiosmtplib.SMTPException, OSError, Refused) as error:
                    return self._interpret(progress, error)
                self._keep(progress, dirty=True)
                return _reply("mail", answer)
        except TimeoutError:
            return self._lost(progress, f"no answer within {self._account.timeout:g} s")
        finally:
            if progress.link is not None:
                progress.link.client.close()

    async def close(self) -> None:
        """Say goodbye on all kept connections; letters on their way are not waited for."""
        for link in self._idle:
            self._retire(link)
        self._idle.clear()
        if self._quitting:
            await asyncio.gather(*self._quitting, return_exceptions=True)

    async def _send(self, progress: _Progress, sender: str, recipient: str, data: bytes) -> Reply:
        while True:
            try:
                link = await self._take(progress)
                reply = await self._converse(link.client, progress, sender, recipient, data)
            except (aiosmtplib.SMTPException, OSError, Refused) as error:
                reply = self._interpret(progress, error)
                broken = True
            else:
                broken = reply.code == 421 or not link.client.is_connected
            if not broken:
                self._keep(progress, dirty=reply.phase != "dot" and reply.code is not None)
                return reply
            self._abandon(progress)
            if not (progress.kept and progress.phase in ("mail", "rcpt")):
                return reply
            # The server gave up a connection we had kept, which is not the letter's fault: again
            # on another one. Each round uses up a kept connection, so this ends.

    # A letter

    async def _converse(
        self,
        client: aiosmtplib.SMTP,
        progress: _Progress,
        sender: str,
        recipient: str,
        data: bytes,
    ) -> Reply:
        progress.phase = "mail"
        letter = write_data(data)
        refusal, mail, rcpt = write_envelope(
            client.esmtp_extensions, sender, recipient, len(letter), letter.isascii()
        )
        if refusal:
            return Reply(Answer.NEVER, None, refusal, "rcpt")
        answer = await client.execute_command(*mail, timeout=None)
        if answer.code // 100 != 2:
            return _reply("mail", answer)
        progress.phase = "rcpt"
        answer = await client.execute_command(*rcpt, timeout=None)
        if answer.code // 100 != 2:
            return _reply("rcpt", answer)
        progress.phase = "data"
        answer = await client.execute_command(b"DATA", timeout=None)
        if answer.code != 354:
            return _reply("data", answer)
        return await _pour(client, progress, letter)

    # Connections

    async def _take(self, progress: _Progress) -> _Link:
        """A connection ready for MAIL: the last one used that still lives, or a new one."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            link = self._idle.pop()
            if link.timer is not None:
                link.timer.cancel()
            if not link.client.is_connected:
                continue
            progress.link, progress.kept = link, True
            if link.dirty or now - link.since > _PROBE_AFTER:
                if not await _probe(link):
                    self._abandon(progress)
                    continue
                link.dirty = False
            return link
        progress.kept = False
        progress.phase = "connect"
        return await self._connect(progress)

    async def _connect(self, progress: _Progress) -> _Link:
        account = self._account
        if account.security != "none" and self._context is None:
            self._context = make_context(account.ca_file)
        client = aiosmtplib.SMTP(
            hostname=account.host,
            port=account.port,
            local_hostname=self._hostname,
            timeout=account.timeout,
            use_tls=account.security == "tls",
            start_tls=False,
            tls_context=self._context,
        )
        link = progress.link = _Link(client)
        await client.connect()
        await _greet(client)
        if account.security == "starttls":
            progress.phase = "tls"
            await client.starttls()
            await _greet(client)
        if account.user is not None:
            progress.phase = "auth"
            await client.login(account.user, account.password or "")
        return link

    def _keep(self, progress: _Progress, *, dirty: bool) -> None:
        link, progress.link = progress.link, None
        if link is None:
            return
        link.letters += 1
        link.dirty = dirty
        if link.letters >= _MAILS_PER_CONNECTION:
            self._retire(link)
            return
        loop = asyncio.get_running_loop()
        link.since = loop.time()
        link.timer = loop.call_later(IDLE_LIMIT, self._expire, link)
        self._idle.append(link)

    def _abandon(self, progress: _Progress) -> None:
        link, progress.link = progress.link, None
        if link is not None:
            link.client.close()

    def _expire(self, link: _Link) -> None:
        if link in self._idle:
            self._idle.remove(link)
            self._retire(link)

    def _retire(self, link: _Link) -> None:
        """Leave with QUIT, in the background."""
        if link.timer is not None:
            link.timer.cancel()
        task = asyncio.get_running_loop().create_task(_quit(link.client))
        self._quitting.add(task)
        task.add_done_callback(self._quitting.discard)

    # Errors

    def _interpret(self, progress: _Progress, error: Exception) -> Reply:
        if isinstance(error, aiosmtplib.SMTPResponseException) and 200 <= error.code < 600:
            text = one_line(error.message)
            return Reply(judge(progress.phase, error.code, text), error.code, text, progress.phase)
        if isinstance(error, Refused):
            return Reply(Answer.ACCOUNT, None, str(error), "tls")
        cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
        if isinstance(cause, OSError):
            doing = "connecting" if progress.phase == "connect" else f"in phase {progress.phase}"
            fault = explain(cause, self._account.host, self._account.port, doing)
            if isinstance(fault, Refused):
                return Reply(Answer.ACCOUNT, None, str(fault), "tls")
            return self._lost(progress, str(fault))
        if progress.phase in ("tls", "auth"):
            # No STARTTLS or no AUTH on offer: nothing was sent, and trying again changes nothing.
            text = f"{self._account.host}:{self._account.port}: {one_line(error)}"
            if progress.phase == "tls":
                text += '; port 465 wants security = "tls", a relay on this host may have "none"'
            return Reply(Answer.ACCOUNT, None, text, progress.phase)
        return self._lost(progress, one_line(error))

    def _lost(self, progress: _Progress, text: str) -> Reply:
        answer = Answer.UNKNOWN if progress.phase == "dot" else Answer.LATER
        return Reply(answer, None, text, progress.phase)


def _choose_name(hostname: str | None) -> str:
    """What to say in EHLO: a full name, else the address literal (RFC 5321 §4.1.3)."""
    name = hostname or socket.gethostname()
    return name if name.isascii() and "." in name and is_word(name) else "[127.0.0.1]"


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


async def _probe(link: _Link) -> bool:
    """Whether a kept connection still answers; RSET also forgets a letter that was refused."""
    command = b"RSET" if link.dirty else b"NOOP"
    try:
        answer = await link.client.execute_command(command, timeout=_PROBE_SECONDS)
    except (aiosmtplib.SMTPException, OSError):
        return False
    return answer.code == 250


async def _quit(client: aiosmtplib.SMTP) -> None:
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=2.0)
    client.close()


def _reply(phase: Phase, answer: aiosmtplib.SMTPResponse) -> Reply:
    text = one_line(answer.message)
    return Reply(judge(phase, answer.code, text), answer.code, text, phase)


async def _pour(client: aiosmtplib.SMTP, progress: _Progress, letter: bytes) -> Reply:
    """Send the letter and the final dot after a 354, and read the answer.

    A long letter goes in pieces, and its dot last, so that a connection lost on the way is known
    to be lost before the dot.
    """
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    if len(letter) <= _PIECE:
        progress.phase = "dot"
        protocol.write(letter + b".\r\n")
        return _reply("dot", await protocol.read_response())
    # A server may answer before the dot (too large, shutting down), so listen while sending.
    answer = asyncio.ensure_future(protocol.read_response())
    try:
        await _pour_pieces(protocol, letter, answer)
        if not answer.done():
            progress.phase = "dot"
            protocol.write(b".\r\n")
        reply = _reply(progress.phase, await answer)
    finally:
        answer.cancel()
    if reply.phase == "data":
        client.close()
    return reply


async def _pour_pieces(
    protocol: SMTPProtocol, letter: bytes, answer: asyncio.Future[aiosmtplib.SMTPResponse]
) -> None:
    """Send all but the dot, until an answer comes, so to speak, too early."""
    view = memoryview(letter)
    with suppress(ConnectionError):
        # A lost connection shows in `answer`, with the server's last words if there were any.
        for start in range(0, len(letter), _PIECE):
            protocol.write(bytes(view[start : start + _PIECE]))
            await protocol._drain_helper()
            await asyncio.sleep(0)
            if answer.done():
                return
        return
    await asyncio.wait([answer], timeout=1.0)
