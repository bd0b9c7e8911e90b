"""A letter that no mail caused goes into the outbox, under the brakes, for whoever must know.

What it says `desk.notices` wrote; when one is due is the clock's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead, LetterPlan
from maildesk.desk.directory import NOBODY, Directory
from maildesk.desk.letters import brake_address, brake_ticket
from maildesk.desk.unreached import is_held, withhold
from maildesk.mail.message import Stored
from maildesk.mail.sink import DiscardingSink
from maildesk.store import facts, outbox, unreached
from maildesk.store.engine import Connection, Store
from maildesk.store.letterpress import Letterpress


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
        desk = self.desks[desk_id]
        withheld = None
        if not urgent:
            sent = facts.count_recent(db, plan.address, now)
            staff = self.directory.at(plan.address) in self.directory.staff
            budgets = desk.budgets
            allowed = budgets.per_staff_hour if staff else budgets.per_address_hour
            withheld = brake_address(sent, allowed)
            if withheld is None and ticket is not None:
                sent = facts.count_of_ticket(db, ticket, now)
                withheld = brake_ticket(sent, desk.budgets.per_ticket_day)
            mark = unreached.find(db, plan.address, now)
            if mark is not None and is_held(plan):
                withheld = withhold(mark, desk.zone_info)
        letter = self.press.print_letter(
            plan,
            desk,
            cause=cause,
            ticket=ticket,
            now=now,
            withheld=withheld,
            condition=condition,
            automatic=not urgent,
        )
        outbox.enqueue(db, [letter], now)
        return f"withheld ({withheld})" if withheld else f"letter to {plan.address}"
