"""What an engineer is told of a ticket that becomes his, and of words that arrive on it.

Everything he needs to answer from a phone: the requester's own words whole, the files as far as
they fit, whom to call, by when, and what was like it before (R5, M3, M11). Who he is was decided
by `assignment`; who else is told is `work`'s and `conversation`'s question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from maildesk.desk.arrival.encrypted import read_words
from maildesk.desk.arrival.program import find_lie, is_program
from maildesk.desk.decision import UNCHANGED, Change, Facts, LetterPlan
from maildesk.desk.knowledge.learnt import Learnt
from maildesk.desk.letters.head import head
from maildesk.desk.letters.moments import say
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_values import (
    ActionLink,
    AnswerValues,
    DispatchValues,
    FieldLine,
    FileLine,
    Precedent,
    SimilarTicket,
)
from maildesk.desk.request.fields import list_shown
from maildesk.desk.request.similar import Candidate
from maildesk.desk.staff.verbatim import hide_signs
from maildesk.desk.ticket import Insider, KnownTicket, Part, State, show_state
from maildesk.mail.message import Attachment

LARGEST_FILES = 10 * 1024 * 1024
"""Bytes a letter's files may have together; the rest is named (DESIGN §6)."""

_LONGEST_WORDS = 60_000
_ACTIONS = ("start", "ask", "solved", "assign")


@dataclass(frozen=True, slots=True)
class Reader:
    """A staff member a letter goes to: `key` is his first address."""

    key: str
    name: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What a dispatch tells of a ticket; keys are the profile's, times UTC. `handler` and `helpers`
    are the names of those who work on it together (F5)."""

    number: str
    title: str
    category: str
    priority: str
    type: str
    received: datetime
    due: datetime | None
    requester: str
    requester_address: str
    department: str | None
    contact: str | None
    words: str
    files: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    reporter: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    handler: str = ""
    helpers: tuple[str, ...] = ()


def fit(
    files: Iterable[Attachment], room: int = LARGEST_FILES
) -> tuple[tuple[Attachment, ...], tuple[Attachment, ...]]:
    """(attached, left out): in order, as many as fit together; a file twice counts once."""
    taken, left, seen = [], [], set()
    for item in files:
        if item.sha256 in seen:
            continue
        seen.add(item.sha256)
        if item.size <= room:
            taken.append(item)
            room -= item.size
        else:
            left.append(item)
    return tuple(taken), tuple(left)


def dispatch(
    facts: Facts,
    case: Case,
    reader: Reader,
    *,
    helper: bool = False,
    by: str | None = None,
    similar: Sequence[Candidate] = (),
    helped: Sequence[Learnt] = (),
) -> LetterPlan:
    """The letter that makes a ticket somebody's; its answer goes to the requester."""
    language = reader.language or facts.desk.language
    profile = facts.desk.profile
    taken, left = fit(case.files)
    values = DispatchValues(
        name=reader.name,
        helper=helper,
        to_requester=case.requester,
        requester=case.requester,
        requester_address=case.requester_address,
        department=case.department,
        contact=case.contact,
        category=profile.category(case.category).label.in_language(language),
        priority=profile.priority(case.priority).label.in_language(language),
        type=profile.type(case.type).label.in_language(language),
        received=case.received,
        due=case.due if case.due and case.due > facts.now else None,
        words=case.words[:_LONGEST_WORDS],
        words_cut=len(case.words) > _LONGEST_WORDS,
        files=tuple(_line(item, language) for item in taken),
        left_out=tuple(_line(item, language) for item in left),
        similar=tuple(
            SimilarTicket(
                item.number,
                item.title,
                show_state(item.state, profile).in_language(language),
                item.handler,
            )
            for item in similar
        ),
        helped=tuple(
            Precedent(
                item.number, item.title, " ".join(item.extract.split()), item.kind == "article"
            )
            for item in helped
        ),
        notes=case.notes,
        actions=_actions(language),
        reporter=case.reporter,
        by=by,
        fields=_list_fields(facts, case.fields, language),
        vip=_is_vip(facts, case.requester_address),
        together=say_together(case.handler, case.helpers, language),
        **head(facts, case.number, case.title, language),
    )
    return LetterPlan(
        letter="dispatch",
        address=reader.key,
        name=reader.name,
        language=language,
        values=values,
        automatic="auto-generated",
        relay="requester",
        relay_to=case.requester_address,
        files=taken,
    )


def say_together(handler: str, helpers: Sequence[str], language: str) -> str:
    """Who works on it together, the handler first; "" when he is alone."""
    if not helpers:
        return ""
    first = (phrase("together_handler", language, name=handler),) if handler else ()
    return ("、" if language.startswith("zh") else ", ").join((*first, *helpers))


def _is_vip(facts: Facts, address: str) -> bool:
    person = facts.directory.at(address)
    return person is not None and person.vip


Author = Literal["requester", "cc", "vendor", "delegate"]
Note = Literal["", "reopened", "chasing", "unverified", "new_words"]


def tell_words(
    facts: Facts,
    ticket: KnownTicket,
    reader: Reader,
    *,
    author: str,
    part: Author,
    note: Note,
    state: State,
    answer_to: Insider | None,
    asked: bool = False,
    recorded: Change = UNCHANGED,
) -> LetterPlan:
    """Somebody's new words on a ticket, to its engineer; `answer_to` is whom his answer reaches.

    `asked`: who wrote them encrypted was asked to write them again. `recorded` is what the words
    fill in or change about the ticket.
    """
    language = reader.language or facts.desk.language
    taken, left = fit(facts.files)
    vendor = part == "vendor"
    goes_to = author if vendor else answer_to.name if answer_to else ""
    handler = ticket.find(Part.ASSIGNEE)
    due = None if ticket.responded else ticket.response_due
    values = AnswerValues(
        name=reader.name,
        to_requester=goes_to,
        author=author,
        author_part=part,
        note=note,
        words=read_words(facts.mail, language, asked=asked)[:_LONGEST_WORDS],
        files=tuple(_line(item, language) for item in taken),
        left_out=tuple(_line(item, language) for item in left),
        state=show_state(state, facts.desk.profile).in_language(language),
        handler=handler.name if handler and handler.key != reader.key else None,
        due=due if due and due > facts.now else None,
        fields=_list_changes(facts, ticket, recorded, language),
        actions=_actions(language),
        together=say_together(
            handler.name if handler else "",
            [person.name for person in ticket.find_all(Part.HELPER)],
            language,
        ),
        **head(facts, ticket.number, ticket.title, language),
    )
    sender = facts.sender.address if facts.sender else ""
    return LetterPlan(
        letter="answer",
        address=reader.key,
        name=reader.name,
        language=language,
        values=values,
        automatic="auto-generated",
        relay="vendor" if vendor else "requester",
        relay_to=sender if vendor else answer_to.key if answer_to else "",
        files=taken,
    )


def _list_fields(facts: Facts, fields: Mapping[str, str], language: str) -> tuple[FieldLine, ...]:
    """The form's lines; the phone number stands with the requester's name."""
    told = {key: text for key, text in fields.items() if key != "contact"}
    if told.get("wished_at"):
        # 周三前 is read days later, when it is another Wednesday's.
        at = datetime.fromisoformat(told["wished_at"])
        told["wished"] += f" → {say(at, facts.now, facts.desk.zone_info, language)}"
    shown = list_shown(told, language)
    return tuple(FieldLine(label, hide_signs(text)) for label, text in shown)


def _list_changes(
    facts: Facts, ticket: KnownTicket, change: Change, language: str
) -> tuple[FieldLine, ...]:
    """What the requester's words changed: how it is sorted, then the form's fields."""
    profile = facts.desk.profile
    sorts = (
        ("category", profile.category(ticket.category), change.category, profile.category),
        ("priority", profile.priority(ticket.priority), change.priority, profile.priority),
        ("type", profile.type(ticket.type), change.type, profile.type),
    )
    lines = [
        FieldLine(
            phrase(f"field_{name}", language),
            f"{was.label.in_language(language)} → {find(now).label.in_language(language)}",
        )
        for name, was, now, find in sorts
        if now is not None
    ]
    for label, text in list_shown(change.fields or {}, language):
        lines.append(FieldLine(label, hide_signs(text)))
    return tuple(lines)


def _actions(language: str) -> tuple[ActionLink, ...]:
    """Named by their act; the press, which knows the ticket and the secret, signs the links."""
    return tuple(ActionLink(phrase(f"act_{act}", language), act) for act in _ACTIONS)


def _line(item: Attachment, language: str) -> FileLine:
    """A file's name and size, and a warning where it is not what it says, or runs when opened."""
    told = [say_size(item.size)]
    lie = find_lie(item.filename, item.content_type, item.detected)
    if lie is not None:
        told.append(phrase("file_really", language, type=lie))
    if is_program(item):
        told.append(phrase("file_program", language))
    return FileLine(item.filename, ("，" if language.startswith("zh") else ", ").join(told))


def say_size(size: int) -> str:
    """Bytes as people say them: 640 B, 12 KB, 3.4 MB."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{round(size / 1024)} KB"
    return f"{size / 1024 / 1024:.1f} MB"
