"""A conversation on one ticket of a `World`: who writes, which letter he answers, what proves him.

`open_desk` and `open_ticket` set the scene (张敏 asks, 刘洋 gets the ticket); `engineer_answers`,
`requester_answers` and `write` go on; `last_letter`, `read` and `ticket` look at what came of it.
What a mail may do is asserted in the tests, not here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from builders import raw_mail
from worlds import LEAD, World

from maildesk.desk.person import Person, Role
from maildesk.mail.proof.trust import Border

LIU = Person(
    "刘洋",
    ("liu@corp.test",),
    staff_number="HW005",
    extension="8005",
    role=Role.ENGINEER,
    groups=("hardware",),
)
CHEN = Person("陈晨", ("chen@corp.test",), staff_number="NT002", role=Role.ENGINEER)
AUDITOR = Person("钱审", ("qian@corp.test",), staff_number="AU001", role=Role.AUDITOR)
ZHANG = Person("张敏", ("zhang@corp.test",), department="财务部", extension="8123")
PEOPLE = (LEAD, LIU, CHEN, AUDITOR, ZHANG)

BORDER = Border(("mx.corp.test",), ("mx.corp.test",), ())
_RECEIVED = "Received: from pc by mx.corp.test with ESMTP; Fri, 20 Nov 2026 10:00:00 +0800"
_RESULTS = "Authentication-Results: mx.corp.test; dmarc={} header.from=corp.test"
# What our own border wrote on top of a mail.
PROVED = (_RESULTS.format("pass"), _RECEIVED)
UNPROVED = (_RECEIVED,)
FAILED = (_RESULTS.format("fail"), _RECEIVED)


def open_desk(make_world: Callable[..., World], **given: Any) -> World:
    """A started desk that knows `PEOPLE`, believes mx.corp.test, and has pages to link to."""
    values = {"listed": PEOPLE, "border": BORDER, "base_url": "https://desk.corp.test", **given}
    world = make_world(**values)
    world.start()
    return world


def open_ticket(world: World, **given: Any) -> None:
    """张敏's printer is jammed; the dispatch letter goes to 刘洋. `given` as for `raw_mail`."""
    headers = (*PROVED, *given.pop("headers", ()))
    world.receive(raw_mail(headers=headers, **given))


def engineer_answers(
    world: World, letter: str, text: str, *, by: Person = LIU, **given: Any
) -> None:
    """`by` answers the newest letter of that kind he got; the rest as for `write`."""
    write(world, by, text, answers=last_id(world, letter, by.key), **given)


def requester_answers(world: World, letter: str, text: str, **given: Any) -> None:
    """张敏 answers the newest letter of that kind she got; the rest as for `write`."""
    write(world, ZHANG, text, answers=last_id(world, letter, ZHANG.key), **given)


def write(
    world: World,
    sender: Person | str,
    text: str,
    *,
    answers: str | None = None,
    border: tuple[str, ...] = PROVED,
    headers: tuple[str, ...] = (),
    subject: str = "回复: 打印机卡纸",
    **given: Any,
) -> None:
    """A mail five minutes later; `sender` is a person or a whole From (`name <address>`).

    `answers` is the Message-ID it names, `border` what our own server wrote on top, `headers` what
    else stands in it; the rest as for `raw_mail`.
    """
    world.now += timedelta(minutes=5)
    named = sender if isinstance(sender, str) else f"{sender.name} <{sender.key}>"
    threading = (f"In-Reply-To: <{answers}>", f"References: <{answers}>") if answers else ()
    values = {
        "message_id": f"m{world.mailbox.uidnext}@corp.test",
        "date": world.now.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        **given,
    }
    world.receive(
        raw_mail(
            sender=named,
            text=text,
            subject=subject,
            headers=(*border, *headers, *threading),
            **values,
        )
    )


def last_id(world: World, letter: str, to: str | None = None) -> str:
    """The Message-ID of the newest letter of that kind (to that address)."""
    whose = f" AND address = '{to}'" if to else ""
    query = f"SELECT message_id FROM outbox WHERE letter = '{letter}'{whose} ORDER BY id DESC"
    rows = world.rows(query)
    assert rows, f"no letter {letter} to {to or 'anybody'}"
    return str(rows[0][0])


def kinds(world: World, to: str | None = None, after: int = 0) -> list[str]:
    """Which letters were planned (to that address), in order, without the first `after`."""
    whose = f" WHERE address = '{to}'" if to else ""
    return [row[0] for row in world.rows(f"SELECT letter FROM outbox{whose} ORDER BY id")][after:]


def last_letter(world: World, to: Person | str) -> EmailMessage:
    """The newest letter that left to this person."""
    letters = world.transport.letters(to if isinstance(to, str) else to.key)
    assert letters, f"nothing left to {to}"
    return letters[-1]


def read(letter: EmailMessage) -> str:
    """The text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def ticket(world: World, number: str = "IT-20261120-0001") -> dict[str, Any]:
    """The ticket's whole row, JSON read (SQLite gives it as text)."""
    row = dict(world.rows(f"SELECT * FROM tickets WHERE number = '{number}'")[0]._mapping)
    for name in ("fields", "tags", "pauses"):
        row[name] = json.loads(row[name]) if isinstance(row[name], str) else row[name]
    return row


def event_kinds(world: World, number: str = "IT-20261120-0001") -> list[str]:
    """What the ticket's timeline holds, in order."""
    query = (
        "SELECT events.kind FROM events JOIN tickets ON tickets.id = events.ticket_id "
        f"WHERE number = '{number}' ORDER BY events.id"
    )
    return [row[0] for row in world.rows(query)]


def outcome(world: World) -> tuple[str, str]:
    """What became of the newest mail, and why."""
    row = world.rows("SELECT outcome, reason FROM sightings ORDER BY id DESC LIMIT 1")[0]
    return row.outcome, row.reason
