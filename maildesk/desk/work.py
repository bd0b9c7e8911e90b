"""A staff member writes about a ticket: what is carried out, what is passed on, what is held back.

All or nothing: if one order cannot be carried out, nothing of the mail leaves and nothing changes,
and its author is told once. Pure; each order's own meaning stands in `effects`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from maildesk.desk import staff_notices
from maildesk.desk.decision import (
    UNCHANGED,
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
from maildesk.desk.dispatch import LARGEST_FILES, fit, say_size
from maildesk.desk.effect import Effect, Scene
from maildesk.desk.effects import EFFECTS
from maildesk.desk.evidence import Draft, Passage
from maildesk.desk.orders.permit import may
from maildesk.desk.orders.script import Line, Script, read_script
from maildesk.desk.orders.table import Order
from maildesk.desk.phrases import phrase
from maildesk.desk.relay import Relayed, Speech, has_it, pass_on, tell_vendor
from maildesk.desk.standing import Proof, Standing
from maildesk.desk.ticket import KnownTicket, Part, State
from maildesk.desk.undo import undo


def work(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    standing: Standing,
    findings: tuple[Finding, ...],
) -> Decision:
    """What becomes of a staff member's mail on this ticket. Never raises for what it contains."""
    passage = facts.passage or Passage(facts.mail.reply)
    answering = standing.answering
    scene = Scene(
        facts=facts,
        ticket=ticket,
        actor=sender,
        standing=standing,
        script=read_script(passage.words),
        relay=answering.relay if answering else None,
        relay_to=answering.relay_to if answering else "",
        files=_new_files(facts),
        findings=findings,
        language=sender.language or facts.desk.language,
    )
    redeemed = next((item for item in facts.drafts if item.redeemed), None)
    if redeemed is not None and standing.proof is not Proof.NONE:
        proved = replace(standing, proof=Proof.FULL)
        return _release(replace(scene, standing=proved), redeemed)
    if standing.proof is Proof.NONE:
        return _keep_unverified(scene)
    if any(line.order is Order.SEND for line in scene.script.orders):
        held = next((item for item in facts.drafts if item.kind == "unsure"), None)
        if held is None:
            return _refuse(scene, (scene.say("nothing_held"),))
        return _release(scene, held)
    doubts = _find_doubts(scene, passage)
    if doubts:
        return _hold(scene, passage.words, doubts)
    return _carry_out(scene, passage.words)


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
        return _refuse(scene, tuple(item.raw for item in script.suspects))
    return _carry_out(scene, script.words)


_TAPS = {
    "start": Order.START,
    "ask": Order.WAITING,
    "solved": Order.SOLVED,
    "assign": Order.ASSIGN,
}


def _find_doubts(scene: Scene, passage: Passage) -> tuple[str, ...]:
    """Why nothing of this mail may leave yet, in the author's language."""
    script = scene.script
    doubts = [scene.say(f"{item.why}_order", raw=item.raw.strip()) for item in script.suspects]
    # A note stays inside whatever it quotes, and who has the mail needs no relaying: only what
    # leaves must be cut beyond doubt.
    if not script.words.strip() or not _goes_out(scene) or _reaches_all(scene):
        return tuple(doubts)
    doubts += [scene.say(item) for item in passage.doubts]
    if scene.relay is None and not _is_directed(scene) and not _reaches(scene):
        doubts.append(scene.say("direction"))
    return tuple(doubts)


def _goes_out(scene: Scene) -> bool:
    """Whether the words are for somebody outside: an order says so, or the letter answered."""
    if scene.script.internal:
        return False
    return _is_directed(scene) or scene.relay != "internal"


def _is_directed(scene: Scene) -> bool:
    """Whether an order itself says that the words below it are for somebody outside."""
    return any(line.order in _SPEAKING for line in scene.script.orders)


_SPEAKING = frozenset({Order.SOLVED, Order.WAITING, Order.REJECT, Order.VENDOR})


def _reaches_all(scene: Scene) -> bool:
    """Whether everybody who would read the words has the mail itself already."""
    if scene.relay == "vendor" or any(line.order is Order.VENDOR for line in scene.script.orders):
        return False
    return all(has_it(scene.facts, person) for person in find_readers(scene.ticket))


def _reaches(scene: Scene) -> bool:
    """Whether the mail itself went to the requester (reply-all)."""
    requester = scene.ticket.find(Part.REQUESTER)
    return requester is not None and has_it(scene.facts, requester)


def _carry_out(
    scene: Scene, words: str, *, draft: Draft | None = None, sure: bool = False
) -> Decision:
    """Run the orders and pass the words on, or say what cannot be done."""
    lines = scene.script.orders
    if any(line.order is Order.UNDO for line in lines):
        effect = undo(scene)
    elif any(line.order is Order.HELP for line in lines):
        effect = Effect(
            letters=(
                staff_notices.tell_orders(scene.facts, scene.ticket, scene.actor, scene.language),
            )
        )
    else:
        effect = Effect()
        for line in lines:
            unproved = _ask_leave(scene, line.order)
            if unproved == "unproved":
                return _challenge(scene, words)
            if unproved:
                why = scene.say("not_allowed", order=line.raw.strip(), why=unproved)
                return _refuse(scene, (why,))
            carry = EFFECTS.get(line.order)
            if carry is None:
                return _refuse(scene, (scene.say("not_built", order=line.raw.strip()),))
            effect = effect.then(carry(scene, line))
    if effect.problem:
        return _refuse(scene, (effect.problem,))
    relayed = Relayed((), (), ())
    if effect.letter is not None or scene.script.words.strip():
        relayed, effect = _speak(scene, effect)
        if effect.problem:
            return _refuse(scene, (effect.problem,))
    return _conclude(scene, effect, relayed, draft)


def _ask_leave(scene: Scene, order: Order) -> str | None:
    """None: allowed; "unproved": with a one-time code; else why not."""
    parts = scene.ticket.parts_of(scene.actor.addresses | {scene.actor.address})
    part = next((item for item in (Part.ASSIGNEE, Part.HELPER) if item in parts), None)
    refused = may(order, scene.actor.role, part, scene.standing.proof)
    if refused is None:
        return None
    if may(order, scene.actor.role, part, Proof.FULL) is None:
        return "unproved"
    return refused


def _speak(scene: Scene, effect: Effect) -> tuple[Relayed, Effect]:
    """Pass the words on where they belong; what they do to state and clock comes with them."""
    facts, ticket, words = scene.facts, scene.ticket, scene.script.words.strip()
    if not _goes_out(scene):
        note = EventPlan("note", (("words", words),))
        return Relayed((), (), ()), effect.then(Effect(events=(note,) if words else ()))
    files, left = fit(scene.files)
    if left and words:
        size = say_size(LARGEST_FILES)
        return Relayed((), (), ()), Effect(problem=scene.say("files_too_large", size=size))
    eta = effect.change.eta
    if not words and not (eta is not None and effect.letter == "progress"):
        return Relayed((), (), ()), effect
    state = effect.change.state
    waiting = "hold" if state is State.ON_HOLD else ""
    speech = Speech(effect.letter or "progress", words, files, eta, waiting)  # type: ignore[arg-type]
    if effect.vendor is not None or scene.relay == "vendor":
        vendor = effect.vendor or _find_vendor(ticket, scene.relay_to)
        relayed = tell_vendor(facts, ticket, scene.actor, replace(speech, letter="vendor"), vendor)
        return relayed, effect
    relayed = pass_on(facts, ticket, scene.actor, speech)
    if not relayed.reached:
        return relayed, effect
    change = UNCHANGED
    if ticket.responded is None and effect.change.responded is None:
        change = Change(responded=facts.now)
    if ticket.state in (State.NEW, State.UNASSIGNED) and state is None:
        change = change.then(Change(state=State.IN_PROGRESS))
    told = (("letter", speech.letter), ("to", "、".join(relayed.reached)), ("words", words))
    spoken = Effect(change=change, events=(EventPlan("relayed", told),))
    return relayed, _first_come(scene, effect).then(spoken).then(Effect(change=effect.change))


def _first_come(scene: Scene, effect: Effect) -> Effect:
    """Who answers a ticket nobody has, has it from then on (M3)."""
    from maildesk.desk.handover import hand_over

    taken = scene.ticket.find(Part.ASSIGNEE) is not None or effect.change.assignee is not None
    if taken or effect.change.state is State.UNASSIGNED:
        return effect
    return hand_over(scene, scene.actor.address, scene.actor.name, to_actor=True).then(effect)


def _find_vendor(ticket: KnownTicket, key: str) -> tuple[str, str]:
    known = next((item for item in ticket.people if key in item.addresses), None)
    return key, known.name if known else ""


def _conclude(scene: Scene, effect: Effect, relayed: Relayed, draft: Draft | None) -> Decision:
    """Everything the mail does, in one decision, with what its author is told of it."""
    facts, ticket = scene.facts, scene.ticket
    change = effect.change
    if effect.responds and ticket.responded is None and change.responded is None:
        change = change.then(Change(responded=facts.now))
    orders = " ".join(line.order.value for line in scene.script.orders)
    events = effect.events
    if change != UNCHANGED:
        before = json.dumps(_snapshot(ticket, change))
        said = " ".join(line.raw.strip() for line in scene.script.orders)[:200]
        events += (EventPlan("changed", (("orders", said), ("before", before))),)
    elif orders:
        events += (EventPlan("ordered", (("orders", orders),)),)
    letters = effect.letters + relayed.letters
    if _wants_transcript(scene, effect):
        sent = tuple(scene.say("sent_to", name=name) for name in relayed.reached)
        letters += (
            staff_notices.tell_transcript(
                facts,
                ticket,
                scene.actor,
                scene.language,
                tone="status" if effect.answer and not effect.done else "done",
                done=effect.done,
                sent=sent,
                change=change,
            ),
        )
    return Decision(
        outcome=Outcome.APPENDED,
        reason=f"{scene.actor.name} worked on it" + (f": {orders}" if orders else ""),
        findings=(*scene.findings, *scene.standing.findings, *_explain(scene)),
        ticket=ticket,
        joins=effect.joins,
        leaves=effect.leaves,
        events=events or (EventPlan("words", (("from", scene.actor.address),)),),
        letters=letters,
        unsent=relayed.unsent,
        change=change if change != UNCHANGED else None,
        deadlines=effect.deadlines,
        releases=_settle_drafts(scene, draft),
        keeps_back=effect.keeps_back,
    )


def _settle_drafts(scene: Scene, draft: Draft | None) -> tuple[int, ...]:
    """What no longer waits: the one released, and older ones that were written anew since."""
    if draft is None and not scene.script.words.strip():
        return ()
    return tuple(item.id for item in scene.facts.drafts if item.ticket == scene.ticket.id)


def _wants_transcript(scene: Scene, effect: Effect) -> bool:
    """On an order that asks for one, and on somebody else's ticket (WORDS.md)."""
    acted = bool(scene.script.orders)
    others = scene.ticket.find(Part.ASSIGNEE) is not None and not scene.takes_part
    return effect.answer or (acted and others)


def _explain(scene: Scene) -> tuple[Finding, ...]:
    found = [
        Finding("order", line.order.value, f"“{line.raw.strip()}”") for line in scene.script.orders
    ]
    if scene.script.words.strip():
        where = "kept as a note"
        if _goes_out(scene):
            where = "passed on to the vendor" if scene.relay == "vendor" else "passed on"
        answered = scene.standing.answering
        why = f"it answers our {answered.letter or 'letter'}" if answered else "an order says so"
        found.append(Finding("words", where, why))
    return tuple(found)


def _snapshot(ticket: KnownTicket, change: Change) -> dict[str, str | None]:
    """The fields this change touches, as they were: what one undo brings back."""
    assignee, requester = ticket.find(Part.ASSIGNEE), ticket.find(Part.REQUESTER)
    before: dict[str, str | None] = {
        "state": ticket.state.value,
        "waiting": ticket.waiting.value,
        "category": ticket.category,
        "priority": ticket.priority,
        "group": ticket.group,
        "assignee": assignee.key if assignee else None,
        "requester": requester.key if requester else None,
        "eta": _stamp(ticket.eta),
        "response_due": _stamp(ticket.response_due),
        "responded": _stamp(ticket.responded),
        "solved": _stamp(ticket.solved),
        "confirmed": _stamp(ticket.confirmed),
        "closed": _stamp(ticket.closed),
    }
    touched = {name for name in before if getattr(change, name) is not None} | change.clear
    return {name: before[name] for name in sorted(touched & set(before))}


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _release(scene: Scene, draft: Draft) -> Decision:
    """What was held goes on now, exactly as its author was shown it."""
    script = read_script(draft.words)
    released = replace(
        scene,
        script=Script(script.orders, script.words, ()),
        relay=draft.relay,
        relay_to=draft.relay_to,
        files=draft.files,
        findings=(*scene.findings, Finding("draft", "released", f"by {scene.actor.name}")),
    )
    return _carry_out(released, draft.words, draft=draft)


def _hold(scene: Scene, words: str, doubts: tuple[str, ...]) -> Decision:
    """Nothing leaves, nothing changes; the author is asked once."""
    relay = scene.relay or "requester"
    plan = DraftPlan("unsure", words, relay, scene.relay_to, "; ".join(doubts), scene.files)
    letter = staff_notices.tell_held(
        scene.facts,
        scene.ticket,
        scene.actor,
        scene.language,
        scene.script,
        doubts,
        relay,
        scene.relay_to,
    )
    return _decide(scene, "held", doubts, (letter,), plan)


def _challenge(scene: Scene, words: str) -> Decision:
    """The orders need more than a token: a one-time code to the listed address (DESIGN §7)."""
    relay = scene.relay or "requester"
    plan = DraftPlan("unproved", words, relay, scene.relay_to, "one-time code", scene.files)
    letter = staff_notices.ask_code(
        scene.facts, scene.ticket, scene.actor, scene.language, scene.script
    )
    why = ("these orders need proof of who gave them; a one-time code was mailed",)
    return _decide(scene, "challenged", why, (letter,), plan)


def _refuse(scene: Scene, problems: tuple[str, ...]) -> Decision:
    """It cannot be done as written: nothing leaves, nothing changes, the author learns why."""
    letter = staff_notices.tell_transcript(
        scene.facts,
        scene.ticket,
        scene.actor,
        scene.language,
        tone="failed",
        failed=problems,
        words=scene.script.words,
    )
    return _decide(scene, "refused", problems, (letter,), None)


def _keep_unverified(scene: Scene) -> Decision:
    """Somebody wrote in a staff member's name: a note, an explanation, and at most one warning."""
    letters: tuple[LetterPlan, ...] = ()
    if not scene.facts.warned and not scene.standing.failed:
        letters = (
            staff_notices.tell_unproved(scene.facts, scene.ticket, scene.actor, scene.language),
        )
    return _decide(scene, "unverified_note", ("nothing shows who wrote it",), letters, None)


def _decide(
    scene: Scene,
    event: str,
    why: tuple[str, ...],
    letters: tuple[LetterPlan, ...],
    draft: DraftPlan | None,
) -> Decision:
    """A decision that changes nothing on the ticket but its timeline."""
    told = (("from", scene.actor.address), ("why", "; ".join(why)[:500]))
    return Decision(
        outcome=Outcome.NOTED,
        reason=f"{event.replace('_', ' ')}: {'; '.join(why)}",
        findings=(*scene.findings, *scene.standing.findings, *_explain(scene)),
        ticket=scene.ticket,
        events=(EventPlan(event, told),),
        letters=letters,
        unsent=(Unsent("progress", scene.actor.address, "; ".join(why)),),
        draft=draft,
    )


def _new_files(facts: Facts) -> tuple:  # type: ignore[type-arg]
    """Files that came with this mail and were not on the ticket before."""
    known = {file.sha256 for item in facts.said for file in item.files}
    return tuple(
        item for item in facts.mail.attachments if not item.inline and item.sha256 not in known
    )
