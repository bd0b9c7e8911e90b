"""A decision's letters on their way into the outbox: numbered, threaded for their reader, braked.

Each reader's References name only ids he has seen himself (DESIGN §8). What a letter says and to
whom it goes was decided; its bytes are `letterpress`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, select

from maildesk.desk.arrival.unreached import is_held, withhold
from maildesk.desk.decision import Facts, LetterPlan
from maildesk.desk.letters.requester_notices import brake_address, brake_ticket
from maildesk.desk.letters.staff_values import CodeValues
from maildesk.desk.ticket import KnownTicket
from maildesk.mail.proof import tokens
from maildesk.store import facts as facts_of_letters
from maildesk.store import outbox, unreached
from maildesk.store.letterpress import Letterpress
from maildesk.store.schema import letters as mails
from maildesk.store.sent import last_seen_ids

_LAST_OWN = (
    select(mails.c.message_id)
    .where(
        mails.c.ticket_id == bindparam("ticket"),
        mails.c.sender == bindparam("sender"),
        mails.c.message_id.is_not(None),
    )
    .order_by(mails.c.id.desc())
    .limit(1)
)


def print_all(
    db: Connection,
    press: Letterpress,
    facts: Facts,
    letters: Sequence[LetterPlan],
    known: KnownTicket | None,
    ticket: int | None,
    number: str | None,
    draft: int | None,
    cause: str,
) -> int:
    """Put a decision's letters about a ticket into the outbox; how many of them may leave.

    `known` is the ticket if it was there before; `draft` is the row of the words the decision keeps
    back, for the one-time code.
    """
    rows = []
    for planned in letters:
        plan = _complete(press, planned, number, draft)
        answers, seen = _find_thread(db, facts, known, plan)
        rows.append(
            press.print_letter(
                plan,
                facts.desk,
                cause=f"{cause}/{plan.about}" if plan.about else cause,
                ticket=ticket,
                now=facts.now,
                answers=answers,
                seen=seen,
                withheld=_brake(db, facts, plan, known),
            )
        )
    outbox.enqueue(db, rows, facts.now)
    return sum(1 for row in rows if row.withheld is None)


def _find_thread(
    db: Connection, facts: Facts, known: KnownTicket | None, plan: LetterPlan
) -> tuple[str | None, tuple[str, ...]]:
    """(the id a letter answers, ids its reader has seen before): nobody else's."""
    if facts.sender is not None and plan.address == facts.sender.address:
        answered = facts.mail.message_id
        if known is None:
            return answered, ()
        return answered, last_seen_ids(db, known.id, plan.address)
    if known is None:
        return None, ()
    seen = last_seen_ids(db, known.id, plan.address)
    own = db.execute(_LAST_OWN, {"ticket": known.id, "sender": plan.address}).scalar_one_or_none()
    return own or (seen[-1] if seen else None), seen


def _brake(db: Connection, facts: Facts, plan: LetterPlan, known: KnownTicket | None) -> str | None:
    """Why a letter must wait, when its decision did not say so.

    Staff read people's words in theirs, or that their own wait: a long day on one ticket must not
    end that, so theirs count by the hour only.
    """
    if plan.withheld or plan.automatic is None:
        return plan.withheld
    if is_held(plan) and (mark := unreached.find(db, plan.address, facts.now)) is not None:
        return withhold(mark, facts.desk.zone_info)
    budgets = facts.desk.budgets
    # So do approvers: a manager with many requests must not be asked of the first five only.
    if plan.letter == "approval" or facts.directory.at(plan.address) in facts.directory.staff:
        sent = facts_of_letters.count_recent(db, plan.address, facts.now)
        return brake_address(sent, budgets.per_staff_hour)
    if known is not None:
        sent = facts_of_letters.count_of_ticket(db, known.id, facts.now)
        if held := brake_ticket(sent, budgets.per_ticket_day):
            return held
    if facts.sender is not None and plan.address == facts.sender.address:
        return None
    sent = facts_of_letters.count_recent(db, plan.address, facts.now)
    return brake_address(sent, budgets.per_address_hour)


def _complete(
    press: Letterpress, plan: LetterPlan, number: str | None, draft: int | None
) -> LetterPlan:
    """What only the transaction knows: the number just given, the code of a draft just kept."""
    values: Any = plan.values
    if number is not None and getattr(values, "number", None) == "":
        values = replace(values, number=number)
    if draft is not None and isinstance(values, CodeValues):
        values = replace(values, once=tokens.mint_once(press.secrets[0], draft, plan.address))
    return plan if values is plan.values else replace(plan, values=values)
