"""What the engineer is told of a ticket that a mail has just opened.

The letter itself, for this and every other change of hands, is `dispatch`.
"""

from __future__ import annotations

from maildesk.desk.arrival.encrypted import read_words
from maildesk.desk.decision import Facts, LetterPlan, Opening, Sender
from maildesk.desk.knowledge.learnt import recall
from maildesk.desk.letters.dispatch import Case, Reader, dispatch
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.orders.script import Script
from maildesk.desk.person import Person
from maildesk.desk.request.asking import Asking
from maildesk.desk.request.similar import find_similar


def dispatch_first(
    facts: Facts,
    sender: Sender,
    opening: Opening,
    engineer: Person,
    person: Person | None,
    script: Script | None,
    title: str,
    asked: bool,
    notes: tuple[str, ...] = (),
) -> LetterPlan:
    """The letter by which the ticket becomes this engineer's; `asked`: the sender hears of it."""
    language = engineer.language or facts.desk.language
    words = _strip_orders(read_words(facts.mail, language, asked=asked), script)
    case = Case(
        number="",
        title=title,
        category=opening.category,
        priority=opening.priority,
        type=opening.type,
        received=opening.received,
        due=min(filter(None, (opening.response_due, opening.contact_due))),
        requester=person.name if person else sender.name or sender.address,
        requester_address=person.addresses[0] if person else sender.address,
        department=opening.department,
        contact=opening.fields.get("contact") or (person.extension if person else sender.extension),
        words=words,
        files=facts.files,
        notes=notes,
        reporter=sender.name if person else None,
        fields=opening.fields,
    )
    similar = find_similar(title, words, facts.recent, opening.category)
    reader = Reader(engineer.addresses[0], engineer.name, engineer.language)
    tickets, articles = recall(title, words, facts.learnt, opening.category)
    return dispatch(facts, case, reader, similar=similar, helped=(*articles, *tickets))


def say_asked(facts: Facts, engineer: Person, asking: Asking) -> str:
    """What the requester was asked already: the engineer need not ask it again."""
    language = engineer.language or facts.desk.language
    questions = " / ".join(item.ask.in_language(language) for item in asking.questions)
    return phrase("asked_already", language, questions=questions)


def _strip_orders(words: str, script: Script | None) -> str:
    """All new words, a forward's inner mail with them, without the author's order lines."""
    orders = {line.raw.strip() for line in script.orders} if script is not None else set()
    kept = (line for line in words.split("\n") if line.strip() not in orders)
    return "\n".join(kept).strip("\n")
