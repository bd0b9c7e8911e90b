"""What a ticket is to a decision: its states, and the facts known of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from maildesk.desk.person import Role
from maildesk.desk.profile import Label, Profile


class State(StrEnum):
    """The states of W4. `reopened` is an event, not a state."""

    NEW = "new"
    UNASSIGNED = "unassigned"
    IN_PROGRESS = "in_progress"
    WAITING_REQUESTER = "waiting_requester"
    ON_HOLD = "on_hold"
    TO_CONFIRM = "to_confirm"
    SOLVED = "solved"
    CLOSED = "closed"
    REJECTED = "rejected"


# Staff and requesters read different words for the same state.
DESK_SHOWS: dict[State, Label] = {
    State.NEW: Label("新建", "New"),
    State.UNASSIGNED: Label("待派单", "Awaiting assignment"),
    State.IN_PROGRESS: Label("处理中", "In progress"),
    State.WAITING_REQUESTER: Label("待用户反馈", "Waiting for requester"),
    State.ON_HOLD: Label("挂起", "On hold"),
    State.TO_CONFIRM: Label("待确认", "To be confirmed"),
    State.SOLVED: Label("已解决", "Solved"),
    State.CLOSED: Label("已关闭", "Closed"),
    State.REJECTED: Label("已驳回", "Rejected"),
}

REQUESTER_READS: dict[State, Label] = {
    State.NEW: Label("已受理", "Received"),
    State.UNASSIGNED: Label("已受理", "Received"),
    State.IN_PROGRESS: Label("处理中", "In progress"),
    State.WAITING_REQUESTER: Label("待您补充", "Waiting for you"),
    State.ON_HOLD: Label("挂起", "On hold"),
    State.TO_CONFIRM: Label("待您确认", "Please confirm"),
    State.SOLVED: Label("已解决", "Solved"),
    State.CLOSED: Label("已结单", "Closed"),
    State.REJECTED: Label("未受理", "Not accepted"),
}


def show_state(state: State, profile: Profile) -> Label:
    """What staff read for a state: the profile's own word, else the usual one."""
    own = next((item.desk for item in profile.state_words if item.state == state), None)
    return own or DESK_SHOWS[state]


def tell_state(state: State, profile: Profile) -> Label:
    """The same for requesters (W4)."""
    own = next((item.requester for item in profile.state_words if item.state == state), None)
    return own or REQUESTER_READS[state]


def may_move(before: State, after: State, profile: Profile) -> bool:
    """Whether the profile lets a ticket go from one state to the other (W4)."""
    allowed = next((item.to for item in profile.moves if item.state == before), None)
    return allowed is None or before is after or after.value in allowed


# Nobody works on a ticket in one of these any more.
ENDED = frozenset({State.SOLVED, State.CLOSED, State.REJECTED})


class Waiting(StrEnum):
    """For whom a ticket waits; a field of its own beside the state, and it pauses the clock."""

    NONE = "none"
    REQUESTER = "requester"
    THIRD_PARTY = "third_party"
    APPROVAL = "approval"


class Part(StrEnum):
    """What somebody is in one ticket; roles are per ticket (DESIGN §4)."""

    REQUESTER = "requester"
    REPORTER = "reporter"
    CC = "cc"
    ASSIGNEE = "assignee"
    HELPER = "helper"
    THIRD_PARTY = "third_party"
    APPROVER = "approver"  # is asked whether it may be done, and works on nothing


ClosedBy = Literal["requester", "policy", "staff"]
"""Whose doing a closing was."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a ticket waited for somebody else: its limits stood still. `end` None: it
    still waits."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Insider:
    """Somebody who takes part in a ticket, in one of his parts.

    `key` is the address letters go to; a listed person's first one. `addresses` are all of them.
    """

    part: Part
    key: str
    name: str
    addresses: frozenset[str]
    role: Role = Role.REQUESTER
    listed: bool = False
    language: str | None = None
    extension: str | None = None
    department: str | None = None
    bounced: bool = False
    id: int = 0  # the store's


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """An existing ticket that some evidence of a mail points to.

    `insiders` are the address keys of everybody who takes part in it, `people` the same with
    their parts. Times are UTC; keys are the profile's.
    """

    id: int
    number: str
    state: State
    title: str
    insiders: frozenset[str]
    people: tuple[Insider, ...] = ()
    category: str = ""
    priority: str = ""
    type: str = ""
    group: str | None = None
    language: str = "zh-CN"
    department: str | None = None
    waiting: Waiting = Waiting.NONE
    opened: datetime | None = None
    response_due: datetime | None = None
    responded: datetime | None = None
    eta: datetime | None = None
    solved: datetime | None = None
    confirmed: datetime | None = None
    closed: datetime | None = None
    confirmed_by: str | None = None  # an address key
    closed_by: ClosedBy | None = None
    reopens: int = 0
    chases: int = 0
    chased: datetime | None = None
    impact: str | None = None
    urgency: str | None = None
    severity: str | None = None  # what the requester called it (F4); moves nothing by itself
    fields: Mapping[str, str] = field(default_factory=dict)  # what was told or recorded, by key
    tags: tuple[str, ...] = ()
    assigned: datetime | None = None  # when its engineer got it
    contact_due: datetime | None = None  # his first contact, counted from then (M4)
    solution_due: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    result: str | None = None
    parent: int | None = None  # the main ticket of an outage
    merged_into: int | None = None

    def find(self, part: Part) -> Insider | None:
        """The first in that part."""
        return next((person for person in self.people if person.part is part), None)

    def find_all(self, part: Part) -> tuple[Insider, ...]:
        return tuple(person for person in self.people if person.part is part)

    def parts_of(self, keys: Collection[str]) -> frozenset[Part]:
        """What somebody with these address keys is in it."""
        mine = frozenset(keys)
        return frozenset(person.part for person in self.people if person.addresses & mine)
