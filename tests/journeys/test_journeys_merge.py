"""`#合并` and `#拆分`: two tickets become one, a mail becomes a ticket of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from builders import raw_mail
from ordering import EVERYBODY, LIMING, count_letters, list_letters, open_numbered
from sqlalchemy import select, update
from test_journeys_together import read_at_once, second_mailbox
from thread import (
    BORDER,
    CHEN,
    LIU,
    PROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    last_id,
    last_letter,
    open_desk,
    outcome,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, MemoryMailbox, World

from maildesk.desk.charter import Budgets
from maildesk.store.relatives import read_relatives
from maildesk.store.schema import tickets

MakeWorld = Callable[..., World]
FIRST, SECOND = "IT-20261120-0001", "IT-20261120-0002"


def open_two(make_world: MakeWorld) -> World:
    """张敏 and 李明 report the same; 刘洋 has both."""
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world, 1)
    write(
        world,
        LIMING,
        "三楼打印机一直卡纸，没法打印\n",
        subject="三楼打印机卡纸",
        message_id="liming@corp.test",
    )
    assert ticket(world, SECOND)["state"] == "new"
    return world


def people_of(world: World, number: str) -> set[tuple[str, str]]:
    query = (
        "SELECT people.name, participants.role FROM participants "
        "JOIN people ON people.id = participants.person_id "
        f"JOIN tickets ON tickets.id = participants.ticket_id WHERE number = '{number}'"
    )
    return {(row.name, row.role) for row in world.rows(query)}


def merge_second(world: World, line: str = f"#合并 {FIRST}") -> None:
    engineer_answers(world, "dispatch", f"{line}\n")


def test_a_merged_ticket_is_over_and_its_requester_is_told_the_new_number(
    make_world: MakeWorld,
) -> None:
    world = open_two(make_world)
    sent = count_letters(world)
    merge_second(world)
    row = ticket(world, SECOND)
    assert (row["state"], row["result"]) == ("closed", "merged")
    assert row["merged_into_id"] == ticket(world)["id"]
    assert list_letters(world, sent) == (("merged", LIMING.key),)
    letter = last_letter(world, LIMING)
    assert f"[{FIRST}]" in str(letter["Subject"])
    assert f"（原单号 {SECOND}）已并入 {FIRST}" in read(letter)
    assert ("李明", "cc") in people_of(world, FIRST)
    assert "merged_in" in event_kinds(world)
    assert "merged" in event_kinds(world, SECOND)


def test_a_merged_ticket_misses_nothing_any_more(make_world: MakeWorld) -> None:
    world = open_two(make_world)
    merge_second(world)
    engineer_answers(world, "dispatch", "#接单\n")
    sent = count_letters(world)
    world.later(days=3)
    assert not [item for item in list_letters(world, sent) if item[0] in ("near", "missed")]


def test_an_answer_to_a_letter_of_the_merged_one_reaches_the_other(make_world: MakeWorld) -> None:
    world = open_two(make_world)
    merge_second(world)
    answered = last_id(world, "ack", LIMING.key)
    write(world, LIMING, "还有二楼那台也卡纸\n", answers=answered)
    assert event_kinds(world)[-2:] == ["words", "letter_queued"]
    assert f"[{FIRST}]" in str(last_letter(world, LIU)["Subject"])
    assert ticket(world, SECOND)["state"] == "closed"
    write(world, LIMING, "补充：型号 M428\n", subject=f"补充 [{SECOND}]")
    assert "M428" in read(last_letter(world, LIU))
    assert world.value("SELECT count(*) FROM tickets") == 2
    trace = str(world.value("SELECT trace FROM letters ORDER BY id DESC LIMIT 1"))
    assert f"which was merged into {FIRST}" in trace


def test_everybody_of_both_reads_the_answers_and_the_next_engineer_the_words(
    make_world: MakeWorld,
) -> None:
    world = open_two(make_world)
    merge_second(world)
    write(world, LIU, "#转派 陈晨\n", subject=f"[{FIRST}]")
    given = read(last_letter(world, CHEN))
    assert "三楼打印机一直卡纸" in given
    assert "三楼的打印机又卡纸了" in given
    engineer_answers(world, "dispatch", "#已解决\n已换搓纸轮，请再试。\n", by=CHEN)
    for person in (ZHANG, LIMING):
        assert "已换搓纸轮" in read(last_letter(world, person))


def test_the_other_tickets_engineer_learns_what_has_come_to_him(make_world: MakeWorld) -> None:
    world = open_two(make_world)
    write(world, LIU, "#转派 陈晨\n", subject=f"[{FIRST}]")
    sent = count_letters(world)
    write(world, LIU, f"#合并 {FIRST}\n", subject=f"[{SECOND}]")
    assert set(list_letters(world, sent)) == {("merged", LIMING.key), ("transcript", CHEN.key)}
    told = read(last_letter(world, CHEN))
    assert f"刘洋把 {SECOND} 并入了此单（李明：三楼打印机一直卡纸" in told


def test_one_persons_two_tickets_merge_without_a_letter(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world, 1)
    open_numbered(world, 2)
    sent = count_letters(world)
    merge_second(world)
    assert ticket(world, SECOND)["result"] == "merged"
    assert list_letters(world, sent) == ()


def test_what_was_merged_before_follows_along(make_world: MakeWorld) -> None:
    world = open_two(make_world)
    merge_second(world)
    open_numbered(world, 3)
    write(world, LIU, "#合并 IT-20261120-0003\n", subject=f"[{FIRST}]")
    assert ticket(world)["result"] == "merged"
    third = ticket(world, "IT-20261120-0003")["id"]
    assert ticket(world, SECOND)["merged_into_id"] == third
    with world.store.read() as db:
        assert set(read_relatives(db, third).merged) == {FIRST, SECOND}
        assert read_relatives(db, ticket(world)["id"]).merged_into == "IT-20261120-0003"
    write(world, LIMING, "好了吗\n", answers=last_id(world, "ack", LIMING.key))
    assert "IT-20261120-0003" in str(last_letter(world, LIU)["Subject"])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("#合并 IT-20261120-0009", "没有找到工单“IT-20261120-0009”"),
        (f"#合并 {FIRST} {SECOND}", "请写完整的单号，只写一个"),
        (f"#合并 {SECOND}", f"{SECOND} 就是这张单本身"),
        (f"#合并 {FIRST}\n#已解决\n好了", "不能一起用"),
        ("#合并", "命令没有写完整"),
    ],
)
def test_a_merge_that_cannot_be_meant_changes_nothing(
    make_world: MakeWorld, line: str, why: str
) -> None:
    world = open_two(make_world)
    before = (ticket(world), ticket(world, SECOND))
    merge_second(world, line)
    assert outcome(world)[0] == "noted"
    assert why in read(last_letter(world, LIU))
    assert (ticket(world), ticket(world, SECOND)) == before


def test_nothing_goes_into_a_ticket_that_is_over_and_not_in_circles(make_world: MakeWorld) -> None:
    world = open_two(make_world)
    write(world, LIU, "#用户已确认 电话\n", subject=f"[{FIRST}]")
    merge_second(world)
    assert f"{FIRST} 现在是“已解决”，不能并入" in read(last_letter(world, LIU))
    write(world, LIU, "#重开\n", subject=f"[{FIRST}]")
    merge_second(world)
    assert ticket(world, SECOND)["result"] == "merged"
    write(world, LIU, f"#合并 {SECOND}\n", subject=f"[{FIRST}]")
    assert f"{SECOND} 现在是“已关闭”" in read(last_letter(world, LIU))


def test_a_merge_is_not_undone_and_says_so(make_world: MakeWorld) -> None:
    world = open_two(make_world)
    engineer_answers(world, "dispatch", "#接单\n")
    merge_second(world)
    before = (ticket(world), ticket(world, SECOND))
    engineer_answers(world, "dispatch", "#撤销\n")
    assert "合并撤销不了" in read(last_letter(world, LIU))
    assert (ticket(world), ticket(world, SECOND)) == before


def test_a_number_is_read_as_people_write_it(make_world: MakeWorld) -> None:
    world = open_two(make_world)
    merge_second(world, "#并单 ＩＴ20261120-0001")
    assert ticket(world, SECOND)["result"] == "merged"


def test_a_merge_proved_by_a_code_only_runs_with_its_code(make_world: MakeWorld) -> None:
    world = open_two(make_world)
    engineer_answers(world, "dispatch", f"#合并 {FIRST}\n", border=PROVED[1:])
    assert ticket(world, SECOND)["state"] == "new"
    lines = read(last_letter(world, LIU)).splitlines()
    code = next(line for line in lines if len(line) == 9 and line[4] == "-")
    engineer_answers(world, "code", f"{code}\n", border=PROVED[1:])
    assert ticket(world, SECOND)["result"] == "merged", read(last_letter(world, LIU))


ROUNDS = 6


def test_two_merges_at_once_in_both_directions_wait_for_each_other(make_world: MakeWorld) -> None:
    """The later one meets a ticket that is over; nobody waits for ever, nothing is lost."""
    free = Budgets(per_address_hour=1000, per_staff_hour=1000)
    world = open_desk(make_world, listed=EVERYBODY, budgets=free)
    assert isinstance(world.intake.borders, dict)
    world.intake.borders["second"] = BORDER
    other = second_mailbox(world)
    assert isinstance(other.mailbox, MemoryMailbox)
    for at in range(ROUNDS):
        numbers = [f"IT-20261120-{2 * at + place:04d}" for place in (1, 2)]
        for place in (1, 2):
            open_numbered(world, 2 * at + place)
        for box, (mine, theirs) in (
            (world.mailbox, numbers),
            (other.mailbox, numbers[::-1]),
        ):
            box.arrive(
                raw_mail(
                    sender=f"{LIU.name} <{LIU.key}>",
                    subject=f"[{mine}]",
                    text=f"#合并 {theirs}\n",
                    message_id=f"{mine}-{at}@corp.test",
                    headers=PROVED,
                )
            )
        read_at_once((world.collector, other))
        results = [ticket(world, number)["result"] for number in numbers]
        assert sorted(map(str, results)) == ["None", "merged"], (at, results)


def test_what_is_merged_into_a_ticket_at_the_moment_it_is_merged_on_follows_along(
    make_world: MakeWorld,
) -> None:
    """Else it would stay under one that is over, and its requester's words with it."""
    third = "IT-20261120-0003"
    world = open_two(make_world)
    open_numbered(world, 3)
    numbers = {"mine": FIRST, "theirs": SECOND}
    text = f"#合并 {third}\n"
    merging = threading.Thread(target=write, args=(world, LIU, text), kwargs={"subject": SECOND})
    with world.store.write() as db:  # another daemon merges the first one into the second
        rows = {
            name: db.execute(
                select(tickets.c.id).where(tickets.c.number == number).with_for_update()
            )
            for name, number in numbers.items()
        }
        found = {name: row.scalar_one() for name, row in rows.items()}
        merging.start()
        merging.join(0.7)
        assert merging.is_alive(), "it waits for the second ticket's row"
        gone = update(tickets).where(tickets.c.id == found["mine"])
        values = {"state": "closed", "result": "merged", "merged_into_id": found["theirs"]}
        db.execute(gone.values(values))
    merging.join()
    last = ticket(world, third)["id"]
    assert ticket(world, SECOND)["merged_into_id"] == last
    assert ticket(world)["merged_into_id"] == last
    write(world, ZHANG, "补充：三楼那台\n", subject=f"[{FIRST}]")
    assert event_kinds(world, third)[-2:] == ["words", "letter_queued"]


# ── split ────────────────────────────────────────────────────────────────────────────────────


def write_second_problem(make_world: MakeWorld) -> World:
    """张敏 answers the acknowledgement with another problem, and 刘洋 has got her words."""
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    requester_answers(world, "ack", "另外，VPN 也连不上了，提示证书过期。\n")
    assert world.value("SELECT count(*) FROM tickets") == 1
    return world


def test_the_answered_mail_becomes_a_ticket_of_its_own(make_world: MakeWorld) -> None:
    world = write_second_problem(make_world)
    sent = count_letters(world)
    engineer_answers(world, "answer", "#拆分\n")
    row = ticket(world, SECOND)
    assert row["title"] == "另外，VPN 也连不上了，提示证书过期。"
    assert row["category"] == "network"
    assert row["requester_id"] == ticket(world)["requester_id"]
    kinds = [item[0] for item in list_letters(world, sent)]
    assert kinds.count("ack") == 1
    ack = last_letter(world, ZHANG)
    assert f"[{SECOND}]" in str(ack["Subject"])
    assert f"与 {FIRST} 分开处理，已为您另开新单" in read(ack)
    assert "split" in event_kinds(world)
    assert "split_off" in event_kinds(world, SECOND)
    mail = world.rows("SELECT ticket_id FROM letters WHERE sender = 'zhang@corp.test' ORDER BY id")
    assert [item[0] for item in mail] == [ticket(world)["id"], row["id"]]


def test_who_splits_and_gets_no_dispatch_is_told_the_number(make_world: MakeWorld) -> None:
    world = write_second_problem(make_world)
    engineer_answers(world, "answer", "#拆分 VPN 连不上\n")
    letter = last_letter(world, LIU)
    assert f"[{SECOND}]" in str(letter["Subject"])
    assert f"已从 {FIRST} 拆出此单" in read(letter)
    assert ticket(world, SECOND)["title"] == "VPN 连不上"


def test_the_same_mail_is_split_once(make_world: MakeWorld) -> None:
    world = write_second_problem(make_world)
    answered = last_id(world, "answer", LIU.key)
    write(world, LIU, "#拆分\n", answers=answered)
    write(world, LIU, "#拆分\n", answers=answered)
    assert outcome(world)[0] == "noted"
    assert "可能已经拆分过" in read(last_letter(world, LIU))
    assert world.value("SELECT count(*) FROM tickets") == 2


def test_the_mail_that_opened_a_ticket_is_not_split_off(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#拆分\n")
    assert "没有可以拆出去的" in read(last_letter(world, LIU))
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_a_split_answers_the_words_too_and_later_mails_find_the_new_one(
    make_world: MakeWorld,
) -> None:
    world = write_second_problem(make_world)
    engineer_answers(world, "answer", "#拆分\n打印机今天修好，VPN 另开一单。\n")
    texts = [read(letter) for letter in world.transport.letters(ZHANG.key)]
    assert any("VPN 另开一单" in text for text in texts)
    new = ticket(world, SECOND)["id"]
    own = world.value(f"SELECT message_id FROM letters WHERE ticket_id = {new} ORDER BY id LIMIT 1")
    write(world, ZHANG, "VPN 报错截图稍后发\n", answers=own, subject="回复: VPN")
    assert "words" in event_kinds(world, SECOND)


def test_a_split_is_not_undone_and_says_so(make_world: MakeWorld) -> None:
    world = write_second_problem(make_world)
    answered = last_id(world, "answer", LIU.key)
    write(world, LIU, "#拆分\n", answers=answered)
    write(world, LIU, "#撤销\n", answers=answered)
    assert "拆分撤销不了" in read(last_letter(world, LIU))
    assert world.value("SELECT count(*) FROM tickets") == 2


def test_a_requester_splits_nothing_himself(make_world: MakeWorld) -> None:
    world = write_second_problem(make_world)
    requester_answers(world, "ack", "#拆分\n")
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_a_lead_may_split_and_merge_too(make_world: MakeWorld) -> None:
    world = write_second_problem(make_world)
    write(world, LEAD, "#拆分\n", subject=f"[{FIRST}]")
    assert world.value("SELECT count(*) FROM tickets") == 2
    write(world, LEAD, f"#合并 {FIRST}\n", subject=f"[{SECOND}]")
    assert ticket(world, SECOND)["result"] == "merged"
