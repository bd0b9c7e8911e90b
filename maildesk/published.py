"""How well a desk kept its limits, as anybody may read it (N7): last month and this one.

Worked out at most once an hour, by whoever asks first; the others are not kept waiting for it. How
it looks is `desk.pages.service_page`'s question.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maildesk.desk.charter import DeskConfig
from maildesk.desk.reports.figures import Figures
from maildesk.desk.reports.period import cut, find_before, find_period
from maildesk.store.engine import Store
from maildesk.store.figures import read_steadily, sum_up

AGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Known:
    at: datetime
    months: tuple[Figures, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The figures of the desks of one database, kept for an hour."""

    store: Store
    _known: dict[str, _Known] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def read(self, desk: DeskConfig) -> tuple[Figures, ...]:
        """Last month's and this month's; none while somebody else works them out for the first
        time. Raises Transient when the database is away."""
        now = self.store.now()
        known = self._known.get(desk.id)
        if known is not None and now - known.at < AGE:
            return known.months
        if not self._turn.acquire(blocking=False):
            return known.months if known is not None else ()
        try:
            found = self._work_out(desk, now)
            self._known[desk.id] = _Known(now, found)
        finally:
            self._turn.release()
        return found

    def _work_out(self, desk: DeskConfig, now: datetime) -> tuple[Figures, ...]:
        profile, zone = desk.profile, desk.zone_info
        month = find_period("monthly", profile, zone, now.astimezone(zone).date())
        periods = (find_before(month, profile, zone), cut(month, now))
        with read_steadily(self.store) as db:
            return tuple(sum_up(db, desk, period) for period in periods)
