"""The main ticket of an outage ends; what becomes of those that still hang under it?

They have no limits of their own as long as they hang, so they must not outlive it there: when it
ends otherwise than by `#已解决`, which asks everybody, they are set free. Pure; looked at for every
decision, by mail or page. Taking single ones off is `effects_parent`'s.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.desk.decision import Change, Decision, EventPlan, Facts, Finding, LetterPlan, Other
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_notices import tell_done
from maildesk.desk.outages.alike import is_main
from maildesk.desk.staff.effects_parent import renew_deadlines
from maildesk.desk.ticket import ENDED, Insider, KnownTicket, Part, State

_MOST_NAMED = 10


def set_free(facts: Facts, decision: Decision) -> Decision:
    """The decision, with what hangs under a main ticket that it ends handled by itself again."""
    main, change = decision.ticket, decision.change
    if main is None or change is None or change.state not in ENDED or not is_main(main):
        return decision
    changed = {other.ticket.id for other in decision.others if other.ticket is not None}
    hanging = [
        item
        for item in facts.tickets
        if item.parent == main.id and item.id not in changed
        if item.state not in ENDED | {State.TO_CONFIRM}
    ]
    if not hanging:
        return decision
    others, told = [], set[str]()
    for item in hanging:
        letters: tuple[LetterPlan, ...] = ()
        engineer = item.find(Part.ASSIGNEE)
        if engineer is not None and engineer.key not in told:
            told.add(engineer.key)
            letters = (_tell(facts, main, item, engineer, hanging),)
        others.append(
            Other(
                ticket=item,
                change=Change(clear=frozenset(("parent",))),
                events=(EventPlan("detached", (("by", ""),)),),
                letters=letters,
                deadlines=renew_deadlines(facts, item),
            )
        )
    why = f"{main.number} is over, and nobody was asked to confirm"
    found = Finding("outage", f"{len(hanging)} tickets are handled by themselves again", why)
    return replace(
        decision,
        others=(*decision.others, *others),
        findings=(*decision.findings, found),
        events=tuple(map(_make_final, decision.events)),
    )


def _make_final(event: EventPlan) -> EventPlan:
    """A step back would bring the main ticket back, and nothing under it."""
    if event.kind != "changed" or "final" in dict(event.data):
        return event
    return replace(event, data=(*event.data, ("final", "undo_left")))


def _tell(
    facts: Facts,
    main: KnownTicket,
    first: KnownTicket,
    engineer: Insider,
    hanging: list[KnownTicket],
) -> LetterPlan:
    """One letter for all of an engineer's tickets, on the first of them."""
    language = engineer.language or facts.desk.language
    mine = [
        item.number
        for item in hanging
        if (has := item.find(Part.ASSIGNEE)) is not None and has.key == engineer.key
    ]
    said = phrase(
        "outage_left",
        language,
        number=main.number,
        numbers="、".join(mine[:_MOST_NAMED]) + (" …" if len(mine) > _MOST_NAMED else ""),
        count=str(len(mine)),
    )
    return tell_done(facts, first, engineer, said)
