"""The configuration as frozen values: what every other room is given (DESIGN §11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from maildesk.config.rule_files import RuleFiles, Stamp
from maildesk.desk.charter import Budgets as Budgets
from maildesk.desk.charter import DeskConfig as DeskConfig
from maildesk.desk.person import Person
from maildesk.desk.rules.rule import Rule
from maildesk.mail.proof.trust import Border

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Filing:
    """What happens to a mail on the server once its outcome is durable.

    `flag` sets \\Seen, `move` moves it to a folder (created when missing), `leave` touches nothing.
    """

    mode: Literal["flag", "move", "leave"] = "flag"
    done: str = "maildesk/Done"
    ignored: str = "maildesk/Ignored"
    quarantined: str = "maildesk/Quarantined"


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """How to reach one mailbox. Times in seconds."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca_file: Path | None = None
    connect_timeout: float = 15.0
    read_timeout: float = 60.0
    idle_seconds: float = 240.0
    poll_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """How letters leave. `envelope_sender` None means the desk's address (DESIGN §8)."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    envelope_sender: str | None = None
    connections: int = 4
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """One mailbox: its name in the ledger, the desks it feeds (first is the default) and filing.

    `trust` says which servers' word about a sender is believed; None believes nobody's.
    """

    name: str
    desks: tuple[str, ...]
    imap: ImapAccount
    filing: Filing = Filing()
    max_mail_bytes: int = 100 * 1024 * 1024
    trust: Border | None = None


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where the pages are served, and `base_url`: how letters name that place (no slash at end)."""

    host: str
    port: int
    base_url: str


@dataclass(frozen=True, slots=True)
class Config:
    """Everything, whole and valid. `secret` signs our Message-IDs; it never leaves the process."""

    file: Path
    data: Path
    database: str = field(repr=False)  # its URL may hold a password
    secret: bytes = field(repr=False)
    desks: tuple[DeskConfig, ...] = ()
    mailboxes: tuple[MailboxConfig, ...] = ()
    smtp: SmtpAccount | None = None
    web: WebConfig | None = None
    people: tuple[Person, ...] = ()
    rules: tuple[Rule, ...] = ()
    rule_files: RuleFiles = field(default_factory=RuleFiles)
    rules_stamp: Stamp = ()  # of the rule files just before they were read
    templates: Mapping[str, str] = field(default_factory=dict)
    worker_bytes: int = 5 * 1024 * 1024
    parse_seconds: float = 20.0
    parse_memory: int = 1024 * 1024 * 1024

    def desk(self, desk_id: str) -> DeskConfig:
        return next(desk for desk in self.desks if desk.id == desk_id)
