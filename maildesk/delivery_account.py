"""The account we send through: does it take letters, and how long does it rest when it does not?

A fault of the account is no letter's fault: the queue holds, `maildesk status` says why, and
nothing dies. What is a fault of the account, `wire.smtp` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from maildesk import journal
from maildesk.store import health
from maildesk.store.engine import Store

_HOLD_MINUTES = (1, 2, 5, 10, 30)


@dataclass(slots=True)
class SendingAccount:
    """What the last answers said of the account."""

    store: Store
    _until: datetime | None = None
    _holds: int = 0
    _proved: bool = False

    def is_held(self) -> bool:
        """Whether nothing should be tried just now."""
        return self._until is not None and self.store.now() < self._until

    def hold(self, why: str, now: datetime) -> None:
        """Rest, longer each time in a row."""
        if self._until is not None and now < self._until:
            return
        minutes = _HOLD_MINUTES[min(self._holds, len(_HOLD_MINUTES) - 1)]
        self._holds += 1
        self._until = now + timedelta(minutes=minutes)
        journal.account_held(why, minutes * 60)
        with self.store.write() as db:
            health.report(db, "smtp", "down", why, now)

    def note_success(self, now: datetime) -> None:
        """It took a letter, or refused one for that letter's own sake."""
        if self._holds or self._until or not self._proved:
            self._proved = True
            self._holds, self._until = 0, None
            with self.store.write() as db:
                health.report(db, "smtp", "ok", "sending", now)
