"""The facts of one mail's arrival, and what was decided on them: values only.

`reception` turns the first into the second; `store.apply` makes the second true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.approvals.approval import Approval, AskPlan, VerdictPlan
from maildesk.desk.arrival.directory import NOBODY, Directory
from maildesk.desk.charter import DeskConfig
from maildesk.desk.evidence import Answering, Draft, LastChange, Miss, OpenFollowUp, Passage, Said
from maildesk.desk.knowledge.article import ArticlePlan, NamedArticle
from maildesk.desk.knowledge.learnt import Learnt
from maildesk.desk.person import Role
from maildesk.desk.privacy.mask import Secret
from maildesk.desk.reports.report import RemarkPlan, SentReport
from maildesk.desk.request.similar import Candidate
from maildesk.desk.rules.rule import RuleTrace
from maildesk.desk.ticket import ClosedBy, KnownTicket, Part, Pause, State, Waiting
from maildesk.mail.message import Attachment, Authenticity, Incoming, Verdict

if TYPE_CHECKING:
    # Only a plan's type: what looks at people or mails has no use for all letters' values.
    from maildesk.desk.letters.letter_values import LetterValues

UNKNOWN = Authenticity(Verdict.NONE, ())


class Outcome(StrEnum):
    """What became of a mail: exactly one of these stands in the ledger."""

    OPENED = "opened"
    APPENDED = "appended"
    NOTED = "noted"  # kept as an event of a ticket; changes nothing
    IGNORED = "ignored"
    DOORSTEP = "doorstep"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    BEFORE_START = "before_start"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail says it is from. `person` is the store's id, None for somebody never seen."""

    address: str
    name: str
    person: int | None = None
    listed: bool = False
    role: Role = Role.REQUESTER
    department: str | None = None
    extension: str | None = None
    language: str | None = None
    addresses: frozenset[str] = frozenset()
    unreached: bool = False  # letters to this address came back lately
    away: tuple[datetime, datetime] | None = None  # from, until: as his last notice said

    def find_return(self, now: datetime) -> datetime | None:
        """Until when he is away by his notice; None: he is there."""
        return self.away[1] if self.away and self.away[0] <= now < self.away[1] else None

    @property
    def is_staff(self) -> bool:
        """Whether he is listed as one who works on tickets or may look into them."""
        return self.listed and self.role is not Role.REQUESTER


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something in the mail that names a ticket, strongest kind first (DESIGN §7).

    `issued_here`: for a signed id, that we sent that letter to this very sender.
    """

    kind: Literal["signed", "reference", "token", "number"]
    value: str
    ticket: int
    issued_here: bool = False
    merged: str = ""  # the number it names, of a ticket that was merged into this one


@dataclass(frozen=True, slots=True)
class Lead:
    """Whom the desk tells when something needs a person."""

    address: str
    name: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter of ours that a delivery report brings back: which one, and whom it was sent to."""

    letter: str
    address: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may rest on. `received` is the server's INTERNALDATE."""

    now: datetime
    received: datetime
    desk: DeskConfig
    mail: Incoming
    sender: Sender | None
    ours: str | None = None  # why we know it for a letter of our own, else None
    evidence: tuple[Evidence, ...] = ()
    tickets: tuple[KnownTicket, ...] = ()
    admitted: bool = False  # a person let it in from the doorstep
    sent_to_address: int = 0  # automatic letters within the last hour
    leads: tuple[Lead, ...] = ()
    authenticity: Authenticity = UNKNOWN
    answering: tuple[Answering, ...] = ()  # letters of ours to this sender, the nearest first
    answers_us: bool = False  # it refers to a letter of ours to this sender, about a ticket or not
    passage: Passage | None = None  # of staff only
    files: tuple[Attachment, ...] = ()  # attached, or pasted among the words; no logos
    directory: Directory = NOBODY
    assigned_at: Mapping[str, datetime | None] = field(default_factory=dict)  # by address key
    loads: Mapping[str, int] = field(default_factory=dict)  # what each of the staff has, likewise
    away: Mapping[str, datetime] = field(default_factory=dict)  # until when, by his own notice
    recent: tuple[Candidate, ...] = ()  # open tickets, the newest first
    learnt: tuple[Learnt, ...] = ()  # of a new mail: solved tickets and articles that share words
    drafts: tuple[Draft, ...] = ()  # the sender's own that wait, the newest first
    last_change: LastChange | None = None  # the sender's own on the ticket
    misses: tuple[Miss, ...] = ()  # of the ticket, where the sender says why; the oldest first
    said: tuple[Said, ...] = ()  # the ticket's words so far, the oldest first
    forwarded_from: str | None = None  # of staff: whom a forward names inside ("": nobody)
    exposes_links: bool = False  # of staff: others can read links that act in his name
    warned: bool = False  # this sender was told today that a mail in his name was not believed
    returned: Returned | None = None  # of a delivery report only
    spoken: tuple[tuple[str, str], ...] = ()  # of staff: (masked line, as he may send it)
    outages: tuple[KnownTicket, ...] = ()  # of a new mail: main tickets it may belong under
    asked_plain: bool = False  # of an encrypted mail: its ticket had that letter today
    follow_up: OpenFollowUp | None = None  # of the ticket, where it is rated or a lead writes
    approvals: tuple[Approval, ...] = ()  # asked on the ticket, where the mail may concern them
    report: SentReport | None = None  # whose letter the mail answers
    named_articles: tuple[NamedArticle, ...] = ()  # of staff: called by number (`#发布 KB-0001`)

    def ticket(self, ticket_id: int) -> KnownTicket:
        return next(ticket for ticket in self.tickets if ticket.id == ticket_id)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the trace: which step, what it found, and why."""

    step: str
    found: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different about a ticket; None leaves a field, `clear` names those to empty.

    `assignee`, `requester` and `confirmed_by` are address keys. A new `response_due` moves the open
    limits. `fields` holds only those that differ; "" takes one away. `pauses` and `tags` are whole.
    """

    state: State | None = None
    waiting: Waiting | None = None
    category: str | None = None
    priority: str | None = None
    type: str | None = None
    impact: str | None = None
    urgency: str | None = None
    severity: str | None = None
    fields: Mapping[str, str] | None = None
    tags: tuple[str, ...] | None = None
    group: str | None = None
    assignee: str | None = None
    requester: str | None = None
    department: str | None = None
    eta: datetime | None = None
    response_due: datetime | None = None
    responded: datetime | None = None
    solved: datetime | None = None
    confirmed: datetime | None = None
    closed: datetime | None = None
    closed_by: ClosedBy | None = None
    confirmed_by: str | None = None
    reopens: int | None = None
    chased: datetime | None = None
    chases: int | None = None
    assigned: datetime | None = None
    contact_due: datetime | None = None
    solution_due: datetime | None = None
    pauses: tuple[Pause, ...] | None = None
    result: str | None = None
    parent: int | None = None
    merged_into: int | None = None
    clear: frozenset[str] = frozenset()

    def then(self, later: Change) -> Change:
        """Both, the later one where they speak of the same field."""
        merged: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(later, name)
            merged[name] = getattr(self, name) if value is None else value
        if self.fields is not None and later.fields is not None:
            merged["fields"] = {**self.fields, **later.fields}
        said = {name for name in self.__slots__ if getattr(later, name) is not None}
        merged["clear"] = (self.clear - said) | later.clear
        return Change(**merged)


UNCHANGED = Change()


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """Words to keep back until their author releases them."""

    kind: Literal["unsure", "unproved"]
    words: str
    relay: Literal["internal", "requester", "vendor"]
    relay_to: str
    reason: str
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class DeadlinePlan:
    """Something of the ticket that falls due at `at`; an open one of its kind is moved. None: it
    falls due no more."""

    kind: str
    at: datetime | None
    about: int | None = None  # another ticket's, not the decision's own


@dataclass(frozen=True, slots=True)
class Opening:
    """A ticket to open; its number is given when the decision is applied."""

    title: str
    state: State
    category: str
    priority: str
    type: str
    group: str
    assignee: str | None
    department: str | None
    language: str
    received: datetime
    response_due: datetime
    linked: KnownTicket | None = None
    renewed: bool = False  # `linked` is the sender's own older ticket, which he answered
    requester: str | None = None  # the address key when it is not the sender (R1)
    impact: str | None = None
    urgency: str | None = None
    severity: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    contact_due: datetime | None = None
    solution_due: datetime | None = None
    parent: int | None = None
    waiting: Waiting = Waiting.NONE
    pauses: tuple[Pause, ...] = ()
    eta: datetime | None = None


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """A letter to write. `withheld` says why it must not leave (it stays visible), else None.

    Brakes and identity go by `address`, the key; `mailbox` is the same as its owner writes it, ""
    when nobody wrote it. `automatic` None: a human's words, which no brake holds (RFC 3834 §5).
    `relay` says whom an answer to this letter goes to, `relay_to` is that address's key ("" when
    internal). It does not leave before `not_before` (quiet hours). `shows`: secrets its reader is
    meant to have, which are masked in every other letter. `about` is what it is about beside a
    ticket, such as "report:12", so that an answer to it is understood; `bulk` marks reports.
    """

    letter: str
    address: str
    name: str
    language: str
    values: LetterValues
    automatic: Literal["auto-replied", "auto-generated"] | None = "auto-replied"
    withheld: str | None = None
    mailbox: str = ""
    relay: Literal["internal", "requester", "vendor"] = "internal"
    relay_to: str = ""
    files: tuple[Attachment, ...] = ()
    not_before: datetime | None = None
    shows: frozenset[Secret] = frozenset()
    about: str = ""
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpPlan:
    """Somebody must speak with the requester before `due` (M8): why, in plain English, and what
    was said; a complaint without a score is no rating of its own."""

    why: str
    due: datetime
    rating: Rating


@dataclass(frozen=True, slots=True)
class BouncePlan:
    """Address keys our letters came back from: none leaves for them by itself before `until`."""

    addresses: tuple[str, ...]
    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class AbsencePlan:
    """The sender is away until then; None: he is back. `since`: from now or a day ahead on; None:
    he is away already, and longer than he said. `works`: he is of the staff, and his tickets may
    not wait."""

    until: datetime | None
    since: datetime | None = None
    works: bool = True


@dataclass(frozen=True, slots=True)
class Unsent:
    """A letter one could have expected, and why there is none."""

    letter: str
    address: str
    why: str


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An event to write on the ticket; `data` is small and JSON-able."""

    kind: str
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """What the same mail does to another ticket, or to one it opens beside its own.

    `takes` is a mail (its row) that moves from the decision's ticket to this one.
    """

    ticket: KnownTicket | None = None
    opening: Opening | None = None
    change: Change | None = None
    events: tuple[EventPlan, ...] = ()
    letters: tuple[LetterPlan, ...] = ()
    joins: tuple[tuple[str, str, Part], ...] = ()
    leaves: tuple[tuple[str, Part], ...] = ()
    deadlines: tuple[DeadlinePlan, ...] = ()
    takes: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one mail, whole. `ticket` is the existing one concerned, if any."""

    outcome: Outcome
    reason: str
    findings: tuple[Finding, ...]
    ticket: KnownTicket | None = None
    opening: Opening | None = None
    joins: tuple[tuple[str, str, Part], ...] = ()  # (address key, name, part)
    events: tuple[EventPlan, ...] = ()
    letters: tuple[LetterPlan, ...] = ()
    unsent: tuple[Unsent, ...] = ()
    leaves: tuple[tuple[str, Part], ...] = ()  # (address key, part)
    change: Change | None = None
    deadlines: tuple[DeadlinePlan, ...] = ()
    draft: DraftPlan | None = None
    releases: tuple[int, ...] = ()  # drafts that no longer wait
    bounced: BouncePlan | None = None
    absence: AbsencePlan | None = None
    reached: tuple[str, ...] = ()  # address keys that letters reach again
    others: tuple[Other, ...] = ()
    timed: bool = False  # its change holds what follows for the limits
    asks: tuple[AskPlan, ...] = ()
    verdicts: tuple[VerdictPlan, ...] = ()
    rating: Rating | None = None  # what the sender thinks of it
    articles: tuple[ArticlePlan, ...] = ()  # drafts to make of the ticket
    publishes: bool = False  # the drafts of the ticket can be read from now on
    published: tuple[int, ...] = ()  # drafts of other tickets, or of none, that can be as well
    follow_up: FollowUpPlan | None = None
    followed: tuple[int, str] | None = None  # (the follow-up that is done, what came of it)
    remark: RemarkPlan | None = None  # on a report
    keeps_back: str | None = None  # the cause whose letters that are still queued must not leave
    rules: Sequence[RuleTrace] = ()
    rules_hash: str | None = None
