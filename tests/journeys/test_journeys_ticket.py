"""One mail becomes one ticket, is acknowledged once, and replies land in it."""

from __future__ import annotations

import re
from collections.abc import Callable

from builders import raw_mail
from worlds import World


def test_a_mail_becomes_a_numbered_ticket_and_its_sender_is_told(world: World) -> None:
    world.receive(raw_mail())
    ticket = world.rows("SELECT number, category, priority, state, title FROM tickets")[0]
    assert ticket.number == "IT-20261120-0001"
    assert ticket.category == "hardware"
    assert ticket.state == "unassigned"
    [letter] = world.transport.letters("zhang@corp.test")
    assert letter["Subject"].count("IT-20261120-0001") == 1
    assert "已受理" in letter["Subject"]
    assert letter["Auto-Submitted"] == "auto-replied"
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "张敏" in text
    assert "硬件组" in text
    assert "8000" in text
    assert not re.search(r"\d{4}-\d\d-\d\dT", text)


def test_a_reply_by_references_joins_and_is_not_acknowledged(world: World) -> None:
    world.receive(raw_mail())
    ack = world.transport.letters()[0]["Message-ID"]
    world.receive(
        raw_mail(
            message_id="two@corp.test",
            subject="补充",
            text="补充：是三楼东侧那台。\n",
            headers=(f"In-Reply-To: {ack}", f"References: {ack}"),
        )
    )
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert len(world.transport.sent) == 1
    assert world.value("SELECT count(*) FROM events WHERE kind = 'words'") == 1


def test_a_reply_by_number_behind_any_prefix_joins(world: World) -> None:
    world.receive(raw_mail())
    prefixes = ("Re: ", "RE[2]: ", "答复：", "回复: ", "转发：", "AW: ", "SV: ", "Ответ: ")
    for at, prefix in enumerate(prefixes):
        subject = f"{prefix}【已受理】打印机卡纸 ［ it-20261120-0001 ］"
        world.receive(raw_mail(message_id=f"r{at}@corp.test", subject=subject))
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert world.value("SELECT count(*) FROM events WHERE kind = 'words'") == len(prefixes)


def test_a_stranger_quoting_a_number_changes_nothing_in_that_ticket(world: World) -> None:
    world.receive(raw_mail())
    before = world.rows("SELECT count(*) FROM events WHERE ticket_id = 1")
    world.receive(
        raw_mail(
            sender="李四 <li@corp.test>",
            message_id="s@corp.test",
            subject="Re: [IT-20261120-0001]",
        )
    )
    assert world.rows("SELECT count(*) FROM events WHERE ticket_id = 1") == before
    assert world.value("SELECT count(*) FROM tickets") == 2
    assert world.value("SELECT count(*) FROM events WHERE kind = 'linked'") == 1
    world.receive(
        raw_mail(sender="x <x@elsewhere.test>", message_id="t@e.test", subject="[IT-20261120-0001]")
    )
    assert world.value("SELECT outcome FROM sightings ORDER BY id DESC LIMIT 1") == "doorstep"
    assert world.rows("SELECT count(*) FROM events WHERE ticket_id = 1") == before
    assert not world.transport.letters("x@elsewhere.test")


def test_the_same_mail_twice_is_one_letter_with_two_sightings(world: World) -> None:
    raw = raw_mail()
    world.receive(raw)
    world.receive(raw.replace(b"To: ", b"Received: from mx by mail; Fri, 20 Nov 2026\r\nTo: "))
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert [row[0] for row in world.rows("SELECT outcome FROM sightings ORDER BY id")] == [
        "opened",
        "duplicate",
    ]
    assert len(world.transport.sent) == 1


def test_the_same_message_id_with_other_content_is_a_new_letter(world: World) -> None:
    world.receive(raw_mail())
    world.receive(raw_mail(text="另外，显示器也不亮了，请一起看看。\n"))
    outcomes = [row[0] for row in world.rows("SELECT outcome FROM sightings ORDER BY id")]
    assert outcomes == ["opened", "appended"]


def test_a_system_that_reuses_its_message_id_gets_a_ticket_for_each_mail(world: World) -> None:
    world.receive(raw_mail(text="服务器 A 的磁盘满了\n"))
    world.receive(raw_mail(text="服务器 B 的磁盘满了\n", date="Fri, 20 Nov 2026 10:30:00 +0800"))
    assert world.value("SELECT count(*) FROM tickets") == 2


def test_numbers_go_up_and_are_dated_by_the_opening_day(world: World) -> None:
    for at in range(3):
        world.receive(raw_mail(message_id=f"n{at}@corp.test", text=f"第{at}个问题：电脑蓝屏\n"))
    world.later(hours=24)
    world.receive(raw_mail(message_id="next@corp.test", text="电脑又蓝屏了\n"))
    numbers = [row[0] for row in world.rows("SELECT number FROM tickets ORDER BY id")]
    assert numbers == [
        "IT-20261120-0001",
        "IT-20261120-0002",
        "IT-20261120-0003",
        "IT-20261121-0001",
    ]


def test_attachments_are_kept_by_their_hash(world: World) -> None:
    data = bytes(range(256)) * 40
    world.receive(raw_mail(attachment=("screen.png", data)))
    row = world.rows("SELECT filename, size, sha256 FROM attachments")[0]
    assert (row.filename, row.size) == ("screen.png", len(data))
    assert world.blobs.file_path(row.sha256).read_bytes() == data


def test_somebody_in_cc_may_add_words_afterwards(world: World) -> None:
    world.receive(raw_mail(headers=("Cc: li@corp.test",)))
    world.receive(
        raw_mail(
            sender="李四 <li@corp.test>",
            message_id="cc@corp.test",
            subject="答复：[IT-20261120-0001] 打印机卡纸",
        )
    )
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_the_answer_is_in_the_language_of_the_request(world: World) -> None:
    world.receive(
        raw_mail(
            sender="Alice Chen <alice@corp.test>",
            subject="Printer jam",
            text="The printer on floor 3 is jammed again, please help.\n",
        )
    )
    [letter] = world.transport.letters()
    assert letter["Subject"].startswith("[Received]")


def test_a_mail_with_the_desk_only_in_cc_opens_without_a_letter(world: World) -> None:
    world.receive(raw_mail(to="all@corp.test", headers=("Cc: desk@corp.test",)))
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert world.value("SELECT count(*) FROM events WHERE kind = 'to_sort'") == 1
    assert not world.transport.sent


def test_a_stranger_waits_at_the_doorstep_until_admitted(
    make_world: Callable[..., World],
) -> None:
    from maildesk.store import ledger

    world = make_world()
    world.start()
    world.receive(raw_mail(sender="Bob <bob@elsewhere.test>"))
    assert world.value("SELECT count(*) FROM tickets") == 0
    assert not world.transport.sent
    with world.store.write() as db:
        assert ledger.admit(db, 1)
    world.run()
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert len(world.transport.letters("bob@elsewhere.test")) == 1


def test_a_letter_goes_to_the_address_as_its_owner_writes_it(world: World) -> None:
    world.receive(raw_mail(sender="C <C++@corp.test>"))
    [(to, _)] = world.transport.sent
    assert to == "C++@corp.test"
    assert world.transport.letters()[0]["To"].addresses[0].addr_spec == "C++@corp.test"
