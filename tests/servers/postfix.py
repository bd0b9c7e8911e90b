"""A real Postfix that delivers to one LMTP port and nowhere else; needs root.

Mail for unknown users and for other domains is refused with 550 at RCPT. Mail for `GHOST` is
accepted and then refused by the LMTP server, so that a delivery report goes to the sender.
`submission_port` takes mail only from who logs in, and only with that login's own address.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from grp import getgrnam
from pathlib import Path
from types import TracebackType

from maildesk.config.values import SmtpAccount
from servers import (
    LOOPBACK,
    UnavailableError,
    find_program,
    free_port,
    is_listening,
    stop_process,
    wait_until,
)
from servers.dovecot import USERS

GHOST = "ghost@desk.test"
MAILBOXES = tuple(f"{name}@desk.test" for name in USERS)

_MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/spool
data_directory = {base}/lib
command_directory = {commands}
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.desk.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = inline:{{{mailboxes}}}, regexp:{base}/etc/fresh
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks,reject_unauth_destination
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_sender_login_maps = regexp:{base}/etc/logins
default_transport = error:no relay from this test server
relay_transport = error:no relay from this test server
message_size_limit = 52428800
maillog_file = {base}/mail.log
maillog_file_prefixes = {base}
disable_dns_lookups = yes
"""

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path=inet:127.0.0.1:{auth}
  -o smtpd_sasl_authenticated_header=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr    unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce  unix - - n - 0 bounce
defer   unix - - n - 0 bounce
trace   unix - - n - 0 bounce
verify  unix - - n - 1 verify
error   unix - - n - - error
retry   unix - - n - - error
lmtp    unix - - n - - lmtp
smtp    unix - - n - - smtp
scache  unix - - n - 1 scache
anvil   unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

_QUEUES = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved"),
    *("trace", "private"),
)


class Postfix:
    """One running server. `port` of the loopback takes mail from anybody, without TLS or AUTH;
    `submission_port` asks the Dovecot at `auth_port` who logs in.

    A client of `port` may say with XCLIENT from which address it comes, as a stranger would.
    """

    host = LOOPBACK

    def __init__(
        self,
        lmtp_port: int,
        auth_port: int = 0,
        mailboxes: Sequence[str] = MAILBOXES,
        domains: Sequence[str] = ("desk.test",),
    ) -> None:
        if os.geteuid() != 0:
            raise UnavailableError("Postfix can only be started by root")
        self._postconf = find_program("postconf")
        find_program("postfix")
        self._lmtp_port = lmtp_port
        self._auth_port = auth_port
        self._mailboxes = tuple(mailboxes)
        self._domains = tuple(domains)
        self._process: subprocess.Popen[bytes] | None = None
        self.base = Path()
        self.port = self.submission_port = 0

    def start(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="mpfx"))
        self.base.chmod(0o755)
        self.port, self.submission_port = free_port(), free_port()
        daemons = self._default("daemon_directory")
        self._lay_queues()
        etc = self.base / "etc"
        etc.mkdir()
        (etc / "main.cf").write_text(
            _MAIN.format(
                base=self.base,
                commands=self._default("command_directory"),
                daemons=daemons,
                domains=", ".join(self._domains),
                mailboxes=", ".join(f"{mailbox}=x" for mailbox in (*self._mailboxes, GHOST)),
                lmtp=self._lmtp_port,
            )
        )
        ports = {"port": self.port, "submission": self.submission_port, "auth": self._auth_port}
        (etc / "master.cf").write_text(_MASTER.format(**ports))
        (etc / "logins").write_text(f"/^([^@+]+)(\\+.*)?@{self._domains[0]}$/ $1\n")
        (etc / "fresh").write_text(f"/^user[0-9]+(\\+.*)?@{self._domains[0]}$/ x\n")
        self._process = subprocess.Popen(
            [str(Path(daemons) / "master"), "-c", str(etc), "-d"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if not wait_until(lambda: is_listening(self.port), 20):
            report = self.log()
            self.stop()
            raise UnavailableError(f"Postfix does not start: {report[-2000:]}")

    def stop(self) -> None:
        if self._process is not None:
            stop_process(self._process)
            self._process = None
        shutil.rmtree(self.base, ignore_errors=True)

    def __enter__(self) -> Postfix:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def account(self, connections: int = 4) -> SmtpAccount:
        """How maildesk sends through this server."""
        return SmtpAccount(self.host, self.port, "none", connections=connections, timeout=20.0)

    def log(self) -> str:
        file = self.base / "mail.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def queued(self) -> int:
        """How many mails wait in the queues."""
        spool = self.base / "spool"
        names = ("maildrop", "incoming", "active", "deferred")
        return sum(1 for name in names for file in (spool / name).rglob("*") if file.is_file())

    def wait_until_empty(self, seconds: float = 10.0) -> bool:
        return wait_until(lambda: self.queued() == 0, seconds, 0.05)

    def _default(self, key: str) -> str:
        command = [self._postconf, "-d", "-h", key]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def _lay_queues(self) -> None:
        owner, drop = pwd.getpwnam("postfix").pw_uid, getgrnam("postdrop").gr_gid
        spool = self.base / "spool"
        for name in (".", *_QUEUES, "public", "maildrop", "pid"):
            (spool / name).mkdir(parents=True, exist_ok=True)
        for name in _QUEUES:
            (spool / name).chmod(0o700)
            os.chown(spool / name, owner, -1)
        for name, mode in (("public", 0o710), ("maildrop", 0o730)):
            os.chown(spool / name, owner, drop)
            (spool / name).chmod(mode)
        data = self.base / "lib"
        data.mkdir()
        os.chown(data, owner, -1)
