"""A ticket that a machine opened: nobody is there to answer, to confirm or to rate it.

Pure; the mark is a tag, so that rules, lists and reports see it as well.
"""

from __future__ import annotations

from maildesk.desk.decision import Facts, Sender
from maildesk.desk.ticket import KnownTicket

TAG = "machine"
NO_REPLY = ("noreply", "no-reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster")


def is_machine(facts: Facts, sender: Sender) -> bool:
    """Whether a mail is monitoring's or from an address that reads no answers."""
    local = sender.address.rpartition("@")[0]
    return facts.mail.auto_generated or local in NO_REPLY


def asks_nobody(ticket: KnownTicket) -> bool:
    """Whether its requester is still the machine that opened it."""
    return TAG in ticket.tags


def drop_mark(ticket: KnownTicket) -> tuple[str, ...] | None:
    """The tags once a person is the requester; None: they stay."""
    return tuple(tag for tag in ticket.tags if tag != TAG) if asks_nobody(ticket) else None
