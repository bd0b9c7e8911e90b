"""The orders around a decision: to ask for it (`#升级`), and to decide (`#同意升级`, `#批准` …).

Pure; each function is one order's effect, as in `effects`. The first decision counts: who comes
later is told what was decided. What an approver says in words alone is `approver`'s question.
"""

from __future__ import annotations

import re
from datetime import datetime

from maildesk.desk.approvals import granting
from maildesk.desk.approvals.approval import (
    Approval,
    AskPlan,
    Kind,
    Verdict,
    VerdictPlan,
    find_last,
    find_open,
    judge_decider,
)
from maildesk.desk.approvals.approval_letters import (
    ask_to_escalate,
    list_leads,
    name_of,
    tell_news,
)
from maildesk.desk.approvals.escalation import (
    DECIDE,
    count_took,
    decide_by,
    plan_next,
    read_form,
    tell_progress,
)
from maildesk.desk.arrival.guard import is_desk_address
from maildesk.desk.decision import (
    UNCHANGED,
    Change,
    DeadlinePlan,
    EventPlan,
    LetterPlan,
)
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_notices import tell_done
from maildesk.desk.orders.script import Line
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Person
from maildesk.desk.staff.arguments import find_staff, say_time
from maildesk.desk.staff.effect import Effect, Scene, fail, refuse_state
from maildesk.desk.staff.handover import hand_over
from maildesk.desk.ticket import ENDED, Part, State, Waiting
from maildesk.mail.message import address_key, is_usable


def escalate(scene: Scene, line: Line) -> Effect:
    """The lead is asked: the form must say why, and what is needed (M5)."""
    facts, ticket = scene.facts, scene.ticket
    if ticket.state in ENDED | {State.TO_CONFIRM}:
        return refuse_state(scene, line)
    waiting = find_open(facts.approvals, Kind.ESCALATION)
    if waiting is not None:
        return fail(scene, line, "escalated_already", time=say_time(scene, waiting.asked))
    if not facts.leads:
        return fail(scene, line, "no_lead")
    form = read_form(line.argument)
    if not form.reason or not form.support:
        missing = "form_reason" if not form.reason else "form_support"
        return fail(scene, line, "form_incomplete", missing=scene.say(missing))
    stays = scene.script.internal or scene.relay == "internal"
    own = scene.words.strip() if stays else ""
    notes = [item.argument for item in scene.script.orders if item.order is Order.NOTE]
    progress = form.progress or own or "\n".join(filter(None, notes)) or tell_progress(facts.said)
    told = {"reason": form.reason, "support": form.support, "progress": progress}
    leads = list_leads(facts.leads, scene.actor.addresses | {scene.actor.address})
    until = decide_by(facts.desk, ticket.priority, facts.now)
    letters = tuple(
        ask_to_escalate(
            facts.desk, lead, ticket, told, until, facts.now,
            trigger="order", by=scene.actor.name,
        )
        for lead in leads
    )  # fmt: skip
    asked = tuple(lead.address for lead in leads)
    names = "、".join(lead.name for lead in leads)
    return Effect(
        events=(
            EventPlan(
                "escalation_asked",
                (("of", names), ("why", form.reason), ("support", form.support)),
            ),
        ),
        letters=letters,
        deadlines=(DeadlinePlan(DECIDE, until),),
        asks=(AskPlan(Kind.ESCALATION, asked, told, scene.actor.address, until),),
        final="undo_asked",
        done=(scene.say("escalation_asked", names=names, time=say_time(scene, until)),),
    )


def agree(scene: Scene, line: Line) -> Effect:
    """It is escalated; the owner named takes it on, and who had it goes on helping."""
    approval = _find_asked(scene, line, Kind.ESCALATION)
    if isinstance(approval, Effect):
        return approval
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    if not line.argument:
        handler = scene.ticket.find(Part.ASSIGNEE)
        name = handler.name if handler else scene.actor.name
        return fail(scene, line, "which_owner", name=name)
    staff = scene.facts.directory.find(line.argument, staff=True).person
    if staff is not None:
        return _settle(scene, approval, _give(scene, approval, staff), staff.key, staff.name)
    vendor = read_vendor(line.argument)
    if vendor is None:
        found = find_staff(scene, line)
        return found if isinstance(found, Effect) else fail(scene, line, "which_owner", name="")
    name, address = vendor
    if address and is_desk_address(scene.facts.desk, address):
        return fail(scene, line, "which_vendor")
    owner = line.argument.strip()
    return _settle(scene, approval, _call_vendor(scene, owner, name, address), owner, name)


def decline(scene: Scene, line: Line) -> Effect:
    """It goes on as it is; the clock asks again only after a further time of handling."""
    approval = _find_asked(scene, line, Kind.ESCALATION)
    if isinstance(approval, Effect):
        return approval
    facts = scene.facts
    told = (("why", line.argument), *_measure(scene, approval))
    return Effect(
        events=(EventPlan("escalation_declined", told),),
        letters=_tell_handler(scene, "escalation_declined", reason=line.argument),
        deadlines=plan_next(facts.desk, scene.ticket.priority, facts.now),
        verdicts=(VerdictPlan(approval.id, Verdict.DECLINED, reason=line.argument),),
        final="undo_decided",
        done=(scene.say("decided_no"),),
    )


def approve(scene: Scene, line: Line) -> Effect:
    """A plan may be carried out, or a request be worked on."""
    return _approve(scene, line, Verdict.AGREED)


def disapprove(scene: Scene, line: Line) -> Effect:
    """A plan must be changed, or a request ends here."""
    return _approve(scene, line, Verdict.DECLINED)


def calls_vendor(scene: Scene, line: Line) -> bool:
    """Whether words below an order that escalates are for the vendor it names."""
    if line.order is not Order.AGREE or not line.argument:
        return False
    if scene.facts.directory.find(line.argument, staff=True).person is not None:
        return False
    vendor = read_vendor(line.argument)
    return vendor is not None and vendor[1] is not None


def read_vendor(text: str) -> tuple[str, str | None] | None:
    """(name, address key if there is one) of somebody outside: a name with an address or a phone
    number. None: it is neither."""
    words = text.replace("<", " ").replace(">", " ").replace("，", " ").replace(",", " ").split()
    address = next((word for word in words if "@" in word and is_usable(word)), None)
    name = " ".join(word for word in words if word != address)
    if address is not None:
        return name or address, address_key(address)
    return (name, None) if _PHONE.search(text) and _NAME.search(name) else None


_PHONE = re.compile(r"(?<!\d)\+?\d(?:[\d -]{3,18})\d(?!\d)")
_NAME = re.compile(r"[^\W\d_]")


def _approve(scene: Scene, line: Line, verdict: Verdict) -> Effect:
    approval = _find_asked(scene, line, Kind.PLAN, Kind.ACCESS)
    if isinstance(approval, Effect):
        return approval
    facts, ticket, words = scene.facts, scene.ticket, line.argument
    agreed = verdict is Verdict.AGREED
    done = scene.say("decided_yes" if agreed else "decided_no")
    if approval.kind is Kind.ACCESS:
        act = granting.grant if agreed else granting.deny
        effect = act(facts, ticket, approval, scene.actor.name, words)
        return effect.then(Effect(done=(done,), final="undo_decided"))
    event = "plan_approved" if agreed else "plan_declined"
    key = "plan_approved_if" if agreed and words else event
    return Effect(
        events=(EventPlan(event, (("why", words), *_measure(scene, approval))),),
        letters=_tell_handler(scene, key, reason=words or scene.say("no_reason")),
        verdicts=(VerdictPlan(approval.id, verdict, reason=words),),
        final="undo_decided",
        done=(done,),
    )


def _find_asked(scene: Scene, line: Line, *kinds: Kind) -> Approval | Effect:
    """What waits for a decision of this kind, or why there is nothing to decide."""
    facts, actor = scene.facts, scene.actor
    approval = find_open(facts.approvals, *kinds)
    if approval is not None:
        keys = actor.addresses | {actor.address}
        refused = judge_decider(approval, keys, actor.role, scene.ticket)
        if refused:
            return fail(scene, line, f"decide_{refused}")
        return approval
    other = find_open(facts.approvals, *Kind)
    if other is not None:
        return fail(scene, line, f"asked_{other.kind.value}")
    last = find_last(facts.approvals, *kinds)
    if last is None or last.verdict is None or last.decided is None:
        return fail(scene, line, "nothing_asked")
    key = "decided_agreed" if last.verdict is Verdict.AGREED else "decided_declined"
    owner = name_of(last.owner, facts.directory, scene.ticket) if last.owner else ""
    beside = owner and scene.say("decided_owner", name=owner)
    return fail(
        scene, line, key, name=last.decider or scene.say("nobody"),
        time=say_time(scene, last.decided), beside=beside or last.reason,
    )  # fmt: skip


def _settle(scene: Scene, approval: Approval, effect: Effect, owner: str, name: str) -> Effect:
    told = (("owner", name), *_measure(scene, approval))
    return Effect(
        events=(EventPlan("escalated", told),),
        verdicts=(VerdictPlan(approval.id, Verdict.AGREED, owner),),
        final="undo_decided",
        done=(scene.say("decided_escalated", name=name),),
    ).then(effect)


def _give(scene: Scene, approval: Approval, person: Person) -> Effect:
    """The ticket goes to its new owner with the form; the former engineer stays as a helper."""
    ticket, former = scene.ticket, scene.ticket.find(Part.ASSIGNEE)
    if former is not None and former.addresses & set(person.addresses):
        return Effect(letters=_tell_handler(scene, "escalated_to_you", reason=""))
    language = person.language or scene.facts.desk.language
    remark = " ".join(
        phrase(f"form_told_{key}", language, text=text)
        for key in ("reason", "progress", "support")
        if (text := approval.form.get(key))
    )
    told = former.language or scene.facts.desk.language if former else language
    said = phrase("escalated_to", told, name=person.name, by=scene.actor.name)
    given = hand_over(scene, person.key, person.name, remark=remark, said=said)
    joins = ((former.key, former.name, Part.HELPER),) if former is not None else ()
    leaves: tuple[tuple[str, Part], ...] = ()
    if Part.HELPER in ticket.parts_of(person.addresses):
        leaves = ((person.key, Part.HELPER),)
    news = tell_news(scene.facts, ticket, "escalated", handler=person.key)
    # Who takes it on works on it, whatever it waited for.
    waits = ticket.state in (State.ON_HOLD, State.WAITING_REQUESTER)
    change = Change(state=State.IN_PROGRESS, waiting=Waiting.NONE) if waits else Change()
    return given.then(Effect(change=change, letters=news, joins=joins, leaves=leaves))


def _call_vendor(scene: Scene, owner: str, name: str, address: str | None) -> Effect:
    """A vendor takes it on; its engineer stays, and the clock stops."""
    change = Change(state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY)
    letters = _tell_handler(scene, "escalated_vendor", reason=owner, change=change)
    letters += tell_news(scene.facts, scene.ticket, "escalated", vendor=True)
    effect = Effect(
        change=change,
        events=(EventPlan("to_vendor", (("who", owner),)),),
        letters=letters,
    )
    if address is None or not scene.words.strip():
        return effect
    joins = ((address, name, Part.THIRD_PARTY),)
    return effect.then(Effect(joins=joins, letter="vendor", vendor=(address, name)))


def _tell_handler(
    scene: Scene, key: str, *, reason: str, change: Change = UNCHANGED
) -> tuple[LetterPlan, ...]:
    """The ticket's engineer learns what was decided, unless he decided it himself."""
    handler = scene.ticket.find(Part.ASSIGNEE)
    if handler is None or scene.actor.address in handler.addresses:
        return ()
    language = handler.language or scene.facts.desk.language
    said = phrase(key, language, by=scene.actor.name, reason=reason)
    return (tell_done(scene.facts, scene.ticket, handler, said, change),)


def _measure(scene: Scene, approval: Approval) -> tuple[tuple[str, str], ...]:
    """How long the decision took, and whether in time: kept with it."""
    now: datetime = scene.facts.now
    took = count_took(scene.facts.desk, scene.ticket.priority, approval.asked, now)
    late = approval.due is not None and now > approval.due
    return (("took", f"{int(took.total_seconds()) // 60} min"), ("late", "yes" if late else ""))
