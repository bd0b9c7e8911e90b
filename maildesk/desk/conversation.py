"""The requester, somebody in Cc or a vendor writes on a ticket: what it means, and who is told.

Their words never give orders; a confirmation, a "not yet" or a chase moves the ticket, everything
else goes to the engineer as it is. Pure. What the words mean is `answer`'s question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from maildesk.desk import letters as own_letters
from maildesk.desk.answer import Answer, Reading, is_new_problem, read_answer
from maildesk.desk.decision import (
    UNCHANGED,
    Change,
    DeadlinePlan,
    Decision,
    EventPlan,
    Facts,
    Finding,
    LetterPlan,
    Outcome,
    Sender,
    Unsent,
)
from maildesk.desk.delegation import find_principal
from maildesk.desk.dispatch import Author, Note, Reader, tell_words
from maildesk.desk.encrypted import is_closed
from maildesk.desk.guard import accepts
from maildesk.desk.hours import count_working_days
from maildesk.desk.rules import Judgement
from maildesk.desk.standing import Proof, Standing
from maildesk.desk.supplement import Supplement, supplement
from maildesk.desk.ticket import ENDED, KnownTicket, Part, State, Waiting
from maildesk.mail.signature import cut_ending

_STATUS_EVERY = timedelta(days=1)


_NOTHING_MORE = Supplement()


@dataclass(frozen=True, slots=True)
class _Step:
    """What one meaning does: the change, the event it leaves, and what the engineer is told.

    `tell` None: nobody is told. `more` is what the words fill in beside that.
    """

    event: str
    why: str
    change: Change = UNCHANGED
    tell: Note | None = "new_words"
    letters: tuple[LetterPlan, ...] = ()
    unsent: tuple[Unsent, ...] = ()
    leads: bool = False
    more: Supplement = _NOTHING_MORE


def hear(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    standing: Standing,
    findings: tuple[Finding, ...],
    category: str | None,
    anew: Judgement | None = None,
) -> Decision | None:
    """What the words of somebody who takes part do to the ticket. None: a ticket of their own.

    `category` is what the rules make of the new words alone, None when none spoke; `anew` what they
    make of the ticket with them, where that may change it (`supplement.judge_anew`).
    """
    author = _introduce(facts, sender, ticket)
    findings = (*findings, *standing.findings)
    if standing.failed:
        return _note(facts, sender, ticket, findings)
    if is_closed(facts.mail):
        why = "the mail is encrypted: nobody here can read what it says"
        letters, unsent = own_letters.ask_plain(facts, ticket, sender)
        closed = _Step("words", why, letters=letters, unsent=unsent)
        findings = (*findings, Finding("meaning", "unknown", why))
        return _decide(facts, sender, ticket, author, closed, findings)
    reading = read_answer(
        _read_words(facts, sender),
        confirming=ticket.state is State.TO_CONFIRM,
        thanks_confirms=facts.desk.profile.confirm_thanks,
        has_attachment=bool(facts.files),
        names=_list_names(facts, sender, ticket),
        title=ticket.title,
    )
    findings = (*findings, Finding("meaning", reading.answer.value.replace("_", " "), reading.why))
    if author in _SPEAKERS:
        old = is_new_problem(
            state=ticket.state,
            closed_days=_days_closed(facts, ticket),
            old_category=ticket.category,
            new_category=category,
            words=facts.mail.reply,
            reading=reading,
        )
        if old.new:
            return None
    if author not in _SPEAKERS:
        step = _Step("words", f"{author} added words")
    elif standing.proof is Proof.NONE and _moves(reading, ticket):
        why = "nothing shows that the requester wrote it: the words go on, the state stays"
        step = _Step("unverified_words", why, tell="unverified")
    else:
        answering = standing.answering
        asked = answering is not None and answering.letter == "clarify"
        step = _interpret(facts, sender, ticket, reading, asked=asked)
        if standing.proof is not Proof.NONE and ticket.state not in ENDED:
            more = supplement(facts, ticket, reading, anew)
            step = replace(step, change=step.change.then(more.change), more=more)
            findings = (*findings, *more.findings)
    return _decide(facts, sender, ticket, author, step, findings)


_SPEAKERS: frozenset[Author] = frozenset(("requester", "delegate"))


def speaks_for_requester(facts: Facts, sender: Sender, ticket: KnownTicket) -> bool:
    """Whether he may confirm or reopen: the requester, the reporter, a colleague in Cc (W8)."""
    return _introduce(facts, sender, ticket) in _SPEAKERS


def answer_page(facts: Facts, sender: Sender, ticket: KnownTicket, choice: str) -> Decision:
    """A button of the confirmation page: "confirmed" or "broken", with words if there are any."""
    words = facts.mail.reply.strip()
    author = _introduce(facts, sender, ticket)
    if choice == "confirmed":
        reading = Reading(Answer.CONFIRMED, "by the page")
        step = _interpret(facts, sender, ticket, reading, by_page=True)
        return _decide(facts, sender, ticket, author, step, ())
    step = _interpret(facts, sender, ticket, Reading(Answer.NOT_CONFIRMED, "by the page"))
    decision = _decide(facts, sender, ticket, author, replace(step, tell="reopened"), ())
    told = (("from", sender.address), ("words", words))
    return replace(decision, events=(EventPlan("reopened", told),))


def _introduce(facts: Facts, sender: Sender, ticket: KnownTicket) -> Author:
    """What the sender is in this ticket; a colleague in Cc may speak for the requester, and so may
    whom the people list says does (W8)."""
    parts = ticket.parts_of(sender.addresses | {sender.address})
    if parts & {Part.REQUESTER, Part.REPORTER}:
        return "requester"
    if Part.THIRD_PARTY in parts:
        return "vendor"
    if parts == {Part.APPROVER}:
        return "cc"  # was asked for his approval, and speaks for nobody else
    if parts and (sender.listed or accepts(facts.desk, sender.address)):
        return "delegate"
    if find_principal(facts.directory, ticket, sender.addresses) is not None:
        return "delegate"
    return "cc"


def _list_names(facts: Facts, sender: Sender, ticket: KnownTicket) -> tuple[str, ...]:
    """Names that stand in an answer without meaning anything: whom it greets, who signs it."""
    people = (sender.name, *(person.name for person in ticket.people))
    return tuple(dict.fromkeys((*people, facts.desk.name, facts.desk.name_en)))


def _read_words(facts: Facts, sender: Sender) -> str:
    """The new words without the writer's own business card, which makes 好了 no longer answer.

    Where the card is not certain, or something in it speaks against a yes, nothing is taken off.
    """
    words = facts.mail.reply
    ending = cut_ending(words.split("\n"), frozenset((sender.name, sender.address)))
    if ending.doubtful or not any(line.strip() for line in ending.words):
        return words
    below = read_answer("\n".join(ending.cut), confirming=True)
    return words if below.answer is Answer.NOT_CONFIRMED else "\n".join(ending.words)


def _moves(reading: Reading, ticket: KnownTicket) -> bool:
    if reading.answer in (Answer.CONFIRMED, Answer.NOT_CONFIRMED):
        return True
    moved = ENDED | {State.TO_CONFIRM, State.WAITING_REQUESTER}
    return reading.answer is Answer.WORDS and ticket.state in moved


def _interpret(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    reading: Reading,
    *,
    by_page: bool = False,
    asked: bool = False,
) -> _Step:
    """The requester's or his delegate's words, believed. `asked`: he was asked what they mean."""
    meaning, now = reading.answer, facts.now
    if meaning is Answer.THANKS:
        return _Step("thanks", reading.why, tell=None)
    if meaning is Answer.CHASING:
        return _chase(facts, sender, ticket, reading)
    if ticket.state is State.REJECTED:
        return _Step("words", "the ticket was not accepted; its engineer decides")
    if meaning is Answer.CONFIRMED:
        if ticket.state in (State.SOLVED, State.CLOSED):
            return _Step("thanks", "it was confirmed before", tell=None)
        if ticket.state is not State.TO_CONFIRM and not by_page:
            # "可以登录了" may as well invite the engineer to go on; he decides.
            return _Step("words", f"{reading.why}, before anybody said it was solved")
        change = Change(
            state=State.SOLVED,
            waiting=Waiting.NONE,
            solved=ticket.solved or now,
            confirmed=now,
        )
        return _Step("confirmed", reading.why, change, tell=None)
    if meaning is Answer.AMBIGUOUS:
        if ticket.state is not State.TO_CONFIRM:
            return _Step("words", reading.why)
        if asked:
            return _Step("words", f"{reading.why}, although we asked; the engineer asks himself")
        return _Step(
            "unclear",
            reading.why,
            tell=None,
            letters=(own_letters.ask_whether(facts, ticket, sender),),
        )
    if ticket.state in ENDED | {State.TO_CONFIRM}:
        # Done only when the requester has no further question; otherwise it goes on (N5).
        change = Change(
            state=State.IN_PROGRESS,
            waiting=Waiting.NONE,
            # Whoever still has it while others are well again, has something else (N5).
            clear=frozenset(("solved", "confirmed", "closed", "result"))
            | (frozenset(("parent",)) if ticket.parent is not None else frozenset()),
        )
        return _Step("reopened", reading.why, change, tell="reopened")
    if ticket.state is State.WAITING_REQUESTER:
        change = Change(state=State.IN_PROGRESS, waiting=Waiting.NONE)
        return _Step("words", "what was asked for has come", change)
    return _Step("words", reading.why)


def _chase(facts: Facts, sender: Sender, ticket: KnownTicket, reading: Reading) -> _Step:
    """A status answer at most once a day; the engineer is flagged, the lead at the second one and
    then once a day; at once when nobody has it."""
    count = ticket.chases + 1
    change = Change(chases=count)
    nobody = ticket.find(Part.ASSIGNEE) is None
    if ticket.chased is not None and facts.now - ticket.chased < _STATUS_EVERY:
        why = "a status answer went out within the day"
        unsent = (Unsent("status", sender.address, why),)
        return _Step("chased", reading.why, change, "chasing", (), unsent, leads=count == 2)
    letter = own_letters.tell_status(facts, ticket, sender)
    change = Change(chases=count, chased=facts.now)
    return _Step("chased", reading.why, change, "chasing", (letter,), leads=count > 1 or nobody)


def _decide(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    author: Author,
    step: _Step,
    findings: tuple[Finding, ...],
) -> Decision:
    letters, unsent = _tell(facts, sender, ticket, author, step)
    deadlines: tuple[DeadlinePlan, ...] = ()
    if step.event == "reopened" and ticket.find(Part.ASSIGNEE) is None:
        # Who solved it has left since: the lead finds somebody, as for a new one.
        nobody = Change(state=State.UNASSIGNED, clear=frozenset(("assignee",)))
        step = replace(step, change=step.change.then(nobody))
        deadlines = (DeadlinePlan("unassigned_notice", facts.now),)
    return Decision(
        outcome=Outcome.APPENDED,
        reason=f"{step.event}: {step.why}",
        findings=findings,
        ticket=ticket,
        events=(
            EventPlan(step.event, (("from", sender.address), ("why", step.why[:200]))),
            *step.more.events,
        ),
        letters=(*step.letters, *letters),
        unsent=(*step.unsent, *unsent),
        change=step.change if step.change != UNCHANGED else None,
        deadlines=deadlines,
    )


def _tell(
    facts: Facts, sender: Sender, ticket: KnownTicket, author: Author, step: _Step
) -> tuple[tuple[LetterPlan, ...], tuple[Unsent, ...]]:
    """The engineer, and the lead of a ticket chased twice; not who has the mail already."""
    ack = Unsent("ack", sender.address, "an answer in a known thread is not acknowledged")
    if step.tell is None:
        return (), (ack, Unsent("answer", "", f"{step.event}: for the timeline only"))
    engineer = ticket.find(Part.ASSIGNEE)
    readers = [Reader(engineer.key, engineer.name, engineer.language)] if engineer else []
    if step.leads:
        readers += [Reader(lead.address, lead.name, lead.language) for lead in facts.leads]
    if not readers:
        return (), (ack, Unsent("answer", "", "nobody has the ticket yet; its words stay with it"))
    state = step.change.state or ticket.state
    named = {item.key for item in (*facts.mail.to, *facts.mail.cc)}
    letters, unsent = [], [ack]
    for reader in dict.fromkeys(readers):
        if reader.key in named:
            unsent.append(Unsent("answer", reader.key, "the mail itself went to them"))
            continue
        letters.append(
            tell_words(
                facts,
                ticket,
                reader,
                author=sender.name or sender.address,
                part=author,
                note=step.tell,
                state=state,
                answer_to=ticket.find(Part.REQUESTER),
                asked=any(letter.letter == "encrypted" for letter in step.letters),
                recorded=step.more.change,
            )
        )
    return tuple(letters), tuple(unsent)


def _note(
    facts: Facts, sender: Sender, ticket: KnownTicket, findings: tuple[Finding, ...]
) -> Decision:
    why = "the border says that somebody else wrote it"
    return Decision(
        outcome=Outcome.NOTED,
        reason=why,
        findings=findings,
        ticket=ticket,
        events=(EventPlan("unverified_note", (("from", sender.address), ("why", why))),),
        unsent=(Unsent("ack", sender.address, "a note is not acknowledged"),),
    )


def _days_closed(facts: Facts, ticket: KnownTicket) -> int | None:
    """Working days since the ticket ended, in the priority's calendar."""
    ended = ticket.closed or ticket.confirmed
    if ended is None or ticket.state not in ENDED:
        return None
    profile = facts.desk.profile
    calendar = profile.calendar(profile.priority(ticket.priority).calendar)
    return count_working_days(ended, facts.now, calendar, facts.desk.zone_info)
