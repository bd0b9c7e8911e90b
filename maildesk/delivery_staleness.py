"""Has a letter lost its use while it waited? Then it is superseded, and does not leave (DESIGN §3).

Asked when a letter is claimed, in the same transaction; what a letter is for, who wrote it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from maildesk.desk.limits.due import stands_still
from maildesk.desk.ticket import State, Waiting
from maildesk.store import joint_letters, tickets
from maildesk.store.engine import Connection
from maildesk.store.outbox import Claimed
from maildesk.store.tickets import Situation


def find_staleness(db: Connection, row: Claimed, now: datetime) -> str | None:
    """Why a letter is of no use any more; None: it is.

    What one about several tickets still has to tell, is entered anew.
    """
    if row.valid_until is not None and now > row.valid_until:
        return "it is too old to be of use"
    if row.ticket is not None and row.condition == joint_letters.CONDITION:
        return joint_letters.take_back(db, row.ticket, row.created_at, now)
    if row.ticket is not None and row.condition is not None and row.condition in _LOST:
        is_lost, why = _LOST[row.condition]
        situation = tickets.find_situation(db, row.ticket)
        if situation is not None and is_lost(situation):
            return why
    return None


# What a letter is for, and how a ticket stands when it has lost its use.
_LOST: Mapping[str, tuple[Callable[[Situation], bool], str]] = {
    "awaiting_response": (
        lambda now: now.responded or stands_still(now.state, now.waiting),
        "somebody has responded meanwhile, or it waits",
    ),
    "unsolved": (lambda now: stands_still(now.state, now.waiting), "it is solved, or waits"),
    "unassigned": (lambda now: now.assigned, "somebody has it meanwhile"),
    "to_confirm": (
        lambda now: now.state is not State.TO_CONFIRM,
        "it waits for no confirmation any more",
    ),
    "waits_requester": (
        lambda now: now.waiting is not Waiting.REQUESTER,
        "it does not wait for its requester any more",
    ),
    "follow_up": (lambda now: not now.follow_up, "somebody has followed it up meanwhile"),
    "unrated": (
        lambda now: now.rated or now.state is not State.SOLVED,
        "it is rated meanwhile, or goes on",
    ),
    # Taken back while it waits, by `outbox.supersede`, and by nothing else.
    "queued_only": (lambda now: False, ""),
}
