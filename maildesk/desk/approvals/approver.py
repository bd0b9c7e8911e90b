"""Somebody who was asked for his approval answers by mail, or somebody else in his place.

A security decision: it counts only when it is proved who wrote it, only from who was asked, and
only when it says yes or no. Pure. What the words say is `consent`'s question, what follows for the
ticket `granting`'s.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.desk.approvals import granting
from maildesk.desk.approvals.approval import (
    CONCERNED,
    Approval,
    Kind,
    find_last,
    find_open,
    judge_decider,
)
from maildesk.desk.approvals.approval_letters import What, tell_in_vain
from maildesk.desk.approvals.consent import Answer, Consent, read_consent
from maildesk.desk.arrival.encrypted import is_closed
from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.decision import (
    Change,
    Decision,
    DraftPlan,
    EventPlan,
    Facts,
    Finding,
    LetterPlan,
    Outcome,
    Sender,
    Unsent,
)
from maildesk.desk.letters import staff_notices
from maildesk.desk.orders.script import Line, Script, read_script
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Role
from maildesk.desk.staff.effect import Effect
from maildesk.desk.ticket import KnownTicket, Part, Waiting

_DECIDING = frozenset({Order.APPROVE, Order.DISAPPROVE})


def concerns(facts: Facts, sender: Sender, ticket: KnownTicket) -> bool:
    """Whether the mail may ask for a decision, be one, or depend on one."""
    if ticket.waiting is Waiting.APPROVAL or Part.APPROVER in _parts(sender, ticket):
        return True
    if not sender.is_staff:
        return False
    if facts.drafts:
        return True
    answering = next((item for item in facts.answering if item.ticket == ticket.id), None)
    if sender.role is Role.LEAD and answering is not None and answering.relay == "internal":
        return True
    return any(line.order in CONCERNED for line in read_script(_read(facts)).orders)


def answer_asked(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    standing: Standing,
    findings: tuple[Finding, ...],
) -> Decision | None:
    """The answer of who was asked for his approval. None: it is none, but ordinary words."""
    approval = find_open(facts.approvals, Kind.ACCESS) or find_last(facts.approvals, Kind.ACCESS)
    if approval is None or is_closed(facts.mail) or sender.role is Role.AUDITOR:
        return None
    words, proof, draft = _read(facts), standing.proof, None
    redeemed = next((item for item in facts.drafts if item.redeemed), None)
    if redeemed is not None and proof is not Proof.NONE:
        words, proof, draft = redeemed.words, Proof.FULL, redeemed.id
    said = read_consent(words, (sender.name, facts.desk.name, facts.desk.name_en))
    clear = said.answer is not Answer.UNCLEAR
    if not _is_answer(sender, ticket, words, clear):
        return None
    findings = (*findings, *standing.findings)
    if clear or approval.verdict is None:
        findings += (Finding("approval", said.answer.value, said.why),)
    if standing.failed or proof is Proof.NONE:
        return _keep_unverified(facts, sender, ticket, standing, findings)
    if approval.verdict is not None:
        return _turn_away(facts, sender, ticket, approval, "decided", findings) if clear else None
    keys = sender.addresses | {sender.address}
    if not sender.listed:  # he was when he was asked: somebody else decides for him now
        why = "he is not in the people list any more; the lead is told when the time has passed"
        unsent = Unsent("verdict", sender.address, "nothing inside is told to who has left")
        return _note(ticket, "not_asked", why, sender, findings, (), (unsent,))
    refused = judge_decider(approval, keys, sender.role, ticket)
    if refused:
        return _turn_away(facts, sender, ticket, approval, refused, findings)
    if not clear:
        return _ask_once(facts, sender, ticket, standing, approval, findings)
    if proof is Proof.TOKEN:
        return _challenge(facts, sender, ticket, words, findings)
    return _settle(facts, sender, ticket, approval, said, findings, draft)


def _is_answer(sender: Sender, ticket: KnownTicket, words: str, clear: bool) -> bool:
    """Whether these words are meant as an answer to what was asked."""
    if sender.is_staff and {line.order for line in read_script(words).orders} - _DECIDING:
        return False
    parts = _parts(sender, ticket)
    if Part.APPROVER in parts:
        return True
    # A lead decides by order (#批准), and what the requester himself says are words.
    if sender.role is Role.LEAD or parts & {Part.REQUESTER, Part.REPORTER}:
        return False
    return clear and ticket.waiting is Waiting.APPROVAL


def turn_away(
    facts: Facts, sender: Sender, linked: KnownTicket, findings: tuple[Finding, ...]
) -> Decision | None:
    """Somebody who takes no part answers in an approver's place: told politely, and no ticket of
    his own. None: he says something else."""
    approval = find_open(facts.approvals, Kind.ACCESS)
    if approval is None or read_consent(_read(facts), (sender.name,)).answer is Answer.UNCLEAR:
        return None
    if all(item.kind == "number" for item in facts.evidence if item.ticket == linked.id):
        return None  # anybody can write a number
    return _turn_away(facts, sender, linked, approval, "not_asked", findings)


def _read(facts: Facts) -> str:
    return facts.passage.words if facts.passage is not None else facts.mail.reply


def _parts(sender: Sender, ticket: KnownTicket) -> frozenset[Part]:
    return ticket.parts_of(sender.addresses | {sender.address})


def _settle(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    approval: Approval,
    said: Consent,
    findings: tuple[Finding, ...],
    draft: int | None,
) -> Decision:
    act = granting.grant if said.answer is Answer.YES else granting.deny
    effect: Effect = act(facts, ticket, approval, sender.name, said.rest)
    return Decision(
        outcome=Outcome.APPENDED,
        reason=f"{sender.name} was asked for approval and says {said.answer.value}",
        findings=(*findings, *effect.findings),
        ticket=ticket,
        joins=effect.joins,
        events=effect.events,
        letters=effect.letters,
        unsent=(Unsent("ack", sender.address, "who decides learns it from nobody"),),
        change=effect.change if effect.change != Change() else None,
        deadlines=effect.deadlines,
        verdicts=effect.verdicts,
        releases=(draft,) if draft is not None else (),
    )


def _ask_once(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    standing: Standing,
    approval: Approval,
    findings: tuple[Finding, ...],
) -> Decision:
    answering = standing.answering
    if answering is not None and answering.letter == "verdict":
        why = "neither yes nor no, although we asked; the lead is told when the time has passed"
        unsent = Unsent("verdict", sender.address, "he was asked before")
        return _note(ticket, "unclear", why, sender, findings, (), (unsent,))
    return _turn_away(facts, sender, ticket, approval, "unclear", findings)


_WHY: dict[What, tuple[str, str]] = {
    "decided": ("decided_before", "it was decided before; the first decision counts"),
    "not_asked": ("not_asked", "somebody else was asked for his approval"),
    "own": ("not_asked", "nobody approves his own request"),
    "unclear": ("unclear", "neither yes nor no: asked once, never guessed"),
}


def _turn_away(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    approval: Approval,
    what: What,
    findings: tuple[Finding, ...],
) -> Decision:
    event, why = _WHY[what]
    letter = tell_in_vain(facts, ticket, sender, approval, what)
    return _note(ticket, event, why, sender, findings, (letter,), ())


def _keep_unverified(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    standing: Standing,
    findings: tuple[Finding, ...],
) -> Decision:
    """Anybody could have written it: a note, and at most one warning a day to the real one."""
    letters: tuple[LetterPlan, ...] = ()
    unsent: tuple[Unsent, ...] = (
        Unsent("dispatch", "", "an approval counts only when it is proved who gave it"),
    )
    if not facts.warned and not standing.failed:
        language = sender.language or facts.desk.language
        letters = (staff_notices.tell_unproved(facts, ticket, sender, language),)
    why = "nothing shows who wrote it"
    if standing.failed:
        why = "servers say that somebody else wrote it"
    return _note(ticket, "unverified_note", why, sender, findings, letters, unsent)


def _challenge(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    words: str,
    findings: tuple[Finding, ...],
) -> Decision:
    """A token shows who reads the letters, which is not enough to decide: a one-time code."""
    first = next((line.strip() for line in words.splitlines() if line.strip()), "")[:200]
    script = Script((Line(Order.APPROVE, "", first),), "", ())
    language = sender.language or facts.desk.language
    letter = staff_notices.ask_code(facts, ticket, sender, language, script, "")
    why = "a decision needs proof of who gave it; a one-time code was mailed"
    decision = _note(ticket, "challenged", why, sender, findings, (letter,), ())
    return replace(decision, draft=DraftPlan("unproved", words, "internal", "", "one-time code"))


def _note(
    ticket: KnownTicket,
    event: str,
    why: str,
    sender: Sender,
    findings: tuple[Finding, ...],
    letters: tuple[LetterPlan, ...],
    unsent: tuple[Unsent, ...],
) -> Decision:
    return Decision(
        outcome=Outcome.NOTED,
        reason=why,
        findings=(*findings, Finding("approval", "not counted", why)),
        ticket=ticket,
        events=(EventPlan(event, (("from", sender.address), ("why", why))),),
        letters=letters,
        unsent=(Unsent("ack", sender.address, "a note is not acknowledged"), *unsent),
    )
