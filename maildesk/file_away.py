"""A decided mail is filed away on the server, by what became of it.

Only mails whose ledger row is durable come here, so a crash in between files them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from maildesk import journal
from maildesk.config.values import MailboxConfig
from maildesk.desk.decision import Outcome
from maildesk.errors import Transient
from maildesk.journal import Step, reach
from maildesk.mailbox import Mailbox
from maildesk.store import inbox
from maildesk.store.engine import Store


@dataclass(frozen=True, slots=True)
class FileAway:
    """Flags, moves or leaves one mailbox's decided mails.

    `refused`: what the server would not do, by folder; not tried again until it is emptied.
    """

    config: MailboxConfig
    store: Store
    refused: dict[str, str] = field(default_factory=dict)

    def file_away(self, mailbox: Mailbox, uidvalidity: int) -> None:
        """File what is decided and not yet filed, then note that it is done.

        A server that refuses (over quota, no such right) must not keep us from reading: it is told
        once a round, and tried again in the next.
        """
        name = self.config.name
        with self.store.read() as db:
            rows = inbox.unfiled(db, name, uidvalidity)
        for target, part in self._sort(rows).items():
            if target in self.refused:
                continue
            try:
                self._file_to(mailbox, target, [row.uid for row in part])
            except Transient as fault:
                self.refused[target] = f"mails are read, but not filed away: {fault}"
                journal.unfiled(name, str(fault))
                continue
            with self.store.write() as db:
                inbox.mark_filed(db, [row.id for row in part])
            reach(Step.MARKED)

    def _file_to(self, mailbox: Mailbox, target: str, uids: Sequence[int]) -> None:
        mode = self.config.filing.mode
        if mode == "flag" and target != self.config.filing.quarantined:
            mailbox.flag_seen(uids)
        elif mode == "move":
            mailbox.move(uids, target)
        reach(Step.FILED)

    def _sort(self, rows: Sequence[inbox.Decided]) -> dict[str, list[inbox.Decided]]:
        targets: dict[str, list[inbox.Decided]] = {}
        for row in rows:
            if row.outcome == Outcome.QUARANTINED.value:
                target = self.config.filing.quarantined
            elif row.outcome in (Outcome.IGNORED.value, Outcome.DOORSTEP.value):
                target = self.config.filing.ignored
            else:
                target = self.config.filing.done
            targets.setdefault(target, []).append(row)
        return targets
