"""Makes a decision true: ticket, events, texts, deadlines and letters, in the caller's transaction.

Adds no judgement of its own: whatever is written here stands in the decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from maildesk.desk.decision import Change, Decision, EventPlan, Facts, Outcome
from maildesk.desk.privacy.mask import mask
from maildesk.desk.ticket import Part
from maildesk.store import (
    approvals,
    articles,
    attendance,
    follow_ups,
    outbox,
    passages,
    people,
    ratings,
    reports,
    unreached,
    words,
)
from maildesk.store.changes import (
    change_people,
    change_ticket,
    keep_draft,
    note_events,
    plan_deadlines,
    release_drafts,
)
from maildesk.store.letterpress import Letterpress
from maildesk.store.openings import enter_ticket, set_limits
from maildesk.store.others import apply_others
from maildesk.store.printing import print_all
from maildesk.store.schema import letters, message_ids
from maildesk.store.statement import Statement

_LONGEST_NAME = 255
_NEW_LETTER = Statement(insert(letters).returning(letters.c.id))
_ADOPT = Statement(
    update(message_ids).where(
        message_ids.c.desk_id == bindparam("desk"),
        message_ids.c.message_id == bindparam("named"),
        message_ids.c.ticket_id.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What now stands in the store: the letter's row, the ticket concerned, letters queued."""

    letter: int
    ticket: int | None
    number: str | None
    queued: int


def apply(
    db: Connection,
    press: Letterpress,
    facts: Facts,
    decision: Decision,
    *,
    fingerprint: str,
    raw_sha: str,
) -> Applied:
    """Write the whole decision. IntegrityError: the same letter was decided meanwhile."""
    known = _ensure_people(db, facts, decision)
    ticket, number = _ticket(db, facts, decision, known)
    letter = _write_letter(db, facts, decision, ticket, fingerprint, raw_sha)
    if decision.outcome is not Outcome.IGNORED or ticket is not None:
        words.write(db, letter, ticket, facts.mail, facts.desk.language)
    if decision.opening is not None and ticket is not None:
        set_limits(db, facts.desk.id, decision.deadlines, ticket)
    if decision.remark is not None and facts.sender is not None:
        reports.remark(db, decision.remark, facts.sender.person, facts.now)
    if decision.bounced is not None:
        back = decision.bounced
        zone = facts.desk.zone_info
        unreached.mark(db, back.addresses, facts.now, back.until, back.why, zone)
    unreached.clear(db, decision.reached)
    if decision.absence is not None and facts.sender is not None and facts.sender.person:
        absence, person = decision.absence, facts.sender.person
        attendance.note_absence(db, facts.desk.id, person, absence, letter)
    queued = _apply_rest(db, press, facts, decision, ticket, number, letter, known)
    return Applied(letter, ticket, number, queued)


def apply_answer(
    db: Connection, press: Letterpress, facts: Facts, decision: Decision, cause: str
) -> Applied:
    """The same for an answer that came by a link instead of a mail. `cause` is unique to it."""
    known = _ensure_people(db, facts, decision)
    ticket, number = _ticket(db, facts, decision, known)
    queued = _apply_rest(db, press, facts, decision, ticket, number, None, known, cause)
    return Applied(0, ticket, number, queued)


def _apply_rest(
    db: Connection,
    press: Letterpress,
    facts: Facts,
    decision: Decision,
    ticket: int | None,
    number: str | None,
    letter: int | None,
    known: dict[str, int],
    cause: str = "",
) -> int:
    """Timeline, people, deadlines, kept words and letters; how many letters were queued."""
    cause = cause or f"letter:{letter}"
    draft = None
    if ticket is not None:
        _write_ticket_side(db, facts, decision, ticket, letter, known, cause)
        if decision.opening is None:
            plan_deadlines(db, facts.desk.id, ticket, decision.deadlines)
        _write_approvals(db, facts, decision, ticket, known)
        rated = None
        if decision.rating is not None and facts.sender is not None:
            rater = facts.sender.person or known[facts.sender.address]
            said_by = decision.change.confirmed_by if decision.change is not None else None
            if decision.rating.source == "phone" and said_by is not None:
                rater = known[said_by]  # not who wrote it down
            rated = ratings.record(db, facts.desk.id, ticket, rater, decision.rating, facts.now)
        _write_follow_up(db, facts, decision, ticket, known, rated)
    if decision.draft is not None and letter is not None and facts.sender is not None:
        author = facts.sender.person or known[facts.sender.address]
        plan = decision.draft
        draft = keep_draft(db, facts.desk.id, ticket, letter, author, plan, facts.now)
    release_drafts(db, decision.releases, facts.now)
    if decision.keeps_back is not None:
        outbox.supersede(db, decision.keeps_back, facts.now, "taken back by its author")
    about, letters = decision.ticket, decision.letters
    queued = print_all(db, press, facts, letters, about, ticket, number, draft, cause)
    if ticket is not None:
        _keep_knowledge(db, facts, decision, ticket, known)
    if decision.published:
        _publish_named(db, facts, decision.published, letter, cause)
    return queued + apply_others(db, press, facts, decision, letter, known, cause)


def _ensure_people(db: Connection, facts: Facts, decision: Decision) -> dict[str, int]:
    """Address key → person id of everybody the decision speaks of."""
    wanted = {key: name for key, name, _ in decision.joins}
    for key, _ in decision.leaves:
        wanted.setdefault(key, "")
    change, opening = decision.change, decision.opening
    named = [change.assignee, change.requester, change.confirmed_by] if change else []
    named += [opening.assignee, opening.requester] if opening else []
    for other in decision.others:
        wanted |= {key: name for key, name, _ in other.joins}
        named += [key for key, _ in other.leaves]
        named += [other.change.assignee, other.change.requester] if other.change else []
        named += [other.opening.assignee, other.opening.requester] if other.opening else []
    for who in filter(None, named):
        wanted.setdefault(who, "")
    new: frozenset[str] = frozenset()
    if facts.sender is not None and (decision.opening or decision.ticket):
        if facts.sender.person is None:
            wanted[facts.sender.address] = facts.sender.name
            new = frozenset((facts.sender.address,))
        elif set(wanted) <= {facts.sender.address}:
            return {facts.sender.address: facts.sender.person}
    return people.ensure(db, wanted, new) if wanted else {}


def _ticket(
    db: Connection, facts: Facts, decision: Decision, known: dict[str, int]
) -> tuple[int | None, str | None]:
    if decision.opening is not None:
        assert facts.sender is not None
        reporter = facts.sender.person or known[facts.sender.address]
        return enter_ticket(db, facts, decision.opening, known, reporter)
    if decision.ticket is None:
        return None, None
    if decision.outcome is Outcome.APPENDED:
        change_ticket(db, decision.ticket.id, decision.change, known, facts.now)
    return decision.ticket.id, decision.ticket.number


def _write_letter(
    db: Connection,
    facts: Facts,
    decision: Decision,
    ticket: int | None,
    fingerprint: str,
    raw_sha: str,
) -> int:
    row = {
        "desk_id": facts.desk.id,
        "fingerprint": fingerprint,
        "message_id": (facts.mail.message_id or "")[:_LONGEST_NAME] or None,
        "raw_sha": raw_sha,
        "kind": facts.mail.kind.value,
        "sender": facts.sender.address if facts.sender else None,
        "subject": facts.mail.subject,
        "sent_at": facts.mail.date,
        "received_at": facts.received,
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "ticket_id": ticket,
        "rules_hash": decision.rules_hash,
        "trace": trace_of(decision),
    }
    [[letter]] = _NEW_LETTER.ask(db, row)
    if ticket is not None and facts.mail.message_id:
        _adopt_ids(db, facts, decision, ticket)
    return int(letter)


def _adopt_ids(db: Connection, facts: Facts, decision: Decision, ticket: int) -> None:
    """Ids this mail claimed and nobody owns become the ticket's."""
    mail = facts.mail
    named = {(mail.message_id or "")[:_LONGEST_NAME]}
    # A machine's answer or a note must not tie somebody's thread to the ticket.
    if decision.outcome is not Outcome.NOTED:
        named |= {item[:_LONGEST_NAME] for item in (*mail.references[-30:], *mail.in_reply_to)}
        named |= {item[:_LONGEST_NAME] for item in mail.references[:1]}
    about = {"desk": facts.desk.id, "ticket_id": ticket}
    _ADOPT.run_all(db, [{**about, "named": item} for item in sorted(named)])


def _write_ticket_side(
    db: Connection,
    facts: Facts,
    decision: Decision,
    ticket: int,
    letter: int | None,
    known: dict[str, int],
    cause: str,
) -> None:
    joins = {(known[key], part) for key, _, part in decision.joins if key in known}
    opening = decision.opening
    if opening is not None:
        assert facts.sender is not None
        reporter = facts.sender.person or known[facts.sender.address]
        requester = known[opening.requester] if opening.requester else reporter
        joins.add((requester, Part.REQUESTER))
        if requester != reporter:
            joins.add((reporter, Part.REPORTER))
        if opening.assignee:
            joins.add((known[opening.assignee], Part.ASSIGNEE))
    leaves = [(known[key], part) for key, part in decision.leaves if key in known]
    change_people(db, ticket, sorted(joins), leaves)
    actor = None
    if facts.sender is not None:
        actor = facts.sender.person or known.get(facts.sender.address)
    note_events(
        db,
        ticket,
        letter,
        actor,
        facts.now,
        decision.events,
        decision.letters,
        cause,
        facts.desk.privacy.hide,
    )


def _write_approvals(
    db: Connection, facts: Facts, decision: Decision, ticket: int, known: dict[str, int]
) -> None:
    """What is to be decided from now on, and what is decided now by who wrote the mail."""
    if not decision.asks and not decision.verdicts:
        return
    actor = None
    if facts.sender is not None:
        actor = facts.sender.person or known.get(facts.sender.address)
    approvals.settle(db, decision.verdicts, actor, facts.now)
    for plan in decision.asks:
        by = actor if plan.asked_by is not None else None
        approvals.ask(db, facts.desk, ticket, plan, by, facts.now)


def _keep_knowledge(
    db: Connection, facts: Facts, decision: Decision, ticket: int, known: Mapping[str, int]
) -> None:
    """What can be learnt from the ticket: drafts, what is published, and how it was solved."""
    change, desk = decision.change, facts.desk.id
    if change is not None and change.solved is not None:
        articles.index_solved(db, desk, ticket, facts.now)
    elif change is not None and "solved" in change.clear:
        passages.drop(db, "ticket", ticket)
    if decision.articles and facts.sender is not None:
        author = facts.sender.person or known.get(facts.sender.address)
        for plan in decision.articles:
            articles.draft(db, desk, ticket, plan, author, facts.now)
    if decision.publishes:
        articles.publish_drafts(db, ticket, facts.now)


def _publish_named(
    db: Connection, facts: Facts, named: Sequence[int], letter: int | None, cause: str
) -> None:
    """Drafts called by their numbers; the tickets they came from say so."""
    actor = facts.sender.person if facts.sender is not None else None
    for article in named:
        ticket = articles.publish_named(db, article, facts.now)
        if ticket is not None:
            told = (EventPlan("published", ()),)
            note_events(db, ticket, letter, actor, facts.now, told, (), cause)


def _write_follow_up(
    db: Connection,
    facts: Facts,
    decision: Decision,
    ticket: int,
    known: dict[str, int],
    rated: int | None,
) -> None:
    """What somebody must follow up from now on (M8), or has; `rated` is the rating's row."""
    if facts.sender is None or (decision.follow_up is None and decision.followed is None):
        return
    actor = facts.sender.person or known[facts.sender.address]
    if decision.followed is not None:
        row, record = decision.followed
        words = mask(record, facts.desk.privacy.hide)
        follow_ups.settle(db, row, actor, words, facts.now)
    if decision.follow_up is not None:
        plan = decision.follow_up
        if rated is None:
            rated = ratings.note(db, facts.desk.id, ticket, actor, plan.rating, facts.now)
        follow_ups.open_one(db, facts.desk.id, ticket, rated, plan, facts.now)


def trace_of(decision: Decision) -> dict[str, Any]:
    """The decision's trace as JSON: what `maildesk explain` prints later."""
    return {
        "findings": _spread(decision.findings),
        "unsent": _spread(decision.unsent),
        "rules": _spread(item for item in decision.rules if item.matched),
        "change": list_changes(decision.change),
    }


def list_changes(change: Change | None) -> dict[str, str]:
    """What becomes different about the ticket, field by field; "" for one that is emptied."""
    if change is None:
        return {}
    told: dict[str, str] = dict.fromkeys(sorted(change.clear), "")
    for name in Change.__slots__:
        value = getattr(change, name)
        # That its clock stands or runs again is told by a finding.
        if name not in ("clear", "pauses") and value is not None:
            told[name] = _write(value)
    return told


def _write(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {text}" for key, text in value.items())
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return str(value)


def _spread(items: Iterable[Any]) -> list[dict[str, Any]]:
    # `dataclasses.asdict` copies each string deeply: ten times slower for values that are frozen.
    return [
        {
            name: _spread(value) if isinstance(value, tuple) else value
            for name in getattr(item, "_fields", item.__slots__)
            for value in (getattr(item, name),)
        }
        for item in items
    ]
