"""What an attacker of the thread found: each test is a way in, a loss or a storm that was open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from thread import (
    LIU,
    ZHANG,
    engineer_answers,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    outcome,
    read,
    requester_answers,
    ticket,
)
from worlds import World


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
