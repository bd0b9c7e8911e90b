"""What really became of a mail: asked of the database and the mailboxes, never of the sender.

Sends mails by SMTP as a mail client does and waits for what follows. Shows nothing.
"""

from __future__ import annotations

import hashlib
import smtplib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, TypeVar

from maildesk.config.values import ImapAccount
from maildesk.demo.mails import name_id
from maildesk.demo.servers import LOOPBACK, Delivery, MailServer
from maildesk.demo.site import DESK, OTHER, PASSWORD
from maildesk.desk.ticket import State
from maildesk.explanation import Explanation, explain_kept
from maildesk.house import House
from maildesk.store import health, ledger, outbox, tickets
from maildesk.wire.imap import ImapMailbox

PATIENCE = 15.0  # seconds until something that should have happened counts as missing
_POLL = 0.02

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the desk. `seconds` from the mail's arrival to the letter's, None: not there."""

    message_id: str
    subject: str
    address: str
    state: str
    seconds: float | None


class Observer:
    """Looks at one demo desk from outside, as a second terminal would."""

    def __init__(self, house: House, servers: MailServer) -> None:
        self.house = house
        self.servers = servers

    def send(
        self, mail: EmailMessage, recipients: Sequence[str] = (DESK,), *, outside: bool = False
    ) -> None:
        """Hand a mail to the mail server. Raises smtplib.SMTPException when it is refused.

        Who has an account logs in with it; `outside`: the mail comes from somebody who cannot.
        """
        sender = parseaddr(str(mail["From"]))[1]
        with smtplib.SMTP(LOOPBACK, self.servers.smtp_port, "pc.corp.example", PATIENCE) as smtp:
            if sender in self.servers.accounts and not outside:
                smtp.login(sender, self.servers.accounts[sender])
            smtp.send_message(mail, sender, list(recipients))

    def await_reading(self) -> bool:
        """Whether the daemon has opened the mailbox and looked through it."""

        def ask() -> bool:
            with self.house.store.read() as db:
                return any(row.part == "mailbox:desk" for row in health.list_health(db))

        return bool(_await(ask))

    def follow(self, message_id: str, copies: int = 1) -> list[Explanation]:
        """The stories of all copies of a mail, once that many are decided; fewer: time ran out."""
        found: list[Explanation] = []

        def ask() -> bool:
            found[:] = explain_kept(self.house, message_id)
            return len(found) >= copies

        _await(ask)
        return found

    def follow_raw(self, raw: bytes) -> list[Explanation]:
        """Like `follow`, for a mail known by its bytes only."""
        digest = hashlib.sha256(raw).hexdigest()

        def ask() -> list[Explanation]:
            found = explain_kept(self.house, digest)
            return found if found and found[0].reason != "not decided yet" else []

        return _await(ask) or []

    def await_letter(
        self, mail: EmailMessage | Delivery, number: str, kind: str = "ack"
    ) -> Letter | None:
        """The newest letter of a kind on a mail's ticket, once it lies in its receiver's mailbox.

        Where that mailbox is full the server took it all the same: `seconds` is then None.
        """
        message_id = mail.message_id if isinstance(mail, Delivery) else name_id(mail)

        def ask() -> Any:
            rows = [row for row in self.letters_of(number) if row.letter == kind]
            return rows[-1] if rows and rows[-1].state not in ("queued", "sending") else None

        row = _await(ask)
        if row is None:
            return None
        own = row.message_id.strip("<>")
        came = self.servers.wait_for(lambda item: item.message_id == message_id, 0)
        full = self.servers.owner(row.address) in self.servers.full
        left = None
        if not full:
            left = self.servers.wait_for(lambda item: item.message_id == own, PATIENCE)
        seconds = left.at - came.at if left and came else None
        return Letter(own, row.subject, row.address, row.state, seconds)

    def letters_of(self, number: str) -> list[Any]:
        """All letters of a ticket, whatever became of them."""
        return self._history(number).letters if self._ticket(number) else []

    def letters_to(self, address: str) -> int:
        """How many letters were ever written to an address."""
        with self.house.store.read() as db:
            rows = outbox.list_letters(db, outbox.STATES, 1000)
        return sum(1 for row in rows if row.address == address)

    def events_of(self, number: str) -> list[str]:
        """The kinds of a ticket's events, in order."""
        return [row.kind for row in self._history(number).events] if self._ticket(number) else []

    def state_of(self, number: str) -> State | None:
        """A ticket's state now."""
        ticket = self._ticket(number)
        return ticket.state if ticket else None

    def words_of(self, number: str) -> list[str]:
        """The new words of every mail of a ticket, in order."""
        return [row.reply or "" for row in self._history(number).mails]

    def files_of(self, number: str) -> list[str]:
        """The attachments of the mail that opened the ticket."""
        history = self._history(number)
        return [row.filename for row in history.files if row.letter_id == history.mails[0].id]

    def count_outcomes(self) -> dict[str, int]:
        """How many mails have which outcome."""
        counted: dict[str, int] = {}
        with self.house.store.read() as db:
            for (_, _, outcome), count in ledger.count_states(db).items():
                counted[outcome or "-"] = counted.get(outcome or "-", 0) + count
        return counted

    def await_quiet(self) -> dict[str, int]:
        """How many letters are in which state, once none is on its way."""
        counted: dict[str, int] = {}

        def ask() -> bool:
            with self.house.store.read() as db:
                counted.clear()
                counted.update(outbox.count_by_state(db))
            return not {"queued", "sending"} & set(counted)

        _await(ask)
        return counted

    def count_tickets(self) -> int:
        with self.house.store.read() as db:
            return len(tickets.list_tickets(db, limit=1000))

    def to_desk(self) -> list[Delivery]:
        """Everything delivered to the desk so far."""
        return [item for item in self.servers.deliveries if item.recipient in (DESK, OTHER)]

    def read_mailbox(self, address: str, message_id: str) -> bytes | None:
        """One mail out of somebody's mailbox, over IMAP. Raises Transient."""
        account = ImapAccount(LOOPBACK, self.servers.imap_port, "none", address, PASSWORD)
        mailbox = ImapMailbox(account)
        try:
            mailbox.open()
            envelopes = mailbox.envelopes(mailbox.search())
            wanted = [item for item in envelopes if item.message_id == message_id]
            return next((b"".join(slices) for _, slices in mailbox.fetch(wanted)), None)
        finally:
            mailbox.close()

    def _ticket(self, number: str) -> tickets.TicketRow | None:
        with self.house.store.read() as db:
            return tickets.find_ticket(db, number)

    def _history(self, number: str) -> tickets.History:
        with self.house.store.read() as db:
            ticket = tickets.find_ticket(db, number)
            assert ticket is not None
            return tickets.read_history(db, ticket.id)


def _await(ask: Callable[[], T]) -> T | None:
    """Ask until the answer is true; None when PATIENCE is over."""
    end = time.monotonic() + PATIENCE
    while not (answer := ask()):
        if time.monotonic() > end:
            return None
        time.sleep(_POLL)
    return answer
