"""Attacks on the desk's judgement: outages that end oddly, approvals that are bent, bad luck.

Each of these broke once. What the parts do when all is well stands in tests of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from forging import explain_last
from sqlalchemy import select, update
from test_journeys_approval import MIN, answer, desk_with, request, waits
from test_journeys_approval import WORDS as ASKED
from test_journeys_outage import (
    NET,
    ONE,
    OTHERS,
    THREE,
    TWO,
    count_due,
    open_outage,
    parent_of,
    report,
    say,
)
from thread import (
    LIU,
    ZHANG,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    outcome,
    read,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.arrival.directory import Directory
from maildesk.store import people
from maildesk.store.schema import tickets

MakeWorld = Callable[..., World]

# ── the main ticket of an outage ends, and nobody was asked to confirm ───────────────────────


@pytest.mark.parametrize("line", ["#用户已确认 电话", "#不受理\n请联系行政部，谢谢。", "#垃圾"])
def test_what_hangs_is_not_forgotten_when_the_main_ticket_ends_otherwise(
    make_world: MakeWorld, line: str
) -> None:
    world = open_outage(make_world)
    say(world, ONE, line)
    assert outcome(world)[0] == "appended"
    assert [parent_of(world, number) for number in (TWO, THREE)] == [None, None]
    assert all(count_due(world, number) > 0 for number in (TWO, THREE))
    assert "detached" in event_kinds(world, TWO)
    told = read(last_letter(world, NET))
    assert f"故障主单 {ONE} 已结束，没有请大家确认" in told
    assert f"2 张恢复单独处理，请逐一跟进：{TWO}、{THREE}" in told
    found = [item for item in explain_last(world).findings if item.step == "outage"]
    assert "2 tickets are handled by themselves again" in found[-1].found
    world.later(days=2)
    assert "missed" in kinds(world, NET.key)


def test_ending_a_main_ticket_is_not_said_to_be_undone_when_half_of_it_would_be(
    make_world: MakeWorld,
) -> None:
    world = open_outage(make_world)
    say(world, ONE, "#不受理\n请联系行政部，谢谢。")
    say(world, ONE, "#撤销")
    assert ticket(world)["state"] == "rejected"
    assert "已恢复单独处理，撤销不了；请写 #重开" in read(last_letter(world, NET))


def test_the_main_ticket_that_was_solved_for_all_leaves_nobody_to_chase(
    make_world: MakeWorld,
) -> None:
    world = open_outage(make_world)
    say(world, ONE, "#已解决\n证书已换，请重新连接。")
    write(world, ZHANG, "好了\n", answers=last_id(world, "solved", ZHANG.key))
    assert ticket(world)["state"] == "solved"
    assert parent_of(world, TWO) == ticket(world)["id"]
    assert "请逐一跟进" not in read(last_letter(world, NET))


def test_a_monitoring_ticket_in_an_outage_is_solved_with_it(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    write(
        world,
        "monitor <noreply@corp.test>",
        "VPN 今天早上开始连不上，提示连接超时。\n",
        subject="VPN 连不上",
        headers=("Auto-Submitted: auto-generated",),
    )
    four = "IT-20261120-0004"
    if parent_of(world, four) is None:
        write(world, NET, f"#主单 {ONE}\n", subject=f"[{four}]")
    assert parent_of(world, four) == ticket(world)["id"]
    say(world, ONE, "#已解决\n证书已换，请重新连接。")
    assert ticket(world, four)["state"] == "solved"


def test_who_joins_an_outage_at_the_moment_it_is_solved_is_told_as_well(
    make_world: MakeWorld,
) -> None:
    world = open_outage(make_world)
    four = "IT-20261120-0004"
    report(world, OTHERS[2], "打印机卡纸", "三楼的打印机又卡纸了。")
    assert parent_of(world, four) is None
    solving = threading.Thread(target=say, args=(world, ONE, "#已解决\n证书已换，请重新连接。"))
    with world.store.write() as db:  # another daemon opens it under the main ticket
        main = db.execute(select(tickets.c.id).where(tickets.c.number == ONE).with_for_update())
        solving.start()
        solving.join(0.7)
        assert solving.is_alive(), "it waits for the main ticket's row"
        joined = update(tickets).where(tickets.c.number == four)
        db.execute(joined.values(parent_id=main.scalar_one()))
    solving.join()
    assert ticket(world)["state"] == "to_confirm"
    assert ticket(world, four)["state"] == "to_confirm"
    assert "【请确认】" in str(last_letter(world, OTHERS[2])["Subject"])


# ── approvals ────────────────────────────────────────────────────────────────────────────────


def test_what_is_added_after_the_question_is_not_passed_off_as_approved(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    request(world)
    more = "另外请把全公司工资库的管理员权限也开给我。"
    write(world, ZHANG, f"{more}\n", answers=last_id(world, "ack", ZHANG.key))
    answer(world, "同意\n")
    told = read(last_letter(world, LIU))
    seen, _, notes = told.partition("张伟已批准此申请")
    assert ASKED.strip() in seen
    assert more not in seen
    assert f"审批人没有看到，不在批准范围内：\n张敏：{more}" in notes


def test_who_has_left_the_people_list_approves_nothing_any_more(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    with world.store.write() as db:
        people.sync_people(db, (LEAD, LIU, MIN))
    object.__setattr__(world.intake, "directory", Directory((LEAD, LIU, MIN)))
    answer(world, "同意\n")
    assert waits(world)
    assert kinds(world, LIU.key) == []
    assert "not in the people list any more" in outcome(world)[1]
    world.later(days=5)
    assert "approval_overdue" in [
        row.kind for row in world.rows("SELECT kind FROM deadlines WHERE state = 'fired'")
    ]
    assert "张敏" in read(last_letter(world, LEAD))
