"""Two mails of one thread at once, two mailboxes, two daemons: one ticket, one letter."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from builders import NOW, raw_mail
from worlds import MemoryMailbox, World

from maildesk.collect import Collector
from maildesk.delivery import Delivery
from maildesk.desk.charter import Budgets

ROUNDS = 15
FREE = Budgets(per_address_hour=1000)


def second_mailbox(world: World) -> Collector:
    config = replace(world.config, name="second")
    mailbox = MemoryMailbox(lambda: world.now)
    collector = Collector(config, mailbox, world.intake, lambda n, r: 0.0)
    collector.open()
    return collector


def read_at_once(collectors: Sequence[Collector]) -> None:
    gate = threading.Barrier(len(collectors))
    faults: list[BaseException] = []

    def read(collector: Collector) -> None:
        try:
            gate.wait()
            collector.read_new()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=read, args=(item,)) for item in collectors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


def test_an_original_and_its_reply_all_arriving_at_once_are_one_ticket(
    make_world: Callable[..., World],
) -> None:
    world = make_world(budgets=FREE)
    world.start()
    other = second_mailbox(world)
    assert isinstance(other.mailbox, MemoryMailbox)
    for at in range(ROUNDS):
        original = raw_mail(
            message_id=f"o{at}@corp.test",
            to="desk@corp.test, li@corp.test",
            text=f"第 {at} 次，打印机卡纸\n",
        )
        reply_all = raw_mail(
            sender="李四 <li@corp.test>",
            to="zhang@corp.test, desk@corp.test",
            subject="答复: 打印机卡纸",
            message_id=f"r{at}@corp.test",
            text=f"第 {at} 次，我这里也是\n",
            headers=(f"In-Reply-To: <o{at}@corp.test>", f"References: <o{at}@corp.test>"),
        )
        pair = (original, reply_all) if at % 2 else (reply_all, original)
        world.mailbox.arrive(pair[0])
        other.mailbox.arrive(pair[1])
        read_at_once((world.collector, other))
        assert world.value("SELECT count(*) FROM tickets") == at + 1
    assert world.value("SELECT count(*) FROM events WHERE kind='words'") == ROUNDS


def test_the_same_mail_in_two_mailboxes_at_once_is_one_ticket_and_one_letter(
    make_world: Callable[..., World],
) -> None:
    world = make_world(budgets=FREE, addresses=("desk@corp.test", "help@corp.test"))
    world.start()
    other = second_mailbox(world)
    assert isinstance(other.mailbox, MemoryMailbox)
    for at in range(ROUNDS):
        raw = raw_mail(
            to="desk@corp.test, help@corp.test", message_id=f"m{at}@corp.test", text=f"第 {at} 封\n"
        )
        world.mailbox.arrive(raw)
        other.mailbox.arrive(b"Received: from elsewhere by mx2\r\n" + raw)
        read_at_once((world.collector, other))
    asyncio.run(world.delivery.drain())
    assert world.value("SELECT count(*) FROM tickets") == ROUNDS
    assert world.value("SELECT count(*) FROM sightings WHERE outcome='duplicate'") == ROUNDS
    assert len(world.transport.sent) == ROUNDS


def test_two_replies_of_a_thread_nobody_knows_meet_in_one_ticket(
    make_world: Callable[..., World],
) -> None:
    world = make_world(budgets=FREE)
    world.start()
    other = second_mailbox(world)
    assert isinstance(other.mailbox, MemoryMailbox)
    for at in range(ROUNDS):
        for box, name, copy in ((world.mailbox, "zhang", "li"), (other.mailbox, "li", "zhang")):
            box.arrive(
                raw_mail(
                    sender=f"{name} <{name}@corp.test>",
                    to=f"desk@corp.test, {copy}@corp.test",
                    message_id=f"{name}{at}@corp.test",
                    text=f"{name} 第 {at} 次\n",
                    headers=(f"References: <root{at}@corp.test>",),
                )
            )
        read_at_once((world.collector, other))
        assert world.value("SELECT count(*) FROM tickets") == at + 1


def test_numbers_given_at_once_are_all_different(make_world: Callable[..., World]) -> None:
    world = make_world(budgets=FREE)
    world.start()
    other = second_mailbox(world)
    assert isinstance(other.mailbox, MemoryMailbox)
    for box, name in ((world.mailbox, "a"), (other.mailbox, "b")):
        for at in range(40):
            box.arrive(raw_mail(message_id=f"{name}{at}@corp.test", text=f"{name} {at} 蓝屏\n"))
    read_at_once((world.collector, other))
    assert world.value("SELECT count(DISTINCT number) FROM tickets") == 80


def test_two_daemons_draining_one_outbox_send_each_letter_once(
    make_world: Callable[..., World], tmp_path: Path
) -> None:
    world = make_world(budgets=FREE)
    world.start()
    for at in range(60):
        world.mailbox.arrive(
            raw_mail(sender=f"u{at} <u{at}@corp.test>", message_id=f"m{at}@corp.test")
        )
    world.collector.read_new()
    desks = {world.desk.id: world.desk}
    daemons = [Delivery(world.store, world.transport, desks, f"daemon {at}") for at in range(2)]
    gate = threading.Barrier(2)

    def drain(delivery: Delivery) -> None:
        gate.wait()
        asyncio.run(delivery.drain())

    threads = [threading.Thread(target=drain, args=(item,)) for item in daemons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recipients = [to for to, _ in world.transport.sent]
    assert len(recipients) == 60
    assert len(set(recipients)) == 60


def test_two_clocks_at_once_tell_the_lead_once(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.start()
    world.receive(raw_mail())
    world.now = NOW + timedelta(hours=30)
    gate = threading.Barrier(2)

    def tick() -> None:
        gate.wait()
        world.clock.tick()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.value("SELECT count(*) FROM outbox WHERE letter='missed'") == 1
