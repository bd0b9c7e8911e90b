"""The requester, somebody in Cc or a vendor writes on a ticket: what it means, and who is told.

Their words never give orders; a confirmation, a "not yet" or a chase moves the ticket, everything
else goes to the engineer as it is. Pure. What the words mean is `answer`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.aftercare.score import Score, read_score, weigh
from maildesk.desk.aftercare.score_remark import weigh_clauses
from maildesk.desk.answers.answer import (
    LONGEST_REOPENING,
    Answer,
    Reading,
    is_new_problem,
    read_answer,
)
from maildesk.desk.answers.hearing import Step, interpret
from maildesk.desk.arrival.delegation import find_principal
from maildesk.desk.arrival.encrypted import is_closed
from maildesk.desk.arrival.guard import accepts
from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.calendar.hours import count_working_days
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
from maildesk.desk.letters import requester_notices as own_letters
from maildesk.desk.letters.dispatch import Author, Reader, tell_words
from maildesk.desk.request.supplement import supplement
from maildesk.desk.rules.rule import Judgement
from maildesk.desk.ticket import ENDED, KnownTicket, Part, State
from maildesk.mail.cut.echo import is_echo
from maildesk.mail.cut.signature import cut_ending


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
        closed = Step("words", why, letters=letters, unsent=unsent)
        findings = (*findings, Finding("meaning", "unknown", why))
        return _decide(facts, sender, ticket, author, closed, findings)
    answering = standing.answering
    surveyed = answering is not None and answering.letter == "survey"
    reading, score = _read(facts, sender, ticket, surveyed=surveyed)
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
        step = Step("words", f"{author} added words")
    elif standing.proof is Proof.NONE and (_moves(reading, ticket) or score is not None):
        why = "nothing shows that the requester wrote it: the words go on, the state stays"
        step = Step("unverified_words", why, tell="unverified")
    else:
        asked = answering is not None and answering.letter == "clarify"
        rating = Rating(score.value, words=score.rest, source="mail") if score else None
        step = interpret(facts, sender, ticket, reading, rating, asked=asked)
        if answering is not None and answering.letter == "reminders" and step.change != UNCHANGED:
            why = "it answers a letter about several tickets: nobody knows which one is meant"
            step = Step("unclear", why)
        if standing.proof is not Proof.NONE and ticket.state not in ENDED:
            more = supplement(facts, ticket, reading, anew)
            step = replace(step, change=step.change.then(more.change), more=more)
            findings = (*findings, *more.findings)
    return _decide(facts, sender, ticket, author, step, findings)


_THANKS = re.compile(
    r"(?:非常|十分|太|多)?(?:感谢|谢谢?|辛苦)[了您你们啦]{0,3}[。.!！~～]*"
    r"|(?:many )?thank(?:s| you)(?: very much| a lot)?[.!]*",
    re.IGNORECASE,
)
_RATED: frozenset[State] = frozenset((State.TO_CONFIRM, State.SOLVED, State.CLOSED))


def _read(
    facts: Facts, sender: Sender, ticket: KnownTicket, *, surveyed: bool
) -> tuple[Reading, Score | None]:
    """What the new words amount to, and the score they give where one can be given. `surveyed`:
    they answer the letter that asks for one."""

    def read(words: str, *, thanks: bool = facts.desk.profile.confirm_thanks) -> Reading:
        return read_answer(
            words,
            confirming=ticket.state is State.TO_CONFIRM or score is not None,
            thanks_confirms=thanks,
            has_attachment=bool(facts.files),
            names=_list_names(facts, sender, ticket),
            title=ticket.title,
        )

    words, score = _read_words(facts, sender), None
    if is_echo(words):
        words = ""  # ours, quoted: it says both 好了 and 没好, and every score
    if not words.strip() and not facts.files and ticket.state in ENDED:
        return Reading(Answer.THANKS, "no words of his own"), None
    if ticket.state in _RATED:
        score = read_score(words, facts.desk.profile.survey, asked=surveyed)
    if score is None:
        reading = read(words)
        if ticket.state is State.TO_CONFIRM and not facts.files and _grumbles(words, reading, read):
            reading = Reading(Answer.AMBIGUOUS, f"{reading.why}, beside a yes")
        return reading, None
    beside = read(score.rest) if score.rest else None
    # Thanks beside a complaint are politeness.
    reading = weigh(score, beside, lambda words: read(words, thanks=False))
    if beside is not None and (
        beside.answer is Answer.CONFIRMED or _THANKS.fullmatch(score.rest.strip())
    ):
        score = replace(score, rest="")  # 好了，谢谢 beside a figure is no remark
    return reading, score


def _grumbles(words: str, reading: Reading, read: Callable[[str], Reading]) -> bool:
    """好了，就是来得慢: a yes, and all that speaks against it is about the service."""
    if reading.answer not in (Answer.NOT_CONFIRMED, Answer.WORDS) or len(words) > _BRIEF:
        return False
    said = weigh_clauses(words, read)
    return said is not None and said.answer is Answer.CONFIRMED


_BRIEF = 300
_SPEAKERS: frozenset[Author] = frozenset(("requester", "delegate"))


def speaks_for_requester(facts: Facts, sender: Sender, ticket: KnownTicket) -> bool:
    """Whether he may confirm or reopen: the requester, the reporter, a colleague in Cc (W8)."""
    return _introduce(facts, sender, ticket) in _SPEAKERS


def may_reopen(facts: Facts, ticket: KnownTicket) -> bool:
    """Whether "not fixed" still belongs to this ticket: after some days it is a new one."""
    days = _days_closed(facts, ticket)
    return days is None or days <= LONGEST_REOPENING


def answer_page(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    choice: str,
    rating: Rating | None = None,
    *,
    further: bool = False,
) -> Decision:
    """A button of the confirmation page: "confirmed" with what is thought of it, or "broken", with
    words if there are any. `further`: among them is a question that wants an answer (N5)."""
    words = facts.mail.reply.strip()
    author = _introduce(facts, sender, ticket)
    if choice == "confirmed":
        reading = Reading(Answer.CONFIRMED, "by the page")
        step = interpret(facts, sender, ticket, reading, rating, by_page=True, further=further)
        return _decide(facts, sender, ticket, author, step, ())
    step = interpret(facts, sender, ticket, Reading(Answer.NOT_CONFIRMED, "by the page"))
    decision = _decide(facts, sender, ticket, author, replace(step, tell="reopened"), ())
    told = (("from", sender.address), ("words", words))
    return replace(decision, events=(EventPlan("reopened", told), *decision.events[1:]))


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


def _decide(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    author: Author,
    step: Step,
    findings: tuple[Finding, ...],
) -> Decision:
    letters, unsent = _tell(facts, sender, ticket, author, step)
    deadlines = step.deadlines
    if step.event == "reopened" and ticket.find(Part.ASSIGNEE) is None:
        # Who solved it has left since: the lead finds somebody, as for a new one.
        nobody = Change(state=State.UNASSIGNED, clear=frozenset(("assignee",)))
        step = replace(step, change=step.change.then(nobody))
        deadlines = (*deadlines, DeadlinePlan("unassigned_notice", facts.now))
    told = (("from", sender.address), ("why", step.why[:200]))
    return Decision(
        outcome=Outcome.APPENDED,
        reason=f"{step.event}: {step.why}",
        findings=findings,
        ticket=ticket,
        events=(
            *([] if step.event == "rated" else [EventPlan(step.event, told)]),
            *_note_rating(sender, step),
            *step.more.events,
        ),
        letters=(*step.letters, *letters),
        unsent=(*step.unsent, *unsent),
        change=step.change if step.change != UNCHANGED else None,
        deadlines=deadlines,
        rating=step.rating,
    )


def _note_rating(sender: Sender, step: Step) -> tuple[EventPlan, ...]:
    """On the timeline in its order: confirmed, rated, closed (F9)."""
    found: list[EventPlan] = []
    if step.rating is not None:
        score = str(step.rating.score or "")
        told = (("from", sender.address), ("score", score), ("words", step.rating.words))
        found.append(EventPlan("rated", told))
    if step.asks:
        found.append(EventPlan("asked_more", (("from", sender.address),)))
    if step.change.state is State.CLOSED:
        found.append(EventPlan("closed", (("by", "requester"), ("why", "confirmed and rated"))))
    return tuple(found)


def _tell(
    facts: Facts, sender: Sender, ticket: KnownTicket, author: Author, step: Step
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
    ended = ticket.confirmed or ticket.closed  # the clock may close what was over long before
    if ended is None or ticket.state not in ENDED:
        return None
    profile = facts.desk.profile
    calendar = profile.calendar(profile.priority(ticket.priority).calendar)
    return count_working_days(ended, facts.now, calendar, facts.desk.zone_info)
