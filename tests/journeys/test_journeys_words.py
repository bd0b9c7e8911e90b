"""What requesters, their colleagues and their machines write, and what it does to the ticket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from builders import DESK
from thread import (
    LIU,
    PEOPLE,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    outcome,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.person import Person

MakeWorld = Callable[..., World]
SOLUTION = "#已解决\n已更换搓纸轮，请再打印一次。\n"
LIMING = Person("李明", ("liming@corp.test",), department="财务部")
OUTSIDER = "Tom <tom@elsewhere.test>"


def _solve(make_world: MakeWorld, *more: Person, **first: Any) -> World:
    """A ticket that waits for its requester's confirmation."""
    world = open_desk(make_world, listed=(*PEOPLE, *more))
    open_ticket(world, **first)
    engineer_answers(world, "dispatch", SOLUTION)
    assert ticket(world)["state"] == "to_confirm"
    return world


@pytest.mark.parametrize(
    "words",
    ["好了", "好了，谢谢！", "可以了", "已解决", "没问题了", "It works now, thanks", "fixed"],
)
def test_a_confirmation_solves_and_writes_to_nobody(make_world: MakeWorld, words: str) -> None:
    world = _solve(make_world)
    sent = len(kinds(world))
    requester_answers(world, "solved", f"{words}\n")
    row = ticket(world)
    assert row["state"] == "solved"
    assert row["confirmed_at"] is not None
    assert kinds(world, after=sent) == []
    assert event_kinds(world).count("confirmed") == 1


CARD = "\n张敏\n财务部 会计\n某某有限公司\n电话：021-5555 8123\n"


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (f"好了，谢谢\n{CARD}", "solved"),
        (f"Works now\n{CARD}", "solved"),
        (f"谢谢\n{CARD}", "to_confirm"),
        (f"还是卡\n{CARD}", "in_progress"),
        ("好了\n\n张敏\n电话：还是打不通\n", "in_progress"),
        ("好了\n\n张敏\n但是二楼那台又卡了\n", "in_progress"),
    ],
)
def test_a_business_card_below_an_answer_changes_nothing_about_it(
    make_world: MakeWorld, words: str, state: str
) -> None:
    world = _solve(make_world)
    requester_answers(world, "solved", words)
    assert ticket(world)["state"] == state


@pytest.mark.parametrize(
    "words", ["还没好", "没有解决", "还是卡纸", "谢谢，但还是不行", "not fixed", "still jammed"]
)
def test_what_is_not_solved_goes_on_and_its_engineer_reads_why(
    make_world: MakeWorld, words: str
) -> None:
    world = _solve(make_world)
    sent = len(kinds(world))
    requester_answers(world, "solved", f"{words}\n")
    row = ticket(world)
    assert (row["state"], row["solved_at"]) == ("in_progress", None)
    assert kinds(world, after=sent) == ["answer"]
    letter = last_letter(world, LIU)
    assert "【仍未解决】" in str(letter["Subject"])
    assert words in read(letter)
    assert "请重新判断优先级" in read(letter)  # R9
    engineer_answers(world, "answer", SOLUTION)
    requester_answers(world, "solved", "好了\n")
    assert ticket(world)["state"] == "solved"


@pytest.mark.parametrize("words", ["谢谢", "收到", "好的", "辛苦了", "👍", "Thanks!"])
@pytest.mark.parametrize("confirmed", [False, True])
def test_thanks_alone_stay_on_the_timeline(
    make_world: MakeWorld, words: str, confirmed: bool
) -> None:
    world = _solve(make_world)
    if confirmed:
        requester_answers(world, "solved", "好了\n")
    before, sent = ticket(world), len(kinds(world))
    requester_answers(world, "solved", f"{words}\n")
    after = ticket(world)
    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}
    assert kinds(world, after=sent) == []
    assert event_kinds(world)[-1] == "thanks"


def test_a_chase_is_answered_once_a_day_and_the_second_one_reaches_the_lead(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#预计 16:00\n")
    requester_answers(world, "ack", "怎么还没好？\n")
    status = last_letter(world, ZHANG)
    assert "【处理中】" in str(status["Subject"])
    assert "预计今天 16:00 前处理好" in read(status)
    assert "最近处理：今天 10:05" in read(status)
    assert "【催单】" in str(last_letter(world, LIU)["Subject"])
    assert kinds(world, LEAD.key) == []
    requester_answers(world, "status", "进度？\n")
    assert kinds(world, ZHANG.key).count("status") == 1
    assert kinds(world, LIU.key).count("answer") == 2
    assert "处理人刘洋" in read(last_letter(world, LEAD))
    world.now += timedelta(days=1)
    requester_answers(world, "status", "any update?\n")
    assert kinds(world, ZHANG.key).count("status") == 2
    assert ticket(world)["chases"] == 3
    assert event_kinds(world).count("chased") == 3


def test_a_chase_is_told_when_somebody_calls_and_what_was_written_last(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#内部 备件在三楼\n")
    requester_answers(world, "ack", "怎么还没人来？\n")
    status = read(last_letter(world, ZHANG))
    assert "，预计今天 15:30 前联系您。" in status
    assert "备件" not in status
    world.now += timedelta(days=1)
    engineer_answers(world, "dispatch", "备件已经到了，下午给您换。\n")
    requester_answers(world, "ack", "怎么还没好？\n")
    status = read(last_letter(world, ZHANG))
    assert "最近进展：备件已经到了，下午给您换。（今天 " in status
    assert "前联系您" not in status


def test_a_lone_figure_is_asked_about_once(make_world: MakeWorld) -> None:
    world = _solve(make_world)
    requester_answers(world, "solved", "1\n")
    assert ticket(world)["state"] == "to_confirm"
    assert "好了吗？" in str(last_letter(world, ZHANG)["Subject"])
    requester_answers(world, "clarify", "1\n")
    assert kinds(world, ZHANG.key).count("clarify") == 1
    assert kinds(world, LIU.key)[-1] == "answer"  # he will ask himself
    requester_answers(world, "clarify", "好了\n")
    assert ticket(world)["state"] == "solved"


def test_an_old_ticket_is_not_reopened_but_followed_by_a_new_one(make_world: MakeWorld) -> None:
    world = _solve(make_world)
    requester_answers(world, "solved", "好了\n")
    world.now += timedelta(days=11)  # seven working days
    subject = f"回复: {last_letter(world, ZHANG)['Subject']}"
    text = "您好，\n\n打印机又卡纸了，这次是四楼。\n"
    requester_answers(world, "solved", text, subject=subject)
    assert ticket(world)["state"] == "closed"  # two working days after her yes
    new = ticket(world, "IT-20261201-0001")
    assert new["title"] == "打印机又卡纸了，这次是四楼。"
    told = last_letter(world, ZHANG)
    assert str(told["Subject"]).count("IT-") == 1
    assert "IT-20261120-0001 分开处理，已为您另开新单" in read(told)


@pytest.mark.parametrize("days", [1, 7])
def test_a_ticket_confirmed_lately_is_reopened(make_world: MakeWorld, days: int) -> None:
    world = _solve(make_world)
    requester_answers(world, "solved", "好了\n")
    world.now += timedelta(days=days)
    requester_answers(world, "solved", "打印机又卡纸了。\n")
    row = ticket(world)
    assert (row["state"], row["confirmed_at"]) == ("in_progress", None)
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_another_matter_at_the_confirmation_is_a_ticket_of_its_own(make_world: MakeWorld) -> None:
    world = _solve(make_world)
    subject = f"回复: {last_letter(world, ZHANG)['Subject']}"
    requester_answers(world, "solved", "VPN 连不上了，提示证书过期。\n", subject=subject)
    assert ticket(world)["state"] == "to_confirm"
    new = ticket(world, "IT-20261120-0002")
    assert (new["category"], new["title"]) == ("network", "VPN 连不上了，提示证书过期。")
    requester_answers(world, "solved", "VPN 还是连不上，提示证书过期。\n", subject=subject)
    assert world.value("SELECT count(*) FROM tickets") == 2
    assert ticket(world)["state"] == "in_progress"


CALENDAR = ("Content-Class: urn:content-classes:calendarmessage",)
MACHINES = (
    ("撤回：打印机卡纸", "张敏 将撤回邮件“打印机卡纸”。\n", ()),
    ("Recall: printer", "Zhang Min would like to recall the message, “printer”.\n", ()),
    ("已读: 打印机卡纸", "已读\n", ("Auto-Submitted: auto-replied",)),
    ("已接受: 打印机卡纸", "张敏已接受。\n", CALENDAR),
    ("自动答复: 打印机卡纸", "我正在休假，12月1日返回。\n", ("Auto-Submitted: auto-replied",)),
    ("Automatic reply: printer", "I am out of the office.\n", ("X-Autoreply: yes",)),
)


@pytest.mark.parametrize(("subject", "text", "headers"), MACHINES, ids=[m[0] for m in MACHINES])
def test_a_machines_word_neither_reopens_nor_confirms(
    make_world: MakeWorld, subject: str, text: str, headers: tuple[str, ...]
) -> None:
    world = _solve(make_world)
    requester_answers(world, "solved", "好了\n")
    before, sent = ticket(world), len(kinds(world))
    requester_answers(world, "solved", text, subject=subject, headers=headers)
    after = ticket(world)
    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}
    assert kinds(world, after=sent) == []
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_somebody_of_the_company_in_cc_may_confirm(make_world: MakeWorld) -> None:
    world = _solve(make_world, LIMING, headers=(f"Cc: {LIMING.key}",))
    # Who was in Cc gets the solution, and may answer it.
    write(world, LIMING, "好了\n", answers=last_id(world, "solved", LIMING.key))
    assert ticket(world)["state"] == "solved"
    assert event_kinds(world)[-1] == "confirmed"


def test_an_outsider_in_cc_confirms_nothing(make_world: MakeWorld) -> None:
    world = _solve(make_world, headers=("Cc: tom@elsewhere.test",))
    write(
        world,
        OUTSIDER,
        "好了\n",
        answers=last_id(world, "solved", "tom@elsewhere.test"),
        border=(),
    )
    assert ticket(world)["state"] == "to_confirm"
    requester_answers(world, "solved", "好了\n")
    before = ticket(world)
    write(world, OUTSIDER, "还没好\n", answers=last_id(world, "solved"), border=())
    assert ticket(world)["state"] == before["state"] == "solved"


def test_a_screenshot_alone_answers_the_question(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#等用户\n屏幕上提示什么？拍张照片也行。\n")
    requester_answers(world, "question", "\n", attachment=("屏幕.png".encode().hex(), b"PNG"))
    assert ticket(world)["state"] == "in_progress"
    letter = last_letter(world, LIU)
    assert [part.get_filename() for part in letter.iter_attachments()]
    assert outcome(world)[0] == "appended"


def test_words_before_anybody_said_it_was_solved_are_for_the_engineer(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "请问现在能打印了吗？\n")
    requester_answers(world, "progress", "好了\n")
    assert ticket(world)["state"] == "in_progress"
    assert "好了" in read(last_letter(world, LIU))


def test_an_answer_to_all_is_not_sent_to_whom_it_reached(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "请问是哪一台？\n")
    sent = len(kinds(world))
    requester_answers(world, "progress", "靠窗那台。\n", to=f"{DESK}, {LIU.key}")
    assert kinds(world, after=sent) == []
    assert event_kinds(world)[-1] == "words"
