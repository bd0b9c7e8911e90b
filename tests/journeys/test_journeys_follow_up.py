"""Somebody is not content: the lead is told at once, must speak with him in time, and says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from thread import (
    CHEN,
    LIU,
    UNPROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
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

from maildesk.desk.pages.links import CONFIRM, Link
from maildesk.store import deadlines
from maildesk.store.deadlines import NewDeadline

MakeWorld = Callable[..., World]
SHANGHAI = ZoneInfo("Asia/Shanghai")
SOLVED = "#已解决\n已清理进纸轮，请再打印一张试试。\n"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    return world


def follow_ups(world: World) -> list[Any]:
    return world.rows(
        "SELECT follow_ups.*, people.name FROM follow_ups "
        "LEFT JOIN people ON people.id = follow_ups.done_by_id ORDER BY follow_ups.id"
    )


def low_ratings(world: World) -> list[str]:
    return [kind for kind in kinds(world, LEAD.key) if kind == "low_rating"]


def wait(world: World, hours: float) -> None:
    end = world.now + timedelta(hours=hours)
    while world.now < end:
        world.later(minutes=min(30.0, (end - world.now).total_seconds() / 60))


def test_a_low_score_is_told_to_the_lead_at_once_with_all_he_needs(world: World) -> None:
    requester_answers(world, "solved", "好了，2 分，等了两天才有人来\n")
    [row] = follow_ups(world)
    assert row.done_at is None
    assert row.due_at - row.opened_at == timedelta(hours=24) / timedelta(microseconds=1)
    assert kinds(world, LEAD.key)[-1] == "low_rating"
    letter = last_letter(world, LEAD)
    assert letter["Subject"] == "【低分待回访】2分｜打印机卡纸｜财务部张敏 [IT-20261120-0001]"
    words = read(letter)
    for part in ("等了两天才有人来", "8123", "已清理进纸轮", "刘洋", "明天 10:1", "#回访"):
        assert part in words, part
    assert "follow_up_opened" in event_kinds(world)


def test_the_lead_records_what_came_of_it(world: World) -> None:
    requester_answers(world, "solved", "好了，2 分\n")
    engineer_answers(world, "low_rating", "#回访 已电话沟通，用户接受，下次提前通知\n", by=LEAD)
    assert outcome(world)[0] == "appended", outcome(world)
    [row] = follow_ups(world)
    assert row.done_at is not None
    assert (row.name, row.record) == (LEAD.name, "已电话沟通，用户接受，下次提前通知")
    assert "followed_up" in event_kinds(world)
    assert kinds(world, ZHANG.key) == ["ack", "solved"]  # nothing of it leaves
    wait(world, 30)
    assert low_ratings(world) == ["low_rating"]
    assert "follow_up_missed" not in event_kinds(world)


def test_the_english_order_does_the_same(world: World) -> None:
    requester_answers(world, "solved", "好了，1 分，太慢了\n")
    engineer_answers(world, "low_rating", "#followed-up spoke on the phone\n", by=LEAD)
    assert follow_ups(world)[0].record == "spoke on the phone"


def test_the_lead_is_reminded_before_and_a_miss_is_recorded(world: World) -> None:
    requester_answers(world, "solved", "好了，2 分\n")
    wait(world, 19.5)
    assert low_ratings(world) == ["low_rating"]
    wait(world, 4)  # the reminder rests until the quiet hours end
    assert low_ratings(world) == ["low_rating"] * 2
    assert str(last_letter(world, LEAD)["Subject"]).startswith("【回访将到时限】")
    wait(world, 1)
    assert low_ratings(world) == ["low_rating"] * 3
    assert str(last_letter(world, LEAD)["Subject"]).startswith("【回访已超时】")
    assert event_kinds(world).count("follow_up_missed") == 1
    assert follow_ups(world)[0].done_at is None
    engineer_answers(world, "low_rating", "#回访 周末联系上了，已致歉\n", by=LEAD)
    assert follow_ups(world)[0].done_at is not None


def test_a_better_rating_does_not_end_it_and_a_worse_one_opens_no_second(world: World) -> None:
    requester_answers(world, "solved", "好了，2 分\n")
    requester_answers(world, "solved", "5 分\n")
    requester_answers(world, "solved", "1 分，非常不满意\n")
    assert len(follow_ups(world)) == 1
    assert follow_ups(world)[0].done_at is None
    assert low_ratings(world) == ["low_rating"]


def test_negative_words_without_a_score_are_followed_up_and_rate_nothing(world: World) -> None:
    requester_answers(world, "solved", "还没好。催了三次没人管，服务太差了\n")
    [row] = follow_ups(world)
    assert row.why == "the words are negative"
    assert str(last_letter(world, LEAD)["Subject"]).startswith("【低分待回访】打印机卡纸")
    assert world.value("SELECT count(*) FROM ratings WHERE current") == 0
    assert ticket(world)["state"] == "in_progress"


@pytest.mark.parametrize("words", ["还没好，还是卡纸\n", "好了，5 分，很快\n", "好了\n", "谢谢\n"])
def test_content_or_merely_unsolved_is_no_complaint(world: World, words: str) -> None:
    requester_answers(world, "solved", words)
    assert follow_ups(world) == []
    assert low_ratings(world) == []


@pytest.mark.parametrize("words", ["服务太差了，1 分\n", "2 分\n", "不满意\n", "谢谢，2 分\n"])
def test_a_forged_complaint_opens_nothing(world: World, words: str) -> None:
    write(world, ZHANG, words, border=UNPROVED, subject="Re: IT-20261120-0001")
    assert follow_ups(world) == []
    assert world.value("SELECT count(*) FROM ratings") == 0


def test_only_a_lead_records_it(world: World) -> None:
    requester_answers(world, "solved", "好了，2 分\n")
    write(world, CHEN, "#回访 已联系\n", subject="IT-20261120-0001")
    assert outcome(world)[0] == "noted"
    assert "组长" in read(last_letter(world, CHEN))
    assert follow_ups(world)[0].done_at is None


def test_nothing_to_follow_up_is_said_so(world: World) -> None:
    write(world, LEAD, "#回访 已联系\n", subject="IT-20261120-0001")
    assert "没有待回访的评价" in read(last_letter(world, LEAD))


def test_the_page_opens_one_as_well(world: World) -> None:
    link = Link(CONFIRM, world.desk.id, ticket(world)["id"], ZHANG.key, world.now)
    assert world.feedback.answer(link, "broken", "还是卡纸，等了三天没人理", "").ok
    [row] = follow_ups(world)
    assert row.why == "the words are negative"
    assert kinds(world, LEAD.key)[-1] == "low_rating"


def test_a_letter_that_was_followed_up_meanwhile_does_not_leave(world: World) -> None:
    requester_answers(world, "solved", "好了，2 分\n")
    world.now = datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI)
    world.clock.tick()
    assert low_ratings(world) == ["low_rating"] * 2
    with world.store.write() as db:
        db.exec_driver_sql("UPDATE follow_ups SET done_at = 1")
    sent = len(world.transport.letters(LEAD.key))
    world.later(seconds=1)
    assert len(world.transport.letters(LEAD.key)) == sent


def test_open_follow_ups_and_ratings_stand_in_the_digests(world: World) -> None:
    with world.store.write() as db:
        at = datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)
        row = NewDeadline("digest_daily", f"desk:{world.desk.id}", world.desk.id, at)
        deadlines.set_deadlines(db, [row])
    requester_answers(world, "solved", "好了，2 分\n")
    wait(world, 72)
    digest = read(last_letter(world, LEAD))
    assert "低分待回访" in digest
    assert "张敏，2 分" in digest
    assert "已超时" in digest
    mine = read(last_letter(world, LIU))
    assert "用户评价" in mine
    assert "张敏，2 分" in mine


def test_a_rating_of_a_ticket_that_goes_on_stands_beside_it(world: World) -> None:
    with world.store.write() as db:
        at = datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)
        row = NewDeadline("digest_daily", f"desk:{world.desk.id}", world.desk.id, at)
        deadlines.set_deadlines(db, [row])
    requester_answers(world, "solved", "2 分，还是卡纸\n")
    assert ticket(world)["state"] == "in_progress"
    wait(world, 70.5)
    digests = [
        letter
        for letter in world.transport.letters(LIU.key)
        if "今日待办" in str(letter["Subject"])
    ]
    assert "；评价 2 分：还是卡纸" in read(digests[-1])


def test_it_is_recorded_on_the_ticket_that_took_the_rated_one_in(world: World) -> None:
    requester_answers(world, "solved", "2 分，还是卡纸\n")
    open_ticket(world, message_id="t2@corp.test", subject="打印机又卡纸")
    write(world, LIU, "#合并 IT-20261120-0002\n", subject="IT-20261120-0001")
    assert ticket(world)["merged_into_id"] == ticket(world, "IT-20261120-0002")["id"]
    engineer_answers(world, "low_rating", "#回访 已电话致歉\n", by=LEAD)
    assert follow_ups(world)[0].record == "已电话致歉"
    wait(world, 30)
    assert "follow_up_missed" not in event_kinds(world)
