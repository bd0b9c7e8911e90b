"""Does a desk's letter to itself come back, and in what state?

Three test letters a desk: to its address, to a plus-address, and with the null sender. They carry
our mark and a signed Message-ID, so a running daemon ignores them as its own. Compared is what the
servers on the way changed; removed afterwards is nothing but these letters, by UID.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from maildesk.checkup.finding import Finding, bad, care, good
from maildesk.config.values import Config, DeskConfig, ImapAccount, MailboxConfig, SmtpAccount
from maildesk.errors import Transient
from maildesk.mail import compose
from maildesk.mail.message import Address
from maildesk.mail.proof import ids
from maildesk.wire.answer import Answer, Reply
from maildesk.wire.imap import Envelope, ImapMailbox
from maildesk.wire.smtp import SmtpTransport

_BETWEEN_LOOKS = 1.0
_GRACE = 10.0
"""Seconds the others may take longer than the plain one: a lost plus-address never comes."""
_LARGEST_LETTER = 256 * 1024


class Way(StrEnum):
    """What one letter tries."""

    PLAIN = "the desk's own address"
    PLUS = "a plus-address"
    NULL = "the null sender"


@dataclass(slots=True)
class _Letter:
    """A test letter: how it leaves and, later, what became of it."""

    way: Way
    sender: str
    recipient: str
    message_id: str
    mark: str
    token: str
    raw: bytes = field(repr=False, default=b"")
    reply: Reply | None = None
    arrived: bytes | None = field(repr=False, default=None)
    arrived_id: str | None = None
    seconds: float = 0.0

    @property
    def accepted(self) -> bool:
        return self.reply is not None and self.reply.answer is Answer.ACCEPTED

    @property
    def kept_id(self) -> bool:
        return self.arrived_id == self.message_id

    @property
    def kept_mark(self) -> bool:
        return self.arrived is not None and self.mark.encode() in _head(self.arrived)


def check_echo(
    config: Config,
    desk: DeskConfig,
    mailbox: MailboxConfig,
    now: Callable[[], datetime],
    progress: Callable[[str], None],
    patience: float,
) -> Iterator[Finding]:
    """Send the letters, wait for them in `mailbox` at most `patience` seconds, compare, remove."""
    assert config.smtp is not None
    item = f"desk {desk.id}"
    # Before the first start there is no signing key yet; nobody could know the letters anyway.
    key = config.secret or secrets.token_bytes(32)
    letters = [_write(key, desk, way, config.smtp, now()) for way in Way]
    watch = _Watch(mailbox)
    try:
        watch.start()
        progress(f"{desk.address} writes to itself")
        asyncio.run(_send(config.smtp, letters))
        _wait(watch, letters, mailbox.name, progress, patience)
        left = watch.clean()
    except Transient as error:
        yield bad(item, f"the test letters cannot be followed: {error}")
        return
    finally:
        watch.close()
    plain, plus, null = letters
    yield from _judge_plain(item, desk, mailbox, plain, patience)
    yield from _judge_plus(item, desk, plus, plain)
    yield from _judge_null(item, desk, config.smtp, null)
    if left:
        text = f"{left} test letters stay in {mailbox.name}, marked as read"
        yield care(item, text, "Delete them by hand if they disturb.")


def _wait(
    watch: _Watch,
    letters: Sequence[_Letter],
    name: str,
    progress: Callable[[str], None],
    patience: float,
) -> None:
    expected = [letter for letter in letters if letter.accepted]
    begin = time.monotonic()
    until = patience
    while True:
        waited = time.monotonic() - begin
        watch.look(expected, waited)
        missing = sum(letter.arrived is None for letter in expected)
        if not missing or waited > until:
            return
        if letters[0].arrived is not None:
            until = min(until, letters[0].seconds + _GRACE)
        progress(f"waiting for {missing} of {len(expected)} letters in {name} ({waited:.0f} s)")
        time.sleep(min(_BETWEEN_LOOKS, patience / 10))


def _write(key: bytes, desk: DeskConfig, way: Way, account: SmtpAccount, date: datetime) -> _Letter:
    token = secrets.token_hex(12)
    local, _, domain = desk.address.rpartition("@")
    recipient = f"{local}+check{token[:8]}@{domain}" if way is Way.PLUS else desk.address
    message_id = ids.mint(
        key, letter_key=f"check:{token}", ticket=0, recipient=desk.address, domain=domain
    )
    letter = compose.Outgoing(
        message_id=message_id,
        from_=Address(desk.name, desk.address),
        to=Address("", recipient),
        subject=f"maildesk check {token}",
        text=f"A test letter of maildesk to itself, by way of {way}. It may be deleted.\n",
        date=date,
        mark=ids.mark(key, desk.id),
        auto_submitted="auto-generated",
    )
    usual = desk.address if account.envelope_sender is None else account.envelope_sender
    return _Letter(
        way=way,
        sender="" if way is Way.NULL else usual or desk.address,
        recipient=recipient,
        message_id=message_id,
        mark=letter.mark,
        token=token,
        raw=compose.compose(letter),
    )


async def _send(account: SmtpAccount, letters: Sequence[_Letter]) -> None:
    transport = SmtpTransport(account)
    try:
        for letter in letters:
            letter.reply = await transport.send(letter.sender, letter.recipient, letter.raw)
    finally:
        await transport.close()


class _Watch:
    """Looks for the letters where they arrive, and where a running daemon may have filed them."""

    def __init__(self, mailbox: MailboxConfig) -> None:
        accounts: list[ImapAccount] = [mailbox.imap]
        if mailbox.filing.mode == "move":
            accounts.append(replace(mailbox.imap, folder=mailbox.filing.ignored))
        self._boxes = {account.folder: ImapMailbox(account) for account in accounts}
        self._inbox = mailbox.imap.folder
        self._after: dict[str, int] = {}
        self._ours: dict[str, list[int]] = {}

    def start(self) -> None:
        """Remember where each folder ends, so that older mail is never looked at."""
        for folder, box in list(self._boxes.items()):
            try:
                box.open()
                self._after[folder] = max(box.search(), default=0)
            except Transient:
                if folder == self._inbox:
                    raise
                del self._boxes[folder]  # not made yet, so nothing is filed there

    def look(self, letters: Sequence[_Letter], seconds: float) -> None:
        """Find letters among what is new; each is fetched once, without changing a flag."""
        for folder, box in self._boxes.items():
            uids = box.search(self._after[folder])
            for envelope in box.envelopes(uids):
                self._after[folder] = max(self._after[folder], envelope.uid)
                if envelope.size > _LARGEST_LETTER:
                    continue
                raw = _fetch(box, envelope)
                for letter in letters:
                    if raw is not None and letter.token.encode() in _head(raw):
                        letter.arrived, letter.seconds = raw, seconds
                        letter.arrived_id = envelope.message_id
                        self._ours.setdefault(folder, []).append(envelope.uid)

    def clean(self) -> int:
        """Remove the letters that were found; how many had to stay because the server refused."""
        left = 0
        for folder, uids in self._ours.items():
            box = self._boxes[folder]
            try:
                box.remove(uids)
            except Transient:
                left += len(uids)
                with suppress(Transient):
                    box.open()
                    box.flag_seen(uids)
        return left

    def close(self) -> None:
        for box in self._boxes.values():
            box.close()


def _fetch(box: ImapMailbox, envelope: Envelope) -> bytes | None:
    for _, pieces in box.fetch([envelope]):
        return b"".join(pieces)
    return None


def _head(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[0]


def _judge_plain(
    item: str, desk: DeskConfig, mailbox: MailboxConfig, letter: _Letter, patience: float
) -> Iterator[Finding]:
    if not letter.accepted:
        remedy = "Ask the provider whether this account may send as that address."
        yield bad(item, f"a letter from {desk.address} to itself {_tell(letter)}", remedy)
        return
    if letter.arrived is None:
        text = (
            f"a letter to {desk.address} was accepted but did not appear in "
            f"{mailbox.imap.user}/{mailbox.imap.folder} within {patience:g} s"
        )
        remedy = (
            "Look into its spam folder and filter rules; check that this mailbox is where the "
            "desk's mail arrives, or wait longer with --patience."
        )
        yield bad(item, text, remedy)
        return
    yield good(item, f"{desk.address} writes to itself; the letter is back in {_after(letter)}")
    if letter.kept_id:
        yield good(item, "its Message-ID came back unchanged, so replies find their ticket")
    elif letter.kept_mark:
        text = "a server on the way replaces the Message-ID; our mark came back unchanged"
        remedy = "Replies are then recognised by plus-address or number: allow plus-addresses."
        yield care(item, text, remedy)
    else:
        text = "a server on the way replaces the Message-ID and removes our mark"
        remedy = (
            "Our own letters could not be told from others and might loop: send through another "
            f"server, or let this one keep the header {ids.MARK}."
        )
        yield bad(item, text, remedy)


def _judge_plus(item: str, desk: DeskConfig, letter: _Letter, plain: _Letter) -> Iterator[Finding]:
    if letter.arrived is not None:
        hint = "" if desk.plus_address else f": you may set plus_address = true in [desk.{desk.id}]"
        yield good(item, f"the plus-address {letter.recipient} arrives{hint}")
        return
    why = "was accepted but did not arrive" if letter.accepted else _tell(letter)
    text = f"a letter to the plus-address {letter.recipient} {why}"
    if desk.plus_address:
        yield bad(item, text, f"Set plus_address = false in [desk.{desk.id}].")
    elif plain.arrived is not None:
        yield good(item, f"{text}; plus_address is false, so none is used")


def _judge_null(
    item: str, desk: DeskConfig, account: SmtpAccount, letter: _Letter
) -> Iterator[Finding]:
    wanted = account.envelope_sender == ""
    used = account.envelope_sender or desk.address
    if not letter.accepted:
        text = f"a letter with the null sender <> {_tell(letter)}"
        if wanted:
            yield bad(item, text, "Take envelope_sender out of [smtp].")
        else:
            yield good(item, f"{text}; letters leave with {used}, as configured")
    elif wanted and letter.arrived is None:
        text = "a letter with the null sender <> was accepted but did not arrive"
        yield bad(item, text, "Take envelope_sender out of [smtp].")
    else:
        note = "as configured" if wanted else f"letters leave with {used}, as configured"
        yield good(item, f"the null sender <> is accepted; {note}")


def _tell(letter: _Letter) -> str:
    """What the server said to it: `was refused (550 no such user)`."""
    reply = letter.reply
    assert reply is not None
    code = f"{reply.code} " if reply.code is not None else ""
    verb = "was put off" if reply.answer in (Answer.LATER, Answer.UNKNOWN) else "was refused"
    return f"{verb} ({code}{reply.text})"


def _after(letter: _Letter) -> str:
    return "under a second" if letter.seconds < 1 else f"{letter.seconds:.0f} s"
