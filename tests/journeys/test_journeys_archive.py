"""Closed tickets are archived by the clock, some working days later and once (M9)."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, profile
from hypothesis import given
from hypothesis import strategies as st
from ordering import EVERYBODY, open_numbered
from sqlalchemy import insert, select
from thread import engineer_answers, event_kinds, open_desk, ticket
from worlds import LEAD, World

from maildesk.archive import Taken, write_archive
from maildesk.clock_records import plan_archiving
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.quiet import choose_calendar
from maildesk.desk.privacy.mask import mask
from maildesk.desk.sheets.retention import find_cutoff, next_morning
from maildesk.store import archived, deadlines
from maildesk.store.dossiers import read_dossier, read_opinions
from maildesk.store.schema import ratings, tickets
from maildesk.store.tickets import read_history

MakeWorld = Callable[..., World]
ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def open_archiving_desk(make_world: MakeWorld) -> World:
    """With one ticket that is not accepted, and so closed at once, on a Friday."""
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#不受理\n请找行政部。\n")
    assert ticket(world)["closed_at"] is not None
    with world.store.write() as db:
        at = next_morning(world.now, world.desk.profile, world.desk.zone_info)
        deadlines.set_deadlines(db, [plan_archiving(world.desk, at)])
    return world


def run_until(world: World, text: str) -> None:
    """Turn the clock on, morning by morning."""
    end = local(text).astimezone(UTC)
    while world.now < end:
        world.now = min(world.now + timedelta(hours=6), end)
        world.run()


def test_a_ticket_is_archived_on_the_third_working_day_and_once(make_world: MakeWorld) -> None:
    world = open_archiving_desk(make_world)
    run_until(world, "2026-11-24T18:00")
    assert ticket(world)["archived_at"] is None, "Tuesday: the second working day after Friday"
    run_until(world, "2026-11-25T09:00")
    assert ticket(world)["archived_at"] is not None
    run_until(world, "2026-12-01T09:00")
    assert event_kinds(world).count("archived") == 1
    waiting = world.rows("SELECT due_at FROM deadlines WHERE kind='archive_daily' AND state='open'")
    assert len(waiting) == 1


def test_one_that_is_opened_and_closed_again_is_archived_again(make_world: MakeWorld) -> None:
    world = open_archiving_desk(make_world)
    run_until(world, "2026-11-26T09:00")
    engineer_answers(world, "dispatch", "#重开 还要做\n")
    assert ticket(world)["closed_at"] is None
    run_until(world, "2026-12-04T09:00")
    engineer_answers(world, "dispatch", "#不受理\n还是请找行政部。\n")
    run_until(world, "2026-12-10T09:00")
    assert event_kinds(world).count("archived") == 2


def test_what_is_still_open_is_not_archived(make_world: MakeWorld) -> None:
    world = open_archiving_desk(make_world)
    open_numbered(world, 2)
    engineer_answers(world, "dispatch", "#已解决\n好了，请试试。\n")
    run_until(world, "2026-12-04T09:00")
    assert ticket(world, "IT-20261120-0002")["archived_at"] is None


def test_more_than_a_round_holds_are_archived_in_the_next_minutes(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archived, "MOST", 40)
    monkeypatch.setattr(archived, "_RIPE", archived._RIPE.limit(40))
    world = open_archiving_desk(make_world)
    with world.store.write() as db:
        row = dict(db.execute(select(tickets).where(tickets.c.id == 1)).one()._mapping)
        del row["id"]
        db.execute(insert(tickets), [{**row, "number": f"X-{at}"} for at in range(99)])
    run_until(world, "2026-11-25T06:31")
    for _ in range(3):
        world.now += timedelta(minutes=2)
        world.run()
    done = world.rows("SELECT COUNT(*) FROM tickets WHERE archived_at IS NOT NULL")
    assert done[0][0] == 100
    told = world.rows("SELECT COUNT(*) FROM events WHERE kind = 'archived'")
    assert told[0][0] == 100


@given(st.datetimes(min_value=datetime(2026, 1, 5), max_value=datetime(2026, 12, 24)))  # noqa: DTZ001
def test_the_cutoff_lies_three_working_days_back(when: datetime) -> None:
    now = when.replace(tzinfo=ZONE).astimezone(UTC)
    cutoff = find_cutoff(now, profile(), ZONE)
    calendar = choose_calendar(profile())
    assert calendar is not None
    day, today = cutoff.astimezone(ZONE).date(), now.astimezone(ZONE).date()
    between = 0
    while day <= today:
        between += works_on(day, calendar)
        day += timedelta(days=1)
    assert between == 3
    assert cutoff <= now


def test_archiving_is_planned_for_a_working_morning() -> None:
    at = next_morning(NOW, profile(), ZONE).astimezone(ZONE)
    assert at == local("2026-11-23T06:30"), "Monday after that Friday"


def test_what_was_decided_and_rated_is_in_the_archive(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#升级 主机坏了｜需要厂商到场\n")
    engineer_answers(world, "escalation", "#暂不升级 先换备机\n", by=LEAD)
    engineer_answers(world, "dispatch", "#已解决\n换了备机，请试试。\n")
    with world.store.write() as db:
        rating = {
            "desk_id": "it", "ticket_id": 1, "person_id": 1, "at": NOW, "answers": {"speed": 2},
            "words": "等太久", "source": "mail",
        }  # fmt: skip
        db.execute(insert(ratings), [{**rating, "score": 5, "current": False}])
        db.execute(insert(ratings), [{**rating, "score": 2, "current": True}])
    with world.store.read() as db:
        dossier = read_dossier(db, world.desk, 1, Directory(EVERYBODY), world.now)
        assert dossier is not None
        taken = Taken(dossier, read_history(db, 1), read_opinions(db, 1))
    made = write_archive(tmp_path, taken, world.blobs, mask, "zh-CN", world.now)
    with zipfile.ZipFile(made) as file:
        form = file.read("escalation.html").decode()
        decided = json.loads(file.read("approvals.json"))
        feedback = json.loads(file.read("feedback.json"))
    for words in ("主机坏了", "需要厂商到场", "不同意", "先换备机"):
        assert words in form, words
    assert [(item["kind"], item["decision"]) for item in decided] == [("escalation", "declined")]
    assert [item["score"] for item in feedback["ratings"]] == [5, 2]
