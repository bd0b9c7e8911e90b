"""A letter that no mail caused goes into the outbox, under the brakes, for whoever must know.

What it says `desk.letters.notices` wrote; when one is due is the clock's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from maildesk.desk.arrival.directory import NOBODY, Directory
from maildesk.desk.arrival.unreached import is_held, withhold
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead, LetterPlan
from maildesk.desk.letters.requester_notices import brake_address, brake_ticket
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.message import Stored
from maildesk.store import outbox
from maildesk.store.engine import Connection, Store
from maildesk.store.letterpress import Letterpress
from maildesk.store.traffic import Traffic, read_traffic


@dataclass(frozen=True, slots=True)
class Notice:
    """A planned letter and its occasion. `condition` is asked again before it leaves; no brake
    holds an `urgent` one."""

    desk_id: str
    plan: LetterPlan
    cause: str
    ticket: int | None = None
    condition: str | None = field(default=None, kw_only=True)
    urgent: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Post:
    """The desks, who leads them, who is listed, and how letters are printed.

    `keep_file` makes the bytes of a file that goes with a letter durable.
    """

    store: Store
    press: Letterpress
    desks: Mapping[str, DeskConfig]
    leads: tuple[Lead, ...] = ()
    directory: Directory = NOBODY
    keep_file: Callable[[Iterable[bytes]], Stored] = field(
        default=DiscardingSink().save, kw_only=True
    )

    def queue(
        self,
        db: Connection,
        desk_id: str,
        plan: LetterPlan,
        cause: str,
        ticket: int | None,
        now: datetime,
        *,
        condition: str | None = None,
        urgent: bool = False,
    ) -> str:
        """Put one letter into the outbox under the brakes; says where it went."""
        notice = Notice(desk_id, plan, cause, ticket, condition=condition, urgent=urgent)
        return self.queue_all(db, [notice], now)[0]

    def queue_all(self, db: Connection, notices: Sequence[Notice], now: datetime) -> list[str]:
        """The same for several, in their order; each counts for those after it."""
        braked = [item for item in notices if not item.urgent]
        about = {item.ticket for item in braked if item.ticket is not None}
        traffic = read_traffic(db, {item.plan.address for item in braked}, about, now)
        letters, said = [], []
        for item in notices:
            withheld = None if item.urgent else self._brake(item, traffic)
            letter = self.press.print_letter(
                item.plan,
                self.desks[item.desk_id],
                cause=item.cause,
                ticket=item.ticket,
                now=now,
                withheld=withheld,
                condition=item.condition,
                automatic=not item.urgent,
            )
            if letter.automatic and letter.withheld is None:
                traffic.to[letter.address] += 1
                traffic.about[item.ticket] += 1
            letters.append(letter)
            said.append(f"withheld ({withheld})" if withheld else f"letter to {letter.address}")
        outbox.enqueue(db, letters, now)
        return said

    def _brake(self, item: Notice, traffic: Traffic) -> str | None:
        """Why the letter must wait, or None."""
        plan, desk = item.plan, self.desks[item.desk_id]
        staff = self.directory.at(plan.address) in self.directory.staff
        budgets = desk.budgets
        allowed = budgets.per_staff_hour if staff else budgets.per_address_hour
        withheld = brake_address(traffic.to[plan.address], allowed)
        if withheld is None and item.ticket is not None:
            withheld = brake_ticket(traffic.about[item.ticket], budgets.per_ticket_day)
        mark = traffic.unreached.get(plan.address)
        if mark is not None and is_held(plan):
            withheld = withhold(mark, desk.zone_info)
        return withheld
