"""A staff member writes about a ticket: what is carried out, what is passed on, what is held back.

All or nothing: if one order cannot be carried out, nothing of the mail leaves and nothing changes,
and its author is told once. Pure; carrying out is `carrying`'s, an order's meaning `effects`'.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from maildesk.desk.approvals.escalation import gather_form
from maildesk.desk.approvals.plain_verdict import read_decision
from maildesk.desk.arrival.encrypted import is_closed
from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.decision import (
    Decision,
    DraftPlan,
    Facts,
    Finding,
    LetterPlan,
    Outcome,
    Sender,
    Unsent,
)
from maildesk.desk.evidence import Draft, Passage
from maildesk.desk.letters import staff_notices
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.orders.permit import READING
from maildesk.desk.orders.script import Line, Script, read_script
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Role
from maildesk.desk.rules.matching import RuleSet
from maildesk.desk.staff.carrying import (
    carry_out,
    decide,
    refuse,
    say_contradiction,
)
from maildesk.desk.staff.direction import goes_out, is_directed
from maildesk.desk.staff.effect import Scene
from maildesk.desk.staff.relay import find_readers, has_it
from maildesk.desk.ticket import KnownTicket, Part
from maildesk.mail.message import Attachment

_ASKED_EVERY = timedelta(days=1)


def work(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    standing: Standing,
    findings: tuple[Finding, ...],
    rules: RuleSet | None = None,
) -> Decision:
    """What becomes of a staff member's mail on this ticket. Never raises for what it contains."""
    passage = facts.passage or Passage(facts.mail.reply)
    answering = standing.answering
    scene = Scene(
        facts=facts,
        ticket=ticket,
        actor=sender,
        standing=standing,
        script=read_decision(facts, sender, gather_form(read_script(passage.words))),
        relay=answering.relay if answering else None,
        relay_to=answering.relay_to if answering else "",
        files=_new_files(facts),
        findings=findings,
        language=sender.language or facts.desk.language,
        rules=rules,
    )
    redeemed = next((item for item in facts.drafts if item.redeemed), None)
    if redeemed is not None and standing.proof is not Proof.NONE:
        proved = replace(standing, proof=Proof.FULL)
        return _release(replace(scene, standing=proved), redeemed)
    if standing.proof is Proof.NONE:
        return _keep_unverified(scene)
    if is_closed(facts.mail):
        return refuse(scene, (scene.say("encrypted_staff"),))
    if sender.role is Role.AUDITOR:
        if {line.order for line in scene.script.orders} - READING or not scene.script.orders:
            return refuse(scene, (scene.say("auditor"),))
        scene = replace(scene, script=Script(scene.script.orders, "", ()))  # words go nowhere
    if any(line.order is Order.SEND for line in scene.script.orders):
        if len(scene.script.orders) > 1:
            return refuse(scene, (say_contradiction(scene),))
        held = _find_held(scene)
        if held is None:
            return refuse(scene, (scene.say("nothing_held"),))
        return _release(scene, held)
    doubts = _find_doubts(scene, passage)
    if doubts:
        return _hold(scene, passage.words, doubts)
    return carry_out(scene, passage.words)


def act(facts: Facts, sender: Sender, ticket: KnownTicket, choice: str, argument: str) -> Decision:
    """An engineer's tap on a page: one order, with the words he wrote there.

    Outcome APPENDED, or else nothing may be applied.
    """
    script = read_script(facts.mail.reply)
    line = Line(_TAPS[choice], argument, f"#{choice} {argument}".strip())
    standing = Standing(Proof.FULL, False, None, (Finding("trust", "proved", "a signed link"),))
    scene = Scene(
        facts=facts,
        ticket=ticket,
        actor=sender,
        standing=standing,
        script=Script((line,), script.words, ()),
        relay="internal" if choice in ("start", "assign") else "requester",
        relay_to="",
        files=(),
        findings=(),
        language=sender.language or facts.desk.language,
    )
    if script.orders or script.suspects:
        return refuse(scene, tuple(item.raw for item in script.suspects))
    return carry_out(scene, script.words)


_TAPS = {
    "start": Order.START,
    "ask": Order.WAITING,
    "solved": Order.SOLVED,
    "assign": Order.ASSIGN,
}


def names_requester(facts: Facts, standing: Standing) -> bool:
    """Whether staff say whose a ticket really is, which stands in their own name so far (R1)."""
    if standing.proof is Proof.NONE:
        return False
    script = read_script(facts.passage.words if facts.passage else facts.mail.reply)
    return any(line.order is Order.ONBEHALF for line in script.orders)


def answer_lost(
    facts: Facts, sender: Sender, standing: Standing, findings: tuple[Finding, ...]
) -> Decision | None:
    """A staff member's orders, or an answer to a letter of ours, that names no ticket.

    He is told so instead of getting a ticket of his own. None: an ordinary first mail.
    """
    script = read_script(facts.passage.words if facts.passage else facts.mail.reply)
    orders = {line.order for line in script.orders}
    if standing.proof is not Proof.FULL or Order.ONBEHALF in orders:
        return None
    if not orders and not facts.answers_us:
        return None
    language = sender.language or facts.desk.language
    letter = staff_notices.tell_transcript(
        facts,
        None,
        sender,
        language,
        tone="failed",
        failed=(phrase("no_ticket", language),),
        words=script.words,
    )
    if Order.HELP in orders:
        letter = staff_notices.tell_orders(facts, None, sender, language)
    return Decision(
        outcome=Outcome.NOTED,
        reason="staff wrote orders or answered us, but no ticket is named",
        findings=(*findings, *standing.findings),
        letters=(letter,),
        unsent=(Unsent("ack", sender.address, "no ticket is opened for it"),),
    )


def _find_held(scene: Scene) -> Draft | None:
    """The words that wait for `#send`: those the answered letter showed him, else the newest."""
    waiting = [item for item in scene.facts.drafts if item.kind == "unsure"]
    asked = scene.standing.answering
    if asked is not None and asked.letter == "held":
        return next((item for item in waiting if item.cause == asked.cause), None)
    return next(iter(waiting), None)


def _find_doubts(scene: Scene, passage: Passage) -> tuple[str, ...]:
    """Why nothing of this mail may leave yet, in the author's language."""
    script = scene.script
    doubts = [
        scene.say(f"{item.why.name.lower()}_order", raw=item.raw.strip())
        for item in script.suspects
    ]
    # A note stays inside whatever it quotes, and who has the mail needs no relaying: only what
    # leaves must be cut beyond doubt.
    if not script.words.strip() or not goes_out(scene) or _reaches_all(scene):
        return tuple(doubts)
    doubts += [scene.say(item) for item in passage.doubts]
    doubts += _doubt_requester(scene)
    if scene.relay is None and not is_directed(scene) and not _reaches(scene):
        doubts.append(scene.say("direction"))
    if any(line.order in _HANDING for line in script.orders) and not is_directed(scene):
        doubts.append(scene.say("to_whom"))
    return tuple(doubts)


def _doubt_requester(scene: Scene) -> tuple[str, ...]:
    """Whoever he wrote to is no longer the requester (`#代提`), and nobody else may read it."""
    requester = scene.ticket.find(Part.REQUESTER)
    if scene.relay != "requester" or not scene.relay_to or requester is None:
        return ()
    if scene.relay_to in requester.addresses:
        return ()
    return (scene.say("requester_changed", name=requester.name),)


# Words below these may be meant for the colleague, and then the requester must not read them.
_HANDING = frozenset({Order.ASSIGN, Order.JOIN, Order.ESCALATE})


def _reaches_all(scene: Scene) -> bool:
    """Whether everybody who would read the words has the mail itself already."""
    if scene.relay == "vendor" or any(line.order is Order.VENDOR for line in scene.script.orders):
        return False
    return all(has_it(scene.facts, person) for person in find_readers(scene.ticket))


def _reaches(scene: Scene) -> bool:
    """Whether the mail itself went to the requester (reply-all)."""
    requester = scene.ticket.find(Part.REQUESTER)
    return requester is not None and has_it(scene.facts, requester)


def _release(scene: Scene, draft: Draft) -> Decision:
    """What was held goes on now, exactly as its author was shown it."""
    script = read_decision(scene.facts, scene.actor, gather_form(read_script(draft.words)))
    released = replace(
        scene,
        script=Script(script.orders, script.words, ()),
        relay=draft.relay,
        relay_to=draft.relay_to,
        files=draft.files,
        findings=(*scene.findings, Finding("draft", "released", f"by {scene.actor.name}")),
    )
    doubts = _doubt_requester(released)
    if doubts:
        return _hold(released, draft.words, doubts)
    return carry_out(released, draft.words, draft=draft)


def _hold(scene: Scene, words: str, doubts: tuple[str, ...]) -> Decision:
    """Nothing leaves, nothing changes; the author is asked once."""
    relay, relay_to = scene.relay or "requester", scene.relay_to
    requester = scene.ticket.find(Part.REQUESTER)
    if relay == "requester" and requester is not None:
        relay_to = requester.key  # whom the question names
    if any(_is_again(scene, item, words, relay_to) for item in scene.facts.drafts):
        # The same words wait already, and he knows: sent again they are no second question.
        return decide(scene, "held", (*doubts, "he was asked before"), (), None)
    plan = DraftPlan("unsure", words, relay, relay_to, "; ".join(doubts), scene.files)
    letter = staff_notices.tell_held(
        scene.facts,
        scene.ticket,
        scene.actor,
        scene.language,
        scene.script,
        doubts,
        relay,
        relay_to,
    )
    return decide(scene, "held", doubts, (letter,), plan)


def _is_again(scene: Scene, draft: Draft, words: str, relay_to: str) -> bool:
    """Whether this very mail was held within the day; later he may have lost our question."""
    waits = (draft.kind, draft.words, draft.files, draft.relay_to)
    same = waits == ("unsure", words, scene.files, relay_to)
    return same and scene.facts.now - draft.created < _ASKED_EVERY


def _keep_unverified(scene: Scene) -> Decision:
    """Somebody wrote in a staff member's name: a note, an explanation, and at most one warning."""
    letters: tuple[LetterPlan, ...] = ()
    if not scene.facts.warned and not scene.standing.failed:
        letters = (
            staff_notices.tell_unproved(scene.facts, scene.ticket, scene.actor, scene.language),
        )
    why = "nothing shows who wrote it"
    if scene.standing.failed:
        why = "servers say that somebody else wrote it"
    return decide(scene, "unverified_note", (why,), letters, None)


def _new_files(facts: Facts) -> tuple[Attachment, ...]:
    """Files that came with this mail and were not on the ticket before."""
    known = {file.sha256 for item in facts.said for file in item.files}
    return tuple(item for item in facts.files if item.sha256 not in known)
