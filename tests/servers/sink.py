"""A fast scripted SMTP server in a thread: takes mails, remembers them, misbehaves on request.

`script(phase, …)` says what to answer at `greeting`, `ehlo`, `auth`, `mail`, `rcpt`, `data` or
`dot`: a whole SMTP answer, or one of DROP (close without an answer), STALL (never answer) and, at
the dot, KEEP_AND_DROP and KEEP_AND_STALL (take the mail, then do so).
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

from maildesk.config.values import Security, SmtpAccount
from servers import LOOPBACK, wait_until
from servers.certificates import Certificate

Phase = Literal["greeting", "ehlo", "auth", "mail", "rcpt", "data", "dot", "noop"]
DROP = "DROP"
STALL = "STALL"
KEEP_AND_DROP = "KEEP_AND_DROP"
KEEP_AND_STALL = "KEEP_AND_STALL"

_GOOD: dict[Phase, str] = {
    "greeting": "220 sink ready",
    "auth": "235 2.7.0 welcome",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go on",
    "dot": "250 2.0.0 taken",
    "noop": "250 2.0.0 ok",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail the sink took: `raw` as sent (dots unstuffed); `options` of MAIL FROM, upper case."""

    message_id: str | None
    sender: str
    recipient: str
    raw: bytes
    connection: int
    options: str
    at: float


@dataclass(slots=True)
class _Rule:
    phase: Phase
    answer: str
    times: int | None
    address: str | None


class Sink:
    """Listens on `port`. `users` turns AUTH on; `certificate` offers STARTTLS, or TLS at once."""

    host = "localhost"

    def __init__(
        self,
        users: dict[str, str] | None = None,
        certificate: Certificate | None = None,
        implicit_tls: bool = False,
        extensions: tuple[str, ...] = ("8BITMIME", "SIZE 52428800", "SMTPUTF8"),
    ) -> None:
        self.users = users or {}
        self.certificate = certificate
        self.implicit_tls = implicit_tls
        self.extensions = extensions
        self.drop_inside: int | None = None
        """Close once, after this many bytes of a letter, having said `last_words`."""
        self.last_words = ""
        self.mails: list[Taken] = []
        self.commands: list[str] = []
        self.connections = 0
        self.open_connections = 0
        self._rules: list[_Rule] = []
        self._sessions: set[_Session] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self.port = 0

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(0), self._loop).result(10)

    def stop(self) -> None:
        self.halt()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def __enter__(self) -> Sink:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def halt(self) -> None:
        """Stop listening and cut everybody off; `resume` listens on the same port again."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)

    def resume(self) -> None:
        asyncio.run_coroutine_threadsafe(self._listen(self.port), self._loop).result(10)

    def hang_up(self) -> None:
        """Cut the connections clients keep open, as an idle limit or a restart would."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(10)

    def script(
        self, phase: Phase, answer: str, times: int | None = 1, address: str | None = None
    ) -> None:
        """Answer so the next `times` times (None: always), at RCPT only for that address."""
        self._rules.append(_Rule(phase, answer, times, address))

    def forget_script(self) -> None:
        self._rules.clear()

    def account(
        self,
        security: Security = "none",
        connections: int = 4,
        timeout: float = 5.0,
        user: str | None = None,
        password: str | None = None,
    ) -> SmtpAccount:
        """How maildesk sends through this sink; with `users` the first of them unless given."""
        if user is None and self.users:
            user, password = next(iter(self.users.items()))
        return SmtpAccount(
            self.host,
            self.port,
            security,
            user,
            password,
            ca_file=self.certificate.ca if self.certificate else None,
            connections=connections,
            timeout=timeout,
        )

    def wait_for(self, count: int, seconds: float = 10.0) -> list[Taken]:
        """The mails once there are at least `count`."""
        if not wait_until(lambda: len(self.mails) >= count, seconds):
            raise AssertionError(f"{len(self.mails)} of {count} mails after {seconds} s")
        return list(self.mails)

    def doubled(self) -> dict[str, int]:
        """Message-IDs taken more than once, with how often."""
        counts: dict[str, int] = {}
        for mail in self.mails:
            counts[mail.message_id or ""] = counts.get(mail.message_id or "", 0) + 1
        return {message_id: count for message_id, count in counts.items() if count > 1}

    def decide(self, phase: Phase, address: str | None = None) -> str | None:
        """The scripted answer for this phase, used up by being given; None = as usual."""
        for rule in self._rules:
            if rule.phase == phase and rule.address in (None, address):
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times <= 0:
                        self._rules.remove(rule)
                return rule.answer
        return None

    def tls_context(self) -> ssl.SSLContext:
        if self.certificate is None:
            raise AssertionError("this sink has no certificate")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate.cert, self.certificate.key)
        return context

    async def _listen(self, port: int) -> None:
        context = self.tls_context() if self.implicit_tls else None
        self._server = await self._loop.create_server(
            lambda: _Session(self), LOOPBACK, port, ssl=context, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._hang_up()

    async def _hang_up(self) -> None:
        for session in tuple(self._sessions):
            session.drop()
        await asyncio.sleep(0.01)

    def joined(self, session: _Session) -> int:
        self._sessions.add(session)
        self.connections += 1
        self.open_connections += 1
        return self.connections

    def left(self, session: _Session) -> None:
        if session in self._sessions:
            self._sessions.remove(session)
            self.open_connections -= 1


class _Session(asyncio.Protocol):
    """One client, line by line; a protocol and not streams, because it must be fast."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.number = 0
        self.buffer = bytearray()
        self.searched = 0
        self.deaf = False
        self.in_data = False
        self.upgrading = False
        self.pending_auth: list[str] | None = None
        self.tls = sink.implicit_tls
        self.sender = self.recipient = self.options = ""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(transport)
        again = self.transport is not None
        self.transport = transport
        if not again:
            self.number = self.sink.joined(self)
            self.answer("greeting")

    def connection_lost(self, exc: Exception | None) -> None:
        self.sink.left(self)

    def eof_received(self) -> bool:
        return False

    def drop(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.deaf:
            return
        self.buffer += data
        while not self.upgrading:
            if self.in_data:
                if not self._take_mail():
                    return
                continue
            end = self.buffer.find(b"\r\n")
            if end < 0:
                return
            line = self.buffer[:end].decode("utf-8", "replace")
            del self.buffer[: end + 2]
            self._obey(line)

    def say(self, text: str) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(text.encode() + b"\r\n")

    def answer(self, phase: Phase, address: str | None = None) -> bool:
        """Give the scripted or the good answer; whether it was a good one."""
        scripted = self.sink.decide(phase, address)
        if scripted is None:
            self.say(_GOOD[phase])
            return True
        if scripted == DROP:
            self.drop()
        elif scripted != STALL:
            self.say(scripted)
            if scripted.startswith("421"):
                self._close()
        return scripted[:1] in "23"

    def _close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def _obey(self, line: str) -> None:
        if self.pending_auth is not None:
            self._go_on_auth(line)
            return
        self.sink.commands.append(line)
        verb = line[:4].upper()
        if verb == "EHLO":
            self._greet()
        elif verb == "AUTH":
            self._start_auth(line.split(" "))
        elif verb == "STAR":
            self._upgrade()
        elif verb == "MAIL":
            address, _, self.options = line[10:].partition(">")
            self.sender = address.lstrip("<")
            self.options = self.options.strip().upper()
            self.answer("mail")
        elif verb == "RCPT":
            self.recipient = line[8:].partition(">")[0].lstrip("<")
            self.answer("rcpt", self.recipient)
        elif verb == "DATA":
            self.in_data = self.answer("data")
        elif verb == "NOOP":
            self.answer("noop")
        elif verb == "RSET":
            self.say("250 2.0.0 ok")
        elif verb == "QUIT":
            self.say("221 2.0.0 bye")
            self._close()
        else:
            self.say("502 5.5.1 unknown")

    def _greet(self) -> None:
        scripted = self.sink.decide("ehlo")
        if scripted is not None:
            self.drop() if scripted == DROP else self.say(scripted)
            return
        words = [*self.sink.extensions]
        if self.sink.users:
            words.append("AUTH PLAIN LOGIN")
        if self.sink.certificate and not self.tls:
            words.append("STARTTLS")
        lines = ["sink", *words]
        self.say("\r\n".join([*(f"250-{word}" for word in lines[:-1]), f"250 {lines[-1]}"]))

    def _start_auth(self, words: list[str]) -> None:
        if words[1].upper() == "PLAIN" and len(words) == 3:
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
            self._judge(user, password)
        else:
            self.pending_auth = []
            # aiosmtplib sends the user name with AUTH LOGIN; the prompts do not matter to it.
            if len(words) == 3:
                self.pending_auth.append(words[2])
            self.say("334 UGFzc3dvcmQ6")

    def _go_on_auth(self, line: str) -> None:
        given = self.pending_auth or []
        given.append(line)
        if len(given) < 2:
            self.pending_auth = given
            self.say("334 UGFzc3dvcmQ6")
            return
        self.pending_auth = None
        user, password = (base64.b64decode(item).decode() for item in given)
        self._judge(user, password)

    def _judge(self, user: str, password: str) -> None:
        if self.sink.users.get(user) == password:
            self.answer("auth")
        else:
            self.say("535 5.7.8 authentication failed")

    def _upgrade(self) -> None:
        self.upgrading = True
        self.buffer.clear()
        self.say("220 2.0.0 go ahead")
        self._task = asyncio.get_running_loop().create_task(self._start_tls())

    async def _start_tls(self) -> None:
        if self.transport is None:
            return
        loop = asyncio.get_running_loop()
        try:
            context = self.sink.tls_context()
            upgraded = await loop.start_tls(self.transport, self, context, server_side=True)
        except (OSError, ssl.SSLError):
            self.drop()
            return
        self.transport = upgraded
        self.tls = True
        self.upgrading = False
        # The client may have spoken already, between the handshake and this line.
        self.data_received(b"")

    def _take_mail(self) -> bool:
        """Take the mail once its final dot is here; whether it was."""
        start = max(0, self.searched - 4)
        end = 0 if self.buffer.startswith(b".\r\n") else self.buffer.find(b"\r\n.\r\n", start) + 2
        limit = self.sink.drop_inside
        if limit is not None and len(self.buffer) > limit:
            self.sink.drop_inside = None
            self._give_up()
            return False
        if end == 1:
            self.searched = len(self.buffer)
            return False
        self.searched = 0
        raw = bytes(self.buffer[:end])
        del self.buffer[: end + 3]
        self.in_data = False
        scripted = self.sink.decide("dot")
        if scripted is None or scripted.startswith("2") or scripted.startswith("KEEP"):
            self._record(re.sub(rb"(?m)^\.\.", b".", raw))
        if scripted is None:
            self.say(_GOOD["dot"])
        elif scripted in (DROP, KEEP_AND_DROP):
            self.drop()
        elif scripted not in (STALL, KEEP_AND_STALL):
            self.say(scripted)
        return True

    def _give_up(self) -> None:
        self.buffer.clear()
        if not self.sink.last_words:
            self.drop()
            return
        # Like a server that refuses the rest: it speaks, and throws away what still comes.
        self.say(self.sink.last_words)
        self.deaf = True

    def _record(self, raw: bytes) -> None:
        head = raw.partition(b"\r\n\r\n")[0]
        found = re.search(rb"(?im)^message-id:\s*<([^>]*)>", head)
        message_id = found[1].decode("utf-8", "replace") if found else None
        self.sink.mails.append(
            Taken(
                message_id,
                self.sender,
                self.recipient,
                raw,
                self.number,
                self.options,
                time.monotonic(),
            )
        )
