"""Orders are run and words passed on: one decision of everything, or a reason and nothing at all.

Pure. Whether a mail may be carried out at all (proof, doubts, drafts) was `work`'s question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from maildesk.desk.approvals.access import ask_on_behalf
from maildesk.desk.approvals.plans import find_obstacle, submit_plan, withdraw
from maildesk.desk.arrival.machine import asks_nobody
from maildesk.desk.arrival.standing import Proof
from maildesk.desk.decision import (
    UNCHANGED,
    Change,
    Decision,
    DraftPlan,
    EventPlan,
    LetterPlan,
    Outcome,
    Unsent,
)
from maildesk.desk.evidence import Draft
from maildesk.desk.letters import staff_notices
from maildesk.desk.letters.dispatch import LARGEST_FILES, fit, say_size
from maildesk.desk.limits.changes import Followed, follow
from maildesk.desk.orders import permit
from maildesk.desk.orders.permit import may
from maildesk.desk.orders.script import Line
from maildesk.desk.orders.table import Order
from maildesk.desk.staff.broadcast import broadcast
from maildesk.desk.staff.direction import (
    ASKING_HER,
    HELD_FATE,
    UNTOLD,
    explain,
    explain_others,
    goes_out,
    is_directed,
    say_fate,
)
from maildesk.desk.staff.effect import Effect, Scene, fail
from maildesk.desk.staff.effects import EFFECTS
from maildesk.desk.staff.effects_words import prepare_words
from maildesk.desk.staff.handover import hand_over
from maildesk.desk.staff.relay import Relayed, Speech, find_readers, has_it, pass_on, tell_vendor
from maildesk.desk.staff.snapshot import take_snapshot
from maildesk.desk.staff.undo import undo
from maildesk.desk.ticket import KnownTicket, Part, State, may_move, show_state


def carry_out(scene: Scene, words: str, *, draft: Draft | None = None) -> Decision:
    """Run the orders and pass the words on, or say what cannot be done."""
    if scene.relay == "vendor" and any(line.order in ASKING_HER for line in scene.script.orders):
        scene = replace(scene, relay="requester")  # their words are hers, whatever was answered
    lines, facts, ticket = scene.script.orders, scene.facts, scene.ticket
    scene = prepare_words(scene)
    if _holds_files_only(scene):
        return refuse(scene, (scene.say("files_alone"),))
    if any(line.order is Order.UNDO for line in lines):
        effect = undo(scene) if len(lines) == 1 else Effect(problem=say_contradiction(scene))
    else:
        effect = Effect(problem=_contradict(scene))
        for line in sorted(lines, key=_place):
            unproved = _ask_leave(scene, line.order)
            if unproved == "unproved":
                return _challenge(scene, words)
            effect = effect.then(_carry(scene, line, unproved))
        effect = effect.then(submit_plan(scene)).then(ask_on_behalf(scene, effect.change))
    state = _find_goal(ticket, effect)
    if not effect.problem and state and not may_move(ticket.state, state, facts.desk.profile):
        effect = Effect(problem=_say_barred(scene, state))
    if effect.problem:
        return refuse(scene, (effect.problem,))
    relayed = Relayed((), (), ())
    if effect.letter is not None or scene.script.words.strip():
        relayed, effect = _speak(scene, effect)
        if effect.problem:
            return refuse(scene, (effect.problem,))
    return _conclude(scene, effect, relayed, draft)


def _find_goal(ticket: KnownTicket, effect: Effect) -> State | None:
    """Where the orders take the ticket, as the profile's moves see it: a machine's is solved by the
    same step as anybody's, and only leaves out who would be asked. No profile speaks of merging."""
    if effect.change.merged_into is not None:
        return None
    state = effect.change.state
    if effect.rating is not None:
        return State.SOLVED  # and closed by the same word, which no profile can forbid
    return State.TO_CONFIRM if state is State.SOLVED and asks_nobody(ticket) else state


_FORBIDDEN = {permit.ONLY_LEADS: "leads_only", permit.ONLY_READS: "reads_only"}


def _carry(scene: Scene, line: Line, forbidden: str | None) -> Effect:
    """What one order does, or why it does nothing."""
    if forbidden:
        return fail(scene, line, _FORBIDDEN.get(forbidden, "not_allowed"))
    obstacle, carry = find_obstacle(scene, line), EFFECTS.get(line.order)
    if obstacle is not None:
        return Effect(problem=obstacle)
    return carry(scene, line) if carry is not None else fail(scene, line, "not_built")


def _say_barred(scene: Scene, state: State) -> str:
    """That the profile does not let the ticket go there from where it stands (W4)."""
    names = (
        show_state(item, scene.facts.desk.profile).in_language(scene.language)
        for item in (scene.ticket.state, state)
    )
    before, after = names
    return scene.say("barred", before=before, after=after)


# Orders that decide where the ticket stands; what else is ordered comes before them, whatever line
# it has, since it may only say that work goes on.
_DECIDING: Mapping[Order, State] = {
    Order.WAITING: State.WAITING_REQUESTER,
    Order.HOLD: State.ON_HOLD,
    Order.FOLLOWUP: State.ON_HOLD,
    Order.VENDOR: State.ON_HOLD,
    Order.SOLVED: State.TO_CONFIRM,
    Order.CONFIRMED: State.SOLVED,
    Order.REJECT: State.REJECTED,
    Order.SPAM: State.REJECTED,
    Order.MERGE: State.CLOSED,
}


# Beside these the words are for somebody else, and a ready-made answer is for the requester.
_NOT_FOR_HER = frozenset({Order.NOTE, Order.SPAM, Order.VENDOR})


def _place(line: Line) -> bool:
    return line.order in _DECIDING


def _contradict(scene: Scene) -> str | None:
    """Why these orders cannot all be meant: a ticket stands in one state only."""
    ready_made = [line for line in scene.script.orders if line.order is Order.SNIPPET]
    inside = [line for line in scene.script.orders if line.order in _NOT_FOR_HER]
    if ready_made and inside:
        return say_contradiction(scene, (*ready_made, *inside))
    deciding = [line for line in scene.script.orders if line.order in _DECIDING]
    if len({_DECIDING[line.order] for line in deciding}) < 2:
        return None
    return say_contradiction(scene, deciding)


def say_contradiction(scene: Scene, lines: Sequence[Line] = ()) -> str:
    """That these orders (else all) cannot be given together."""
    said = " ".join(line.raw.strip() for line in lines or scene.script.orders)
    return scene.say("contradict", orders=said)


def _holds_files_only(scene: Scene) -> bool:
    """Files without a word for their reader: they would reach nobody, and nobody would know."""
    if scene.script.words.strip() or not scene.files or not goes_out(scene):
        return False
    if scene.script.orders and not is_directed(scene):
        return False
    return not all(has_it(scene.facts, person) for person in find_readers(scene.ticket))


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
    if not goes_out(scene):
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
    speech = Speech(
        letter=effect.letter or "progress",
        words=words,
        files=files,
        eta=eta,
        waiting=_name_pause(effect),
    )
    if effect.vendor is not None or scene.relay == "vendor":
        vendor = effect.vendor or _find_vendor(ticket, scene.relay_to)
        if vendor is None:
            return Relayed((), (), ()), Effect(problem=scene.say("which_vendor"))
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
    given = _first_come(scene, effect).then(spoken).then(Effect(change=effect.change))
    return relayed, given.then(broadcast(scene, speech, relayed, given))


def _name_pause(effect: Effect) -> Literal["", "vendor", "hold"]:
    """What the requester is told of a wait; whoever waits for a vendor is told so."""
    if effect.change.state is not State.ON_HOLD:
        return ""
    return "vendor" if any(event.kind == "to_vendor" for event in effect.events) else "hold"


def _first_come(scene: Scene, effect: Effect) -> Effect:
    """Who answers a ticket nobody has, has it from then on (M3)."""
    taken = scene.ticket.find(Part.ASSIGNEE) is not None or effect.change.assignee is not None
    if taken or effect.change.state is State.UNASSIGNED:
        return effect
    return hand_over(scene, scene.actor.address, scene.actor.name, to_actor=True).then(effect)


def _find_vendor(ticket: KnownTicket, key: str) -> tuple[str, str] | None:
    """Whose letter was answered; where only a code says so ("" for a key), the only vendor."""
    vendors = ticket.find_all(Part.THIRD_PARTY)
    if not key and len(vendors) == 1:
        return vendors[0].key, vendors[0].name
    known = next((item for item in ticket.people if key in item.addresses), None)
    return (key, known.name if known else "") if key else None


def _conclude(scene: Scene, effect: Effect, relayed: Relayed, draft: Draft | None) -> Decision:
    """Everything the mail does, in one decision, with what its author is told of it."""
    facts, ticket = scene.facts, scene.ticket
    change = effect.change
    effect = effect.then(withdraw(scene, change))
    if effect.responds and ticket.responded is None and change.responded is None:
        change = change.then(Change(responded=facts.now))
    followed = (
        follow(ticket, change, facts.desk, facts.now) if change != UNCHANGED else Followed(change)
    )
    change = followed.change
    orders = " ".join(line.order.value for line in scene.script.orders)
    events = effect.events
    if change.state is not None and change.state not in _SETTLED and ticket.solved is not None:
        change = change.then(Change(clear=frozenset(("solved",))))
    final = effect.final or ("undo_others" if effect.others else "")
    if effect.keeps_back is None and (change != UNCHANGED or final):  # an undo is not undone
        before = json.dumps(take_snapshot(ticket, change))
        said = " ".join(line.raw.strip() for line in scene.script.orders)[:200]
        told = (("orders", said), ("before", before), *([("final", final)] if final else ()))
        events += (EventPlan("changed", told),)
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
                tone=_choose_tone(effect),
                done=effect.done,
                sent=sent,
                change=change,
            ),
        )
    return Decision(
        outcome=Outcome.APPENDED,
        reason=f"{scene.actor.name} worked on it" + (f": {orders}" if orders else ""),
        findings=(
            *scene.findings,
            *scene.standing.findings,
            *explain(scene, say_fate(scene)),
            *explain_others(effect),
            *followed.findings,
            *effect.findings,
        ),
        ticket=ticket,
        joins=effect.joins,
        leaves=effect.leaves,
        events=tuple(dict.fromkeys(events))
        or (EventPlan("words", (("from", scene.actor.address),)),),
        letters=letters,
        unsent=relayed.unsent,
        change=change if change != UNCHANGED else None,
        deadlines=(*effect.deadlines, *followed.deadlines),
        timed=True,
        asks=effect.asks,
        verdicts=effect.verdicts,
        followed=effect.followed,
        releases=_settle_drafts(scene, draft),
        rating=effect.rating,
        keeps_back=effect.keeps_back,
        others=effect.others,
        articles=effect.articles,
        publishes=effect.publishes,
    )


# The only states in which a ticket has been solved.
_SETTLED = frozenset({State.TO_CONFIRM, State.SOLVED, State.CLOSED})


def _choose_tone(effect: Effect) -> staff_notices.Tone:
    if effect.keeps_back is not None:
        return "undone"
    return "done" if effect.done else "status"


def _settle_drafts(scene: Scene, draft: Draft | None) -> tuple[int, ...]:
    """What no longer waits: the one released, and older ones that were written anew since."""
    if draft is None and not scene.script.words.strip():
        return ()
    mine = (item.id for item in scene.facts.drafts if item.ticket == scene.ticket.id)
    return tuple(item for item in mine if draft is None or item <= draft.id)


def _wants_transcript(scene: Scene, effect: Effect) -> bool:
    """On an order that asks for one, and on somebody else's ticket (WORDS.md)."""
    acted = bool(scene.script.orders)
    others = scene.ticket.find(Part.ASSIGNEE) is not None and not scene.takes_part
    return effect.answer or (acted and others)


def _challenge(scene: Scene, words: str) -> Decision:
    """The orders need more than a token: a one-time code to the listed address (DESIGN §7)."""
    relay = scene.relay or "requester"
    plan = DraftPlan("unproved", words, relay, scene.relay_to, "one-time code", scene.files)
    leaving = scene.script.words.strip() if goes_out(scene) else ""
    letter = staff_notices.ask_code(
        scene.facts, scene.ticket, scene.actor, scene.language, scene.script, leaving
    )
    why = ("these orders need proof of who gave them; a one-time code was mailed",)
    return decide(scene, "challenged", why, (letter,), plan)


def refuse(scene: Scene, problems: tuple[str, ...]) -> Decision:
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
    return decide(scene, "refused", problems, (letter,), None)


def decide(
    scene: Scene,
    event: str,
    why: tuple[str, ...],
    letters: tuple[LetterPlan, ...],
    draft: DraftPlan | None,
) -> Decision:
    """A decision that changes nothing on the ticket but its timeline."""
    told = (("from", scene.actor.address), ("why", "; ".join(why)[:500]))
    requester = scene.ticket.find(Part.REQUESTER)
    reader = requester.key if requester else ""
    if scene.relay == "vendor":
        reader = scene.relay_to
    return Decision(
        outcome=Outcome.NOTED,
        reason=f"{event.replace('_', ' ')}: {'; '.join(why)}",
        findings=(
            *scene.findings,
            *scene.standing.findings,
            *explain(scene, HELD_FATE.get(event, UNTOLD)),
        ),
        ticket=scene.ticket,
        events=(EventPlan(event, told),),
        letters=letters,
        unsent=(Unsent("progress", reader, "; ".join(why)),),
        draft=draft,
    )
