"""A changed mind is a new rating; one counts."""

from __future__ import annotations

from builders import NOW, raw_mail
from worlds import World

from maildesk.desk.aftercare.rating import Rating
from maildesk.store import ratings


def test_the_last_rating_counts_and_none_is_lost(world: World) -> None:
    world.receive(raw_mail())
    ticket = int(world.value("SELECT id FROM tickets"))
    person = int(world.value("SELECT requester_id FROM tickets"))
    with world.store.write() as db:
        assert ratings.read_current(db, ticket) is None
        ratings.record(db, "it", ticket, person, Rating(2, {"speed": 1}, "太慢", "page"), NOW)
        ratings.record(db, "it", ticket, person, Rating(5, words="好了", source="mail"), NOW)
        found = ratings.read_current(db, ticket)
    assert found is not None
    assert found.rating == Rating(5, {}, "好了", "mail")
    assert world.rows("SELECT score, current FROM ratings ORDER BY id")[0].score == 2
    assert world.value("SELECT count(*) FROM ratings WHERE current") == 1
