"""Reports as they were made: kept once for each period, commented on, and passed on once (R11).

Also what a mail that answers one of our letters about no ticket is about. In the caller's
transaction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from maildesk.desk.arrival.subject import is_reply, strip_prefixes
from maildesk.desk.decision import Facts
from maildesk.desk.letters.staff_notices import ONCE_VALID
from maildesk.desk.person import Role
from maildesk.desk.reports.figures import KEPT, Traced
from maildesk.desk.reports.period import Period
from maildesk.desk.reports.report import (
    WAITING,
    RemarkPlan,
    Report,
    SentReport,
    Waiting,
    read_report,
    write_report,
)
from maildesk.desk.ticket import ENDED, State
from maildesk.mail.proof import ids, tokens
from maildesk.store import outbox as outbox_rows
from maildesk.store.schema import (
    approvals,
    drafts,
    follow_ups,
    outbox,
    people,
    reports,
    tickets,
)
from maildesk.store.sent import find_sent
from maildesk.store.statement import insert_or_ask

_ABOUT = re.compile(r"(?:^|/)report:(\d{1,18})$")
_OVER = tuple(state.value for state in (*ENDED, State.TO_CONFIRM))

# Built once: building a statement costs several times what running it does.
_REPORT = select(reports).where(
    reports.c.id == bindparam("report"), reports.c.desk_id == bindparam("desk")
)
_LETTERS = (
    select(outbox.c.files)
    .where(outbox.c.cause == bindparam("cause"), outbox.c.letter == "report")
    .order_by(outbox.c.id)
    .limit(1)
)
_BY_SUBJECT = (
    select(outbox.c.cause)
    .where(
        outbox.c.address.in_(bindparam("mine", expanding=True)),
        outbox.c.desk_id == bindparam("desk"),
        outbox.c.letter == "report",
        outbox.c.subject == bindparam("subject"),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_DRAFTS = (
    select(drafts.c.id, drafts.c.words, drafts.c.relay_to, drafts.c.files)
    .where(
        drafts.c.person_id == bindparam("person"),
        drafts.c.desk_id == bindparam("desk"),
        drafts.c.ticket_id.is_(None),
        drafts.c.kind == "unproved",
        drafts.c.released_at.is_(None),
        drafts.c.created_at >= bindparam("since"),
    )
    .order_by(drafts.c.id.desc())
)


def keep(db: Connection, desk_id: str, report: Report, now: datetime) -> int | None:
    """The new row of a report; None when its period has one already."""
    period = report.figures.period
    row = {
        "desk_id": desk_id,
        "kind": period.kind,
        "period": period.name,
        "since": period.since,
        "until": period.until,
        "made_at": now,
        "figures": write_report(report),
    }
    return insert_or_ask(db, reports, row)


def is_made(db: Connection, desk_id: str, period: Period) -> bool:
    """Whether the period has its report."""
    query = select(reports.c.id).where(
        reports.c.desk_id == desk_id,
        reports.c.kind == period.kind,
        reports.c.period == period.name,
    )
    return db.execute(query).first() is not None


def remark(db: Connection, plan: RemarkPlan, person: int | None, now: datetime) -> None:
    """Keep what was said of a report; what has gone to its readers stays as it went."""
    values: dict[str, Any] = {"comment": plan.words, "commented_by_id": person}
    values["commented_at"] = now
    if plan.passes_on:
        values["passed_on_at"] = now
    db.execute(
        update(reports)
        .where(reports.c.id == plan.report, reports.c.passed_on_at.is_(None))
        .values(values)
    )


def find_answered(
    db: Connection, facts: Facts, referred: Sequence[str], secrets: Sequence[bytes]
) -> Facts:
    """The facts with the report that the mail answers, if it does.

    Only a mail that names one of our letters about no ticket costs a look.
    """
    sender = facts.sender
    if sender is None:
        return facts
    ours = [item for item in referred if _is_about_nothing(ids.read(secrets, item))]
    leads = sender.listed and sender.role is Role.LEAD
    if not ours and not leads:
        return facts
    mine = sender.addresses | {sender.address}
    sent = find_sent(db, facts.desk.id, ours)
    for item in ours:
        letter = sent.get(item)
        match = _ABOUT.search(letter.cause) if letter is not None else None
        if letter is not None and match is not None:
            found = _read(db, facts.desk.id, int(match[1]), to_sender=letter.address in mine)
            return replace(facts, report=found)
    if not leads or sender.person is None:
        return facts
    report = _redeem(db, facts, sender.person, secrets)
    if report is None and not ours and is_reply(facts.mail.subject[:500]):
        report = _find_by_subject(db, facts, mine)
    return replace(facts, report=report)


def _is_about_nothing(our: ids.OurId | None) -> bool:
    return our is not None and our.letter != 0 and our.ticket == 0


def _find_by_subject(db: Connection, facts: Facts, mine: frozenset[str]) -> SentReport | None:
    """Some programs answer without naming what they answer, but keep its subject."""
    subject = strip_prefixes(facts.mail.subject[:500])
    about = {"mine": sorted(mine), "desk": facts.desk.id, "subject": subject}
    row = db.execute(_BY_SUBJECT, about).first()
    match = _ABOUT.search(row.cause) if row is not None else None
    return _read(db, facts.desk.id, int(match[1]), to_sender=True) if match else None


def _redeem(
    db: Connection, facts: Facts, person: int, secrets: Sequence[bytes]
) -> SentReport | None:
    """The report on which the sender's own words wait for the code that this mail carries."""
    codes = tokens.find_once(facts.mail.reply)
    if not codes or facts.sender is None:
        return None
    about = {"person": person, "desk": facts.desk.id, "since": facts.now - ONCE_VALID}
    for row in db.execute(_DRAFTS, about):
        match = _ABOUT.search(row.relay_to or "")
        carried = (tokens.is_once(secrets, code, row.id, facts.sender.address) for code in codes)
        if match is not None and any(carried):
            found = _read(db, facts.desk.id, int(match[1]), to_sender=True)
            files = outbox_rows.read_files(row.files)
            return replace(found, words=row.words, enclosed=files, draft=row.id) if found else None
    return None


def _read(db: Connection, desk_id: str, report: int, *, to_sender: bool) -> SentReport | None:
    """Locked until the mail is decided: of two leads' answers one passes it on."""
    row = db.execute(_REPORT.with_for_update(), {"report": report, "desk": desk_id}).first()
    if row is None:
        return None
    files = db.execute(_LETTERS, {"cause": f"report:{report}"}).first()
    return SentReport(
        id=report,
        report=read_report(row.figures),
        files=outbox_rows.read_files(files[0]) if files else (),
        to_sender=to_sender,
        passed_on=row.passed_on_at,
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A report as it was sent. `author` commented, or let it go on with `comment` ""."""

    id: int
    report: Report
    made: datetime
    author: str
    comment: str
    passed_on: datetime | None


def list_kept(
    db: Connection, desk_id: str, limit: int, period: str | None = None
) -> tuple[Kept, ...]:
    """What was sent, the newest first; or of one period."""
    query = (
        select(reports, people.c.name)
        .outerjoin(people, people.c.id == reports.c.commented_by_id)
        .where(reports.c.desk_id == desk_id)
        .order_by(reports.c.made_at.desc(), reports.c.id.desc())
        .limit(limit)
    )
    if period is not None:
        query = query.where(reports.c.period == period)
    return tuple(
        Kept(
            id=row.id,
            report=read_report(row.figures),
            made=row.made_at,
            author=row.name or "",
            comment=row.comment or "",
            passed_on=row.passed_on_at,
        )
        for row in db.execute(query)
    )


def list_waiting(db: Connection, desk_id: str) -> tuple[Waiting, ...]:
    """What waits for the desk's leads now."""
    asked = (
        select(approvals.c.kind, tickets.c.number)
        .join(tickets, tickets.c.id == approvals.c.ticket_id)
        .where(
            approvals.c.desk_id == desk_id,
            approvals.c.decision.is_(None),
            approvals.c.kind.in_(("escalation", "plan")),
            tickets.c.state.not_in(_OVER),  # over without it: nobody need decide any more
        )
        .order_by(approvals.c.id)
    )
    found: dict[str, list[str]] = {"escalation": [], "plan": []}
    for kind, number in db.execute(asked):
        found[kind].append(number)
    found["follow_up"] = list(
        db.execute(
            select(tickets.c.number)
            .join(follow_ups, follow_ups.c.ticket_id == tickets.c.id)
            .where(follow_ups.c.desk_id == desk_id, follow_ups.c.done_at.is_(None))
            .order_by(follow_ups.c.due_at, follow_ups.c.id)
        ).scalars()
    )
    found["unassigned"] = list(
        db.execute(
            select(tickets.c.number)
            .where(
                tickets.c.desk_id == desk_id,
                tickets.c.assignee_id.is_(None),
                tickets.c.state.not_in(_OVER),
                tickets.c.waiting != "approval",  # nobody is to work on it yet
            )
            .order_by(tickets.c.id)
        ).scalars()
    )
    return tuple(
        Waiting(what, Traced(len(found[what]), tuple(found[what][:KEPT])))
        for what in WAITING
        if found[what]
    )
