"""What maildesk tells staff about their own mails: done, not done, held, unproved, asked for.

Pure: facts in, a planned letter out; when one is due is `work`'s question. All are internal but
`held`, whose answer is the corrected text and goes where the held one would have gone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from maildesk.desk.decision import UNCHANGED, Change, Facts, LetterPlan, Sender
from maildesk.desk.evidence import Relay
from maildesk.desk.letters.head import head
from maildesk.desk.letters.letter_values import LetterValues
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_values import (
    CodeValues,
    HeldLine,
    HeldValues,
    HelpLine,
    HelpValues,
    TranscriptValues,
    UnprovedValues,
    WhoseValues,
)
from maildesk.desk.orders.help import explain_orders
from maildesk.desk.orders.script import Script
from maildesk.desk.staff.records import list_records
from maildesk.desk.ticket import Insider, KnownTicket, Part, State, show_state

ONCE_VALID = timedelta(days=1)
"""How long a one-time code runs the orders it was mailed for."""

Tone = Literal["done", "failed", "status", "undone", "told"]


def tell_transcript(
    facts: Facts,
    ticket: KnownTicket | None,
    actor: Sender,
    language: str,
    *,
    tone: Tone,
    done: tuple[str, ...] = (),
    failed: tuple[str, ...] = (),
    sent: tuple[str, ...] = (),
    words: str = "",
    change: Change = UNCHANGED,
) -> LetterPlan:
    """What became of his orders, with the ticket as it stands after `change`."""
    values = TranscriptValues(
        name=actor.name,
        tone=tone,
        done=done,
        failed=failed,
        sent=sent,
        words=words,
        **_describe(facts, ticket, language, change),
        **head(facts, *_name(ticket), language),
    )
    return _plan("transcript", actor.address, actor.name, language, values)


def tell_done(
    facts: Facts, ticket: KnownTicket, person: Insider, done: str, change: Change = UNCHANGED
) -> LetterPlan:
    """A colleague did something with a ticket that was this person's, which is `change`."""
    language = person.language or facts.desk.language
    values = TranscriptValues(
        name=person.name,
        tone="told",
        done=(done,),
        failed=(),
        sent=(),
        words="",
        **_describe(facts, ticket, language, change),
        **head(facts, *_name(ticket), language),
    )
    return _plan("transcript", person.key, person.name, language, values)


def tell_orders(
    facts: Facts, ticket: KnownTicket | None, actor: Sender, language: str
) -> LetterPlan:
    """All orders with their samples (`#帮助`)."""
    lines = tuple(HelpLine(item.sample, item.does) for item in explain_orders(language))
    values = HelpValues(name=actor.name, orders=lines, **head(facts, *_name(ticket), language))
    return _plan("help", actor.address, actor.name, language, values)


def tell_held(
    facts: Facts,
    ticket: KnownTicket,
    actor: Sender,
    language: str,
    script: Script,
    doubts: tuple[str, ...],
    relay: Relay,
    relay_to: str,
) -> LetterPlan:
    """His mail waits: why, what would leave, and how to release or correct it."""
    values = HeldValues(
        name=actor.name,
        to_requester=_name_reader(ticket, relay, relay_to),
        why=doubts,
        words=script.words,
        lines=tuple(HeldLine(item.raw.strip(), "、".join(item.near)) for item in script.suspects),
        release="#发送" if language.startswith("zh") else "#send",
        **head(facts, *_name(ticket), language),
    )
    return _plan("held", actor.address, actor.name, language, values, relay, relay_to)


def _name_reader(ticket: KnownTicket, relay: Relay, relay_to: str) -> str:
    """Whom words of this kind go to."""
    if relay == "vendor":
        return next((who.name or who.key for who in ticket.people if who.key == relay_to), relay_to)
    requester = ticket.find(Part.REQUESTER)
    return requester.name if requester else ""


def ask_code(
    facts: Facts, ticket: KnownTicket, actor: Sender, language: str, script: Script, words: str
) -> LetterPlan:
    """Orders wait for proof, and `words` that would leave; the code is minted with the draft."""
    values = CodeValues(
        name=actor.name,
        orders=tuple(line.raw.strip() for line in script.orders),
        words=words,
        once="",
        until=facts.now + ONCE_VALID,
        **head(facts, *_name(ticket), language),
    )
    return _plan("code", actor.address, actor.name, language, values)


def ask_code_for_report(
    facts: Facts, actor: Sender, language: str, title: str, order: str, words: str
) -> LetterPlan:
    """The same for a comment on a report, which is about no ticket."""
    values = CodeValues(
        name=actor.name,
        orders=(order,),
        words=words,
        once="",
        until=facts.now + ONCE_VALID,
        **head(facts, "", title, language),
    )
    return _plan("code", actor.address, actor.name, language, values)


def tell_unproved(facts: Facts, ticket: KnownTicket, actor: Sender, language: str) -> LetterPlan:
    """A mail in his name was kept as a note only."""
    lines = (line.strip() for line in facts.mail.reply.splitlines())
    values = UnprovedValues(
        name=actor.name,
        excerpt_first_line=next((line for line in lines if line), "")[:80],
        why=phrase("unproved", language),
        advice=phrase("advice_reply", language),
        **head(facts, *_name(ticket), language),
    )
    return _plan("unproved", actor.address, actor.name, language, values)


def ask_whose(
    facts: Facts, actor: Sender, language: str, title: str, guess: str | None
) -> LetterPlan:
    """A forwarded mail: whose request is it? The number is known when the ticket is opened."""
    values = WhoseValues(
        name=actor.name,
        guess=guess,
        **head(facts, "", title, language),
    )
    return _plan("whose", actor.address, actor.name, language, values)


def _describe(
    facts: Facts, ticket: KnownTicket | None, language: str, change: Change
) -> dict[str, Any]:
    """The ticket's lines of a transcript."""
    if ticket is None:
        return {
            **dict.fromkeys(
                ("state", "assignee", "priority", "category", "waiting", "requester"), ""
            ),
            "due": None,
            "eta": None,
            "recorded": (),
        }
    profile = facts.desk.profile
    requester, assignee = ticket.find(Part.REQUESTER), ticket.find(Part.ASSIGNEE)
    name = assignee.name if assignee else phrase("nobody", language)
    if change.assignee is not None:
        person = facts.directory.at(change.assignee)
        name = person.name if person else change.assignee
    elif "assignee" in change.clear:
        name = phrase("nobody", language)
    asks = requester.name if requester else ""
    if change.requester is not None:
        person = facts.directory.at(change.requester)
        asks = person.name if person else change.requester
    priority = profile.priority(change.priority or ticket.priority)
    category = profile.category(change.category or ticket.category)
    waits = change.state or ticket.state
    responded = change.responded or ticket.responded
    return {
        "state": show_state(waits, profile).in_language(language),
        "assignee": name,
        "priority": priority.label.in_language(language),
        "category": category.label.in_language(language),
        "due": None if responded else change.response_due or ticket.response_due,
        "eta": None if waits in (State.SOLVED, State.CLOSED) else change.eta or ticket.eta,
        "waiting": "",
        "requester": asks,
        "recorded": list_records({**ticket.fields, **(change.fields or {})}, language),
    }


def _name(ticket: KnownTicket | None) -> tuple[str, str]:
    """(number, title); empty where no ticket is known."""
    return (ticket.number, ticket.title) if ticket else ("", "")


def _plan(
    letter: str,
    address: str,
    name: str,
    language: str,
    values: LetterValues,
    relay: Relay = "internal",
    relay_to: str = "",
) -> LetterPlan:
    return LetterPlan(
        letter=letter,
        address=address,
        name=name,
        language=language,
        values=values,
        automatic="auto-replied",
        relay=relay,
        relay_to=relay_to,
    )
