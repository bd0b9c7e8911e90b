"""Everything known of one ticket when it is put on paper: values only; `store.dossiers` reads them.

Texts are as they are kept; what a form shows of them is masked when it is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maildesk.desk.approvals.approval import Approval
from maildesk.desk.charter import DeskConfig
from maildesk.desk.knowledge.article import ArticleState
from maildesk.desk.ticket import KnownTicket, Part


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the timeline. `actor` is a name, "" where nobody did it; `words` are the new
    words of the mail that caused it, where they belong to no other event."""

    at: datetime
    kind: str
    actor: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thought of it (R9, M7, W8); `answers` are scores by the profile's questions."""

    at: datetime
    person: str
    score: int | None
    answers: Mapping[str, int]
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A low rating's follow-up (M8); `done` None: it is still to be made."""

    why: str
    due: datetime
    done: datetime | None = None
    by: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """An article of the knowledge base that was made of it (F8, M9)."""

    number: str
    state: ArticleState


@dataclass(frozen=True, slots=True)
class Dossier:
    """One ticket, whole. `names` are people's by address key, `related` the numbers of tickets it
    was merged into or hangs under, `files` what was attached, by name."""

    desk: DeskConfig
    ticket: KnownTicket
    request: str = ""
    steps: tuple[Step, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    staff_numbers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    opinion: Opinion | None = None
    follow_ups: tuple[FollowedUp, ...] = ()
    articles: tuple[Written, ...] = ()
    confirmed_by: str = ""
    closed_by: str = ""
    reopens: int = 0
    archived: datetime | None = None
    merged_into: str = ""
    parent: str = ""

    def name(self, key: str) -> str:
        """Who that address key is; the key itself for somebody nobody knows any more."""
        return self.names.get(key, key)

    def name_part(self, part: Part) -> str:
        """Those in that part, by name."""
        return "、".join(person.name for person in self.ticket.find_all(part))

    def last(self, *kinds: str) -> Step | None:
        """The newest event of one of these kinds."""
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)
