"""Can we reach the mailboxes, and what can their servers do?

Logs in and looks; no mail, flag or folder is changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from maildesk.checkup.finding import Finding, bad, care, good
from maildesk.config.values import Config, MailboxConfig
from maildesk.errors import Transient
from maildesk.wire.answer import Reply
from maildesk.wire.imap import ImapMailbox
from maildesk.wire.smtp import SmtpTransport


def check_mailbox(mailbox: MailboxConfig) -> Iterator[Finding]:
    """Connect, secure, log in, open the folder; then what filing and waiting need."""
    account = mailbox.imap
    item = f"mailbox {mailbox.name}"
    box = ImapMailbox(account)
    try:
        state = box.open()
        can = box.capabilities
    except Transient as error:
        yield bad(item, str(error))
        return
    finally:
        box.close()
    yield good(
        item,
        f"{account.user} at {account.host}:{account.port} ({_name(account.security)}), "
        f"{account.folder}: {state.exists} mails, UIDVALIDITY {state.uidvalidity}, "
        f"IDLE {_say(can, 'IDLE')}, MOVE {_say(can, 'MOVE')}",
    )
    if "IDLE" not in can:
        remedy = "Mails are answered that much later; poll_seconds sets it."
        text = f"the server has no IDLE: new mail is looked for every {account.poll_seconds:g} s"
        yield care(item, text, remedy)
    if mailbox.filing.mode == "move" and not {"MOVE", "UIDPLUS"} & can:
        text = "the server knows neither MOVE nor UIDPLUS: moved mails stay, marked as deleted"
        yield care(item, text, 'Set filing.mode = "flag".')


def check_smtp(config: Config) -> Iterator[Finding]:
    """Connect, secure, log in, and name each desk as the sender; no letter is sent."""
    account = config.smtp
    assert account is not None
    desks = [desk.address for desk in config.desks]
    senders = desks if account.envelope_sender is None else [account.envelope_sender]
    place = f"{account.host}:{account.port} ({_name(account.security)})"
    replies = asyncio.run(_probe(SmtpTransport(account), list(dict.fromkeys(senders))))
    for sender, reply in replies.items():
        code = f"{reply.code} " if reply.code is not None else ""
        if reply.phase == "mail" and reply.code == 250:
            user = f" as {account.user}" if account.user else ""
            yield good("SMTP", f"{place} lets us in{user} and takes <{sender}> as the sender")
        elif reply.phase == "mail":
            text = f"{place} does not take <{sender}> as the sender: {code}{reply.text}"
            yield bad("SMTP", text, "Ask the provider whether this account may send as it.")
        else:
            text = f"{place}, {_WHILE[reply.phase]}: {code}{reply.text}"
            yield bad("SMTP", text, _REMEDIES.get(reply.phase, ""))
            return  # the others would only say the same


async def _probe(transport: SmtpTransport, senders: list[str]) -> dict[str, Reply]:
    try:
        return {sender: await transport.probe(sender) for sender in senders}
    finally:
        await transport.close()


_WHILE = {"connect": "connecting", "tls": "securing the connection", "auth": "logging in"}
_REMEDIES = {
    "auth": "Check user and password; many providers want an app password or client code.",
    "connect": "Check host, port and security of [smtp].",
}


def _name(security: str) -> str:
    return {"tls": "TLS", "starttls": "STARTTLS", "none": "clear text"}[security]


def _say(can: frozenset[str], capability: str) -> str:
    return "yes" if capability in can else "no"
