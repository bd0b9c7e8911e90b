"""Which letter of ours does a mail answer, and what else is known of who answers it?

Tokens are read here, since secrets are (DESIGN §7 (c)): signed Message-IDs, plus-addresses and
footer codes. What an answer may do is `desk`'s decision.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, func, select

from maildesk.desk.aftercare.follow_up import RATED
from maildesk.desk.approvals import approver
from maildesk.desk.arrival.thread import find_thread
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Evidence, Facts, Sender
from maildesk.desk.evidence import Answering, Draft, Passage, Relay
from maildesk.desk.knowledge.article import list_numbers
from maildesk.desk.knowledge.publishing import MOST
from maildesk.desk.letters.staff_notices import ONCE_VALID
from maildesk.desk.orders.line import is_hash_line
from maildesk.desk.orders.script import read_script
from maildesk.desk.orders.table import Order
from maildesk.desk.pages import links
from maildesk.desk.person import Role
from maildesk.desk.staff.marker import SIGNS
from maildesk.desk.ticket import KnownTicket, Part, Waiting
from maildesk.mail.cut.excerpt import Traces, excerpt
from maildesk.mail.cut.prefix import is_forward
from maildesk.mail.message import Incoming, Kind, address_key
from maildesk.mail.proof import ids, tokens
from maildesk.mail.text.html import read_text
from maildesk.store import (
    approvals,
    articles,
    attendance,
    cases,
    follow_ups,
    misses,
    sayings,
    steps,
)
from maildesk.store import schema as table
from maildesk.store.relatives import find_mains
from maildesk.store.sent import find_sent

TOKEN_VALID = timedelta(days=90)
_RELAYS: dict[str, Relay] = {"r": "requester", "v": "vendor", "n": "internal"}
_ASKED_EVERY = timedelta(days=1)
_WARNED_EVERY = timedelta(days=1)
_INNER_FROM = re.compile(
    r"^[ \t>*]*(?:发件人|寄件者|From)[ \t*]*[:：][ \t*]*(.{1,200})$", re.MULTILINE | re.IGNORECASE
)
_SAMPLE = 20_000


def find(
    db: Connection,
    desk: DeskConfig,
    mail: Incoming,
    sender: Sender,
    referred: Sequence[str],
    now: datetime,
    secrets: Sequence[bytes],
) -> tuple[Answering, ...]:
    """Letters we sent to this very sender and that the mail answers, the nearest first."""
    mine = sender.addresses | {sender.address}
    found: list[Answering] = []
    signed = [item for item in referred if _is_to(ids.read(secrets, item), mine)]
    sent = find_sent(db, desk.id, signed)
    for item in signed:
        letter = sent.get(item)
        if letter is None or letter.ticket is None or now - letter.created_at > TOKEN_VALID:
            continue
        if letter.address not in mine:
            continue
        relay_to = letter.relay_to or ""
        sign = "the signed id of a letter"
        kind, cause = letter.letter, letter.cause
        found.append(Answering(letter.ticket, letter.relay, relay_to, sign, kind, cause))
    if sender.listed:
        found += _read_tokens(desk, mail, mine, now, secrets)
    return tuple({(item.ticket, item.relay): item for item in reversed(found)}.values())[::-1]


def refer_to_us(referred: Sequence[str], sender: Sender, secrets: Sequence[bytes]) -> bool:
    """Whether the mail answers any letter we sent to this very sender."""
    mine = sender.addresses | {sender.address}
    found = (ids.read(secrets, item) for item in referred)
    return any(our is not None and any(ids.is_for(our, key) for key in mine) for our in found)


def add_evidence(answering: Sequence[Answering], evidence: Sequence[Evidence]) -> list[Evidence]:
    """Tickets that only a token names: a client that sends no References still threads."""
    known = {item.ticket for item in evidence}
    return [
        Evidence("token", item.sign, item.ticket, issued_here=True)
        for item in answering
        if item.ticket not in known
    ]


def _is_to(our: ids.OurId | None, mine: frozenset[str]) -> bool:
    return our is not None and bool(our.ticket) and any(ids.is_for(our, key) for key in mine)


def _read_tokens(
    desk: DeskConfig,
    mail: Incoming,
    mine: frozenset[str],
    now: datetime,
    secrets: Sequence[bytes],
) -> list[Answering]:
    """Plus-addresses of ours among the recipients, then codes of our footers in the quote."""
    own = {address_key(item) for item in desk.addresses}
    tags = [
        item.email.rpartition("@")[0].partition("+")[2]
        for item in (*mail.to, *mail.cc)
        if item.key in own and "+" in item.email
    ]
    signs = [(tag, "a plus-address") for tag in tags]
    signs += [(code, "the code in a letter's footer") for code in tokens.find(mail.text)]
    found = []
    for code, sign in signs:
        token = tokens.read(secrets, code, mine)
        if token is None or not 0 <= tokens.day_of(now) - token.day <= TOKEN_VALID.days:
            continue
        found.append(Answering(token.ticket, _RELAYS[token.relay], "", sign))
    return found


def look_closer(db: Connection, facts: Facts, secrets: Sequence[bytes]) -> Facts:
    """What only some decisions rest on: for staff, the cut and what waits; for a new ticket, whose
    turn it is and what is like it."""
    sender = facts.sender
    if sender is None or facts.ours is not None or facts.mail.kind is not Kind.ORDINARY:
        return facts
    threading = find_thread(facts, sender)
    ticket = threading.ticket or threading.noted
    if facts.directory.staff and (ticket is None or not sender.is_staff):
        recent = cases.read_recent(db, facts.desk.id)
        facts = replace(_call_roll(db, facts), recent=recent)
        mains = find_mains(recent) if not facts.tickets else []
        if mains:  # of no other ticket's thread: its row would be locked out of order
            outages = cases.load(db, facts.desk.id, mains, facts.directory, facts.now)
            facts = replace(facts, outages=outages)
    if ticket is not None:
        asked = facts.mail.encrypted and _had_letter(db, ticket.id, "encrypted", facts.now)
        facts = replace(facts, said=sayings.read_said(db, ticket.id), asked_plain=asked)
        if ticket.state in RATED or sender.role is Role.LEAD:
            facts = replace(facts, follow_up=follow_ups.find_open(db, ticket.id))
    if not sender.is_staff or sender.person is None:
        return _look_at_asked(db, facts, sender, ticket or threading.linked, secrets)
    facts = replace(
        facts,
        passage=_cut(facts, sender, ticket),
        forwarded_from=_find_inner(facts.mail),
        warned=_was_warned(db, sender.address, facts.now),
        exposes_links=_exposes_links(facts, sender, secrets),
    )
    named = _list_named(facts)
    if named:
        facts = replace(facts, named_articles=articles.find_named(db, facts.desk.id, named))
    if ticket is None:
        return facts
    if facts.passage is not None and _asks_for_people(facts.passage.words):
        facts = _call_roll(db, facts)
    drafts = _read_drafts(db, facts, sender, ticket, secrets)
    written = (facts.passage.words if facts.passage else "", *(item.words for item in drafts))
    undoes = any(_UNDOES.search(text) for text in written)
    says_why = bool(drafts) or _explains_miss(facts)
    facts = replace(
        facts,
        misses=misses.read_misses(db, ticket.id) if says_why else (),
        last_change=steps.read_last_change(db, ticket.id, sender.person) if undoes else None,
        drafts=drafts,
    )
    if not approver.concerns(facts, sender, ticket):
        return facts
    if ticket.waiting is Waiting.APPROVAL:
        facts = _call_roll(db, facts)  # a yes gives it to somebody
    return replace(facts, approvals=approvals.read(db, ticket.id))


def _list_named(facts: Facts) -> tuple[str, ...]:
    """The articles his orders publish by number: hardly any mail has one."""
    words = facts.passage.words if facts.passage else ""
    if "kb" not in words.casefold() or not any(map(is_hash_line, words.split("\n"))):
        return ()
    orders = read_script(words).orders
    return tuple(
        number
        for line in orders
        if line.order is Order.PUBLISH
        for number in list_numbers(line.argument)
    )[: MOST + 1]


def _look_at_asked(
    db: Connection,
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket | None,
    secrets: Sequence[bytes],
) -> Facts:
    """What an answer of somebody who does not work here rests on, where a decision waits."""
    if ticket is None or not approver.concerns(facts, sender, ticket):
        return facts
    facts = replace(facts, approvals=approvals.read(db, ticket.id))
    if sender.person is None or Part.APPROVER not in ticket.parts_of(sender.addresses):
        return facts
    return replace(
        facts,
        drafts=_read_drafts(db, facts, sender, ticket, secrets),
        warned=_was_warned(db, sender.address, facts.now),
    )


def _read_drafts(
    db: Connection,
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    secrets: Sequence[bytes],
) -> tuple[Draft, ...]:
    """The sender's own words that wait on the ticket; `redeemed` when the mail has their code."""
    if sender.person is None:
        return ()
    waiting = steps.read_drafts(db, sender.person, [ticket.id], facts.now)
    codes = tokens.find_once(facts.mail.reply) if waiting else ()
    return tuple(
        replace(item, redeemed=True)
        if item.kind == "unproved"
        and facts.now - item.created <= ONCE_VALID
        and any(tokens.is_once(secrets, code, item.id, sender.address) for code in codes)
        else item
        for item in waiting
    )


def _call_roll(db: Connection, facts: Facts) -> Facts:
    """Who of the staff is there, and how much each has."""
    there = attendance.read_attendance(db, facts.desk, facts.now)
    return replace(facts, assigned_at=there.assigned_at, loads=there.loads, away=there.away)


def _asks_for_people(words: str) -> bool:
    """Whether a ticket may change hands by these words."""
    if not any(map(is_hash_line, words.split("\n"))):
        return False
    return any(line.order in _HANDING for line in read_script(words).orders)


_HANDING = frozenset({Order.ASSIGN, Order.JOIN, Order.SPLIT})

# Perhaps an order to undo: spares every other mail of staff the look at what was done last.
_UNDOES = re.compile(r"撤|undo|revert", re.IGNORECASE)


def _explains_miss(facts: Facts) -> bool:
    """Whether the sender says why a limit was missed: only then the misses are looked for."""
    words = facts.passage.words if facts.passage else ""
    return any(line.order is Order.LATE for line in read_script(words).orders)


def _cut(facts: Facts, sender: Sender, ticket: KnownTicket | None) -> Passage:
    """The author's new words, and every reason to doubt the cut below them."""
    keys = set(sender.addresses) | {sender.address}
    if ticket is not None:
        keys |= ticket.insiders
    keys |= {key for person in facts.directory.staff for key in person.addresses}
    keys -= {address_key(item) for item in facts.desk.addresses}
    traces = Traces(
        marker_signs=SIGNS,
        addresses=frozenset(keys),
        names=frozenset((sender.name, *(key.partition("@")[0] for key in sender.addresses))),
        numbers=tokens.find(facts.mail.text),
    )
    found = excerpt(facts.mail, traces)
    doubts = tuple(doubt.value for doubt in found.doubts)
    if _hides_order(facts.mail, traces):
        doubts += ("html_order",)
    return Passage(found.words, not doubts, doubts)


def _hides_order(mail: Incoming, traces: Traces) -> bool:
    """Whether the HTML he wrote holds an order line that the plain text, which we read, lacks."""
    text = read_text(mail.html) if mail.html else ""
    if not any(map(is_hash_line, text.split("\n"))):
        return False
    shown = excerpt(replace(mail, text=text), traces).words.split("\n")
    plain = _squeeze(mail.text)
    return any(is_hash_line(line) and _squeeze(line) not in plain for line in shown)


def _squeeze(text: str) -> str:
    return "".join(text.split()).translate(_NO_DRESS)


_NO_DRESS = dict.fromkeys(map(ord, ">|*_\u200b\ufeff"))


def _exposes_links(facts: Facts, sender: Sender, secrets: Sequence[bytes]) -> bool:
    """Whether the mail quotes links that act for its author, and others than staff got it too."""
    own = {address_key(item) for item in facts.desk.addresses}
    others = (item.key for item in (*facts.mail.to, *facts.mail.cc) if item.key not in own)
    if all(facts.directory.at(key) in facts.directory.staff for key in others):
        return False
    mine = sender.addresses | {sender.address}
    quoted = {*_LINK.findall(facts.mail.text), *_LINK.findall(facts.mail.html or "")}
    for token in list(quoted)[:_MOST_LINKS]:
        link = links.read(secrets, token, facts.now)
        if isinstance(link, links.Link) and link.act != links.CONFIRM and link.person in mine:
            return True
    return False


_LINK = re.compile(r"/t/([A-Za-z0-9_.-]{40,400})")
_MOST_LINKS = 50


def _find_inner(mail: Incoming) -> str | None:
    """Whom a forward names as its author, as a guess; None for a mail that is no forward."""
    if not is_forward(mail.subject):
        return None
    match = _INNER_FROM.search(mail.text[:_SAMPLE])
    if match is None:
        return ""
    return re.sub(r"<[^>]*>|\[mailto:[^\]]*\]|[\"“”]", "", match[1]).strip()[:80]


def _had_letter(db: Connection, ticket: int, letter: str, now: datetime) -> bool:
    """Whether a letter of this kind was written about the ticket within the day."""
    outbox = table.outbox
    query = select(func.count()).where(
        outbox.c.ticket_id == ticket,
        outbox.c.created_at > now - _ASKED_EVERY,
        outbox.c.letter == letter,
    )
    return bool(db.execute(query).scalar_one())


def _was_warned(db: Connection, address: str, now: datetime) -> bool:
    letters = table.outbox
    kind: Literal["unproved"] = "unproved"
    query = (
        select(func.count())
        .select_from(letters)
        .where(
            letters.c.address == address,
            letters.c.created_at > now - _WARNED_EVERY,
            letters.c.letter == kind,
        )
    )
    return bool(db.execute(query).scalar_one())
