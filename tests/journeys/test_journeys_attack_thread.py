"""What an attacker of the thread found: each test is a way in, a loss or a storm that was open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from forging import NUMBER
from sqlalchemy import text
from thread import (
    LIU,
    PEOPLE,
    ZHANG,
    engineer_answers,
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


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    return world


def alter(world: World, statement: str) -> None:
    with world.store.write() as db:
        db.execute(text(statement))


# ── what a ticket was opened under changes behind its back ────────────────────────────────────


def test_a_ticket_outlives_the_words_of_its_profile(desk: World) -> None:
    alter(desk, "UPDATE tickets SET category = 'fax', priority = 'asap', type = 'wish'")
    alter(desk, "UPDATE tickets SET group_key = 'telex'")
    requester_answers(desk, "ack", "还没好，急\n")
    assert outcome(desk)[0] == "appended"
    engineer_answers(desk, "dispatch", "#状态\n")
    assert "fax" in read(last_letter(desk, LIU))
    engineer_answers(desk, "dispatch", "#已解决\n换了纸盒，请再试一次。\n")
    requester_answers(desk, "solved", "没好\n")
    assert ticket(desk)["state"] == "in_progress"
    engineer_answers(desk, "dispatch", "#转派 王强\n")
    assert kinds(desk, ZHANG.key) == ["ack", "solved"]
    desk.later(hours=30)
    assert not desk.rows("SELECT id FROM deadlines WHERE state = 'open' AND kind LIKE 'resp%'")
    assert not desk.rows("SELECT id FROM sightings WHERE outcome = 'quarantined'")


# ── words that reach somebody they were not written to ────────────────────────────────────────


def test_send_releases_the_words_of_the_letter_that_is_answered(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#内布\n第一封。\n")
    first = last_id(desk, "held")
    engineer_answers(desk, "dispatch", "#内布\n她又来了。\n")
    write(desk, LIU, "#发送\n", answers=first)
    assert "第一封。" in read(last_letter(desk, ZHANG))
    assert kinds(desk, ZHANG.key) == ["ack", "progress"]
    write(desk, LIU, "#发送\n", answers=first)
    assert "没有等待发出的邮件" in read(last_letter(desk, LIU))
    assert kinds(desk, ZHANG.key) == ["ack", "progress"]
    engineer_answers(desk, "held", "#发送\n")
    assert "她又来了。" in read(last_letter(desk, ZHANG))


@pytest.mark.parametrize("held", [False, True], ids=["an answer", "a released draft"])
def test_words_to_a_former_requester_do_not_reach_the_new_one(
    held: bool, make_world: Callable[..., World]
) -> None:
    li = Person("李四", ("li@corp.test",))
    world = open_desk(make_world, listed=(*PEOPLE, li))
    open_ticket(world)
    private = "张敏您好，您的新密码是 sesame。\n"
    if held:
        engineer_answers(world, "dispatch", f"#内布\n{private}")
    write(world, LEAD, "#代提 李四\n", subject=NUMBER)
    engineer_answers(world, *(("held", "#发送\n") if held else ("dispatch", private)))
    assert kinds(world, li.key) == ["ack"]
    assert "提报人已改为李四" in read(last_letter(world, LIU))
    engineer_answers(world, "held", "#发送\n")  # he insists
    assert "sesame" in read(last_letter(world, li.key))
    assert kinds(world, ZHANG.key) == ["ack"]
