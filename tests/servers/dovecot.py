"""A real Dovecot on free loopback ports: IMAP in clear text, STARTTLS and TLS, LMTP, and logins
for an SMTP server (`auth_port`).

Runs as root or as a plain user. Tests look into mailboxes through imaplib, never through the code
under test. `fresh_user` gives each test a mailbox of its own on one shared server.
"""

from __future__ import annotations

import getpass
import grp
import imaplib
import itertools
import os
import pwd
import re
import shutil
import smtplib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from maildesk.config.values import ImapAccount, Security
from servers import (
    LOOPBACK,
    UnavailableError,
    certificates,
    find_program,
    free_port,
    is_listening,
    stop_process,
    wait_until,
)

USERS = ("desk", "support", "alice", "bob", "carol", "zhang", "liu", "wang", "lead")
FRESH_USERS = 2000

_CONFIG = """\
protocols = imap lmtp
listen = 127.0.0.1
hostname = imap.desk.test
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{base}/mail/%n/Maildir
mail_max_userip_connections = 200
mail_fsync = never
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%Ln {base}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%n
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  mailbox Archive {{
    special_use = \\Archive
    auto = create
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
lda_mailbox_autocreate = yes
recipient_delimiter = +
protocol lmtp {{
  auth_username_format = %Ln
  postmaster_address = postmaster@localhost
}}
"""

_UNPRIVILEGED = """\
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service stats {{
  unix_listener stats-writer {{
    user = {user}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it lies on the server; `flags` like `\\Seen`."""

    uid: int
    flags: frozenset[str]
    internaldate: datetime
    raw: bytes


class Dovecot:
    """One running server; its certificate names `certified`, and `ca_file` is what to trust."""

    host = "localhost"
    password = "secret"

    def __init__(
        self, users: Sequence[str] = USERS, separator: str = "/", certified: str = "localhost"
    ) -> None:
        self._program = find_program("dovecot")
        self._names = list(users)
        self._separator = separator
        self._certified = certified
        self._counter = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self.base = Path()
        self.imap_port = self.imaps_port = self.lmtp_port = self.auth_port = 0

    def start(self) -> None:
        # A short path: the names of unix sockets may have 107 bytes.
        self.base = Path(tempfile.mkdtemp(prefix="mdov"))
        self.base.chmod(0o755)
        self.ca_file = certificates.issue(self.base, self._certified).ca
        self._write_users()
        self.resume()

    def resume(self) -> None:
        """Start again on new ports over the same mailboxes, after `halt`."""
        root = os.geteuid() == 0
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        (self.base / "mail").mkdir(exist_ok=True)
        if root:
            os.chown(self.base / "mail", owner.pw_uid, owner.pw_gid)
        if not self.imap_port:
            self.imap_port, self.imaps_port = free_port(), free_port()
            self.lmtp_port, self.auth_port = free_port(), free_port()
        config = _CONFIG.format(
            base=self.base,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            separator=self._separator,
            imap=self.imap_port,
            imaps=self.imaps_port,
            lmtp=self.lmtp_port,
            auth=self.auth_port,
        )
        if not root:
            group = grp.getgrgid(os.getegid()).gr_name
            config += _UNPRIVILEGED.format(user=getpass.getuser(), group=group)
        file = self.base / "dovecot.conf"
        file.write_text(config)
        self._process = subprocess.Popen(
            [self._program, "-F", "-c", str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ports = (self.imap_port, self.imaps_port, self.lmtp_port, self.auth_port)
        if not wait_until(
            lambda: all(is_listening(port) for port in ports) and self._lets_in(), step=0.05
        ):
            report = self.log()
            self.stop()
            raise UnavailableError(f"Dovecot does not start: {report[-2000:]}")

    def halt(self) -> None:
        """End the process; mailboxes and ports stay for `resume`."""
        if self._process is not None:
            stop_process(self._process)
            self._process = None

    def stop(self) -> None:
        self.halt()
        shutil.rmtree(self.base, ignore_errors=True)

    def __enter__(self) -> Dovecot:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def log(self) -> str:
        file = self.base / "dovecot.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def account(self, user: str, security: Security = "tls", folder: str = "INBOX") -> ImapAccount:
        """How maildesk reaches that user's mailbox."""
        return ImapAccount(
            host=self.host,
            port=self.imaps_port if security == "tls" else self.imap_port,
            security=security,
            user=user,
            password=self.password,
            folder=folder,
            ca_file=self.ca_file,
        )

    def fresh_user(self) -> str:
        """A user nobody used before, with an empty mailbox; Postfix delivers to it as well."""
        return f"user{next(self._counter)}"

    def append(
        self,
        user: str,
        raw: bytes,
        internaldate: datetime | None = None,
        folder: str = "INBOX",
        flags: str = "",
    ) -> int:
        """Put a mail into a folder over IMAP and return its UID."""
        return self.append_all(user, [raw], internaldate, folder, flags)[0]

    def append_all(
        self,
        user: str,
        raws: Sequence[bytes],
        internaldate: datetime | None = None,
        folder: str = "INBOX",
        flags: str = "",
    ) -> list[int]:
        """Put many mails into a folder over one connection and return their UIDs."""
        when = "" if internaldate is None else imaplib.Time2Internaldate(internaldate)
        uids = []
        with self.login(user) as client:
            for raw in raws:
                # imaplib would rewrite bare line feeds; the server must store what was given.
                kind, data = client.append(_quote(folder), f"({flags})", when, raw)
                if kind != "OK":
                    raise AssertionError(f"APPEND refused: {data!r}")
                found = re.search(rb"APPENDUID \d+ (\d+)", data[0])
                uids.append(int(found[1]) if found else 0)
        return uids

    def deliver(self, user: str, raw: bytes, sender: str = "sender@outside.test") -> None:
        """Deliver a mail over LMTP, as an MTA would; `user` may carry a `+tag`."""
        with smtplib.LMTP(LOOPBACK, self.lmtp_port) as client:
            client.sendmail(sender, [f"{user}@desk.test"], raw)

    def messages(self, user: str, folder: str = "INBOX") -> list[Mail]:
        """All mails of a folder by UID, without touching their flags; [] when it is missing."""
        with self.login(user) as client:
            if client.select(_quote(folder), readonly=True)[0] != "OK":
                return []
            data = client.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")[1]
        return [_read(item[0], item[1]) for item in data if isinstance(item, tuple)]

    def wait_for(
        self, user: str, count: int, folder: str = "INBOX", seconds: float = 10.0
    ) -> list[Mail]:
        """The mails of a folder once there are at least `count`."""
        if not wait_until(lambda: len(self.messages(user, folder)) >= count, seconds, 0.05):
            have = len(self.messages(user, folder))
            raise AssertionError(f"{have} of {count} mails after {seconds} s; {self.log()[-500:]}")
        return self.messages(user, folder)

    def folders(self, user: str) -> list[str]:
        """The names of all folders as the server writes them (modified UTF-7)."""
        with self.login(user) as client:
            lines = client.list()[1]
        return [
            line.rsplit(b" ", 1)[1].decode().strip('"') for line in lines if isinstance(line, bytes)
        ]

    def expunge(self, user: str, uids: Sequence[int], folder: str = "INBOX") -> None:
        """Remove mails behind the back of other clients."""
        with self.login(user) as client:
            client.select(_quote(folder))
            client.uid("STORE", ",".join(map(str, uids)), "+FLAGS", r"(\Deleted)")
            client.expunge()

    def reset_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Make the server forget its UIDs, so that the folder gets a new UIDVALIDITY."""
        place = self.base / "mail" / user / "Maildir"
        if folder != "INBOX":
            place /= "." + folder.replace(self._separator, ".")
        for name in place.glob("dovecot*"):
            if not name.name.startswith("dovecot-uidvalidity"):
                name.unlink()

    @contextmanager
    def login(self, user: str) -> Iterator[imaplib.IMAP4]:
        """A logged-in imaplib client in clear text."""
        client = imaplib.IMAP4(LOOPBACK, self.imap_port, timeout=30)
        try:
            client.login(user, self.password)
            yield client
        finally:
            client.logout()

    def _lets_in(self) -> bool:
        """Whether logging in works: the ports listen before the authentication is there."""
        try:
            with self.login(self._names[0]):
                return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def _write_users(self) -> None:
        # Dovecot rereads the file too seldom for a test, so the fresh users are in it beforehand.
        names = [*self._names, *(f"user{number}" for number in range(1, FRESH_USERS + 1))]
        lines = (f"{name}:{{PLAIN}}{self.password}::::::\n" for name in names)
        (self.base / "users").write_text("".join(lines))
        (self.base / "users").chmod(0o644)  # Dovecot's authentication is another user


def _quote(folder: str) -> str:
    from imapclient.imap_utf7 import encode

    name: bytes = encode(folder)
    return f'"{name.decode()}"'


def _read(head: bytes, raw: bytes) -> Mail:
    uid = re.search(rb"UID (\d+)", head)
    flags = imaplib.ParseFlags(head)
    when = re.search(rb'INTERNALDATE "([^"]+)"', head)
    if uid is None or when is None:
        raise AssertionError(f"unexpected FETCH answer {head!r}")
    date = datetime.strptime(when[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z")
    return Mail(int(uid[1]), frozenset(flag.decode() for flag in flags), date, raw)
