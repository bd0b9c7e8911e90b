"""What is known when a mail arrives: the facts its decision rests on, read in its transaction.

Claims the mail's ids first and in sorted order, so that two mails of one new thread, arriving
together, see each other. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from sqlalchemy import Connection, bindparam, func, select

from maildesk.desk.arrival.directory import NOBODY, Directory
from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Evidence, Facts, Lead, Returned, Sender
from maildesk.desk.evidence import Answering
from maildesk.desk.privacy.shield import hide_in_facts
from maildesk.desk.staff.marker import SIGNS
from maildesk.mail.files.pasted import find_pasted
from maildesk.mail.message import Attachment, Incoming, Kind, is_usable
from maildesk.mail.proof import ids
from maildesk.mail.proof.trust import Border, judge_sender
from maildesk.store import answers, cases, passages, people, relatives, reports
from maildesk.store.column import among
from maildesk.store.engine import upsert
from maildesk.store.schema import letters, message_ids, outbox, tickets
from maildesk.store.sent import find_sent
from maildesk.store.statement import Statement, insert_or_ignore

# A thread's first id and its latest ones find it; a References header may hold hundreds.
_FIRST, _LAST = 1, 30
_LONGEST_ID = 255
# States of outbox rows that count against the brakes: whatever left or still may.
COUNTED = ("queued", "sending", "accepted", "unknown")


@dataclass(frozen=True, slots=True)
class KnownLetter:
    """A letter that was decided before, met again."""

    id: int
    ticket: int | None
    outcome: str


# Built once: building a statement costs several times what running it does.
_LETTER = Statement(
    select(letters.c.id, letters.c.ticket_id, letters.c.outcome).where(
        letters.c.desk_id == bindparam("desk"), letters.c.fingerprint == bindparam("print")
    )
)
_CLAIMED = (
    select(message_ids.c.message_id, message_ids.c.ticket_id)
    .where(
        message_ids.c.desk_id == bindparam("desk"),
        message_ids.c.message_id.in_(bindparam("wanted", expanding=True)),
    )
    .order_by(message_ids.c.message_id)
    .with_for_update()
)
_NUMBERED = select(tickets.c.number, tickets.c.id).where(
    tickets.c.desk_id == bindparam("desk"),
    tickets.c.number.in_(bindparam("numbers", expanding=True)),
)
_RECENT = Statement(
    select(func.count())
    .select_from(outbox)
    .where(
        outbox.c.address == bindparam("address"),
        outbox.c.created_at > bindparam("since"),
        outbox.c.automatic.is_(True),
        among(outbox.c.state, COUNTED),
    )
)
_OF_TICKET = Statement(
    select(func.count())
    .select_from(outbox)
    .where(
        outbox.c.ticket_id == bindparam("ticket"),
        outbox.c.created_at > bindparam("since"),
        outbox.c.automatic.is_(True),
        among(outbox.c.state, COUNTED),
    )
)


def find_letter(db: Connection, desk_id: str, fingerprint: str) -> KnownLetter | None:
    """The letter of this fingerprint, if this desk has decided it already."""
    rows = _LETTER.ask(db, {"desk": desk_id, "print": fingerprint})
    return KnownLetter(*rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a process knows before any mail: signing secrets, whom to tell, who is listed."""

    secrets: tuple[bytes, ...]
    leads: tuple[Lead, ...] = ()
    directory: Directory = NOBODY


def gather(
    db: Connection,
    desk: DeskConfig,
    mail: Incoming,
    received: datetime,
    now: datetime,
    ground: Ground,
    *,
    border: Border | None = None,
    admitted: bool = False,
) -> Facts:
    """All facts for one mail. Locks what it may change: its Message-IDs, then its tickets.

    What proves and threads it is read from the mail as it came; the facts hold it masked.
    """
    sender = None
    if mail.sender is not None and is_usable(mail.sender.key):
        sender = people.find_sender(db, mail.sender.key, mail.sender.name)
    own = _shorten(mail.message_id) if mail.message_id else None
    referred = _referred(mail)
    claimed = _claim(db, desk.id, own, referred)
    evidence: Sequence[Evidence] = _weigh(
        db, desk, mail, sender, own, referred, claimed, ground.secrets
    )
    answering: tuple[Answering, ...] = ()
    if sender is not None:
        answering = answers.find(db, desk, mail, sender, referred, now, ground.secrets)
        evidence = [*evidence, *answers.add_evidence(answering, evidence)]
    named = sorted({item.ticket for item in evidence})
    ahead = relatives.look_ahead(db, desk, mail, sender, named, now)
    kin: cases.Kin = "family" if sender is not None and sender.is_staff else "merged"
    wanted = sorted({*named, *ahead.tickets})
    known = cases.load(db, desk.id, wanted, ground.directory, now, kin=kin)
    late = {item.merged_into for item in known if item.merged_into} - {item.id for item in known}
    if late:  # merged by another mail while this one waited for its row
        known += cases.load(db, desk.id, sorted(late), ground.directory, now)
    evidence, answering = relatives.follow_merged(evidence, answering, known)
    ids_here = {ticket.id for ticket in known}
    facts = Facts(
        now=now,
        received=min(received, now),
        desk=desk,
        mail=mail,
        sender=sender,
        ours=_recognise(mail, ground.secrets),
        evidence=tuple(item for item in evidence if item.ticket in ids_here),
        tickets=known,
        admitted=admitted,
        sent_to_address=count_recent(db, sender.address, now) if sender else 0,
        leads=ground.leads,
        authenticity=judge_sender(mail.headers, sender.address if sender else "", border),
        answering=tuple(item for item in answering if item.ticket in ids_here),
        answers_us=sender is not None and answers.refer_to_us(referred, sender, ground.secrets),
        directory=ground.directory,
        returned=_find_returned(db, desk.id, mail),
        files=_find_files(mail),
        recent=ahead.recent,
    )
    if not facts.evidence and facts.ours is None and mail.kind is Kind.ORDINARY:
        learnt = passages.find_like(db, desk.id, mail.subject, mail.reply)
        facts = replace(facts, learnt=learnt) if learnt else facts
    if not facts.evidence:
        facts = reports.find_answered(db, facts, referred, ground.secrets)
    return hide_in_facts(answers.look_closer(db, facts, ground.secrets))


def _find_files(mail: Incoming) -> tuple[Attachment, ...]:
    """What the author attached, or pasted among his words; nothing that only decorates."""
    attached = (item for item in mail.attachments if not item.inline)
    return tuple(item for item in (*attached, *find_pasted(mail, SIGNS)) if not item.decoration)


def _find_returned(db: Connection, desk_id: str, mail: Incoming) -> Returned | None:
    """Which letter of ours a delivery report brings back."""
    if mail.bounce is None or not mail.bounce.original_message_id:
        return None
    wanted = _shorten(mail.bounce.original_message_id)
    sent = find_sent(db, desk_id, [wanted]).get(wanted)
    return Returned(sent.letter, sent.address) if sent else None


def _referred(mail: Incoming) -> tuple[str, ...]:
    named = [*mail.in_reply_to, *reversed(mail.references)]
    unique = list(dict.fromkeys(_shorten(item) for item in named if item))
    if len(unique) > _FIRST + _LAST:
        unique = unique[:_LAST] + unique[-_FIRST:]
    return tuple(unique)


def _shorten(message_id: str) -> str:
    return message_id if len(message_id) <= _LONGEST_ID else message_id[:_LONGEST_ID]


def _claim(
    db: Connection, desk_id: str, own: str | None, referred: Sequence[str]
) -> dict[str, int | None]:
    """Claim every id for this desk; answers which ticket each of them names so far."""
    wanted = sorted({*referred, *([own] if own else [])})
    if not wanted:
        return {}
    if len(wanted) == 1:  # most mails: one id, never seen
        mine = {"desk_id": desk_id, "message_id": wanted[0]}
        if _claim_one(db.dialect.name).ask(db, mine):
            return {wanted[0]: None}
    insert_or_ignore(db, message_ids, [{"desk_id": desk_id, "message_id": item} for item in wanted])
    rows = db.execute(_CLAIMED, {"desk": desk_id, "wanted": wanted})
    return {row[0]: row[1] for row in rows}


@cache
def _claim_one(dialect: str) -> Statement:
    claimed = upsert(dialect, message_ids).on_conflict_do_nothing()
    return Statement(claimed.returning(message_ids.c.message_id))


def _weigh(
    db: Connection,
    desk: DeskConfig,
    mail: Incoming,
    sender: Sender | None,
    own: str | None,
    referred: Sequence[str],
    claimed: dict[str, int | None],
    secrets: Sequence[bytes],
) -> list[Evidence]:
    evidence: list[Evidence] = []
    mine = sender.addresses if sender else frozenset()
    named = [*referred, *([own] if own else [])]
    if mail.bounce is not None and mail.bounce.original_message_id:
        named.insert(0, mail.bounce.original_message_id)
    for item in named:
        signed = ids.read(secrets, item)
        ticket = claimed.get(item)
        if signed is not None and signed.ticket:
            # Known here as well: an id of a database that was restored since names another ticket.
            here = ticket == signed.ticket and any(ids.is_for(signed, key) for key in mine)
            evidence.append(Evidence("signed", item, signed.ticket, here))
        elif ticket is not None and not (item == own and _is_reused(db, desk.id, own, mail)):
            evidence.append(Evidence("reference", item, ticket))
    numbers = find_numbers(mail.subject, (desk.profile.number_format,))
    if numbers:
        rows = db.execute(_NUMBERED, {"desk": desk.id, "numbers": numbers})
        kind: Literal["number"] = "number"
        evidence += [Evidence(kind, row[0], row[1]) for row in rows]
    return evidence


def _is_reused(db: Connection, desk_id: str, own: str, mail: Incoming) -> bool:
    """Whether a decided letter of another date has this Message-ID: some systems reuse theirs."""
    query = select(letters.c.sent_at).where(
        letters.c.message_id == own, letters.c.desk_id == desk_id
    )
    return any(row.sent_at != mail.date for row in db.execute(query))


def _recognise(mail: Incoming, secrets: Sequence[bytes]) -> str | None:
    if mail.message_id and ids.read(secrets, mail.message_id) is not None:
        return "its Message-ID is signed by us"
    mark = mail.header(ids.MARK)
    if mark and ids.is_our_mark(secrets, mark):
        return f"its {ids.MARK} header is signed by us"
    return None


def count_recent(db: Connection, address: str, now: datetime) -> int:
    """Automatic letters to an address within the last hour."""
    since = now - timedelta(hours=1)
    return int(_RECENT.ask(db, {"address": address, "since": since})[0][0])


def count_of_ticket(db: Connection, ticket: int, now: datetime) -> int:
    """Automatic letters about a ticket within the last day."""
    since = now - timedelta(days=1)
    return int(_OF_TICKET.ask(db, {"ticket": ticket, "since": since})[0][0])
