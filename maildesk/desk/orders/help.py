"""How are the orders explained to those who give them?  The list behind `#帮助`, in groups."""

from __future__ import annotations

from dataclasses import dataclass

from maildesk.desk.orders.table import SPECS, Order
from maildesk.desk.profile import Label


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One order: a line as it is typed, what it does, and the other words it answers to."""

    group: str
    sample: str
    does: str
    also: tuple[str, ...]


GROUPS: tuple[tuple[Label, tuple[Order, ...]], ...] = (
    (
        Label("日常处理", "Every day"),
        (Order.START, Order.CONTACTED, Order.WAITING, Order.ETA, Order.SOLVED, Order.NOTE),
    ),
    (
        Label("暂停与后续", "Waiting and afterwards"),
        (Order.HOLD, Order.RESUME, Order.FOLLOWUP, Order.CONFIRMED, Order.REOPEN, Order.LATE),
    ),
    (
        Label("找人处理", "Other people"),
        (Order.ASSIGN, Order.JOIN, Order.VENDOR, Order.ONBEHALF),
    ),
    (
        Label("受理与归类", "Sorting"),
        (Order.PRIORITY, Order.CATEGORY, Order.REJECT, Order.SPAM),
    ),
    (
        Label("升级与审批", "Escalation and approval"),
        (Order.ESCALATE, Order.AGREE, Order.DECLINE, Order.APPROVE, Order.DISAPPROVE),
    ),
    (
        Label("关联工单", "Tickets together"),
        (Order.MERGE, Order.SPLIT, Order.PARENT),
    ),
    (
        Label("方案与知识", "Solutions and knowledge"),
        (
            *(Order.CAUSE, Order.INTERIM, Order.PERMANENT, Order.PREVENT),
            *(Order.KB, Order.PUBLISH, Order.LESSON, Order.REVIEW, Order.FOLLOW),
            Order.SNIPPET,
        ),
    ),
    (
        Label("与服务台对话", "Talking to the desk"),
        (Order.SEND, Order.UNDO, Order.STATUS, Order.HELP),
    ),
)


def explain_orders(language: str) -> tuple[HelpLine, ...]:
    """The orders in the order they are taught; `language` is a BCP 47 tag such as `zh-CN`."""
    chinese = language.lower().startswith("zh")
    lines = []
    for label, orders in GROUPS:
        for spec in (SPECS[order] for order in orders):
            lines.append(
                HelpLine(
                    group=label.in_language("zh" if chinese else "en"),
                    sample=spec.sample_zh if chinese else spec.sample_en,
                    does=spec.help_zh if chinese else spec.help_en,
                    also=(spec.words if chinese else spec.english)[1:],
                )
            )
    return tuple(lines)
