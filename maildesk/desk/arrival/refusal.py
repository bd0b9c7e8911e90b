"""A mail is too large to be taken: does its sender hear of it, and what?

Pure. He hears of it once a day if an ordinary mail of his would have been answered, so that no
machine, list, stranger or forger is written to.
"""

from __future__ import annotations

from maildesk.desk.arrival.guard import stop
from maildesk.desk.arrival.subject import strip_prefixes
from maildesk.desk.decision import Facts, LetterPlan
from maildesk.desk.letters import requester_notices as letters
from maildesk.desk.letters.head import frame, greet
from maildesk.desk.letters.letter_values import TooLargeValues
from maildesk.mail.message import Verdict

_MB = 1024 * 1024


def refuse_size(
    facts: Facts, size: int, limit: int, *, told: bool
) -> tuple[LetterPlan | None, str]:
    """(the letter to the sender, None when there is none; what is said of it in one sentence).

    `facts.mail` is what its beginning says; `size` and `limit` are bytes. `told`: within the day.
    """
    why = _stay_silent(facts, told)
    sender, desk = facts.sender, facts.desk
    if why is not None or sender is None:
        return None, f"its sender was not told: {why or 'nobody knows him'}"
    language = sender.language or desk.language
    values = TooLargeValues(
        name=greet(sender),
        title=strip_prefixes(facts.mail.subject)[:200],
        size=_say(size),
        limit=_say(limit),
        hotline=desk.hotline,
        **frame(desk, language, facts.now),
    )
    plan = letters.answer(facts, "too_large", sender, values)
    if plan.withheld is not None:
        return plan, f"its sender {sender.address} was not told: {plan.withheld}"
    return plan, f"its sender {sender.address} was told"


def _stay_silent(facts: Facts, told: bool) -> str | None:
    barrier = stop(facts)
    if barrier is not None:
        return barrier.why
    if facts.sender is None:
        return "it has no usable sender address"
    if _is_report(facts):
        return "a report of a mail system"
    if facts.authenticity.verdict is Verdict.FAIL:
        return "servers say that somebody else wrote it"
    if told:
        return f"{facts.sender.address} was told within the day"
    return letters.stay_silent(facts, facts.sender)


def _is_report(facts: Facts) -> bool:
    """By its head alone: what tells the kinds of reports apart may lie beyond what was read."""
    if (facts.mail.header("Return-Path") or "").strip() == "<>":
        return True
    return (facts.mail.header("Content-Type") or "").lower().startswith("multipart/report")


def _say(size: int) -> str:
    """Whole megabytes, or kilobytes below one."""
    return f"{round(size / _MB)} MB" if size >= _MB else f"{max(1, round(size / 1024))} KB"
