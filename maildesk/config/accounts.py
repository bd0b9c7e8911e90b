"""How do we reach the world, and it us: mailboxes, SMTP account, database, pages, by their tables.

Nothing is connected to; whether an account works is `checkup`'s question.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from maildesk.config.faults import suggest
from maildesk.config.lines import KeyPath
from maildesk.config.notes import PASSWORD_REMEDY, Notes
from maildesk.config.shape import MailboxTable, SmtpTable, Toml, TrustTable, WebTable
from maildesk.config.values import Filing, ImapAccount, MailboxConfig, SmtpAccount, WebConfig
from maildesk.mail.proof.trust import Border

_IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


def read_database(toml: Toml, data: Path, notes: Notes) -> str:
    """The SQLAlchemy URL, password included; by default a SQLite file in the data folder."""
    password = notes.secret((), "database_password", toml)
    url = toml.database
    if url is None:
        return f"sqlite:///{data.absolute() / 'maildesk.db'}"
    scheme, _, rest = url.partition("://")
    if not rest or scheme not in _DATABASES:
        notes.object(
            ("database",),
            "is not a database maildesk knows",
            "Write postgresql+psycopg://user@host/name, or leave it out for SQLite.",
        )
        return url
    if scheme == "sqlite":
        file = rest.removeprefix("/")
        return f"sqlite:///{notes.resolve(file).absolute()}"
    return _add_password(url, password, notes)


def _add_password(url: str, password: str | None, notes: Notes) -> str:
    parts = urlsplit(url.replace("postgresql://", "postgresql+psycopg://", 1))
    if parts.password is not None and ("database",) not in notes.source.filled:
        notes.warn(("database",), "holds a password", "Use database_password_file instead.")
    if password is None:
        return urlunsplit(parts)
    if parts.password is not None:
        notes.object(("database",), "holds a password and another is given", "Keep one of them.")
    user, host = parts.username or "maildesk", parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))


def read_smtp(table: SmtpTable | None, notes: Notes) -> SmtpAccount | None:
    """How letters leave; a desk without it can receive but not answer, which is a warning."""
    path: KeyPath = ("smtp",)
    if table is None:
        notes.warn(path, "is missing", "Letters wait in the outbox until it is there.")
        return None
    password = notes.secret(path, "password", table)
    if table.user is not None and password is None and not notes.may_lack(path, "password"):
        notes.object((*path, "user"), "has no password", PASSWORD_REMEDY)
    if table.user is None and password is not None:
        notes.object(path, "has a password but no user", "Add the user to log in as.")
    _warn_clear_text(path, table, password, notes)
    return SmtpAccount(
        host=table.host,
        port=table.port or _SMTP_PORTS[table.security],
        security=table.security,
        user=table.user,
        password=password,
        ca_file=_read_ca_file(path, table.ca_file, notes),
        envelope_sender=table.envelope_sender,
        connections=table.connections,
        timeout=table.timeout,
    )


def read_web(table: WebTable | None, notes: Notes) -> WebConfig | None:
    """Where pages are served; without the table there are none, and letters carry no links."""
    if table is None:
        return None
    site = urlsplit(table.base_url)
    if site.scheme == "http" and site.hostname not in _LOOPBACK:
        problem = "sends signed links over the network in clear text"
        notes.warn(("web", "base_url"), problem, "Let a reverse proxy with TLS stand before it.")
    host, _, port = table.listen.rpartition(":")
    return WebConfig(host.removeprefix("[").removesuffix("]"), int(port), table.base_url)


def read_mailboxes(toml: Toml, notes: Notes) -> tuple[MailboxConfig, ...]:
    """All mailboxes; two that read the same folder would race each other, which is a fault."""
    if not toml.mailbox:
        notes.warn(("mailbox",), "is missing", "Until then, mail comes by `maildesk ingest` only.")
    seen: dict[tuple[str, str, str], str] = {}
    mailboxes = []
    for name, table in toml.mailbox.items():
        mailbox = _read_mailbox(name, table, toml, notes)
        place = (table.host.lower(), table.user.lower(), table.folder)
        if place in seen:
            problem = f"reads the same folder as mailbox.{seen[place]}"
            notes.object(("mailbox", name), problem, "Keep one of the two.")
        seen.setdefault(place, name)
        mailboxes.append(mailbox)
    return tuple(mailboxes)


def _read_mailbox(name: str, table: MailboxTable, toml: Toml, notes: Notes) -> MailboxConfig:
    path: KeyPath = ("mailbox", name)
    password = notes.secret(path, "password", table)
    if password is None and not notes.may_lack(path, "password"):
        notes.object(path, "has no password", PASSWORD_REMEDY)
    _warn_clear_text(path, table, password, notes)
    filing = table.filing
    folders = (filing.done, filing.ignored, filing.quarantined)
    if filing.mode == "move" and table.folder in folders:
        problem = f"moves mails into {table.folder!r}, the folder they are read from"
        notes.object((*path, "filing"), problem, "Name another folder.")
    return MailboxConfig(
        name=name,
        desks=_read_desk_names(path, table, toml, notes),
        imap=ImapAccount(
            host=table.host,
            port=table.port or _IMAP_PORTS[table.security],
            security=table.security,
            user=table.user,
            password=password or "",
            folder=table.folder,
            ca_file=_read_ca_file(path, table.ca_file, notes),
            connect_timeout=table.connect_timeout,
            read_timeout=table.read_timeout,
            idle_seconds=table.idle_seconds,
            poll_seconds=table.poll_seconds,
        ),
        filing=Filing(filing.mode, filing.done, filing.ignored, filing.quarantined),
        max_mail_bytes=toml.limits.mail_size,
        trust=_read_trust((*path, "trust"), table.trust, notes),
    )


def _read_trust(path: KeyPath, table: TrustTable | None, notes: Notes) -> Border | None:
    if table is None:
        return None
    if not table.authserv_ids and not table.internal:
        notes.object(path, "believes nothing", "Add authserv_ids or internal.")
    return Border(tuple(table.authserv_ids), tuple(table.trusted_hosts), tuple(table.internal))


def _read_desk_names(
    path: KeyPath, table: MailboxTable, toml: Toml, notes: Notes
) -> tuple[str, ...]:
    known = list(toml.desk)
    path = (*path, "desks")
    remedy = f'Write for example: desks = ["{known[0]}"]'
    if table.desks is None:
        if len(known) > 1:
            notes.object(path, "is missing, and there is more than one desk", remedy)
        return tuple(known[:1])
    if not table.desks:
        notes.object(path, "is empty", remedy)
    for position, desk in enumerate(table.desks):
        if desk not in known:
            notes.object((*path, position), f"there is no desk {desk!r}", suggest(desk, known))
        elif desk in table.desks[:position]:
            notes.object((*path, position), f"names {desk!r} twice", "Name it once.")
    return tuple(table.desks)


def _read_ca_file(path: KeyPath, text: str | None, notes: Notes) -> Path | None:
    if text is None:
        return None
    file = notes.resolve(text)
    if not file.is_file():
        remedy = "Name a PEM file with the certificate of whoever signed the server's."
        notes.object((*path, "ca_file"), f"{file} does not exist", remedy)
    return file.absolute()


def _warn_clear_text(
    path: KeyPath, table: SmtpTable | MailboxTable, password: str | None, notes: Notes
) -> None:
    if table.security == "none" and password is not None and table.host not in _LOOPBACK:
        problem = "sends the password over the network in clear text"
        notes.warn((*path, "security"), problem, 'Use "tls" or "starttls".')
