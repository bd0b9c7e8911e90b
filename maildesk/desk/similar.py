"""Which open tickets are like this one? (A first outline: `find_similar` follows.)"""

from __future__ import annotations

from dataclasses import dataclass

from maildesk.desk.ticket import State


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open ticket that may be like a new one."""

    id: int
    number: str
    title: str
    category: str
    state: State
    handler: str | None = None
