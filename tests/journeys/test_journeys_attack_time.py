"""Clocks that are put back and forth: by summer time, and by a machine that woke up wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, raw_mail
from sqlalchemy import text
from thread import open_desk, outcome, read
from worlds import LEAD, World

from maildesk.clock import plan_doorstep
from maildesk.config import load
from maildesk.house import House, build, enter_rounds
from maildesk.simulation.play import Timepiece
from maildesk.store import deadlines

MakeWorld = Callable[..., World]
BERLIN = ZoneInfo("Europe/Berlin")
CONFIG = """\
[desk.it]
addresses = ["desk@corp.test"]
[smtp]
host = "localhost"
security = "none"
"""


@pytest.fixture
def watch() -> Timepiece:
    return Timepiece(NOW)


@pytest.fixture
def house(tmp_path: Path, watch: Timepiece) -> Iterator[House]:
    (tmp_path / "maildesk.toml").write_text(CONFIG)
    made = build(load(tmp_path / "maildesk.toml", {}), now=watch)
    enter_rounds(made)
    yield made
    made.store.close()


def list_rounds(house: House) -> dict[str, datetime]:
    """When the next round of each kind is due."""
    query = "SELECT kind, min(due_at) FROM deadlines WHERE state = 'open' GROUP BY kind"
    with house.store.read() as db:
        rows = db.execute(text(query)).all()
    return {kind: datetime.fromtimestamp(int(due) / 1e6, UTC) for kind, due in rows}


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1), timedelta(days=3_650)])
def test_a_clock_that_was_wrong_for_a_while_puts_no_round_off_for_years(
    house: House, watch: Timepiece, jump: timedelta
) -> None:
    watch.now += jump
    house.clock.tick()
    watch.now -= jump
    while watch.now < NOW + timedelta(days=10):
        watch.now += timedelta(hours=6)
        enter_rounds(house)
        house.clock.tick()
    # A round that the wrong clock has held already is not held again; the one after it is.
    for kind, due in list_rounds(house).items():
        assert kind == "report_monthly" or due < watch.now + timedelta(days=8), kind
    query = "SELECT DISTINCT kind FROM deadlines WHERE fired_at > :since AND fired_at <= :until"
    times = {"since": NOW + timedelta(days=1, hours=1), "until": watch.now}
    micros = {name: int(at.timestamp() * 1e6) for name, at in times.items()}
    with house.store.read() as db:
        held = set(db.execute(text(query), micros).scalars())
    assert held == {
        *("archive_daily", "digest_daily", "doorstep_daily", "report_daily", "report_weekly")
    }


def test_a_clock_that_was_put_back_fires_nothing_twice(house: House, watch: Timepiece) -> None:
    watch.now += timedelta(days=3)
    house.clock.tick()
    query = text("SELECT kind, round FROM deadlines WHERE state = 'fired' ORDER BY id")
    with house.store.read() as db:
        fired = db.execute(query).all()
    assert fired
    for back in (timedelta(hours=1), timedelta(days=1), timedelta(days=3)):
        watch.now -= back
        enter_rounds(house)
        house.clock.tick()
        watch.now += back
    with house.store.read() as db:
        assert db.execute(query).all() == fired


@pytest.mark.parametrize(
    ("begin", "days"),
    [("2026-03-27T12:00", 5), ("2026-10-23T12:00", 5)],
    ids=["into summer", "into winter"],
)
def test_the_list_of_strangers_keeps_its_hour_and_forgets_no_hour(
    make_world: MakeWorld, begin: str, days: int
) -> None:
    world = open_desk(make_world, zone=BERLIN.key)
    world.now = datetime.fromisoformat(begin).replace(tzinfo=BERLIN).astimezone(UTC)
    with world.store.write() as db:
        deadlines.set_deadlines(db, [plan_doorstep(world.desk, world.now)])
    names: list[str] = []
    for _ in range(12 * days):
        world.now += timedelta(hours=2)
        names.append(f"bob{len(names)}@else.test")
        world.receive(raw_mail(sender=f"Bob <{names[-1]}>", message_id=names[-1]))
        assert outcome(world)[0] == "doorstep"
    rows = world.rows("SELECT due_at FROM deadlines WHERE kind='doorstep_daily' AND state='fired'")
    hours = [datetime.fromtimestamp(row.due_at / 1e6, BERLIN).hour for row in rows]
    assert hours == [9] * days
    told = "\n".join(map(read, world.transport.letters(LEAD.key)))
    unlisted = [name for name in names if name not in told]
    assert unlisted == names[-len(unlisted) :], "only those since nine are left for tomorrow"
    assert len(unlisted) < 3
