"""Forged mails of a `World`: how they are sent, and what must be true after each of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from thread import (
    AUDITOR,
    CHEN,
    LIU,
    PROVED,
    UNPROVED,
    ZHANG,
    event_kinds,
    last_id,
    read,
    ticket,
    write,
)
from worlds import World

from maildesk.explanation import Explanation, explain_kept
from maildesk.house import House

NUMBER = "回复: 打印机卡纸 [IT-20261120-0001]"
SOLVED = "#已解决\n已更换硒鼓，请再试一次。FORGED\n"
EVIL = "evil@far.test"
VENDOR = "support@vendor.test"
OF_VENDOR = (
    "Authentication-Results: mx.corp.test; dmarc=pass header.from=vendor.test",
    *UNPROVED,
)
OF_EVIL = ("Authentication-Results: mx.corp.test; dmarc=pass header.from=far.test", *UNPROVED)
PASS = PROVED[0]
ELSEWHERE = "Received: from pc by mx.far.test with ESMTP; Fri, 20 Nov 2026 09:59:00 +0800"


@dataclass(frozen=True)
class Forgery:
    """A forged mail: how it is sent, the event it leaves on the ticket (None: it never gets
    there), and words of the explanation that name the reason."""

    send: Callable[[World], None]
    event: str | None
    why: str


def as_liu(
    world: World, *, text: str = SOLVED, border: tuple[str, ...] = UNPROVED, **given: Any
) -> None:
    write(world, given.pop("sender", LIU), text, border=border, **{"subject": NUMBER, **given})


def as_zhang(world: World, text: str = "好了\n", **given: Any) -> None:
    write(world, given.pop("sender", ZHANG), text, **{"subject": NUMBER, **given})


def find_code(world: World, letter: str = "dispatch", to: str = LIU.key) -> str:
    """The code in the footer of the newest letter of that kind to that address."""
    data = [
        read(mail)
        for mail in world.transport.letters(to)
        if last_id(world, letter, to) in str(mail["Message-ID"])
    ]
    found = re.search(r"〔([rvn]\w+-\w+-\w+)〕", data[0])
    assert found is not None
    return found[1]


def explain_last(world: World) -> Explanation:
    """What `maildesk explain` says of the newest mail."""
    house = cast(House, SimpleNamespace(store=world.store, intake=world.intake))
    newest = str(world.value("SELECT max(id) FROM sightings"))
    return explain_kept(house, newest)[-1]


def constant(world: World) -> dict[str, Any]:
    """The ticket's row but for when it was last touched, and who takes part in it."""
    row = ticket(world)
    del row["updated_at"]
    people = world.rows(
        "SELECT key, participants.role FROM participants JOIN people ON people.id = person_id "
        f"WHERE ticket_id = {row['id']} ORDER BY key, participants.role"
    )
    return {**row, "people": [tuple(item) for item in people]}


def play(world: World, forgery: Forgery) -> Explanation:
    """Send it, and see that the ticket stands still and that nobody but staff hears of it."""
    seen: list[tuple[dict[str, Any], int, int]] = []
    inner = world.mailbox.arrive

    def arrive(raw: bytes, internaldate: datetime | None = None) -> int:
        seen.append((constant(world), len(world.transport.sent), len(event_kinds(world))))
        return inner(raw, internaldate)

    world.mailbox.arrive = arrive  # type: ignore[method-assign]
    forgery.send(world)
    before, sent, events = seen[-1]
    assert constant(world) == before
    left = [to for to, _ in world.transport.sent[sent:]]
    assert set(left) <= {LIU.key, CHEN.key, AUDITOR.key}
    assert len(left) <= 1
    added = [kind for kind in event_kinds(world)[events:] if not kind.startswith("letter_")]
    assert added == ([forgery.event] if forgery.event else [])
    told = explain_last(world)
    assert told.findings
    said = " | ".join((told.reason, *(f"{item.found}: {item.why}" for item in told.findings)))
    assert forgery.why in said, said
    assert any(line.state == "not written" for line in told.letters)
    return told
