"""Something urgent (M3): who is told at once, and what happens while nothing is heard of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from builders import DESK, profile
from thread import (
    CHEN,
    LIU,
    PEOPLE,
    PROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Profile

MakeWorld = Callable[..., World]
ZHAO = Person("赵磊", ("zhao@corp.test",), role=Role.ENGINEER, groups=("network",))
HEAD = Person("钱峰", ("feng@corp.test",), staff_number="NT009", role=Role.ENGINEER)
ALL = (*PEOPLE, ZHAO, HEAD)
DOWN = "全公司断网了，都上不了网！\n"


def _led(by: str = "NT009") -> Profile:
    plain = profile()
    groups = (replace(g, lead=by) if g.key == "network" else g for g in plain.groups)
    return replace(plain, groups=tuple(groups), unassigned_after_minutes=15)


def _open(make_world: MakeWorld, **given: Any) -> World:
    world = open_desk(make_world, **{"listed": ALL, "profile": _led(), **given})
    open_ticket(world, subject="全公司断网", text=DOWN)
    return world


def test_lead_and_the_groups_lead_are_told_at_once_though_somebody_has_it(
    make_world: MakeWorld,
) -> None:
    world = _open(make_world)
    assert kinds(world, ZHAO.key) == ["dispatch"]
    assert kinds(world, LEAD.key) == kinds(world, HEAD.key) == ["urgent"]
    letter = last_letter(world, LEAD)
    assert str(letter["Subject"]) == "【紧急】全公司断网｜财务部张敏 [IT-20261120-0001]"
    for line in (
        "应急响应已启动，由赵磊（网络组，分机 8002）处理。",
        "提报人：财务部张敏　电话 8123",
        "登记：网络异常｜紧急",
        "今天 10:30 前须联系用户",
        "热线：8000",
        "全公司断网了，都上不了网！",
    ):
        assert line in read(letter), read(letter)
    assert "major" in str(ticket(world)["tags"])
    assert "major_incident" in event_kinds(world)


def test_who_leads_both_gets_one_letter(make_world: MakeWorld) -> None:
    world = _open(make_world, profile=_led("王强"))
    assert kinds(world, LEAD.key) == ["urgent"]


def test_a_lead_who_has_it_himself_is_told_by_its_dispatch(make_world: MakeWorld) -> None:
    both = Person("李组", ("li@corp.test",), "X1", role=Role.LEAD, groups=("network",))
    world = _open(make_world, listed=(*PEOPLE, both))
    assert kinds(world, "li@corp.test") == ["dispatch"]
    assert kinds(world, LEAD.key) == ["urgent"]


def test_who_has_to_find_somebody_is_told_that_instead(make_world: MakeWorld) -> None:
    world = _open(make_world, listed=(*PEOPLE, HEAD), profile=_led())
    world.later(seconds=1)
    assert kinds(world, LEAD.key) == ["unassigned"]
    assert kinds(world, HEAD.key) == ["urgent"]
    assert "还没有人处理，请马上安排" in read(last_letter(world, HEAD))
    engineer_answers(world, "urgent", "#转派 陈晨\n", by=HEAD)
    assert kinds(world, CHEN.key) == ["dispatch"]


def test_an_ordinary_ticket_and_a_circular_wake_nobody(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=ALL, profile=_led())
    open_ticket(world)
    open_ticket(
        world,
        message_id="c@corp.test",
        to="all@corp.test",
        subject="全公司断网",
        text=DOWN,
        headers=(f"Cc: {DESK}",),
    )
    assert "urgent" not in kinds(world)
    assert ticket(world, "IT-20261120-0002")["priority"] == "urgent"


def test_many_reports_of_one_outage_are_no_storm(make_world: MakeWorld) -> None:
    world = _open(make_world)
    for count in range(1, 6):
        sender = f"同事{count} <c{count}@corp.test>"
        open_ticket(
            world, sender=sender, message_id=f"o{count}@corp.test", subject="全公司断网", text=DOWN
        )
    assert world.value("SELECT count(*) FROM tickets WHERE priority = 'urgent'") == 6
    assert kinds(world, LEAD.key).count("urgent") == kinds(world, HEAD.key).count("urgent") == 2
    assert len(world.rows("SELECT 1 FROM deadlines WHERE kind = 'major_update'")) == 2


def test_raised_by_order_it_begins_as_well_and_lowered_it_ends(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=ALL, profile=_led())
    open_ticket(world, subject="VPN 连不上", text="VPN 连不上，麻烦看一下。\n")
    engineer_answers(world, "dispatch", "#优先级 紧急\n", by=ZHAO)
    assert kinds(world, LEAD.key) == ["urgent"]
    assert kinds(world, ZHAO.key) == ["dispatch"]  # he raised it himself
    assert "以下工单已升为紧急（赵磊）" in read(last_letter(world, LEAD))
    write(world, ZHAO, "#优先级 中\n", subject="[IT-20261120-0001]")
    world.later(hours=1)
    assert "silent" not in kinds(world)
    write(world, LEAD, "#优先级 紧急\n", subject="[IT-20261120-0001]")
    assert kinds(world, LEAD.key).count("urgent") == 1  # it is his own order now
    assert kinds(world, ZHAO.key)[-1] == "urgent"


def test_wider_scope_tells_each_in_one_letter(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=ALL, profile=_led())
    open_ticket(world, subject="VPN 连不上", text="VPN 连不上，麻烦看一下。\n")
    requester_answers(world, "ack", "现在全公司断网了，所有人都上不了网\n")
    assert ticket(world)["priority"] == "urgent"
    assert kinds(world, ZHAO.key) == ["dispatch", "answer"]
    assert kinds(world, LEAD.key) == kinds(world, HEAD.key) == ["urgent"]


def test_raised_while_nobody_has_it_the_leads_are_told_so(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*PEOPLE, HEAD), profile=_led())
    open_ticket(world, subject="VPN 连不上", text="VPN 连不上，麻烦看一下。\n")
    requester_answers(world, "ack", "现在全公司断网了，所有人都上不了网\n")
    assert kinds(world, LEAD.key) == ["urgent"]
    assert "还没有人处理，请马上安排" in read(last_letter(world, LEAD))


def test_silence_reminds_the_engineer_and_then_the_lead(make_world: MakeWorld) -> None:
    world = _open(make_world)
    engineer_answers(world, "dispatch", "张敏您好，正在查核心交换机。\n", by=ZHAO)
    for _ in range(5):
        world.later(minutes=5)
    assert "silent" not in kinds(world)
    world.later(minutes=6)
    assert kinds(world, ZHAO.key) == ["dispatch", "silent"]
    assert kinds(world, LEAD.key) == ["urgent"]
    letter = last_letter(world, ZHAO)
    assert "您处理的这张紧急工单已有 31分钟没有新进展" in read(letter)
    world.later(minutes=30)
    assert kinds(world, ZHAO.key) == ["dispatch", "silent", "silent"]
    assert kinds(world, LEAD.key) == ["urgent", "silent"]
    assert "已提醒过处理人赵磊（分机 8002），请您过问一下。" in read(last_letter(world, LEAD))
    engineer_answers(world, "silent", "还在查，先用手机热点。\n", by=ZHAO)
    assert "先用手机热点" in read(last_letter(world, ZHANG))
    world.later(minutes=29)
    assert kinds(world, ZHAO.key).count("silent") == 2
    world.later(minutes=2)
    assert kinds(world, ZHAO.key).count("silent") == 3
    assert kinds(world, LEAD.key).count("silent") == 1


def test_a_night_of_silence_is_no_storm(make_world: MakeWorld) -> None:
    world = _open(make_world)
    engineer_answers(world, "dispatch", "正在查。\n", by=ZHAO)
    for _ in range(12 * 12):
        world.later(minutes=5)
    assert 3 <= kinds(world, ZHAO.key).count("silent") <= 4


def test_who_did_not_answer_four_letters_is_not_sent_a_fifth(make_world: MakeWorld) -> None:
    world = _open(make_world)
    engineer_answers(world, "dispatch", "正在查。\n", by=ZHAO)
    for _ in range(4 * 24):
        world.later(minutes=60)
    assert kinds(world, ZHAO.key).count("silent") == 4
    engineer_answers(world, "silent", "还在查，备件明天到。\n", by=ZHAO)
    for _ in range(10):
        world.later(minutes=60)
    assert kinds(world, ZHAO.key).count("silent") > 4


def test_before_the_first_response_its_limits_are_told_and_not_silence(
    make_world: MakeWorld,
) -> None:
    world = _open(make_world)
    for _ in range(9):
        world.later(minutes=5)
    assert kinds(world, ZHAO.key) == ["dispatch", "near", "missed"]


def test_it_ends_when_it_is_to_be_confirmed_and_goes_on_when_it_is_not_solved(
    make_world: MakeWorld,
) -> None:
    world = _open(make_world)
    engineer_answers(world, "dispatch", "#已解决\n交换机已换，请再试。\n", by=ZHAO)
    for _ in range(20):
        world.later(minutes=5)
    assert "silent" not in kinds(world)
    requester_answers(world, "solved", "还是不行，上不了网\n")
    for _ in range(7):
        world.later(minutes=5)
    assert kinds(world, ZHAO.key)[-1] == "silent"


def test_what_waits_for_the_requester_is_not_silent(make_world: MakeWorld) -> None:
    world = _open(make_world)
    engineer_answers(world, "dispatch", "#等用户\n张敏您好，机房门禁卡在谁那里？\n", by=ZHAO)
    for _ in range(14):
        world.later(minutes=5)
    assert "silent" not in kinds(world)


def test_taking_the_order_back_ends_it_without_a_second_letter(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=ALL, profile=_led())
    open_ticket(world, subject="VPN 连不上", text="VPN 连不上，麻烦看一下。\n", headers=PROVED)
    engineer_answers(world, "dispatch", "#优先级 紧急\n", by=ZHAO)
    write(world, ZHAO, "#撤销\n", subject="[IT-20261120-0001]")
    assert ticket(world)["priority"] == "medium"
    world.later(hours=2)
    assert "silent" not in kinds(world)
    assert kinds(world, LEAD.key) == ["urgent"]


def test_several_join_at_once_each_with_the_whole_case(make_world: MakeWorld) -> None:
    world = _open(make_world)
    engineer_answers(world, "dispatch", "#会诊 陈晨、硬件组 一起查网关\n", by=ZHAO)
    for person in (CHEN, LIU):
        assert kinds(world, person.key) == ["dispatch"]
        text = read(last_letter(world, person))
        assert "赵磊请您协办此单" in text
        assert "一起查网关" in text
        assert "一起处理：赵磊（处理人）、陈晨、刘洋" in text
    write(world, ZHAO, "#会诊 陈晨\n", subject="[IT-20261120-0001]")
    assert kinds(world, CHEN.key) == ["dispatch"]
    assert "陈晨已在协办" in read(last_letter(world, ZHAO))
    engineer_answers(world, "dispatch", "#会诊 陈晨、李雷\n", by=ZHAO)
    told = [read(letter) for letter in world.transport.letters(ZHAO.key)]
    assert any("没有找到“李雷”" in text for text in told)
