"""A small scripted IMAP server that shows each trap a real one shows only now and then.

It speaks just enough for a client that logs in, selects, searches, fetches and idles. `idle`
chooses what happens after the client's IDLE; the other attributes may be changed at any time.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Literal

from maildesk.config.values import ImapAccount
from servers import LOOPBACK

Idle = Literal["quiet", "news_behind_plus", "news_before_plus", "close", "split", "hang", "bye"]


class FakeImap:
    """Listens on `port`; user and password are `desk` and `secret` unless changed."""

    def __init__(
        self,
        mails: Sequence[bytes] = (),
        capabilities: str = "IMAP4rev1 IDLE UIDPLUS MOVE SASL-IR AUTH=PLAIN",
        idle: Idle = "quiet",
    ) -> None:
        self.mails = dict(enumerate(mails, 1))
        self.capabilities = capabilities
        self.idle: Idle = idle
        self.password = "secret"
        self.uidvalidity = 1000
        self.needs_id = False
        self.greeting = "* OK ready"
        self.refuse: dict[str, str] = {}
        """Command name to the whole answer behind the tag, e.g. {"LOGIN": "NO [ALERT] busy"}."""
        self.bye_at: str | None = None
        self.hang_at: str | None = None
        self.vanish: set[int] = set()
        """UIDs that SEARCH lists and FETCH no longer knows."""
        self.broken: set[int] = set()
        """UIDs whose FETCH of the body the server answers with NO."""
        self.size_error = 0
        """Added to every RFC822.SIZE, as servers do that only estimate it."""
        self.search_lines = 1
        self.chatter = ""
        """Sent before every FETCH answer: what other clients are doing."""
        self.user = "desk"
        self.commands: list[str] = []
        self.connections = 0
        self.stopped = threading.Event()
        self._listener = socket.socket()
        self._sessions: list[socket.socket] = []
        self.port = 0

    def start(self) -> None:
        self._listener.bind((LOOPBACK, 0))
        self._listener.listen(16)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self.stopped.set()
        for end in (self._listener, *self._sessions):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def __enter__(self) -> FakeImap:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def account(self, read_timeout: float = 2.0, poll_seconds: float = 0.05) -> ImapAccount:
        return ImapAccount(
            LOOPBACK,
            self.port,
            "none",
            "desk",
            self.password,
            connect_timeout=2.0,
            read_timeout=read_timeout,
            poll_seconds=poll_seconds,
        )

    def arrive(self, raw: bytes, announce: bool = True) -> int:
        """A new mail; every connected client is told at once when `announce`."""
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = raw
        if announce:
            for session in self._sessions:
                with contextlib.suppress(OSError):
                    session.sendall(b"* %d EXISTS\r\n" % len(self.mails))
        return uid

    def names(self) -> list[str]:
        """The commands received so far, names only, `UID` ones as e.g. `UID FETCH`."""
        return [_name(command) for command in self.commands]

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._sessions.append(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        session = _Session(self, client)
        try:
            session.send(self.greeting)
            while (line := session.read_line()) is not None:
                if not session.answer(line):
                    break
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
        finally:
            session.file.close()
            client.close()


class _Session:
    """One connection: which commands were given, and the answers."""

    def __init__(self, server: FakeImap, client: socket.socket) -> None:
        self.server = server
        self.client = client
        self.file = client.makefile("rb")
        self.said_id = False

    def send(self, text: str) -> None:
        self.client.sendall(text.encode() + b"\r\n")

    def read_line(self) -> str | None:
        line = self.file.readline()
        return line.decode("utf-8", "replace").rstrip("\r\n") if line else None

    def answer(self, line: str) -> bool:
        """Answer one command; False ends the connection."""
        server = self.server
        tag, _, command = line.partition(" ")
        while literal := re.search(r"\{(\d+)(\+?)\}$", command):
            if not literal[2]:
                self.send("+ go on")
            command = command[: literal.start()] + self.file.read(int(literal[1])).decode()
            command += self.read_line() or ""
        server.commands.append(command)
        name = _name(command)
        if server.hang_at == name:
            server.stopped.wait(60)
            return False
        if server.bye_at == name:
            self.send("* BYE see you later")
            return False
        if name in server.refuse:
            self.send(f"{tag} {server.refuse[name]}")
            return True
        handler = getattr(self, "do_" + name.replace(" ", "_").lower(), None)
        if handler is None:
            self.send(f"{tag} BAD unknown command")
            return True
        result = handler(tag, command)
        if isinstance(result, str):
            self.send(f"{tag} {result}")
        return result is not False

    def do_capability(self, tag: str, command: str) -> str:
        self.send(f"* CAPABILITY {self.server.capabilities}")
        return "OK done"

    def do_noop(self, tag: str, command: str) -> str:
        return "OK done"

    def do_login(self, tag: str, command: str) -> str:
        user, password = _words(command)[1:3]
        if user != self.server.user:
            return "NO [AUTHENTICATIONFAILED] no such user"
        return self._judge(password)

    def do_authenticate(self, tag: str, command: str) -> str:
        parts = command.split(" ")
        if len(parts) < 3:
            self.send("+ ")
        encoded = parts[2] if len(parts) > 2 else self.read_line() or ""
        return self._judge(base64.b64decode(encoded).split(b"\0")[2].decode())

    def _judge(self, password: str) -> str:
        if password != self.server.password:
            return "NO [AUTHENTICATIONFAILED] Authentication failed."
        return "OK logged in"

    def do_id(self, tag: str, command: str) -> str:
        self.said_id = True
        self.send('* ID ("name" "fake")')
        return "OK done"

    def do_select(self, tag: str, command: str) -> str:
        if self.server.needs_id and not self.said_id:
            return "NO SELECT Unsafe Login. Please contact kefu@188.com for help"
        mails = self.server.mails
        self.send(f"* {len(mails)} EXISTS")
        self.send("* FLAGS (\\Seen \\Deleted)")
        self.send(f"* OK [UIDVALIDITY {self.server.uidvalidity}] ok")
        self.send(f"* OK [UIDNEXT {max(mails, default=0) + 1}] ok")
        return "OK [READ-WRITE] done"

    def do_uid_search(self, tag: str, command: str) -> str:
        found = re.search(r"UID (\d+):\*", command.removeprefix("UID "))
        first = int(found[1]) if found else 1
        uids = sorted(self.server.mails)
        # RFC 3501: `n:*` always includes the last mail, also when n lies beyond it.
        wanted = [uid for uid in uids if uid >= first] or uids[-1:]
        by_number = re.match(r"(\d+):(\d+)$", command.split(" ")[2])
        if by_number:
            wanted = uids[int(by_number[1]) - 1 : int(by_number[2])]
        lines = self.server.search_lines
        for part in range(lines):
            self.send(" ".join(["* SEARCH", *map(str, wanted[part::lines])]))
        return "OK done"

    def do_uid_fetch(self, tag: str, command: str) -> str:
        if self.server.chatter:
            self.send(self.server.chatter)
        uids = _expand(command.split(" ")[2])
        if "BODY.PEEK[]" in command and self.server.broken & set(uids):
            return "NO [SERVERBUG] this mail could not be converted"
        for uid in uids:
            if uid in self.server.mails and uid not in self.server.vanish:
                self._send_mail(uid, command)
        return "OK done"

    def _send_mail(self, uid: int, command: str) -> None:
        raw = self.server.mails[uid]
        number = list(self.server.mails).index(uid) + 1
        head = f"* {number} FETCH (UID {uid}"
        if "RFC822.SIZE" in command:
            head += f" RFC822.SIZE {len(raw) + self.server.size_error}"
        if "INTERNALDATE" in command:
            head += ' INTERNALDATE "20-Nov-2026 09:15:00 +0800"'
        fields = re.search(r"HEADER\.FIELDS \(([^)]*)\)", command)
        part = re.search(r"BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?", command)
        if fields:
            names = "|".join(fields[1].split())
            lines = re.findall(rb"(?im)^(?:" + names.encode() + rb"):[^\r\n]*\r\n", raw)
            data = b"".join(lines) + b"\r\n"
            label = f"BODY[HEADER.FIELDS ({fields[1]})]"
        elif part and part[1]:
            data = raw[int(part[1]) : int(part[1]) + int(part[2])]
            label = f"BODY[]<{part[1]}>"
        else:
            data, label = raw, "BODY[]"
        text = f"{head} {label} {{{len(data)}}}\r\n".encode()
        self.client.sendall(text + data + b")\r\n")

    def do_uid_store(self, tag: str, command: str) -> str:
        return "OK done"

    def do_logout(self, tag: str, command: str) -> bool:
        self.send("* BYE bye")
        self.send(f"{tag} OK done")
        return False

    def do_idle(self, tag: str, command: str) -> str | bool:
        news = f"* {len(self.server.mails)} EXISTS\r\n"
        match self.server.idle:
            case "close":
                self.send("+ idling")
                return False
            case "bye":
                self.client.sendall(b"+ idling\r\n* BYE shutting down\r\n")
                return False
            case "news_behind_plus":
                self.client.sendall(b"+ idling\r\n" + news.encode())
            case "news_before_plus":
                self.client.sendall(news.encode() + b"+ idling\r\n")
            case "split":
                self.send("+ idling")
                time.sleep(0.05)
                self.client.sendall(news[:4].encode())
                time.sleep(0.2)
                self.client.sendall(news[4:].encode())
            case "hang":
                self.send("+ idling")
                self.server.stopped.wait(60)
                return False
            case "quiet":
                self.send("+ idling")
        return "OK idle done" if self.read_line() == "DONE" else False


def _name(command: str) -> str:
    words = command.upper().split(" ")
    return " ".join(words[:2]) if words[0] == "UID" else words[0]


def _words(command: str) -> list[str]:
    """The words of a command, quoted ones without their quotes."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', command)
    return [re.sub(r"\\(.)", r"\1", quoted) or plain for quoted, plain in found]


def _expand(numbers: str) -> list[int]:
    uids: list[int] = []
    for item in numbers.split(","):
        first, _, last = item.partition(":")
        uids.extend(range(int(first), int(last or first) + 1))
    return uids
