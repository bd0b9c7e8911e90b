"""A staff member's words become letters to the requester, to his Cc, or to a vendor (DESIGN §6).

One letter a person, under the desk's name, and none to somebody who has the mail already. What of
a mail may leave was decided before (`work`); what a letter looks like is the templates' business.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from maildesk.desk.arrival.directory import find_own_group
from maildesk.desk.decision import Facts, LetterPlan, Sender, Unsent
from maildesk.desk.letters.head import greet, head
from maildesk.desk.letters.letter_values import LetterValues
from maildesk.desk.letters.requester_values import (
    ProgressValues,
    QuestionValues,
    RejectedValues,
    SolvedValues,
    VendorValues,
)
from maildesk.desk.person import Role
from maildesk.desk.privacy.mask import Secret
from maildesk.desk.privacy.shield import say_openly
from maildesk.desk.ticket import Insider, KnownTicket, Part
from maildesk.mail.message import Attachment

Letter = Literal["progress", "question", "solved", "rejected", "vendor"]


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said: the words, and what a letter of its kind tells beside them."""

    letter: Letter
    words: str
    files: tuple[Attachment, ...] = ()
    eta: datetime | None = None
    waiting: Literal["", "vendor", "hold"] = ""


@dataclass(frozen=True, slots=True)
class Relayed:
    """`reached` are the names of those who read the words, by our letter or by the mail itself."""

    letters: tuple[LetterPlan, ...]
    unsent: tuple[Unsent, ...]
    reached: tuple[str, ...]


def find_readers(ticket: KnownTicket) -> tuple[Insider, ...]:
    """Who reads human answers: the requester, and whom he put in Cc. Never staff by Cc."""
    requester = ticket.find(Part.REQUESTER)
    ccs = (person for person in ticket.find_all(Part.CC) if person.role is Role.REQUESTER)
    readers = ((requester,) if requester else ()) + tuple(ccs)
    return tuple({person.key: person for person in readers}.values())


def has_it(facts: Facts, person: Insider) -> bool:
    """Whether the mail itself went to that person, so that nothing needs to be passed on."""
    named = {item.key for item in (*facts.mail.to, *facts.mail.cc)}
    return bool(named & person.addresses)


def pass_on(facts: Facts, ticket: KnownTicket, actor: Sender, speech: Speech) -> Relayed:
    """The letters that carry these words to the requester and his Cc."""
    letters, unsent, reached = [], [], []
    for person in find_readers(ticket):
        if person.addresses & (actor.addresses | {actor.address}):
            continue
        name = greet(person)
        mine = speech
        if has_it(facts, person) and speech.words:
            unsent.append(Unsent(speech.letter, person.key, "the mail itself went to them"))
            reached.append(name)
            if speech.letter != "solved":
                continue
            mine = replace(speech, words="", files=())  # how to confirm is still to be said
        shows: frozenset[Secret] = frozenset()
        if person is ticket.find(Part.REQUESTER):
            mine = replace(mine, words=say_openly(facts, mine.words))
            shows = facts.desk.privacy.staff_may_send
        values = _fill(facts, ticket, actor, mine, person)
        letters.append(
            LetterPlan(
                letter=speech.letter,
                address=person.key,
                name=name,
                language=values.language,
                values=values,
                automatic=None,  # an order alone is a human's as well: no brake takes a solution
                files=mine.files,
                shows=shows,
            )
        )
        reached.append(name)
    return Relayed(tuple(letters), tuple(unsent), tuple(dict.fromkeys(reached)))


def tell_vendor(
    facts: Facts, ticket: KnownTicket, actor: Sender, speech: Speech, vendor: tuple[str, str]
) -> Relayed:
    """The same words to a third party: `vendor` is (address key, name)."""
    address, name = vendor
    language = ticket.language
    values = VendorValues(
        name=name,
        words=speech.words,
        files=tuple(item.filename for item in speech.files),
        **_head(facts, ticket, actor, language),
    )
    plan = LetterPlan(
        letter="vendor",
        address=address,
        name=name,
        language=language,
        values=values,
        automatic=None,
        files=speech.files,
    )
    return Relayed((plan,), (), (name or address,))


def _fill(
    facts: Facts, ticket: KnownTicket, actor: Sender, speech: Speech, person: Insider
) -> LetterValues:
    language = person.language or ticket.language
    head = _head(facts, ticket, actor, language)
    name = greet(person)
    files = tuple(item.filename for item in speech.files)
    if speech.letter == "solved":
        rates = facts.desk.profile.survey.rates_at_once
        return SolvedValues(name=name, words=speech.words, files=files, rates=rates, **head)
    if speech.letter == "question":
        return QuestionValues(name=name, words=speech.words, eta=speech.eta, files=files, **head)
    if speech.letter == "rejected":
        hotline = facts.desk.hotline
        return RejectedValues(name=name, words=speech.words, hotline=hotline, **head)
    return ProgressValues(
        name=name,
        words=speech.words,
        eta=speech.eta,
        waiting=speech.waiting,
        files=files,
        **head,
    )


def _head(facts: Facts, ticket: KnownTicket, actor: Sender, language: str) -> dict[str, Any]:
    """What every letter about a ticket says: the desk, the number, who writes."""
    desk = facts.desk
    usual = desk.profile.group_of(ticket.group, ticket.category)
    group = find_own_group(facts.directory.at(actor.address), desk.profile, usual)
    return {
        **head(facts, ticket.number, ticket.title, language),
        "handler": actor.name,
        "group": group.label.in_language(language),
        "extension": actor.extension or group.extension,
    }
