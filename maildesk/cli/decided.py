"""How a ticket's decisions read at a terminal: what was asked of whom, and what came of it.

Kept for audit, so all of it is shown; who may decide is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from maildesk.cli.setting import say_moment
from maildesk.desk.approvals.approval import PUT_OFF

if TYPE_CHECKING:
    from maildesk.desk.approvals.approval import Approval

_NAMES = {"escalation": "escalation", "plan": "plan", "access": "approval"}
_OPEN = "nobody has decided yet"


def write_decisions(
    approvals: Iterable[Approval], zone: str, hide: Callable[[str], str]
) -> Iterator[str]:
    """Everything that was asked, the oldest first; times in `zone`, texts masked by `hide`."""
    for item in approvals:
        by = f" by {item.asker}" if item.asker else ""
        until = f", answer by {say_moment(item.due, zone)}" if item.due else ""
        did = "to be asked since" if PUT_OFF in item.form else f"asked{by}"
        asked = f"{did} {say_moment(item.asked, zone)} of {', '.join(item.asked_of)}{until}"
        yield f"  {_NAMES[item.kind.value]:<12} {asked}"
        for key, text in item.form.items():
            if text and key not in ("words", PUT_OFF):
                yield f"      {key}: {hide(' '.join(text.split()))[:300]}"
        yield f"      {_say_verdict(item, zone)}"


def _say_verdict(item: Approval, zone: str) -> str:
    if item.verdict is None or item.decided is None:
        return _OPEN
    if not item.decider:
        return f"{item.verdict.value} {say_moment(item.decided, zone)}"
    took = int((item.decided - item.asked).total_seconds()) // 60
    late = item.due is not None and item.decided > item.due
    told = f"{item.verdict.value} by {item.decider} {say_moment(item.decided, zone)}"
    told += f", after {took} min{', late' if late else ', in time' if item.due else ''}"
    if item.owner:
        told += f", owner {item.owner}"
    return told + (f": {item.reason}" if item.reason else "")
