"""Time passes: limits near and missed reach the lead once, and nobody when somebody responded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from builders import raw_mail
from sqlalchemy import text
from worlds import World

from maildesk.clock import Clock
from maildesk.clock_limits import tell_limits
from maildesk.store.deadlines import Due
from maildesk.store.engine import Connection


def kinds(world: World) -> list[str]:
    query = "SELECT letter FROM outbox WHERE address='wang@corp.test' ORDER BY id"
    return [row[0] for row in world.rows(query)]


def test_a_limit_near_and_missed_is_told_to_the_lead_once_each(world: World) -> None:
    world.receive(raw_mail())
    priority = world.value("SELECT priority FROM tickets")
    assert priority in ("medium", "high")
    for _ in range(40):
        world.later(minutes=15)
    assert kinds(world) == ["near", "missed"]
    near, missed = world.transport.letters("wang@corp.test")
    assert "即将超时" in near["Subject"]
    assert "已超时" in missed["Subject"]
    assert near["Auto-Submitted"] == "auto-generated"
    assert world.value("SELECT count(*) FROM events WHERE kind='response_missed'") == 1


def test_a_response_in_time_keeps_the_clock_silent(world: World) -> None:
    world.receive(raw_mail())
    with world.store.write() as db:
        db.execute(text("UPDATE tickets SET responded_at = opened_at"))
    for _ in range(40):
        world.later(minutes=15)
    assert kinds(world) == []


def test_a_warning_that_is_no_longer_true_is_superseded_before_it_leaves(world: World) -> None:
    world.receive(raw_mail())
    world.now = world.now.replace(hour=9, minute=59)
    world.clock.tick()
    assert kinds(world)
    with world.store.write() as db:
        db.execute(text("UPDATE tickets SET responded_at = opened_at"))
    world.later(seconds=1)
    assert not world.transport.letters("wang@corp.test")
    assert world.value("SELECT count(*) FROM outbox WHERE state='superseded'") >= 1


def test_a_row_that_cannot_be_handled_stays_open_and_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        world.receive(raw_mail(message_id=f"<{number}@corp.test>", subject=f"打印机 {number} 卡纸"))
    bad = world.value("SELECT max(ticket_id) FROM deadlines WHERE kind='response_missed'")

    def handle_unless_bad(
        post: Clock, db: Connection, dues: Sequence[Due], now: datetime
    ) -> dict[int, str]:
        notes = tell_limits(post, db, dues, now)
        if any(due.kind == "response_missed" and due.ticket == bad for due in dues):
            raise ValueError("nobody knows why")
        return notes

    monkeypatch.setattr("maildesk.clock.tell_limits", handle_unless_bad)
    world.now += timedelta(hours=12)
    for _ in range(2):
        world.clock.tick()
    query = "SELECT ticket_id FROM deadlines WHERE kind='response_missed' AND state='open'"
    assert [row[0] for row in world.rows(query)] == [bad]
    assert world.value("SELECT count(*) FROM events WHERE kind='response_missed'") == 2
    assert world.value("SELECT count(*) FROM outbox WHERE letter='missed'") == 2


def test_two_clocks_ticking_fire_each_row_once(world: World) -> None:
    world.receive(raw_mail())
    world.later(hours=12)
    world.clock.tick()
    world.clock.tick()
    query = "SELECT count(*) FROM deadlines WHERE state='open' AND kind LIKE 'response%'"
    assert world.value(query) == 0
    assert sorted(kinds(world)) == ["missed"]


def test_the_days_strangers_are_listed_to_the_lead(world: World) -> None:
    from maildesk.store import deadlines
    from maildesk.store.deadlines import NewDeadline

    world.receive(raw_mail(sender="Bob <bob@elsewhere.test>"))
    with world.store.write() as db:
        row = NewDeadline("doorstep_daily", "desk:it", "it", world.now, None, "2026-11-20")
        deadlines.set_deadlines(db, [row])
    world.later(minutes=1)
    world.later(minutes=1)
    assert kinds(world) == ["doorstep"]
    assert world.value("SELECT count(*) FROM deadlines WHERE state='open'") == 1
