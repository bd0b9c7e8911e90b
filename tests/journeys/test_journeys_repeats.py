"""Alike tickets that were solved again and again are put before the leads, once (F10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import profile
from ordering import EVERYBODY, open_numbered
from thread import engineer_answers, event_kinds, kinds, last_letter, open_desk, read
from worlds import LEAD, World

from maildesk.desk.policy import Records
from maildesk.store import deadlines
from maildesk.store.deadlines import NewDeadline
from maildesk.store.repeats import list_solved

MakeWorld = Callable[..., World]
TITLE = "反复出现，建议查根因"


def digest(world: World) -> str:
    """What the lead's next digest says; "" when there is none."""
    with world.store.write() as db:
        at = world.now + timedelta(minutes=1)
        row = NewDeadline("digest_daily", "desk:it", "it", at, None, f"{at:%d%H%M}")
        deadlines.set_deadlines(db, [row])
    before = len(kinds(world, LEAD.key))
    world.now += timedelta(minutes=2)
    world.run()
    told = kinds(world, LEAD.key, before)
    return read(last_letter(world, LEAD)) if "digest" in told else ""


def solve(world: World, *counts: int) -> None:
    for count in counts:
        open_numbered(world, count)
        engineer_answers(world, "dispatch", "#根因 纸潮\n#已解决\n换好了，请试试。\n")
        world.now += timedelta(hours=1, minutes=1)


def test_five_alike_are_told_to_the_lead_once(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    solve(world, 1, 2, 3, 4)
    assert TITLE not in digest(world)
    solve(world, 5)
    told = digest(world)
    assert f"【{TITLE}（回复该单 #根因 …）】1 件" in told
    assert "同类已解决 5 件" in told
    assert "IT-20261120-0005 打印机卡纸" in told
    for count in range(1, 6):
        assert "repeat_proposed" in event_kinds(world, f"IT-20261120-{count:04d}")
    solve(world, 6)
    assert TITLE not in digest(world), "one more does not make it another problem"
    with world.store.read() as db:
        known = list_solved(db, "it", world.now - timedelta(days=30))
        fresh = list_solved(db, "it", world.now - timedelta(days=30), fresh=True)
    assert [len(known), len(fresh)] == [6, 1]
    assert {item.cause for item in known} == {"纸潮"}


@pytest.mark.parametrize("records", [Records(repeats=0), Records(repeats=2, repeat_days=0)])
def test_the_profile_says_how_many_and_since_when(make_world: MakeWorld, records: Records) -> None:
    own = replace(profile(), records=records, unassigned_after_minutes=100_000)
    world = open_desk(make_world, listed=EVERYBODY, profile=own)
    solve(world, 1, 2)
    assert TITLE not in digest(world)
