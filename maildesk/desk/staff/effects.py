"""What each order does (WORDS.md): the table `EFFECTS`, one small function an order.

The functions stand by subject in `effects_*`. Orders that need a text the requester can read take
it from the words below them, since a line that starts with `#` is never passed on. `undo` and
`send` are not here: each stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from maildesk.desk.aftercare.follow_up import follow
from maildesk.desk.letters.staff_notices import tell_orders
from maildesk.desk.orders.script import Line
from maildesk.desk.orders.table import Order
from maildesk.desk.staff.effect import Effect, Scene
from maildesk.desk.staff.effects_end import confirm, mark_spam, reject, reopen, solve
from maildesk.desk.staff.effects_parent import relate
from maildesk.desk.staff.effects_people import assign, hand_to_vendor, join, put_on_behalf
from maildesk.desk.staff.effects_record import draft_article, publish_article, record
from maildesk.desk.staff.effects_related import merge, split
from maildesk.desk.staff.effects_sort import set_category, set_priority
from maildesk.desk.staff.effects_words import use_snippet
from maildesk.desk.staff.effects_work import (
    expect,
    explain_late,
    follow_up,
    hold,
    note,
    record_contact,
    resume,
    start,
    wait,
)
from maildesk.desk.staff.verdicts import agree, approve, decline, disapprove, escalate


def _ask_status(scene: Scene, line: Line) -> Effect:
    return Effect(answer=True)


def _ask_help(scene: Scene, line: Line) -> Effect:
    told = tell_orders(scene.facts, scene.ticket, scene.actor, scene.language)
    return Effect(letters=(told,))


EFFECTS: Mapping[Order, Callable[[Scene, Line], Effect]] = {
    Order.START: start,
    Order.NOTE: note,
    Order.CONTACTED: record_contact,
    Order.WAITING: wait,
    Order.HOLD: hold,
    Order.RESUME: resume,
    Order.SOLVED: solve,
    Order.CONFIRMED: confirm,
    Order.ASSIGN: assign,
    Order.JOIN: join,
    Order.VENDOR: hand_to_vendor,
    Order.FOLLOWUP: follow_up,
    Order.ETA: expect,
    Order.PRIORITY: set_priority,
    Order.CATEGORY: set_category,
    Order.ONBEHALF: put_on_behalf,
    Order.REJECT: reject,
    Order.SPAM: mark_spam,
    Order.REOPEN: reopen,
    Order.LATE: explain_late,
    Order.ESCALATE: escalate,
    Order.AGREE: agree,
    Order.DECLINE: decline,
    Order.APPROVE: approve,
    Order.DISAPPROVE: disapprove,
    Order.CAUSE: record,
    Order.INTERIM: record,
    Order.PERMANENT: record,
    Order.PREVENT: record,
    Order.LESSON: record,
    Order.REVIEW: record,
    Order.FOLLOW: follow,
    Order.KB: draft_article,
    Order.PUBLISH: publish_article,
    Order.SNIPPET: use_snippet,
    Order.MERGE: merge,
    Order.SPLIT: split,
    Order.PARENT: relate,
    Order.STATUS: _ask_status,
    Order.HELP: _ask_help,
}
