"""The tables: what maildesk remembers, and the unique constraints its concurrency rests on.

The door of this room: every table is taken from here. No queries here; how a time or a key is
kept is `column`.

    ledger     mails as they came: mailboxes, sightings, letters, their texts and files, their ids
    person     people, their addresses, their absences
    ticket     numbers, tickets, participants, events
    ahead      what is still to come: outbox, deadlines, drafts, approvals
    aftercare  what comes after: ratings, follow_ups, articles, passages, reports
    operation  ourselves: outages, health
"""

from __future__ import annotations

from maildesk.store.column import metadata
from maildesk.store.schema.aftercare import (
    SEARCH_INDEX,
    articles,
    follow_ups,
    passages,
    ratings,
    reports,
)
from maildesk.store.schema.ahead import approvals, deadlines, drafts, outbox
from maildesk.store.schema.ledger import (
    attachments,
    letters,
    mailboxes,
    message_ids,
    sightings,
    texts,
)
from maildesk.store.schema.operation import health, outages
from maildesk.store.schema.person import absences, addresses, people
from maildesk.store.schema.ticket import events, numbers, participants, tickets

__all__ = [
    "SEARCH_INDEX",
    "absences",
    "addresses",
    "approvals",
    "articles",
    "attachments",
    "deadlines",
    "drafts",
    "events",
    "follow_ups",
    "health",
    "letters",
    "mailboxes",
    "message_ids",
    "metadata",
    "numbers",
    "outages",
    "outbox",
    "participants",
    "passages",
    "people",
    "ratings",
    "reports",
    "sightings",
    "texts",
    "tickets",
]
