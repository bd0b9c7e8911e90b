"""A lead's plain answer to what he was asked, as the order it means: “同意升级 王强”, “批准”.

Only where something waits for him and his mail answers an internal letter; anything that is not
clear stays words. What the order does is `verdicts`' business.
"""

from __future__ import annotations

from maildesk.desk.approvals.approval import Approval, Kind, find_open
from maildesk.desk.approvals.approval_letters import LETTERS
from maildesk.desk.approvals.consent import Answer, read_consent
from maildesk.desk.decision import Facts, Sender
from maildesk.desk.orders.line import read_line
from maildesk.desk.orders.script import Line, Script
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Role


def read_decision(facts: Facts, actor: Sender, script: Script) -> Script:
    """The order a plain answer means; the script as it is for any other mail."""
    asked = find_open(facts.approvals, Kind.ESCALATION, Kind.PLAN)
    if asked is None or script.orders or script.suspects or actor.role is not Role.LEAD:
        return script
    answering = facts.answering[0] if facts.answering else None
    if answering is None or answering.relay != "internal":
        return script
    if answering.letter not in ("", LETTERS[asked.kind], "verdict"):
        return script
    lines = [line for line in script.words.splitlines() if line.strip()]
    if not lines or not (line := _read_plain(asked, lines[0].strip(), script.words)):
        return script
    rest = script.words[script.words.index(lines[0]) + len(lines[0]) :].strip()
    return Script((line,), "" if asked.kind is Kind.PLAN else rest, ())


def _read_plain(asked: Approval, first: str, words: str) -> Line | None:
    if asked.kind is Kind.ESCALATION:
        found = read_line(f"#{first}")
        if isinstance(found, Line) and found.order in (Order.AGREE, Order.DECLINE):
            return Line(found.order, found.argument, first)
    said = read_consent(words)
    if said.answer is Answer.UNCLEAR:
        return None
    yes, no = (
        (Order.AGREE, Order.DECLINE)
        if asked.kind is Kind.ESCALATION
        else (Order.APPROVE, Order.DISAPPROVE)
    )
    return Line(yes if said.answer is Answer.YES else no, said.rest, first)
