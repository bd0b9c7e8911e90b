"""What an approver's yes or no does to the request: somebody gets it now, or it ends.

Pure. Whose answer counts is `approver`'s question, whom to ask `access`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maildesk.desk.approvals.approval import Approval, Verdict, VerdictPlan
from maildesk.desk.approvals.approval_letters import tell_news
from maildesk.desk.decision import Change, DeadlinePlan, EventPlan, Facts, Finding, LetterPlan
from maildesk.desk.evidence import Said
from maildesk.desk.letters.dispatch import Case, Reader, dispatch
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.limits.changes import follow
from maildesk.desk.request.assignment import AssignmentFacts, assign
from maildesk.desk.staff.effect import Effect
from maildesk.desk.ticket import KnownTicket, Part, State, Waiting


def grant(facts: Facts, ticket: KnownTicket, approval: Approval, by: str, condition: str) -> Effect:
    """The yes: somebody gets the ticket now, with the condition; the requester learns it.

    Its limits run from now on, since it waited from the moment it came.
    """
    desk, former = facts.desk, ticket.find(Part.ASSIGNEE)
    asks = ticket.find(Part.REQUESTER)
    given = None
    findings: tuple[Finding, ...] = ()
    if former is None:
        chosen = assign(
            AssignmentFacts(
                profile=desk.profile,
                category=ticket.category,
                group=ticket.group or "",
                priority=ticket.priority,
                directory=facts.directory,
                now=facts.now,
                zone=desk.zone_info,
                assigned_at=facts.assigned_at,
                loads=facts.loads,
                away=facts.away,
                exclude=asks.addresses if asks else frozenset(),
            )
        )
        given, findings = chosen.person, chosen.findings
    key = former.key if former else given.key if given else None
    change = Change(
        state=State.NEW if key else State.UNASSIGNED,
        waiting=Waiting.NONE,
        assignee=given.key if given else None,
    )
    # Its limits stood still while it waited; what is promised now is what is left of them.
    due = follow(ticket, change, desk, facts.now).change.response_due or ticket.response_due
    letters: tuple[LetterPlan, ...] = ()
    joins: tuple[tuple[str, str, Part], ...] = ()
    watch: tuple[DeadlinePlan, ...] = ()
    if key:
        person = given or facts.directory.at(key)
        name = person.name if person else former.name if former else key
        language = person.language if person else None
        letters += (
            _dispatch(facts, ticket, approval, Reader(key, name, language), by, condition, due),
        )
        joins = ((key, name, Part.ASSIGNEE),)
    else:
        watch = (DeadlinePlan("unassigned_notice", facts.now),)
    letters += tell_news(facts, ticket, "approved", handler=key, due=due, approver=by)
    events: tuple[EventPlan, ...] = (EventPlan("approved", (("by", by), ("condition", condition))),)
    if given is not None:
        events += (EventPlan("assigned", (("to", given.key), ("by", ""))),)
    return Effect(
        change=change,
        events=events,
        letters=letters,
        joins=joins,
        deadlines=watch,
        verdicts=(VerdictPlan(approval.id, Verdict.AGREED, reason=condition),),
        findings=findings,
    )


def deny(facts: Facts, ticket: KnownTicket, approval: Approval, by: str, reason: str) -> Effect:
    """The no: the ticket ends, and the requester learns why."""
    return Effect(
        change=Change(state=State.REJECTED, waiting=Waiting.NONE, closed=facts.now),
        events=(EventPlan("not_approved", (("by", by), ("why", reason))),),
        letters=tell_news(facts, ticket, "declined", approver=by, words=reason, copies=True),
        verdicts=(VerdictPlan(approval.id, Verdict.DECLINED, reason=reason),),
    )


def _dispatch(
    facts: Facts,
    ticket: KnownTicket,
    approval: Approval,
    reader: Reader,
    by: str,
    condition: str,
    due: datetime | None,
) -> LetterPlan:
    requester = ticket.find(Part.REQUESTER)
    language = reader.language or facts.desk.language
    open_words = [item for item in facts.said if not item.internal]
    key = "approved_if" if condition else "approved_by"
    told = (
        phrase(key, language, name=by, condition=condition),
        _tell_added(approval, open_words, language),
        approval.form.get("notes", ""),
    )
    notes = tuple(note for note in told if note)
    case = Case(
        number=ticket.number,
        title=ticket.title,
        category=ticket.category,
        priority=ticket.priority,
        type=ticket.type,
        received=ticket.opened or facts.now,
        due=due,
        requester=requester.name if requester else "",
        requester_address=requester.key if requester else "",
        department=ticket.department,
        contact=requester.extension if requester else None,
        words=approval.form.get("words", "") or _join(open_words),
        files=tuple(file for item in open_words for file in item.files if not file.inline),
        notes=notes,
    )
    return dispatch(facts, case, reader)


def _tell_added(approval: Approval, said: Sequence[Said], language: str) -> str:
    """What came after the question: nobody has said yes to that, and its reader must know."""
    seen = approval.form.get("words", "")
    added = [item for item in said[1:] if item.words.strip() and item.words.strip() not in seen]
    if not seen or not added:
        return ""
    words = "\n".join(f"{item.author}：{item.words.strip()}" for item in added)
    return phrase("added_unseen", language, words=words)


def _join(said: Sequence[Said]) -> str:
    return "\n\n".join(item.words for item in said if item.words.strip())
