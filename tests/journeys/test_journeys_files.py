"""Letters that carry files leave whole or not at all; those that lost their use do not leave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from builders import raw_mail
from worlds import MemoryTransport, Said, World

from maildesk.delivery import Delivery
from maildesk.desk.decision import LetterPlan
from maildesk.desk.letters.letter_values import SAMPLES
from maildesk.mail.message import Attachment
from maildesk.store import outbox

BIG = bytes(range(256)) * 4096  # 1 MB


def keep(world: World, name: str, data: bytes) -> Attachment:
    stored = world.blobs.files.save((data,))
    return Attachment(name, "application/pdf", stored.size, stored.sha256, False)


def queue(world: World, cause: str, *files: Attachment, **given: Any) -> None:
    """A letter about the world's ticket, with files, to one engineer."""
    plan = LetterPlan("ack", "liu@corp.test", "刘洋", "zh-CN", SAMPLES["ack"][0], files=files)
    with world.store.write() as db:
        letter = world.press.print_letter(
            plan, world.desk, cause=cause, ticket=1, now=world.now, **given
        )
        outbox.enqueue(db, [letter], world.now)


def drain(world: World) -> None:
    asyncio.run(world.delivery.drain())


@pytest.fixture
def desk(world: World) -> World:
    """A desk with one ticket, its acknowledgement sent."""
    world.receive(raw_mail())
    world.transport.sent.clear()
    return world


def test_a_letter_leaves_with_its_files_and_is_the_same_at_every_try(desk: World) -> None:
    tried: list[bytes] = []

    class Watched(MemoryTransport):
        async def send(self, sender: str, recipient: str, data: bytes) -> Said:
            tried.append(data)
            return await super().send(sender, recipient, data)

    desk.delivery.transport = Watched(answers=[Said("later", 451, "busy", "data")])
    files = (keep(desk, "现场照片.pdf", BIG), keep(desk, "空.txt", b""))
    queue(desk, "letter:1", *files)
    assert desk.value("SELECT length(data) FROM outbox WHERE address='liu@corp.test'") < 10_000
    drain(desk)
    desk.later(minutes=2)
    assert len(tried) == 2
    assert tried[0] == tried[1]
    [letter] = desk.delivery.transport.letters()
    parts = list(letter.iter_attachments())
    assert [part.get_filename() for part in parts] == ["现场照片.pdf", "空.txt"]
    assert [part.get_payload(decode=True) for part in parts] == [BIG, b""]


@pytest.mark.parametrize(("data", "why"), [(None, "not there any more"), (b"%PD", "is damaged")])
def test_a_letter_whose_file_is_lost_is_dead_and_stands_on_the_ticket(
    desk: World, data: bytes | None, why: str
) -> None:
    lost = keep(desk, "合同.pdf", b"%PDF")
    path = desk.blobs.file_path(lost.sha256)
    path.unlink() if data is None else path.write_bytes(data)
    queue(desk, "letter:1", keep(desk, "a.pdf", b"there"), lost)
    queue(desk, "letter:2", keep(desk, "b.pdf", b"there"))
    drain(desk)
    [letter] = desk.transport.letters("liu@corp.test")
    assert [part.get_filename() for part in letter.iter_attachments()] == ["b.pdf"]
    [row] = desk.rows(
        "SELECT state, reason FROM outbox WHERE cause='letter:1' AND letter='ack'"
        " AND address='liu@corp.test'"
    )
    assert row.state == "dead"
    assert "合同.pdf" in row.reason
    assert why in row.reason
    [event] = desk.rows("SELECT data FROM events WHERE kind='letter_refused'")
    assert why in str(event.data)
    assert desk.value("SELECT count(*) FROM outbox") == 3


def test_trouble_of_the_disk_delays_a_letter_and_no_other(desk: World) -> None:
    asked = 0

    def stutter(sha256: str) -> Iterator[bytes]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise PermissionError("input/output error")
        yield from desk.blobs.read_file(sha256)

    desk.delivery.open_file = stutter
    queue(desk, "letter:2")
    queue(desk, "letter:3", keep(desk, "a.pdf", b"there"))
    drain(desk)
    assert len(desk.transport.sent) == 1
    [row] = desk.rows("SELECT state, reason FROM outbox WHERE cause='letter:3'")
    assert row.state == "queued"
    assert "input/output error" in row.reason
    desk.later(minutes=2)
    assert len(desk.transport.sent) == 2


def test_a_delivery_without_files_lets_only_letters_with_files_wait(desk: World) -> None:
    desk.delivery = Delivery(desk.store, desk.transport, {desk.desk.id: desk.desk}, "bare")
    queue(desk, "letter:2", keep(desk, "a.pdf", b"there"))
    queue(desk, "letter:3")
    drain(desk)
    assert len(desk.transport.sent) == 1
    [row] = desk.rows("SELECT state, reason FROM outbox WHERE cause='letter:2'")
    assert row.state == "queued"
    assert "not told where files are kept" in row.reason


@dataclass
class Slow(MemoryTransport):
    """Counts how many letters are on their way at once."""

    under_way: int = 0
    most: int = 0

    async def send(self, sender: str, recipient: str, data: bytes) -> Said:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        return await super().send(sender, recipient, data)


@pytest.mark.parametrize(("with_files", "at_once"), [(True, 2), (False, 6)])
def test_few_letters_with_files_are_in_memory_at_once(
    desk: World, with_files: bool, at_once: int
) -> None:
    transport = Slow()
    desk.delivery.transport = transport
    files = (keep(desk, "a.pdf", BIG),) if with_files else ()
    for number in range(6):
        queue(desk, f"letter:{number + 2}", *files)
    drain(desk)
    assert len(transport.sent) == 6
    assert transport.most == at_once


TAKEN = "assignee_id = requester_id"


@pytest.mark.parametrize(
    ("condition", "meanwhile", "state"),
    [
        ("awaiting_response", "state = 'in_progress'", "accepted"),
        ("awaiting_response", "responded_at = 1", "superseded"),
        ("awaiting_response", "state = 'to_confirm'", "superseded"),
        ("unassigned", "responded_at = 1", "accepted"),
        ("unassigned", TAKEN, "superseded"),
        ("to_confirm", "state = 'to_confirm'", "accepted"),
        ("to_confirm", "state = 'solved'", "superseded"),
        ("queued_only", TAKEN, "accepted"),
        (None, TAKEN, "accepted"),
    ],
)
def test_a_letter_that_lost_its_use_does_not_leave(
    desk: World, condition: str | None, meanwhile: str, state: str
) -> None:
    queue(desk, "letter:2", condition=condition)
    with desk.store.write() as db:
        db.exec_driver_sql(f"UPDATE tickets SET {meanwhile}")
    drain(desk)
    assert desk.value("SELECT state FROM outbox WHERE cause='letter:2'") == state
    assert len(desk.transport.sent) == (state == "accepted")


def test_what_is_taken_back_while_it_waits_does_not_leave(desk: World) -> None:
    queue(desk, "letter:2", condition="queued_only")
    with desk.store.write() as db:
        assert outbox.supersede(db, "letter:2", desk.now, "undone") == 1
    drain(desk)
    assert not desk.transport.sent
