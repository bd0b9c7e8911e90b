"""Each answer of a mail server has its own consequence for a letter (DESIGN §3)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from builders import raw_mail
from worlds import Said, World

from maildesk.store import outbox
from maildesk.store.owner import name_owner


def test_a_4xx_waits_1_5_10_20_minutes_and_then_leaves_under_the_same_message_id(
    world: World,
) -> None:
    world.transport.answers = [Said("later", 451, "greylisted", "rcpt")] * 4
    world.receive(raw_mail())
    ident = world.value("SELECT message_id FROM outbox")
    waits = []
    for _ in range(4):
        due = world.rows("SELECT next_at FROM outbox")[0][0]
        now = int(world.now.timestamp() * 1_000_000)
        waits.append(round((due - now) / 60_000_000))
        world.later(minutes=waits[-1], seconds=1)
    assert waits == [1, 5, 10, 20]
    assert world.transport.letters()[0]["Message-ID"] == f"<{ident}>"


def test_a_letter_is_given_up_after_five_days_unless_it_lost_its_use_before(world: World) -> None:
    world.transport.answers = [Said("later", None, "no connection", "connect")] * 400
    world.receive(raw_mail())
    world.later(days=2)
    assert world.value("SELECT state FROM outbox WHERE letter='ack'") == "superseded"


def test_a_5xx_is_final_and_stands_on_the_ticket_and_makes_no_notice(world: World) -> None:
    world.transport.answers = [Said("never", 550, "no such user", "rcpt")]
    world.receive(raw_mail())
    assert world.value("SELECT state FROM outbox") == "dead"
    assert world.value("SELECT count(*) FROM events WHERE kind='letter_refused'") == 1
    assert world.value("SELECT count(*) FROM outbox") == 1


def test_an_unknown_end_is_tried_once_more_and_then_left_to_a_person(world: World) -> None:
    world.transport.answers = [Said("unknown", None, "cut", "dot")] * 2
    world.receive(raw_mail())
    assert world.value("SELECT state FROM outbox") == "queued"
    world.later(minutes=2)
    assert world.value("SELECT state FROM outbox") == "unknown"
    tries = world.transport.tries
    world.later(minutes=30)
    assert world.transport.tries == tries == 2
    with world.store.write() as db:
        assert outbox.retry(db, 1, world.now)


def test_a_lease_of_a_dead_process_is_taken_back_and_of_a_living_one_is_not(world: World) -> None:
    world.mailbox.arrive(raw_mail())
    world.collector.read_new()
    other = name_owner().replace("/", "-elsewhere/", 1)
    with world.store.write() as db:
        assert outbox.claim(db, other, world.now, timedelta(minutes=3), 10)
    asyncio.run(world.delivery.drain())
    assert not world.transport.sent
    world.later(minutes=4)
    assert len(world.transport.sent) == 1
    assert world.value("SELECT in_doubt FROM outbox") == 1


def test_a_settle_after_the_lease_was_lost_writes_nothing(world: World) -> None:
    world.mailbox.arrive(raw_mail())
    world.collector.read_new()
    with world.store.write() as db:
        [row] = outbox.claim(db, "me", world.now, timedelta(minutes=3), 10)
        assert not outbox.settle(db, row.id, "not me", state="accepted", now=world.now)
    assert world.value("SELECT state FROM outbox") == "sending"


def test_outbox_bytes_are_the_same_at_every_try(world: World) -> None:
    world.transport.answers = [Said("later", 451, "busy", "data")]
    world.receive(raw_mail())
    stored = bytes(world.rows("SELECT data FROM outbox")[0][0])
    world.later(minutes=2)
    assert world.transport.sent[0][1] == stored
