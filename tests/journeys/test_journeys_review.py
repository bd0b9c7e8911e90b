"""Important tickets are reviewed by a lead once they are over (W9), and asked for in his digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import profile
from ordering import EVERYBODY, open_numbered
from thread import (
    LIU,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    read,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.policy import Records
from maildesk.desk.sheets.form import fill
from maildesk.desk.sheets.forms import FORMS
from maildesk.store import deadlines
from maildesk.store.deadlines import NewDeadline
from maildesk.store.dossiers import read_dossier

MakeWorld = Callable[..., World]
NUMBER = "IT-20261120-0001"


def open_solved(make_world: MakeWorld, **given: Any) -> World:
    """An urgent ticket and an ordinary one, both solved and confirmed."""
    world = open_desk(make_world, listed=EVERYBODY, **given)
    for count in (1, 2):
        open_numbered(world, count)
        if count == 1:
            engineer_answers(world, "dispatch", "#优先级 紧急\n")
        engineer_answers(world, "dispatch", "#已解决\n换好了，请试试。\n")
        engineer_answers(world, "dispatch", "#用户已确认 电话\n")
    return world


def digest(world: World, language: str = "zh-CN") -> str:
    """What the lead's next digest says; "" when there is none."""
    with world.store.write() as db:
        at = world.now + timedelta(minutes=1)
        row = NewDeadline("digest_daily", "desk:it", "it", at, None, f"{at:%H%M}")
        deadlines.set_deadlines(db, [row])
    before = len(kinds(world, LEAD.key))
    world.now += timedelta(minutes=2)
    world.run()
    told = kinds(world, LEAD.key, before)
    return read(last_letter(world, LEAD)) if told == ["digest"] else ""


def test_the_digest_asks_the_lead_until_somebody_reviewed_it(make_world: MakeWorld) -> None:
    world = open_solved(make_world)
    asked = digest(world)
    assert "【待复核（请回 #复核 加意见）】1 件" in asked
    assert NUMBER in asked
    assert "张敏，刘洋处理，今天" in asked
    assert "IT-20261120-0002" not in asked
    write(world, LEAD, "#复核 处理得当\n", subject=f"复核 [{NUMBER}]", message_id="new@corp.test")
    assert ticket(world)["fields"]["review"] == "处理得当"
    assert ticket(world)["state"] == "solved", "a review opens nothing again"
    assert NUMBER not in digest(world)


def test_the_review_stands_on_the_sheet_and_reaches_no_requester(make_world: MakeWorld) -> None:
    world = open_solved(make_world)
    before = len(world.transport.letters(ZHANG.key))
    write(
        world,
        LEAD,
        "#review\n处理得当\n补上监控\n",
        subject=f"[{NUMBER}]",
        message_id="n@corp.test",
    )
    with world.store.read() as db:
        found = read_dossier(db, world.desk, 1, Directory(EVERYBODY), world.now)
    assert found is not None
    sheet = fill(FORMS["work-order"], found, "zh-CN", world.now)
    said = {line.label: line.value for block in sheet.blocks for line in block.lines}
    assert said["复核意见"] == "处理得当\n补上监控"
    assert said["复核人"].startswith("王强 2026-11-20")
    assert len(world.transport.letters(ZHANG.key)) == before


def test_only_a_lead_reviews(make_world: MakeWorld) -> None:
    world = open_solved(make_world)
    newest = last_id(world, "dispatch", LIU.key)
    write(world, LIU, "#复核 我自己觉得很好\n", answers=newest)
    assert "refused" in event_kinds(world, "IT-20261120-0002")
    assert ticket(world, "IT-20261120-0002")["fields"] is None


@pytest.mark.parametrize("ranks", [0, 2])
def test_the_profile_says_which_are_important(make_world: MakeWorld, ranks: int) -> None:
    records = replace(Records(), review_ranks=ranks)
    own = replace(profile(), records=records, unassigned_after_minutes=100_000)
    world = open_solved(make_world, profile=own)
    engineer_answers(world, "dispatch", "#优先级 高\n")
    asked = digest(world)
    assert asked.count("IT-20261120-") == ranks
