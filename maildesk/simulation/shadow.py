"""A desk's shadow: it reads the live mailbox and decides like the real one, and sends nothing.

Its memory and its files are in a folder of their own, so that the real desk starts untouched; the
mailbox is opened for reading only, so that whoever answers it today notices nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from maildesk.config.values import Config, Filing, SmtpAccount
from maildesk.daemon import Daemon
from maildesk.errors import ConfigFault
from maildesk.house import House
from maildesk.simulation.double import copy_memory, double_config
from maildesk.simulation.postman import Postman
from maildesk.simulation.story import Line, Say, tell_letter
from maildesk.store import chronicle, mailboxes
from maildesk.store.chronicle import Mark
from maildesk.store.engine import Store
from maildesk.store.migration import prepare
from maildesk.wire.imap import ImapMailbox

FOLDER = "shadow"
PARTS = ("intake", "delivery", "clock")
"""What a shadow runs; pages would be answered in the real desk's name."""

_NOWHERE = SmtpAccount("nowhere.invalid", 25, "none")


@dataclass(slots=True)
class Shadow:
    """What its letters would have been, told one by one as they would have left."""

    since: Mark
    say: Say
    tell: Callable[[Line], None]
    told: list[Line] = field(default_factory=list)
    waiting: list[Line] = field(default_factory=list)
    _announced: set[int] = field(default_factory=set)

    def look(self, house: House) -> None:
        """Tell what is new since the last look: letters that leave, wait, or are held back."""
        now = house.store.now()
        with house.store.read() as db:
            written = chronicle.list_written(db, self.since)
        self.waiting, waiting = [], set[int]()
        for letter in written:
            line = tell_letter(letter, self.say)
            if line.what != "waits":
                self.told.append(line)
                self.tell(line)
                continue
            waiting.add(letter.id)
            self.waiting.append(line)
            if letter.next_at > now and letter.id not in self._announced:
                self._announced.add(letter.id)
                self.tell(line)
        newest = max((letter.id for letter in written), default=0)
        self.since = replace(
            self.since, outbox=max(self.since.outbox, newest), waiting=frozenset(waiting)
        )


def shadow_config(config: Config) -> Config:
    """The same desk with its memory in a folder of its own, that files nothing away."""
    double = double_config(config, config.data / FOLDER)
    boxes = tuple(replace(item, filing=Filing("leave")) for item in config.mailboxes)
    return replace(double, mailboxes=boxes, smtp=config.smtp or _NOWHERE)


def begin_shadow(config: Config, say: Say, tell: Callable[[Line], None]) -> Shadow:
    """Make the shadow's memory, a copy of the desk's, unless it has one; it goes on where it was.

    Raises ConfigFault, Transient.
    """
    folder = config.data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    fresh = copy_memory(config, folder)
    store = Store(shadow_config(config).database)
    try:
        prepare(store)
        with store.write() as db:
            for name, owner in mailboxes.list_readers(db, store.now()).items() if fresh else ():
                mailboxes.leave_mailbox(db, name, owner)  # its reader reads for the real desk
        with store.read() as db:
            return Shadow(chronicle.mark_now(db), say, tell)
    except ConfigFault as fault:
        raise ConfigFault(
            f"{folder}: the shadow's memory cannot be used: {fault} "
            "Or remove this folder: the shadow then begins anew."
        ) from fault
    finally:
        store.close()


def run_shadow(
    config: Config, shadow: Shadow, parts: Sequence[str], import_since: datetime | None
) -> None:
    """The daemon until a signal comes, without a wire that could say or change anything."""
    Daemon(
        shadow_config(config),
        parts,
        import_since,
        connect_mailbox=lambda account: ImapMailbox(account, read_only=True),
        connect_smtp=lambda account: Postman(),
        below=config.data,
        watch=shadow.look,
    ).run()
