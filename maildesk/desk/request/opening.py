"""A mail becomes a ticket: classified, limited, given to somebody, acknowledged.

For its sender, or for somebody else when staff say so (R1: `#代提`); the inner From of a forward is
a guess and never believed by itself. Pure; the number is given when the decision is applied.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from maildesk.desk.arrival import machine
from maildesk.desk.arrival.delegation import raise_for_vip, read_on_behalf
from maildesk.desk.arrival.encrypted import is_closed, read_title
from maildesk.desk.arrival.guard import accepts, is_desk_address
from maildesk.desk.arrival.language import choose
from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.arrival.subject import strip_prefixes
from maildesk.desk.arrival.thread import Threading
from maildesk.desk.decision import (
    DeadlinePlan,
    Decision,
    EventPlan,
    Facts,
    Finding,
    LetterPlan,
    Opening,
    Outcome,
    Sender,
    Unsent,
)
from maildesk.desk.letters import requester_notices as letters
from maildesk.desk.letters.first_dispatch import dispatch_first, say_asked
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_notices import ask_whose, tell_transcript
from maildesk.desk.limits.due import promise
from maildesk.desk.orders.pleasantry import says_nothing
from maildesk.desk.orders.script import Script, read_script
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Person
from maildesk.desk.request.asking import ASKED, Asking, ask_what, find_outside_scope, keep_at_desk
from maildesk.desk.request.assignment import Assigned, AssignmentFacts, assign
from maildesk.desk.request.entering import Entry, enter
from maildesk.desk.request.registration import OUTSIDE, register_mail
from maildesk.desk.request.triage import classify
from maildesk.desk.request.watchers import find_watchers
from maildesk.desk.rules.circumstances import surround
from maildesk.desk.rules.matching import RuleSet, Searchable, judge, searchable
from maildesk.desk.rules.rule import Judgement
from maildesk.desk.ticket import KnownTicket, Part, State
from maildesk.mail.message import is_usable

LONGEST_TITLE = 500
_TITLE_OF_WORDS = 60
_MOST_JOINS = 30  # a circular to hundreds must not make hundreds of participants, nor many mails


def open_ticket(
    facts: Facts,
    sender: Sender,
    threading: Threading,
    standing: Standing,
    rules: RuleSet,
    findings: tuple[Finding, ...],
) -> Decision:
    """The decision that opens a ticket for this mail."""
    mail, desk = facts.mail, facts.desk
    script = _read_orders(facts, sender, standing) or read_on_behalf(facts, sender, standing)
    person, asks = _find_requester(facts, script)
    title, text = strip_prefixes(mail.subject)[:LONGEST_TITLE], _look(facts, person, standing)
    if threading.renewed:
        # The subject is the former ticket's, and says nothing about this problem.
        title = _read_title(mail.reply) or title
        text = replace(text, fields={**text.fields, "subject": title})
    elif not is_closed(mail) and (says_nothing(title) or not any(map(str.isalnum, title))):
        # A phone's mails often have no subject, or 在吗.
        title = _read_title(script.words if script else mail.reply) or title
    title = read_title(mail, title, desk.language)
    judgement = judge(rules, text)
    judged = classify(judgement, desk.profile)
    entry = enter(judged, script, desk.profile, facts.directory)
    triage = entry.triage
    outside = find_outside_scope(facts, script, title, judgement)
    if outside is not None:
        triage = keep_at_desk(triage, desk.profile, outside)
    requester = person or facts.directory.at(sender.address)
    triage = raise_for_vip(triage, requester, standing, desk.profile)
    to_sort = not letters.addressed_to_desk(facts)
    given = Assigned(None, (Finding("assignee", "nobody", "a circular, to be sorted first"),))
    if not to_sort:
        given = assign(
            AssignmentFacts(
                profile=desk.profile,
                category=triage.category,
                group=triage.group,
                priority=triage.priority,
                directory=facts.directory,
                now=facts.now,
                zone=desk.zone_info,
                named=triage.assignee,
                assigned_at=facts.assigned_at,
                loads=facts.loads,
                away=facts.away,
                exclude=frozenset(person.addresses) if person else sender.addresses,
            )
        )
    assigned = facts.now if given.person else None
    rank = desk.profile.priority(triage.priority)
    limits = promise(facts.received, assigned, rank, desk.profile, desk.zone_info)
    said = "" if is_closed(mail) else mail.reply  # armor is in no language
    form = register_mail(facts, sender, requester, standing, title, said, triage.priority)
    opening = Opening(
        title=title,
        state=State.NEW if given.person else State.UNASSIGNED,
        category=triage.category,
        priority=triage.priority,
        type=triage.type,
        group=triage.group,
        assignee=given.person.addresses[0] if given.person else None,
        department=form.department,
        language=choose(
            requester.language if requester else sender.language, (said, title), desk.language
        ),
        received=facts.received,
        response_due=limits.response,
        contact_due=limits.contact,
        solution_due=limits.solution,
        linked=threading.linked,
        renewed=threading.renewed,
        requester=person.addresses[0] if person else None,
        impact=triage.impact,
        urgency=triage.urgency,
        severity=form.severity,
        fields=form.fields,
        tags=(
            *judgement.tags,
            *((OUTSIDE,) if outside is not None else ()),
            *((machine.TAG,) if person is None and machine.is_machine(facts, sender) else ()),
        ),
    )
    asking = ask_what(
        facts,
        sender,
        opening,
        judgement,
        said,
        outside,
        entered=asks or script is not None,
        silent=letters.stay_silent(facts, sender),
    )
    watchers, unknown = find_watchers(facts, judgement.watchers)
    plans, unsent = _answer(
        facts,
        sender,
        opening,
        threading.linked,
        given.person,
        person,
        asks,
        standing,
        judgement,
        asking,
    )
    if asking.keys and any(plan.letter == "ack" and plan.withheld is None for plan in plans):
        opening = replace(opening, fields={**opening.fields, ASKED: asking.keys})
    if entry.left:
        plans += (_tell_left(facts, sender, entry),)
    if given.person is not None:
        asked = any(plan.letter == "ack" and plan.withheld is None for plan in plans)
        notes = tuple(words for _, words in judgement.notes)
        if opening.fields.get(ASKED):
            notes += (say_asked(facts, given.person, asking),)
        plans += (
            dispatch_first(
                facts, sender, opening, given.person, person, script, title, asked, notes
            ),
        )
    return Decision(
        outcome=Outcome.OPENED,
        reason=findings[-1].why,
        findings=(
            *findings,
            *standing.findings,
            *_say_whose(facts, person, asks, script, entry),
            *triage.findings,
            *unknown,
            *form.findings,
            *asking.findings,
            *given.findings,
            *limits.findings,
            *letters.explain_offer(facts, plans),
        ),
        opening=opening,
        # Whom a forger copies must not read what is answered to the one he wrote as.
        joins=(*_join_believed(facts, sender, standing), *watchers),
        events=(
            *_list_events(facts, sender, opening, person, standing, to_sort),
            *(
                EventPlan("rule_note", (("rule", rule), ("note", note)))
                for rule, note in judgement.notes
            ),
        ),
        letters=plans,
        unsent=unsent,
        deadlines=(*limits.plans, *_watch(facts, opening)),
        rules=judgement.traces,
        rules_hash=rules.hash,
    )


def _look(facts: Facts, person: Person | None, standing: Standing) -> Searchable:
    """What rules may look at; of a mail somebody else wrote, its words only."""
    about = surround(
        facts.mail,
        facts.directory,
        facts.received,
        facts.desk.zone_info,
        requester=person,
        unproved="somebody else wrote it" if standing.failed else "",
    )
    return searchable(facts.mail, about)


def _read_title(words: str) -> str:
    """The first line that says something."""
    lines = (line.strip() for line in words.splitlines())
    return next((line for line in lines if line and not says_nothing(line)), "")[:_TITLE_OF_WORDS]


def _join_believed(
    facts: Facts, sender: Sender, standing: Standing
) -> tuple[tuple[str, str, Part], ...]:
    """Nobody of a mail that somebody else wrote; of one that nothing proves, no outsiders."""
    if standing.failed:
        return ()
    named = join_named(facts, sender, None)
    if standing.proof is not Proof.NONE:
        return named
    return tuple(one for one in named if facts.directory.at(one[0]) or accepts(facts.desk, one[0]))


def join_named(
    facts: Facts, sender: Sender, ticket: KnownTicket | None
) -> tuple[tuple[str, str, Part], ...]:
    """Everybody else whom the mail names takes part from now on; so does a new sender."""
    insiders = ticket.insiders if ticket else frozenset()
    named: dict[str, str] = {}
    if ticket is not None and not insiders & (sender.addresses | {sender.address}):
        named[sender.address] = sender.name
    for item in (*facts.mail.to, *facts.mail.cc):
        own = is_desk_address(facts.desk, item.key)
        if is_usable(item.key) and not own and item.key not in insiders | sender.addresses:
            named.setdefault(item.key, item.name)
    if ticket is None:
        named.pop(sender.address, None)
    room = max(0, _MOST_JOINS - (len(ticket.find_all(Part.CC)) if ticket else 0))
    return tuple((key, name, Part.CC) for key, name in list(named.items())[:room])


def _read_orders(facts: Facts, sender: Sender, standing: Standing) -> Script | None:
    """Orders of proved staff only; in anybody else's first mail a `#` line is just words."""
    if standing.proof is not Proof.FULL or not sender.is_staff:
        return None
    return read_script(facts.passage.words if facts.passage else facts.mail.reply)


def _find_requester(facts: Facts, script: Script | None) -> tuple[Person | None, bool]:
    """(whose request it is when not the sender's, whether to ask for whom)."""
    if script is None:
        return None, False
    order = next((line for line in script.orders if line.order is Order.ONBEHALF), None)
    if order is not None:
        person = facts.directory.find(order.argument).person
        return person, person is None
    return None, facts.forwarded_from is not None


def _say_whose(
    facts: Facts, person: Person | None, asks: bool, script: Script | None, entry: Entry
) -> tuple[Finding, ...]:
    found = tuple(
        Finding("doubt", "not carried out", f"“{line.raw.strip()}”: there was no ticket yet")
        if line in entry.left
        else Finding("order", line.order.value, f"“{line.raw.strip()}”")
        for line in (script.orders if script is not None else ())
    )
    if person is not None:
        return (*found, Finding("requester", person.name, "the order names them"))
    if not asks:
        return found
    inner = facts.forwarded_from
    why = f"a forward that names {inner} inside, which proves nothing" if inner else "nobody named"
    return (*found, Finding("requester", "asked for", why))


def _tell_left(facts: Facts, sender: Sender, entry: Entry) -> LetterPlan:
    """Which of the author's orders the new ticket could not take; it is entered all the same."""
    language = sender.language or facts.desk.language
    failed = tuple(
        phrase("not_when_entering", language, order=line.raw.strip()) for line in entry.left
    )
    return tell_transcript(facts, None, sender, language, tone="failed", failed=failed)


def _answer(
    facts: Facts,
    sender: Sender,
    opening: Opening,
    linked: KnownTicket | None,
    handler: Person | None,
    person: Person | None,
    asks: bool,
    standing: Standing,
    judgement: Judgement,
    asking: Asking,
) -> tuple[tuple[LetterPlan, ...], tuple[Unsent, ...]]:
    if asks:
        language = sender.language or facts.desk.language
        guess = facts.forwarded_from or None
        letter = ask_whose(facts, sender, language, opening.title, guess)
        why = "staff brought it: asked for whom instead"
        return (letter,), (Unsent("ack", sender.address, why),)
    if judgement.silent is not None:
        reader = person.addresses[0] if person else sender.address
        why = f"rule {judgement.silent} says so (letter: none)"
        return (), (Unsent("ack", reader, why),)
    return letters.acknowledge(
        facts,
        sender,
        opening,
        linked,
        handler=handler,
        requester=person,
        echo=not standing.failed,
        asking=asking,
    )


def _list_events(
    facts: Facts,
    sender: Sender,
    opening: Opening,
    person: Person | None,
    standing: Standing,
    to_sort: bool,
) -> tuple[EventPlan, ...]:
    events = [EventPlan("opened", (("from", sender.address),))]
    if person is not None:
        told = (("of", person.addresses[0]), ("by", sender.address))
        events.append(EventPlan("onbehalf", told))
    if opening.linked is not None:
        events.append(EventPlan("linked", (("to", opening.linked.number),)))
    if opening.assignee is not None:
        events.append(EventPlan("assigned", (("to", opening.assignee), ("by", ""))))
    if to_sort:
        events.append(EventPlan("to_sort", ()))
    if standing.failed:
        events.append(EventPlan("unproved", (("from", sender.address),)))
    return tuple(events)


def _watch(facts: Facts, opening: Opening) -> tuple[DeadlinePlan, ...]:
    """A ticket nobody has is told to the lead: an urgent one at once, others together."""
    if opening.assignee is not None:
        return ()
    profile = facts.desk.profile
    urgent = profile.priority(opening.priority).rank == 0
    wait = timedelta(minutes=0 if urgent else profile.unassigned_after_minutes)
    return (DeadlinePlan("unassigned_notice", facts.now + wait),)
