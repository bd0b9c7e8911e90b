"""Who gets a ticket (R5, M3), what his letter tells him, and how it changes hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import DESK, profile, raw_mail
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
from maildesk.desk.profile import Duty, Profile

MakeWorld = Callable[..., World]
ZHOU = Person("周涛", ("zhou@corp.test",), role=Role.ENGINEER, groups=("硬件组",))
SUN = Person("孙悦", ("sun@corp.test",), role=Role.ENGINEER, skills=("network",))
LIMING = Person("李明", ("liming@corp.test",), department="市场部")


def _whose(world: World, number: str = "IT-20261120-0001") -> str | None:
    query = (
        "SELECT people.name FROM tickets LEFT JOIN people ON people.id = tickets.assignee_id "
        f"WHERE number = '{number}'"
    )
    name = world.value(query)
    return None if name is None else str(name)


def _with_engineer(name: str) -> Profile:
    plain = profile()
    return replace(
        plain,
        categories=tuple(
            replace(item, engineer=name) if item.key == "hardware" else item
            for item in plain.categories
        ),
    )


def _on_duty(name: str) -> Profile:
    plain = profile()
    return replace(
        plain,
        groups=tuple(
            replace(item, duty=Duty(turns=(name,))) if item.key == "hardware" else item
            for item in plain.groups
        ),
    )


CHOICES = (
    ("a member of the group", profile(), "打印机卡纸", "刘洋"),
    ("whom the category names", _with_engineer("NT002"), "打印机卡纸", "陈晨"),
    ("who is on duty", _on_duty("周涛"), "打印机卡纸", "周涛"),
    ("who has the skill where the group has nobody", profile(), "VPN 连不上", "孙悦"),
    ("nobody", profile(), "收到钓鱼邮件，点了链接", None),
)


@pytest.mark.parametrize(("who", "given", "subject", "name"), CHOICES, ids=[c[0] for c in CHOICES])
def test_a_ticket_goes_to(
    make_world: MakeWorld, who: str, given: Profile, subject: str, name: str | None
) -> None:
    world = open_desk(make_world, listed=(*PEOPLE, ZHOU, SUN), profile=given)
    open_ticket(world, subject=subject, text=f"{subject}，麻烦看一下。\n")
    assert _whose(world) == name
    assert kinds(world).count("dispatch") == (name is not None)
    handler = f"处理人{name}" if name else "由安全组（分机 8004）处理"
    assert handler in read(last_letter(world, ZHANG))


def test_members_of_a_group_take_turns(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*PEOPLE, ZHOU))
    names = []
    for count in range(1, 5):
        world.now += timedelta(minutes=1)
        open_ticket(world, message_id=f"t{count}@corp.test")
        names.append(_whose(world, f"IT-20261120-{count:04d}"))
    assert names == ["刘洋", "周涛", "刘洋", "周涛"]


def test_nobody_gets_his_own_ticket(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*PEOPLE, ZHOU))
    open_ticket(world, sender=f"{LIU.name} <{LIU.key}>")
    assert _whose(world) == "周涛"


def test_the_lead_is_told_once_of_several_tickets_nobody_has(make_world: MakeWorld) -> None:
    world = open_desk(make_world, unassigned_after=15)
    for count in range(1, 4):
        open_ticket(
            world, message_id=f"p{count}@corp.test", subject=f"收到钓鱼邮件 {count}", text="请看\n"
        )
        world.later(minutes=4)
    assert kinds(world, LEAD.key) == []
    world.later(minutes=4)
    letter = last_letter(world, LEAD)
    assert "【待派单 3 件】" in str(letter["Subject"])
    for count in range(1, 4):
        assert f"IT-20261120-{count:04d} 收到钓鱼邮件 {count}" in read(letter)
    world.later(hours=1)
    assert kinds(world, LEAD.key) == ["unassigned"]


def test_an_urgent_ticket_nobody_has_is_told_at_once(make_world: MakeWorld) -> None:
    world = open_desk(make_world, unassigned_after=15)
    open_ticket(world, subject="全公司断网", text="全公司断网了，都上不了网！\n")
    world.later(seconds=1)
    letter = last_letter(world, LEAD)
    assert "【待派单】紧急｜全公司断网" in str(letter["Subject"])
    engineer_answers(world, "unassigned", "#转派 陈晨\n", by=LEAD)
    assert _whose(world) == "陈晨"
    assert kinds(world, CHEN.key) == ["dispatch"]


def test_the_dispatch_letter_holds_all_an_engineer_needs(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*PEOPLE, LIMING))
    open_ticket(
        world,
        sender=f"{LIMING.name} <{LIMING.key}>",
        message_id="first@corp.test",
        subject="三楼打印机卡纸",
    )
    words = "三楼的打印机又卡纸了。\n\n昨天换过纸盒，今天早上又开始。\n拉出来的纸是皱的。\n"
    open_ticket(world, text=words, attachment=("jam.jpg", b"x" * 3000))
    letter = last_letter(world, LIU)
    text = read(letter).replace("\r\n", "\n")
    assert str(letter["Subject"]).startswith("【派单】中｜打印机卡纸｜财务部张敏")
    assert words.strip() in text
    assert "电话 8123" in text
    assert "zhang@corp.test" in text
    assert "请在今天 15:30 前联系用户" in text
    assert "IT-20261120-0001 三楼打印机卡纸（新建，刘洋）" in text
    [part] = letter.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("jam.jpg", b"x" * 3000)


def test_a_file_that_does_not_fit_is_named(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, attachment=("video.mp4", b"x" * (10 * 1024 * 1024 + 1)))
    letter = last_letter(world, LIU)
    assert list(letter.iter_attachments()) == []
    assert "video.mp4（10.0 MB）" in read(letter)


def test_handing_on_takes_the_whole_story_along(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "张敏您好，马上来看。\n")
    requester_answers(world, "progress", "是靠窗那台。\n")
    engineer_answers(world, "answer", "#内部\n这台去年也坏过\n")
    engineer_answers(world, "answer", "#转派 陈晨 像是网络问题，请看\n")
    text = read(last_letter(world, CHEN)).replace("\r\n", "\n")
    for line in (
        "此单由您处理（刘洋转派）",
        "三楼的打印机又卡纸了，麻烦看一下。\n\n是靠窗那台。",
        "刘洋（已发给张敏）：张敏您好，马上来看。\n",
        "刘洋：这台去年也坏过\n",
        "刘洋：像是网络问题，请看\n",
    ):
        assert line in text, text
    assert "#" not in text.partition("内部备注：")[2].partition("IT服务台")[0]
    engineer_answers(world, "dispatch", "张敏您好，我是陈晨，我来跟进。\n", by=CHEN)
    answer = read(last_letter(world, ZHANG))
    assert "我是 IT服务台陈晨" in answer
    assert "我来跟进" in answer
    requester_answers(world, "progress", "好的，等您。请问几点？\n")
    assert kinds(world, CHEN.key)[-1] == "answer"


def test_whose_ticket_the_lead_hands_on_is_told(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    subject = "[IT-20261120-0001]"
    write(world, LEAD, "#转派 陈晨\n", subject=subject)
    told = last_letter(world, LIU)
    assert "【工单变动】" in str(told["Subject"])
    assert "王强已把此单转给陈晨" in read(told)
    assert "处理人：陈晨" in read(told)
    assert "已转派给陈晨" in read(last_letter(world, LEAD))
    assert _whose(world) == "陈晨"


def test_who_takes_a_ticket_without_having_its_letter_gets_it(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=tuple(p for p in PEOPLE if p is not LIU))
    open_ticket(world)
    write(world, CHEN, "#接单\n", subject="[IT-20261120-0001]")
    assert kinds(world, CHEN.key) == ["dispatch"]
    engineer_answers(world, "dispatch", "张敏您好，马上来看。\n", by=CHEN)
    assert "马上来看" in read(last_letter(world, ZHANG))
    engineer_answers(world, "dispatch", "#接单\n", by=CHEN)
    assert kinds(world, CHEN.key) == ["dispatch"]


def test_handed_to_a_group_it_goes_to_the_next_of_it_or_to_the_lead(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*PEOPLE, ZHOU))
    open_ticket(world)
    engineer_answers(world, "dispatch", "#转派 硬件组\n")
    assert _whose(world) == "周涛"
    engineer_answers(world, "dispatch", "#转派 安全组\n", by=ZHOU)
    row = ticket(world)
    assert (row["state"], row["group_key"], _whose(world)) == ("unassigned", "security", None)
    assert kinds(world, LEAD.key) == ["unassigned"]
    engineer_answers(world, "unassigned", "#转派 刘洋\n", by=LEAD)
    assert (_whose(world), ticket(world)["state"]) == ("刘洋", "new")


def test_a_circular_is_dispatched_to_nobody_and_not_acknowledged(make_world: MakeWorld) -> None:
    world = open_desk(make_world, unassigned_after=15)
    world.receive(
        raw_mail(
            to="all@corp.test",
            subject="打印机卡纸怎么办：使用须知",
            headers=(*PROVED, f"Cc: {DESK}"),
        )
    )
    assert _whose(world) is None
    assert kinds(world) == []
    assert "to_sort" in event_kinds(world)
    world.later(minutes=15)
    assert kinds(world) == ["unassigned"]
